"""Places in texts: how often a text's place is read, how often rightly, and how often one is read where none is.

The training texts name the place of their fault as they write it; the gazetteer says which area that is. A reading is
right if it is that area or one that it lies in. `training/texts/places` has a file a market of texts that are hard to
place, with their kind; a place there may be the path of its area, `-` is none. `--posts` adds JSON lines of the user's
own: `text` and `place` (as written, or null), perhaps `lang` and `market`. `--misses` shows what was missed, wrong, or
read where none is named.

Usage: quality_places.py [--misses] [--posts FILE]
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.encoder import read_encoder
from pipeline.adapters.reference.folder import load_operators, load_places, reference_folder
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.places import Places
from training.texts import FOLDER, LANGUAGES

RIGHT_LEAST, SURE_LEAST = 0.98, 0.88
OWN: Final = {"DE": "de", "FR": "fr", "GB": "en", "US": "en"}
"""Markets of which there are texts that are hard to place, and their language."""
MARKETS: Final = {"en": "GB", "fr": "FR", "de": "DE", "nl": "NL"}
"""Where most of the texts of a language are from."""


class Placed(NamedTuple):
    """A text and the place that its writer names, None for none."""

    language: str
    market: str | None
    place: str | None
    text: str


class Told(NamedTuple):
    """A text, the area of the place that it names, and the one that was read."""

    placed: Placed
    true: str | None
    area: str | None

    @property
    def verdict(self) -> str:
        """`right`, `wrong`, `missed`, `false` where no place is named, `none` where none is read either."""
        if self.placed.place is None:
            return "none" if self.area is None else "false"
        if self.area is None:
            return "missed"
        return "right" if f"{self.true}/".startswith(f"{self.area}/") else "wrong"


class Figures(NamedTuple):
    """Counts of one set of texts."""

    named: int
    sure: int
    right: int
    placeless: int
    false: int

    @property
    def precision(self) -> float:
        """Right of those that are sure, of texts that name a place; 1 if none is."""
        return self.right / self.sure if self.sure else 1.0

    @property
    def share(self) -> float:
        """Sure of those that name a place."""
        return self.sure / self.named if self.named else 1.0


def training_texts(language: str) -> Iterator[Placed]:
    """All texts of a language, those that are kept to measure as well."""
    for path in sorted([*(FOLDER / language).glob("*.tsv"), *(FOLDER / "held_out" / language).glob("*.tsv")]):
        for line in path.read_text(encoding="utf-8").splitlines():
            columns = line.split("\t")
            yield Placed(language, MARKETS[language], None if columns[4] == "-" else columns[4], columns[-1])


def hard_texts(market: str) -> Iterator[Placed]:
    """Texts of a market that are hard to place."""
    for line in (FOLDER / "places" / f"{market}.tsv").read_text(encoding="utf-8").splitlines():
        _, place, text = line.split("\t")
        yield Placed(OWN[market], market, None if place == "-" else place, text)


def posts_of(path: Path) -> Iterator[Placed]:
    """Texts of a file of JSON lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        language = row.get("lang", "de")
        yield Placed(language, row.get("market", MARKETS.get(language)), row.get("place"), row["text"])


def told_of(rules: TextRules, places: Places, texts: Iterable[Placed]) -> Iterator[Told]:
    """Read each text; one whose place the gazetteer does not know, or knows as a nation only, is left out."""
    for placed in texts:
        named = placed.place or ""
        true = named if named in places else places.resolve(named, placed.market)
        if placed.place is None or (true is not None and "/" in true):
            area = rules.understand(placed.text, lang=placed.language, market=placed.market).area
            yield Told(placed, true, area)


def figures_of(told: Iterable[Told]) -> Figures:
    """Count verdicts.

    >>> placed = Placed("de", "DE", "Köln", "Köln tot")
    >>> figures_of([Told(placed, "DE/NW/koeln", "DE/NW"), Told(placed, "DE/NW/koeln", None)])
    Figures(named=2, sure=1, right=1, placeless=0, false=0)
    """
    verdicts = [one.verdict for one in told]
    right, wrong, missed, false = (verdicts.count(name) for name in ("right", "wrong", "missed", "false"))
    return Figures(right + wrong + missed, right + wrong, right, verdicts.count("none") + false, false)


def shipped_rules() -> tuple[TextRules, Places]:
    """The rules with the lexicon and the gazetteer that come with the program."""
    operators, places = load_operators(), load_places()
    names = (*places.names(), *places.postcode_names())
    lexicon = read_lexicon(reference_folder() / "lexicon")
    return TextRules.compile(
        lexicon, names, operators.aliases(), markets=operators.markets.values(), encoder=read_encoder
    ), places


def main(words: list[str] | None = None) -> int:
    """Print figures by language, and what went wrong if asked.

    Returns:
        0 if all bars hold, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="Show texts that were missed, wrong or false.")
    parser.add_argument("--posts", type=Path, action="append", default=[], help="JSON lines of your own.")
    asked = parser.parse_args(words)
    rules, places = shipped_rules()
    sets = {code: list(training_texts(code)) for code in LANGUAGES}
    sets |= {f"hard {market}": list(hard_texts(market)) for market in OWN}
    for path in asked.posts:
        for placed in posts_of(path):
            sets.setdefault(f"{path.stem} {placed.language} {placed.market}", []).append(placed)
    held = True
    for name, texts in sets.items():
        told = list(told_of(rules, places, texts))
        got = figures_of(told)
        if not got.named:  # no gazetteer of its country is shipped
            continue
        held = held and got.precision >= RIGHT_LEAST and got.share >= SURE_LEAST
        sys.stdout.write(
            f"{name:24} right when sure {got.precision:.3f} (bar {RIGHT_LEAST})  sure {got.share:.3f} of {got.named}"
            f" (bar {SURE_LEAST})  read where none is named: {got.false} of {got.placeless}\n"
        )
        for one in told if asked.misses else ():
            if one.verdict in ("missed", "wrong", "false"):
                sys.stdout.write(
                    f"  {one.verdict:6} {one.placed.place} = {one.true}, read {one.area}: {one.placed.text}\n"
                )
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())

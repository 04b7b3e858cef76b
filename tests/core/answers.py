"""What the rules say of posts and of hostile texts, printed as JSON: `python -m tests.core.answers`."""

import json
import pickle
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text import matching
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.places import PlaceName
from tests.ingest.text.conftest import ALIASES, HOMES, LEXICON, MARKETS, PLACES

POSTS: Final = Path(__file__).resolve().parents[1] / "ingest" / "text" / "posts"
HOSTILE: Final = 1_500
PIECES: Final = (
    *(
        "\x00",
        "\x1f",
        "\ud800",
        "\U0010ffff",
        "\u202e",
        "a\u0301" * 90,
        "ﬁ",
        "Ⅷ",
        "٣",
        "İ",
        "ß",
        "ǅ",
        "👍🏽",
        "🇩🇪",
        "\u200b",
    ),
    *(
        "&#99999999999;",
        "&amp;lt;",
        "#" * 300,
        "#netzausfallKöln",
        "@a @b " * 50,
        "http://",
        "www.x.y/ä",
        "RT @",
        "!?.,;:" * 30,
    ),
    *("112", "1 1 2", "eins eins zwei", "999", "18", "0" * 4_400, "SOOOO" + "o" * 5_000, "x" * 61, "4G+", "50mbps"),
    *("no signal ", "kein netz ", "plus de réseau ", "geen bereik ", "not ", "in Köln ", "SE1 7AB", "dans le 34 "),
)
"""Controls, halves of characters, screams, marks in heaps, links that are none, and words of the rules between them."""


def answers() -> list[str]:
    """All that is asked of a text, of each post in each market of its language, by rules that were kept."""
    lexicon = read_lexicon(LEXICON)
    names = [PlaceName(*row) for row in PLACES]
    made = TextRules.compile(lexicon, names, ALIASES, markets=MARKETS, homes=HOMES)
    rules: TextRules = pickle.loads(pickle.dumps(made, protocol=5))  # noqa: S301 - our own
    said = []
    for text, code in posts_and_hostile():
        markets = [None, *(market.id for market in MARKETS if code is None or code in market.languages)]
        said += [repr(rules.understand(text, lang=code, market=market)) for market in markets]
        said.append(repr((rules.topics(text, lang=code), rules.parts(text, lang=code))))
        said.append(repr(rules.official(text, lang=code, at=1_739_318_400_000)))
    return said


def posts_and_hostile() -> Iterator[tuple[str, str | None]]:
    """Texts with the language that is stated of each, the same in each process."""
    yield from _posts()
    yield from _hostile()


def _posts() -> Iterator[tuple[str, str | None]]:
    for path in sorted(POSTS.glob("*.jsonl")):
        code = path.stem[-2:] if path.stem != "claims" else None
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)["text"], code


def _hostile() -> Iterator[tuple[str, str | None]]:
    """Posts cut up, put together in other orders and filled with odd signs; the same in each process."""
    chance = random.Random(112)
    posts = [text for text, _ in _posts()]
    for _ in range(HOSTILE):
        parts = [
            chance.choice((chance.choice(PIECES), _cut(chance.choice(posts), chance)))
            for _ in range(chance.randint(1, 9))
        ]
        text = chance.choice(("", " ", "\n")).join(parts)
        yield (
            chance.choice((text, text.upper(), text.title(), text[::-1])),
            chance.choice(("de", "en", "fr", "nl", "xx", "", None)),
        )


def _cut(text: str, chance: random.Random) -> str:
    return text[chance.randint(0, len(text) // 2) : chance.randint(0, len(text))]


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"loaded": matching.__file__, "answers": answers()}))

"""Precision, recall and F1 of text understanding, on data of the user's own or on the project's test posts.

TOCSIN_DATA names a folder with JSON lines of labelled posts (`text`, `lang`, and
`network` or `relevant`: 1 or true for a complaint about a network); each file is
also shown in halves, parted by a hash of the text, so that a lexicon that fits one half
only is seen. Without it the posts of tests/ingest/text are used.

Then come the operators' own posts of training/texts, each judged by weights that have not seen it: kinds, and ends.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from pipeline.adapters.encoder import read_encoder
from pipeline.adapters.reference.folder import load_operators
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import TextRules
from training.official import (
    OFFICIAL_LANGUAGES,
    encoded_posts,
    ends_of,
    held_out_kinds,
    official_features,
    official_figures,
    read_official_texts,
)

ROOT = Path(__file__).resolve().parent.parent
LEXICON = ROOT / "deploy" / "reference" / "lexicon"
POSTS = ROOT / "tests" / "ingest" / "text" / "posts"


class Labelled(NamedTuple):
    """A post and whether people called it a complaint about a network."""

    text: str
    lang: str | None
    complaint: bool


class Score(NamedTuple):
    """Counts of one comparison."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was flagged that is right; 1 if nothing was flagged."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of complaints that were flagged; 1 if there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_posts(path: Path) -> list[Labelled]:
    """Read labelled posts; lines without a label are left out."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Labelled(row["text"], row.get("lang"), bool(int(row.get("network", row.get("relevant", 0)))))
        for row in rows
        if "network" in row or ("relevant" in row and "aspects" not in row)
    ]


def half_of(text: str) -> int:
    """0 or 1, from the text alone."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=2).digest()[1] % 2


def score(rules: TextRules, posts: Iterable[Labelled]) -> Score:
    """Compare the rules' verdicts with the labels."""
    right = false = missed = 0
    for post in posts:
        flagged = rules.understand(post.text, lang=post.lang).relevant
        right += flagged and post.complaint
        false += flagged and not post.complaint
        missed += not flagged and post.complaint
    return Score(right, false, missed)


def lines(rules: TextRules, path: Path) -> Iterator[str]:
    """One line for the whole file and one for each half."""
    posts = read_posts(path)
    parts = [("all", posts), *((f"half {half}", [p for p in posts if half_of(p.text) == half]) for half in (0, 1))]
    for name, part in parts if posts else ():
        got = score(rules, part)
        yield (
            f"{path.stem:32} {name:7} {len(part):6} posts {sum(p.complaint for p in part):5} complaints"
            f"  precision {got.precision:.3f}  recall {got.recall:.3f}  F1 {got.f1:.3f}"
        )


def official_lines(rules: TextRules) -> Iterator[str]:
    """How right the kinds of operators' own posts are, and their promised ends, by language."""
    texts = read_official_texts()
    told = held_out_kinds(texts, official_features(texts, rules), encoded_posts(texts, rules))
    for language in OFFICIAL_LANGUAGES:
        got = official_figures(texts, told, language)
        ends = ends_of(texts, rules, language)
        yield (
            f"official posts {language}  {got.texts} posts  kind {got.kind:.3f}  in a thread {got.kind_in_thread:.3f}"
            f"  outage: precision {got.precision:.3f}  recall {got.recall:.3f}  F1 {got.f1:.3f}"
            f"  ends read {ends.right} of {ends.promised}, read where none is {ends.false} of {ends.none}"
        )


def main() -> None:
    """Print the table."""
    folder = Path(os.environ["TOCSIN_DATA"]) if "TOCSIN_DATA" in os.environ else POSTS
    rules = TextRules.compile(
        read_lexicon(LEXICON), (), (), markets=load_operators().markets.values(), encoder=read_encoder
    )
    for path in sorted(folder.glob("*.jsonl")):
        for line in lines(rules, path):
            sys.stdout.write(line + "\n")
    for line in official_lines(rules):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()

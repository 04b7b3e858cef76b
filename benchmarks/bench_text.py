"""Posts understood per second, one core: text to `Understood`, no JSON, no cache.

All three languages, 100,000 made-up names of places beside the real lexicon: as many as the gazetteer of four
countries has. The posts are the tests' own, each with another town and time at its end, so that none comes twice.
"""

import json
import random
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from pipeline.adapters.reference.folder import load_operators
from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.understand import PlaceName, TextRules

ROOT = Path(__file__).resolve().parent.parent
NAMES = 100_000
POSTS = 4_000
SYLLABLES = ("al", "ber", "cro", "den", "er", "fal", "gra", "hol", "in", "ker", "lau", "mon", "ner", "ost", "per", "ro")


def made_up(seed: int) -> tuple[TextRules, list[tuple[str, str]]]:
    """Rules with made-up towns, and posts that name them."""
    chance = random.Random(seed)
    towns = sorted({"".join(chance.choices(SYLLABLES, k=chance.randint(3, 6))).title() for _ in range(NAMES * 2)})[
        :NAMES
    ]
    markets = {"de": "DE", "en": "GB", "fr": "FR"}
    names = [
        PlaceName(town, f"{market}/XX/{town.lower()}", chance.randint(100, 90_000), market)
        for town, market in zip(towns, chance.choices(sorted(markets.values()), k=len(towns)), strict=True)
    ]
    rows = [
        (json.loads(line)["text"], code)
        for code in sorted(markets)
        for line in (ROOT / "tests" / "ingest" / "text" / "posts" / f"{code}.jsonl").read_text().splitlines()
    ]
    posts = [
        (f"{text} {chance.choice(towns)} {number}", code)
        for number, (text, code) in enumerate(chance.choices(rows, k=POSTS))
    ]
    lexicon, known = read_lexicon(ROOT / "deploy" / "reference" / "lexicon"), load_operators().markets.values()
    return TextRules.compile(lexicon, names, (), markets=known), posts


def test_text_throughput(benchmark: BenchmarkFixture) -> None:
    """At least 8,000 posts a second on one core are wanted: 0.5 s for this run."""
    rules, posts = made_up(seed=20250212)
    understood = benchmark(lambda: [rules.understand(text, lang=code) for text, code in posts])
    assert len(understood) == POSTS
    assert sum(reading.relevant for reading in understood) > POSTS // 3  # one that does nothing must fail

"""The slowest post that anybody can write: a search, with the project's own lexicon, gazetteer and operators.

One post is read as INGEST reads it: JSON, text, place, sums, examples; each text is as long as a record allows.
Printed: share of texts within 5 and 20 ms, the slowest kinds, how time grows with length for them, and what a climb
from them by mutation finds. `python -m benchmarks.bench_hostile_texts --seed 1 --climb 300`.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.hostile import CLASSES, MARKETS, PIECES, Hostile, hostile_texts, tables_of
from pipeline.adapters.compose import Parts
from pipeline.adapters.reference.folder import load_operators, load_places, reference_folder
from pipeline.adapters.reference.language import read_lexicon
from pipeline.adapters.settings.loading import load_settings
from pipeline.ingest.apply import Lane
from pipeline.ingest.rules import IngestRules
from tests.ingest.world import NOON, Raw, post

CHARS: Final = 8_000
GROWTH_CHARS: Final = (600, 1_200, 2_400, 4_800)
"""Lengths at which growth is measured: all of them are read."""
GOOD_MS, BAR_MS = 5.0, 20.0
PLACES_TRIED: Final = 3_000


def milliseconds(rules: IngestRules, record: Raw, times: int = 2) -> float:
    """CPU time of one record, in ms, the best of a few runs: the work, not what else the machine does."""
    best = math.inf
    for _ in range(times):
        lane = Lane(0, rules, {})
        began = time.thread_time()
        lane.take(record.topic, [record], None)
        best = min(best, time.thread_time() - began)
    return best * 1e3


def sent(text: str, lang: str | None) -> Raw:
    """A post with a text, sent by a connector that knows no more than its language."""
    return post(NOON, text=text, lang=lang, market=MARKETS.get(lang or ""), place=text[:100], operator=None)


def growth(rules: IngestRules, hostile: Hostile) -> float:
    """Exponent of time against length, by least squares of the logarithms."""
    points = [
        (math.log(chars), math.log(milliseconds(rules, sent(hostile.text(chars), hostile.lang), 7)))
        for chars in GROWTH_CHARS
    ]
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope: float = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return slope


def climb(rules: IngestRules, start: Hostile, terms: Sequence[str], steps: int, chance: random.Random) -> float:
    """The slowest text that mutation of a unit finds, in ms."""
    unit, worst = start.unit, milliseconds(rules, sent(start.text(CHARS), start.lang))
    for _ in range(steps):
        at = chance.randrange(len(unit) + 1)
        piece = chance.choice((chance.choice(CLASSES), chance.choice(PIECES), chance.choice(terms)))
        other = unit[:at] + piece + unit[at + chance.randrange(4) :]
        took = milliseconds(rules, sent(start._replace(unit=other).text(CHARS), start.lang))
        if took > worst:
            unit, worst = other, took
    return worst


RECORDS: Final = {
    "brackets side by side": "[" + "[]," * 5_000 + "[]]",
    "brackets in quotes": json.dumps("[" * 900_000),
    "too many brackets": "[" + "[]," * 300_000 + "[]]",
    "quotes": "[" + '"",' * 300_000 + '""]',
    "escapes": '"' + '\\"' * 450_000 + '"',
    "digits": "9" * 900_000,
    "deep": "[" * 450_000 + "]" * 450_000,
    "numbers": "[" + "1.5e3," * 150_000 + "1]",
}
"""What an unknown field of a record of 1 MB may hold."""


def of_a_megabyte(content: str) -> Raw:
    """A post with an unknown field."""
    value = (post(NOON).value or b"").removesuffix(b"}") + b', "x": ' + content.encode() + b"}"
    return Raw("mentions", NOON, value)


def main() -> None:
    """Search and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--climb", type=int, default=300, help="steps of mutation from each of the five slowest")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    rules = Parts(load_settings().settings, recorded_ms=lambda: 0).ingest(live=True).rules
    names = sorted({name.name for name in load_places().names()})
    aliases = [alias.text for alias in load_operators().aliases()]
    tables = tables_of(read_lexicon(reference_folder() / "lexicon"), aliases, chance.sample(names, PLACES_TRIED))
    texts = list(hostile_texts(tables, options.seed))
    took = sorted(((milliseconds(rules, sent(h.text(CHARS), h.lang)), h) for h in texts), key=lambda pair: -pair[0])
    for limit in (GOOD_MS, BAR_MS):
        print(f"within {limit:4.0f} ms: {sum(ms <= limit for ms, _ in took) / len(took):.3%} of {len(took)} texts")
    print(f"median {took[len(took) // 2][0]:.2f} ms\n\n   ms  growth  climbed to  kind, language, unit")
    terms = [term for table in tables.values() for term in table if term]
    for ms, hostile in took[:5]:
        worst = climb(rules, hostile, terms, options.climb, chance)
        what = f"{hostile.kind}, {hostile.lang}, {hostile.unit[:40]!r}"
        print(f"{ms:5.1f}  {growth(rules, hostile):6.2f}  {worst:7.1f} ms  {what}")
    print("\nrecords of 1 MB, with an unknown field of")
    for name, content in RECORDS.items():
        print(f"{milliseconds(rules, of_a_megabyte(content)):5.1f} ms  {name}")


if __name__ == "__main__":
    main()

"""What DETECT makes of a made-up world, printed as JSON: `python -m tests.core.verdicts`.

Two nations for some days: success ratios with and without attempts, delays, calls, tickets and posts, each with
noise; an outage of one town, a lull in all feeds, a scandal. All that follows is told by its digest, floats and
states to the bit.
"""

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from typing import Final

from pipeline.adapters.codecs.slots import encode_slot
from pipeline.detect import judge
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.inner.partials import SeriesPartial
from tests.detect.world import BONN, KOELN, MONDAY, Run, complaints, reading

DAYS: Final = 5
"""Monday to Friday, and past the warm-up of two hours."""

EVERY: Final = 5 * MINUTE_MS
OUTAGE: Final = range(MONDAY + 2 * DAY_MS + 9 * HOUR_MS, MONDAY + 2 * DAY_MS + 11 * HOUR_MS)
SCANDAL: Final = range(MONDAY + 3 * DAY_MS + 18 * HOUR_MS, MONDAY + 3 * DAY_MS + 20 * HOUR_MS)
LULL: Final = range(MONDAY + 4 * DAY_MS, MONDAY + 4 * DAY_MS + 8 * HOUR_MS)


def said(at: int, chance: random.Random) -> Iterator[SeriesPartial]:
    """What is measured and said in five minutes."""
    down = at in OUTAGE
    for area in (KOELN, BONN):
        lost = 0.3 if down and area == KOELN else 0.0
        yield reading(at, 0.985 - lost + 0.01 * chance.random(), area)
        yield reading(at, 0.9 + 0.1 * chance.random(), area, attempts=3, measure="call_setup_success_ratio")
        yield reading(at, 40.0 * chance.lognormvariate(0.0, 0.2), area, unit="ms", measure="latency", attempts=0)
    yield reading(at, chance.randrange(20, 40) * (4 if down else 1), "DE", unit="count", measure="calls_offered")
    yield reading(
        at, 0.2 + 0.1 * chance.random(), "FR/IDF/paris", measure="load", operator="orange", scope_area="FR/IDF"
    )
    if chance.random() < (0.95 if down else 0.1):
        people = chance.sample(range(10_000), 9 if down else chance.randint(1, 2))
        yield complaints(at, people, source=chance.choice(("tickets", "mentions")), service=chance.choice(("", "tv")))
    if at in SCANDAL or chance.random() < 0.3:
        people = chance.sample(range(10_000), chance.randint(5, 400) if at in SCANDAL else 2)
        yield complaints(at, people, source="mentions", measure="activity", area="DE", scope_area="DE")


def judged() -> dict[str, object]:
    """Counts of what was found, and digests of all that was told and of what is remembered."""
    run, chance = Run(), random.Random(112)
    for first in range(MONDAY, MONDAY + DAYS * DAY_MS, HOUR_MS):
        times = [at for at in range(first, first + HOUR_MS, EVERY) if at not in LULL]
        run.live([part for at in times for part in said(at, chance)], first + HOUR_MS)
    judgements = [each for step in run.steps for each in step.judged]
    weighings = [each for pane in run.panes.values() for each in pane.weighings]
    told = [run.panes, judgements]
    slots = [encode_slot(slot) for _, slot in sorted(run.state.slots.items())]
    return {
        "loaded": judge.__file__,
        "found": {
            "anomalies": len(run.anomalies),
            "silences": len(run.silences),
            "weighings": len(weighings),
            "judgements": len(judgements),
        },
        "told": [hashlib.sha256(repr(each).encode()).hexdigest() for each in told],
        "remembered": [hashlib.sha256(slot).hexdigest() for slot in slots],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(judged()))

"""Speed of DETECT: one step of one series, and a quiet week of many; no Kafka, no codec.

A week of 6 scopes with 60 series each is what a regional operator's replay holds
beside its outage: it must cost seconds.
"""

import random
import time
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pipeline.detect.apply import apply
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Family, SeriesKind
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.detect.state import DetectState
from pipeline.records.clocks import SOURCES, Instant
from pipeline.records.inner.partials import Partial, SeriesPartial
from pipeline.records.inner.samples import add_to_sample
from pipeline.records.inner.signals import Envelope

START = 1_736_121_600_000
MINUTE_MS = 60_000
STEPS = 20_000
"""Two weeks of minutes: past the warm-up, and the garbage collector has had its turns."""

CONFIG = DetectConfig()

pytestmark = pytest.mark.benchmark(timer=time.process_time)
"""CPU seconds: the machine may be shared."""


VALUES: dict[SeriesKind, Callable[[random.Random], float]] = {
    "people": lambda rng: rng.choice((0, 1, 1, 2, 2, 3, 5)),
    "metered": lambda rng: rng.choice((0, 1, 1, 2, 2, 3, 5)),
    "measured": lambda rng: 0.99 + 0.01 * rng.random(),
}
"""A dense count, so that every step is judged and learnt, and a success ratio."""

ROWS = [(row, kind) for row in DETECTORS for kind in row.judges]


@pytest.mark.parametrize(("row", "kind"), ROWS, ids=[f"{row.name}-{kind}" for row, kind in ROWS])
def test_steps_of_a_detector(benchmark: BenchmarkFixture, row: Family, kind: SeriesKind) -> None:
    """Each row of the registry, made anew around its state for each step, as DETECT does."""
    rng = random.Random(1)
    values = [VALUES[kind](rng) for _ in range(STEPS)]
    make, unit = row.prepare(CONFIG), "ratio" if kind == "measured" else "count"

    def run() -> int:
        state = row.state()
        return sum(
            make(state, unit, None).step(value, START + (n + 1) * MINUTE_MS, 100) is not None
            for n, value in enumerate(values)
        )

    assert benchmark(run) > STEPS - 1_500  # one that does nothing must fail
    benchmark.extra_info["steps"] = STEPS


def test_a_quiet_week_of_six_scopes_with_sixty_series_each(benchmark: BenchmarkFixture) -> None:
    """One ticket in ten minutes and scope, from any of 58 towns."""

    def run() -> int:
        state, rng, judged = DetectState(0), random.Random(3), 0
        for minute in range(0, 7 * 1_440, 10):
            at = START + minute * MINUTE_MS
            parts = [_ticket(rng, scope, at) for scope in range(6)]
            clocks = {source: Instant(at) for source in SOURCES}
            taken = Envelope(epoch=1, lane=0, lanes=1, partition=0, partitions=1, clocks=clocks, partials=parts)
            judged += len(apply(state, taken, CONFIG, {}).judged)
        return judged

    assert benchmark(run) >= 6 * 7 * 144 * 2, "each ticket is judged in its town and in its region, at least"


def _ticket(rng: random.Random, scope: int, at: int) -> SeriesPartial:
    partial = Partial(count=1)
    add_to_sample(partial.ids, rng.getrandbits(50))
    area = f"DE/R{scope}/town{rng.randrange(58)}"
    return SeriesPartial(
        operator="o2",
        scope_area=f"DE/R{scope}",
        area=area,
        source="tickets",
        measure="complaints",
        pane=Instant(at),
        partial=partial,
    )

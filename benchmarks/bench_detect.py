"""Speed of DETECT: one step of one series, and a quiet week of many; no Kafka, no codec.

A week of 6 scopes with 60 series each is what a regional operator's replay holds
beside its outage: it must cost seconds.
"""

import random
import time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pipeline.detect.apply import apply
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.count_state import CountRules, CountState
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.levels import LevelRules, LevelState, SeasonalLevels
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


def test_steps_of_a_count(benchmark: BenchmarkFixture) -> None:
    """A dense count: every step judged and learnt."""
    rng = random.Random(1)
    values = [rng.choice((0, 1, 1, 2, 2, 3, 5)) for _ in range(STEPS)]
    rules = CountRules(CONFIG)

    def run() -> int:
        detector = SeasonalCounts(rules, CountState())
        return sum(
            detector.step({"value": value, "at": START + (n + 1) * MINUTE_MS}) is not None
            for n, value in enumerate(values)
        )

    assert benchmark(run) > STEPS - 1_500  # one that does nothing must fail
    benchmark.extra_info["steps"] = STEPS


def test_steps_of_a_ratio(benchmark: BenchmarkFixture) -> None:
    """A success ratio with attempts."""
    rng = random.Random(2)
    values = [0.99 + 0.01 * rng.random() for _ in range(STEPS)]
    rules = LevelRules(CONFIG)

    def run() -> int:
        detector = SeasonalLevels(rules, LevelState(), "ratio")
        return sum(
            detector.step({"value": value, "at": START + (n + 1) * MINUTE_MS, "weight": 100}) is not None
            for n, value in enumerate(values)
        )

    assert benchmark(run) > STEPS - 1_500
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

    assert benchmark(run) > 6 * 10_000


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

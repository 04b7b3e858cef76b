"""Seasonal counts: the contract, and what is special to counts."""

import math
import random

import msgspec
import pytest

from pipeline.detect.detectors.count_state import CountRules, CountState, run_of_zeros
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.seasons import Exposure
from pipeline.detect.detectors.tails import log_tail
from pipeline.detect.detectors.verdicts import Detector
from pipeline.detect.state import Metered
from pipeline.records.clocks import DAY_MS, MINUTE_MS
from tests.detect.detector_contract import CONFIG, START, DetectorContract, X

RULES = CountRules(CONFIG)


def poisson(rng: random.Random, mean: float) -> int:
    """A count by chance, Knuth's way."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


class TestSeasonalCounts(DetectorContract):
    """Two complaints a minute; twelve in an outage."""

    has_unit = False

    def make(self) -> Detector:
        return SeasonalCounts(RULES, CountState())

    def state_of(self, detector: Detector) -> msgspec.Struct:
        assert isinstance(detector, SeasonalCounts)
        return Metered(series=detector.state, exposure=detector.exposure)

    def resume(self, state: msgspec.Struct) -> Detector:
        assert isinstance(state, Metered)
        return SeasonalCounts(RULES, state.series, state.exposure)

    def usual(self, rng: random.Random) -> float:
        return poisson(rng, 2.0)

    def unusual(self, rng: random.Random) -> float:
        return poisson(rng, 12.0)


class TestTotalCollapse(TestSeasonalCounts):
    """Five attempts a minute; none in an outage."""

    def usual(self, rng: random.Random) -> float:
        return poisson(rng, 8.0)

    def unusual(self, rng: random.Random) -> float:
        return 0.0 * rng.random()


def _exposure(days: int) -> Exposure:
    exposure = Exposure(began=START, day=START // DAY_MS)
    for minute in range(days * 1_440):
        at = START + minute * MINUTE_MS
        exposure.discount(at // DAY_MS, RULES.keep_per_day)
        exposure.advance(at)
    return exposure


def test_six_posts_from_a_town_that_never_complained_alarm_at_once() -> None:
    exposure = _exposure(days=3)
    detector = SeasonalCounts(RULES, CountState(), exposure, shared=True)
    verdict = detector.step({"value": 6, "at": START + 3 * DAY_MS + MINUTE_MS})
    assert verdict is not None
    assert verdict.alarm
    assert verdict.direction == "surge"
    assert verdict.started_at == START + 3 * DAY_MS
    assert verdict.surprise > 6
    assert verdict.expected < 0.001


def test_a_new_series_starts_as_if_it_had_seen_its_zeros() -> None:
    exposure, zeros = _exposure(days=2), CountState()
    lived = Exposure(began=START, day=START // DAY_MS)
    seen = SeasonalCounts(RULES, zeros, lived, shared=True)
    for minute in range(2 * 1_440):
        at = START + minute * MINUTE_MS
        seen.step({"value": 0, "at": at + MINUTE_MS})
        lived.advance(at)
    x: X = {"value": 3, "at": START + 2 * DAY_MS + MINUTE_MS}
    one = seen.step(x)
    other = SeasonalCounts(RULES, CountState(), exposure, shared=True).step(x)
    assert one is not None
    assert other is not None
    assert other.expected == pytest.approx(one.expected, rel=0.25)
    assert other.alarm == one.alarm


def test_two_hours_suffice_for_what_is_out_of_all_proportion() -> None:
    rng = random.Random(3)
    detector = SeasonalCounts(RULES, CountState())
    for minute in range(180):
        assert detector.step({"value": poisson(rng, 0.1), "at": START + (minute + 1) * MINUTE_MS}) is None
    verdicts = [detector.step({"value": 9, "at": START + (181 + minute) * MINUTE_MS}) for minute in range(3)]
    assert any(verdict is not None and verdict.alarm for verdict in verdicts)


def test_the_daily_cycle_is_learnt() -> None:
    rng = random.Random(5)
    detector, alarms = SeasonalCounts(RULES, CountState()), 0
    for minute in range(10 * 1_440):
        mean = 5.25 - 4.75 * math.cos(minute / 1_440 * 2 * math.pi)
        verdict = detector.step({"value": poisson(rng, mean), "at": START + (minute + 1) * MINUTE_MS})
        alarms += minute > 7 * 1_440 and verdict is not None and verdict.alarm
    assert detector.expected == pytest.approx(0.5, rel=0.5)
    assert alarms <= 5, "three mornings that come every day are no surges"


def test_false_alarms_stay_below_the_promise() -> None:
    promised, seen = 0.0, 0
    for seed in range(6):
        rng, detector, last = random.Random(seed), SeasonalCounts(RULES, CountState()), False
        for minute in range(10 * 1_440):
            verdict = detector.step({"value": poisson(rng, 0.7), "at": START + (minute + 1) * MINUTE_MS})
            alarm = verdict is not None and verdict.alarm
            seen += alarm and not last
            last = alarm
        promised += 9 / CONFIG.promise_days
    assert seen <= math.ceil(2 * promised)


@pytest.mark.parametrize("steps", [1, 2, 50, 100_000])
def test_a_run_of_zeros_has_a_closed_form(steps: int) -> None:
    odds = 7.0
    for _ in range(min(steps, 2_000)):
        odds = (1.0 + odds) * 0.97
    assert run_of_zeros(7.0, 0.97, steps, 1e12) == pytest.approx(odds)


def test_tail_is_near_the_sum_of_its_terms() -> None:
    mean, r = 3.0, 5.0
    p = r / (r + mean)

    def chance(count: int) -> float:
        ways = math.lgamma(count + r) - math.lgamma(r) - math.lgamma(count + 1)
        return math.exp(ways + r * math.log(p) + count * math.log(1 - p))

    for count in (12, 18, 30):
        exact = math.log(sum(chance(each) for each in range(count, 400)))
        assert log_tail(count, mean, r, above=True) == pytest.approx(exact, abs=0.3)

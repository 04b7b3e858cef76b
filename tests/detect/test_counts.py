"""Seasonal counts: what is special to them, beside the laws of all detectors."""

import math
import random

import pytest

from pipeline.detect.detectors.count_rules import CountRules
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.remembered import CountState, Exposure
from pipeline.detect.detectors.tails import log_tail
from pipeline.records.clocks import DAY_MS, MINUTE_MS
from tests.detect.detector_contract import CONFIG, KEEP_PER_DAY, START, poisson

RULES = CountRules(CONFIG)


def _exposure(days: int) -> Exposure:
    exposure = Exposure(began=START, day=START // DAY_MS)
    for minute in range(days * 1_440):
        at = START + minute * MINUTE_MS
        exposure.discount(at // DAY_MS, KEEP_PER_DAY)
        exposure.advance(at)
    return exposure


def test_six_posts_from_a_town_that_never_complained_alarm_at_once() -> None:
    exposure = _exposure(days=3)
    detector = SeasonalCounts(RULES, CountState(), exposure)
    verdict = detector.step(6, START + 3 * DAY_MS + MINUTE_MS)
    assert verdict is not None
    assert verdict.alarm
    assert verdict.direction == "surge"
    assert verdict.started_at == START + 3 * DAY_MS
    assert verdict.surprise > 6
    assert verdict.expected < 0.001


def test_a_new_series_starts_as_if_it_had_seen_its_zeros() -> None:
    exposure, zeros = _exposure(days=2), CountState()
    lived = Exposure(began=START, day=START // DAY_MS)
    seen = SeasonalCounts(RULES, zeros, lived)
    for minute in range(2 * 1_440):
        at = START + minute * MINUTE_MS
        seen.step(0, at + MINUTE_MS)
        lived.advance(at)
    at = START + 2 * DAY_MS + MINUTE_MS
    known = seen.step(3, at)
    new = SeasonalCounts(RULES, CountState(), exposure).step(3, at)
    assert known is not None
    assert new is not None
    assert new.expected == pytest.approx(known.expected, rel=0.25)
    assert new.alarm == known.alarm


def test_two_hours_suffice_for_what_is_out_of_all_proportion() -> None:
    rng = random.Random(3)
    detector = SeasonalCounts(RULES, CountState())
    for minute in range(180):
        assert detector.step(poisson(rng, 0.1), START + (minute + 1) * MINUTE_MS) is None
    verdicts = [detector.step(9, START + (181 + minute) * MINUTE_MS) for minute in range(3)]
    assert any(verdict is not None and verdict.alarm for verdict in verdicts)


def test_the_daily_cycle_is_learnt() -> None:
    rng = random.Random(5)
    detector, alarms = SeasonalCounts(RULES, CountState()), 0
    for minute in range(10 * 1_440):
        mean = 5.25 - 4.75 * math.cos(minute / 1_440 * 2 * math.pi)
        verdict = detector.step(poisson(rng, mean), START + (minute + 1) * MINUTE_MS)
        alarms += minute > 7 * 1_440 and verdict is not None and verdict.alarm
    assert detector.expected == pytest.approx(0.5, rel=0.5)
    assert alarms <= 5, "three mornings that come every day are no surges"


def test_false_alarms_stay_below_the_promise() -> None:
    promised, seen = 0.0, 0
    for seed in range(6):
        rng, detector, last = random.Random(seed), SeasonalCounts(RULES, CountState()), False
        for minute in range(10 * 1_440):
            verdict = detector.step(poisson(rng, 0.7), START + (minute + 1) * MINUTE_MS)
            alarm = verdict is not None and verdict.alarm
            seen += alarm and not last
            last = alarm
        promised += 9 / CONFIG.promise_days
    assert seen <= math.ceil(2 * promised)


def test_tail_is_near_the_sum_of_its_terms() -> None:
    mean, r = 3.0, 5.0
    p = r / (r + mean)

    def chance(count: int) -> float:
        ways = math.lgamma(count + r) - math.lgamma(r) - math.lgamma(count + 1)
        return math.exp(ways + r * math.log(p) + count * math.log(1 - p))

    for count in (12, 18, 30):
        exact = math.log(sum(chance(more) for more in range(count, 400)))
        assert log_tail(count, mean, r, above=True) == pytest.approx(exact, abs=0.3)


def _lived(first_day: int, paces: tuple[float, ...]) -> tuple[SeasonalCounts, Exposure]:
    """A series some hours into a day, after whole days of a steady pace.

    Args:
        first_day: Days from a Monday to its first.
        paces: How many come a minute, on each day, and in ten hours of the last.
    """
    exposure = Exposure(began=START + first_day * DAY_MS)
    detector = SeasonalCounts(RULES, CountState(), exposure)
    for number, pace in enumerate(paces):
        for minute in range(600 if number == len(paces) - 1 else 1_440):
            at = START + (first_day + number) * DAY_MS + minute * MINUTE_MS
            detector.step(math.floor((minute + 1) * pace) - math.floor(minute * pace), at + MINUTE_MS)
            exposure.advance(at)
    return detector, exposure


@pytest.mark.parametrize("pace", [0.2, 3.0])
def test_on_a_first_weekend_the_last_hours_tell_what_is_usual(pace: float) -> None:
    detector, _ = _lived(3, (1.0, 1.0, pace))
    assert detector.expected == pytest.approx(pace, rel=0.35)
    assert detector.spread < 0.5


def test_on_a_first_weekday_after_a_weekend_the_spread_is_as_wide_as_the_mean() -> None:
    detector, _ = _lived(5, (0.2, 0.2, 1.0))
    assert detector.spread >= 1.0


def test_an_outage_of_a_first_weekend_does_not_become_what_is_usual() -> None:
    detector, exposure = _lived(3, (1.0, 1.0, 0.2))
    detector.frozen = True
    for minute in range(600, 720):
        at = START + 5 * DAY_MS + minute * MINUTE_MS
        detector.step(3, at + MINUTE_MS)
        exposure.advance(at)
    assert detector.expected == pytest.approx(0.2, rel=0.5)

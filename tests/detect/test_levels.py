"""Seasonal levels: what is special to measured values, beside the laws of all detectors."""

import math
import random
from datetime import UTC, datetime

import pytest

from pipeline.detect.detectors.level_rules import LevelRules
from pipeline.detect.detectors.levels import SeasonalLevels
from pipeline.detect.detectors.remembered import LevelState
from pipeline.detect.detectors.tails import log_tail_t4
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.reference.opening.days import WEEKENDS, DaysOff
from tests.detect.detector_contract import CONFIG, START

RULES = LevelRules(CONFIG)


def _warm(values: list[float], unit: str = "ms", weight: int = 1) -> SeasonalLevels:
    detector = SeasonalLevels(RULES, LevelState(), unit)
    for minute, value in enumerate(values):
        detector.step(value, START + (minute + 1) * MINUTE_MS, weight)
    return detector


def test_a_single_outlier_never_alarms() -> None:
    rng = random.Random(1)
    detector = _warm([rng.gauss(20, 1) for _ in range(2_000)])
    at = START + 2_001 * MINUTE_MS
    spike = detector.step(1e6, at)
    after = [detector.step(rng.gauss(20, 1), at + minute * MINUTE_MS) for minute in range(1, 30)]
    assert spike is not None
    assert not spike.alarm
    assert not any(verdict is not None and verdict.alarm for verdict in after)


def test_few_attempts_say_little() -> None:
    rng = random.Random(2)
    verdicts = {}
    for attempts in (3, 3_000):
        detector = _warm([rng.gauss(0.995, 0.001) for _ in range(2_000)], "ratio", weight=3_000)
        for minute in range(2_001, 2_004):
            verdicts[attempts] = detector.step(2 / 3, START + minute * MINUTE_MS, attempts)
    few, many = verdicts[3], verdicts[3_000]
    assert few is not None
    assert many is not None
    assert many.alarm
    assert few.evidence < many.evidence


def test_started_at_is_where_the_fall_began() -> None:
    rng = random.Random(4)
    detector = _warm([rng.gauss(0.99, 0.002) for _ in range(3_000)], "ratio")
    begin, alarm = START + 3_000 * MINUTE_MS, None
    for minute in range(10):
        verdict = detector.step(0.7, begin + (minute + 1) * MINUTE_MS, 1)
        alarm = alarm or (verdict if verdict is not None and verdict.alarm else None)
    assert alarm is not None
    assert alarm.direction == "drop"
    assert abs(alarm.started_at - begin) <= 2 * MINUTE_MS


@pytest.mark.parametrize(("deviation", "tail"), [(0.0, 0.5), (2.132, 0.05), (4.604, 0.005), (13.034, 0.0001)])
def test_t_tail_agrees_with_tables(deviation: float, tail: float) -> None:
    assert 2.718281828 ** log_tail_t4(deviation) == pytest.approx(tail, rel=0.01)


def test_a_ratio_of_few_attempts_is_judged_by_its_outcomes() -> None:
    rng = random.Random(6)

    def ratio(share: float) -> float:
        return sum(rng.random() < share for _ in range(5)) / 5

    detector = _warm([ratio(0.97) for _ in range(4_000)], "ratio", weight=5)
    at, alarms = START + 4_000 * MINUTE_MS, []
    for minute in range(1, 61):
        verdict = detector.step(ratio(0.8), at + minute * MINUTE_MS, 5)
        if verdict is not None and verdict.alarm:
            alarms.append(minute)
    assert alarms
    assert alarms[0] <= 30


def test_a_drift_raises_at_most_three_times_the_promised_false_alarms() -> None:
    """Residuals that hang together are what breaks most promises; alarms within an hour are one."""
    seen, days = 0, 0
    for seed in range(3):
        rng, drift, last, detector = random.Random(seed), 0.0, -60, SeasonalLevels(RULES, LevelState(), "dbm")
        for minute in range(8 * 1_440):
            drift = 0.98 * drift + rng.gauss(0, 0.1)
            verdict = detector.step(-90 + drift + rng.gauss(0, 1), START + (minute + 1) * MINUTE_MS)
            if verdict is not None and verdict.alarm:
                seen += minute - last > 60
                last = minute
        days += 7
    assert seen <= 3 * days / CONFIG.promise_days


def test_a_collapse_tells_more_than_one_in_a_million_within_three_steps() -> None:
    """Where telemetry alone confirms an incident, it must be able to say so."""
    rng = random.Random(8)
    detector = _warm([rng.gauss(0.99, 0.002) for _ in range(3_000)], "ratio", weight=1_000)
    at, verdict = START + 3_000 * MINUTE_MS, None
    for minute in range(1, 4):
        verdict = detector.step(0.4, at + minute * MINUTE_MS, 1_000)
    assert verdict is not None
    assert verdict.surprise >= 6.0


HEALTHY = (0.97, 1.0)


def _live(values: list[float], healthy: tuple[float, float] | None, attempts: int = 1) -> SeasonalLevels:
    detector = SeasonalLevels(RULES, LevelState(), "ratio")
    for minute, value in enumerate(values):
        detector.healthy = healthy
        detector.step(value, START + (minute + 1) * MINUTE_MS, attempts)
    return detector


def _around(middle: float, minutes: int, seed: int = 7) -> list[float]:
    rng = random.Random(seed)
    return [middle + rng.gauss(0, 0.002) for _ in range(minutes)]


def test_a_slow_decline_below_what_is_healthy_is_not_expected_as_it_goes() -> None:
    rng, off, values = random.Random(9), 0.0, []
    for minute in range(3_030):  # a mast by night: few attempts, and a level that wanders
        off = 0.97 * off + rng.gauss(0, 0.002)
        likely = min(1.0, 0.985 + off - 0.003 * max(0, minute - 3_000))
        values.append(sum(rng.random() < likely for _ in range(40)) / 40)
    wary, trusting = (_live(values, healthy, 40) for healthy in (HEALTHY, None))
    assert wary.usual_value is not None
    assert trusting.usual_value is not None
    assert wary.usual_value > HEALTHY[0] + 0.01, "where it was when it left what is healthy"
    assert wary.usual_value > trusting.usual_value + 0.01
    assert wary.spread < 0.8 * trusting.spread, "few attempts scatter more about a lower level"


def test_what_is_healthy_is_learnt_as_ever_and_so_is_a_series_that_never_is() -> None:
    well = [min(1.0, max(HEALTHY[0], value)) for value in [*_around(0.99, 2_000), *_around(0.98, 60)]]
    for values in (well, [*_around(0.9, 2_000), *_around(0.88, 60)]):
        wary, trusting = (_live(values, healthy) for healthy in (HEALTHY, None))
        assert (wary.usual_value, wary.spread) == (trusting.usual_value, trusting.spread)


def test_a_level_that_stays_below_what_is_healthy_is_usual_in_some_days() -> None:
    stays = _live([*_around(0.99, 3_000), *_around(0.95, 3 * 1_440)], HEALTHY)
    assert stays.usual_value is not None
    assert abs(stays.usual_value - 0.95) < 0.01


def ramp_of(seed: int, bad: int) -> int:
    """After how many minutes a delay that grows by a sixteenth of a millisecond a minute is found; 240 if it is not."""
    rng, detector, drift = random.Random(seed), SeasonalLevels(RULES, LevelState(), "ms"), 0.0
    detector.bad, begins = bad, 3 * 1_440 - 240
    for minute in range(begins + 240):
        drift = drift * (1.0 - 1.0 / 240.0) + rng.gauss(0.0, 0.04 * math.sqrt(2.0 / 240.0))
        value = 16.0 * (1.0 + 0.2 * math.sin(2.0 * math.pi * minute / 1_440)) * math.exp(drift + rng.gauss(0.0, 0.05))
        value += max(0, minute - begins) / 16.0
        verdict = detector.step(value, START + (minute + 1) * MINUTE_MS)
        if minute >= begins and verdict is not None and verdict.alarm and verdict.direction == "surge":
            return minute - begins
    return 240


def test_a_slow_degradation_is_held_against_the_days_before_and_not_against_the_last_hour() -> None:
    seeds = range(50, 56)
    followed, known = ([ramp_of(seed, bad) for seed in seeds] for bad in (0, 1))
    assert sum(known) < 0.6 * sum(followed)
    assert all(with_bad <= without for with_bad, without in zip(known, followed, strict=True))


def days_with_alarms(days: DaysOff, start: int, weeks: int) -> list[int]:
    """Days on which a delay stands out: 20 ms, on days off up to four more by day."""
    rng, detector, found = random.Random(50), SeasonalLevels(RULES, LevelState(), "ms"), set()
    detector.bad, detector.days = 1, days
    for minute in range(weeks * 7 * 1_440):
        at = start + minute * MINUTE_MS
        hour = at % DAY_MS / HOUR_MS
        busy = max(0.0, min(1.0, (hour - 8.0) / 2.0, (22.0 - hour) / 2.0)) if days.is_off(at // DAY_MS) else 0.0
        verdict = detector.step(20.0 + 4.0 * busy + rng.gauss(0.0, 0.5), at + MINUTE_MS)
        if verdict is not None and verdict.alarm:
            found.add(minute // 1_440)
    return sorted(found)


@pytest.mark.parametrize(
    ("days", "start"),
    [
        pytest.param(WEEKENDS, datetime(2025, 1, 6, tzinfo=UTC), id="plain_weeks"),
        pytest.param(DaysOff("DE"), datetime(2025, 5, 26, tzinfo=UTC), id="ascension_day_before_the_first_weekend"),
    ],
)
def test_a_busier_weekend_is_learnt_on_the_first_one_and_is_no_straying(days: DaysOff, start: datetime) -> None:
    assert days_with_alarms(days, int(start.timestamp()) * 1_000, 3) == []

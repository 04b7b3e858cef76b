"""Series that burst by themselves: the promised rate of false alarms is kept, and outages are still found."""

import math
import random

from pipeline.detect.detectors.bursts import KNOWN, follow, in_proportion
from pipeline.detect.detectors.count_rules import CountRules
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.evidence import GATE
from pipeline.detect.detectors.remembered import CountState
from pipeline.records.clocks import MINUTE_MS
from tests.detect.detector_contract import CONFIG, START, poisson

RULES = CountRules(CONFIG)
DAYS, LEARNT_DAYS, DAY = 21, 7, 1_440
USUAL = 6.0


def _bursting(seed: int, days: int = DAYS) -> list[float]:
    """Means by minute: a burst of two to four times as many, of four to twelve minutes, twice in three days."""
    rng = random.Random(seed)
    means = [USUAL] * (days * DAY)
    for _ in range(days * 2 // 3):
        begin, times = rng.randrange(len(means)), rng.uniform(2.0, 4.0)
        for minute in range(begin, min(len(means), begin + rng.randrange(4, 13))):
            means[minute] = times * USUAL
    return means


def _alarms(means: list[float], rng: random.Random, state: CountState, first: int = 0) -> list[int]:
    """Minutes in which a series stands out."""
    detector, found = SeasonalCounts(RULES, state), []
    for minute, mean in enumerate(means, start=first):
        verdict = detector.step(poisson(rng, mean), START + (minute + 1) * MINUTE_MS)
        if verdict is not None and verdict.alarm:
            found.append(minute)
    return found


def test_a_series_that_bursts_keeps_the_promise() -> None:
    seen = 0
    for seed in range(4):
        minutes = _alarms(_bursting(seed), random.Random(seed), CountState())
        late = [minute for minute in minutes if minute >= LEARNT_DAYS * DAY]
        seen += sum(minute - before > 60 for before, minute in zip([-100, *late], late, strict=False))
    promised = 4 * (DAYS - LEARNT_DAYS) / CONFIG.promise_days
    assert seen <= math.ceil(2 * promised), "some thirty-seven bursts came, and each of them would stand out"


def test_an_outage_of_a_series_that_bursts_is_found() -> None:
    rng, state = random.Random(1), CountState()
    _alarms(_bursting(1), rng, state)
    hit = _alarms([8.0 * USUAL] * 60, rng, state, DAYS * DAY)
    assert hit
    assert hit[0] - DAYS * DAY < 40, "evidence of a step is limited, and it must be far beyond what bursts bring"


def test_what_an_incident_explains_is_no_burst() -> None:
    state = CountState()
    follow(state, GATE + 20.0, goes_on=True, known=False)
    follow(state, GATE + 10.0, goes_on=True, known=True)
    assert state.peak == KNOWN
    follow(state, GATE + 30.0, goes_on=True, known=False)
    follow(state, 0.0, goes_on=False, known=False)
    assert (state.bursts, state.burst_logs, state.peak) == (0.0, 0.0, 0.0)
    follow(state, GATE + 20.0, goes_on=True, known=False)
    follow(state, 0.0, goes_on=False, known=False)
    assert (state.bursts, state.burst_logs) == (1.0, math.log1p(10.0))


def test_more_evidence_never_counts_for_less() -> None:
    for bursts, logs in ((0.0, 0.0), (3.0, 1.0), (200.0, 300.0)):
        state = CountState(bursts=bursts, burst_logs=logs)
        told = [in_proportion(evidence / 4, state, 10.0 * DAY, MINUTE_MS) for evidence in range(12, 400)]
        assert told == sorted(told)
        assert all(value <= evidence / 4 for value, evidence in zip(told, range(12, 400), strict=True))

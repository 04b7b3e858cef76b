"""Quiet steps, taken in at once: the state is the same, to the bit, as if each step had been judged."""

import random
from copy import deepcopy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.detect.apply import next_end, steps_of
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.detector import Verdict
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.detect.detectors.remembered import Exposure
from pipeline.detect.detectors.seasons import BIN_MS, plus_ones
from pipeline.detect.findings import Found, rules_of
from pipeline.detect.judge import StepJudge
from pipeline.detect.panes import Intake
from pipeline.detect.quiet import pass_hot, pass_quiet
from pipeline.detect.state import DetectState, ScopeState
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.inner.partials import SeriesPartial
from pipeline.reference.metrics import Metrics
from tests.detect.world import BONN, KOELN, MARKET_OF, MONDAY, background, crowd, encode_slot, envelope, reading

METRICS = Metrics()
QUICK = DetectConfig(markets=("DE", "FR"), warm_up_ms=5 * HOUR_MS, early_ms=HOUR_MS)
COARSE = DetectConfig(markets=("DE", "FR"), warm_up_ms=5 * HOUR_MS, early_ms=HOUR_MS, step_ms=20 * MINUTE_MS)
USUAL = DetectConfig(markets=("DE", "FR"), step_ms=5 * MINUTE_MS)
"""The defaults but for the step: to judge each minute of days is slow, and `QUICK` does."""
FRIDAY = MONDAY + 4 * DAY_MS


def each_judged(scope: ScopeState, sealed_to: int, config: DetectConfig) -> list[Found]:
    """The plain way: every step of a scope that lives."""
    found = []
    while (end := next_end(scope, rules_of(config, DETECTORS, METRICS))) is not None and end <= sealed_to:
        found.append(StepJudge(scope, end, rules_of(config, DETECTORS, METRICS), "DE").run())
    return found


def with_content(found: list[Found]) -> list[Found]:
    """Steps that gave anything."""
    return [step for step in found if step != Found(step.end)]


def said(seed: int, hours: int) -> list[SeriesPartial]:
    """Two towns and the nation: tickets and posts at very different rates, pauses, a crowd, some telemetry."""
    chance, end = random.Random(seed), FRIDAY + hours * HOUR_MS
    parts: list[SeriesPartial] = []
    for area, source in ((KOELN, "tickets"), (BONN, "tickets"), (KOELN, "mentions")):
        begin = FRIDAY + chance.randrange(6 * HOUR_MS)
        while begin < end:
            until = begin + chance.randrange(HOUR_MS, 30 * HOUR_MS)
            rate = chance.choice([0.002, 0.02, 0.1, 0.1, 1.0])
            parts += background(chance.randrange(10**6), begin, min(until, end), rate, area, source=source)
            begin = until + chance.choice([0, HOUR_MS, 20 * HOUR_MS])
    parts += crowd(FRIDAY + chance.randrange(hours) * HOUR_MS, 7, 6)
    every = chance.choice([MINUTE_MS, 17 * MINUTE_MS])
    first = FRIDAY + chance.randrange(hours) * HOUR_MS
    parts += [reading(at, 0.99) for at in range(first, min(end, first + 9 * HOUR_MS), every)]
    return sorted(parts, key=lambda part: part.pane)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    config=st.sampled_from([QUICK, COARSE, USUAL]),
    cut_hours=st.integers(1, 40),
)
def test_quiet_steps_leave_the_state_that_judging_them_leaves(seed: int, config: DetectConfig, cut_hours: int) -> None:
    """A Friday to a Monday, silences that begin and end, and any cut of the time in which they are judged."""
    hours = 24 * 4
    quick, plain = DetectState(0), DetectState(0)
    parts = said(seed, hours)
    for sealed_to in range(FRIDAY + cut_hours * HOUR_MS, FRIDAY + (hours + 60) * HOUR_MS, cut_hours * HOUR_MS):
        now = [part for part in parts if sealed_to - cut_hours * HOUR_MS <= part.pane < sealed_to]
        Intake(quick, config, MARKET_OF).take(envelope(deepcopy(now), None))
        Intake(plain, config, MARKET_OF).take(envelope(now, None))
        for (_, scope), (_, other) in zip(quick.scopes(), plain.scopes(), strict=True):
            found = list(steps_of(scope, sealed_to, rules_of(config, DETECTORS, METRICS), "DE"))
            assert with_content(found) == with_content(each_judged(other, sealed_to, config))
            assert encode_slot(scope) == encode_slot(other)


def test_most_steps_of_a_calm_region_are_quiet() -> None:
    """Otherwise the law above would hold of nothing."""
    state = DetectState(0)
    parts = background(1, MONDAY, MONDAY + 3 * DAY_MS, 0.01)
    Intake(state, QUICK, MARKET_OF).take(envelope(parts, None))
    ((_, scope),) = state.scopes()
    judged = len(list(steps_of(scope, MONDAY + 3 * DAY_MS, rules_of(QUICK, DETECTORS, METRICS), "DE")))
    assert judged < 1_000 < 4_000 < sum(exposure.steps for exposure in scope.exposures.values())


def test_a_source_becomes_silent_in_the_very_step_in_which_it_would() -> None:
    quick, plain = DetectState(0), DetectState(0)
    parts = background(1, MONDAY, MONDAY + 2 * DAY_MS, 0.15)
    ends = []
    for state in (quick, plain):
        Intake(state, QUICK, MARKET_OF).take(envelope(deepcopy(parts), None))
        ((_, scope),) = state.scopes()
        until = MONDAY + 4 * DAY_MS
        found = (
            list(steps_of(scope, until, rules_of(QUICK, DETECTORS, METRICS), "DE"))
            if state is quick
            else each_judged(scope, until, QUICK)
        )
        ends.append([(step.end, step.silences) for step in found if step.silences])
    assert ends[0] == ends[1]
    assert ends[0]


def test_nothing_is_quiet_while_something_is_to_be_judged() -> None:
    state = DetectState(0)
    Intake(state, QUICK, MARKET_OF).take(envelope(crowd(MONDAY, 200, 2), None))
    ((_, scope),) = state.scopes()
    list(steps_of(scope, MONDAY + 150 * MINUTE_MS, rules_of(QUICK, DETECTORS, METRICS), "DE"))
    judged_to = scope.judged_to
    assert not pass_quiet(scope, MONDAY + 160 * MINUTE_MS, rules_of(QUICK, DETECTORS, METRICS))
    assert scope.judged_to == judged_to


def test_most_zeros_of_a_hot_town_take_the_short_way() -> None:
    """The law above holds of them as well, judgements included; otherwise it would hold of nothing."""
    state = DetectState(0)
    parts = [*background(1, MONDAY, MONDAY + 2 * DAY_MS, 0.01), *crowd(MONDAY + DAY_MS, 1, 6)]
    Intake(state, QUICK, MARKET_OF).take(envelope(sorted(parts, key=lambda part: part.pane), None))
    ((_, scope),) = state.scopes()
    rules, until = rules_of(QUICK, DETECTORS, METRICS), MONDAY + 2 * DAY_MS
    short = 0
    while (end := next_end(scope, rules)) is not None and end <= until:
        if not pass_quiet(scope, until, rules):
            found = list(pass_hot(scope, until, rules, "DE"))
            short += len(found)
            assert all(note.observed == 0.0 for step in found for note in step.judged)
            if not found:
                StepJudge(scope, end, rules, "DE").run()
    assert short > 20


def test_a_detector_that_raises_at_a_zero_costs_its_series_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum is forgotten in a hot step: from then on nothing is expected of it."""
    step, broken_at = SeasonalCounts.step, MONDAY + DAY_MS + 12 * MINUTE_MS

    def breaks(self: SeasonalCounts, value: float, at: int, weight: int = 1) -> Verdict | None:
        if at == broken_at:
            raise ZeroDivisionError("broken")
        return step(self, value, at, weight)

    monkeypatch.setattr(SeasonalCounts, "step", breaks)
    quick, plain = DetectState(0), DetectState(0)
    parts = sorted(
        [*background(1, MONDAY, MONDAY + DAY_MS, 0.05), *crowd(MONDAY + DAY_MS, 1, 6)], key=lambda part: part.pane
    )
    until = MONDAY + DAY_MS + 2 * HOUR_MS
    for state in (quick, plain):
        Intake(state, QUICK, MARKET_OF).take(envelope(deepcopy(parts), None))
    ((_, scope),), ((_, other),) = quick.scopes(), plain.scopes()
    found = list(steps_of(scope, until, rules_of(QUICK, DETECTORS, METRICS), "DE"))
    assert with_content(found) == with_content(each_judged(other, until, QUICK))
    assert [decision.at for step in found for decision in step.decisions][:1] == [broken_at]
    assert encode_slot(scope) == encode_slot(other)


@given(
    value=st.floats(0.0, 1e7) | st.integers(0, 2**20).map(float) | st.integers(1, 12).map(lambda n: 2.0**n - 1e-12),
    times=st.integers(0, 2_000),
)
@example(value=42.21069999614152, times=300)  # rounded once instead of three times, it ends in another bit
def test_ones_added_at_once_are_ones_added_one_after_the_other(value: float, times: int) -> None:
    loop = value
    for _ in range(times):
        loop += 1.0
    assert plus_ones(value, times) == loop


@given(
    first=st.integers(0, 1_000),
    steps=st.integers(0, 300),
    step_ms=st.sampled_from([10_000, 60_000, 1_200_000]),
    lived=st.floats(0.0, 500.0),
)
def test_an_exposure_counts_steps_at_once_as_one_by_one(first: int, steps: int, step_ms: int, lived: float) -> None:
    begin = MONDAY + first * step_ms % DAY_MS + step_ms // 2
    middles = range(begin, min(begin + steps * step_ms, MONDAY + DAY_MS), step_ms)
    at_once, one_by_one = (
        Exposure(began=MONDAY, cells=[lived] * 96, total=96 * lived, first_days=[MONDAY // DAY_MS, -1]) for _ in "ab"
    )
    at_once.advance_all(middles)
    for middle in middles:
        one_by_one.advance(middle)
    assert at_once == one_by_one
    assert len(at_once.cells) * BIN_MS == 2 * DAY_MS

"""Time, panes and what goes out: apply by plain calls."""

import pytest

from pipeline.detect.apply import apply
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.remembered import CountState
from pipeline.detect.rollup import key_fields
from pipeline.detect.slots.times import TIME, TimeSlot
from pipeline.detect.state import DetectState, ScopeState
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, PANE_MS, SOURCES, Instant
from pipeline.records.effects import Refused
from pipeline.records.errors import ConfigError, Reason, StateError
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.judgements import Judgement
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost, PlacedCommand
from pipeline.records.raw.commands import Command
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from tests.detect.world import (
    BONN,
    KOELN,
    MARKET_OF,
    MONDAY,
    NW,
    QUICK,
    Run,
    background,
    complaints,
    crowd,
    envelope,
    reading,
    steady,
)


def test_time_moves_only_when_every_source_of_every_lane_was_heard() -> None:
    run = Run()
    run.take(envelope([], MONDAY, lane=0, lanes=2))
    assert not run.outputs
    run.take(envelope([], MONDAY + 25_000, lane=1, lanes=2))
    assert [each.sealed_to for each in run.of(Sealed)] == [MONDAY, MONDAY]
    run.take(envelope([], MONDAY + 35_000, lane=0, lanes=2))
    assert run.of(Sealed)[-1].sealed_to == MONDAY + 20_000


def test_clocks_never_go_back() -> None:
    run = Run()
    run.take(envelope([], MONDAY + HOUR_MS))
    step = run.take(envelope([], MONDAY))
    assert step.outputs == ()
    assert run.state.time.sealed_to == MONDAY + HOUR_MS


def test_every_market_hears_that_time_moved() -> None:
    run = Run()
    run.take(envelope([], MONDAY))
    assert [each.market for each in run.of(Sealed)] == ["DE", "FR"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"epoch": 2}, id="epoch"),
        pytest.param({"lanes": 3}, id="lanes"),
        pytest.param({"partitions": 4}, id="partitions"),
        pytest.param({"partition": 1}, id="partition"),
        pytest.param({"lane": 5}, id="lane"),
    ],
)
def test_an_envelope_of_another_world_stops_the_process(other: dict[str, int]) -> None:
    run = Run()
    run.take(envelope([], MONDAY))
    taken = envelope([], MONDAY + HOUR_MS)
    fields = {name: getattr(taken, name) for name in taken.__struct_fields__} | other
    before = run.state.time.clocks.copy()
    with pytest.raises(StateError, match=next(iter(other))):
        apply(run.state, type(taken)(**fields), QUICK, MARKET_OF)
    assert run.state.time.clocks == before


def test_a_partial_of_a_sealed_pane_is_refused_and_the_rest_goes_on() -> None:
    run = Run()
    run.take(envelope([], MONDAY + HOUR_MS))
    late, good = complaints(MONDAY + HOUR_MS - 1, [1]), complaints(MONDAY + HOUR_MS, [2])
    run.take(envelope([late, good], MONDAY + HOUR_MS + MINUTE_MS))
    assert [(each.reason, each.content) for each in run.refused] == [(Reason.LATE_PARTIAL, late)]
    assert len(run.steps[-1].judged) == 2


def test_a_partial_of_an_unknown_market_is_refused() -> None:
    run = Run()
    stray = complaints(MONDAY, [1], "US/TX/houston", operator="att", scope_area="US/TX")
    run.take(envelope([stray], MONDAY + HOUR_MS))
    assert [each.reason for each in run.refused] == [Reason.UNKNOWN_MARKET]


def test_an_envelope_stays_as_it_is() -> None:
    part = complaints(MONDAY, [1])
    run = Run()
    run.take(envelope([part, complaints(MONDAY, [2])], None))
    run.take(envelope([complaints(MONDAY, [3])], None))
    assert part.partial == complaints(MONDAY, [1]).partial


def test_what_rides_whole_lies_in_its_pane_in_the_order_of_time() -> None:
    run = Run()
    officials = [
        OfficialPost(operator="netcologne", at=Instant(MONDAY + at), post_id=f"p{at}", platform="x", text="Störung")
        for at in (25_000, 21_000, 31_000)
    ]
    claim = EmergencyClaim(market="DE", area=KOELN, source="tickets", at=Instant(MONDAY + 22_000), id_hash=1, person=2)
    order = Command(command_id="c1", market="DE", target="netcologne", kind="acknowledge", by="noc")
    placed = PlacedCommand(at=Instant(MONDAY + 20_000), command=order)
    run.take(envelope([], MONDAY, officials=officials, claims=[claim], commands=[placed]))
    run.take(envelope([], MONDAY + 30_000))
    pane = run.panes["DE", MONDAY + 30_000]
    assert [each.at - MONDAY for each in pane.officials] == [21_000, 25_000]
    assert pane.claims == [claim]
    assert pane.commands == [placed]
    assert len(run.panes) == 1
    run.take(envelope([], MONDAY + 40_000))
    assert len(run.panes["DE", MONDAY + 40_000].officials) == 1
    assert run.state.time == TimeSlot(
        epoch=1,
        lanes=1,
        partitions=1,
        clocks={f"0/{source}": MONDAY + 40_000 for source in SOURCES},
        sealed_to=MONDAY + 40_000,
    )


def test_an_outage_is_found_at_every_level_and_nowhere_else() -> None:
    begin, outage = MONDAY, MONDAY + 10 * HOUR_MS
    parts = background(1, begin, outage, 0.05) + background(2, begin, outage, 0.05, BONN) + crowd(outage, 10, 8)
    run = Run().live(parts, outage + 30 * MINUTE_MS)
    found = [anomaly for anomaly in run.anomalies if anomaly.ended_at > outage]
    assert {anomaly.area for anomaly in found} == {KOELN, NW}
    first = found[0]
    assert first.ended_at == outage + MINUTE_MS
    assert first.started_at == outage
    assert (first.direction, first.records, first.people, first.symptoms) == ("surge", 8, 8, {"no_service": 8})
    assert not [anomaly for anomaly in run.anomalies if anomaly.ended_at <= outage]


def test_three_people_are_no_anomaly_however_often_they_complain() -> None:
    outage = MONDAY + 5 * HOUR_MS
    parts = background(1, MONDAY, outage, 0.05)
    parts += [complaints(outage + minute * MINUTE_MS, [1, 2, 3], BONN) for minute in range(20)]
    run = Run().live(parts, outage + HOUR_MS)
    assert not [anomaly for anomaly in run.anomalies if anomaly.area == BONN]


def test_sixty_posts_scattered_over_a_nation_meet_there() -> None:
    outage = MONDAY + 10 * HOUR_MS
    nation = {"scope_area": "DE"}
    regions = ["DE/NW", "DE/BY", "DE/HE", "DE/SN", "DE/BE", "DE"]
    parts = [
        complaints(part.pane, [n], regions[n % 6], **nation)
        for n, part in enumerate(background(3, MONDAY, outage, 0.2))
    ]
    parts += [complaints(outage + n * 10_000, [10**6 + n], regions[n % 6], **nation) for n in range(60)]
    run = Run().live(parts, outage + 20 * MINUTE_MS)
    found = [anomaly for anomaly in run.anomalies if anomaly.ended_at > outage]
    assert {anomaly.area for anomaly in found} == {"DE"}
    assert found[0].ended_at <= outage + 5 * MINUTE_MS


def test_measured_values_that_fall_are_found() -> None:
    outage = MONDAY + 4 * HOUR_MS
    parts = [reading(at, 0.99 + 0.001 * (at // MINUTE_MS % 5)) for at in range(MONDAY, outage, MINUTE_MS)]
    parts += steady(outage, outage + 10 * MINUTE_MS, 0.4)
    run = Run().live(parts, outage + 20 * MINUTE_MS)
    assert {(each.area, each.measure, each.direction) for each in run.anomalies} == {
        (KOELN, "attach_success_ratio", "drop"),
        (NW, "attach_success_ratio", "drop"),
    }
    assert run.anomalies[0].ended_at <= outage + 3 * MINUTE_MS


def test_a_nation_with_an_anomaly_tells_its_talk_and_care_figures() -> None:
    outage = MONDAY + 5 * HOUR_MS
    nation = {"scope_area": "DE", "source": "mentions"}
    parts = [complaints(at, [at % 97], "DE", **nation) for at in range(MONDAY, outage, 10 * MINUTE_MS)]
    parts += [complaints(at, [at % 97], "DE", measure="activity", **nation) for at in range(MONDAY, outage, MINUTE_MS)]
    parts += crowd(outage, 5, 20, "DE", **nation) + crowd(outage, 5, 30, "DE", measure="activity", **nation)
    parts.append(reading(outage, 55.0, "DE", unit="s", measure="longest_wait_seconds", scope_area="DE"))
    run = Run().live(parts, outage + 10 * MINUTE_MS)
    quiet = [pane for (_, end), pane in run.panes.items() if end <= outage and pane.activity]
    assert not quiet
    first = run.panes["DE", outage + MINUTE_MS].activity
    assert [(each.source, each.measure, each.observed, each.people) for each in first] == [
        ("mentions", "activity", 30.0, 30),
        ("mentions", "complaints", 20.0, 20),
        ("telemetry", "longest_wait_seconds", 55.0, 0),
    ]
    assert first[0].expected == pytest.approx(1.0, rel=0.3)


def test_a_detector_that_raises_costs_its_series_and_the_stream_goes_on() -> None:
    begin, outage = MONDAY, MONDAY + 5 * HOUR_MS
    run = Run().live(background(1, begin, outage, 0.05) + background(2, begin, outage, 0.05, BONN), outage)
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    counts = scope.baselines["seasonal_counts"]
    broken = counts[next(key for key in counts if key.startswith(BONN))]
    assert isinstance(broken, CountState)
    broken.odds = []
    run.live([*crowd(outage, 5, 8), *crowd(outage, 5, 8, BONN)], outage + 10 * MINUTE_MS)
    decision = run.decisions[0]
    assert (decision.kind, decision.reason) == (DecisionKind.RESET, DecisionReason.RULE_FAILED)
    assert BONN in decision.subject
    assert "IndexError" in decision.text
    assert len(run.decisions) == 1
    assert {anomaly.area for anomaly in run.anomalies} == {KOELN, BONN, NW}


def test_too_many_series_of_a_scope_are_suppressed_and_said_so_once_a_day() -> None:
    config = DetectConfig(markets=("DE",), series_max=5)
    parts = [complaints(MONDAY + minute * MINUTE_MS, [1], f"{NW}/town{minute}") for minute in range(50)]
    run = Run(config).live(parts, MONDAY + 2 * HOUR_MS)
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    assert len(scope.heard) == len(scope.baselines["seasonal_counts"]) == 5
    assert [each.reason for each in run.decisions] == [DecisionReason.LIMIT_REACHED]


def test_idle_series_are_forgotten_and_return_as_if_they_had_been_zero() -> None:
    parts = [*background(1, MONDAY, MONDAY + 12 * DAY_MS, 0.01), complaints(MONDAY + HOUR_MS, [1], BONN)]
    late = MONDAY + 12 * DAY_MS
    run = Run().live(parts, late)
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    assert not [key for key in (*scope.heard, *scope.baselines["seasonal_counts"]) if key.startswith(BONN)]
    run.live(crowd(late, 3, 6, BONN), late + 10 * MINUTE_MS)
    assert {anomaly.area for anomaly in run.anomalies if anomaly.ended_at > late} == {BONN, NW}


def test_a_large_answer_is_split_and_only_its_last_part_moves_time() -> None:
    config = DetectConfig(markets=("DE", "FR"), items_max=3)
    run = Run(config)
    officials = [
        OfficialPost(operator="o2", at=Instant(MONDAY + n * PANE_MS), post_id=f"p{n}", platform="x", text="-")
        for n in range(10)
    ]
    run.take(envelope([], MONDAY, officials=officials))
    run.take(envelope([], MONDAY + HOUR_MS))
    parts = [each for each in run.of(Sealed) if each.market == "DE"][1:]
    assert [len(each.panes) for each in parts] == [3, 3, 3, 1]
    assert [each.sealed_to - MONDAY for each in parts] == [0, 0, 0, HOUR_MS]


def test_a_quiet_year_is_jumped_over() -> None:
    run = Run()
    run.live(steady(MONDAY, MONDAY + HOUR_MS), MONDAY + HOUR_MS)
    step = run.take(envelope([], MONDAY + 365 * DAY_MS))
    assert len(step.judged) == 0
    assert [silence.since for silence in run.silences] == [MONDAY + HOUR_MS - MINUTE_MS + PANE_MS]


def test_only_slots_that_changed_are_named() -> None:
    run = Run()
    run.take(envelope([complaints(MONDAY, [1]), complaints(MONDAY, [1], operator="o2")], None))
    assert run.steps[-1].changed == {TIME, "netcologne|DE/NW", "o2|DE/NW"}
    run.take(envelope([complaints(MONDAY, [2], operator="o2")], None))
    assert run.steps[-1].changed == {TIME, "o2|DE/NW"}


def test_a_series_without_a_verdict_says_so() -> None:
    run = Run().live(steady(MONDAY, MONDAY + HOUR_MS), MONDAY + HOUR_MS)
    judged = [each for step in run.steps for each in step.judged]
    assert judged
    for each in judged:
        assert isinstance(each, Judgement)
        assert (each.surprise, each.expected) == (None, None)
        assert each.observed == pytest.approx(0.99)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"markets": ()}, "markets"),
        ({"markets": ("FR", "DE")}, "markets"),
        ({"step_ms": 15_000}, "step_ms"),
        ({"promise_days": float("nan")}, "promise_days"),
        ({"early_ms": 3 * DAY_MS}, "early_ms"),
        ({"people_min": 0}, "people_min"),
    ],
)
def test_a_setting_out_of_range_refuses_the_start(wrong: dict[str, object], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        DetectConfig(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_slot_of_the_wrong_kind_stops_the_process() -> None:
    state = DetectState(0, {TIME: ScopeState(operator="o2", area="DE")})
    with pytest.raises(StateError, match="rebuild"):
        apply(state, envelope([], MONDAY), QUICK, MARKET_OF)


def test_counts_that_a_meter_reports_are_judged_at_its_own_pace() -> None:
    outage, every = MONDAY + 80 * HOUR_MS, 5 * MINUTE_MS
    meter = {"measure": "calls_offered", "unit": "count"}
    parts = [reading(at, 40 + at // every % 7, attempts=1, **meter) for at in range(MONDAY, outage, every)]
    parts += [reading(outage + n * every, 400.0, attempts=1, **meter) for n in range(4)]
    run = Run().live(parts, outage + HOUR_MS)
    assert {(each.area, each.direction, each.unit) for each in run.anomalies} == {
        (KOELN, "surge", "count"),
        (NW, "surge", "count"),
    }
    assert run.anomalies[0].observed == 400.0
    assert run.anomalies[0].ended_at == outage + MINUTE_MS
    assert len([each for step in run.steps for each in step.judged]) == 2 * len(parts)


def test_reactions_ride_along_but_are_never_judged() -> None:
    outage = MONDAY + 5 * HOUR_MS
    nation = {"scope_area": "DE", "source": "mentions"}
    parts = [complaints(at, [at % 97], "DE", **nation) for at in range(MONDAY, outage, 10 * MINUTE_MS)]
    parts += crowd(outage, 3, 20, "DE", **nation) + crowd(outage, 3, 500, "DE", measure="reactions", **nation)
    run = Run().live(parts, outage + 10 * MINUTE_MS)
    assert {anomaly.measure for anomaly in run.anomalies} == {"complaints"}
    told = [each for pane in run.panes.values() for each in pane.activity if each.measure == "reactions"]
    assert [(each.observed, each.expected) for each in told] == [(500.0, None)] * 3


def test_measured_series_that_stopped_for_days_are_forgotten() -> None:
    parts = [*steady(MONDAY, MONDAY + HOUR_MS), *background(1, MONDAY, MONDAY + 9 * DAY_MS, 0.01)]
    parts.append(reading(MONDAY, 5.0, measure="calls_waiting", unit="count"))
    run = Run().live(parts, MONDAY + 9 * DAY_MS)
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    assert scope.baselines["seasonal_levels"] == {}
    assert not [key for key in scope.heard if key_fields(key).source == "telemetry"]


def test_a_new_layout_of_lanes_waits_for_all_of_them_and_loses_nothing() -> None:
    run = Run()
    run.take(envelope([reading(MONDAY, 0.9)], MONDAY + 60_000, lanes=2))
    run.take(envelope([], MONDAY + 60_000, lane=1, lanes=2))
    sealed_to = run.state.time.sealed_to
    assert sealed_to == MONDAY + 60_000
    later = MONDAY + 90_000
    for lane in (0, 1):
        assert run.take(envelope([], later, lane=lane, lanes=3, layout=2)).outputs == ()  # the third was not heard
    assert run.state.time.sealed_to == sealed_to
    late = run.take(envelope([reading(MONDAY + 70_000, 0.9)], MONDAY + 65_000, lane=2, lanes=3, layout=2))
    assert not [output for output in late.outputs if isinstance(output, Refused)]
    run.take(envelope([], later, lane=2, lanes=3, layout=2))
    assert run.state.time.sealed_to == later


def test_layouts_never_go_back_and_a_layout_has_one_count_of_lanes() -> None:
    run = Run()
    run.take(envelope([], MONDAY, lanes=2, layout=2))
    for other in (envelope([], MONDAY, lanes=2), envelope([], MONDAY, lanes=3, layout=2)):
        with pytest.raises(StateError, match=r"layout|lanes"):
            run.take(other)

"""A feed that stopped: neither an outage nor an all-clear."""

from dataclasses import replace

from pipeline.detect.state import ScopeState
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, PANE_MS
from tests.detect.world import KOELN, MONDAY, NW, QUICK, Run, background, complaints, crowd, envelope, reading, steady


def test_telemetry_is_silent_after_three_usual_gaps() -> None:
    stop = MONDAY + 5 * HOUR_MS
    run = Run().live(steady(MONDAY, stop, every_ms=5 * MINUTE_MS), stop + 10 * MINUTE_MS)
    spoke = stop - 5 * MINUTE_MS + PANE_MS
    assert run.silences == []
    run.take(envelope([], stop + HOUR_MS))
    silence = run.silences[0]
    assert (silence.operator, silence.area, silence.source) == ("netcologne", NW, "telemetry")
    assert (silence.measure, silence.since, silence.ended) == ("attach_success_ratio", spoke, False)
    assert [end for (_, end), pane in run.panes.items() if pane.silences] == [stop + 11 * MINUTE_MS]
    assert len(run.silences) == 1


def test_a_silent_feed_has_no_verdict_and_no_anomaly() -> None:
    stop = MONDAY + 5 * HOUR_MS
    run = Run().live(background(1, MONDAY, stop, 2.0), stop)
    before = len(run.anomalies)
    step = run.take(envelope([], stop + 6 * HOUR_MS))
    assert [(silence.source, silence.ended) for silence in run.silences] == [("tickets", False)]
    assert len(run.anomalies) == before
    assert max(each.ended_at for each in step.judged) <= stop + 45 * MINUTE_MS  # type: ignore[attr-defined]


def test_silence_ends_when_the_feed_speaks_again_and_keeps_its_baseline() -> None:
    stop, again = MONDAY + 5 * HOUR_MS, MONDAY + 8 * HOUR_MS
    parts = background(1, MONDAY, stop, 2.0) + background(2, again, again + HOUR_MS, 2.0)
    run = Run().live(parts, again + HOUR_MS)
    assert [silence.ended for silence in run.silences] == [False, True]
    assert run.silences[0].since == run.silences[1].since
    assert not [anomaly for anomaly in run.anomalies if anomaly.ended_at > stop]


def test_a_slow_source_may_pause_for_hours() -> None:
    stop = MONDAY + 20 * HOUR_MS
    run = Run().live(background(1, MONDAY, stop, 0.02), stop + 3 * HOUR_MS)
    assert run.silences == []


def test_a_feed_that_is_silent_for_days_is_waited_for_no_longer() -> None:
    stop, later = MONDAY + 5 * HOUR_MS, MONDAY + 8 * DAY_MS
    people = [*background(1, MONDAY, stop, 2.0), *background(2, later, later + HOUR_MS, 2.0)]
    run = Run().live([*steady(MONDAY, stop), *people], later + HOUR_MS)
    told = [(silence.source, silence.ended) for silence in run.silences]
    assert sorted(told) == [("telemetry", False), ("telemetry", True), ("tickets", False), ("tickets", True)]
    feeds = [list(slot.feeds) for slot in run.state.slots.values() if isinstance(slot, ScopeState) and slot.feeds]
    assert feeds == [["tickets"]]


def test_a_scope_remembers_so_many_feeds_however_many_names_come() -> None:
    some = replace(QUICK, series_max=20)
    names = [reading(MONDAY, 0.99, measure=f"made_up_{number}") for number in range(200)]
    run = Run(some).live([*names, *background(1, MONDAY, MONDAY + HOUR_MS, 2.0)], MONDAY + HOUR_MS)
    feeds = [slot.feeds for slot in run.state.slots.values() if isinstance(slot, ScopeState)]
    assert max(map(len, feeds)) <= some.series_max + 1
    assert all("tickets" in known for known in feeds)


def test_backlog_is_not_silence() -> None:
    stop = MONDAY + 5 * HOUR_MS
    run = Run().live(steady(MONDAY, stop) + background(1, MONDAY, stop, 2.0), stop)
    run.take(envelope([], None))
    run.live(steady(stop, stop + HOUR_MS) + background(2, stop, stop + HOUR_MS, 2.0), stop + HOUR_MS)
    assert run.silences == []


def test_the_silence_of_one_source_leaves_the_others_their_verdicts() -> None:
    stop = MONDAY + 5 * HOUR_MS
    parts = steady(MONDAY, stop) + background(1, MONDAY, stop + 2 * HOUR_MS, 0.1) + crowd(stop + HOUR_MS, 5, 8)
    run = Run().live(parts, stop + 2 * HOUR_MS)
    assert [silence.source for silence in run.silences] == ["telemetry"]
    assert {anomaly.source for anomaly in run.anomalies} == {"tickets"}


def test_a_feed_that_comes_in_threes_is_not_silent_between() -> None:
    end = MONDAY + 10 * HOUR_MS
    parts = [part for at in range(MONDAY, end, 15 * MINUTE_MS) for part in steady(at, at + 3 * MINUTE_MS)]
    run = Run().live(parts, end)
    assert run.silences == []


def test_a_drop_of_complaints_is_no_anomaly() -> None:
    stop = MONDAY + 10 * HOUR_MS
    parts = background(1, MONDAY, stop, 8.0) + [
        complaints(at, [at % 89], KOELN) for at in range(stop, stop + HOUR_MS, 5 * MINUTE_MS)
    ]
    run = Run().live(parts, stop + HOUR_MS)
    assert not [anomaly for anomaly in run.anomalies if anomaly.direction == "drop"]

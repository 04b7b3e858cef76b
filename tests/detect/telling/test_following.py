"""What DETECT passes on of followed series: exact sums of five minutes, bounded, judged by nobody."""

from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.detect.telling.following import FOLLOWED_MAX
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, Instant
from pipeline.records.inner.figures import FIGURE_MS, FigureName, FollowedFigure, PaneFigures
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.inner.talk import LEAVING, MOODS, TALK
from pipeline.records.published.decisions import Decision
from pipeline.reference.metrics import Metric, Metrics, Role
from pipeline.respond.apply import apply
from pipeline.respond.figures import KnownFigures
from pipeline.respond.followups.figures_after import AfterOutage
from pipeline.respond.state import RespondState
from tests.detect.world import MONDAY, QUICK, Run, complaints, envelope, reading
from tests.respond.followups.made import RULES

BACKUP = Metrics([Metric(name="bot_health", role=Role.RESOURCE, kind="ratio", unit="ratio", bad="down",
                         least_change=0.2, follow=True)])  # fmt: skip


def figures(run: Run) -> list[FollowedFigure]:
    return [figure for pane in run.panes.values() for figure in pane.figures]


def waiting(minute: float, calls: float, *, attempts: int = 1, area: str = "DE", **names: str) -> SeriesPartial:
    fields = {"scope_area": area, "measure": "calls_waiting"} | names
    return reading(MONDAY + int(minute * MINUTE_MS), calls, area, unit="count", attempts=attempts, **fields)


def test_readings_of_five_minutes_become_one_exact_figure_at_their_end() -> None:
    run = Run().live([waiting(0, 10), waiting(4.9, 20, attempts=3), waiting(5, 7)], MONDAY + HOUR_MS)
    told = [(int(figure.ended_at) - MONDAY, int(figure.count), int(figure.total)) for figure in figures(run)]
    assert told == [(FIGURE_MS, 4, 70_000), (2 * FIGURE_MS, 1, 7_000)]
    assert [end - MONDAY for (_, end), pane in run.panes.items() if pane.figures] == [FIGURE_MS, 2 * FIGURE_MS]


def test_what_was_not_seen_has_no_figure() -> None:
    run = Run().live([waiting(0, 10), waiting(31, 10)], MONDAY + 2 * HOUR_MS)
    assert [int(figure.ended_at) - MONDAY for figure in figures(run)] == [FIGURE_MS, 7 * FIGURE_MS]


def test_people_are_followed_for_the_nation_and_measured_values_only_if_the_table_says_so() -> None:
    at = MONDAY + MINUTE_MS
    parts = [
        complaints(at, range(3), area="DE", scope_area="DE"),
        complaints(at, range(10, 15)),  # a town, in its region's scope
        reading(at, 0.9, "DE", scope_area="DE"),
    ]
    told = {(figure.area, figure.measure, int(figure.total)) for figure in figures(Run().live(parts, MONDAY + HOUR_MS))}
    assert told == {("DE", "complaints", 3_000)}


def test_mood_and_talk_of_leaving_are_followed_under_the_names_that_respond_asks_for() -> None:
    at, subjects = MONDAY + MINUTE_MS, (*MOODS, LEAVING, "prices", "claim:attack")
    parts = [
        complaints(at, range(3), area="DE", source="mentions", scope_area="DE", measure=TALK, item=subject)
        for subject in subjects
    ]
    told = Run().live(parts, MONDAY + HOUR_MS)
    state = RespondState(0)
    apply(state, PaneFigures(market="DE", at=Instant(at), figures=tuple(figures(told))), RULES, ())
    known = KnownFigures("DE", state.slots)
    after = AfterOutage(known, "netcologne", began=MONDAY, ended=MONDAY + HOUR_MS, at=MONDAY + HOUR_MS)
    assert after.mood(MONDAY, MONDAY + HOUR_MS)[:2] == (6, 3), "three favourable, three hostile, three neutral"
    assert known.total("netcologne", FigureName(TALK, "mentions", item=LEAVING), MONDAY, MONDAY + HOUR_MS) == 3_000
    assert len(figures(told)) == len(MOODS) + 1, "prices and claims are no figure"


@pytest.mark.parametrize("area", ["DE", "DE/NW"])
def test_a_backup_that_is_an_element_is_followed_wherever_it_stands(area: str) -> None:
    at = MONDAY + MINUTE_MS
    names: dict[str, Any] = {"scope_area": area, "measure": "bot_health", "element": "bot-1"}
    run = Run(metrics=BACKUP).live([reading(at, 0.5, area, attempts=100, **names)], MONDAY + HOUR_MS)
    assert [int(figure.total) for figure in figures(run) if figure.element == "bot-1"] == [50_000_000]
    assert {figure.element for figure in figures(run)} == ({"", "bot-1"} if area == "DE" else {"bot-1"})


def test_figures_go_out_though_everybody_falls_silent_and_whatever_the_step_is() -> None:
    for step_ms in (MINUTE_MS, 20 * MINUTE_MS):
        config = type(QUICK)(markets=("DE", "FR"), step_ms=step_ms)
        run = Run(config).live([waiting(1, 10)], MONDAY + HOUR_MS)
        assert [int(figure.total) for figure in figures(run)] == [10_000]


def test_a_cut_in_five_minutes_and_a_restart_change_nothing() -> None:
    def told(run: Run, parts: Iterable[SeriesPartial]) -> list[FollowedFigure]:
        for number, part in enumerate(parts):
            run.take(envelope([part], MONDAY + number * 70_000))
            run.restart()
        run.take(envelope([], MONDAY + HOUR_MS))
        return figures(run)

    parts = [waiting(minute * 7 / 6 + 0.1, minute) for minute in range(12)]
    assert told(Run(), parts) == figures(Run().live(parts, MONDAY + HOUR_MS))


def test_too_many_followed_series_are_left_out_counted_and_said_once_a_day() -> None:
    names = [f"queue-{number:03}" for number in range(FOLLOWED_MAX + 9)]
    parts = [waiting(minute, 1, item=name) for minute in (0, 1, 5) for name in names]
    run = Run().live(parts, MONDAY + HOUR_MS)
    assert [len(pane.figures) for pane in run.panes.values() if pane.figures] == [FOLLOWED_MAX, FOLLOWED_MAX]
    assert [pane.figures_omitted for pane in run.panes.values() if pane.figures] == [18, 9]
    said = [output for output in run.outputs if isinstance(output, Decision) and "follows" in output.text]
    assert len(said) == 1

"""Where figures are measured is told when the first is heard, and once a day."""

from pipeline.detect.state import ScopeState
from pipeline.detect.telling.measuring import tell_measured
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.inner.anomalies import MeasuredPlace
from tests.detect.world import BONN, KOELN, MONDAY, Run, complaints, reading


def said(run: Run) -> list[tuple[int, list[MeasuredPlace]]]:
    """What was told of measured places, with its pane."""
    return [(end, pane.measured) for (_, end), pane in run.panes.items() if pane.measured]


def test_a_place_is_told_with_its_first_figure_and_what_holds_it_and_again_each_day() -> None:
    parts = [reading(MONDAY + hour * HOUR_MS, 0.99, KOELN, service="broadband") for hour in range(30)]
    parts += [reading(MONDAY + 3 * HOUR_MS, 0.99, BONN, service="tv")]
    told = said(Run().live(parts, MONDAY + 30 * HOUR_MS))
    assert [end - MONDAY for end, _ in told] == [MINUTE_MS, 3 * HOUR_MS + MINUTE_MS, DAY_MS + MINUTE_MS]
    assert [(place.area, place.services) for place in told[0][1]] == [("DE/NW", ["broadband"]), (KOELN, ["broadband"])]
    everywhere = [("DE/NW", ["broadband", "tv"]), (BONN, ["tv"]), (KOELN, ["broadband"])]
    assert [(place.area, place.services) for place in told[1][1]] == everywhere
    assert told[2][1] == told[1][1]


def test_people_and_elements_measure_nothing() -> None:
    parts = [complaints(MONDAY, range(5)), reading(MONDAY, 0.5, KOELN, element="core-1", measure="cpu_load_ratio")]
    assert said(Run().live(parts, MONDAY + HOUR_MS)) == []


def test_a_nations_figures_are_those_of_its_regions() -> None:
    nation = ScopeState(operator="o2", area="DE", figures={"DE": ["broadband"]})
    region = ScopeState(operator="o2", area="DE/NW", figures={"DE/NW": ["broadband"]})
    assert tell_measured(nation, MONDAY) == ()
    assert tell_measured(region, MONDAY) == (MeasuredPlace(operator="o2", area="DE/NW", services=["broadband"]),)
    assert tell_measured(region, MONDAY + HOUR_MS) == ()


def test_a_restart_tells_nothing_twice() -> None:
    run = Run().live([reading(MONDAY, 0.99, service="tv")], MONDAY + HOUR_MS)
    run.restart()
    run.live([reading(MONDAY + 2 * HOUR_MS, 0.99, service="tv")], MONDAY + 3 * HOUR_MS)
    assert len(said(run)) == 1

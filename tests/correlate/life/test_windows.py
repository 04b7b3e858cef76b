"""Silences and maintenance windows: whom they cover, and when."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.life.course import due_at
from pipeline.correlate.life.windows import at_time, look_at_windows, next_start, window_ordered
from pipeline.correlate.state import MarketState, OpenIncident, OrderedWindow
from pipeline.records.clocks import MINUTE_MS
from tests.correlate.made import BONN, CONFIG, KOELN, dossier, incident
from tests.correlate.stories import REFERENCE, at, command


def window(kind: str = "maintenance", begin: float = 0, end: float = 60, **facts: Any) -> OrderedWindow:
    known = {"window_id": "w1", "operator": "netcologne", "by": "ina", "reason": "router"}
    return OrderedWindow(kind=kind, starts_at=at(begin), until=at(end), **{**known, **facts})


def covered(*windows: OrderedWindow, minute: float = 10, **facts: Any) -> list[str]:
    case = incident(dossier(KOELN, **facts))
    look_at_windows(case, windows, at(minute), CONFIG)
    cover = case.cover
    return [name for name, part in (("silence", cover.silence), ("maintenance", cover.maintenance)) if part]


@pytest.mark.parametrize(
    ("ordered", "covers"),
    [
        pytest.param(window(), True, id="of_its_operator"),
        pytest.param(window(operator="alpha"), False, id="of_another_operator"),
        pytest.param(window(area="DE/NW"), True, id="of_its_region"),
        pytest.param(window(area=BONN), False, id="of_another_city"),
        pytest.param(window(service="tv"), False, id="of_another_service"),
        pytest.param(window(service="broadband"), True, id="of_its_service"),
        pytest.param(window(incident_id="i1", operator=""), True, id="of_itself"),
        pytest.param(window(incident_id="i2", operator=""), False, id="of_another_incident"),
        pytest.param(window(begin=10), True, id="from_its_start"),
        pytest.param(window(begin=10.2), False, id="not_before"),
        pytest.param(window(end=10), False, id="not_at_its_end"),
    ],
)
def test_whom_a_window_covers(ordered: OrderedWindow, covers: bool) -> None:
    assert covered(ordered, services=["broadband"]) == (["maintenance"] if covers else [])


def test_an_incident_that_reaches_beyond_the_window_is_not_covered() -> None:
    case = incident(dossier(KOELN, BONN))
    look_at_windows(case, [window(area=KOELN)], at(10), CONFIG)
    assert case.cover.maintenance is None


def test_an_incident_of_no_known_service_is_covered_by_a_window_of_any() -> None:
    assert covered(window(service="tv")) == ["maintenance"]


@given(ends=st.lists(st.integers(11, 99), min_size=1, max_size=6))
def test_of_several_windows_the_one_that_ends_last_counts(ends: list[int]) -> None:
    case = incident()
    ordered = [window("silence", end=end, window_id=f"w{number}") for number, end in enumerate(ends)]
    look_at_windows(case, ordered, at(10), CONFIG)
    assert case.cover.silence is not None
    assert case.cover.silence.until == at(max(ends))
    look_at_windows(case, [], at(10), CONFIG)
    assert case.cover.silence is None


@pytest.mark.parametrize(
    ("target", "facts", "found"),
    [
        pytest.param("netcologne", {}, ("netcologne", ""), id="an_operator"),
        pytest.param("netcologne@DE/NW", {}, ("netcologne", "DE/NW"), id="an_operator_in_an_area"),
        pytest.param("free text", {"operator": "alpha", "area": "DE/HH"}, ("alpha", "DE/HH"), id="by_its_fields"),
        pytest.param("nobody", {}, None, id="nobody_we_know"),
    ],
)
def test_whom_an_order_names(target: str, facts: dict[str, Any], found: tuple[str, str] | None) -> None:
    order = command(0, "silence", target, **facts).command
    made = window_ordered(order, at(0), at(60), None, REFERENCE)
    assert (made and (made.operator, made.area)) == found


def test_an_order_about_an_incident_covers_that_one_alone() -> None:
    order = command(0, "silence", "i1").command
    made = window_ordered(order, at(0), at(60), incident(), REFERENCE)
    assert made is not None
    assert (made.incident_id, made.operator) == ("i1", "")


def test_a_window_that_starts_later_is_waited_for_if_anything_is_open() -> None:
    market = MarketState(market="DE", worked_to=at(5), windows=[window(begin=5), window(begin=20), window(begin=30)])
    assert next_start(market) is None
    market.incidents = [incident()]
    assert next_start(market) == at(20)


def after_the_work(minute: float, evidence: float, **facts: Any) -> OpenIncident:
    """An incident whose latest evidence came at a minute, looked at later; work covered it from 0 to 60."""
    case = incident(dossier(KOELN, minute=evidence, **facts))
    look_at_windows(case, [window()], at(10), CONFIG)
    look_at_windows(case, [], at(minute), CONFIG)
    return case


@pytest.mark.parametrize(
    ("minute", "evidence", "step_minutes", "stays"),
    [
        pytest.param(60, 59, 1, True, id="at_its_end"),
        pytest.param(600, 59, 1, True, id="long_after_it_without_a_word"),
        pytest.param(61, 61, 1, True, id="a_step_that_began_within_it"),
        pytest.param(66, 64, 5, True, id="a_longer_step_that_began_within_it"),
        pytest.param(62, 62, 1, False, id="evidence_of_after_it"),
    ],
)
def test_planned_work_stays_planned_as_long_as_nothing_shows_after_its_end(
    minute: float, evidence: float, step_minutes: int, stays: bool
) -> None:
    case = after_the_work(minute, evidence, step_ms_max=step_minutes * MINUTE_MS)
    assert (case.cover.maintenance is not None) == stays


def test_work_that_is_over_comes_to_no_incident_that_it_never_covered() -> None:
    case = incident(dossier(KOELN, minute=70))
    look_at_windows(case, [window()], at(71), CONFIG)
    assert case.cover.maintenance is None


def test_a_window_that_is_over_rings_no_more() -> None:
    case = after_the_work(61, 59)
    assert due_at(case, CONFIG, at(59)) == at(60)
    assert due_at(case, CONFIG, at(60)) > at(61)


def nightly(count: int = 3) -> OrderedWindow:
    """An hour of work each night, a day after the other."""
    return window(end=60, recurrence=f"FREQ=DAILY;COUNT={count}", time_zone="UTC", first_at=at(0))


NIGHT = 24 * 60


@pytest.mark.parametrize(
    ("minute", "begins"),
    [
        pytest.param(-5, 0, id="before_the_first"),
        pytest.param(30, 0, id="within_the_first"),
        pytest.param(60, NIGHT, id="at_the_end_of_the_first"),
        pytest.param(NIGHT + 59, NIGHT, id="within_the_second"),
        pytest.param(2 * NIGHT + 60, 2 * NIGHT, id="after_the_last"),
        pytest.param(99 * NIGHT, 2 * NIGHT, id="long_after_the_last"),
    ],
)
def test_a_window_that_comes_again_is_at_its_present_or_next_time(minute: float, begins: float) -> None:
    now = at_time(nightly(), at(minute))
    assert (now.starts_at, now.until) == (at(begins), at(begins + 60))


def test_the_next_time_of_a_window_is_waited_for() -> None:
    market = MarketState(market="DE", worked_to=at(90), windows=[nightly()], incidents=[incident()])
    assert next_start(market) == at(NIGHT)
    market.worked_to = at(2 * NIGHT)
    assert next_start(market) is None

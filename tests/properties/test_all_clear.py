"""No all-clear while a figure that bears on service is worse than healthy in its areas, whatever anybody says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records.vocabulary import IncidentState
from tests.correlate.accounts import cooled, weighing
from tests.correlate.made import BONN, KOELN
from tests.correlate.stories import Story, anomaly, end_of, official
from tests.detect.account.town import NOBODY, USUAL, Town

OVER = "Die Störung ist behoben."
HOT_MILLI = -1_100
QUIET_MINUTES = 15

courses = st.lists(st.tuples(st.integers(3, 40), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=5)
"""For so many minutes: is Köln down, is Bonn, and does the operator say that all is over?"""


def told(courses_drawn: list[tuple[int, bool, bool, bool]]) -> tuple[Story, dict[int, set[str]]]:
    """A story of these courses, then an hour in which all is well; and which areas were down in which minute."""
    story, down, minute = Story(), {}, 0
    for minutes, koeln, bonn, cleared in [(5, True, True, False), *courses_drawn, (70, False, False, False)]:
        for number in range(minutes):
            fallen = {area for area, is_down in ((KOELN, koeln), (BONN, bonn)) if is_down}
            down[minute] = fallen
            things: list[object] = [official(minute, OVER)] if cleared and not number else []
            for area in (KOELN, BONN):
                known = weighing(end_of(minute), area, "broadband", probability=0.97, disturbed=0.9995)
                things.append(known if area in fallen else cooled(known, end_of(minute)))
                if area in fallen:
                    things.append(anomaly(minute, area, "telemetry", measure="attach_success_ratio", unit="ratio"))
            story.tell(minute, *things)
            minute += 1
    return story, down


@settings(max_examples=15, deadline=None)
@given(drawn=courses)
def test_no_all_clear_while_a_figure_of_its_areas_is_down(drawn: list[tuple[int, bool, bool, bool]]) -> None:
    story, down = told(drawn)
    ends = {int(end_of(minute)): minute for minute in down}
    assert story.changes
    for change in story.changes:
        before = change.before.state if change.before else None
        if change.after.state is IncidentState.RESOLVED and before is not IncidentState.RESOLVED:
            last = max(minute for end, minute in ends.items() if end <= int(change.at))
            lately = range(last - QUIET_MINUTES, last + 1)
            mine = {area.area for area in change.after.areas}
            assert not any(down.get(minute, set()) & mine for minute in lately)


@settings(max_examples=25, deadline=None)
@given(value=st.floats(0.0, 0.9), hours=st.integers(1, 4), silent=st.booleans())
def test_a_figure_that_stays_down_stays_believed_whatever_people_say(value: float, hours: int, silent: bool) -> None:
    town = Town().lives(5, 0.99).lives(10, value)
    town.told.clear()
    town.lives(60 * hours, value, NOBODY if silent else USUAL)
    assert len(town.told) >= 60 * hours
    assert min(known.disturbed_milli for known in town.told if known.service) >= HOT_MILLI


@settings(max_examples=15, deadline=None)
@given(drawn=courses)
def test_all_customers_are_back_only_when_all_areas_are(drawn: list[tuple[int, bool, bool, bool]]) -> None:
    story, _ = told(drawn)
    for change in story.changes:
        told_now, back = change.after, change.after.customers_back_ppm
        if back == 1_000_000:
            assert all(area.back_at is not None for area in told_now.areas)
        if told_now.state is IncidentState.RESOLVED:
            assert back in (None, 1_000_000)

"""A cloud fails, and people complain of every operator: how it is heard, what it opens, and what it does not hide."""

import pytest

from pipeline.correlate.hear.figures import hear_loudness
from pipeline.correlate.hear.officials import CONFIRM_WEIGHT, confirm_by_word, hear_officials
from pipeline.correlate.parts import AreaSeen
from pipeline.correlate.rivals.believed import believed, is_complained_of_alike
from pipeline.records.inner.anomalies import Activity
from pipeline.records.vocabulary import IncidentState
from tests.correlate.accounts import weighing
from tests.correlate.made import KOELN, dossier, incident, pane
from tests.correlate.stories import Story, anomaly, at, end_of, official, talk

HAMBURG = "DE/HH/hamburg"


def complaining(operator: str, observed: float, expected: float | None = 0.1) -> Activity:
    """A minute of an operator's nation."""
    return Activity(operator=operator, source="mentions", measure="complaints", observed=observed, expected=expected)


BOTH = (complaining("netcologne", 20.0), complaining("alpha", 30.0))


def test_older_minutes_count_less_and_of_whom_nothing_is_usual_nothing_is_known() -> None:
    work = pane(1)
    hear_loudness([complaining("alpha", 10.0), complaining("beta", 10.0, None)], work)
    assert sorted(work.market.loudness) == ["alpha"]
    work.at = at(15)
    hear_loudness([complaining("alpha", 1.0)], work)
    said = work.market.loudness["alpha"]
    assert 5_500 < said.complaints_milli < 6_500  # half of them after a quarter of an hour
    assert 120 < said.usual_milli < 170
    work.at = at(15 + 361)
    hear_loudness([complaining("gamma", 1.0)], work)
    assert sorted(work.market.loudness) == ["gamma"]


def test_talk_and_what_names_a_service_are_no_further_complaints() -> None:
    work = pane(1)
    more = Activity(operator="alpha", source="mentions", measure="activity", observed=90.0, expected=1.0)
    named = Activity(
        operator="alpha", source="mentions", measure="complaints", service="tv", observed=9.0, expected=1.0
    )
    hear_loudness([more, named], work)
    assert not work.market.loudness


def test_of_whom_people_complain_as_of_others_figures_alone_are_believed() -> None:
    work = pane(1)
    work.market.weighings = {"people": weighing(at(1), added=["public"]), "figures": weighing(at(1))}
    assert believed(work) is work.market.weighings
    hear_loudness(BOTH, work)
    assert is_complained_of_alike("netcologne", work)
    assert not is_complained_of_alike("gamma", work)
    assert believed(work)["people"].odds_milli < 0 < believed(work)["figures"].odds_milli


def test_what_is_said_of_two_networks_opens_nothing_and_says_why() -> None:
    story = Story()
    for minute in range(3):
        sure = weighing(end_of(minute), added=["care", "public"])
        story.tell(minute, talk(minute, 500), sure, *BOTH)
    assert not story.incidents
    assert any("complain of other operators alike" in row.text for row in story.decisions)


def test_a_line_that_breaks_in_the_middle_of_it_is_found_in_its_town_alone() -> None:
    story = Story()
    for minute in range(3):
        falls = weighing(end_of(minute), service="broadband", added=["network"])
        rows = [anomaly(minute, KOELN, "telemetry", service="broadband"), talk(minute, 500, area=HAMBURG)]
        story.tell(minute, *rows, falls, *BOTH)
    assert [area.area for area in story.only().areas] == ["DE/NW/koeln"]


@pytest.mark.parametrize(
    ("measured", "state"),
    [
        pytest.param(False, IncidentState.SUSPECTED, id="it_speaks_of_what_everybody_speaks_of"),
        pytest.param(True, IncidentState.CONFIRMED, id="where_figures_fall_it_speaks_of_itself"),
    ],
)
def test_the_operators_word_alone_confirms_nothing_then(state: IncidentState, *, measured: bool) -> None:
    seen = AreaSeen(since=at(0), last_at=at(5), measured=measured)
    work = pane(5, incident(dossier(areas={KOELN: seen})))
    hear_loudness(BOTH, work)
    hear_officials([official(4, "Viele Apps laden nicht, die Störung liegt nicht bei uns.")], work)
    assert work.market.incidents[0].state is state


def test_what_is_a_fact_already_is_believed_as_ever() -> None:
    known = incident(dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(1))}))
    work = pane(1, known)
    work.market.weighings = {"people": weighing(at(1), added=["public"])}
    hear_loudness(BOTH, work)
    assert believed(work, known)["people"].odds_milli < 0
    known.course.settled = "corroborated"
    assert believed(work, known) is work.market.weighings


def test_a_word_of_the_operator_confirms_once_people_complain_of_no_other() -> None:
    known = incident(dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(5))}))
    known.officials.weight = CONFIRM_WEIGHT
    work = pane(5, known)
    states = []
    confirm_by_word(known, work)  # nothing was said of others yet: its word was weighed when it came
    states.append(known.state)
    hear_loudness(BOTH, work)
    confirm_by_word(known, work)
    states.append(known.state)
    work.at = at(30)
    confirm_by_word(known, work)
    states.append(known.state)
    assert states == [IncidentState.SUSPECTED, IncidentState.SUSPECTED, IncidentState.CONFIRMED]


def test_steps_of_less_than_a_minute_fade_as_minutes_do() -> None:
    work = pane(1)
    for step in range(6 * 60):
        work.at = at(1) + 10_000 * step
        hear_loudness([complaining("alpha", 1.0)], work)
    assert work.market.loudness["alpha"].complaints_milli < 150_000  # six a minute, of which one in twenty fades

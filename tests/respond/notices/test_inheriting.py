"""A split or a merger: who was told goes on with updates, who was not told gets a first word."""

from typing import Any, Final

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import Links, Silence, StateChange
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from tests.respond.notices.telling import Telling, at, occasions

WHOLE: Final = "4f6a1c7be09d33215f00"
PART: Final = "0b1c2d3e4f5061728394"
OF_WHOLE: Final = Links(split_from=WHOLE)
TOOK_IN: Final = Links(merged_from=(PART,))


def of(telling: Telling, incident_id: str) -> list[tuple[str, int]]:
    """What was told of an incident, and when."""
    return occasions([notice for notice in telling.notices if notice.incident_id == incident_id])


def part(telling: Telling, minute: float, **facts: Any) -> list[Notice]:
    """A revision of the part, which is Köln."""
    told: dict[str, Any] = {"incident_id": PART, "links": OF_WHOLE, "areas": ("DE/NW/koeln",)}
    return telling.change(minute, **(told | facts))


def test_a_part_of_what_was_told_goes_on_with_updates() -> None:
    telling = Telling()
    telling.change(3)
    assert part(telling, 10) == []
    assert part(telling, 11) == []
    decisions = [decision for decision in telling.decisions("suppressed") if decision.incident_id == PART]
    assert [decision.reason.value for decision in decisions] == ["already_sent"]
    assert WHOLE in decisions[0].text
    telling.until(64)
    assert of(telling, PART) == [("cadence", 63)]
    part(telling, 70, areas=("DE/NW/koeln", "DE/NW/aachen"))
    part(telling, 90, state=IncidentState.RECOVERING)
    part(telling, 120, state=IncidentState.RESOLVED)
    telling.until(140)
    assert [name for name, _at in of(telling, PART)] == ["cadence", "wider", "recovering", "all_clear", "apology"]


def test_texts_and_corrections_of_a_part_are_counted_from_none() -> None:
    telling = Telling()
    telling.change(3)
    telling.state.cases("DE")[0].notices.told.rumours.append("r1")
    part(telling, 10)
    told = {case.incident.incident_id: case.notices.told for case in telling.state.cases("DE")}
    assert (told[PART].texts, told[PART].rumours) == (0, [])
    assert (told[WHOLE].texts, told[WHOLE].rumours) == (len(telling.notices), ["r1"])


def test_a_part_that_was_split_off_before_anybody_was_told_gets_its_first_word() -> None:
    telling = Telling()
    telling.change(3, state=IncidentState.SUSPECTED)
    part(telling, 5, state=IncidentState.SUSPECTED)
    telling.change(8)
    part(telling, 10)
    assert (of(telling, WHOLE), of(telling, PART)) == ([("confirmed", 8)], [("confirmed", 10)])


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_part_that_is_split_off_in_the_pane_of_the_first_word_has_one_too(whole_first: bool) -> None:
    telling = Telling()
    telling.change(3, state=IncidentState.SUSPECTED)
    if whole_first:
        telling.change(5)
    part(telling, 5)
    if not whole_first:
        telling.change(5)
    assert (of(telling, WHOLE), of(telling, PART)) == ([("confirmed", 5)], [("confirmed", 5)])


def test_a_part_of_what_was_silenced_is_told_when_the_silence_ends() -> None:
    telling = Telling()
    silence = Silence(until=Instant(at(60)), by="ina", reason="known")
    telling.change(3, silence=silence)
    part(telling, 10, silence=silence)
    telling.until(61)
    assert (of(telling, WHOLE), of(telling, PART)) == ([("confirmed", 60)], [("confirmed", 60)])


def test_what_the_whole_is_told_later_is_not_told_of_the_part() -> None:
    telling = Telling()
    telling.change(3)
    part(telling, 10)
    part(telling, 20, services=("broadband", "mobile_data"))
    assert of(telling, PART) == [("wider", 20)]
    assert telling.state.cases("DE")[1].notices.told.services == ["broadband", "fixed_voice", "tv"], "apart"


def merged(telling: Telling, minute: float) -> None:
    """The younger goes into the older, which is confirmed by it."""
    into = Links(merged_into=WHOLE)
    part(telling, minute, state=IncidentState.CLOSED, resolved_at=None, links=into)
    history = (StateChange(state=IncidentState.CONFIRMED, at=Instant(at(minute)), reason="same_outage"),)
    telling.change(minute, links=TOOK_IN, state_history=history)


def test_what_was_approved_of_the_younger_is_known_of_the_older() -> None:
    telling = Telling()
    telling.change(2, state=IncidentState.SUSPECTED)
    part(telling, 3, links=None)
    telling.order(4, "approve", PART)
    merged(telling, 10)
    telling.change(11, links=TOOK_IN)
    assert of(telling, WHOLE) == [("wider", 10)], "Bonn was not told before"
    assert [decision.reason.value for decision in telling.decisions("suppressed")] == ["already_sent"]


def test_a_public_warning_of_the_younger_is_taken_back_by_the_older() -> None:
    telling = Telling()
    telling.change(2, state=IncidentState.SUSPECTED)
    part(telling, 3, links=None, numbers=("112",))
    telling.order(4, "approve", PART)
    merged(telling, 10)
    telling.change(60, links=TOOK_IN, state=IncidentState.RESOLVED)
    telling.until(80)
    (cancel,) = [notice for notice in telling.notices if notice.outlet == "cap" and notice.occasion == "all_clear"]
    assert "<msgType>Cancel<" in cancel.body
    assert "<references>" in cancel.body


def test_a_draft_that_is_withdrawn_with_the_younger_is_followed_by_a_first_word() -> None:
    telling = Telling()
    telling.change(2, state=IncidentState.SUSPECTED)
    part(telling, 3, links=None)
    merged(telling, 10)
    assert {notice.state for notice in telling.latest.values() if notice.incident_id == PART} == {"withdrawn"}
    assert of(telling, WHOLE) == [("confirmed", 10)]


def test_an_older_one_that_takes_in_what_nobody_was_told_of_has_its_first_word() -> None:
    telling = Telling()
    telling.change(2, state=IncidentState.SUSPECTED)
    part(telling, 3, links=None, state=IncidentState.SUSPECTED)
    merged(telling, 10)
    assert of(telling, WHOLE) == [("confirmed", 10)]

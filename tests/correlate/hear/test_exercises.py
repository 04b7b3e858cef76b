"""An exercise: an outage that is ordered, is marked throughout, touches nothing real and is touched by nothing real."""

from typing import Any

import pytest

from pipeline.correlate.hear.exercises import EXERCISES_MAX, exercise_id
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from tests.correlate.stories import Story, at, claim, command, official, talk, time_text

KOELN = "netcologne@DE/NW/koeln"


def exercise(minute: float = 0, target: str = KOELN, **more: Any) -> Any:
    facts = {"until": time_text(60), "reason": "yearly exercise", **more}
    return command(minute, "exercise", target, **facts)


def revisions(story: Story, *, exercise: bool = True) -> list[Incident]:
    return [change.after for change in story.changes if change.after.exercise == exercise]


def answers(story: Story) -> list[Decision]:
    return [decision for decision in story.decisions if decision.by == "ina"]


def test_an_exercise_opens_confirmed_with_what_it_names_and_is_marked_in_each_record() -> None:
    story = Story().tell(0, exercise(service="emergency", command_id="d1"))
    (incident,) = revisions(story)
    assert incident.incident_id == exercise_id("DE", "d1")
    assert (incident.state, incident.severity) == ("confirmed", "critical")
    assert incident.services == ("broadband", "emergency", "mobile_voice")
    assert [row.area for row in incident.areas] == ["DE/NW/koeln"]
    assert incident.customers_affected is not None
    assert (incident.customers_affected.low, incident.customers_affected.high) == (250_000, 250_000)
    assert incident.customers_affected.basis == "all who live there, as an exercise orders"
    assert incident.emergency is not None
    assert incident.emergency.numbers == ("112", "110")
    assert "exercise" in (incident.emergency.verification_text or "")
    assert incident.summary is not None
    assert incident.summary.headline.de.startswith("ÜBUNG. ")
    assert [(decision.reason, decision.exercise) for decision in answers(story)] == [("exercise", True)] * 3
    assert exercise_id("DE", "d1") in answers(story)[0].text


@pytest.mark.parametrize(
    ("service", "services", "emergency"),
    [
        pytest.param(None, ("broadband", "mobile_voice"), False, id="all_that_the_operator_sells"),
        pytest.param("broadband", ("broadband",), False, id="one_service"),
        pytest.param("emergency", ("broadband", "emergency", "mobile_voice"), True, id="all_and_emergency_calls"),
    ],
)
def test_what_fails_in_an_exercise(service: str | None, services: tuple[str, ...], *, emergency: bool) -> None:
    (incident,) = revisions(Story().tell(0, exercise(service=service)))
    assert incident.services == services
    assert (incident.emergency is not None) == emergency


def test_an_exercise_begins_at_its_start_and_ends_like_an_outage_whose_last_evidence_is_at_its_end() -> None:
    story = Story().tell(0, exercise(starts_at=time_text(30), until=time_text(90))).until(29)
    assert revisions(story) == []
    story.until(31)
    (first,) = revisions(story)
    assert int(first.opened_at) == at(30)
    story.until(89)
    assert {incident.state for incident in revisions(story)} == {"confirmed"}
    story.until(24 * 60)
    last = revisions(story)[-1]
    assert [step.state for step in last.state_history[1:]] == ["confirmed", "recovering", "resolved", "closed"]
    assert int(last.ended_at or 0) == at(90)


def test_no_evidence_goes_into_an_exercise_and_a_real_outage_beside_it_is_found_as_ever() -> None:
    with_exercise = Story().tell(0, exercise()).tell(1, talk(1)).tell(2, official(2)).until(40)
    without = Story().tell(1, talk(1)).tell(2, official(2)).until(40)
    assert revisions(with_exercise, exercise=False) == revisions(without, exercise=False) != []
    (only,) = {incident.incident_id for incident in revisions(with_exercise)}
    mine = [incident for incident in revisions(with_exercise) if incident.incident_id == only]
    assert {incident.posts.posts if incident.posts else 0 for incident in mine} == {0}
    assert all(incident.communication is None or not incident.communication.official_posts for incident in mine)


def test_a_claim_that_help_cannot_be_called_opens_a_real_incident_during_an_exercise() -> None:
    story = Story().tell(0, exercise(service="emergency")).tell(1, claim(1, 1, source="tickets"))
    (incident,) = revisions(story, exercise=False)
    assert incident.emergency is not None
    assert incident.severity == "critical"


@pytest.mark.parametrize("kind", ["silence", "maintenance"])
def test_a_real_window_of_the_operator_does_not_cover_an_exercise(kind: str) -> None:
    window = command(0, kind, "netcologne", until=time_text(60), reason="known")
    story = Story().tell(0, window, exercise())
    incident = revisions(story)[-1]
    assert (incident.silence, incident.maintenance) == (None, None)


def test_a_name_means_the_real_incident_and_in_an_exercise_the_exercise() -> None:
    story = Story().tell(0, exercise()).tell(1, talk(1))
    story.tell(2, command(2, "acknowledge", "netcologne"))
    assert sorted(known.exercise for known in story.incidents.values() if known.acknowledged_at) == [False]
    story.tell(3, command(3, "acknowledge", "netcologne", exercise=True))
    assert sorted(known.exercise for known in story.incidents.values() if known.acknowledged_at) == [False, True]


def test_who_dismisses_an_exercise_has_dismissed_no_outage() -> None:
    story = Story().tell(0, exercise(command_id="d1"))
    story.tell(1, command(1, "dismiss", exercise_id("DE", "d1"), reason="enough"))
    assert revisions(story)[-1].state == "dismissed"
    story.tell(2, talk(2))
    assert revisions(story, exercise=False), "the evidence opens an incident"


def test_an_exercise_and_an_outage_are_never_merged() -> None:
    story = Story().tell(0, exercise(command_id="d1")).tell(1, talk(1))
    real = revisions(story, exercise=False)[-1].incident_id
    story.tell(2, command(2, "merge", real, incidents=[exercise_id("DE", "d1")]))
    assert answers(story)[-1].reason == "unknown_target"
    assert {incident.links for incident in story.incidents.values()} == {None}


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        pytest.param(exercise(target="nobody"), "unknown_target", id="no_operator"),
        pytest.param(exercise(target="netcologne@FR/IDF"), "command", id="another_country"),
        pytest.param(exercise(until=None), "command", id="no_end"),
        pytest.param(exercise(reason=""), "command", id="no_reason"),
        pytest.param(exercise(until=time_text(-1)), "expired", id="over_already"),
        pytest.param(
            exercise(starts_at=time_text(0), recurrence="FREQ=DAILY;COUNT=3"), "command", id="comes_again_by_itself"
        ),
    ],
)
def test_an_order_that_cannot_be_an_exercise_is_refused_with_its_reason(order: Any, reason: str) -> None:
    story = Story().tell(0, order)
    assert [(answer.reason, answer.exercise) for answer in answers(story)] == [(reason, True)]
    assert story.incidents == {}


def test_exercises_do_not_take_the_places_of_incidents() -> None:
    orders = [exercise(command_id=f"d{number}") for number in range(EXERCISES_MAX + 1)]
    story = Story().tell(0, *orders)
    assert len({incident.incident_id for incident in revisions(story)}) == EXERCISES_MAX
    assert [answer.reason.value for answer in answers(story)].count("limit_reached") == 1

"""A claim that proves nothing alone opens a question and no incident, and one order answers it."""

import pytest

from pipeline.correlate.apply import apply
from pipeline.correlate.config import QUESTIONS_MAX, VOICES_MAX, CorrelateConfig
from pipeline.correlate.state import CorrelateState, OpenQuestion
from pipeline.records.clocks import Instant
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.changes import QuestionAsked
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.vocabulary import IncidentState, Severity
from tests.correlate.stories import (
    REFERENCE,
    Story,
    anomaly,
    at,
    claim,
    command,
    end_of,
    pane_with,
    reborn,
    record_bytes,
    talk,
)

DAY = 24 * 60


def doubt(minute: float, person: int, **more: object) -> EmergencyClaim:
    return claim(minute, person, **{"permille": 450, "doubtful": True, **more})  # type: ignore[arg-type]


def questions(story: Story) -> list[OpenQuestion]:
    return story.state.slots["DE"].questions


def asked(story: Story) -> list[QuestionAsked]:
    return [output for output in story.outputs if isinstance(output, QuestionAsked)]


def the_id(story: Story) -> str:
    (known,) = questions(story)
    return known.question_id


@pytest.mark.parametrize("people", [1, 2, 9, 40])
def test_however_many_doubt_there_is_one_question_and_no_incident(people: int) -> None:
    story = Story()
    for person in range(1, people + 1):
        story.tell(person * 0.5, doubt(person * 0.5, person))
    assert not story.incidents
    assert [known.people for known in questions(story)] == [people]
    assert len(asked(story)) == people.bit_length()


def test_claims_of_one_pane_are_asked_about_once() -> None:
    story = Story().tell(0, *(doubt(0, person) for person in range(1, 8)))
    assert [(question.claims, question.permille) for question in asked(story)] == [(7, 450)]


def test_two_networks_are_two_questions() -> None:
    story = Story().tell(0, doubt(0, 1), doubt(0, 2, operator="alpha", area="DE/HH/hamburg"))
    assert len({question.question_id for question in asked(story)}) == 2


def test_the_same_writer_and_the_same_text_do_not_count_again() -> None:
    text = "Kids' watch with SOS key: one press calls mum, not 112"
    story = Story().tell(0, doubt(0, 1, example=text)).tell(1, doubt(1, 1)).tell(2, doubt(2, 2, example=f"{text}!!"))
    assert [known.people for known in questions(story)] == [1]
    assert story.why("suppressed") == ["weak_evidence"] * 2


def test_a_confirmed_question_is_a_critical_incident_of_exactly_that_id() -> None:
    story = Story().tell(0, doubt(0, 1)).tell(1, doubt(1, 2))
    name = the_id(story)
    story.tell(5, command(5, "confirm", name))
    incident = story.only()
    assert (incident.incident_id, incident.state) == (name, IncidentState.CONFIRMED)
    assert incident.severity == Severity.CRITICAL
    assert incident.emergency is not None
    assert (incident.emergency.affected, incident.emergency.claims) == (True, 2)
    assert incident.emergency.first_claim_at == at(0)
    assert not questions(story)
    first = next(decision for decision in story.decisions if decision.by == "ina")
    assert (first.kind.value, first.subject) == ("changed", name)


def test_a_confirmed_question_joins_the_incident_that_it_fits_by_then() -> None:
    story = Story().tell(0, doubt(0, 1))
    name = the_id(story)
    for minute in range(1, 5):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    story.tell(6, command(6, "confirm", name))
    incident = story.only()
    assert incident.incident_id != name
    assert incident.emergency is not None
    assert incident.emergency.affected
    answer = next(decision for decision in story.decisions if decision.by == "ina")
    assert answer.subject == name, "who gave the order finds the answer by what it named"


def test_who_was_dismissed_is_not_asked_about_again_for_a_while() -> None:
    story = Story().tell(0, doubt(0, 1))
    story.tell(1, command(1, "dismiss", the_id(story), reason="an alarm button, the number works"))
    assert story.why("dismissed") == ["command"]
    story.tell(2, doubt(2, 1))
    assert not questions(story)
    assert story.why("suppressed") == ["command"]
    story.tell(3, doubt(3, 2))
    assert [known.people for known in questions(story)] == [1], "another writer is another matter"
    hours = story.config.lifecycle.dismissed_hours * 60
    story.until(hours + 2).tell(hours + 3, doubt(hours + 3, 1))
    assert [known.people for known in questions(story)] == [2]


def test_dismissed_doubts_of_an_incident_are_not_asked_about_outside_it() -> None:
    story = Story()
    for minute in range(4):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    story.tell(4, doubt(4, 1))
    story.tell(5, command(5, "dismiss", story.only().incident_id, reason="works"))
    story.tell(6, doubt(6, 1))
    assert not questions(story)
    assert not asked(story)


def test_a_dismissed_claim_is_no_shield_against_a_sure_ticket() -> None:
    story = Story().tell(0, doubt(0, 1))
    story.tell(1, command(1, "dismiss", the_id(story), reason="a joke"))
    story.tell(2, claim(2, 1, "tickets"))
    assert story.only().state == IncidentState.CONFIRMED


@pytest.mark.parametrize("kind", ["acknowledge", "assign", "feedback", "merge", "silence", "split"])
def test_any_other_order_about_a_question_is_refused_and_told_which_answer_it(kind: str) -> None:
    story = Story().tell(0, doubt(0, 1))
    story.tell(1, command(1, kind, the_id(story)))
    (refused,) = (decision for decision in story.decisions if decision.kind.value == "refused")
    assert "confirm or dismiss" in refused.text
    assert len(questions(story)) == 1


def test_an_order_of_an_exercise_answers_no_real_question() -> None:
    story = Story().tell(0, doubt(0, 1))
    story.tell(1, command(1, "confirm", the_id(story), exercise=True))
    assert story.why("suppressed") == ["exercise"]
    assert len(questions(story)) == 1
    assert not story.incidents


def test_a_question_that_nobody_answers_ends_after_a_day_in_the_next_pane_with_content() -> None:
    story = Story().tell(0, doubt(0, 1))
    name = the_id(story)
    story.tell(DAY - 1, doubt(DAY - 1, 2, operator="alpha", area="DE/HH/hamburg"))
    assert len(questions(story)) == 2
    story.tell(DAY + 1, command(DAY + 1, "confirm", name))
    assert story.why("withdrawn") == ["expired"]
    assert story.why("suppressed") == ["unknown_target"]
    assert [known.anchor for known in questions(story)] == ["alpha"]


def test_the_oldest_question_gives_way_with_a_decision() -> None:
    story = Story()
    many = [doubt(0, n, operator=f"o{n}") for n in range(1, QUESTIONS_MAX + 3)]
    story.tell(0, *many)
    assert len(questions(story)) == QUESTIONS_MAX
    assert story.why("withdrawn") == ["limit_reached"] * 2


def test_what_a_question_remembers_is_bounded() -> None:
    story = Story()
    for person in range(1, 3 * VOICES_MAX):
        story.tell(person / 6, doubt(person / 6, person))
    (known,) = questions(story)
    assert len(known.voices) == VOICES_MAX
    assert len(known.claims) <= 8
    assert known.people == 3 * VOICES_MAX - 1


def _bytes(panes: list[tuple[float, object]], cuts: int) -> list[bytes]:
    """What comes out if the log is cut after each so many panes, with a crash after each record."""
    state, outputs = CorrelateState(0), list[object]()
    for start in range(0, len(panes), cuts):
        part = panes[start : start + cuts]
        sealed = Sealed(
            market="DE",
            epoch=1,
            partition=0,
            partitions=1,
            sealed_to=end_of(part[-1][0]),
            panes=[pane_with(end_of(minute), [thing]) for minute, thing in part],
        )
        outputs += apply(state, sealed, CorrelateConfig(), REFERENCE).outputs
        state = reborn(state)
    outputs += apply(
        state,
        Sealed(market="DE", epoch=1, partition=0, partitions=1, sealed_to=Instant(end_of(3 * DAY)), panes=[]),
        CorrelateConfig(),
        REFERENCE,
    ).outputs
    return [record_bytes(output) for output in outputs]


def test_any_cut_and_any_crash_give_the_same_bytes() -> None:
    story = Story().tell(0, doubt(0, 1))
    first = the_id(story)
    second = the_id(Story().tell(1, doubt(1, 2, operator="alpha", area="DE/HH/hamburg")))
    panes: list[tuple[float, object]] = [
        (0, doubt(0, 1)),
        (1, doubt(1, 2, operator="alpha", area="DE/HH/hamburg")),
        (2, doubt(2, 3)),
        (3, command(3, "confirm", first)),
        (4, command(4, "dismiss", second, reason="a joke")),
        (5, doubt(5, 2, operator="alpha", area="DE/HH/hamburg")),
        (6, doubt(6, 4, operator="alpha", area="DE/HH/hamburg")),
        (DAY + 7, doubt(DAY + 7, 5, operator="beta", area="DE/BY/muenchen")),
    ]
    whole = _bytes(panes, len(panes))
    assert {cut: _bytes(panes, cut) == whole for cut in range(1, len(panes))} == dict.fromkeys(
        range(1, len(panes)), True
    )

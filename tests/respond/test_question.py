"""Claims in doubt go to a person at once, and the same people are not asked again for each further one."""

import pytest

from pipeline.adapters.cli.live.waiting import in_order
from pipeline.adapters.kafka.tape.order import notice_waits
from pipeline.records.clocks import Instant
from pipeline.records.inner.changes import Change, QuestionAsked, QuestionEnded
from pipeline.records.published.decisions import Decision
from pipeline.records.published.notices import Notice, latest_of
from pipeline.records.vocabulary import IncidentState, NoticeKind
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.state import RespondState
from tests.correlate.stories import Story, anomaly, at, claim, command, record_bytes, talk
from tests.wording.shipped import WORDING

RULES = RespondRules(config=RespondConfig(), wording=WORDING)


def _heard(*told: Change | QuestionAsked | QuestionEnded) -> list[object]:
    state = RespondState(0)
    return [output for thing in told for output in apply(state, thing, RULES).outputs]


def _questions(*told: Change | QuestionAsked) -> list[Notice]:
    return [notice for notice in _texts(*told) if notice.notice_revision == 1]


def _texts(*told: Change | QuestionAsked | QuestionEnded) -> list[Notice]:
    return [out for out in _heard(*told) if isinstance(out, Notice) and out.kind == NoticeKind.QUESTION]


def _doubted(people: int, story: Story | None = None) -> Story:
    story = story or Story()
    for person in range(1, people + 1):
        minute = 4 + person
        story.tell(minute, claim(minute, person, permille=300, doubtful=True, example="Notruf-Armband ist tot"))
    return story


def _in_an_outage(people: int) -> Story:
    story = Story()
    for minute in range(4):
        story.tell(minute, talk(minute), anomaly(minute, source="telemetry"))
    return _doubted(people, story)


def _asked(story: Story) -> list[QuestionAsked]:
    return [output for output in story.outputs if isinstance(output, QuestionAsked)]


def _all_of_it(story: Story) -> list[QuestionAsked | QuestionEnded]:
    return [output for output in story.outputs if isinstance(output, QuestionAsked | QuestionEnded)]


def test_a_claim_in_doubt_is_a_notice_for_staff_only_that_quotes_it_and_names_both_orders() -> None:
    outside, inside = _doubted(1), _in_an_outage(1)
    for notices in (_questions(*_asked(outside)), _questions(*inside.changes)):
        assert {notice.language for notice in notices} == {"fr", "en", "de"}
        for notice in notices:
            assert (notice.audience, notice.outlet) == ("care_agents", "internal")
            assert "Notruf-Armband" in notice.body
            assert f"confirm {notice.incident_id}" in notice.body
            assert f"dismiss {notice.incident_id}" in notice.body
            record_bytes(notice)
    assert not outside.changes
    assert {notice.incident_id for notice in _questions(*inside.changes)} == {inside.only().incident_id}


def test_a_question_without_an_incident_is_no_case_and_its_decision_names_it() -> None:
    state = RespondState(0)
    (asked,) = _asked(_doubted(1))
    effects = apply(state, asked, RULES)
    assert not state.cases("DE")
    assert effects.changed == state.slots.keys() == {f"question|DE|{asked.question_id}"}
    (decision,) = (output for output in effects.outputs if isinstance(output, Decision))
    assert (decision.subject, decision.incident_id) == (asked.question_id, None)


def test_people_are_asked_again_only_when_the_claims_have_doubled() -> None:
    inside = [len(_questions(*_in_an_outage(people).changes)) // 3 for people in range(1, 9)]
    outside = [len(_questions(*_asked(_doubted(people)))) // 3 for people in range(1, 9)]
    assert inside == outside == [1, 2, 2, 3, 3, 3, 3, 4]


def test_each_time_that_people_are_asked_is_a_notice_of_its_own() -> None:
    notices = _questions(*_asked(_doubted(8)))
    assert len({notice.notice_id for notice in notices}) == len(notices) == 12


def test_nobody_is_asked_once_the_alarm_is_sure() -> None:
    story = _in_an_outage(1)
    story.tell(7, claim(7, 9, "tickets"))
    sure = [change for change in story.changes if change.after.emergency and change.after.emergency.affected]
    assert sure
    assert not _questions(*sure)


def test_nobody_is_asked_about_what_was_dismissed() -> None:
    story = _in_an_outage(1)
    story.tell(7, command(7, "dismiss", story.only().incident_id, reason="the number works"))
    assert story.only().state == IncidentState.DISMISSED
    assert not _questions(story.changes[-1])


@pytest.mark.parametrize(
    ("kind", "state", "by"),
    [
        pytest.param("confirm", "withdrawn", "ina", id="a_person_says_yes"),
        pytest.param("dismiss", "withdrawn", "ina", id="a_person_says_no"),
        pytest.param("", "expired", None, id="nobody_answers"),
    ],
)
def test_a_question_waits_for_nobody_once_it_has_ended(kind: str, state: str, by: str | None) -> None:
    story = _doubted(1)
    (asked,) = _asked(story)
    if kind:
        story.tell(9, command(9, kind, asked.question_id, reason="the number works"))
    else:
        story.tell(26 * 60, talk(26 * 60))
    latest = latest_of(_texts(*_all_of_it(story)))
    assert [(text.state, text.changed_by, text.notice_revision) for text in latest] == [(state, by, 2)] * 3
    assert not in_order([notice_waits(text) for text in latest])
    respond = RespondState(0)
    for heard in _all_of_it(story):
        apply(respond, heard, RULES)
    assert not respond.slots


def test_people_who_are_asked_anew_have_one_question_to_answer() -> None:
    for told in (_all_of_it(_doubted(8)), _in_an_outage(8).changes):
        waiting = [text for text in latest_of(_texts(*told)) if text.state == "draft"]
        assert len(waiting) == 3
        assert len({text.language for text in waiting}) == 3


def test_doubts_of_an_incident_wait_for_nobody_once_they_are_answered() -> None:
    sure, dismissed = _in_an_outage(1), _in_an_outage(1)
    sure.tell(7, claim(7, 9, "tickets"))
    dismissed.tell(7, command(7, "dismiss", dismissed.only().incident_id, reason="the number works"))
    for story, why in ((sure, "help surely cannot be called"), (dismissed, "the incident is dismissed")):
        assert {(text.state, text.changed_why) for text in latest_of(_texts(*story.changes))} == {("withdrawn", why)}


def test_the_end_of_a_question_that_was_never_asked_says_nothing() -> None:
    ended = QuestionEnded(at=Instant(at(9)), market="DE", question_id="q", why="an alarm")
    assert not _heard(ended)

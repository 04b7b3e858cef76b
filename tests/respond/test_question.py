"""Claims in doubt go to a person at once, and the same people are not asked again for each further one."""

from pipeline.records.inner.changes import Change, QuestionAsked
from pipeline.records.published.decisions import Decision
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState, NoticeKind
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.state import RespondState
from tests.correlate.stories import Story, anomaly, claim, command, record_bytes, talk
from tests.wording.shipped import WORDING

RULES = RespondRules(config=RespondConfig(), wording=WORDING)


def _heard(*told: Change | QuestionAsked) -> list[object]:
    state = RespondState(0)
    return [output for thing in told for output in apply(state, thing, RULES).outputs]


def _questions(*told: Change | QuestionAsked) -> list[Notice]:
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


def test_a_question_without_an_incident_leaves_no_case_and_its_decision_names_it() -> None:
    state = RespondState(0)
    (asked,) = _asked(_doubted(1))
    effects = apply(state, asked, RULES)
    assert not state.slots
    assert not effects.changed
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

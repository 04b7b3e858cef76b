"""Claims in doubt go to a person at once, and the same people are not asked again for each further one."""

from pipeline.records.inner.changes import Change
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState, NoticeKind
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.state import RespondState
from tests.correlate.stories import Story, claim, command
from tests.wording.shipped import WORDING

RULES = RespondRules(config=RespondConfig(), wording=WORDING)


def _questions(*changes: Change) -> list[Notice]:
    state = RespondState(0)
    outputs = [output for change in changes for output in apply(state, change, RULES).outputs]
    return [notice for notice in outputs if isinstance(notice, Notice) and notice.kind == NoticeKind.QUESTION]


def _doubted(people: int, permille: int = 300) -> Story:
    story = Story()
    for person in range(1, people + 1):
        story.tell(person, claim(person, person, permille=permille, doubtful=True, example="Notruf-Armband ist tot"))
    return story


def test_a_claim_in_doubt_is_a_notice_for_staff_only_that_quotes_it_and_names_both_orders() -> None:
    notices = _questions(*_doubted(1).changes)
    assert {notice.language for notice in notices} == {"fr", "en", "de"}
    for notice in notices:
        assert (notice.audience, notice.outlet) == ("care_agents", "internal")
        assert "Notruf-Armband" in notice.body
        assert f"confirm {notice.incident_id}" in notice.body
        assert f"dismiss {notice.incident_id}" in notice.body


def test_people_are_asked_again_only_when_the_claims_have_doubled() -> None:
    asked = [len(_questions(*_doubted(people, 100).changes)) // 3 for people in range(1, 9)]
    assert asked == [1, 2, 2, 3, 3, 3, 3, 4]


def test_nobody_is_asked_once_the_alarm_is_sure() -> None:
    story = _doubted(1)
    story.tell(2, claim(2, 9, "tickets"))
    sure = [change for change in story.changes if change.after.state == IncidentState.CONFIRMED]
    assert sure
    assert not _questions(*sure)


def test_nobody_is_asked_about_what_was_dismissed() -> None:
    story = _doubted(1)
    story.tell(2, command(2, "dismiss", story.only().incident_id, reason="the number works"))
    assert story.only().state == IncidentState.DISMISSED
    assert not _questions(story.changes[-1])

"""Work that only a post tells of: a person is asked once, nothing is announced, and an order overtakes the question."""

from typing import Any, Final

import pytest

from pipeline.adapters.cli.live.waiting import in_order, order_of
from pipeline.adapters.kafka.tape.order import notice_waits
from pipeline.records.inner.changes import work_id_of
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.published.notices import Notice, latest_of
from pipeline.records.vocabulary import DecisionReason
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.works.suggesting import SAID_MAX
from tests.correlate.stories import command, official
from tests.respond.test_planned_work import DAY, HOUR, Desk
from tests.wording.shipped import WORDING

TEXT: Final = "In der Nacht zum Sonntag arbeiten wir in Köln am Netz."


def post(minute: float, **facts: Any) -> OfficialPost:
    return official(minute, TEXT, **({"kind": "planned", "area": "DE/NW/koeln"} | facts))


def asked(notices: list[Notice]) -> list[Notice]:
    return [notice for notice in notices if notice.occasion == "work_said" and notice.notice_revision == 1]


def test_a_person_is_asked_with_the_post_and_the_order_and_nobody_else_is_told() -> None:
    desk = Desk()
    (text,) = desk.tell(1, post(1))
    assert (text.audience, text.outlet, text.state, text.kind) == ("care_agents", "internal", "draft", "planned_work")
    for words in (TEXT, "maintenance netcologne@DE/NW/koeln", f"reject {text.incident_id}"):
        assert words in text.body
    (decision,) = desk.decisions
    assert (decision.reason, decision.subject) == (DecisionReason.AWAITING_APPROVAL, text.incident_id)
    assert "order maintenance netcologne@DE/NW/koeln?" in (decision.text or "")
    later = desk.tell(8 * DAY)
    assert [(notice.notice_id, notice.state) for notice in later] == [(text.notice_id, "expired")]
    assert desk.works() == []


def test_it_waits_with_the_order_that_answers_it() -> None:
    (text,) = Desk().tell(1, post(1))
    (row,) = in_order([notice_waits(text)])
    assert order_of(row, [row.id]) == "maintenance netcologne"
    assert "NetCologne" in row.title


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"kind": "outage"}, id="an_outage"),
        pytest.param({"in_reply_to": 9}, id="a_word_to_one_customer"),
        pytest.param({"text": ""}, id="without_words"),
    ],
)
def test_what_announces_no_work_to_all_asks_nothing(facts: dict[str, Any]) -> None:
    desk = Desk()
    assert asked(desk.tell(1, official(1, **({"text": TEXT, "kind": "planned"} | facts)))) == []


def test_a_reminder_asks_nobody_again_and_other_work_does() -> None:
    desk = Desk()
    desk.tell(1, post(1), post(1.2, platform="facebook"))
    desk.tell(2 * DAY, post(2 * DAY), post(2 * DAY + 0.1, area=""))
    assert len(asked(desk.notices)) == 1
    desk.tell(3 * DAY, post(3 * DAY, area="DE/NW/bonn"), post(3 * DAY, operator="vodafone-de"))
    assert len(asked(desk.notices)) == 3


def test_what_is_ordered_already_asks_nothing_and_what_was_asked_is_overtaken_by_the_order() -> None:
    desk = Desk()
    desk.order(1, 3 * HOUR)
    assert asked(desk.tell(5, post(5))) == []
    asking = Desk()
    (text,) = asking.tell(1, post(1))
    told = asking.order(5, 5 * HOUR)
    assert [n.state for n in latest_of([*asking.notices]) if n.notice_id == text.notice_id] == ["superseded"]
    assert {notice.occasion for notice in told} == {"work_said", "work_ahead"}


def test_an_order_of_another_place_leaves_the_question_open() -> None:
    desk = Desk()
    (text,) = desk.tell(1, post(1, area="DE/NW/bonn"))
    assert text.notice_id not in {notice.notice_id for notice in desk.order(5, 5 * HOUR)}


@pytest.mark.parametrize(("kind", "state"), [("reject", "withdrawn"), ("approve", "approved")])
def test_a_person_answers_it_once(kind: Any, state: str) -> None:
    desk = Desk()
    (text,) = desk.tell(1, post(1))
    (answered,) = desk.tell(5, command(5, kind, text.incident_id))
    assert (answered.state, answered.changed_by) == (state, "ina")
    assert asked(desk.tell(DAY, post(DAY))) == [], "a reminder of what was answered asks nobody"


def test_no_rule_sends_it() -> None:
    rule = RespondRules(config=RespondConfig(sent_by_rule=(("planned_work", "internal", "noc-lead"),)), wording=WORDING)
    (text,) = Desk(rule).tell(1, post(1))
    assert text.state == "draft"


def test_questions_are_bounded_and_take_no_place_of_work_that_is_ordered() -> None:
    desk = Desk()
    for number in range(SAID_MAX + 3):
        desk.tell(number + 1, post(number + 1, area=f"DE/NW/town{number}"))
    assert len(asked(desk.notices)) == SAID_MAX
    assert [d.reason for d in desk.decisions].count(DecisionReason.LIMIT_REACHED) == 3
    told = desk.order(60, 5 * HOUR)
    assert work_id_of("DE", "chg-1") in {notice.incident_id for notice in told}

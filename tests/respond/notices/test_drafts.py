"""The life of a draft: approved, edited, rejected, overtaken; and why an order is refused."""

import dataclasses
from typing import Any

import msgspec
import pytest

from pipeline.records.errors import StateError
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.config import RespondConfig
from pipeline.respond.notices.life import TRANSITIONS, NoticeMove, can, moved
from pipeline.respond.telling import told as on_record
from tests.respond.notices.telling import RULES, Telling, at, drafts


def told(**settings: Any) -> tuple[Telling, Notice]:
    telling = Telling(rules=dataclasses.replace(RULES, config=RespondConfig(**settings)))
    telling.change(3)
    web = next(notice for notice in telling.notices if (notice.outlet, notice.language) == ("web", "de"))
    return telling, web


def test_every_state_of_the_table_is_one_that_a_notice_can_have() -> None:
    states = set(TRANSITIONS)
    assert {to for moves in TRANSITIONS.values() for to in moves.values()} <= states
    assert set(TRANSITIONS["draft"]) == set(NoticeMove)
    reached = {to for moves in TRANSITIONS.values() for to in moves.values()}
    assert states - reached == {"sent"}, "a notice is sent from its beginning, by a rule, or not by us"


def test_a_move_that_a_state_does_not_answer_is_refused() -> None:
    _telling, web = told()
    for state, moves in TRANSITIONS.items():
        notice = msgspec.structs.replace(web, state=state)
        for move in NoticeMove:
            assert can(state, move) == (move in moves)
            if move in moves:
                assert moved(notice, move, at(4), None, "").state == moves[move]
                continue
            with pytest.raises(StateError, match=f"{state} got {move}"):
                moved(notice, move, at(4), None, "")


def test_a_person_approves_and_that_is_a_revision_of_the_notice() -> None:
    telling, web = told()
    answer = telling.order(4, "approve", web.notice_id, reason="checked")
    assert (answer.kind.value, answer.reason.value, answer.by) == ("changed", "command", "ina")
    assert answer.subject == web.notice_id
    now = telling.latest[web.notice_id]
    assert (now.state, now.notice_revision, now.approved_by, now.approved_at) == ("approved", 2, "ina", at(4))
    assert now.changed_why == "checked"
    assert now.body == web.body


def test_an_incidents_id_means_all_that_waits() -> None:
    telling, web = told()
    answer = telling.order(4, "approve", web.incident_id)
    assert {notice.state for notice in telling.latest.values()} == {"approved"}
    assert answer.text.startswith(f"approve: {len(telling.latest)} texts")
    again = telling.order(5, "approve", web.incident_id, command_id="again")
    assert (again.kind.value, again.reason.value) == ("refused", "no_target")


def test_an_edit_keeps_both_texts_and_still_waits_for_approval() -> None:
    telling, web = told()
    telling.order(4, "edit", web.notice_id, body="Wir arbeiten daran.", reason="shorter")
    telling.order(5, "edit", web.notice_id, subject="Störung in Köln", command_id="second")
    now = telling.latest[web.notice_id]
    assert (now.state, now.notice_revision) == ("draft", 3)
    assert (now.subject, now.body) == ("Störung in Köln", "Wir arbeiten daran.")
    assert (now.original_subject, now.original_body) == (web.subject, web.body)
    telling.order(6, "approve", web.notice_id)
    assert telling.latest[web.notice_id].body == "Wir arbeiten daran."


def test_what_is_rejected_is_withdrawn_and_an_approved_text_can_be_called_back() -> None:
    telling, web = told()
    assert telling.order(4, "approve", web.notice_id).kind.value == "changed"
    assert telling.order(5, "reject", web.notice_id).kind.value == "withdrawn"
    assert telling.latest[web.notice_id].state == "withdrawn"


def overtaken(telling: Telling, _web: Notice) -> None:
    telling.change(6, numbers=("112",))


def approved(telling: Telling, web: Notice) -> None:
    telling.order(4, "approve", web.notice_id)


def withdrawn(telling: Telling, _web: Notice) -> None:
    telling.change(6, state=IncidentState.DISMISSED)


def expired(telling: Telling, _web: Notice) -> None:
    telling.change(5, state=IncidentState.SUSPECTED)
    telling.until(3 + 24 * 60)


def nothing(_telling: Telling, _web: Notice) -> None:
    """Nothing happens before the order."""


@pytest.mark.parametrize(
    ("before", "kind", "more", "reason"),
    [
        pytest.param(overtaken, "approve", {}, "overtaken", id="a_newer_fact_made_it_wrong"),
        pytest.param(overtaken, "edit", {"body": "x"}, "overtaken", id="nor_can_it_be_edited"),
        pytest.param(approved, "approve", {}, "already_done", id="twice"),
        pytest.param(approved, "edit", {"body": "x"}, "already_done", id="edited_after_approval"),
        pytest.param(withdrawn, "approve", {}, "already_done", id="the_incident_was_none"),
        pytest.param(expired, "approve", {}, "expired", id="too_late"),
        pytest.param(nothing, "edit", {}, "no_target", id="an_edit_of_nothing"),
        pytest.param(nothing, "approve", {"exercise": True}, "exercise", id="an_order_of_an_exercise"),
    ],
)
def test_an_order_that_cannot_be_obeyed_is_refused_with_its_reason(
    before: Any, kind: str, more: dict[str, Any], reason: str
) -> None:
    telling, web = told()
    before(telling, web)
    then = telling.latest[web.notice_id]
    answer = telling.order(24 * 60 + 9 if before is expired else 8, kind, web.notice_id, command_id="late", **more)
    assert (answer.kind.value, answer.reason.value) == ("refused", reason)
    assert telling.latest[web.notice_id].body == then.body
    assert telling.latest[web.notice_id].approved_by == then.approved_by


def test_an_edit_that_is_too_long_for_its_outlet_is_refused_with_by_how_much() -> None:
    telling, _ = told()
    post = next(notice for notice in telling.notices if notice.outlet == "x")
    answer = telling.order(4, "edit", post.notice_id, body="x" * 285)
    assert (answer.reason.value, "5 characters too long" in answer.text) == ("limit_reached", True)


def test_an_edit_needs_to_say_which_text() -> None:
    telling, web = told()
    assert telling.order(4, "edit", web.incident_id, body="x").reason.value == "no_target"


def test_who_lacks_the_role_may_not() -> None:
    telling, web = told(roles={"press": ("carla",)}, rights={"approve": ("press",)})
    answer = telling.order(4, "approve", web.notice_id)
    assert (answer.kind.value, answer.reason.value) == ("refused", "not_allowed")
    assert telling.latest[web.notice_id].state == "draft"
    assert telling.order(5, "reject", web.notice_id).kind.value == "withdrawn"


def test_nothing_is_sent_without_a_person_but_what_a_setting_lists_with_its_owner() -> None:
    telling, _ = told(sent_by_rule=(("acknowledgement", "internal", "noc"),))
    telling.until(200)
    sent = [notice for notice in telling.notices if notice.state == "sent"]
    assert sent
    assert {(notice.outlet, notice.kind.value, notice.changed_by) for notice in sent} == {
        ("internal", "acknowledgement", "noc")
    }
    assert not [notice for notice in Telling().change(3) if notice.state != "draft"]


def test_an_exercise_is_not_sent_by_rule_either() -> None:
    telling = Telling(rules=dataclasses.replace(RULES, config=RespondConfig(sent_by_rule=(("*", "internal", "noc"),))))
    assert {notice.state for notice in telling.change(3, exercise=True)} == {"draft"}


def test_what_was_approved_stays_approved_when_a_newer_text_follows() -> None:
    telling, web = told()
    telling.order(4, "approve", web.notice_id)
    fresh = drafts(telling.change(6, numbers=("112",)))
    assert telling.latest[web.notice_id].state == "approved"
    followed = next(notice for notice in fresh if (notice.outlet, notice.language) == ("web", "de"))
    assert followed.supersedes is None
    assert telling.order(7, "reject", web.notice_id).reason.value == "already_done", "it has gone out"


@pytest.mark.parametrize(
    ("target", "exercise", "answer"),
    [
        pytest.param("netcologne", False, ("changed", "command"), id="the_operator"),
        pytest.param("netcologne@DE/NW", False, ("changed", "command"), id="the_operator_there"),
        pytest.param("netcologne@FR", False, ("refused", "unknown_target"), id="elsewhere"),
        pytest.param("alpha", False, ("refused", "unknown_target"), id="another"),
        pytest.param("netcologne", True, ("refused", "unknown_target"), id="in_an_exercise_what_is_real_is_not_meant"),
    ],
)
def test_an_order_may_name_the_operator_as_long_as_that_is_one_incident(
    target: str, answer: tuple[str, str], *, exercise: bool
) -> None:
    telling = Telling()
    telling.change(3)
    said = telling.order(4, "approve", target, exercise=exercise)
    assert (said.kind.value, said.reason.value, said.subject) == (*answer, target)
    states = {notice.state for notice in telling.latest.values()}
    assert states == ({"approved"} if answer[0] == "changed" else {"draft"})


def test_of_two_incidents_an_order_must_say_which() -> None:
    telling = Telling()
    telling.change(3)
    telling.change(4, incident_id="b" * 20)
    said = telling.order(5, "approve", "netcologne")
    assert (said.kind.value, said.reason.value) == ("refused", "no_target")
    assert "b" * 20 in said.text


def test_when_authorities_were_told_first_is_on_the_record() -> None:
    telling = Telling()
    mail = next(text for text in telling.change(3, numbers=("112",)) if text.audience == "authorities")
    (case,) = telling.state.cases("DE")
    before = on_record(case, case.incident).emergency
    telling.order(4, "approve", mail.notice_id)
    telling.order(9, "approve", mail.incident_id, command_id="all")
    after = on_record(case, case.incident).emergency
    assert before is not None
    assert after is not None
    assert (before.authorities_told_at, after.authorities_told_at) == (None, at(4))

"""One complaint within an open incident is one reply to give: drafted once, on a clock, bounded, or handed over."""

from typing import Any

import msgspec
import pytest

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import AreaShare, EmergencyImpact, Silence
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.config import RespondConfig
from pipeline.respond.replies.queue import PRIORITIES
from pipeline.respond.replies_config import ReplyConfig
from pipeline.respond.state import IncidentCase
from pipeline.respond.telling import told
from tests.respond.followups.made import CONFIRMED, minute, notices_in
from tests.respond.replies.made import Desk, complaint, public_answer

KOELN = (AreaShare(area="DE/NW/koeln"),)


def reasons(outputs: list[object]) -> list[str]:
    return [output.reason.value for output in outputs if isinstance(output, Decision)]


def test_a_complaint_within_an_open_incident_is_drafted_one_reply_in_its_language_and_outlet() -> None:
    desk = Desk()
    (post,) = notices_in(desk.hears(2, complaint(1)))
    (ticket,) = notices_in(desk.hears(3, complaint(2, source="tickets", intake="email", lang="fr")))
    assert (post.kind, post.state, post.outlet, post.language, post.audience) == (
        "reply",
        "draft",
        "x",
        "de",
        "reporter",
    )
    assert (ticket.outlet, ticket.language) == ("email", "fr")
    assert post.in_reply_to == f"mentions|{1:013x}"
    assert int(post.due_at or 0) == minute(1) + 60 * MINUTE_MS
    assert len(post.body) <= 280


def test_all_replies_of_a_moment_tell_the_facts_that_the_status_page_tells() -> None:
    desk = Desk()
    drafts = notices_in(
        desk.hears(2, *(complaint(n, lang=lang, intake="web") for n, lang in enumerate(("de", "en", "fr"))))
    )
    assert desk.now.summary is not None
    for notice in drafts:
        assert desk.now.summary.page.said(notice.language) in notice.body


def test_who_takes_his_own_device_for_the_cause_is_told_first_that_it_is_not() -> None:
    asks, says = notices_in(Desk().hears(2, complaint(1, topics=["device"]), complaint(2)))
    whose = "Die Störung liegt bei uns: Sie müssen nichts neu starten und nichts austauschen."
    assert asks.body.startswith(whose)
    assert not says.body.startswith(whose)


def test_an_unknown_language_falls_back_to_the_first_of_the_market() -> None:
    (notice,) = notices_in(Desk().hears(2, complaint(1, lang="tr")))
    assert notice.language == "de"


def test_a_complaint_that_comes_again_is_no_second_reply() -> None:
    desk = Desk()
    assert len(notices_in(desk.hears(2, complaint(1), complaint(1)))) == 1
    assert notices_in(desk.hears(3, complaint(1))) == []
    assert desk.case.replies.asked == 1


def test_a_suspicion_is_told_to_nobody_and_its_complaints_are_drafted_once_it_is_confirmed() -> None:
    desk = Desk(state=IncidentState.SUSPECTED)
    assert notices_in(desk.hears(2, complaint(1))) == []
    assert len(notices_in(desk.change(3, state=IncidentState.CONFIRMED))) == 1


def test_a_silenced_incident_drafts_nothing_until_the_silence_ends() -> None:
    desk = Desk(silence=Silence(until=Instant(minute(60)), by="noc", reason="test"))
    assert notices_in(desk.hears(2, complaint(1))) == []
    assert len(notices_in(desk.change(3, silence=None))) == 1


def test_emergencies_come_first_then_who_asked_often_then_businesses_then_anger_then_the_newest() -> None:
    desk = Desk(RespondConfig(replies=ReplyConfig(drafts_max=1)))
    desk.hears(2, complaint(9))
    often = [complaint(10 + n, at_minute=1 + n / 10, person=7) for n in range(3)]
    rows = [
        complaint(1, topics=["anger"]),
        complaint(2, business=True),
        *often,
        complaint(4, emergency=True),
        complaint(5, at_minute=1.9),
    ]
    desk.hears(2, *rows)
    order = []
    for number in range(6):
        drafted = [row for row in desk.case.replies.waiting.values() if row.draft is not None]
        draft = min(drafted, key=lambda row: PRIORITIES.index(row.priority)).draft
        assert draft is not None
        approved = [
            notice
            for notice in notices_in(desk.order(3 + number, "approve", draft.notice_id))
            if notice.state == "approved"
        ]
        order.append(approved[0].priority)
    assert order == ["emergency", "usual", "asked_again", "business", "angry", "usual"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"service": "tv"}, "another service"),
        ({"area": "DE/BY/muenchen"}, "another place"),
        ({"topics": ["leaving"]}, "contract"),
        ({"topics": ["isolated"]}, "one's own"),
    ],
)
def test_what_is_none_of_the_incidents_goes_to_a_person_with_the_reason(facts: dict[str, Any], words: str) -> None:
    desk = Desk(services=("broadband",), extent="localised", areas=KOELN)
    outputs = [*desk.hears(2, complaint(1, **facts)), *desk.passing(90)]
    (decision,) = [output for output in outputs if isinstance(output, Decision)]
    assert decision.reason == "handed_over"
    assert words in decision.text
    assert notices_in(outputs) == []
    assert (desk.case.replies.asked, desk.case.replies.handed_over) == (0, 1)


def test_who_wrote_before_the_outage_was_known_in_full_is_not_sent_away() -> None:
    desk = Desk(services=("broadband",), extent="localised", areas=KOELN)
    assert desk.hears(2, complaint(1, service="tv")) == []
    (notice,) = notices_in(desk.change(9, services=("broadband", "tv")))
    assert (notice.kind, notice.in_reply_to) == ("reply", f"mentions|{1:013x}")
    assert reasons(desk.passing(40)) == []


def test_a_claim_that_no_help_can_be_called_is_never_handed_over() -> None:
    (notice,) = notices_in(Desk(services=("broadband",)).hears(2, complaint(1, service="tv", emergency=True)))
    assert notice.priority == "emergency"


def test_help_comes_first_in_each_reply_while_emergency_calls_fail() -> None:
    desk = Desk(emergency=EmergencyImpact(affected=True, numbers=("110", "112")))
    for notice in notices_in(
        desk.hears(2, *(complaint(n, intake=intake) for n, intake in enumerate(("x", "email", "phone"))))
    ):
        assert 0 < notice.body.index("112") < 80


def test_of_two_open_incidents_the_one_of_the_place_answers() -> None:
    desk = Desk(extent="localised", areas=KOELN)
    other = msgspec.structs.replace(
        CONFIRMED,
        incident_id="ff" * 10,
        extent="localised",
        areas=(AreaShare(area="DE/BY/muenchen"),),
    )
    desk.opens(other)
    (notice,) = notices_in(desk.hears(2, complaint(1, area="DE/BY/muenchen")))
    assert notice.incident_id == "ff" * 10


def test_after_an_hour_without_an_answer_it_is_said_once_that_the_time_is_over() -> None:
    desk = Desk()
    desk.hears(2, complaint(1), complaint(2, at_minute=0.9))
    assert desk.passing(60) == []
    assert reasons(desk.passing(62)) == ["overdue"]
    assert desk.passing(500) == []
    assert desk.case.replies.overdue == 2


def test_an_approved_reply_is_an_answer_and_stops_its_clock() -> None:
    desk = Desk()
    (draft,) = notices_in(desk.hears(2, complaint(1)))
    (approved,) = notices_in(desk.order(5, "approve", draft.notice_id))
    assert (approved.state, approved.notice_revision, approved.notice_id) == ("approved", 2, draft.notice_id)
    assert reasons(desk.passing(300)) == []
    assert reasons(desk.order(6, "approve", draft.notice_id)) == ["already_done"]
    communication = told(desk.case, desk.now).communication
    assert communication is not None
    assert (communication.replies, communication.replies_waiting, communication.replies_overdue) == (1, 0, 0)
    assert communication.reply_rate_ppm == 1_000_000 // max(1, communication.complaints or 1)


def test_a_public_answer_of_the_operator_closes_the_complaint_that_it_answers() -> None:
    desk = Desk()
    desk.hears(2, complaint(1), complaint(2))
    (closed,) = notices_in(desk.hears(9, officials=(public_answer(1, 8.9),)))
    assert (closed.state, closed.in_reply_to) == ("superseded", f"mentions|{1:013x}")
    assert notices_in(desk.hears(10, officials=(public_answer(1, 8.9), public_answer(77, 9.0)))) == []
    assert (desk.case.replies.answered, len(desk.case.replies.waiting)) == (1, 1)


def test_what_a_newer_fact_made_wrong_is_superseded_in_the_same_step_and_cannot_be_approved() -> None:
    desk = Desk()
    (draft,) = notices_in(desk.hears(2, complaint(1)))
    outputs = notices_in(desk.change(9, state=IncidentState.RECOVERING))
    assert [(notice.state, notice.notice_id == draft.notice_id) for notice in outputs] == [
        ("superseded", True),
        ("draft", False),
    ]
    assert outputs[1].supersedes == draft.notice_id
    assert reasons(desk.order(10, "approve", draft.notice_id)) == ["overtaken"]


def test_a_person_may_edit_a_reply_and_both_texts_are_kept() -> None:
    desk = Desk()
    (draft,) = notices_in(desk.hears(2, complaint(1)))
    (edited,) = notices_in(desk.order(3, "edit", draft.notice_id, body="Wir rufen Sie an."))
    assert (edited.body, edited.original_body) == ("Wir rufen Sie an.", draft.body)
    (approved,) = notices_in(desk.order(4, "approve", draft.notice_id))
    assert approved.body == "Wir rufen Sie an."


def test_nobody_approves_a_reply_without_the_right() -> None:
    guarded = Desk(RespondConfig(rights={"approve": ("press",)}))
    (draft,) = notices_in(guarded.hears(2, complaint(1)))
    assert reasons(guarded.order(3, "approve", draft.notice_id)) == ["not_allowed"]


def test_who_really_complains_gets_no_answer_of_an_exercise() -> None:
    assert Desk(exercise=True).hears(2, complaint(1)) == []


def test_what_still_waits_when_the_incident_is_over_expires_and_of_a_dismissed_one_is_handed_over() -> None:
    closed, dismissed = Desk(), Desk()
    for desk in (closed, dismissed):
        desk.hears(2, complaint(1), complaint(2))
    outputs = closed.change(9, state=IncidentState.CLOSED)
    assert [notice.state for notice in notices_in(outputs)] == ["expired", "expired"]
    assert reasons(dismissed.change(9, state=IncidentState.DISMISSED)) == ["handed_over"]
    assert closed.passing(500) == []


def test_a_storm_of_ten_thousand_complaints_makes_a_bounded_queue() -> None:
    desk, drafts, sizes = Desk(), list[Notice](), list[int]()
    limits = desk.rules.config.replies
    for pane in range(100):
        at = 2 + pane / 6
        wave = [complaint(pane * 100 + n, at_minute=at - 0.1, emergency=n == 0 and pane % 10 == 0) for n in range(100)]
        drafts += [notice for notice in notices_in(desk.hears(at, *wave)) if notice.state == "draft"]
        memory = desk.case.replies
        sizes.append(len(encode_slot(desk.case)))
        assert len(memory.waiting) <= limits.queue_max
        assert sum(row.draft is not None for row in memory.waiting.values()) <= 2 * limits.drafts_max
    assert desk.case.replies.asked == 10_000
    assert desk.case.replies.asked == len(desk.case.replies.waiting) + desk.case.replies.displaced
    assert len(drafts) <= 2 * limits.drafts_max
    emergencies = [row for row in desk.case.replies.waiting.values() if row.priority == "emergency"]
    assert len(emergencies) == 10, "what is urgent is never displaced by what is new"
    assert all(row.draft is not None for row in emergencies), "nor does it wait for room in front of people"
    assert max(sizes) < 200_000


def test_a_case_written_and_read_again_answers_alike() -> None:
    desk, other = Desk(), Desk()
    for step in (desk, other):
        step.hears(2, complaint(1), complaint(2, business=True))
        if step is other:
            name = other.case.name
            kept = decode_slot(encode_slot(other.case), IncidentCase)
            assert isinstance(kept, IncidentCase)
            other.state.slots[name] = kept
    assert desk.hears(3, complaint(3)) == other.hears(3, complaint(3))
    assert desk.passing(90) == other.passing(90)


def test_a_reply_that_a_person_approved_and_the_operator_then_posts_is_one_answer() -> None:
    desk = Desk()
    (draft,) = notices_in(desk.hears(2, complaint(1)))
    desk.order(5, "approve", draft.notice_id)
    desk.hears(6, officials=(public_answer(1, 5.9),))
    desk.hears(7, officials=(msgspec.structs.replace(public_answer(1, 6.9), post_id="another"),))
    assert desk.case.replies.answered == 1


def test_who_was_handed_to_a_person_by_an_order_is_no_part_of_the_rate() -> None:
    desk = Desk()
    one, two = notices_in(desk.hears(2, complaint(1), complaint(2)))
    desk.order(5, "reject", one.notice_id)
    desk.order(6, "approve", two.notice_id)
    memory = desk.case.replies
    assert (memory.asked, memory.answered, memory.handed_over) == (1, 1, 1)

"""Laws of the reply queue, whatever is complained of, ordered and answered: one answer for one complaint, none lost."""

from collections import Counter
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.codecs.wire import encode
from pipeline.records.published.decisions import Decision
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import PPM, IncidentState
from pipeline.respond.config import RespondConfig
from pipeline.respond.replies_config import ReplyConfig
from pipeline.respond.state import IncidentCase, RespondState, slot_type
from pipeline.respond.telling import told
from tests.respond.replies.made import Desk, complaint, public_answer

FINAL: Final = frozenset({"superseded", "withdrawn", "expired", "sent"})
SMALL: Final = RespondConfig(replies=ReplyConfig(queue_max=6, drafts_max=3))
"""So small that a storm of a dozen fills it."""

Step = tuple[int, str, int]
steps = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.sampled_from(
            [
                "complain",
                "complain",
                "complain",
                "again",
                "storm",
                "answer",
                "approve",
                "reject",
                "edit",
                "facts",
                "end",
            ]
        ),
        st.integers(0, 11),
    ),
    max_size=20,
)
"""Minutes since the step before, what happens, and a choice."""


def play(desk: Desk, happened: list[Step], *, cut: bool = False, restart: bool = False) -> list[object]:
    """Let it happen; with `cut` time is told in between, with `restart` the state is written and read after each."""
    outputs, now = list[object](), 1
    for gap, what, choice in happened:
        if cut:
            outputs += [output for part in range(now + 1, now + gap) for output in desk.passing(part)]
        now += gap
        outputs += desk.passing(now - 1 / 6)
        outputs += _happen(desk, outputs, now, what, choice)
        if restart:
            slots = desk.state.slots.items()
            kept = {name: decode_slot(encode_slot(slot), slot_type(name) or IncidentCase) for name, slot in slots}
            desk.state = RespondState.restored(0, kept)
    return [*outputs, *desk.passing(now + 500)]


def _happen(desk: Desk, before: list[object], now: int, what: str, choice: int) -> list[object]:
    ids = sorted({output.notice_id for output in before if isinstance(output, Notice)}) or ["nobody"]
    if what in ("complain", "again"):
        return desk.hears(now, complaint(choice, now - 0.1, emergency=choice == 7, business=choice % 3 == 0))
    if what == "storm":
        return desk.hears(now, *(complaint(100 * now + number, now - 0.1) for number in range(12)))
    if what == "answer":
        return desk.hears(now, officials=(public_answer(choice, now - 0.1),))
    if what in ("approve", "reject"):
        return desk.order(now, what, ids[choice % len(ids)], command_id=f"{what}{now}")  # type: ignore[arg-type]
    if what == "edit":
        return desk.order(now, "edit", ids[choice % len(ids)], command_id=f"{what}{now}", body="Wir sind dran.")
    state = IncidentState.RESOLVED if what == "end" else IncidentState.CONFIRMED
    services: Any = ("broadband", "tv")[: 1 + choice % 2]
    return desk.change(now, state=state, services=services)


@settings(max_examples=60, deadline=None)
@given(happened=steps)
def test_no_cut_of_time_and_no_restart_changes_a_byte(happened: list[Step]) -> None:
    plain = [encode(output) for output in play(Desk(SMALL), happened)]
    assert [encode(output) for output in play(Desk(SMALL), happened, cut=True)] == plain
    assert [encode(output) for output in play(Desk(SMALL), happened, restart=True)] == plain


@settings(max_examples=80, deadline=None)
@given(happened=steps)
def test_a_complaint_has_one_draft_at_a_time_and_nothing_follows_what_has_ended(happened: list[Step]) -> None:
    latest: dict[str, Notice] = {}
    for output in play(Desk(SMALL), happened):
        if isinstance(output, Notice):
            before = latest.get(output.notice_id)
            assert output.notice_revision == (1 if before is None else before.notice_revision + 1)
            assert before is None or before.state not in FINAL | {"approved"}, "it has ended"
            latest[output.notice_id] = output
            lives = Counter(notice.in_reply_to for notice in latest.values() if notice.state == "draft")
            assert max(lives.values(), default=0) <= 1, "two drafts for one complaint"
    for notice in latest.values():
        assert notice.state != "sent"


def _answered_in_public(happened: list[Step]) -> set[str | None]:
    """Ids of the complaints that the operator answered after they had been written."""
    written, answered = set[int](), set[str | None]()
    for _, what, choice in happened:
        if what in ("complain", "again"):
            written.add(choice)
        elif what == "answer" and choice and choice in written:  # 0 names no post
            answered.add(f"mentions|{choice:013x}")
    return answered


@settings(max_examples=80, deadline=None)
@given(happened=steps)
def test_every_complaint_is_answered_waits_or_is_counted_and_none_is_answered_twice(happened: list[Step]) -> None:
    desk = Desk(SMALL)
    outputs = play(desk, happened)
    memory, config = desk.case.replies, desk.rules.config.replies
    approved = {output.in_reply_to for output in outputs if isinstance(output, Notice) and output.state == "approved"}
    assert len(memory.waiting) <= config.queue_max
    assert sum(row.draft is not None for row in memory.waiting.values()) <= 2 * config.drafts_max
    rejected = {output.in_reply_to for output in outputs if isinstance(output, Notice) and output.state == "withdrawn"}
    public = _answered_in_public(happened) - rejected
    assert memory.answered == len(approved | public), "who got an answer asked, and got one"
    assert memory.handed_over == len(rejected - approved)
    said = told(desk.case, desk.now).communication
    rate = None if said is None else said.reply_rate_ppm
    assert rate is None or (rate <= PPM and memory.answered <= memory.asked)
    late = [output for output in outputs if isinstance(output, Decision) and output.reason.value == "overdue"]
    assert len({decision.decision_id for decision in late}) == len(late)
    assert memory.overdue <= memory.asked + memory.handed_over, "who was handed over late was late"

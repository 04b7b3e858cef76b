"""Drafting: from those who wait to notices of the kind `reply`, and what becomes of these.

A reply tells the facts of the incident. When these change, all replies that wait for approval are superseded in the
same step and drafted anew, so that nobody can approve what is wrong by now. Only so many stand in front of people at a
time; the others wait without a text.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState, NoticeKind, NoticeState
from pipeline.respond.answers import decided
from pipeline.respond.config import RespondRules
from pipeline.respond.remembered.replies import DraftedReply, ReplyMemory, ReplyText, WaitingReply
from pipeline.respond.replies.queue import close, cut, in_order
from pipeline.respond.state import IncidentCase
from pipeline.wording.ends import end_for_people
from pipeline.wording.reply import reply_text

ENDED_MAX: Final = 512
"""Replies that have ended whose last state is remembered, so that an order that comes too late gets its reason."""

_TOLD: Final = frozenset({IncidentState.CONFIRMED, IncidentState.RECOVERING, IncidentState.RESOLVED})
"""States in which there is something to tell; a suspicion is not told to anybody."""


def draft_all(case: IncidentCase, at: int, rules: RespondRules) -> tuple[object, ...]:
    """Draft replies for the most urgent who have none, as many as may stand in front of people.

    Args:
        case: Its replies change in place.
        at: The moment, ms.
        rules: How many, and the words.

    Returns:
        What the change of facts superseded, the new drafts, and one decision about them.
    """
    memory, config = case.replies, rules.config.replies
    cut(memory, config.queue_max)
    replaced = _overtake(case, at, rules)
    fresh: list[Notice] = []
    if case.incident.state in _TOLD and case.incident.silence is None and case.incident.summary is not None:
        live = sum(row.draft is not None for row in memory.waiting.values())
        for name in in_order(memory):
            row = memory.waiting[name]
            most = 2 * config.drafts_max if row.priority == "emergency" else config.drafts_max
            if row.draft is None and row.doubt is None and live < most and _may_draft(memory, row, rules):
                fresh.append(_draft(case, name, at, rules, replaced.get(name)))
                live += 1
    return (
        *(notice for _, notice in sorted(replaced.items())),
        *_in_order_of_id(fresh),
        *_decisions(case, fresh, at, rules),
    )


def end(
    case: IncidentCase, name: str, at: int, state: NoticeState, why: tuple[str, str], rules: RespondRules
) -> Iterator[Notice]:
    """Take a complaint out of the queue.

    Args:
        case: Its replies change in place.
        name: Id of the complaint.
        at: The moment, ms.
        state: What becomes of its draft.
        why: Who made it so, and why, in words.
        rules: Who answers for the words.

    Yields:
        The last revision of its draft, if it has one.
    """
    if case.replies.waiting[name].draft is not None:
        yield _moved(case, name, at, state, why, rules)
    del case.replies.waiting[name]
    close(case.replies, name)


def notice_of(case: IncidentCase, name: str, row: WaitingReply, state: NoticeState, rules: RespondRules) -> Notice:
    """A draft as a record.

    Args:
        case: The case.
        name: Id of the complaint that it answers.
        row: The complaint; with a draft.
        state: State of the notice.
        rules: Who answers for the words.
    """
    draft, incident = row.draft, case.incident
    assert draft is not None, "only what is drafted is a record"
    text = case.replies.texts[draft.text]
    edited = bool(draft.subject or draft.body)
    config = rules.config
    return Notice(
        notice_id=draft.notice_id,
        incident_id=incident.incident_id,
        revision=text.revision,
        market=incident.market,
        operator=row.operator,
        kind=NoticeKind.REPLY,
        audience="business_customers" if row.business else "reporter",
        outlet=row.outlet,  # type: ignore[arg-type]  # outlets of `OUTLET_OF` only
        language=row.language,
        subject=draft.subject or text.subject,
        body=draft.body or text.body,
        original_subject=text.subject if edited else None,
        original_body=text.body if edited else None,
        drafted_at=Instant(draft.drafted_at),
        state=state,
        tone="sorry",
        due_at=Instant(row.at + config.replies.answer_minutes * MINUTE_MS),
        in_reply_to=name,
        priority=row.priority,
        writer=config.writer,
        approver=config.approver,
        approved_by=draft.changed_by or None if state == "approved" else None,
        approved_at=Instant(draft.changed_at) if state == "approved" else None,
        exercise=incident.exercise,
        notice_revision=draft.notice_revision,
        changed_at=Instant(draft.changed_at) if draft.changed_at else None,
        changed_by=draft.changed_by or None,
        changed_why=draft.changed_why or None,
    )


def facts_of(incident: Incident) -> str:
    """Fingerprint of what replies tell of an incident; what it leaves out makes no reply wrong."""
    emergency, end_told = incident.emergency, end_for_people(incident.estimated_end, int(incident.updated_at))
    calls = emergency.numbers if emergency is not None and emergency.affected else ()
    return content_id(incident.state.value, repr(incident.services), repr(calls), repr(end_told))


def _overtake(case: IncidentCase, at: int, rules: RespondRules) -> dict[str, Notice]:
    """Supersede all drafts if the facts have changed."""
    memory, facts = case.replies, facts_of(case.incident)
    if facts == memory.facts:
        return {}
    replaced = {}
    for name in sorted(memory.waiting):
        row = memory.waiting[name]
        if row.draft is not None:
            why = ("", "the facts have changed: a newer text takes its place")
            replaced[name] = _moved(case, name, at, "superseded", why, rules)
            row.draft = None
    memory.facts, memory.texts = facts, {}
    return replaced


def _may_draft(memory: ReplyMemory, row: WaitingReply, rules: RespondRules) -> bool:
    most = rules.config.replies.texts_max
    return memory.drafted < most or (row.priority == "emergency" and memory.drafted < 2 * most)


def _draft(case: IncidentCase, name: str, at: int, rules: RespondRules, replaced: Notice | None) -> Notice:
    memory, row, incident = case.replies, case.replies.waiting[name], case.incident
    again = row.priority == "asked_again"
    key = f"{row.outlet}|{row.language}|{int(again)}{'|device' if row.device else ''}"
    if key not in memory.texts:
        assert incident.summary is not None, "asked before"
        memory.texts[key] = ReplyText(
            subject=clipped(incident.summary.headline.said(row.language)),
            body=reply_text(incident, row.outlet, row.language, rules.wording, again=again, device=row.device),
            revision=incident.revision,
        )
    notice_id = content_id(incident.incident_id, NoticeKind.REPLY.value, name, memory.facts, memory.drafted)
    row.draft = DraftedReply(notice_id=notice_id, text=key, drafted_at=at)
    memory.drafted += 1
    notice = notice_of(case, name, row, "draft", rules)
    return notice if replaced is None else replace(notice, supersedes=replaced.notice_id)


def _moved(
    case: IncidentCase,
    name: str,
    at: int,
    state: NoticeState,
    why: tuple[str, str],
    rules: RespondRules,
) -> Notice:
    """The last revision of a draft; its state is remembered."""
    memory = case.replies
    row = memory.waiting[name]
    draft = row.draft
    assert draft is not None, "only what is drafted can move"
    draft.notice_revision += 1
    draft.changed_at, draft.changed_by, draft.changed_why = at, clipped(why[0], 64), clipped(why[1])
    memory.ended[draft.notice_id] = state
    while len(memory.ended) > ENDED_MAX:
        del memory.ended[next(iter(memory.ended))]
    return notice_of(case, name, row, state, rules)


def _in_order_of_id(notices: list[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: (notice.in_reply_to or "", notice.notice_id))


def _decisions(case: IncidentCase, fresh: list[Notice], at: int, rules: RespondRules) -> Iterator[object]:
    memory, config = case.replies, rules.config
    if fresh:
        waiting = f"{len(memory.waiting)} wait, {memory.displaced} more are counted"
        words = f"replies drafted: {len(fresh)} texts wait for {config.approver}; {waiting}"
        verdict = (DecisionKind.SENT, DecisionReason.AWAITING_APPROVAL)
        yield decided(case.incident, Instant(at), verdict, words, extra="replies")
    if memory.drafted >= config.replies.texts_max and not memory.told_full:
        memory.told_full = True
        words = f"{memory.drafted} replies were drafted, the most of one incident: only emergencies get more"
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED)
        yield decided(case.incident, Instant(at), verdict, words, extra="replies")

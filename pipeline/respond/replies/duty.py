"""The duty of replies: one ticket or post that complains within an open incident is one reply to give, on a clock.

It hears complaints pane by pane, changes of the incident, orders of people, and what the operator answers in public,
which closes what waits. What is none of the incident's goes to a person with the reason, and is no part of the rate.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost, PlacedCommand
from pipeline.records.inner.talk import WholeComplaint
from pipeline.records.raw.commands import ON_DRAFTS
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState
from pipeline.respond.answers import decided
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.replies.drafts import draft_all, end
from pipeline.respond.replies.orders import obey
from pipeline.respond.replies.queue import close, id_of, is_new, take_in, waits_for_answer
from pipeline.respond.replies.sharing import why_misfit, why_own_matter
from pipeline.respond.state import IncidentCase

DOUBT_MS: Final = 15 * MINUTE_MS
"""A complaint that does not fit waits so long: an outage is known in full some minutes after the first complaints, and
who wrote first must not be sent away."""

HANDED_TOLD_MAX: Final = 256
"""Complaints of an incident whose handing over is said one by one; more are only counted."""


def hear(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """Take in a change of the incident, or an order.

    Args:
        case: The incident; its replies change in place.
        heard: A revision, or an order about it.
        around: Settings and wording.
    """
    rules = around.rules
    if isinstance(heard, PlacedCommand):
        outputs = obey(case, heard, rules) if heard.command.kind in ON_DRAFTS else ()
        if not outputs:
            return None
        return DutyAnswer((*outputs, *draft_all(case, int(heard.at), rules)), _next_due(case, int(heard.at), around))
    at = int(heard.at)
    if case.is_over:
        return DutyAnswer(tuple(_close(case, at, around)))
    handed = tuple(_settle(case, at))
    return DutyAnswer((*handed, *draft_all(case, at, rules)), _next_due(case, at, around))


def hear_talk(case: IncidentCase, heard: PaneTalk, around: Surroundings) -> DutyAnswer | None:
    """Take in who complains, and what the operator answered in public.

    Args:
        case: The incident; its replies change in place.
        heard: Its share of a pane's talk.
        around: Settings and wording.
    """
    at = int(heard.at)
    answers = list(_answers(case, heard.officials, at, around))
    handed = [*_take_in(case, heard.complaints, at, around), *_settle(case, at)]
    if not (answers or handed or heard.complaints):
        return None
    outputs = (*answers, *handed, *draft_all(case, at, around.rules))
    return DutyAnswer(outputs, _next_due(case, at, around))


def fall_due(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer:
    """Say whose time is over, and hand over whose place or service the incident never reached.

    Args:
        case: The incident; its replies change in place.
        at: The time that was set.
        around: Settings.
    """
    memory, minutes = case.replies, around.rules.config.replies.answer_minutes
    late = [row for row in memory.waiting.values() if not row.overdue and row.at + minutes * MINUTE_MS <= int(at)]
    for row in late:
        row.overdue = True
    memory.overdue += len(late)
    outputs: list[object] = list(_settle(case, int(at)))
    if late:
        waited = (int(at) - (memory.oldest_at or int(at))) // MINUTE_MS
        words = f"{len(late)} replies are over their {minutes} min; {len(memory.waiting)} wait, the oldest {waited} min"
        verdict = (DecisionKind.CHANGED, DecisionReason.OVERDUE)
        outputs.append(decided(case.incident, at, verdict, words, extra="replies"))
    outputs += draft_all(case, int(at), around.rules)
    return DutyAnswer(tuple(outputs), _next_due(case, int(at), around))


def _take_in(
    case: IncidentCase, complaints: Iterable[WholeComplaint], at: int, around: Surroundings
) -> Iterator[object]:
    memory, incident = case.replies, case.incident
    for complaint in complaints:
        why = why_own_matter(complaint)
        if why is None:
            doubtful = why_misfit(complaint, incident) is not None
            take_in(memory, complaint, incident.market, around.rules, doubtful=doubtful)
        elif is_new(memory, complaint):
            yield from _hand_over(case, complaint, why, at)


def _settle(case: IncidentCase, at: int) -> Iterator[object]:
    """Draft for those who turned out to be of the incident; hand over those who did not in time."""
    memory = case.replies
    for name in sorted(memory.waiting):
        complaint = memory.waiting[name].doubt
        why = None if complaint is None else why_misfit(complaint, case.incident)
        if why is None:
            memory.waiting[name].doubt = None
        elif complaint is not None and at >= int(complaint.at) + DOUBT_MS:
            del memory.waiting[name]
            memory.asked -= 1
            yield from _hand_over(case, complaint, why, at)


def _hand_over(case: IncidentCase, complaint: WholeComplaint, why: str, at: int) -> Iterator[object]:
    memory = case.replies
    memory.handed_over += 1
    close(memory, id_of(complaint))
    if memory.handed_over <= HANDED_TOLD_MAX:
        words = f"a person answers {complaint.source}: {why}; {complaint.intake}, {complaint.text!r}"
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.HANDED_OVER)
        yield decided(case.incident, Instant(at), verdict, clipped(words), extra=id_of(complaint))


def _answers(case: IncidentCase, officials: Iterable[OfficialPost], at: int, around: Surroundings) -> Iterator[object]:
    """Close what the operator answered in public."""
    memory = case.replies
    for post in officials:
        name = f"mentions|{post.in_reply_to:013x}"
        if not post.in_reply_to or not waits_for_answer(memory, name):
            continue
        memory.answered += 1
        if name not in memory.waiting:
            close(memory, name)
        else:
            yield from end(case, name, at, "superseded", ("", "the operator answered in public"), around.rules)


def _close(case: IncidentCase, at: int, around: Surroundings) -> Iterator[object]:
    """The incident is over: what still waits expires; of one that was dismissed it is handed to a person."""
    memory = case.replies
    waiting = sorted(memory.waiting)
    if not waiting:
        return
    why = ("", "the incident is over")
    for name in waiting:
        yield from end(case, name, at, "expired", why, around.rules)
    if case.incident.state == IncidentState.DISMISSED:
        memory.handed_over += len(waiting)
        memory.asked -= len(waiting)
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.HANDED_OVER)
        words = f"a person answers {len(waiting)} complaints: there was no outage, so each has a fault of its own"
    else:
        verdict = (DecisionKind.CHANGED, DecisionReason.EXPIRED)
        words = f"{len(waiting)} complaints were not answered one by one before the incident was over"
    yield decided(case.incident, Instant(at), verdict, words, extra="replies")


def _next_due(case: IncidentCase, at: int, around: Surroundings) -> int | None:
    """When the next time is over, in whole minutes, so that what is late together is said together."""
    wait_ms = around.rules.config.replies.answer_minutes * MINUTE_MS
    ends = [row.at + wait_ms for row in case.replies.waiting.values() if not row.overdue]
    ends += [row.at + DOUBT_MS for row in case.replies.waiting.values() if row.doubt is not None]
    if not ends:
        return None
    minute = -(-min(ends) // MINUTE_MS) * MINUTE_MS
    return max(minute, (at // MINUTE_MS + 1) * MINUTE_MS)


REPLIES: Final = Duty(name="replies", hear=hear, fall_due=fall_due, hear_talk=hear_talk)
"""The row of RESPOND's duties."""

"""The reply rate: what an incident's communication clock tells of replies that were given and of who waits."""

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import Communication
from pipeline.records.vocabulary import PPM, IncidentState
from pipeline.respond.state import IncidentCase


def communication_of(case: IncidentCase, incident: Incident) -> Communication | None:
    """The communication clock with its replies; as CORRELATE wrote it if nobody complained by name.

    Args:
        case: What RESPOND remembers of it.
        incident: The revision as CORRELATE wrote it.
    """
    memory, known = case.replies, incident.communication or Communication()
    due_at, end = _next_due_at(case, incident), case.people.promised_end_at
    if due_at is not None or end:
        known = replace(known, next_due_at=due_at, promised_end_at=Instant(end) if end else known.promised_end_at)
    if not (memory.asked or memory.handed_over):
        return known if due_at is not None or end else incident.communication
    complaints = max(known.complaints or 0, memory.asked)
    return replace(
        known,
        complaints=complaints,
        replies=memory.answered,
        reply_rate_ppm=min(PPM, memory.answered * PPM // complaints) if complaints else None,
        replies_waiting=len(memory.waiting),
        replies_overdue=memory.overdue,
        replies_handed_over=memory.handed_over,
        oldest_waiting_at=None if memory.oldest_at is None else Instant(memory.oldest_at),
    )


def _next_due_at(case: IncidentCase, incident: Incident) -> Instant | None:
    """When the next word is due by the cadence of the audiences; None once it is over, or if nobody was told."""
    due = case.notices.told.next_word_at
    return Instant(due) if due and incident.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING) else None

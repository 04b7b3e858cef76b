"""The reply rate: what an incident's communication clock tells of replies that were given and of who waits."""

from typing import Final

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import Communication
from pipeline.records.vocabulary import PPM, Grade, IncidentState
from pipeline.respond.remembered.impact import began_at
from pipeline.respond.state import IncidentCase

GRADES: Final[tuple[Grade, ...]] = ("A", "B", "C", "D")
"""Of a first word, by the bounds of the profile; F after the last."""


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
    if profile := case.notices.profile:
        known = replace(known, profile=profile, grade=_grade_of(known, incident, case.notices.graded))
    if not (memory.asked or memory.handed_over):
        return known if due_at is not None or end or profile else incident.communication
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


def _grade_of(known: Communication, incident: Incident, bounds: list[int]) -> Grade | None:
    """The grade of the first word by the profile's bounds; a silence is graded F once it is as long as the last."""
    after_seconds = known.first_word_after_seconds
    if after_seconds is None:
        waited_seconds = (int(incident.ended_at or incident.updated_at) - began_at(incident)) // 1_000
        return "F" if waited_seconds >= bounds[-1] * 60 else None
    return next((grade for minutes, grade in zip(bounds, GRADES, strict=True) if after_seconds < minutes * 60), "F")


def _next_due_at(case: IncidentCase, incident: Incident) -> Instant | None:
    """When the next word is due by the cadence of the audiences; None once it is over, or if nobody was told."""
    due = case.notices.told.next_word_at
    return Instant(due) if due and incident.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING) else None

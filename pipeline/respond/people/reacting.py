"""How people took one message of the operator: a record of its own once the half hour after it is over.

An incident's record has room for the latest messages only, and each of them polarises in its own way. So each
has a review, under one id for ever: written when its half hour is over, and once more with each look at
the aftermath if people went on reacting to it. Nothing is said of what is not confirmed, was none, or is part of
another incident.
"""

from collections.abc import Iterator

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.published.followups import CommunicationReview, Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import AROUND_MS
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.people.telling import around_of
from pipeline.respond.remembered.people import TalkAround
from pipeline.respond.state import IncidentCase


def next_due(case: IncidentCase) -> int | None:
    """When the half hour after a message is over that nothing was written of, ms; None if there is none."""
    if not _is_told_of(case.incident):
        return None
    return min((words.at + AROUND_MS for words in case.people.around if _waits(words)), default=None)


def write_reactions(case: IncidentCase, at: int) -> Iterator[Followup]:
    """A record for each message whose half hour is over.

    Args:
        case: What it remembers of its messages changes in place.
        at: Now, ms.
    """
    for words in case.people.around if _is_told_of(case.incident) else ():
        if _waits(words) and words.at + AROUND_MS <= at:
            yield _written(case, words, at)


def write_late_reactions(case: IncidentCase, at: int) -> Iterator[Followup]:
    """A record for each message of after the end, and a revision for each that people went on reacting to.

    Args:
        case: What it remembers of its messages changes in place.
        at: Now, ms; the talk around late messages was counted.
    """
    for words in case.people.around if _is_told_of(case.incident) else ():
        if words.counts != words.told_counts if words.revision else words.at + AROUND_MS <= at:
            yield _written(case, words, at)


def cut_short(case: IncidentCase, closed: Change) -> None:
    """Leave a message whose half hour ends after the incident is closed to the figures of the day after.

    Args:
        case: What it remembers of its messages changes in place.
        closed: The revision that closed it: nobody passes talk on any more.
    """
    for words in case.people.around:
        if _waits(words) and words.at + AROUND_MS > closed.at:
            words.is_late, words.before, words.after = True, {}, {}


def _waits(words: TalkAround) -> bool:
    return not words.revision and not words.is_late


def _is_told_of(incident: Incident) -> bool:
    return incident.confirmed_at is not None and incident.state != IncidentState.DISMISSED and not incident.is_merged


def _written(case: IncidentCase, words: TalkAround, at: int) -> Followup:
    words.revision, words.told_counts = words.revision + 1, [*words.counts]
    incident = case.incident
    return Followup(
        followup_id=content_id(incident.incident_id, "communication_review", words.post_id),
        revision=words.revision,
        incident_id=incident.incident_id,
        incident_revision=incident.revision,
        market=incident.market,
        operator=words.operator or incident.operators[0].operator,
        kind="communication_review",
        created_at=Instant(at),
        state="done",
        communication_review=CommunicationReview(around=around_of(words)),
        exercise=incident.exercise,
    )

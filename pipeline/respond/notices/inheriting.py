"""What people were told of an incident before it was split or merged is known of the new one as well.

A part that is split off goes on from what people were told of the whole. One that takes in another goes on from what
they were told of that one, if anybody approved it: the drafts of what is merged are withdrawn, so that without a first
word of its own nobody would hear of it. Where nobody was told, nothing is inherited, and a first word follows.
"""

from collections.abc import Iterator
from copy import deepcopy

from pipeline.records.clocks import Instant
from pipeline.records.inner.changes import Change
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import Links
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import decided
from pipeline.respond.duties import Surroundings
from pipeline.respond.remembered.notices import NoticeBook, Told
from pipeline.respond.state import IncidentCase


def inherit(case: IncidentCase, change: Change, around: Surroundings) -> Iterator[Decision]:
    """Take over what people were told of the incident from which a case was split, or that it took in.

    Args:
        case: What it remembers of notices changes in place.
        change: A split counts with the first revision, a merger with the one that first names it.
        around: For the other cases of the market.

    Yields:
        Why no first word follows, if something was taken over.
    """
    book = case.notices
    whole, taken_in = _split_from(change), _taken_in(change)
    if book.told.first_at or not (whole or taken_in):
        return
    others = [other for other in around.cases() if _was_told(other, change, whole, taken_in)]
    if not others:
        return
    first = min(others, key=lambda other: (other.notices.told.first_at, other.incident.incident_id))
    book.told = _taken_over(first.notices.told)
    if first.incident.incident_id in taken_in:
        book.warnings = [*first.notices.warnings]
    verdict = (DecisionKind.SUPPRESSED, DecisionReason.ALREADY_SENT)
    words = f"confirmed: told before, as a part of {first.incident.incident_id}: updates follow, no first word"
    yield decided(case.incident, Instant(change.at), verdict, words, extra="confirmed")


def _split_from(change: Change) -> str:
    return _links(change.after).split_from or "" if change.before is None else ""


def _taken_in(change: Change) -> set[str]:
    known = _links(change.before).merged_from if change.before is not None else ()
    return set(_links(change.after).merged_from) - set(known)


def _links(incident: Incident) -> Links:
    return incident.links or Links()


def _was_told(other: IncidentCase, change: Change, whole: str, taken_in: set[str]) -> bool:
    """Had people heard of another incident before this change, and is what they heard still out?"""
    incident_id, book = other.incident.incident_id, other.notices
    if not 0 < book.told.first_at < change.at:
        return False
    return incident_id == whole or (incident_id in taken_in and _is_out(book))


def _is_out(book: NoticeBook) -> bool:
    states = {*(notice.state for notice in book.live.values()), *book.ended.values()}
    return not states.isdisjoint(("approved", "sent"))


def _taken_over(told: Told) -> Told:
    """What was told, as the beginning of another case: its texts and corrections are counted from none."""
    copy = deepcopy(told)
    copy.texts, copy.rumours = 0, []
    return copy

"""Sharing out: which case a complaint belongs to, and whether it is the case's business at all.

A customer whose own line is broken during an outage gets no help from a text about the outage. So a complaint that
names another service or place, or speaks of money, of leaving or of a fault that only the writer has, goes to a person,
with the reason.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.talk import WholeComplaint
from pipeline.records.published.incidents import Incident
from pipeline.records.series import is_within
from pipeline.records.vocabulary import EVERYWHERE, IncidentState
from pipeline.respond.state import IncidentCase

HAND_OVER: Final = {
    "compensation": "asks for money back: a contract, not the outage",
    "leaving": "speaks of leaving: a contract, not the outage",
    "prices": "speaks of prices: a contract, not the outage",
    "isolated": "says that only the writer is hit: a fault of one's own",
}
"""Topic of a complaint to why a person must answer it; the first that fits is told."""

OPEN: Final = frozenset(
    {IncidentState.SUSPECTED, IncidentState.CONFIRMED, IncidentState.RECOVERING, IncidentState.RESOLVED}
)
"""States of an incident within which a complaint is answered."""

_SETTLED: Final = frozenset({IncidentState.CONFIRMED, IncidentState.RECOVERING})


def share_out(heard: PaneTalk, cases: Iterable[IncidentCase]) -> list[tuple[IncidentCase, PaneTalk]]:
    """What of a pane's talk each open case hears, case by case; an exercise hears nothing that is real.

    Args:
        heard: Talk of all operators of the market.
        cases: Cases of the market, by id of the incident.

    Returns:
        A case with its complaints, and with all that its operators said and what is said of them.
    """
    open_cases = [case for case in cases if case.incident.state in OPEN and not case.incident.exercise]
    complaints: dict[str, list[WholeComplaint]] = {}
    for complaint in heard.complaints:
        case = _best(complaint, open_cases)
        if case is not None:
            complaints.setdefault(case.name, []).append(complaint)
    shared = []
    for case in open_cases:
        own = {operator.operator for operator in case.incident.operators}
        part = PaneTalk(
            market=heard.market,
            at=heard.at,
            complaints=tuple(complaints.get(case.name, ())),
            officials=tuple(post for post in heard.officials if post.operator in own),
            sums=tuple(row for row in heard.sums if row.operator in own),
        )
        if part.complaints or part.officials or part.sums:
            shared.append((case, part))
    return shared


def why_own_matter(complaint: WholeComplaint) -> str | None:
    """Why a text about the outage does not help the writer, in words for the person who answers; None if it does."""
    if complaint.emergency:
        return None
    return next((words for topic, words in HAND_OVER.items() if topic in complaint.topics), None)


def why_misfit(complaint: WholeComplaint, incident: Incident) -> str | None:
    """Why a complaint is none of an incident's, as far as that is known by now; None if it is one.

    Args:
        complaint: About an operator of the incident.
        incident: Its latest revision.
    """
    if complaint.emergency:
        return None
    if not _is_of_service(complaint, incident):
        return f"names another service: {complaint.service}"
    if not _is_of_place(complaint, incident):
        return f"comes from another place: {complaint.area}"
    return None


def _best(complaint: WholeComplaint, cases: Sequence[IncidentCase]) -> IncidentCase | None:
    """The case that fits best: place and service, then place, then one that is confirmed, then the oldest."""
    fitting = [case for case in cases if any(row.operator == complaint.operator for row in case.incident.operators)]
    return min(fitting, key=lambda case: _misfit(complaint, case.incident), default=None)


def _misfit(complaint: WholeComplaint, incident: Incident) -> tuple[bool, bool, bool, int, str]:
    place, service = _is_of_place(complaint, incident), _is_of_service(complaint, incident)
    settled = incident.state in _SETTLED
    return (not (place and service), not place, not settled, int(incident.opened_at), incident.incident_id)


def _is_of_service(complaint: WholeComplaint, incident: Incident) -> bool:
    named = complaint.service
    return not named or not incident.services or named == "emergency" or named in incident.services


def _is_of_place(complaint: WholeComplaint, incident: Incident) -> bool:
    if incident.extent in EVERYWHERE or not incident.areas:
        return True
    area = complaint.area
    return any(is_within(area, row.area) or is_within(row.area, area) for row in incident.areas)

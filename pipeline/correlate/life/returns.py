"""Returns: people of an incident's places say that all is well again.

Where no figure tells, silence is a weak sign: people tire of complaining. That several say "it is back" is a stronger
one, as long as nobody complains after them. So what they said before the latest evidence, or before a complaint from
those places, is forgotten. Where emergency calls failed, or a figure tells, nobody's word shortens anything.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from pipeline.correlate.evidence.areas import are_measured
from pipeline.correlate.parts import Dossier
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.talk import BACK, TalkSum, WholeComplaint
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState

STEPS_KEPT: Final = 32
"""Steps of which it is remembered how many said so; three people in one of them suffice."""


def tell_of_returns(talk: Iterable[TalkSum]) -> bool:
    """Does anybody say that all is well again?"""
    return any(subject.startswith(BACK) for row in talk for subject in row.people)


def without_returns(talk: Iterable[TalkSum]) -> list[TalkSum]:
    """The rest of what is said, which RESPOND hears."""
    rest = []
    for row in talk:
        posts = {subject: count for subject, count in row.posts.items() if not subject.startswith(BACK)}
        people = {subject: count for subject, count in row.people.items() if not subject.startswith(BACK)}
        if posts or people:
            rest.append(replace(row, posts=posts, people=people))
    return rest


def hear_returns(talk: Sequence[TalkSum], complaints: Sequence[WholeComplaint], pane: PaneAtWork) -> None:
    """Note in incidents of which only people tell how many of their places say that all is well again.

    Args:
        talk: What was said in the pane.
        complaints: Those that were passed on whole: what was said before one of the same place is forgotten.
        pane: The pane at work.
    """
    if not (complaints or tell_of_returns(talk)):
        return
    for incident in pane.market.real_incidents:
        people = sum(_said_in(row, incident.dossier) for row in talk) if _may_end(incident) else 0
        denied_at = max((int(row.at) for row in complaints if _is_of(row, incident.dossier)), default=0)
        known = [said for said in incident.recovery.said_back if said[0] > max(denied_at, incident.dossier.last_at)]
        fresh = [(pane.at, people)] if people and pane.at > denied_at else []
        if fresh or len(known) != len(incident.recovery.said_back):
            incident.recovery.said_back = [*known, *fresh][-STEPS_KEPT:]
            pane.touched.add(incident.incident_id)


def _may_end(incident: OpenIncident) -> bool:
    is_open = incident.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING)
    return is_open and incident.dossier.emergency is None and not are_measured(incident.dossier.areas)


def _said_in(row: TalkSum, dossier: Dossier) -> int:
    """How many say it in one of the incident's places of one of its operators, of one of its services or of none."""
    if row.operator not in dossier.operators:
        return 0
    total = 0
    for subject, people in sorted(row.people.items()):
        if subject.startswith(BACK):
            service, _, area = subject.removeprefix(BACK).partition(":")
            if (not service or not dossier.services or service in dossier.services) and _is_there(area, dossier):
                total += people
    return total


def _is_of(complaint: WholeComplaint, dossier: Dossier) -> bool:
    return complaint.operator in dossier.operators and _is_there(complaint.area, dossier)


def _is_there(area: str, dossier: Dossier) -> bool:
    return any(is_within(area, place) for place in dossier.areas)

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
from pipeline.records.inner.talk import BACK, VOICES_MAX, TalkSum, WholeComplaint
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState

VOICES_KEPT: Final = 128
"""So many are remembered who said so, each with the latest time; what has more places than that waits for silence."""


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
            rest.append(replace(row, posts=posts, people=people, voices={}))
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
        voices = set[str]().union(*(_said_in(row, incident.dossier) for row in talk)) if _may_end(incident) else set()
        denied_at = max((int(row.at) for row in complaints if _is_of(row, incident.dossier)), default=0)
        fresh = [(pane.at, voice) for voice in sorted(voices)] if pane.at > denied_at else []
        since = max(denied_at, incident.dossier.last_at)
        again = {voice for _, voice in fresh}
        known = [(at, voice) for at, voice in incident.recovery.back_by if at > since and voice not in again]
        if fresh or len(known) != len(incident.recovery.back_by):
            incident.recovery.back_by = [*known, *fresh][-VOICES_KEPT:]
            pane.touched.add(incident.incident_id)


def _may_end(incident: OpenIncident) -> bool:
    is_open = incident.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING)
    return is_open and incident.dossier.emergency is None and not are_measured(incident.dossier.areas)


def _said_in(row: TalkSum, dossier: Dossier) -> set[str]:
    """Who says it in one of the incident's places of one of its operators, of one of its services or of none."""
    if row.operator not in dossier.operators:
        return set()
    found: set[str] = set()
    for subject, people in sorted(row.people.items()):
        if subject.startswith(BACK):
            service, _, area = subject.removeprefix(BACK).partition(":")
            if (not service or not dossier.services or service in dossier.services) and _is_there(area, dossier):
                found.update(_voices_of(row, subject, people))
    return found


def _voices_of(row: TalkSum, subject: str, people: int) -> list[str]:
    """Hashes of who says it in a step; of a text that goes round as many as there are texts.

    A record without hashes, of an earlier version, names its people by their number, so that those of two steps are
    the same.
    """
    known = row.voices.get(subject) or [str(number) for number in range(min(people, VOICES_MAX))]
    return known[: row.posts.get(subject, len(known))]


def _is_of(complaint: WholeComplaint, dossier: Dossier) -> bool:
    return complaint.operator in dossier.operators and _is_there(complaint.area, dossier)


def _is_there(area: str, dossier: Dossier) -> bool:
    return any(is_within(area, place) for place in dossier.areas)

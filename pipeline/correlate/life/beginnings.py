"""Beginnings: since when it fails, by people's own word.

Where no figure tells, an outage is seen when enough people complain, which may be long after it began. Some say since
when: "out since 6 pm". The middle of what they say is heard (`belief/estimate.py`), once a few have said it, and only
as far as it lies before the first evidence; whose trouble is older than that by hours has another one.
"""

from collections.abc import Sequence
from typing import Final

from pipeline.correlate.evidence.areas import are_measured
from pipeline.correlate.parts import Dossier
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import HOUR_MS
from pipeline.records.inner.talk import WholeComplaint
from pipeline.records.series import is_within

EARLIER_MAX_MS: Final = 6 * HOUR_MS
"""Who says that it began longer before the incident opened speaks of something else."""

PEOPLE_KEPT: Final = 64
"""The first so many who say it: later ones say "since hours"."""


def hear_beginnings(complaints: Sequence[WholeComplaint], pane: PaneAtWork) -> None:
    """Note in incidents of which only people tell since when those of their places say that it fails.

    Args:
        complaints: Those that were passed on whole.
        pane: The pane at work.
    """
    told = [row for row in complaints if row.began_at]
    for incident in pane.market.real_incidents if told else ():
        known = dict(incident.recovery.said_began)
        if are_measured(incident.dossier.areas) or len(known) >= PEOPLE_KEPT:
            continue
        oldest = incident.identity.opened_at - EARLIER_MAX_MS
        for row in told:
            if row.began_at >= oldest and _is_about(row, incident.dossier) and len(known) < PEOPLE_KEPT:
                known.setdefault(row.person, row.began_at)
        if len(known) > len(incident.recovery.said_began):
            incident.recovery.said_began = list(known.items())
            pane.touched.add(incident.incident_id)


def _is_about(row: WholeComplaint, dossier: Dossier) -> bool:
    """Is it one of the incident's operators and places, and of one of its services or of none?"""
    fits = not row.service or not dossier.services or row.service in dossier.services
    return fits and row.operator in dossier.operators and any(is_within(row.area, place) for place in dossier.areas)

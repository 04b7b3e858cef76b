"""Guests: brands without a network of their own, of whom little is heard when their host's fails.

That a guest is down is all but certain while its host is known to be, so what would be far too little for a
suspicion of its own is enough: DETECT has begun to tell of it, a hundred times what is believed of any place, where
the host is down. A guest of whom nothing at all is heard is not named: maybe nobody here is its customer.
"""

from pipeline.correlate.evidence.account import BEGINS_FROM_MILLI
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.services import services_shown
from pipeline.correlate.rivals.believed import believed
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.weighings import Weighing
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState


def hear_guests(incident: OpenIncident, pane: PaneAtWork) -> None:
    """Name the guests of a confirmed outage's operators, of whom their people begin to tell.

    Args:
        incident: Its dossier changes in place.
        pane: The pane at work.
    """
    dossier = incident.dossier
    if incident.state != IncidentState.CONFIRMED:
        return
    services, leaves = set(services_shown(dossier)), leaves_of(dossier.areas)

    def is_down(known: Weighing) -> bool:
        host, row = pane.reference.host_of(known.operator), pane.reference.operators.get(known.operator)
        return (
            known.operator not in dossier.operators
            and host in dossier.operators
            and row is not None
            and (not services or bool(services & set(row.services)))
            and known.odds_milli >= BEGINS_FROM_MILLI
            and any(is_within(known.area, area) or is_within(area, known.area) for area in leaves)
        )

    for guest in sorted({known.operator for known in believed(pane, incident).values() if is_down(known)}):
        dossier.operators[guest] = 1

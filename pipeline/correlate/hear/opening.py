"""How an incident is opened, whoever asks for it: the emergency rule or an anomaly."""

from pipeline.correlate.border.borders import Borders
from pipeline.correlate.border.outline import Outline, outline_of
from pipeline.correlate.evidence.account import LEAF_FROM_MILLI
from pipeline.correlate.life.course import enter_history, is_final
from pipeline.correlate.parts import Course, Dossier, Identity
from pipeline.correlate.rivals.believed import believed
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.vocabulary import DecisionKind, DecisionReason

_AREAS_NAMED_MAX = 4
"""Areas that the decision names: enough to recognise the outage."""


def borders_of(pane: PaneAtWork) -> Borders:
    """The borders of all real incidents of a market that are not over: no evidence belongs to an exercise."""
    weighings = believed(pane).values()
    known = [outline_of(incident, weighings) for incident in pane.market.real_incidents if not is_final(incident)]
    since = {
        (weighed.operator, weighed.area, weighed.service): int(weighed.since)
        for weighed in weighings
        if weighed.service and weighed.disturbed_milli >= LEAF_FROM_MILLI
    }
    return Borders(pane.market.market, pane.at, known, pane.config, pane.reference, since)


def opened(outline: Outline, pane: PaneAtWork, reason: DecisionReason) -> OpenIncident:
    """Open an incident with this pane; it is put last into its market, and a decision says why.

    Args:
        outline: Names it, and says where it is.
        pane: The pane at work.
        reason: Why, of the closed list.
    """
    identity = Identity(
        incident_id=outline.incident_id, market=pane.market.market, anchor=outline.anchor, opened_at=pane.at
    )
    incident = OpenIncident(identity=identity, dossier=Dossier(last_at=pane.at), course=Course(since=pane.at))
    enter_history(incident.course, pane.at, reason.value)
    where = ", ".join(sorted(outline.areas)[:_AREAS_NAMED_MAX])
    pane.decide(DecisionKind.OPENED, reason, f"{outline.anchor or 'operator unknown'} in {where}", about=incident)
    pane.market.incidents = [*pane.market.incidents, incident]
    return incident

"""Opening an incident, and the outlines of those that are open already."""

from pipeline.correlate.border.borders import Borders
from pipeline.correlate.border.outline import Border, border_of
from pipeline.correlate.life.course import enter_history, is_final
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def borders_of(pane: Pane) -> Borders:
    """The borders of all incidents that are not over."""
    known = [border_of(one) for one in pane.market.incidents if not is_final(one)]
    return Borders(pane.market.market, pane.at, known, pane.config, pane.reference)


def opened(border: Border, pane: Pane, reason: DecisionReason) -> OpenIncident:
    """An incident that begins with this pane; a decision says why."""
    incident = OpenIncident(
        incident_id=border.incident_id,
        market=pane.market.market,
        anchor=border.anchor,
        opened_at=pane.at,
        state_since=pane.at,
        last_evidence_at=pane.at,
        quiet_from=pane.at,
    )
    enter_history(incident, pane.at, reason.value)
    where = ", ".join(sorted(border.areas)[:4])
    pane.decide(DecisionKind.OPENED, reason, f"{border.anchor or 'operator unknown'} in {where}", about=incident)
    return incident

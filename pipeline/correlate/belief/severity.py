"""Severity from impact, with its reasons: how many, which services, can they call for help.

Severity rises at once and, while an incident lasts, never falls (a
figure that wavers about a bar must not page twice); it is `cleared` at the end.
"""

from typing import Final

from pipeline.correlate.config import SeverityConfig
from pipeline.correlate.state import OpenIncident
from pipeline.records.published.incident_parts import Interval, SeverityReason
from pipeline.records.vocabulary import Extent, IncidentState, Nature, Severity

RANK: Final = {
    Severity.CLEARED: 0,
    Severity.WARNING: 1,
    Severity.MINOR: 2,
    Severity.MAJOR: 3,
    Severity.CRITICAL: 4,
}
"""Order of the words of X.733."""


def severity_reasons(
    incident: OpenIncident, extent: Extent, nature: Nature, customers: Interval | None, config: SeverityConfig
) -> list[SeverityReason]:
    """Every rule that asks for a severity, the gravest first.

    Args:
        incident: With the pane's evidence absorbed.
        extent: As found for it.
        nature: As found for it.
        customers: As estimated for it.
        config: The bars, in customers.
    """
    reasons = []
    if incident.emergency is not None:
        words = f"emergency numbers unreachable: {incident.emergency.claims} independent claims"
        reasons.append(SeverityReason(rule="emergency_unreachable", severity=Severity.CRITICAL, text=words))
    if nature == "planned":
        reasons.append(SeverityReason(rule="planned_work", severity=Severity.MINOR, text="inside a maintenance window"))
    elif incident.state == IncidentState.SUSPECTED:
        reasons.append(SeverityReason(rule="suspected", severity=Severity.MINOR, text="one kind of witness so far"))
    else:
        reasons += _by_impact(extent, customers, config)
    return sorted(reasons, key=lambda one: (-RANK[one.severity], one.rule))


def _by_impact(extent: Extent, customers: Interval | None, config: SeverityConfig) -> list[SeverityReason]:
    reasons = [SeverityReason(rule="outage", severity=Severity.WARNING, text="a confirmed outage")]
    if customers is not None:
        number = customers.high if customers.likely is None else customers.likely
        bars = (
            (config.critical_customers, Severity.CRITICAL),
            (config.major_customers, Severity.MAJOR),
            (config.minor_customers, Severity.MINOR),
        )
        for bar, severity in bars:
            if number >= bar:
                words = f"about {number} customers affected, the bar is {bar}"
                reasons.append(SeverityReason(rule="customers_affected", severity=severity, text=words))
                break
    if extent in ("general", "not_geographic"):
        words = "half of the operator's customers or three regions" if extent == "general" else "everywhere, in part"
        reasons.append(SeverityReason(rule=f"extent_{extent}", severity=Severity.MAJOR, text=words))
    return reasons


def severity_now(incident: OpenIncident, reasons: list[SeverityReason], nature: Nature) -> Severity:
    """The gravest asked for; never less than before while it lasts, unless the work was planned."""
    if incident.state in (IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.DISMISSED):
        return Severity.CLEARED
    asked = reasons[0].severity if reasons else Severity.WARNING
    if nature == "planned" or incident.severity == Severity.CLEARED:
        return asked
    return max((asked, incident.severity), key=lambda one: RANK[one])

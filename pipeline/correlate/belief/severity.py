"""Severity from impact, with its reasons: how many, which services, can they call for help.

Severity rises at once and, while an incident lasts, never falls (a
figure that wavers about a bar must not page twice); it is `cleared` at the end.
"""

from pipeline.correlate.belief.believe import Belief
from pipeline.correlate.config import SeverityConfig
from pipeline.correlate.state import OpenIncident
from pipeline.records.published.incident_parts import Interval, SeverityReason
from pipeline.records.vocabulary import EVERYWHERE, GRAVITY, Extent, IncidentState, Nature, Severity


def severity_reasons(incident: OpenIncident, belief: Belief, config: SeverityConfig) -> list[SeverityReason]:
    """Every rule that asks for a severity, the gravest first.

    Args:
        incident: Its state, and claims that emergency calls fail.
        belief: What its evidence means: nature, extent, customers.
        config: The bars, in customers.
    """
    reasons = []
    emergency = incident.dossier.emergency
    if emergency is not None:
        why = "as a drill orders" if incident.identity.exercise else f"{emergency.claims} independent claims"
        words = f"emergency numbers unreachable: {why}"
        reasons.append(SeverityReason(rule="emergency_unreachable", severity=Severity.CRITICAL, text=words))
    if belief.nature == "planned":
        reasons.append(SeverityReason(rule="planned_work", severity=Severity.MINOR, text="inside a maintenance window"))
    elif belief.nature == "content":
        words = "another programme, or none for want of rights: the service itself is well"
        reasons.append(SeverityReason(rule="content", severity=Severity.MINOR, text=words))
    elif incident.state == IncidentState.SUSPECTED:
        words = f"not confirmed: {belief.confidence_ppm // 10_000} % sure that it is an outage"
        reasons.append(SeverityReason(rule="suspected", severity=Severity.MINOR, text=words))
    else:
        reasons += _by_impact(belief.extent, belief.customers, config)
    return sorted(reasons, key=lambda reason: (-GRAVITY[reason.severity], reason.rule))


def _by_impact(extent: Extent, customers: Interval | None, config: SeverityConfig) -> list[SeverityReason]:
    """By customers: critical wakes everybody, so it takes a number that is sure, or an outage of the whole country."""
    reasons = [SeverityReason(rule="outage", severity=Severity.WARNING, text="a confirmed outage")]
    if customers is not None:
        likely = customers.low if customers.likely is None else customers.likely
        sure = likely if extent == "general" else customers.low
        bars = (
            (sure, config.critical_customers, Severity.CRITICAL),
            (likely, config.major_customers, Severity.MAJOR),
            (likely, config.minor_customers, Severity.MINOR),
        )
        for number, bar, severity in bars:
            if number >= bar:
                words = f"about {number} customers affected, the bar is {bar}"
                reasons.append(SeverityReason(rule="customers_affected", severity=severity, text=words))
                break
    if extent in EVERYWHERE:
        words = "half of the operator's customers, or many regions" if extent == "general" else "everywhere, in part"
        reasons.append(SeverityReason(rule=f"extent_{extent}", severity=Severity.MAJOR, text=words))
    return reasons


def severity_now(incident: OpenIncident, reasons: list[SeverityReason], nature: Nature) -> Severity:
    """The gravest severity asked for; never less than before while it lasts, unless the work was planned.

    Args:
        incident: Its state, and its severity before.
        reasons: Reasons that `severity_reasons` gave.
        nature: Nature of the belief that gave the reasons.
    """
    if incident.state in (IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.DISMISSED):
        return Severity.CLEARED
    asked = reasons[0].severity if reasons else Severity.WARNING
    before = incident.severity.now
    if nature == "planned" or before == Severity.CLEARED:
        return asked
    return _graver(asked, before)


def settle_severity(incident: OpenIncident, reasons: list[SeverityReason], nature: Nature) -> Severity:
    """Settle the severity of an incident and its peak.

    Args:
        incident: Changes in place.
        reasons: Reasons that `severity_reasons` gave.
        nature: Nature of the belief that gave the reasons.

    Returns:
        The severity before.
    """
    held = incident.severity
    before, held.now = held.now, severity_now(incident, reasons, nature)
    held.peak = _graver(held.peak, held.now)
    return before


def _graver(severity: Severity, other: Severity) -> Severity:
    return max(severity, other, key=lambda word: GRAVITY[word])

"""Severity from impact, with its reasons: how many and for how long, which services, can they call for help.

What wakes everybody is an outage of the whole country, or one that has cost a million hours of people without service:
three towns that are dark are grave at once, and critical if they still are in the evening. Television alone is at most
major, since nobody is cut off by it, and a channel or two of which people alone tell are minor. Numbers are the likely
ones, or the fewest where nothing tells a likely one; what may be at most raises no alarm.

Severity rises at once and, while an incident lasts, never falls (a
figure that wavers about a bar must not page twice); it is `cleared` at the end.
"""

from typing import Final

from msgspec import structs

from pipeline.correlate.belief.believe import Belief
from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.config import SeverityConfig
from pipeline.correlate.evidence.services import items_hit, services_shown
from pipeline.correlate.evidence.testimony import NETWORK
from pipeline.correlate.parts import Dossier
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import HOUR_MS
from pipeline.records.published.incident_parts import Interval, SeverityReason
from pipeline.records.vocabulary import EVERYWHERE, GRAVITY, IncidentState, Nature, Severity

FEW_CHANNELS: Final = 2
"""So many channels are few: from `borders.channels_min` on it is television that fails."""


def severity_reasons(incident: OpenIncident, belief: Belief, config: SeverityConfig, now: int) -> list[SeverityReason]:
    """Every rule that asks for a severity, the gravest first.

    Args:
        incident: Its state, since when it lasts, its services, and claims that emergency calls fail.
        belief: What its evidence means: nature, extent, customers.
        config: The bars, in customers and in hours of theirs.
        now: End of the pane, ms.
    """
    reasons = []
    emergency = incident.dossier.emergency
    if emergency is not None:
        why = "as an exercise orders" if incident.identity.exercise else f"{emergency.claims} independent claims"
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
        impact = _by_impact(belief, max(0, now - started_at(incident)), config)
        reasons += [_at_most(_most(incident.dossier), reason) for reason in impact]
    return sorted(reasons, key=lambda reason: (-GRAVITY[reason.severity], reason.rule))


def _by_impact(belief: Belief, lasted_ms: int, config: SeverityConfig) -> list[SeverityReason]:
    """By customers, and by how long they have been without service.

    Critical wakes everybody, so it takes a number that is sure, or an outage of the whole country.
    """
    reasons = [SeverityReason(rule="outage", severity=Severity.WARNING, text="a confirmed outage")]
    extent, customers = belief.extent, belief.customers
    if customers is not None:
        likely = _likely(customers)
        sure = likely if extent == "general" else customers.low
        hours = customers.low * max(HOUR_MS, lasted_ms) // HOUR_MS  # less than an hour few outages last
        if hours >= config.critical_customer_hours:
            words = f"at least {hours} hours of customers without service, the bar is {config.critical_customer_hours}"
            reasons.append(SeverityReason(rule="customer_hours", severity=Severity.CRITICAL, text=words))
        bars = (
            (sure if extent in EVERYWHERE else 0, config.critical_customers, Severity.CRITICAL),
            (likely, config.major_customers, Severity.MAJOR),
            (likely, config.minor_customers, Severity.MINOR),
        )
        for number, bar, severity in bars:
            if number >= bar:
                words = f"{_about(customers, number)} {number} customers affected, the bar is {bar}"
                reasons.append(SeverityReason(rule="customers_affected", severity=severity, text=words))
                break
    if extent in EVERYWHERE:
        words = "half of the operator's customers, or many regions" if extent == "general" else "everywhere, in part"
        reasons.append(SeverityReason(rule=f"extent_{extent}", severity=Severity.MAJOR, text=words))
    return reasons


def _likely(customers: Interval) -> int:
    """The number that bars are held against: without a likely one the fewest, as the most may be all that live there.

    >>> _likely(Interval(low=2_000, high=50_000, basis="inhabitants"))
    2000
    """
    return customers.low if customers.likely is None else customers.likely


def _about(customers: Interval, number: int) -> str:
    """How sure a number is: the fewest are so many at least."""
    return "about" if number == customers.likely else "at least"


def _most(dossier: Dossier) -> tuple[Severity, str]:
    """The gravest that an outage may be by how many it hits, and why: of television nobody is cut off.

    Of a channel or two nobody knows how many miss it where no figure shows anything, and all others are well.
    """
    if services_shown(dossier) != ["tv"]:
        return Severity.CRITICAL, ""
    measured = any(series.kind == NETWORK for series in dossier.series.values())
    if not measured and 1 <= len(items_hit(dossier)) <= FEW_CHANNELS:
        return Severity.MINOR, "few channels, and no figure shows it"
    return Severity.MAJOR, "television alone"


def _at_most(most: tuple[Severity, str], reason: SeverityReason) -> SeverityReason:
    """The same reason, for no more than may be."""
    severity, why = most
    if GRAVITY[reason.severity] <= GRAVITY[severity]:
        return reason
    return structs.replace(reason, severity=severity, text=f"{reason.text}; {why}")


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

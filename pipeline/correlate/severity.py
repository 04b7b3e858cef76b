"""Severity from impact, with its reasons: how many, which services, can they call for help.

Severity rises at once and, while an incident lasts, never falls (a
figure that wavers about a bar must not page twice); it is `cleared` at the end.
"""

from typing import Final

from pipeline.correlate.config import SeverityConfig
from pipeline.correlate.extent import leaves_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import OpenIncident
from pipeline.records.incident_parts import Interval, SeverityReason
from pipeline.records.series import is_within, parent_of
from pipeline.records.telemetry import Service
from pipeline.records.vocabulary import Extent, IncidentState, Nature, Severity

RANK: Final = {
    Severity.CLEARED: 0,
    Severity.WARNING: 1,
    Severity.MINOR: 2,
    Severity.MAJOR: 3,
    Severity.CRITICAL: 4,
}
"""Order of the words of X.733."""

_PPM: Final = 1_000_000


def customers_in_area(incident: OpenIncident, area: str, reference: CorrelateReference) -> Interval | None:
    """Customers of the incident's operators who live in an area and may be hit; None if nobody said how many.

    `high` is all who have an affected service there, `likely` the part that a ratio showed, `low` is
    what is sure: 0 without a ratio.
    """
    total, known = 0, False
    for operator in sorted(incident.operators):
        number = _with_services(incident, operator, area, reference)
        if number is not None:
            total, known = total + number, True
    if not known:
        return None
    share = incident.areas[area].share_ppm if area in incident.areas else 0
    if not share:
        return Interval(low=0, high=total, basis="customers of the area")
    hit = total * share // _PPM
    return Interval(low=hit // 2, high=total, likely=hit, basis="share shown by telemetry")


def _with_services(incident: OpenIncident, operator: str, area: str, reference: CorrelateReference) -> int | None:
    services: list[Service | None] = [
        service for service in _SERVICES if service in incident.services and service != "emergency"
    ]
    known = [reference.customers_in(operator, area, service) for service in services or [None]]
    numbers = [number for number in known if number is not None]
    return max(numbers) if numbers else None


_SERVICES: Final[tuple[Service, ...]] = (
    "broadband", "emergency", "fixed_voice", "mobile_data", "mobile_voice", "sms", "tv",
)  # fmt: skip


def counted_areas(incident: OpenIncident, reference: CorrelateReference) -> list[str]:
    """Areas to add up: those that hold no other, or, where nobody said how many live there, what is above them.

    A part of a city that people name has no number of its own: the city's counts then, and once.
    """
    counted = set()
    for leaf in leaves_of(incident.areas):
        area = leaf
        while area and area in incident.areas and customers_in_area(incident, area, reference) is None:
            area = parent_of(area)
        counted.add(area if area in incident.areas else leaf)
    return sorted(one for one in counted if not any(one != other and is_within(one, other) for other in counted))


def customers_affected(incident: OpenIncident, reference: CorrelateReference) -> Interval | None:
    """Customers affected over all areas that hold no other; at least the people who complained."""
    people = sum(said.people for said in incident.voices.values())
    known = [customers_in_area(incident, area, reference) for area in counted_areas(incident, reference)]
    parts = [part for part in known if part is not None]
    if not parts:
        return (
            Interval(low=0, high=people * 1_000, basis="people who complained; no customer numbers") if people else None
        )
    high = sum(part.high for part in parts)
    low = min(high, sum(part.low for part in parts))
    shown = [part.likely for part in parts if part.likely is not None]
    likely = min(high, sum(shown)) if shown else None
    return Interval(low=low, high=high, likely=likely, basis=parts[0].basis)


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

"""How many customers are affected: intervals, from customer numbers and the shares that ratios show.

Areas that hold each other are counted once, and an area of which nobody stated
customers is counted by the one above it.
"""

from typing import Final

from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import OpenIncident
from pipeline.records.published.incident_parts import Interval
from pipeline.records.raw.telemetry import Service
from pipeline.records.series import is_within, parent_of

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

"""Who is owed what, by segment: an interval from customers, days and tariffs.

Each area that holds no other counts with the customers that it had at its worst and with its own days, so that a
town that was back at noon is not paid for the night. The least takes the fewest customers, days,
shares and fees, the greatest the most; a single guess would look like knowledge.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.records.published.followups import CompensationEstimate, SegmentCompensation
from pipeline.records.published.incident_parts import Interval, TimeInterval
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import EVERYWHERE, PPM
from pipeline.reference.compensation import CompensationScheme, CompensationSegment, day_amount
from pipeline.respond.followups.days import OutageSpan, paid_days
from pipeline.respond.remembered.followups import AreaImpact, ImpactMemory
from pipeline.respond.remembered.impact import Reach, began_at, counted_areas, incident_worst


class PaidArea(NamedTuple):
    """Customers who lost service together, and for how many days they are paid, least and greatest."""

    customers: Reach
    days: tuple[int, int]


def estimate_compensation(
    scheme: CompensationScheme, incident: Incident, impact: ImpactMemory
) -> CompensationEstimate | None:
    """What a scheme makes of an outage that is over.

    Args:
        scheme: Who gets what.
        incident: Its latest revision.
        impact: Who was without service over its course.

    Returns:
        The estimate; None if the scheme covers nothing of it, or nobody knows how many customers were hit.
    """
    if not covers(scheme, incident) or incident.ended_at is None:
        return None
    paid = [
        PaidArea(customers, paid_days(scheme, span, incident.time_zone or "UTC"))
        for customers, span in _parts(incident, impact)
    ]
    paid = [area for area in paid if area.days[1] > 0]
    if not paid:
        return None
    sure = not scheme.may_be_exempt and bool(incident.services) and incident.nature != "external"
    segments = tuple(_segment(scheme, segment, paid, sure=sure) for segment in scheme.segments)
    return _summed(scheme, segments, paid)


def covers(scheme: CompensationScheme, incident: Incident) -> bool:
    """Is the outage one of the scheme's market and services?"""
    if scheme.market != incident.market:
        return False
    return not (scheme.services and incident.services) or bool(set(scheme.services) & set(incident.services))


def _parts(incident: Incident, impact: ImpactMemory) -> list[tuple[Reach, OutageSpan]]:
    """Customers with the time that they were without service; by area, or all together.

    All together if no area has numbers, or if the areas with numbers are a part only: of a nation in which one
    phone in three is dead everywhere, ten towns are named.
    """
    began = incident.started_between or _exactly(began_at(incident))
    ended = incident.ended_between or _exactly(int(incident.ended_at or incident.updated_at))
    areas, worst = counted_areas(impact), incident_worst(impact)
    everywhere = incident.extent in EVERYWHERE
    if areas and not (everywhere and worst and worst.low > sum(area.high for area in areas.values())):
        return [(Reach(area.low, area.middle, area.high), _span(began, ended, area)) for area in areas.values()]
    return [(worst, _span(began, ended, None))] if worst is not None and worst.high else []


def _exactly(moment: int) -> TimeInterval:
    return TimeInterval(earliest=moment, latest=moment)  # type: ignore[arg-type]  # a moment in ms, not published


def _span(began: TimeInterval, ended: TimeInterval, area: AreaImpact | None) -> OutageSpan:
    start = (int(began.earliest), int(began.latest))
    end = (int(ended.earliest), int(ended.latest))
    if area is not None:
        start = (start[0], max(start[1], area.since))
        end = end if area.back_at is None else (min(end[0], area.back_at), min(end[1], area.back_at))
    return OutageSpan(*start, *end)


def _segment(
    scheme: CompensationScheme, segment: CompensationSegment, paid: Iterable[PaidArea], *, sure: bool
) -> SegmentCompensation:
    """What a segment gets.

    Args:
        scheme: What a paid day brings.
        segment: Its share and its fees.
        paid: Customers and days.
        sure: Whether operators are certain to owe it; else the least is nothing.
    """
    share, fee = segment.share_ppm, segment.monthly_fee_minor
    low_each, high_each, low, high, fewest, most = [], [], 0, 0, 0, 0
    for area in paid:
        least = _amount(scheme, area.days[0], fee[0]) if sure else 0
        greatest = _amount(scheme, area.days[1], fee[1])
        few, many = area.customers.low * share[0] // PPM, area.customers.high * share[1] // PPM
        low_each.append(least)
        high_each.append(greatest)
        low, high = low + least * few, high + greatest * many
        fewest, most = fewest + (few if least else 0), most + (many if greatest else 0)
    return SegmentCompensation(
        segment=segment.id,
        customers=Interval(low=fewest, high=most),
        amount_minor_per_customer=Interval(low=min(low_each), high=max(high_each)),
        amount_minor=Interval(low=low, high=high),
    )


def _amount(scheme: CompensationScheme, days: int, fee_minor: int) -> int:
    return sum(day_amount(scheme, day, fee_minor) for day in range(1, days + 1))


def _summed(
    scheme: CompensationScheme, segments: tuple[SegmentCompensation, ...], paid: list[PaidArea]
) -> CompensationEstimate:
    (gift_low, gift_high), (all_low, all_high) = scheme.everybody_minor, scheme.everybody_customers
    days = (min(area.days[0] for area in paid), max(area.days[1] for area in paid))
    words = f"{len(paid)} areas or groups, {days[0]} to {days[1]} paid days; {scheme.source}"
    return CompensationEstimate(
        rule=scheme.rule,
        kind=scheme.kind,
        currency=scheme.currency,
        customers=Interval(
            low=max(all_low if gift_low else 0, sum(part.customers.low for part in segments)),
            high=max(all_high if gift_high else 0, sum(part.customers.high for part in segments)),
        ),
        amount_minor_per_customer=Interval(
            low=gift_low + min(part.amount_minor_per_customer.low for part in segments),
            high=gift_high + max(part.amount_minor_per_customer.high for part in segments),
        ),
        amount_minor=Interval(
            low=gift_low * all_low + sum(part.amount_minor.low for part in segments),
            high=gift_high * all_high + sum(part.amount_minor.high for part in segments),
            basis="least and greatest customers, days, fees",
        ),
        segments=segments,
        not_covered=scheme.not_covered,
        text=clipped(words, 1_000),
    )

"""When do the conditions of a regulator hold?

A number of customers is an interval, and a regulator asks for one number: its likely value decides, or
the middle where none is likelier. The decision names the interval, so that a person sees how sure it is.

Conditions that need time are told beforehand: "if nothing changes, at this moment".
"""

from collections.abc import Sequence
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incident_parts import Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState
from pipeline.reference.regulators import ReportingRule
from pipeline.respond.remembered.followups import ImpactMemory
from pipeline.respond.remembered.impact import began_at, customer_minutes, reach_of, reached_at

GOES_ON: Final = frozenset({IncidentState.CONFIRMED, IncidentState.RECOVERING})
"""States in which a threshold can be crossed: a suspicion is reported to nobody."""

WHOLE_PPM: Final = 900_000
"""A region of which nine customers in ten are without service is down as a whole; a judgement."""


def crossing_at(
    rule: ReportingRule, incident: Incident, impact: ImpactMemory, now: int, remote: Sequence[str] = ()
) -> int | None:
    """When all conditions of a rule hold, if nothing changes.

    Args:
        rule: The conditions.
        incident: Its latest revision.
        impact: Who was without service so far.
        now: Nothing is known after this, ms.
        remote: Areas that the operator names as remote.

    Returns:
        A moment, ms, which may have passed; None if the conditions do not hold and time alone does not mend that.
    """
    if incident.market != rule.market or incident.state not in GOES_ON or not _holds(rule, incident, remote):
        return None
    moments = [began_at(incident) + rule.lasting_minutes * MINUTE_MS]
    if rule.user_minutes_min:
        reached = reached_at(impact, incident, rule.user_minutes_min, now)
        if reached is None:
            return None
        moments.append(reached)
    crossing = max(moments)
    return None if incident.ended_at is not None and crossing > int(incident.ended_at) else crossing


def customers_of(rule: ReportingRule, incident: Incident, remote: Sequence[str]) -> Interval | None:
    """The customers that a rule counts; None if nobody knows how many.

    Args:
        rule: Counts all, or those in remote areas.
        incident: Its latest revision.
        remote: Areas that the operator names as remote.
    """
    if not rule.remote:
        return incident.customers_affected
    inside = [row for row in incident.areas if row.back_at is None and _is_in(row.area, remote)]
    outermost = [
        row for row in inside if not _is_in(row.area, [other.area for other in inside if other.area != row.area])
    ]
    numbers = [row.customers_affected for row in outermost if row.customers_affected is not None]
    if not numbers:
        return None
    return Interval(
        low=sum(number.low for number in numbers),
        high=sum(number.high for number in numbers),
        likely=sum(reach_of(number).middle for number in numbers),
    )


def _is_in(area: str, others: Sequence[str]) -> bool:
    return any(is_within(area, other) for other in others)


def _holds(rule: ReportingRule, incident: Incident, remote: Sequence[str]) -> bool:
    """Do the conditions hold that ask for no time?"""
    numbers = customers_of(rule, incident, remote)
    customers = 0 if numbers is None else reach_of(numbers).middle
    conditions = (
        not rule.services or any(service in rule.services for service in incident.services),
        not rule.emergency or (incident.emergency is not None and incident.emergency.affected is True),
        customers >= rule.customers_min and (numbers is not None or not rule.remote),
        not rule.whole_region or _is_whole_region_down(incident),
    )
    return all(conditions)


def _is_whole_region_down(incident: Incident) -> bool:
    return any(
        area.area.count("/") == 1 and (area.share_ppm or 0) >= WHOLE_PPM and area.back_at is None
        for area in incident.areas
    )


def why_crossed(
    rule: ReportingRule, incident: Incident, impact: ImpactMemory, now: int, remote: Sequence[str] = ()
) -> str:
    """The conditions that hold, with their numbers, as a decision tells them.

    Args:
        rule: The conditions.
        incident: Its latest revision.
        impact: Who was without service so far.
        now: When they were found to hold, ms.
        remote: Areas that the operator names as remote.
    """
    numbers, words = customers_of(rule, incident, remote), list[str]()
    if rule.emergency:
        words.append("emergency calls fail")
    if rule.customers_min and numbers is not None:
        where = " in remote areas" if rule.remote else ""
        words.append(f"{numbers.low} to {numbers.high} customers{where}, {rule.customers_min} asked")
    spent = customer_minutes(impact, incident, now)
    if rule.user_minutes_min and spent is not None:
        words.append(f"{spent.low} to {spent.high} user-minutes, {rule.user_minutes_min} asked")
    if rule.whole_region:
        words.append("a whole region")
    if rule.lasting_minutes:
        lasted = (now - began_at(incident)) // MINUTE_MS
        words.append(f"{lasted} min, {rule.lasting_minutes} asked")
    return "; ".join(words)


def doubt_of(
    rule: ReportingRule, incident: Incident, impact: ImpactMemory, now: int, remote: Sequence[str] = ()
) -> tuple[int, int] | None:
    """A threshold that the likely number reaches and the least one does not, and that least number; None if it is sure.

    Args:
        rule: The conditions.
        incident: Its latest revision.
        impact: Who was without service so far.
        now: Nothing is known after this, ms.
        remote: Areas that the operator names as remote.
    """
    known = customers_of(rule, incident, remote)
    spent = customer_minutes(impact, incident, now) if rule.user_minutes_min else None
    for asked, numbers in ((rule.user_minutes_min, spent), (rule.customers_min, known)):
        if asked and numbers is not None and numbers.low < asked <= reach_of(numbers).middle:
            return asked, numbers.low
    return None

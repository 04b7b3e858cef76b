"""When do the conditions of a regulator hold?

A number of customers is an interval, and a regulator asks for one number: its likely value decides, or
the middle where none is likelier. The decision names the interval, so that a person sees how sure it is.

Conditions that need time are told beforehand: "if nothing changes, at this moment".
"""

from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.reference.regulators import ReportingRule
from pipeline.respond.remembered.followups import ImpactMemory
from pipeline.respond.remembered.impact import began_at, customer_minutes, reach_of, reached_at

GOES_ON: Final = frozenset({IncidentState.CONFIRMED, IncidentState.RECOVERING})
"""States in which a threshold can be crossed: a suspicion is reported to nobody."""

WHOLE_PPM: Final = 900_000
"""A region of which nine customers in ten are without service is down as a whole; a judgement."""


def crossing_at(rule: ReportingRule, incident: Incident, impact: ImpactMemory, now: int) -> int | None:
    """When all conditions of a rule hold, if nothing changes.

    Args:
        rule: The conditions.
        incident: Its latest revision.
        impact: Who was without service so far.
        now: Nothing is known after this, ms.

    Returns:
        A moment, ms, which may have passed; None if the conditions do not hold and time alone does not mend that.
    """
    if incident.market != rule.market or incident.state not in GOES_ON or not _holds(rule, incident):
        return None
    moments = [began_at(incident) + rule.lasting_minutes * MINUTE_MS]
    if rule.user_minutes_min:
        reached = reached_at(impact, incident, rule.user_minutes_min, now)
        if reached is None:
            return None
        moments.append(reached)
    crossing = max(moments)
    return None if incident.ended_at is not None and crossing > int(incident.ended_at) else crossing


def _holds(rule: ReportingRule, incident: Incident) -> bool:
    """Do the conditions hold that ask for no time?"""
    numbers = incident.customers_affected
    customers = 0 if numbers is None else reach_of(numbers).middle
    conditions = (
        not rule.services or any(service in rule.services for service in incident.services),
        not rule.emergency or (incident.emergency is not None and incident.emergency.affected is True),
        customers >= rule.customers_min,
        not rule.whole_region or _is_whole_region_down(incident),
    )
    return all(conditions)


def _is_whole_region_down(incident: Incident) -> bool:
    return any(
        area.area.count("/") == 1 and (area.share_ppm or 0) >= WHOLE_PPM and area.back_at is None
        for area in incident.areas
    )


def why_crossed(rule: ReportingRule, incident: Incident, impact: ImpactMemory, now: int) -> str:
    """The conditions that hold, with their numbers, as a decision tells them.

    Args:
        rule: The conditions.
        incident: Its latest revision.
        impact: Who was without service so far.
        now: When they were found to hold, ms.
    """
    numbers, words = incident.customers_affected, []
    if rule.emergency:
        words.append("emergency calls fail")
    if rule.customers_min and numbers is not None:
        words.append(f"{numbers.low} to {numbers.high} customers, {rule.customers_min} asked")
    spent = customer_minutes(impact, incident, now)
    if rule.user_minutes_min and spent is not None:
        words.append(f"{spent.low} to {spent.high} user-minutes, {rule.user_minutes_min} asked")
    if rule.whole_region:
        words.append("a whole region")
    if rule.lasting_minutes:
        lasted = (now - began_at(incident)) // MINUTE_MS
        words.append(f"{lasted} min, {rule.lasting_minutes} asked")
    return "; ".join(words)


def doubt_of(rule: ReportingRule, incident: Incident, impact: ImpactMemory, now: int) -> tuple[int, int] | None:
    """A threshold that the likely number reaches and the least one does not, and that least number; None if it is sure.

    Args:
        rule: The conditions.
        incident: Its latest revision.
        impact: Who was without service so far.
        now: Nothing is known after this, ms.
    """
    spent = customer_minutes(impact, incident, now) if rule.user_minutes_min else None
    for asked, numbers in ((rule.user_minutes_min, spent), (rule.customers_min, incident.customers_affected)):
        if asked and numbers is not None and numbers.low < asked <= reach_of(numbers).middle:
            return asked, numbers.low
    return None

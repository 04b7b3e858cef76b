"""Clocks that regulators set: from which size of an outage on who must be told, and until when.

A profile is a file of rows and no code, since the numbers are law, and law changes by country and
year. Each row says where its numbers stand, so that who leans on one can look it up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Audience, Count, Key, Line, Market, Service, Words

Minutes = Annotated[int, msgspec.Meta(ge=0, le=525_600)]
"""0 to a year."""


class ReportCadence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a report is followed by another while the outage lasts.

    Attributes:
        every_minutes: From one report to the next.
        for_minutes: So long after the first report; 0 means until the end.
    """

    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=525_600)]
    for_minutes: Minutes = 0


class ReportingRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty to report; all of its conditions must hold.

    Attributes:
        profile: Names the clock; rows of one profile set off one clock.
        market: Country of the incident.
        duty: What must be told.
        source: Where the numbers stand.
        due_minutes: The report is due so long after the conditions were met.
        to_check: What Tocsin cannot see and a person must check.
        audience: To whom.
        services: One of these is down; empty means any.
        emergency: Calls for help must fail.
        customers_min: So many customers are without service.
        user_minutes_min: So many customers times minutes.
        whole_region: A region as a whole is down.
        remote: Only customers in areas that the operator names as remote count; without a name it never holds.
        lasting_minutes: It has lasted so long.
        again: Reports that follow, in the order in which they apply.
    """

    profile: Key
    market: Market
    duty: Line
    source: Words
    due_minutes: Annotated[int, msgspec.Meta(ge=1, le=525_600)]
    to_check: Line = ""
    audience: Audience = "authorities"
    services: tuple[Service, ...] = ()
    emergency: bool = False
    customers_min: Count = 0
    user_minutes_min: Count = 0
    whole_region: bool = False
    remote: bool = False
    lasting_minutes: Minutes = 0
    again: tuple[ReportCadence, ...] = ()


def reporting_of(rows: Iterable[ReportingRule]) -> tuple[ReportingRule, ...]:
    """Check the rows against each other.

    Raises:
        ConfigError: Lists every mistake.
    """
    rules = tuple(rows)
    problems = [*_without_condition(rules), *_in_two_markets(rules)]
    if problems:
        raise ConfigError("\n".join(problems))
    return rules


def _without_condition(rules: tuple[ReportingRule, ...]) -> Iterator[str]:
    for rule in rules:
        asked = (rule.emergency, rule.customers_min, rule.user_minutes_min, rule.whole_region, rule.lasting_minutes)
        if not any(asked):
            yield f"profile {rule.profile!r}: has no condition: each outage would be reported; must have one"


def _in_two_markets(rules: tuple[ReportingRule, ...]) -> Iterator[str]:
    markets = Counter(profile for profile, _ in {(rule.profile, rule.market) for rule in rules})
    for profile in sorted(profile for profile, count in markets.items() if count > 1):
        yield f"profile {profile!r}: has rows of several markets; must be of one"

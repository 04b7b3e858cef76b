"""Who is owed what after an outage, as rows: law, codes of an industry, and what operators give of their own will.

All amounts are in minor units of the currency and all shares in parts per million, so that sums
are exact. Ranges are pairs of least and greatest: what a customer pays is not known here, only about how much.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final, Literal

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Count, Currency, Key, Line, Market, Service, SharePpm, Words
from pipeline.reference.calendars import is_calendar

SegmentRange = tuple[Count, Count]
"""Least and greatest."""

STEPS_MAX: Final = 8
SEGMENTS_MAX: Final = 8
NOT_COVERED_MAX: Final = 8


class CompensationStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a paid day brings from some day on; the higher of the two counts.

    Attributes:
        from_day: 1 is the first paid day.
        fixed_minor: A fixed amount.
        of_fee_ppm: A part of the monthly fee.
    """

    from_day: Annotated[int, msgspec.Meta(ge=1, le=366)]
    fixed_minor: Count = 0
    of_fee_ppm: SharePpm = 0


class CompensationSegment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of customers.

    Attributes:
        id: Names it.
        share_ppm: Part of the customers that were hit, least and greatest.
        monthly_fee_minor: What they pay a month, least and greatest.
    """

    id: Key
    share_ppm: tuple[SharePpm, SharePpm]
    monthly_fee_minor: SegmentRange


class CompensationScheme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that says who gets what.

    Attributes:
        rule: Names the scheme.
        market: Country of the incident.
        kind: `owed` by law or code, or `goodwill`.
        currency: ISO 4217.
        source: Where the numbers stand.
        paid_in: Days that are paid: `calendar` or `working` days after the grace, each day `begun`, or `once`.
        steps: What a paid day brings.
        segments: Kinds of customers.
        services: What it covers; empty means all.
        after_minutes: Shorter outages are not covered.
        grace_days: So many full days after the day on which it began bring nothing.
        grace_in: In which days the grace is counted.
        calendar: Holidays that working days leave out.
        may_be_exempt: Operators are often let off: the least is nothing.
        everybody_minor: Given to each customer, hit or not, least and greatest.
        everybody_customers: How many these are, least and greatest.
        not_covered: Who gets nothing by it.
    """

    rule: Key
    market: Market
    kind: Literal["owed", "goodwill"]
    currency: Currency
    source: Words
    paid_in: Literal["calendar", "working", "begun", "once"]
    steps: Annotated[tuple[CompensationStep, ...], msgspec.Meta(min_length=1, max_length=STEPS_MAX)]
    segments: Annotated[tuple[CompensationSegment, ...], msgspec.Meta(min_length=1, max_length=SEGMENTS_MAX)]
    services: tuple[Service, ...] = ()
    after_minutes: Annotated[int, msgspec.Meta(ge=0, le=525_600)] = 0
    grace_days: Annotated[int, msgspec.Meta(ge=0, le=31)] = 0
    grace_in: Literal["calendar", "working"] = "calendar"
    calendar: str = ""
    may_be_exempt: bool = False
    everybody_minor: SegmentRange = (0, 0)
    everybody_customers: SegmentRange = (0, 0)
    not_covered: Annotated[tuple[Line, ...], msgspec.Meta(max_length=NOT_COVERED_MAX)] = ()


def day_amount(scheme: CompensationScheme, day: int, fee_minor: int) -> int:
    """What one paid day brings to a customer, in minor units.

    Args:
        scheme: Its steps.
        day: 1 is the first paid day.
        fee_minor: What the customer pays a month.
    """
    step = next((step for step in reversed(scheme.steps) if step.from_day <= day), None)
    return 0 if step is None else max(step.fixed_minor, fee_minor * step.of_fee_ppm // 1_000_000)


def schemes_of(rows: Iterable[CompensationScheme]) -> tuple[CompensationScheme, ...]:
    """Check the rows.

    Raises:
        ConfigError: Lists every mistake.
    """
    schemes = tuple(rows)
    names = [scheme.rule for scheme in schemes]
    problems = [f"scheme {name!r}: stated twice; must be stated once" for name in sorted(_twice(names))]
    for scheme in schemes:
        problems += [f"scheme {scheme.rule!r}: {problem}" for problem in _problems_of(scheme)]
    if problems:
        raise ConfigError("\n".join(problems))
    return schemes


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


def _problems_of(scheme: CompensationScheme) -> Iterator[str]:
    days = [step.from_day for step in scheme.steps]
    if days != sorted(set(days)):
        yield f"steps from days {days}: must rise"
    working = "working" in (scheme.paid_in, scheme.grace_in)
    if working and not is_calendar(scheme.calendar):
        yield f"calendar {scheme.calendar!r}: must be a path such as GB/ENG, since it counts working days"
    ranges = {
        **{f"share_ppm of {segment.id}": segment.share_ppm for segment in scheme.segments},
        **{f"monthly_fee_minor of {segment.id}": segment.monthly_fee_minor for segment in scheme.segments},
        "everybody_minor": scheme.everybody_minor,
        "everybody_customers": scheme.everybody_customers,
    }
    for name, (low, high) in ranges.items():
        if low > high:
            yield f"{name} = [{low}, {high}]: the least comes first"

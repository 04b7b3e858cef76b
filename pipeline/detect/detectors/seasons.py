"""Daily profiles: 48 half-hours, weekdays and weekends apart, and how often each was lived through.

A public holiday is a day of a weekend, where somebody says which calendar holds (`DaysOff`).

What is shared by all counts of a source in a scope is the *exposure*: how many
steps of each half-hour were judged. A series adds only its own counts. So a
minute in which a village says nothing costs the village nothing, and a
village that speaks for the first time has its zeros already.

Bins are in UTC: a profile learns the local day all the same, and a change of
summer time blurs it for a while.
"""

import math
from typing import Final

from pipeline.records.clocks import DAY_MS
from pipeline.reference.opening.days import WEEKENDS, DaysOff, is_weekend

BINS: Final = 48
BIN_MS: Final = 1_800_000
CELLS: Final = 2 * BINS
"""Weekday bins, then weekend bins."""


def cell_of(time_ms: int, days: DaysOff = WEEKENDS) -> int:
    """Weekday or weekend bin of a time, 0 to 95.

    Args:
        time_ms: Since 1970.
        days: Which days are days of a weekend.

    >>> cell_of(1739350800000), cell_of(1739350800000 + 3 * 86400000)  # a Wednesday 09:00, a Saturday
    (18, 66)
    """
    day, rest = divmod(time_ms, DAY_MS)
    return rest // BIN_MS + (BINS if days.is_off(day) else 0)


def slot_of(time_ms: int) -> tuple[int, float]:
    """Between the middles of which two half-hours a time lies, and how far.

    Returns:
        Number of half-hours since 1970 whose middle is the last one passed, and 0 to 1.
    """
    slot, rest = divmod(time_ms - BIN_MS // 2, BIN_MS)
    return slot, rest / BIN_MS


def cells_beside(slot: int, days: DaysOff = WEEKENDS) -> tuple[int, int]:
    """The two cells whose middles a slot lies between, both of the day in which it starts."""
    day, left = divmod(slot, BINS)
    base = BINS if days.is_off(day) else 0
    return base + left, base + (left + 1) % BINS


def is_unfamiliar(first_days: list[int], day: int, days: DaysOff = WEEKENDS) -> bool:
    """Was this kind of day not lived through before: no weekday at all, or no weekend?

    Args:
        first_days: First weekday and first Saturday or Sunday that were seen, -1 before.
        day: Since 1970.
        days: Which days are days of a weekend.

    >>> is_unfamiliar([20_124, -1], 20_127), is_unfamiliar([20_124, 20_127], 20_134)
    (True, False)
    """
    weekend = days.is_off(day)
    first = first_days[weekend]
    return first < 0 or day - first < _FAMILIAR_AFTER[weekend]


def note_first(first_days: list[int], day: int, days: DaysOff = WEEKENDS) -> None:
    """Note a day, if it is the first of its kind; a public holiday is a Sunday, but shows nobody what a Saturday is.

    Args:
        first_days: First weekday and first Saturday or Sunday that were seen, -1 before; changes in place.
        day: Since 1970.
        days: Which days are days of a weekend.
    """
    is_off = days.is_off(day)
    if first_days[is_off] < 0 and is_off == is_weekend(day):
        first_days[is_off] = day


_FAMILIAR_AFTER: Final = (1, 2)
"""Days from the first of a kind: a Sunday is no Saturday."""


def plus_ones(value: float, times: int) -> float:
    """Add 1.0 so many times, to the bit as a loop would.

    Up to the next power of two each sum is exact; the one that passes it is rounded once, however many
    ones come with it.

    Args:
        value: 0 or more, below 2^52.
        times: 0 or more.

    >>> value = 0.3
    >>> for _ in range(40):
    ...     value += 1.0
    >>> plus_ones(0.3, 40) == value, 0.3 + 40 == value
    (True, True)
    """
    while times:
        power = math.ldexp(1.0, math.frexp(value)[1])
        some = min(times, max(1, math.ceil(power - value)))
        value += some
        times -= some
    return value

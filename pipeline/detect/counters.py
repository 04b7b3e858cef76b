"""Counters: a sum since a start says nothing, how fast it grows says how much is going on.

As a level a running total only grows: the expectation runs away, and each night stands out. So
each reading of a counter is told as its rate since the reading before, by the times
of the two readings: a meter of thirty seconds read by panes of ten would be wrong by a third.
Of a counter that fell nobody knows what it had counted when it began anew, so that reading only begins.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.records.clocks import HOUR_MS
from pipeline.records.fixed_point import SCALES, Exact
from pipeline.records.inner.partials import CounterReading, Partial

RATE_UNIT: Final = "per_second"
"""Unit of what a counter is told as."""

SPAN_MS_MAX: Final = HOUR_MS
"""The rate of a longer time is told of none of its steps; no usual granularity period is longer (3GPP TS 32.401)."""


def told_as_rates(
    panes: Iterable[dict[str, Partial]], counters: dict[str, CounterReading], counters_max: int
) -> list[dict[str, Partial]]:
    """The leaf series of a step, each counter as a rate, or left out where nothing can be told.

    Args:
        panes: Leaf series of the panes of one step, in order of time; they stay as they are.
        counters: Last reading of each counter, by its name within the scope; changes in place.
        counters_max: Most that are remembered; what is new beyond them is left out.
    """
    told = []
    for leaves in panes:
        if any(partial.counter.at for partial in leaves.values()):
            leaves = _with_rates(leaves, counters, counters_max)
        told.append(leaves)
    return told


def _with_rates(
    leaves: dict[str, Partial], counters: dict[str, CounterReading], counters_max: int
) -> dict[str, Partial]:
    told = {}
    for key, partial in leaves.items():
        now = partial.counter
        if not now.at:
            told[key] = partial
            continue
        before = counters.get(key)
        if before is not None or len(counters) < counters_max:
            counters[key] = now
        if before is not None and (rate := rate_between(before, now)) is not None:
            told[rate_key(key)] = _steady(rate)
    return told


def rate_between(before: CounterReading, now: CounterReading) -> int | None:
    """Rate between two readings of a count, in steps of `RATE_UNIT`, rounded to the nearest, a half up.

    Args:
        before: The earlier reading.
        now: The later one.

    Returns:
        None if the counter began anew, or if too much or no time lies between.

    >>> rate_between(CounterReading(1_000, 0), CounterReading(31_000, 60_000))  # 60 in half a minute
    2000
    >>> rate_between(CounterReading(1_000, 60_000), CounterReading(31_000, 10_000)) is None  # it was reset
    True
    """
    passed, grown = now.at - before.at, now.total - before.total
    if grown < 0 or not 0 < passed <= SPAN_MS_MAX:
        return None
    steps, per = grown * SCALES[RATE_UNIT] * 1_000, passed * SCALES["count"]
    return (2 * steps + per) // (2 * per)


def rate_key(key: str) -> str:
    """Name of the series of a counter's rate.

    >>> rate_key("DE/NW~hlr-1~updates_total~count").endswith("~per_second")
    True
    """
    return key.removesuffix("count") + RATE_UNIT


def forget_idle(counters: dict[str, CounterReading], before: int) -> None:
    """Forget counters that were not read since a time, ms."""
    for key in [key for key, reading in counters.items() if reading.at < before]:
        del counters[key]


def _steady(rate: int) -> Partial:
    """One reading of a rate."""
    steps = Exact(rate)
    return Partial(
        count=1,
        total=steps,
        squares=Exact(rate * rate),
        least=steps,
        most=steps,
        weight=Exact(1),
        weighted=steps,
    )

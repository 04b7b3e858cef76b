"""How well an incident told the end before it came, beside who always tells the same.

Whoever knows nothing of an outage can still say how long outages last. An
estimate that takes in how long it has lasted already must do better than that,
above all late: the first hours say little about the end. The plain estimate
counts from the *true* start, which an incident does not know, and is moved to the
present once it lies in the past: it is no straw man. Moments are asked for, not
revisions, as these crowd where all is nearly over and "now" is nearly right.
"""

from typing import Any, Final

from pipeline.evaluate.sides.lives import EndTold, Life
from pipeline.evaluate.sides.worlds import KnownOutage
from pipeline.records.clocks import MINUTE_MS

PLAIN_MINUTES: Final = (64, 178, 594)
"""10 %, half and 90 % of the outages of a cable operator's own record (Shaw) were over after so many minutes."""

LATE_MINUTES: Final = 180
"""From here on more is known than at the start."""

ASKED_MINUTES: Final = 10
"""How often the likely end is asked for from then on."""


def end_estimates(outage: KnownOutage, life: Life) -> dict[str, Any]:
    """Facts of `OutageScore` about the estimates of the end.

    Args:
        outage: What was true.
        life: The incident that found it.
    """
    minutes = range(outage.started_at, outage.ended_at, MINUTE_MS)
    told = [(at, end) for at in minutes if (end := life.end_told_at(at)) is not None]
    late = [(at, end) for at, end in told if at >= outage.started_at + LATE_MINUTES * MINUTE_MS]
    late = [(at, end) for at, end in late if (at - outage.started_at) // MINUTE_MS % ASKED_MINUTES == 0]
    return {
        "eta_told": len(told),
        "eta_held": sum(_holds(end, outage.ended_at) for _, end in told),
        "eta_plain_held": sum(_holds(_plain(outage, at), outage.ended_at) for at, _ in told),
        "eta_errors": tuple(abs(end.likely - outage.ended_at) / 1_000 for _, end in late),
        "eta_plain_errors": tuple(abs(_plain(outage, at).likely - outage.ended_at) / 1_000 for at, _ in late),
    }


def _holds(end: EndTold, at: int) -> bool:
    return end.earliest <= at <= end.latest


def _plain(outage: KnownOutage, now: int) -> EndTold:
    earliest, likely, latest = (max(now, outage.started_at + minutes * MINUTE_MS) for minutes in PLAIN_MINUTES)
    return EndTold(earliest, likely, latest)

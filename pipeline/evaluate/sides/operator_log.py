"""An operator's own incident log as something to be scored against.

A log is no truth: it begins when somebody noticed, holds what somebody found
worth a row, and knows no share, role or severity unless a column says so.
Then those are None and nothing is scored on them. What is asked of it is how
much earlier we were, what we did not see, and what of ours it does not have.

A row that does not lie in the run's time wholly is left out and named: we
cannot be late for what happened before the recording. A row without an end is
of an outage that is not over yet, so it lasts to the end of the run.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from pipeline.evaluate.sides.worlds import LOG_TOLERANCE, AreaDown, KnownOutage, KnownWorld, Tolerance
from pipeline.records.vocabulary import Severity


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row, understood; times in ms since 1970.

    Attributes:
        line: In the file, from 1; the header is a line.
        ended_at: None if it is still open.
        areas: Empty if the row names no place.
        services: Empty if it names none.
    """

    line: int
    started_at: int
    ended_at: int | None
    operator: str
    areas: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    severity: Severity | None = None
    kind: str = "outage"


class RunSpan(NamedTuple):
    """The time and the market that a run is of."""

    started_at: int
    ended_at: int
    market: str
    time_zone: str


def world_of_log(
    rows: Sequence[LogRow], run: RunSpan, name: str, operators: Sequence[str] = (), tolerance: Tolerance = LOG_TOLERANCE
) -> tuple[KnownWorld, tuple[LogRow, ...]]:
    """Make a world of a log.

    Args:
        rows: In any order.
        run: What the recording covers.
        name: Name of the log, for people.
        operators: That the log speaks of, beside those of its rows: one without any row had no outage.
        tolerance: How much earlier and later an incident may begin.

    Returns:
        The world, and the rows that are left out as they do not lie wholly in the run's time.
    """
    inside = [row for row in rows if run.started_at <= row.started_at and _end(row, run) <= run.ended_at]
    inside = [row for row in inside if row.started_at < run.ended_at]
    outside = tuple(sorted((row for row in rows if row not in inside), key=lambda row: row.line))
    world = KnownWorld(
        name=name,
        known="log",
        market=run.market,
        time_zone=run.time_zone,
        started_at=run.started_at,
        ended_at=run.ended_at,
        operators=tuple(sorted({*operators, *(row.operator for row in rows)})),
        outages=tuple(
            _outage(row, _end(row, run)) for row in sorted(inside, key=lambda row: (row.started_at, row.line))
        ),
        tolerance=tolerance,
    )
    return world, outside


def _end(row: LogRow, run: RunSpan) -> int:
    return run.ended_at if row.ended_at is None else row.ended_at


def _outage(row: LogRow, ended_at: int) -> KnownOutage:
    return KnownOutage(
        outage_id=f"line {row.line}",
        kind=row.kind,
        started_at=row.started_at,
        ended_at=ended_at,
        roles={row.operator: None},
        hits=tuple(AreaDown(area=area) for area in sorted(row.areas)),
        services=tuple(sorted(row.services)) or None,
        severity=row.severity,
    )

"""Planned work that lies ahead: what RESPOND hears of a window of maintenance, so that people are told beforehand.

A window of one incident announces nothing: who is hit by it knows already. Nor does a time that has begun.
"""

from collections.abc import Iterator

from pipeline.correlate.life.windows import times_of
from pipeline.correlate.state import OrderedWindow
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import Instant
from pipeline.records.inner.changes import WorkCancelled, WorkOrdered
from pipeline.records.raw.commands import Command
from pipeline.records.texts import clipped

WORK = "maintenance"
"""The kind of windows that are announced."""


def announced(window: OrderedWindow, pane: PaneAtWork) -> Iterator[WorkOrdered]:
    """What is announced of a window that was ordered: all its times that lie ahead; nothing if none does.

    Args:
        window: As ordered.
        pane: The pane in which it was.
    """
    starts = tuple(start for start in times_of(window) if start > pane.at)
    if window.kind != WORK or window.incident_id or not starts:
        return
    market = pane.reference.market(pane.market.market)
    yield WorkOrdered(
        at=Instant(pane.at),
        market=pane.market.market,
        window_id=window.window_id,
        operator=window.operator,
        area=window.area,
        place=clipped(pane.reference.name_of(window.area), 80) if window.area else "",
        service=window.service,
        starts=starts,
        lasts_ms=window.until - window.starts_at,
        by=clipped(window.by, 64),
        reason=clipped(window.reason),
        time_zone=market.time_zone if market is not None else "UTC",
        exercise=window.exercise,
    )


def called_off(window: OrderedWindow, command: Command, pane: PaneAtWork) -> Iterator[WorkCancelled]:
    """What RESPOND hears of a window that a person ended.

    Args:
        window: As it was.
        command: The order that ended it.
        pane: The pane in which it did.
    """
    if window.kind == WORK and not window.incident_id:
        yield WorkCancelled(
            at=Instant(pane.at),
            market=pane.market.market,
            window_id=window.window_id,
            by=clipped(command.by, 64),
            reason=clipped(command.reason),
        )

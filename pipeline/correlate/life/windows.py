"""Silences and maintenance windows: which of those that people ordered cover an incident now.

A window covers one incident by its id, or incidents by operator, area and service;
where several windows of a kind do, the one that ends last counts.

What work has done stays planned when the work is over: an incident leaves its window
only if something shows after the end that it still goes on.
"""

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import structs

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.places import areas_hit
from pipeline.correlate.life.recurrence import starts_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import MarketState, OpenIncident, OrderedWindow
from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import Maintenance, Silence
from pipeline.records.raw.commands import Command
from pipeline.records.series import is_within


def window_ordered(
    command: Command, starts_at: int, until: int, incident: OpenIncident | None, reference: CorrelateReference
) -> OrderedWindow | None:
    """The window that a command orders; its target is an incident, `operator` or `operator@area`.

    Args:
        command: A command of kind `silence` or `maintenance`.
        starts_at: Its start, ms.
        until: Its end, ms, not included.
        incident: The open incident that is its target, if it is one.
        reference: Known operators.

    Returns:
        The window, or None if the target is neither an open incident nor an operator.
    """
    operator, area = command.operator_and_area
    if incident is not None:
        operator, area = "", ""
    elif command.operator:
        operator, area = command.operator, command.area or ""
    elif reference.operators.get(operator) is None:
        return None
    zone = _zone_of(command, reference) if command.recurrence else ""
    return OrderedWindow(
        kind=command.kind,
        window_id=command.command_id,
        incident_id=incident.incident_id if incident else "",
        operator=operator,
        area=area or command.area or "",
        service=command.service or "",
        starts_at=starts_at,
        until=until,
        by=command.by,
        reason=command.reason,
        exercise=command.exercise,
        recurrence=command.recurrence or "",
        time_zone=zone,
        first_at=starts_at if command.recurrence else 0,
        usual=command.usual,
    )


def _zone_of(command: Command, reference: CorrelateReference) -> str:
    market = reference.market(command.market)
    return command.time_zone or (market.time_zone if market is not None else "UTC")


def times_of(window: OrderedWindow) -> tuple[int, ...]:
    """When it begins, each time, ms, ascending.

    Raises:
        ValueError: If its rule cannot be; says what to do.
    """
    if not window.recurrence:
        return (window.starts_at,)
    return starts_of(window.first_at, window.recurrence, window.time_zone)


def at_time(window: OrderedWindow, now: int) -> OrderedWindow:
    """The time of a window that goes on now, or else comes next; its last one if no more will come.

    Args:
        window: As ordered, or as it was some time ago.
        now: End of the pane, ms.
    """
    if now < window.until:
        return window
    length = window.until - window.starts_at
    times = times_of(window)
    starts_at = times[min(bisect_right(times, now - length), len(times) - 1)]
    return structs.replace(window, starts_at=starts_at, until=starts_at + length)


def look_at_windows(
    incident: OpenIncident, windows: Iterable[OrderedWindow], now: int, config: CorrelateConfig
) -> None:
    """Find the silence and the maintenance window that cover an incident now.

    Args:
        incident: Its cover changes in place.
        windows: All that were ordered in its market.
        now: End of the pane, ms.
        config: Which areas explain its evidence.
    """
    covering = [window for window in windows if window.starts_at <= now < window.until]
    covering = [window for window in covering if _covers(window, incident, config)]
    covering.sort(key=lambda window: (-window.until, window.window_id))
    silences = [window for window in covering if window.kind == "silence"]
    works = [window for window in covering if window.kind == "maintenance"]
    incident.cover.silence = _silence(silences[0]) if silences else None
    incident.cover.maintenance = _maintenance(works[0]) if works else _still_planned(incident, now)


def _still_planned(incident: OpenIncident, now: int) -> Maintenance | None:
    """The work that covered it to its end, if no step that began after that end speaks for the incident."""
    known, dossier = incident.cover.maintenance, incident.dossier
    if known is None or known.until > now or dossier.last_at - dossier.step_ms_max > known.until:
        return None
    return known


def next_start(market: MarketState) -> int | None:
    """When the next window starts that an open incident may wait for, or the next exercise, ms; None without one."""
    waiting = [window for window in market.windows if market.incidents or window.kind == "exercise"]
    times = (times_of(window) for window in waiting)
    later = (starts[bisect_right(starts, market.worked_to) :] for starts in times)
    return min((starts[0] for starts in later if starts), default=None)


def _silence(window: OrderedWindow) -> Silence:
    return Silence(until=Instant(window.until), by=window.by[:64], reason=window.reason[:200])


def _maintenance(window: OrderedWindow) -> Maintenance:
    return Maintenance(
        maintenance_id=window.window_id,
        starts_at=Instant(window.starts_at),
        until=Instant(window.until),
        by=window.by[:64],
        reason=window.reason[:200] or None,
    )


def _covers(window: OrderedWindow, incident: OpenIncident, config: CorrelateConfig) -> bool:
    dossier = incident.dossier
    if window.exercise and not incident.identity.exercise:
        return False
    if window.incident_id:
        return window.incident_id == incident.incident_id
    if window.exercise != incident.identity.exercise:
        return False
    if window.operator not in dossier.operators:
        return False
    if window.service and dossier.services and window.service not in dossier.services:
        return False
    return not window.area or all(is_within(area, window.area) for area in areas_hit(dossier, config.borders))

"""Silences and maintenance windows: which of those that people ordered cover an incident now.

A window covers an incident by its id, or by operator, area and service; where
several do, the one that ends last counts.
"""

from pipeline.correlate.evidence.areas import explaining
from pipeline.correlate.state import OpenIncident, Window
from pipeline.correlate.work import Pane
from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import Maintenance
from pipeline.records.published.incident_parts import Silence as NoNotices
from pipeline.records.series import is_within


def look_at_windows(incident: OpenIncident, pane: Pane) -> None:
    """Find the silence and the maintenance window that cover an incident now."""
    covering = [
        one for one in pane.market.windows if one.starts_at <= pane.at < one.until and _covers(one, incident, pane)
    ]
    covering.sort(key=lambda one: (-one.until, one.window_id))
    silences = [one for one in covering if one.kind == "silence"]
    works = [one for one in covering if one.kind == "maintenance"]
    incident.silence = (
        NoNotices(until=Instant(silences[0].until), by=silences[0].by[:64], reason=silences[0].reason[:200])
        if silences
        else None
    )
    incident.maintenance = _maintenance(works[0]) if works else None


def _maintenance(window: Window) -> Maintenance:
    return Maintenance(
        maintenance_id=window.window_id,
        starts_at=Instant(window.starts_at),
        until=Instant(window.until),
        by=window.by[:64],
        reason=window.reason[:200] or None,
    )


def _covers(window: Window, incident: OpenIncident, pane: Pane) -> bool:
    if window.incident_id:
        return window.incident_id == incident.incident_id
    if window.operator not in incident.operators:
        return False
    if window.service and incident.services and window.service not in incident.services:
        return False
    areas = explaining(incident.areas, pane.config.borders)
    return not window.area or all(is_within(area, window.area) for area in areas)

"""What is back: areas that are well again, and the curve of the resolution that they draw.

The last area that is down comes back with the incident itself, never before it:
only a hold without relapse may say that all is well.
"""

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.dossier import mark_back
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import ResolutionPoint
from pipeline.records.published.incidents import CURVE_MAX
from pipeline.records.vocabulary import PPM, IncidentState


def mark_areas_back(incident: OpenIncident, now: int, config: CorrelateConfig) -> None:
    """Note which areas had no evidence for a while; they add a point to the curve of the resolution.

    Args:
        incident: Changes in place.
        now: End of the pane, ms.
        config: How long an area must be quiet.
    """
    down = _down(incident)
    over = incident.state in (IncidentState.RECOVERING, IncidentState.RESOLVED)
    back = down if over else _quiet_areas(incident, down, now, config)
    if not back or (not over and len(back) == len(down)):
        return
    for area in back:
        mark_back(incident.dossier, area)
    _add_point(incident, now)


def areas_due(incident: OpenIncident, config: CorrelateConfig) -> list[int]:
    """When each area that is down would count as back if it stays quiet, ms; empty if it is the only one."""
    if incident.state != IncidentState.CONFIRMED or incident.sight.blind_from:
        return []
    down = _down(incident)
    quiet_ms = config.area_back_minutes * MINUTE_MS
    return [incident.dossier.areas[area].last_at + quiet_ms for area in down] if len(down) > 1 else []


def _down(incident: OpenIncident) -> list[str]:
    areas = incident.dossier.areas
    return [area for area in leaves_of(areas) if not areas[area].back_at]


def _quiet_areas(incident: OpenIncident, down: list[str], now: int, config: CorrelateConfig) -> list[str]:
    if incident.state != IncidentState.CONFIRMED or incident.sight.blind_from:
        return []
    before = now - config.area_back_minutes * MINUTE_MS
    return [area for area in down if incident.dossier.areas[area].last_at <= before]


def _add_point(incident: OpenIncident, now: int) -> None:
    """Add to the curve how much is back now."""
    areas, recovery = incident.dossier.areas, incident.recovery
    leaves = leaves_of(areas)
    if not leaves:
        return
    share = sum(1 for area in leaves if areas[area].back_at) * PPM // len(leaves)
    if recovery.curve and recovery.curve[-1].areas_back_ppm == share:
        return
    recovery.curve = [*recovery.curve, ResolutionPoint(at=Instant(now), areas_back_ppm=share)]
    if len(recovery.curve) > CURVE_MAX:
        del recovery.curve[1]
        recovery.curve_omitted += 1

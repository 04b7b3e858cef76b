"""What is back: areas that are well again, and the curve of the resolution that they draw."""

from msgspec import structs

from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import ResolutionPoint
from pipeline.records.published.incidents import CURVE_MAX
from pipeline.records.vocabulary import IncidentState

_PPM = 1_000_000


def mark_areas_back(incident: OpenIncident, pane: Pane) -> None:
    """Areas without evidence for a while are back; each adds a point to the curve of the resolution."""
    down = [area for area in leaves_of(incident.areas) if not incident.areas[area].back_at]
    done = incident.state in (IncidentState.RECOVERING, IncidentState.RESOLVED)
    back = down if done else _quiet_areas(incident, down, pane)
    if not back or (not done and len(back) == len(down)):
        return  # the last area comes back with the incident itself
    for area in back:
        seen = incident.areas[area]
        incident.areas[area] = structs.replace(seen, back_at=max(seen.last_at, seen.since))
    add_point(incident, pane.at)


def _quiet_areas(incident: OpenIncident, down: list[str], pane: Pane) -> list[str]:
    if incident.state != IncidentState.CONFIRMED or incident.blind_from:
        return []
    before = pane.at - pane.config.area_back_minutes * MINUTE_MS
    return [area for area in down if incident.areas[area].last_at <= before]


def add_point(incident: OpenIncident, now: int) -> None:
    """Add how much is back now to the curve of the resolution."""
    leaves = leaves_of(incident.areas)
    if not leaves:
        return
    share = sum(1 for area in leaves if incident.areas[area].back_at) * _PPM // len(leaves)
    if incident.curve and incident.curve[-1].areas_back_ppm == share:
        return
    incident.curve = [*incident.curve, ResolutionPoint(at=Instant(now), areas_back_ppm=share)]
    if len(incident.curve) > CURVE_MAX:
        del incident.curve[1]
        incident.curve_omitted += 1

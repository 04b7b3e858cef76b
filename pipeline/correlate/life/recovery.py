"""What is back: areas that are well again, and the curve of the resolution that they draw.

The last area that is down comes back with the incident itself, never before it:
only a hold without relapse may say that all is well. What holds other areas comes back after
them all: "Köln" is not back while one of its quarters is down.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import structs

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import are_measured, leaves_of
from pipeline.correlate.evidence.dossier import mark_back
from pipeline.correlate.parts import AreaSeen, Dossier
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import Interval, ResolutionPoint
from pipeline.records.series import is_within
from pipeline.records.vocabulary import PPM, IncidentState

CURVE_KEPT: Final = 19
"""Points of the curve of the resolution: the record could hold 45, and then not all else that it has to tell."""


def mark_areas_back(incident: OpenIncident, now: int, config: CorrelateConfig) -> None:
    """Note which areas had no evidence for a while; they add a point to the curve of the resolution.

    Args:
        incident: Changes in place.
        now: End of the pane, ms.
        config: How long an area must be quiet.
    """
    areas = incident.dossier.areas
    leaves = leaves_of(areas)
    down = _down(areas, leaves)
    over = incident.state in (IncidentState.RECOVERING, IncidentState.RESOLVED)
    quiet_since = now if over else now - _back_ms(incident, config) if _sees(incident) else 0
    back = [area for area in down if over or areas[area].last_at <= quiet_since]
    if back and (over or len(back) < len(down)):
        for area in back:
            mark_back(incident.dossier, area)
        _add_point(incident, now)
    if len(leaves) < len(areas):
        _settle_wholes(incident.dossier, _down(areas, leaves), quiet_since)


def note_customers(incident: OpenIncident, customers: Interval | None, now: int) -> None:
    """Note how many customers are likely hit, which share of the most is well again, and draw it on the curve.

    Args:
        incident: Changes in place; of a suspicion nothing is noted, as its number may be a whole nation's. Of what is
            confirmed and has no area back yet only the latest number is: that it fell may mean that more is known.
        customers: How many its areas have that are not back.
        now: End of the pane, ms.
    """
    recovery = incident.recovery
    if not incident.course.settled:
        return
    likely = None if customers is None else customers.likely
    if incident.state == IncidentState.CONFIRMED and not any(seen.back_at for seen in incident.dossier.areas.values()):
        recovery.hit_most, recovery.back_ppm = likely or 0, -1
        return
    recovery.hit_most = max(recovery.hit_most, likely or 0)
    known = likely is not None and recovery.hit_most > 0
    recovery.back_ppm = (recovery.hit_most - likely) * PPM // recovery.hit_most if known and likely is not None else -1
    if recovery.curve and int(recovery.curve[-1].at) == now:
        share = recovery.back_ppm if known else None
        areas = recovery.curve[-1].areas_back_ppm
        point = ResolutionPoint(at=Instant(now), areas_back_ppm=areas, customers_back_ppm=share)
        recovery.curve = [*recovery.curve[:-1], point]


def areas_due(incident: OpenIncident, config: CorrelateConfig) -> list[int]:
    """When each area would count as back if it stays quiet, ms; for those that were heard of last nobody waits."""
    if not _sees(incident):
        return []
    areas, quiet_ms = incident.dossier.areas, _back_ms(incident, config)
    down = _down(areas, leaves_of(areas))
    latest = max((areas[area].last_at for area in down), default=0)
    waiting = [area for area in down if areas[area].last_at < latest]
    return [areas[area].last_at + quiet_ms for area in (*waiting, *_wholes_to_come(areas, down))]


def _back_ms(incident: OpenIncident, config: CorrelateConfig) -> int:
    """How long an area must be quiet to be back, ms.

    Where only people tell it is as long as for the incident: who said so once is silent.
    """
    by_claims = incident.dossier.emergency is not None and not are_measured(incident.dossier.areas)
    by_people = by_claims or is_told_by_people_alone(incident)
    minutes = config.lifecycle.people_quiet_minutes if by_people else config.area_back_minutes
    return minutes * MINUTE_MS


def is_told_by_people_alone(incident: OpenIncident) -> bool:
    """Does neither a figure tell how it stands, nor its operator that it is over? Then silence is hardly a sign."""
    words = incident.officials
    return not are_measured(incident.dossier.areas) and words.over_at <= words.goes_on_at


def people_quiet_minutes(incident: OpenIncident, config: CorrelateConfig) -> int:
    """How long people must be quiet where only they tell, minutes: shorter where several say that it is back.

    What they said counts from the latest evidence on, as whoever complains after them knows better.
    """
    life = config.lifecycle
    return life.people_back_minutes if is_said_back(incident, config) else life.people_quiet_minutes


def is_said_back(incident: OpenIncident, config: CorrelateConfig) -> bool:
    """Have enough people said since the latest evidence that all is well again, where nothing else tells?

    They are at least as many as it has places, as three of one town say nothing of ten others.
    """
    dossier = incident.dossier
    if dossier.emergency is not None or not is_told_by_people_alone(incident):
        return False
    return people_back(incident) >= max(config.lifecycle.people_back_min, len(leaves_of(dossier.areas)))


def people_back(incident: OpenIncident) -> int:
    """How many have said since the latest evidence that all is well again, each once."""
    return sum(1 for at, _ in incident.recovery.back_by if at > incident.dossier.last_at)


def _down(areas: Mapping[str, AreaSeen], leaves: Sequence[str]) -> list[str]:
    return [area for area in leaves if not areas[area].back_at]


def _sees(incident: OpenIncident) -> bool:
    """May an area be back because nothing is heard of it?"""
    return incident.state == IncidentState.CONFIRMED and not incident.sight.blind_from


def _settle_wholes(dossier: Dossier, down: Collection[str], quiet_since: int) -> None:
    """What holds other areas is down with any of them, and back after them, if nothing spoke against it since then.

    Args:
        dossier: Changes in place.
        down: Areas that hold no other and are not back.
        quiet_since: Since when nothing may have spoken against an area that is back, ms.
    """
    areas = dossier.areas
    for area in _wholes_to_come(areas, down):
        if areas[area].last_at <= quiet_since:
            mark_back(dossier, area)
    for area, seen in areas.items():
        if seen.back_at and any(area != leaf and is_within(leaf, area) for leaf in down):
            areas[area] = structs.replace(seen, back_at=0)


def _wholes_to_come(areas: Mapping[str, AreaSeen], down: Collection[str]) -> list[str]:
    """Areas that hold others of which all are back, and that are not back themselves, sorted.

    Args:
        areas: All areas of the incident.
        down: Those of them that hold no other and are not back.
    """
    waiting = [area for area, seen in sorted(areas.items()) if not seen.back_at and area not in down]
    return [area for area in waiting if not any(is_within(leaf, area) for leaf in down)]


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
    if len(recovery.curve) > CURVE_KEPT:
        del recovery.curve[1]
        recovery.curve_omitted += 1

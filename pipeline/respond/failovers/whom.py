"""For whom a backup is: everybody who is hit, or the areas whose customers it can take.

A backup that says how many customers it takes never serves more: of areas whose numbers are known those are chosen
that fit, the ones that it serves already first, then the largest. A number is an interval, and its greatest counts.
"""

from typing import NamedTuple

from pipeline.records.published.incident_parts import AreaShare
from pipeline.records.published.incidents import AREAS_MAX, Incident
from pipeline.records.series import is_within
from pipeline.respond.failovers_config import Backup


class Whom(NamedTuple):
    """Whom a backup serves.

    Attributes:
        areas: Paths of the place tree; empty where the incident names none.
        omitted: How many more areas the incident has.
        customers: Most customers who are hit there; None if the backup does not say how many it takes.
        is_partial: Whether others are hit whom it cannot take.
    """

    areas: tuple[str, ...]
    omitted: int = 0
    customers: int | None = None
    is_partial: bool = False


def whom_of(backup: Backup, incident: Incident, served: tuple[str, ...] = ()) -> Whom | None:
    """For whom a backup can be used.

    Args:
        backup: A row of the catalogue.
        incident: The incident that asks for it.
        served: Areas that it serves already, if it was chosen for some only.

    Returns:
        None if it can take nobody: all are too many, and no area of known size fits.
    """
    everywhere = tuple(row.area for row in incident.areas)
    numbers, most = incident.customers_affected, backup.customers_max
    if not most:
        return Whom(everywhere, incident.areas_omitted)
    if numbers is not None and numbers.high <= most:
        return Whom(everywhere, incident.areas_omitted, numbers.high)
    return _fitting(_sizes(backup, incident), most, served)


def _sizes(backup: Backup, incident: Incident) -> dict[str, int]:
    """Most customers who are hit, by area that holds no other and is the backup's business."""
    down = [row for row in incident.areas if row.back_at is None]
    return {
        row.area: row.customers_affected.high
        for row in down
        if row.customers_affected is not None and not _holds_another(row, down) and touches(backup, row.area)
    }


def _holds_another(row: AreaShare, down: list[AreaShare]) -> bool:
    return any(other.area != row.area and is_within(other.area, row.area) for other in down)


def _fitting(sizes: dict[str, int], most: int, served: tuple[str, ...]) -> Whom | None:
    chosen, total = list[str](), 0
    for area in sorted(sizes, key=lambda area: (area not in served, -sizes[area], area))[:AREAS_MAX]:
        if total + sizes[area] <= most:
            chosen.append(area)
            total += sizes[area]
    return Whom(tuple(sorted(chosen)), 0, total, is_partial=True) if total else None


def touches(backup: Backup, area: str) -> bool:
    """Is an area the backup's business?

    Args:
        backup: A row of the catalogue.
        area: Path of the place tree.
    """
    return not backup.areas or any(is_within(area, own) or is_within(own, area) for own in backup.areas)

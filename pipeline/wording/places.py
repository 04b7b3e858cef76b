"""Which places a text names: those that are still down, so that no text calls a place down which another calls well.

The smallest that are hit say most: "Köln and Bonn" is more than "North Rhine-Westphalia". But where figures of a whole
town show it down, and people of some of its districts complain, the town is down, and not the districts.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.records.published.incident_parts import AreaShare
from pipeline.records.series import is_within

MOST_PPM: Final = 500_000
"""A region or nation stands for its parts where so much of it is hit, in millionths; a town always does."""


def places_down(rows: Iterable[AreaShare]) -> Sequence[AreaShare]:
    """Areas that a text names and that are down, in their order; all that it names once none is.

    Args:
        rows: Areas of an incident.

    >>> back = AreaShare(area="DE/NW/bonn", back_at=1)
    >>> [row.area for row in places_down([AreaShare(area="DE/NW"), AreaShare(area="DE/NW/koeln"), back])]
    ['DE/NW/koeln']
    >>> [row.area for row in places_down([AreaShare(area="DE/NW"), back])]
    ['DE/NW/bonn']
    """
    named = areas_named(rows)
    return [row for row in named if row.back_at is None] or named


def areas_named(rows: Iterable[AreaShare]) -> list[AreaShare]:
    """Areas that a text names, down or back, in their order: the smallest, or a whole that stands for its parts.

    Args:
        rows: Areas of an incident.

    >>> koeln = AreaShare(area="DE/NW/koeln", share_ppm=830_000)
    >>> rows = [AreaShare(area="DE/NW", share_ppm=800_000), koeln, AreaShare(area="DE/NW/koeln/nippes")]
    >>> [row.area for row in areas_named(rows)]
    ['DE/NW/koeln']
    """
    known = list(rows)
    parts = {row.area: [part for part in known if part is not row and is_within(part.area, row.area)] for row in known}
    whole = [row for row in known if parts[row.area] and _stands_for(row, parts[row.area])]
    covered = {part.area for row in whole for part in parts[row.area]}
    holding = {row.area for row in known if parts[row.area]} - {row.area for row in whole}
    return [row for row in known if row.area not in covered | holding]


def _stands_for(whole: AreaShare, parts: Sequence[AreaShare]) -> bool:
    """Do its own figures show it hit, while of its parts people alone tell? Not once it is back and a part is not."""
    if whole.share_ppm is None or any(part.share_ppm is not None for part in parts):
        return False
    if whole.back_at is not None and any(part.back_at is None for part in parts):
        return False
    return whole.share_ppm >= MOST_PPM or whole.area.count("/") > 1

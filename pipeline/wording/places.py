"""Which places a text names: those that are still down, so that no text calls a place down which another calls well."""

from collections.abc import Iterable, Sequence

from pipeline.records.published.incident_parts import AreaShare
from pipeline.records.series import is_within


def places_down(rows: Iterable[AreaShare]) -> Sequence[AreaShare]:
    """Areas that hold no other, in their order: those that are down; all of them once none is.

    Args:
        rows: Areas of an incident.

    >>> back = AreaShare(area="DE/NW/bonn", back_at=1)
    >>> [row.area for row in places_down([AreaShare(area="DE/NW"), AreaShare(area="DE/NW/koeln"), back])]
    ['DE/NW/koeln']
    >>> [row.area for row in places_down([AreaShare(area="DE/NW"), back])]
    ['DE/NW/bonn']
    """
    known = list(rows)
    paths = [row.area for row in known]
    smallest = [row for row in known if not any(is_within(path, row.area) and path != row.area for path in paths)]
    return [row for row in smallest if row.back_at is None] or smallest

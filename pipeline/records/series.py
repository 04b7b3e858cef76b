"""Series and scopes: what is counted apart, and where its state lives.

An area is a path, nation first: `DE/NW/koeln`. So a parent is a shorter path,
and adding up along the place tree needs no table. A scope is an operator in a
region, or in a nation: the unit of state in DETECT.
"""

from typing import NamedTuple


class Scope(NamedTuple):
    """The unit of state in DETECT.

    Attributes:
        operator: Operator id.
        area: Path of a region (`DE/NW`) or of a nation (`DE`).
    """

    operator: str
    area: str


class Series(NamedTuple):
    """What is counted apart.

    Attributes:
        scope_area: Path of the scope's region or nation.
        area: Path of the place, at or below `scope_area`.
        element: Network element, or ''.
        service: One of `SERVICES`, or ''.
        item: TV channel or technology, or ''.
        source: Raw topic.
        measure: `complaints`, `activity`, or a telemetry metric.
        unit: Unit of the values; `count` for complaints and activity.
    """

    operator: str
    scope_area: str
    area: str
    element: str
    service: str
    item: str
    source: str
    measure: str
    unit: str

    @property
    def scope(self) -> Scope:
        """Where this series is judged."""
        return Scope(self.operator, self.scope_area)


def nation_of(area: str) -> str:
    """First segment of a path.

    >>> nation_of("DE/NW/koeln")
    'DE'
    """
    return area.partition("/")[0]


def region_of(area: str) -> str:
    """First two segments of a path, or the nation if there is no more.

    >>> region_of("DE/NW/koeln"), region_of("DE")
    ('DE/NW', 'DE')
    """
    return "/".join(area.split("/", 2)[:2])


def parent_of(area: str) -> str:
    """The path without its last segment; '' above a nation.

    >>> parent_of("DE/NW/koeln"), parent_of("DE")
    ('DE/NW', '')
    """
    return area.rpartition("/")[0]


def ancestors(area: str) -> list[str]:
    """All areas above, nearest first.

    >>> ancestors("DE/NW/koeln")
    ['DE/NW', 'DE']
    """
    above = []
    while area := parent_of(area):
        above.append(area)
    return above


def is_within(area: str, other: str) -> bool:
    """Is `area` the same as `other`, or below it?

    >>> is_within("DE/NW/koeln", "DE/NW"), is_within("DE/NWX", "DE/NW")
    (True, False)
    """
    return area == other or area.startswith(other + "/")

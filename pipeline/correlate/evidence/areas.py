"""Which areas explain the evidence: the smallest ones, and a wide one only if enough of its parts are hit.

A nation's sum stands out when one city is dark, so a wide area alone says
little: it is part of the incident only where nothing smaller explains it, or
where enough of its children are hit.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from pipeline.correlate.config import BordersConfig
from pipeline.correlate.parts import AreaSeen
from pipeline.records.series import ancestors, parent_of

SPARED_PPM: Final = 800_000
"""Where a nation's sum shows a share that is less than so much of its parts', other parts are spared: three cities at
.62 and a nation at .25 are a cut cable. A fifth is left for parts that are hit a little later or less."""


def children_of(areas: Iterable[str]) -> dict[str, set[str]]:
    """Every area above any of these, with those of its children that hold one of them or are one.

    Each area is walked up once, so the cost is areas times depth of the tree.

    >>> sorted(children_of(["DE/NW/koeln", "DE/NW/bonn", "DE/HH/hamburg", "DE"])["DE"])
    ['DE/HH', 'DE/NW']
    """
    children: dict[str, set[str]] = {}
    for area in areas:
        below = area
        while above := parent_of(below):
            known = children.setdefault(above, set())
            if below in known:
                break
            known.add(below)
            below = above
    return children


def children_min(area: str, config: BordersConfig) -> int:
    """How many children of an area must be hit before the whole area counts as hit."""
    return config.region_children_min if "/" in area else config.nation_children_min


def explaining(areas: Collection[str], config: BordersConfig, measured: Collection[str] = ()) -> list[str]:
    """The smallest areas that explain the evidence, sorted.

    A town whose own figures show it stays, though people name a part of it: what is measured is hit as a whole. So
    does a nation whose figures show it where those of no part of it do.

    Args:
        areas: All of which there is evidence.
        config: How many parts make a whole.
        measured: Those of them that have figures of their own; a region's are sums of its parts, and so are a nation's
            if any part has some.

    >>> explaining(["DE", "DE/NW", "DE/NW/koeln"], BordersConfig())
    ['DE/NW/koeln']
    >>> explaining(["DE", "DE/NW", "DE/NW/koeln", "DE/NW/bonn"], BordersConfig())
    ['DE/NW', 'DE/NW/bonn', 'DE/NW/koeln']
    """
    children = children_of(areas)
    seen = set(measured)

    above = {whole for area in seen for whole in ancestors(area)}

    def is_whole(area: str) -> bool:
        if "/" not in area:
            return area in seen and area not in above
        return area in seen and area.count("/") > 1 and not children[area] & seen

    return [
        area
        for area in sorted(areas)
        if area not in children or len(children[area]) >= children_min(area, config) or is_whole(area)
    ]


def are_measured(areas: Mapping[str, AreaSeen]) -> bool:
    """Did figures show the outage in any of these areas?"""
    return any(seen.measured for seen in areas.values())


def leaves_of(areas: Collection[str]) -> list[str]:
    """Areas that hold no other of the collection, sorted: what is added up."""
    children = children_of(areas)
    return [area for area in sorted(areas) if area not in children]

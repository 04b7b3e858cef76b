"""Of the places that a text names, the one area that is surely meant.

Of equal names in one market the most populous is meant, but only if it is by far the largest, or if the text names
its region too; several places that lie apart mean what they have in common, if that is a region or smaller.
"""

from collections.abc import Sequence
from typing import NamedTuple

LARGEST_BY = 2
"""So many times larger than the next of its name must a town be to be meant, as in a field that holds a place."""

UNKNOWN_POPULATION = 15_000
"""A place of which nobody stated the inhabitants is taken for a small town."""

VILLAGE_POPULATION_MAX = 3_000
"""Up to this size a name is hardly ever meant where nothing points at it."""


class Site(NamedTuple):
    """What a name may mean.

    Attributes:
        area: Path of the place.
        population: Its inhabitants, 0 = not known.
        market: Its nation.
        form: Which form of the name this is: `""` as it stands, `adjective` ("Kölner"), `contracted` ("au Havre"),
            `possessive` ("Leeds's", "Hamburgs").
    """

    area: str
    population: int
    market: str
    form: str = ""


Sites = tuple[Site, ...]
"""What a name may mean, the most populous first."""


def are_nested(site: Site, other: Site) -> bool:
    """Does one of two places lie in the other?"""
    return f"{site.area}/".startswith(f"{other.area}/") or f"{other.area}/".startswith(f"{site.area}/")


def is_within(sites: tuple[Site, ...], areas: Sequence[str]) -> bool:
    """Does one of the places that a name may mean lie in one of some areas, or hold it?"""
    return any(
        f"{site.area}/".startswith(f"{area}/") or f"{area}/".startswith(f"{site.area}/")
        for site in sites
        for area in areas
    )


def meant(seen: Sequence[tuple[Site, ...]]) -> str | None:
    """The one area that names of a text mean, each given by the places that it may mean.

    A village that lies far from all the others is taken for a word: half of all nouns are a village somewhere.
    """
    if len(seen) == 1 and len(seen[0]) == 1:
        return seen[0][0].area
    area = smallest(settled(seen))
    if area is None and len(seen) > 1:
        return smallest(settled([sites for sites in seen if not 0 < sites[0].population <= VILLAGE_POPULATION_MAX]))
    return area


def settled(seen: Sequence[tuple[Site, ...]]) -> list[str]:
    """One area for each name: the one that another name of the text contains, else the largest if by far."""
    sure = {sites[0].area for sites in seen if is_sure(sites)}
    areas: list[str] = []
    for sites in seen:
        related = next((site.area for site in sites if not sure.isdisjoint(_above(site.area))), None)
        if related is not None:
            areas.append(related)
        elif is_sure(sites):
            areas.append(sites[0].area)
        else:
            areas.extend(_in_common([site.area for site in sites]))
    return areas


def _above(area: str) -> list[str]:
    """The paths of all areas that an area lies in.

    >>> _above("DE/NW/koeln")
    ['DE', 'DE/NW']
    """
    parts = area.split("/")
    return ["/".join(parts[:level]) for level in range(1, len(parts))]


def is_sure(sites: tuple[Site, ...]) -> bool:
    """Is the first of these places meant, and no other of its name?"""
    if len(sites) == 1:
        return True
    first, second = sites[0], sites[1]
    nested = all(are_nested(first, site) for site in sites[1:])
    return nested or first.population >= LARGEST_BY * (second.population or UNKNOWN_POPULATION)


def _in_common(areas: Sequence[str]) -> list[str]:
    """The path that all areas share, if it is a region or smaller."""
    parts = [area.split("/") for area in areas]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return ["/".join(shared)] if len(shared) > 1 else []


def smallest(areas: Sequence[str]) -> str | None:
    """Of several areas the one that lies within the others; if they lie apart, what they share."""
    holders = {above for area in set(areas) for above in _above(area)}
    lowest = sorted(set(areas) - holders)
    if len(lowest) == 1:
        return lowest[0]
    shared = _in_common(lowest) if lowest else []
    return shared[0] if shared else None

"""Quarters: parts of a city that the gazetteer takes for towns of their own, or does not know.

Whoever writes "Didsbury" is in Manchester, though GeoNames has a town of that name beside it. The node stays, since an
element of a network may lie in it; but its names mean the city.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from pipeline.reference.gazetteer import Place

PART_POPULATION_MAX: Final = 15_000
"""As if it had no more inhabitants than this is a part or quarter of a city looked for by its own name alone."""

KNOWN_POPULATION: Final = 50_000
"""As if it had so many inhabitants is a quarter looked for that is better known than towns of its name."""


class CityQuarters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Quarters of one city.

    Attributes:
        area: Path of the city.
        nodes: Last segments of paths of its region that are quarters of it.
        names: Names of quarters that are no nodes.
        known: The same of those that are better known than towns of their name.
    """

    area: str
    nodes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


def cities_of(quarters: Iterable[CityQuarters]) -> dict[str, str]:
    """The city of each node that is a quarter.

    >>> cities_of([CityQuarters(area="GB/ENG/manchester", nodes=("didsbury",))])
    {'GB/ENG/didsbury': 'GB/ENG/manchester'}
    """
    return {f"{city.area.rpartition('/')[0]}/{node}": city.area for city in quarters for node in city.nodes}


def names_of_quarters(quarters: Iterable[CityQuarters], places: Mapping[str, Place]) -> Iterator[tuple[str, str, int]]:
    """Names that mean a city, alone and with its own name, with the area and how large it is taken to be.

    Args:
        quarters: By city, each of which is a place.
        places: By path.
    """
    for of in quarters:
        city, parent = places[of.area], of.area.rpartition("/")[0]
        nodes = [places[area] for node in of.nodes if (area := f"{parent}/{node}") in places]
        rows = [(name, node.population) for node in nodes for name in (node.name, *node.names)]
        rows += [(name, PART_POPULATION_MAX) for name in of.names] + [(name, KNOWN_POPULATION) for name in of.known]
        for name, population in rows:
            yield name, city.area, population
            yield f"{city.name} {name}", city.area, city.population

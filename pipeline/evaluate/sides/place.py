"""Where it was and where we said it was: paths in a tree, compared.

Two questions. In one word: does the smallest area that holds all that we
named equal the smallest that holds all that was down? And area by area: how
many of the named ones are right, and how many of the customers hit live in
one of them? An incident also names wider areas where enough of their parts
are down; that is right if the outage does lie in two or more of their parts.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import msgspec

from pipeline.evaluate.sides.worlds import AreaDown
from pipeline.reference.gazetteer import common_area

Relation = Literal["exact", "ancestor", "descendant", "wrong"]


class PlaceScore(msgspec.Struct, frozen=True, kw_only=True):
    """How well a place was told.

    Attributes:
        relation: In one word; `ancestor` is too wide, `descendant` too narrow.
        smallest_right: Is the first of the smallest areas named inside the outage, or just what holds it?
        areas_right: Named areas that are right, of `areas_named`.
        weight_covered: Customers hit in areas that were named or lie in a named one, of `weight_hit`;
            number of areas if customers are not known.
    """

    relation: Relation
    smallest_right: bool
    areas_right: int
    areas_named: int
    weight_covered: int
    weight_hit: int


def within(area: str, outer: str) -> bool:
    """Is an area the other, or inside of it?

    >>> within("DE/NW/koeln", "DE/NW"), within("DE/NW", "DE/NW"), within("DE/NWX", "DE/NW")
    (True, True, False)
    """
    return area == outer or area.startswith(outer + "/")


def related(area: str, other: str) -> bool:
    """Does one of them hold the other?"""
    return within(area, other) or within(other, area)


def relation_of(named: str | None, true: str | None) -> Relation:
    """How a named area lies to the true one; no name at all, and two nations, are wrong.

    >>> relation_of("DE/NW", "DE/NW/koeln"), relation_of("DE/NW/koeln/kalk", "DE/NW/koeln")
    ('ancestor', 'descendant')
    >>> relation_of("DE/BY", "DE/NW"), relation_of(None, "DE")
    ('wrong', 'wrong')
    """
    if named is None or true is None:
        return "wrong"
    if named == true:
        return "exact"
    if within(true, named):
        return "ancestor"
    return "descendant" if within(named, true) else "wrong"


def leaves_of(areas: Sequence[str]) -> list[str]:
    """Areas that hold no other of the row, in its order.

    >>> leaves_of(["DE/NW", "DE/NW/koeln", "DE/NW/bonn"])
    ['DE/NW/koeln', 'DE/NW/bonn']
    """
    return [area for area in areas if not any(other != area and within(other, area) for other in areas)]


def branches_of(areas: Iterable[str]) -> set[str]:
    """Wider areas that hold some of these in two or more of their parts.

    >>> sorted(branches_of(["DE/NW/koeln", "DE/NW/rsk/a", "DE/NW/rsk/b"]))
    ['DE/NW', 'DE/NW/rsk']
    """
    parts: dict[str, set[str]] = {}
    for area in areas:
        below = area
        while above := below.rpartition("/")[0]:
            parts.setdefault(above, set()).add(below)
            below = above
    return {area for area, below in parts.items() if len(below) > 1}


def is_right(area: str, true_areas: Collection[str], branches: Collection[str]) -> bool:
    """Does an area lie in the outage, or does the outage lie in two or more of its parts?

    Args:
        area: Path of the area that was named.
        true_areas: Paths of the areas that were down.
        branches: Paths of which two or more parts hold something that was down (`branches_of`).
    """
    return area in branches or any(within(area, true) for true in true_areas)


def place_agreement(named: Sequence[str], true_areas: Collection[str]) -> int:
    """How well two sets of areas agree: the harmonic mean (F1) of how well each is covered by the other.

    An area of one side that equals one of the other counts 1, one that holds or lies in one counts a half. So an
    incident of one city agrees less with an outage of four than an incident that names the four.

    Args:
        named: Areas of an incident; those that hold another one of it are passed over.
        true_areas: Areas that were down.

    Returns:
        Millionths, 0 to 1,000,000; 0 if either side names none.

    >>> four = ["FR/ARA/69/lyon", "FR/OCC/31/toulouse", "FR/NAQ/33/bordeaux", "FR/ARA/38/grenoble"]
    >>> place_agreement(four, four), place_agreement(["FR", *four[:1]], four), place_agreement(["FR"], four)
    (1000000, 400000, 500000)
    """
    ours, theirs = leaves_of(list(dict.fromkeys(named))), sorted(set(true_areas))
    if not ours or not theirs:
        return 0
    mean_of_ours = sum(_nearest(area, theirs) for area in ours) // len(ours)
    mean_of_theirs = sum(_nearest(area, ours) for area in theirs) // len(theirs)
    return 2 * mean_of_ours * mean_of_theirs // max(1, mean_of_ours + mean_of_theirs)


def _nearest(area: str, others: Collection[str]) -> int:
    if area in others:
        return 1_000_000
    return 500_000 * any(related(area, other) for other in others)


def place_score(named: Sequence[str], hits: Sequence[AreaDown]) -> PlaceScore | None:
    """Compare the areas of an incident with those of an outage.

    Args:
        named: In the order of the incident, the most affected first.
        hits: What was down.

    Returns:
        None if nobody knows where it was.
    """
    if not hits:
        return None
    true_areas = sorted({hit.area for hit in hits})
    branches = branches_of(true_areas)
    leaves = leaves_of(named)
    known = all(hit.customers is not None for hit in hits) and any(hit.customers for hit in hits)
    weights = [(hit.area, (hit.customers or 0) if known else 1) for hit in hits]
    return PlaceScore(
        relation=relation_of(common_area(leaves) if leaves else None, common_area(true_areas)),
        smallest_right=bool(leaves) and is_right(leaves[0], true_areas, branches),
        areas_right=sum(is_right(area, true_areas, branches) for area in set(named)),
        areas_named=len(set(named)),
        weight_covered=sum(weight for area, weight in weights if any(within(area, name) for name in named)),
        weight_hit=sum(weight for _, weight in weights),
    )

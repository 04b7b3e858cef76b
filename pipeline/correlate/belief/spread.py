"""Where customers live of whom only a nation's number is stated, or none: between what and what, and most likely.

Of an operator whose figures come from many regions the nation's customers live where its people do. One whose figures
come from one region or two may be there alone, and then its towns hold many times as many: from the nation's part to
as many as any operator has anywhere, and nothing in between is likelier but by its order of magnitude.
"""

from math import isqrt
from typing import Final, NamedTuple

from pipeline.correlate.evidence.footprint import FAMILIES
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.series import nation_of, region_of
from pipeline.records.vocabulary import PPM, Service

NEAR_TIMES: Final = (3, 2)
"""In eight towns of ten an operator's part of the people is within so many times what follows from its part of the
nation's, three halves, either way. It is a judgement, held against worlds of four markets."""

WHERE_LINES_ARE: Final = (7, 5)
"""Who has lines has them in some towns and none in others, so where a fault shows that it has some, its part of the
people is greater than that of the nation: seven fifths of it. Radio reaches nearly everybody."""

INHABITANTS_PPM: Final = (20_000, 400_000)
"""Where nobody stated customers, an operator has at least so many of an area's inhabitants, and at most so many."""

REGIONS_FEW: Final = 2
REGIONAL_PPM: Final = 250_000
"""An operator may be in one part of its nation alone if its figures come from so few regions, in which less than so
many of the nation's inhabitants live."""


class Living(NamedTuple):
    """How many customers live in an area: fewest, most likely, most."""

    fewest: int
    likely: int
    most: int


def customers_living(operator: str, area: str, service: Service | None, reference: CorrelateReference) -> Living | None:
    """How many customers of an operator live in an area of which nobody stated a number.

    What a region's figures show they show of the towns that are measured, so the fewest are those of these towns.

    Args:
        operator: Id of the operator.
        area: Path of the place tree.
        service: What they have; None for any.
        reference: Customers of nations, inhabitants, and where figures are measured.

    Returns:
        None if nobody stated the nation's customers either.
    """
    nation, number = nation_of(area), reference.customers_near(operator, area, service)
    if number is None:
        return None
    times, of = WHERE_LINES_ARE if service and FAMILIES[service] == "fixed" else (1, 1)
    number = number * times // of
    times, of = NEAR_TIMES
    fewest, most, inhabitants = number * of // times, number * times // of, reference.inhabitants_of(area)
    if is_regional(operator, nation, reference):
        densest = min(inhabitants * INHABITANTS_PPM[1] // PPM, reference.customers_in(operator, nation, service) or 0)
        most, number = max(most, densest), max(number, isqrt(number * densest))
    measured = _measured_inhabitants(operator, area, reference)
    if 0 < measured < inhabitants:
        fewest = fewest * measured // inhabitants
    return Living(fewest, number, most)


def inhabitants_served(operator: str, area: str, reference: CorrelateReference) -> int:
    """How many people live where an operator may have customers in an area; 0 if nobody said.

    Args:
        operator: Id of the operator.
        area: Path of the place tree; of a region or nation those of its measured towns, if the operator may be in one
            part of its nation alone.
        reference: Inhabitants, and where figures are measured.
    """
    measured = _measured_inhabitants(operator, area, reference)
    if measured and is_regional(operator, nation_of(area), reference):
        return measured
    return reference.inhabitants_of(area)


def is_regional(operator: str, nation: str, reference: CorrelateReference) -> bool:
    """May an operator be in one part of its nation alone, as far as its figures tell, and nobody stated where it is?

    Args:
        operator: Id of the operator; where a guest is, its host is.
        nation: Path of the nation.
        reference: Customers of regions, inhabitants, and where figures are measured.
    """

    def ask() -> bool:
        regions = {region_of(area) for area in reference.measured_in(operator, nation)}
        if any(reference.customers_in(reference.host_of(operator), region) for region in regions):
            return False
        people = sum(reference.inhabitants_of(region) for region in regions)
        return 0 < len(regions) <= REGIONS_FEW and 0 < people * PPM < reference.inhabitants_of(nation) * REGIONAL_PPM

    return reference.once(("is_regional", operator, nation), ask)


def _measured_inhabitants(operator: str, area: str, reference: CorrelateReference) -> int:
    def ask() -> int:
        return sum(reference.inhabitants_of(place) for place in reference.measured_in(operator, area))

    return reference.once(("measured_inhabitants", operator, area), ask)

"""How many customers are affected: intervals, from customer numbers and the shares that ratios show.

Areas that hold each other are counted once, and an area of which nobody stated
customers is counted by the one above it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from math import isqrt
from typing import Final, get_args

from msgspec import structs

from pipeline.correlate.belief.spread import INHABITANTS_PPM, Living, customers_living, inhabitants_served, is_regional
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.claims import MEASURE
from pipeline.correlate.evidence.footprint import FAMILIES
from pipeline.correlate.evidence.services import services_shown
from pipeline.correlate.evidence.witnesses import people_beyond_usual
from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.published.incident_parts import Interval
from pipeline.records.series import is_within, parent_of
from pipeline.records.vocabulary import EVERYWHERE, PPM, Extent, Service

_Count = Callable[[str, str, Service | None], int | None]

_WITH_CUSTOMERS: Final[tuple[Service, ...]] = tuple(service for service in get_args(Service) if service != "emergency")
"""Services that people buy; nobody is a customer of emergency calls."""

STATED_WITHIN: Final = 20
"""What an operator states is right to one in so many: it is rounded, and of last quarter."""

FIFTH_OF_TENTH: Final = (2, 3)
"""How far from the middle a fifth lies beyond, where a tenth lies so far beyond: .84 of 1.28 standard deviations."""

HALF_A_STEP: Final = (173, 100)
"""The grid of shares goes in steps of three, so one that talk tells is right to the root of three either way."""

PEOPLE_PER_COMPLAINT_MAX: Final = 1_000
"""Where no customer numbers are known, at most so many people are hit for one who complains."""


class _HitCase:
    """A dossier, with what is asked of it anew for each area: found once, as it takes all its series.

    Args:
        dossier: All evidence; must not change meanwhile.
        reference: Customers by operator, area and service.
    """

    def __init__(self, dossier: Dossier, reference: CorrelateReference) -> None:
        self.dossier, self.reference = dossier, reference

    @cached_property
    def services(self) -> tuple[Service | None, ...]:
        """Services whose customers are hit; None for those of any."""
        shown = services_shown(self.dossier)
        return tuple(service for service in _WITH_CUSTOMERS if service in shown) or (None,)

    @cached_property
    def claimed(self) -> frozenset[str]:
        """Areas of which somebody claims that no help can be called."""
        return frozenset(series.area for series in self.dossier.series.values() if series.measure == MEASURE)

    def is_claimed(self, area: str) -> bool:
        """Does anybody claim that of an area, or of what holds or lies in it?

        Args:
            area: Path of the place tree.
        """
        return any(is_within(place, area) or is_within(area, place) for place in self.claimed)

    @cached_property
    def most_shown(self) -> int:
        """The greatest share that any area of the incident may have, in millionths: all, if nothing tells any."""
        shown = (_shares_of(self, area) for area in self.dossier.areas)
        return max((shares[2] for shares in shown if shares), default=PPM)


def customers_affected(
    dossier: Dossier, reference: CorrelateReference, extent: Extent = "localised"
) -> Interval | None:
    """Customers affected over all areas that hold no other; of a nation as a whole, by the share that its figures show.

    Of a nation they are at least those of the areas that somebody measures: either of these alone, or of all its places
    in the same part, and nothing tells which. So a tenth of all that may be lies below a fifth of the one, and a tenth
    above a fifth of the other. Without any customer number the people stand for it who complained beyond the usual: at
    least none, at most a thousand for each of them; None if there are none.

    Args:
        dossier: All evidence.
        reference: Customers by operator, area and service.
        extent: How far it reaches. If one phone in three is dead everywhere, or all are, then also in the towns that
            nobody measures: the ten that somebody does are not all.
    """
    case = _HitCase(dossier, reference)
    by_area = _of_areas(case)
    everywhere = _of_nation(case) if extent in EVERYWHERE else None
    if everywhere is None or by_area is None:
        return everywhere or by_area
    if by_area.likely is None or everywhere.likely is None or by_area.high >= everywhere.low:
        return structs.replace(everywhere, low=min(everywhere.low, by_area.low))
    times, of = FIFTH_OF_TENTH
    low = by_area.likely - (by_area.likely - by_area.low) * times // of
    high = everywhere.likely + (everywhere.high - everywhere.likely) * times // of
    return structs.replace(everywhere, low=low, high=high)


def _of_areas(case: _HitCase) -> Interval | None:
    """Added up over the areas that hold no other; without any number, by how many people complained.

    A nation of which nothing tells a share is no number: from nobody to all is what was known before.
    """
    dossier = case.dossier
    counted = {area: part for area, part in _counted(case).items() if not dossier.areas[area].back_at}
    if dossier.areas and not counted:
        return Interval(low=0, high=0, likely=0, basis="all areas are back")
    parts = [part for area, part in counted.items() if part is not None and ("/" in area or _shares_of(case, area))]
    if not parts:
        people = people_beyond_usual(dossier)
        basis = "people who complained beyond the usual; no customer numbers"
        return Interval(low=0, high=people * PEOPLE_PER_COMPLAINT_MAX, basis=basis) if people else None
    return _together(parts)


def _together(parts: Sequence[Interval]) -> Interval:
    """The sum of areas, whose errors are half dependent: not all of them are off to the same side.

    Half of the square of the summed errors, and half of the sum of their squares. Where nothing is likely the ends are
    not errors but all that is possible, and are added up.
    """
    if all(part.likely is None for part in parts):
        low, high = sum(part.low for part in parts), sum(part.high for part in parts)
        return Interval(low=low, high=high, basis=parts[0].basis)
    shown = [part.low if part.likely is None else part.likely for part in parts]
    likely = sum(shown)
    down, up = (
        _half_dependent([abs(end - middle) for end, middle in zip(ends, shown, strict=True)])
        for ends in ([part.low for part in parts], [part.high for part in parts])
    )
    return Interval(
        low=likely - down,
        high=likely + up,
        likely=likely,
        basis=parts[0].basis,
    )


def _half_dependent(errors: Sequence[int]) -> int:
    return isqrt((sum(errors) ** 2 + sum(error * error for error in errors)) // 2)


def customers_in_area(dossier: Dossier, area: str, reference: CorrelateReference) -> Interval | None:
    """Customers of the incident's operators who live in an area and may be hit.

    Args:
        dossier: Operators, services, and the shares that ratios show.
        area: Path of the place tree.
        reference: Customers by operator, area and service.

    Returns:
        Of all who have an affected service there, the lowest, likeliest and highest share that is told: by figures,
        widened by how exactly the customers are stated; by talk alone without a likely value. Without any share none
        to as many as the most that another area shows. None if nobody stated how many customers live there.
    """
    return _in_area(_HitCase(dossier, reference), area)


def customers_in_areas(
    dossier: Dossier, areas: Iterable[str], reference: CorrelateReference
) -> dict[str, Interval | None]:
    """The same of several areas.

    Args:
        dossier: Operators, services, and the shares that ratios show.
        areas: Paths of the place tree.
        reference: Customers by operator, area and service.
    """
    case = _HitCase(dossier, reference)
    return {area: _in_area(case, area) for area in areas}


def _in_area(case: _HitCase, area: str) -> Interval | None:
    dossier, count = case.dossier, case.reference.customers_in
    total, shares = _sum_of(count, case, area), _shares_of(case, area)
    if total is None:
        return _near(case, area) or _of_inhabitants(case, area)
    if not shares:
        return Interval(low=0, high=total * case.most_shown // PPM, basis="customers of the area")
    low, likely = (total * share // PPM for share in shares[:2])
    most = _sum_of(count, case, area, at_most=True) or total
    high = most * shares[2] // PPM
    if not dossier.areas[area].measured:
        low, high = _by_talk(total, shares), max(total, most) * _step_above(shares[2]) // PPM
        return Interval(low=low, high=high, basis="share told by how much people say")
    low, high = min(low, likely), max(high, likely)  # shares of talk are steps, and their mean may lie beyond a step
    return _as_stated(low, likely, high, "share shown by telemetry")


def _as_stated(low: int, likely: int, high: int, basis: str) -> Interval:
    """An interval of a share times a stated number, which is not exact itself."""
    stated = likely // STATED_WITHIN
    return Interval(
        low=max(0, likely - _in_quadrature(likely - low, stated)),
        high=likely + _in_quadrature(high - likely, stated),
        likely=likely,
        basis=basis,
    )


def _shares_of(case: _HitCase, area: str) -> tuple[int, ...]:
    """Low, likely and high share of the customers of an area who are hit, in millionths; empty if nothing tells it.

    Who cannot call for help misses no service that is bought: how much people say tells nothing of how many they are,
    unless all are sure, as in an exercise. Figures show which part of calls fails, and where it is those for help they
    fail for whoever lives there, so at most it is everybody.
    """
    dossier = case.dossier
    seen = dossier.areas.get(area)
    if seen is None or not (seen.measured or dossier.emergency is None or seen.hit_ppm[:1] == (PPM,)):
        return ()
    if seen.hit_ppm and dossier.emergency is not None and case.is_claimed(area):
        return (*seen.hit_ppm[:2], PPM)
    return seen.hit_ppm


def _of_nation(case: _HitCase) -> Interval | None:
    """By the nation's own figures; None if it has none, is back, or nobody stated its customers."""
    dossier, reference = case.dossier, case.reference
    nation = next((area for area in dossier.areas if "/" not in area), "")
    seen = dossier.areas.get(nation)
    if seen is None or seen.back_at or not seen.measured or not seen.hit_ppm:
        return None
    total = _sum_of(reference.customers_in, case, nation)
    if not total or all(is_regional(operator, nation, reference) for operator in dossier.operators):
        return None  # what its figures show of the nation is what its few regions are
    low, likely, high = (total * share // PPM for share in seen.hit_ppm)
    most = _sum_of(reference.customers_in, case, nation, at_most=True) or total
    high = max(high, likely, most * seen.hit_ppm[2] // PPM)
    return _as_stated(min(low, likely), likely, high, "share of the nation's customers shown by telemetry")


def _near(case: _HitCase, area: str) -> Interval | None:
    """By the part of the nation's customers that lives there; None if the nation's are not stated for each operator.

    Of a guest on the network of another operator of the incident nobody need state any: its host's customers
    are the most of them, and a guest that joins must not make them unknown.
    """
    dossier, reference = case.dossier, case.reference

    @cache
    def living(operator: str, service: Service | None) -> Living | None:
        """An operator's number, asked for many times; none of a guest without numbers."""
        number, host = customers_living(operator, area, service, reference), reference.host_of(operator)
        is_guest = host != operator and host in dossier.operators
        return Living(0, 0, 0) if number is None and is_guest else number

    def part(of: Callable[[Living], int]) -> int | None:
        """The sum of one end of all operators' numbers."""

        def count(operator: str, _area: str, service: Service | None) -> int | None:
            """One end of an operator's number.

            Args:
                operator: Id of the operator.
                service: What they have; None for any.
            """
            number = living(operator, service)
            return None if number is None else of(number)

        return _sum_of(count, case, area, all_of_them=True)

    total, seen = part(lambda number: number.likely), dossier.areas.get(area)
    if not total or seen is None:
        return None
    shares = _shares_of(case, area)
    basis = "part of the nation's customers who live there"
    fewest, most = part(lambda number: number.fewest) or 0, part(lambda number: number.most) or total
    if not shares:
        return Interval(low=0, high=most, basis=basis)
    low, likely, high = (total * share // PPM for share in shares)
    if not seen.measured:
        return Interval(low=_by_talk(fewest, shares), high=most * _step_above(shares[2]) // PPM, basis=basis)
    return Interval(
        low=max(0, likely - _in_quadrature(likely - low, likely - fewest * shares[1] // PPM)),
        high=likely + _in_quadrature(high - likely, most * shares[1] // PPM - likely),
        likely=likely,
        basis=basis,
    )


def _by_talk(customers: int, shares: Sequence[int]) -> int:
    """The fewest of some customers by a share that talk tells: half a step of the grid below it; all are all."""
    times, of = (1, 1) if shares[0] == PPM else HALF_A_STEP
    return customers * shares[0] * of // times // PPM


def _step_above(share_ppm: int) -> int:
    """The greatest share that a step of the grid stands for, millionths.

    >>> _step_above(10_000), _step_above(900_000)
    (17300, 1000000)
    """
    times, of = HALF_A_STEP
    return min(PPM, share_ppm * times // of)


def _in_quadrature(error: int, other: int) -> int:
    """Two errors that have nothing to do with each other: how far off the number is by both."""
    return isqrt(error * error + other * other)


def _of_inhabitants(case: _HitCase, area: str) -> Interval | None:
    """From how many people live where its operators are, where the account tells a share; None if either is unknown."""
    dossier, reference = case.dossier, case.reference
    served = [inhabitants_served(operator, area, reference) for operator in sorted(dossier.operators)]
    inhabitants, seen = max(served, default=0), dossier.areas.get(area)
    if not inhabitants or seen is None or not seen.hit_ppm:
        return None
    fewest, most = (inhabitants * share // PPM for share in INHABITANTS_PPM)
    low, _, high = seen.hit_ppm
    return Interval(low=fewest * low // PPM, high=most * high // PPM, basis="inhabitants; no customer numbers")


def _sum_of(
    count: _Count, case: _HitCase, area: str, *, all_of_them: bool = False, at_most: bool = False
) -> int | None:
    """Customers of the dossier's operators in an area, each by its service that has most of them there.

    Args:
        count: Customers of an operator in an area, by service.
        case: Operators and services.
        area: Path of the place tree.
        all_of_them: True if None is the answer as soon as it is the answer for one operator.
        at_most: True if nobody is to have services of two networks: their customers are added, as far as the
            operator has any. Who has several of one network has them over one line, or in one phone.
    """
    known = []
    for operator in sorted(case.dossier.operators):
        numbers = _by_network(count, operator, area, case.services)
        if numbers:
            everybody = count(operator, area, None) if at_most else None
            known.append(max(numbers) if everybody is None else max(max(numbers), min(sum(numbers), everybody)))
        elif all_of_them:
            return None
    return sum(known) if known else None


def _by_network(count: _Count, operator: str, area: str, services: Sequence[Service | None]) -> list[int]:
    """The most customers that any of some services has, for each network that carries one of them.

    Of a service that nobody counted those stand for it who have another one of the same network.
    """
    found: dict[str, int] = {}
    for service in services:
        number = count(operator, area, service)
        if number is None and service:
            beside = (count(operator, area, other) for other in _WITH_CUSTOMERS if FAMILIES[other] == FAMILIES[service])
            number = max((known for known in beside if known is not None), default=None)
        if number is not None:
            network = FAMILIES[service] if service else ""
            found[network] = max(number, found.get(network, 0))
    return list(found.values())


def counted_areas(dossier: Dossier, reference: CorrelateReference) -> list[str]:
    """Areas whose customers are added up, sorted; none of them holds another.

    They hold no other area, or, where nobody stated how many live there, are what is above them: a part of a city has
    no number of its own, so the city's counts. So does a city whose own figures show it, and a nation told of all over.
    """
    return list(_counted(_HitCase(dossier, reference)))


def _counted(case: _HitCase) -> dict[str, Interval | None]:
    """These areas in their order, each with its customers; None where nobody knows them."""

    @cache
    def customers(area: str) -> Interval | None:
        return _in_area(case, area)

    dossier, counted = case.dossier, set()
    if dossier.nationwide in dossier.areas and (number := customers(dossier.nationwide)) is not None:
        return {dossier.nationwide: number}
    for leaf in leaves_of(dossier.areas):
        area = leaf
        while area in dossier.areas and (_is_told_by_its_town(dossier, area) or customers(area) is None):
            area = parent_of(area)
        counted.add(area if area in dossier.areas else leaf)
    outermost = (area for area in counted if not any(area != other and is_within(area, other) for other in counted))
    return {area: customers(area) for area in sorted(outermost)}


def _is_told_by_its_town(dossier: Dossier, area: str) -> bool:
    """Do people alone tell of a part of a town that its own figures show down?"""
    town = dossier.areas.get(parent_of(area))
    if town is None or "/" not in parent_of(parent_of(area)):
        return False
    return town.measured and not town.back_at and not dossier.areas[area].measured

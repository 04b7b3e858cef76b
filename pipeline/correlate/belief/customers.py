"""How many customers are affected: intervals, from customer numbers and the shares that ratios show.

Areas that hold each other are counted once, and an area of which nobody stated
customers is counted by the one above it.
"""

from collections.abc import Callable
from typing import Final, get_args

from msgspec import structs

from pipeline.correlate.evidence.areas import leaves_of
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

NEAR_TIMES: Final = 2
"""An operator's part of an area's people is within twice its part of the nation's, either way."""

INHABITANTS_PPM: Final = (20_000, 400_000)
"""Where nobody stated customers, an operator has at least so many of an area's inhabitants, and at most so many."""

PEOPLE_PER_COMPLAINT_MAX: Final = 1_000
"""Where no customer numbers are known, at most so many people are hit for one who complains."""


STEP_TIMES: Final = (7, 4)
"""A share that figures show is one of a few steps, each about thrice the one before: the true one lies within so many
times of it, seven quarters, either way."""


def customers_affected(
    dossier: Dossier, reference: CorrelateReference, extent: Extent = "localised"
) -> Interval | None:
    """Customers affected over all areas that hold no other; of a nation as a whole, by the share that its figures show.

    Of a nation they are at least those of the areas that somebody measures. Without any customer number the people
    stand for it who complained beyond the usual: at least none, at most a thousand for each of them; None if there
    are none.

    Args:
        dossier: All evidence.
        reference: Customers by operator, area and service.
        extent: How far it reaches. If one phone in three is dead everywhere, or all are, then also in the towns that
            nobody measures: the ten that somebody does are not all.
    """
    by_area = _of_areas(dossier, reference)
    everywhere = _of_nation(dossier, reference) if extent in EVERYWHERE else None
    if everywhere is None or by_area is None:
        return everywhere or by_area
    return structs.replace(everywhere, low=min(everywhere.low, by_area.low))


def _of_areas(dossier: Dossier, reference: CorrelateReference) -> Interval | None:
    """Added up over the areas that hold no other; without any number, by how many people complained."""
    counted = [area for area in counted_areas(dossier, reference) if not dossier.areas[area].back_at]
    if dossier.areas and not counted:
        return Interval(low=0, high=0, likely=0, basis="all areas are back")
    known = [customers_in_area(dossier, area, reference) for area in counted]
    parts = [part for part in known if part is not None]
    if not parts:
        people = people_beyond_usual(dossier)
        basis = "people who complained beyond the usual; no customer numbers"
        return Interval(low=0, high=people * PEOPLE_PER_COMPLAINT_MAX, basis=basis) if people else None
    high = sum(part.high for part in parts)
    low = min(high, sum(part.low for part in parts))
    shown = [part.low if part.likely is None else part.likely for part in parts]
    likely = min(high, sum(shown)) if any(part.likely is not None for part in parts) else None
    return Interval(low=low, high=high, likely=likely, basis=parts[0].basis)


def customers_in_area(dossier: Dossier, area: str, reference: CorrelateReference) -> Interval | None:
    """Customers of the incident's operators who live in an area and may be hit.

    Args:
        dossier: Operators, services, and the shares that ratios show.
        area: Path of the place tree.
        reference: Customers by operator, area and service.

    Returns:
        `high` is all who have an affected service there, `likely` the part that a ratio showed, `low` is what is
        sure: half of `likely`, or 0 without a ratio. None if nobody stated how many customers live there.
    """
    total, seen = _sum_of(reference.customers_in, dossier, area), dossier.areas.get(area)
    if total is None:
        return _near(dossier, area, reference) or _of_inhabitants(dossier, area, reference)
    if seen is None or not seen.hit_ppm:
        most = max((known.hit_ppm[2] for known in dossier.areas.values() if known.hit_ppm), default=PPM)
        return Interval(low=0, high=total * most // PPM, basis="customers of the area")
    low, likely = (total * share // PPM for share in seen.hit_ppm[:2])
    most = _sum_of(reference.customers_in, dossier, area, at_most=True) or total
    high = most * seen.hit_ppm[2] // PPM
    if not seen.measured:
        return Interval(low=low, high=high, basis="share told by how much people say")
    low, high = min(low, likely), max(high, likely)  # shares are steps, and their mean may lie beyond a step
    return Interval(low=low, high=high, likely=likely, basis="share shown by telemetry")


def _of_nation(dossier: Dossier, reference: CorrelateReference) -> Interval | None:
    """By the nation's own figures; None if it has none, is back, or nobody stated its customers."""
    nation = next((area for area in dossier.areas if "/" not in area), "")
    seen = dossier.areas.get(nation)
    if seen is None or seen.back_at or not seen.measured or not seen.hit_ppm:
        return None
    total = _sum_of(reference.customers_in, dossier, nation)
    if not total:
        return None
    low, likely, high = (total * share // PPM for share in seen.hit_ppm)
    most = _sum_of(reference.customers_in, dossier, nation, at_most=True) or total
    times, of = STEP_TIMES
    return Interval(
        low=min(low, likely) * of // times,
        high=min(most, max(high, likely, most * seen.hit_ppm[2] // PPM) * times // of),
        likely=likely,
        basis="share of the nation's customers shown by telemetry",
    )


def _near(dossier: Dossier, area: str, reference: CorrelateReference) -> Interval | None:
    """By the part of the nation's customers that lives there; None if the nation's are not stated for each operator.

    Of a guest on the network of another operator of the incident nobody need state any: its host's customers
    are the most of them, and a guest that joins must not make them unknown.
    """

    def count(operator: str, area: str, service: Service | None) -> int | None:
        """Customers near an area; none of a guest without numbers.

        Args:
            operator: Id of the operator.
            area: Path of the place tree.
            service: What they have; None for any.
        """
        number, host = reference.customers_near(operator, area, service), reference.host_of(operator)
        return 0 if number is None and host != operator and host in dossier.operators else number

    total, seen = _sum_of(count, dossier, area, all_of_them=True), dossier.areas.get(area)
    if not total or seen is None:
        return None
    basis = "part of the nation's customers who live there"
    if not seen.hit_ppm:
        return Interval(low=0, high=NEAR_TIMES * total, basis=basis)
    low, likely, high = (total * share // PPM for share in seen.hit_ppm)
    return Interval(
        low=low // NEAR_TIMES, high=high * NEAR_TIMES, likely=likely if seen.measured else None, basis=basis
    )


def _of_inhabitants(dossier: Dossier, area: str, reference: CorrelateReference) -> Interval | None:
    """From how many people live there, where the account tells a share of them; None if either is not known."""
    inhabitants, seen = reference.inhabitants_of(area), dossier.areas.get(area)
    if not inhabitants or seen is None or not seen.hit_ppm:
        return None
    fewest, most = (inhabitants * share // PPM for share in INHABITANTS_PPM)
    low, _, high = seen.hit_ppm
    return Interval(low=fewest * low // PPM, high=most * high // PPM, basis="inhabitants; no customer numbers")


def _sum_of(
    count: _Count, dossier: Dossier, area: str, *, all_of_them: bool = False, at_most: bool = False
) -> int | None:
    """Customers of the dossier's operators in an area, each by its service that has most of them there.

    Args:
        count: Customers of an operator in an area, by service.
        dossier: Operators and services.
        area: Path of the place tree.
        all_of_them: True if None is the answer as soon as it is the answer for one operator.
        at_most: True if nobody is to have two services: their customers are added, as far as the operator has any.
    """
    shown = services_shown(dossier)
    services: list[Service | None] = [service for service in _WITH_CUSTOMERS if service in shown]
    known = []
    for operator in sorted(dossier.operators):
        numbers = [number for service in services or [None] if (number := count(operator, area, service)) is not None]
        if numbers:
            everybody = count(operator, area, None) if at_most else None
            known.append(max(numbers) if everybody is None else max(max(numbers), min(sum(numbers), everybody)))
        elif all_of_them:
            return None
    return sum(known) if known else None


def counted_areas(dossier: Dossier, reference: CorrelateReference) -> list[str]:
    """Areas whose customers are added up, sorted; none of them holds another.

    They are those that hold no other area, or, where nobody stated how many live there, what is above them: a
    part of a city that people name has no number of its own, so the city's counts, and once.
    """
    counted = set()
    for leaf in leaves_of(dossier.areas):
        area = leaf
        while area and area in dossier.areas and customers_in_area(dossier, area, reference) is None:
            area = parent_of(area)
        counted.add(area if area in dossier.areas else leaf)
    return sorted(area for area in counted if not any(area != other and is_within(area, other) for other in counted))

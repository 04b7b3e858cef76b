"""How far an outage reaches: isolated, localised, general, or not a matter of places at all.

The extent is found from the smallest areas that explain the evidence, from
customer numbers where they are known, and from the shares that ratios show.
"""

import statistics
from collections.abc import Mapping
from typing import Final, Literal

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import SPARED_PPM, leaves_of
from pipeline.correlate.evidence.services import services_shown
from pipeline.correlate.evidence.testimony import NETWORK
from pipeline.correlate.evidence.witnesses import people_beyond_usual
from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.series import ancestors, nation_of, region_of
from pipeline.records.vocabulary import PPM, Extent

MEASURED_MIN: Final = 4
"""Of an operator that is measured in fewer places nobody knows whether these are most of it."""

CORE_REGIONS: Final = 2
"""Where an element fails that serves the whole nation, so many regions that show the same part are no matter of places;
one alone may be where the element stands."""

ALIKE_TIMES: Final = 2
"""Shares are the same part if none is more than so many times another."""

PARTIAL_PPM: Final = (50_000, 700_000)
"""A share between these, alike everywhere, is "one in three phones in every room" (O2 UK, 2012)."""


def extent_of(
    dossier: Dossier,
    market: str,
    areas: list[str],
    config: CorrelateConfig,
    reference: CorrelateReference,
    *,
    of_content: bool = False,
) -> Extent:
    """Isolated, localised, general, not geographic, or unknown.

    General takes five regions, or all that the market has; of television, which is sent from one place to all and
    fails alike in all, as many as make a nation, or figures of the place that sends it. What the figures of a whole
    town show is not isolated. `not_geographic` needs ratios that show like, partial shares from many regions, from two
    where an element that serves the nation fell no later, or from a nation of which no part is spared; a nation of
    which only people without a place speak is `unknown`, but content, which shows the same everywhere, general; so is
    one in which people tell of it all over, but television, which is sent from one place to all, general. Of who
    states no customers most of the places count that are measured.

    Args:
        dossier: All evidence.
        market: Market of the incident, the root of its places.
        areas: The smallest areas that explain the evidence, sorted.
        config: Settings.
        reference: Customers by operator and area.
        of_content: Does the evidence show content, whether or not work covers it?
    """
    if not areas:
        return "unknown"
    is_sent_to_all = services_shown(dossier) == ["tv"]
    if not is_sent_to_all and _is_not_geographic(dossier, areas, config):
        return "not_geographic"
    if areas == [nation_of(areas[0])]:
        return "general" if of_content or _is_measured(dossier) else "unknown"
    if dossier.nationwide in dossier.areas:
        return "general" if of_content or is_sent_to_all else "unknown"
    many = config.borders.nation_children_min if is_sent_to_all else config.severity.general_regions
    regions = {region_of(area) for area in areas if "/" in area}
    shares = [customers_share_ppm(dossier, operator, market, reference) for operator in sorted(dossier.operators)]
    if (
        len(regions) >= min(many, reference.parts_of(market) or many)
        or any(share is not None and share >= config.severity.general_share_ppm for share in shares)
        or (is_sent_to_all and _fails_where_it_is_sent(dossier))
        or any(_is_most_of_measured(dossier, operator, market, config, reference) for operator in dossier.operators)
    ):
        return "general"
    return _small(dossier, areas, config)


def customers_share_ppm(dossier: Dossier, operator: str, market: str, reference: CorrelateReference) -> int | None:
    """Share of an operator's customers of a market that live in the affected areas.

    Args:
        dossier: All evidence.
        operator: Whose customers.
        market: Market whose customers are the whole.
        reference: Customers by operator and area.

    Returns:
        Millionths, at most 1,000,000; None if nobody stated how many customers there are.
    """
    total = reference.customers_in(operator, market)
    if not total:
        return None
    known = [
        reference.customers_in(operator, area) or reference.customers_near(operator, area)
        for area in leaves_of(dossier.areas)
    ]
    return min(PPM, sum(number for number in known if number) * PPM // total)


def _is_most_of_measured(
    dossier: Dossier, operator: str, market: str, config: CorrelateConfig, reference: CorrelateReference
) -> bool:
    """Do figures show it in most of the places in which they are measured, of an operator that states no customers?

    Nobody knows it unless all of them have inhabitants: the one that has would be all of them.
    """
    areas = {area for area in leaves_of(dossier.areas) if dossier.areas[area].measured}
    if not areas or reference.customers_in(operator, market):
        return False
    people = {place: reference.inhabitants_of(place) for place in reference.measured_in(operator, market)}
    if len(people) < MEASURED_MIN or not all(people.values()):
        return False
    hit = sum(number for place, number in people.items() if not areas.isdisjoint([place, *ancestors(place)]))
    return sum(people.values()) * config.severity.general_share_ppm <= hit * PPM


def _small(dossier: Dossier, areas: list[str], config: CorrelateConfig) -> Literal["isolated", "localised", "unknown"]:
    people = people_beyond_usual(dossier)
    elements = {series.element for series in dossier.series.values()} - {""}
    one_place = len(areas) == 1 and areas[0].count("/") >= 2 and not dossier.areas[areas[0]].measured
    if one_place and people <= config.severity.isolated_people and len(elements) <= 1:
        return "isolated"
    return "localised"


def _is_measured(dossier: Dossier) -> bool:
    return any(series.kind == NETWORK for series in dossier.series.values())


def _fails_where_it_is_sent(dossier: Dossier) -> bool:
    """Do figures of an element that stands for the nation, a headend, show that a channel fails?"""
    return any(
        series.kind == NETWORK and series.element and series.item and "/" not in series.area
        for series in dossier.series.values()
    )


def _is_not_geographic(dossier: Dossier, areas: list[str], config: CorrelateConfig) -> bool:
    nation = nation_of(areas[0])
    parts = {area: dossier.areas[area].share_ppm for area in areas if area != nation and dossier.areas[area].share_ppm}
    whole = dossier.areas[nation].share_ppm if nation in areas else 0
    if not all(PARTIAL_PPM[0] <= share <= PARTIAL_PPM[1] for share in (*parts.values(), whole or PARTIAL_PPM[0])):
        return False
    if whole and parts:
        return whole * PPM >= SPARED_PPM * statistics.median_low(parts.values())
    many = CORE_REGIONS if _core_fails(dossier, parts) else config.severity.general_regions
    return bool(whole) or len({region_of(area) for area in parts}) >= many


def _core_fails(dossier: Dossier, parts: Mapping[str, int]) -> bool:
    """Did success at an element that serves the whole nation fall, no later than in any area, and alike in all?"""
    began = [series.started_at for series in dossier.series.values() if series.area in parts and series.kind == NETWORK]
    if not began or max(parts.values()) > ALIKE_TIMES * min(parts.values()):
        return False
    return any(
        series.element and "/" not in series.area and series.kind == NETWORK and series.started_at <= min(began)
        for series in dossier.series.values()
    )

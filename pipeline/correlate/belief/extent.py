"""How far an outage reaches: isolated, localised, general, or not a matter of places at all.

The extent is found from the smallest areas that explain the evidence, from
customer numbers where they are known, and from the shares that ratios show.
"""

from typing import Literal

from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import explaining, leaves_of
from pipeline.correlate.evidence.testimony import NETWORK
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import OpenIncident
from pipeline.records.series import nation_of, region_of
from pipeline.records.vocabulary import Extent

PARTIAL_PPM = (50_000, 700_000)
"""A share between these, alike everywhere, is "one in three phones in every room" (O2 UK, 2012)."""


def customers_share_ppm(incident: OpenIncident, operator: str, reference: CorrelateReference) -> int | None:
    """Part of an operator's customers of the market that live in the affected areas."""
    total = reference.customers_in(operator, incident.market)
    if not total:
        return None
    known = [reference.customers_in(operator, area) for area in leaves_of(incident.areas)]
    return min(1_000_000, sum(number for number in known if number) * 1_000_000 // total)


def extent_of(incident: OpenIncident, config: CorrelateConfig, reference: CorrelateReference) -> Extent:
    """Isolated, localised, general, not geographic, or unknown.

    Plain: `not_geographic` needs ratios that show like, partial shares from the
    nation or from three regions; posts without a place stay `unknown`.
    """
    areas = explaining(incident.areas, config.borders)
    if not areas:
        return "unknown"
    if _is_not_geographic(incident, areas, config):
        return "not_geographic"
    if areas == [nation_of(areas[0])]:
        return "general" if _measured(incident) else "unknown"
    if len({region_of(area) for area in areas if "/" in area}) >= config.borders.nation_children_min:
        return "general"
    shares = [customers_share_ppm(incident, operator, reference) for operator in sorted(incident.operators)]
    if any(share is not None and share >= config.severity.general_share_ppm for share in shares):
        return "general"
    return _small(incident, areas, config)


def _small(
    incident: OpenIncident, areas: list[str], config: CorrelateConfig
) -> Literal["isolated", "localised", "unknown"]:
    people = sum(said.people for said in incident.voices.values())
    elements = {one.element for one in incident.evidence.values()}
    one_place = len(areas) == 1 and areas[0].count("/") >= 2
    if one_place and people <= config.severity.isolated_people and len(elements - {""}) <= 1:
        return "isolated"
    return "localised"


def _measured(incident: OpenIncident) -> bool:
    return any(one.kind == NETWORK for one in incident.evidence.values())


def _is_not_geographic(incident: OpenIncident, areas: list[str], config: CorrelateConfig) -> bool:
    shares = [incident.areas[area].share_ppm for area in areas if incident.areas[area].share_ppm]
    nation_wide = areas[0] == nation_of(areas[0]) or len(shares) >= config.borders.nation_children_min
    regions = {region_of(area) for area in areas}
    wide = areas[0] == nation_of(areas[0]) or len(regions) >= config.borders.nation_children_min
    return bool(shares) and nation_wide and wide and all(PARTIAL_PPM[0] <= one <= PARTIAL_PPM[1] for one in shares)

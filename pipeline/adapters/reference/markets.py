"""A market in one file: `markets/BE.toml` in a reference folder holds all that is known of a country.

The four countries that come along share `markets.toml`, `operators.toml` and the hand-written part of the gazetteer. A
new one is a file of its own beside them, so that it can be written, checked and handed on as one
thing. Its places are built from packaged data into `places/`, since a name list of thousands
of rows is nobody's to write.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from pipeline.adapters.reference.gazetteer.sources import District, Renamed, Wide
from pipeline.records.errors import ConfigError
from pipeline.reference.operators import Market, Operator

MARKETS: Final = "markets"
"""Folder of the market files, within a reference folder."""

PLACES: Final = "places"
"""Folder of what is built for them: `BE.jsonl.zst`, `postcodes.BE.jsonl.zst`."""


class Nation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the country itself is called, in the languages of its customers and others."""

    name: str
    names: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    population: int = 0


class MarketFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of one market.

    Attributes:
        market: The row that `markets.toml` would hold.
        nation: Names of the country.
        region: Its regions, with GeoNames' code of each (admin1).
        district: Parts of regions, with the GeoNames ids of their towns.
        place: Names of towns in the market's languages: those that GeoNames has in one spelling only.
        operator: Rows that `operators.toml` would hold.
    """

    market: Market
    nation: Nation
    region: tuple[Wide, ...] = ()
    district: tuple[District, ...] = ()
    place: tuple[Renamed, ...] = ()
    operator: tuple[Operator, ...] = ()


def read_market(path: Path) -> MarketFile:
    """Read one market file.

    Raises:
        ConfigError: If it cannot be read, has an unknown field, or is named after another market than it holds.
    """
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), MarketFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}; docs/new-market.md shows a whole file") from error
    if file.market.id != path.stem:
        raise ConfigError(f"{path}: market.id = {file.market.id!r}: must be {path.stem!r}, as its file is called")
    areas = [row.area for row in file.region] + [row.area for row in file.district]
    outside = [area for area in areas if not area.startswith(file.market.id + "/")]
    if outside:
        raise ConfigError(f"{path}: area {outside[0]!r}: must begin with {file.market.id}/")
    return file


def read_markets(folder: Path) -> tuple[MarketFile, ...]:
    """Read all market files of a reference folder, in the order of their names; none is no mistake.

    Raises:
        ConfigError: Lists the mistakes of all files.
    """
    files: list[MarketFile] = []
    problems: list[str] = []
    for path in sorted((folder / MARKETS).glob("*.toml")):
        try:
            files.append(read_market(path))
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(files)


def place_files(folder: Path, kind: str) -> Iterable[Path]:
    """Built files of a reference folder, sorted.

    Args:
        folder: The reference folder.
        kind: `places` or `postcodes`.
    """
    paths = sorted((folder / PLACES).glob("*.jsonl.zst"))
    return [path for path in paths if path.name.startswith("postcodes.") is (kind == "postcodes")]

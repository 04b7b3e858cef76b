"""Opens the codes by which authorities know areas, and finds where an area lies, for public warnings."""

import tomllib
from pathlib import Path
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Area, Key
from pipeline.reference.places import Places
from pipeline.wording.notices.warning import FindGround, Ground

GEOCODES: Final = "geocodes.toml"

RADIUS_KM: Final = {"part": 5, "town": 15, "district": 40, "region": 150, "nation": 500}
"""A circle that holds most areas of a kind, in km: a judgement; the largest city of a market has 15 to 20."""


class _MarketCodes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The codes of a market.

    Attributes:
        name: What the market calls them, such as `ARS`.
        codes: Path of an area to its code.
    """

    name: Key
    codes: dict[Area, Key]


def load_ground(folder: Path, places: Places) -> FindGround:
    """Where areas lie: centre, circle and, where the file has it, the market's code.

    Args:
        folder: The reference folder; without the file no area has a code.
        places: The tree of places.

    Raises:
        ConfigError: If the file cannot be read, or names an area of another market.
    """
    codes = _read(folder / GEOCODES)

    def ground(area: str) -> Ground | None:
        place = places.get(area)
        if place is None:
            return None
        market = codes.get(area.partition("/")[0])
        code = market.codes.get(area, "") if market else ""
        radius = RADIUS_KM.get(place.kind, RADIUS_KM["town"])
        return Ground(f"{place.lat:.4f}", f"{place.lon:.4f}", radius, market.name if market and code else "", code)

    return ground


def _read(path: Path) -> dict[str, _MarketCodes]:
    if not path.is_file():
        return {}
    try:
        rows = msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, _MarketCodes])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}; must have [XX] name and [XX.codes] for each market") from None
    strays = [
        f"{area} in [{market}.codes]"
        for market, row in rows.items()
        for area in row.codes
        if area.partition("/")[0] != market
    ]
    if strays:
        raise ConfigError(f"{path}: {', '.join(strays)}: must be areas of that market")
    return rows

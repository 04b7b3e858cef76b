"""A new market begins as a file: what packages know of a country, and `FILL IN` where only a person knows.

For two countries the whole file comes along as an example; for any other a skeleton is written from GeoNames and
CLDR: time zone, currency, languages, regions with their largest towns. It can be read at once, and
`tocsin reference check` names what is still open in it.
"""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.gazetteer import sources
from pipeline.adapters.reference.markets import MARKETS
from pipeline.records.errors import ConfigError

FILL_IN: Final = "FILL IN"
"""Stands where only a person knows; `tocsin reference check` looks for it."""

EXAMPLES: Final = "examples"
"""Folder of whole market files that come along, within the reference."""

_LEFT_OUT: Final = ("gazetteer", EXAMPLES)
"""What a reference folder of one's own needs no copy of."""


def start_folder(folder: Path) -> bool:
    """Copy the reference that comes along into a folder, if nothing is there yet.

    Args:
        folder: Made if it is not there.

    Returns:
        Was it copied? False if the folder holds a reference already.

    Raises:
        ConfigError: If the folder holds something else.
    """
    if (folder / "markets.toml").is_file():
        return False
    if folder.is_dir() and any(folder.iterdir()):
        words = "has files, but no markets.toml; must be a reference folder, or empty, or not there"
        raise ConfigError(f"{folder}: {words}")
    shutil.copytree(reference_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return True


def start_market(market: str, folder: Path) -> Path:
    """Write the file of a new market: the example that comes along, else a skeleton.

    Args:
        market: ISO 3166-1 code of the country: `BE`.
        folder: The operator's reference folder.

    Returns:
        The written file.

    Raises:
        ConfigError: If the file is there already, the market comes along with the program, or no package knows it.
    """
    path = folder / MARKETS / f"{market}.toml"
    if path.exists():
        raise ConfigError(f"{path}: is there already; edit it, or delete it to start anew")
    example = reference_folder() / EXAMPLES / f"{market}.toml"
    text = example.read_text("utf-8") if example.is_file() else skeleton(market)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def skeleton(market: str) -> str:
    """The file of a market about which only packages were asked.

    Raises:
        ConfigError: If a package is not installed, or none knows the country.
    """
    towns = sources.geonames_rows({market})
    towns = [row for row in towns if row["countrycode"] == market]
    if not towns:
        raise ConfigError(f"market {market!r}: GeoNames has no town there; must be the ISO 3166-1 code of a country")
    return "\n".join([*_head(market, towns), *_regions(market, towns), *_operator(market)]) + "\n"


def _head(market: str, towns: list[dict[str, Any]]) -> Iterator[str]:
    try:
        from babel import Locale
        from babel.languages import get_official_languages
        from babel.numbers import get_territory_currencies
    except ImportError as error:
        raise ConfigError("babel is not installed: it is in the dependency group 'gazetteer'") from error
    languages = [code for code in get_official_languages(market, de_facto=True) if len(code) in (2, 3)] or ["en"]
    named = [str(Locale(code).territories.get(market, "")) for code in (*languages, "en", "fr", "de")]
    names = list(dict.fromkeys(name for name in named if name))
    zones = Counter[str]()
    for row in towns:
        zones[row["timezone"]] += row["population"]
    yield f"# {names[0]}: what packages know; fill in what says {FILL_IN}, then: tocsin reference places {market}"
    yield "\n[market]"
    yield f'id = "{market}"'
    yield f'name = "{Locale("en").territories[market]}"'
    yield f"languages = {json.dumps(languages)}  # the most usual first; each needs a file in lexicon/ and wording/"
    yield f'time_zone = "{max(sorted(zones), key=zones.__getitem__)}"'
    currencies = get_territory_currencies(market) or ["EUR"]
    yield f'currency = "{currencies[-1]}"'
    yield f"emergency_numbers = []  # {FILL_IN}: what people dial for help, the most general first"
    yield f'holidays = "{market}"'
    yield "never_places = []  # names that in this market mean no place of it, in lower case"
    yield "\n[nation]"
    yield f'name = "{names[0]}"'
    yield f"names = {json.dumps(names[1:], ensure_ascii=False)}"
    yield f'hints = ["{market}"]'
    yield f"population = {sum(row['population'] for row in towns)}  # of its towns"


def _regions(market: str, towns: list[dict[str, Any]]) -> Iterator[str]:
    by_code: Mapping[str, list[dict[str, Any]]] = defaultdict(list)
    for row in towns:
        by_code[row["admin1code"]].append(row)
    for code in sorted(by_code):
        if not code:
            continue
        largest = sorted(by_code[code], key=lambda row: (-row["population"], row["name"]))[:3]
        yield "\n[[region]]"
        yield f'area = "{market}/{code}"'
        yield f'geonames = "{code}"'
        yield f'name = "{FILL_IN} region of {largest[0]["name"]}"  # {", ".join(row["name"] for row in largest)}'
        yield "names = []  # in the other languages of the country"
        yield f"population = {sum(row['population'] for row in by_code[code])}"


def _operator(market: str) -> Iterator[str]:
    yield "\n# Names of towns in the other languages of the country: [[place]] geonameid, names."
    yield "\n[[operator]]"
    yield f'id = "fill-in-{market.lower()}"  # {FILL_IN}'
    yield f'name = "{FILL_IN}"'
    yield f'market = "{market}"'
    yield 'services = ["broadband", "emergency", "fixed_voice", "mobile_data", "mobile_voice", "sms", "tv"]'
    yield f"aliases = []  # {FILL_IN}: names, @handles, #hashtags; a word as well: needs, beside, not_after"
    yield f'customers = {{}}  # {FILL_IN}: by area, such as {{ "{market}" = 1000000 }}'

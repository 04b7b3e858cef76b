"""Opens the reference files, and says all that is wrong with them at once.

An operator edits these files; whoever mends a file must not have to start the
process once per mistake.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pipeline.adapters.reference.gazetteer.build import PLACES
from pipeline.adapters.reference.gazetteer.districts import DISTRICTS, districts_of
from pipeline.adapters.reference.gazetteer.lines import read_lines
from pipeline.adapters.reference.markets import MarketFile, place_files, read_markets
from pipeline.adapters.reference.tables import read_table
from pipeline.adapters.shipped import shipped
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Area
from pipeline.reference.gazetteer import Place, Postcode
from pipeline.reference.metrics import Metric, Metrics
from pipeline.reference.opening.hours import Hours, WrittenHours, hours_from
from pipeline.reference.operators import Market, Operator, Operators
from pipeline.reference.places import Places
from pipeline.reference.placing.quarters import CityQuarters

T = TypeVar("T")

OWN_PLACES: Final = "own_places.csv"
ELEMENTS: Final = "elements.csv"
METRICS: Final = "metrics.toml"
QUARTERS: Final = "quarters.toml"
HOURS: Final = "hours.toml"
OWN_KINDS: Final = ("region", "district", "town", "part")


class _Element(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    operator: str
    element: str
    area: Area


class _OwnPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    area: Area
    name: str = ""
    kind: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    names: str = ""
    postcodes: str = ""


def reference_folder() -> Path:
    """The project's own files: deploy/reference of a checkout, else what the wheel carries."""
    return shipped("reference", in_checkout="deploy/reference")


def gazetteer_folder(own: Path | None = None) -> Path:
    """Where the gazetteer is.

    Args:
        own: A folder that was built on this machine; None = the one that comes with the program, by which every
            machine has the same places, with npm or without.

    Raises:
        ConfigError: If no gazetteer is there.
    """
    folder = own or reference_folder() / "gazetteer"
    if not (folder / PLACES).is_file():
        message = (
            f"{folder / PLACES}: no such file; build a gazetteer there with: tocsin gazetteer build --out {folder}, "
            "or leave the setting reference.gazetteer out, which takes the one that comes with the program"
        )
        raise ConfigError(message)
    return folder


def load_places(folder: Path | None = None, *, reference: Path | None = None) -> Places:
    """Read the gazetteer and the operator's own places; about 0.4 s.

    Args:
        folder: Where a gazetteer is; None = `gazetteer_folder()`.
        reference: Where own_places.csv may be as well; None = `reference_folder()`.

    Raises:
        ConfigError: If no gazetteer is there, or lists the mistakes in own_places.csv and quarters.toml.
    """
    folder = gazetteer_folder(folder)
    rows = read_lines(folder / PLACES, Place)
    postcodes = [row for path in sorted(folder.glob("postcodes.*.jsonl.zst")) for row in read_lines(path, Postcode)]
    reference = reference or reference_folder()
    rows += [row for path in place_files(reference, "places") for row in read_lines(path, Place)]
    postcodes += [row for path in place_files(reference, "postcodes") for row in read_lines(path, Postcode)]
    problems: list[str] = []
    postcodes += list(districts_of(reference / DISTRICTS, problems))
    for path in (at / OWN_PLACES for at in (reference, folder)):
        if path.is_file():
            own, codes = read_own_places(path, {row.area for row in rows}, problems)
            rows += own
            postcodes += codes
    path = reference / QUARTERS
    file = _toml(path, {"city"}, problems) if path.is_file() else {}
    quarters = _tables(path, "city", file["city"], CityQuarters, problems) if file else []
    _raise(problems)
    return Places.from_rows(rows, postcodes, quarters)


def load_operators(folder: Path | None = None) -> Operators:
    """Read markets.toml, operators.toml and the files of markets/.

    Args:
        folder: None = `reference_folder()`.

    Raises:
        ConfigError: Lists every mistake in all of them.
    """
    folder = folder or reference_folder()
    problems: list[str] = []
    markets_file = _toml(folder / "markets.toml", {"market"}, problems)
    markets = _tables(folder / "markets.toml", "market", markets_file.get("market", []), Market, problems)
    path = folder / "operators.toml"
    file = _toml(path, {"operator", "teams"}, problems)
    teams = file.get("teams", {})
    rows = [_with_teams(row, teams) for row in file.get("operator", [])]
    operators = _tables(path, "operator", rows, Operator, problems)
    for own in _own_markets(folder, problems):
        markets.append(own.market)
        operators += [_teamed(row, teams) for row in own.operator]
    try:
        found = Operators.from_rows(operators, markets)
    except ConfigError as error:
        problems += [f"{path}: {line}" for line in str(error).splitlines()]
    _raise(problems)
    return found


def _own_markets(folder: Path, problems: list[str]) -> tuple[MarketFile, ...]:
    try:
        return read_markets(folder)
    except ConfigError as error:
        problems += str(error).splitlines()
        return ()


def _teamed(operator: Operator, teams: object) -> Operator:
    """An operator of a market file, with the teams that operators.toml names for who names none."""
    return msgspec.structs.replace(operator, teams={**teams, **operator.teams}) if isinstance(teams, dict) else operator


def load_elements(folder: Path | None = None, *, operators: Operators, places: Places) -> Mapping[tuple[str, str], str]:
    """Where each network element is: (operator, element) -> area. Empty if there is no elements.csv.

    Args:
        folder: None = `reference_folder()`.
        operators: Rows must name one of these.
        places: Rows must name an area of these.

    Raises:
        ConfigError: Lists every mistake in the file.
    """
    path = (folder or reference_folder()) / ELEMENTS
    problems: list[str] = []
    found: dict[tuple[str, str], str] = {}
    for line, row in read_table(path, _Element, problems) if path.is_file() else ():
        if row.operator not in operators:
            problems.append(f"{path}:{line}: operator {row.operator!r}: must be an id of operators.toml")
        if row.area not in places:
            problems.append(f"{path}:{line}: area {row.area!r}: must be an area of the gazetteer or of {OWN_PLACES}")
        if (row.operator, row.element) in found:
            problems.append(f"{path}:{line}: element {row.element!r}: stated twice; must be in one area")
        found[row.operator, row.element] = row.area
    _raise(problems)
    return found


def load_metrics(folder: Path | None = None) -> Metrics:
    """What metrics mean; by rule alone if there is no metrics.toml.

    Args:
        folder: None = `reference_folder()`.

    Raises:
        ConfigError: Lists every mistake in the file.
    """
    path = (folder or reference_folder()) / METRICS
    if not path.is_file():
        return Metrics()
    problems: list[str] = []
    file = _toml(path, {"metric"}, problems)
    rows = _tables(path, "metric", file.get("metric", []), Metric, problems)
    _raise(problems)
    return Metrics(rows)


def load_hours(folder: Path, operators: Operators) -> WrittenHours:
    """When sources are open; without an hours.toml they always are.

    Args:
        folder: The reference folder.
        operators: Whose hours they may be.

    Raises:
        ConfigError: Lists every mistake in the file.
    """
    path = folder / HOURS
    if not path.is_file():
        return {}
    problems: list[str] = []
    file = _toml(path, {"hours"}, problems)
    rows = _tables(path, "hours", file.get("hours", []), Hours, problems)
    try:
        found = hours_from(rows, operators)
    except ConfigError as error:
        problems += [f"{path}: {line}" for line in str(error).splitlines()]
    _raise(problems)
    return found


def digest(*folders: Path) -> str:
    """Fingerprint of all files in the folders, for the ruleset: 20 hex characters, the same for the same bytes."""
    total = hashlib.blake2b(digest_size=10)
    for folder in folders:
        for path in sorted(
            path for path in folder.rglob("*") if path.is_file() and path.suffix in (".toml", ".csv", ".tsv", ".zst")
        ):
            total.update(
                path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.blake2b(path.read_bytes()).digest()
            )
    return total.hexdigest()


def read_own_places(path: Path, known: set[str], problems: list[str]) -> tuple[list[Place], list[Postcode]]:
    """Read the operator's own places.

    Args:
        path: The table.
        known: Areas that there are without it.
        problems: What is wrong is added, each with file and line.

    Returns:
        Places, and their postcodes.
    """
    rows = read_table(path, _OwnPlace, problems)
    known = known | {row.area for _, row in rows}
    places: list[Place] = []
    postcodes: list[Postcode] = []
    for line, row in rows:
        problems += [f"{path}:{line}: {what}" for what in _wrong(row, known)]
        place = Place(
            area=row.area,
            name=row.name,
            kind=row.kind or "town",
            lat=row.lat or 0.0,
            lon=row.lon or 0.0,
            population=row.population or 0,
            names=_listed(row.names),
        )
        places.append(place)
        postcodes += [Postcode(market=place.market, code=code, area=row.area) for code in _listed(row.postcodes)]
    return places, postcodes


def _wrong(row: _OwnPlace, known: set[str]) -> Iterable[str]:
    parent = row.area.rpartition("/")[0]
    if parent not in known:
        yield f"area {row.area!r}: {parent!r} is not a known area; add a row for it"
    if row.kind and row.kind not in OWN_KINDS:
        yield f"kind {row.kind!r}: must be one of {', '.join(OWN_KINDS)}"
    if not row.name:
        yield f"name of {row.area!r} is empty; must be what people call it"
    if not -90 <= (row.lat or 0) <= 90 or not -180 <= (row.lon or 0) <= 180:
        yield f"lat {row.lat}, lon {row.lon}: must be degrees, -90 to 90 and -180 to 180"
    if (row.population or 0) < 0:
        yield f"population {row.population}: must be 0 or more"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.split(";") if piece.strip())


def _with_teams(row: object, teams: object) -> object:
    if isinstance(row, dict) and isinstance(teams, dict) and isinstance(row.get("teams", {}), dict):
        return {**row, "teams": {**teams, **row.get("teams", {})}}
    return row


def _toml(path: Path, tables: set[str], problems: list[str]) -> dict[str, Any]:
    try:
        file = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"{path}: {error}")
        return {}
    problems += [
        f"{path}: unknown table {name!r}; must be one of {', '.join(sorted(tables))}"
        for name in sorted(file.keys() - tables)
    ]
    return file


def _tables(path: Path, what: str, rows: object, kind: type[T], problems: list[str]) -> list[T]:
    found = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        try:
            found.append(msgspec.convert(row, kind))
        except msgspec.ValidationError as error:
            name = row.get("id", row.get("name", row.get("operator", ""))) if isinstance(row, dict) else ""
            problems.append(f"{path}: [[{what}]] number {number} ({name!r}): {error}")
    if not isinstance(rows, list) or not rows:
        problems.append(f"{path}: must have at least one [[{what}]]")
    return found


def _raise(problems: list[str]) -> None:
    if problems:
        raise ConfigError("\n".join(problems))

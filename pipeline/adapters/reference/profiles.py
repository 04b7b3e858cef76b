"""Opens the profiles: clocks that regulators set, how people are told, and who is owed what.

All mistakes of a file are told at once.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.reference.communication import CommunicationProfile, profiles_of
from pipeline.reference.compensation import CompensationScheme, schemes_of
from pipeline.reference.regulators import ReportingRule, reporting_of

T = TypeVar("T", bound=msgspec.Struct)

PROFILES: Final = "profiles"
REGULATORS: Final = "regulators.toml"
COMMUNICATION: Final = "communication.toml"
COMPENSATION: Final = "compensation.toml"


def load_reporting(folder: Path) -> tuple[ReportingRule, ...]:
    """Clocks that regulators set; none without a file, since a market need not have any.

    Args:
        folder: The reference folder.

    Raises:
        ConfigError: Lists every mistake in the file.
    """
    path = folder / PROFILES / REGULATORS
    return _checked(path, lambda: reporting_of(_rows(path, "rule", ReportingRule)))


def load_communication(folder: Path) -> tuple[CommunicationProfile, ...]:
    """How people are told by market; without a file the default holds in each.

    Args:
        folder: The reference folder.

    Raises:
        ConfigError: Lists every mistake in the file.
    """
    path = folder / PROFILES / COMMUNICATION
    return _checked(path, lambda: profiles_of(_rows(path, "profile", CommunicationProfile)))


def load_schemes(path: Path) -> tuple[CompensationScheme, ...]:
    """Who is owed what after an outage; nobody without a file.

    Args:
        path: File of the schemes.

    Raises:
        ConfigError: Lists every mistake in the file.
    """
    return _checked(path, lambda: schemes_of(_rows(path, "scheme", CompensationScheme)))


def _checked(path: Path, read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """What is read; each mistake names the file."""
    try:
        return read()
    except ConfigError as error:
        lines = (line if line.startswith(str(path)) else f"{path}: {line}" for line in str(error).splitlines())
        raise ConfigError("\n".join(lines)) from None


def _rows(path: Path, table: str, kind: type[T]) -> list[T]:
    """The rows of a file's only table.

    Raises:
        ConfigError: Lists every mistake.
    """
    if not path.is_file():
        return []
    try:
        file = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: {error}; must be a readable TOML file") from None
    found, problems = [], [f"{path}: unknown table {name!r}; must be {table}" for name in sorted(file.keys() - {table})]
    given = file.get(table, [])
    if not isinstance(given, list):
        raise ConfigError(f"{path}: {table} = {given!r}: must be rows, each headed [[{table}]]")
    for number, row in enumerate(given, start=1):
        try:
            found.append(msgspec.convert(row, kind))
        except msgspec.ValidationError as error:
            problems.append(f"{path}: [[{table}]] number {number}: {error}")
    if problems:
        raise ConfigError("\n".join(problems))
    return found

"""Opens the tables that commands make of what came true.

They are belief.toml, how sure the account of evidence may be, and durations.toml, how long outages last. Beside them
stands explanations.toml, how common each kind of explanation is, which people write.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pipeline.correlate.config import ConfirmConfig
from pipeline.records.errors import ConfigError
from pipeline.reference.belief import AS_SAID, BeliefTable, belief_of
from pipeline.reference.explained.kinds import ALIKE, KindPrior, KindPriors, kinds_of
from pipeline.reference.lasting.durations import DurationTable, durations_of

BELIEF: Final = "belief.toml"
DURATIONS: Final = "durations.toml"
EXPLANATIONS: Final = "explanations.toml"

F = TypeVar("F")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    told: tuple[tuple[int, int], ...]
    false_incidents_per_month: dict[str, float]
    card: dict[str, Any] = {}


class _Lengths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    over_permille: tuple[int, ...]
    minutes: dict[str, tuple[int, ...]]
    card: dict[str, Any] = {}


class _Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: tuple[KindPrior, ...] = ()


def load_belief(folder: Path, confirm: ConfirmConfig | None = None) -> BeliefTable:
    """Read the tables; without a file what the account says is told as it is.

    Args:
        folder: The reference folder.
        confirm: Settings that may need them; None asks nothing.

    Raises:
        ConfigError: Lists what is wrong with the file, or that the settings need one.
    """
    path = folder / BELIEF
    if path.is_file():
        return read_belief(path)
    if confirm is not None and confirm.false_incidents_per_month:
        words = "correlate.confirm.false_incidents_per_month: needs what the bars let expect"
        raise ConfigError(f"{words}, and {path} is not there: copy the one that comes with the program")
    return AS_SAID


def read_belief(path: Path) -> BeliefTable:
    """Read one file of tables.

    Args:
        path: As `python -m tools.calibrate` writes it.

    Raises:
        ConfigError: Lists what is wrong with it.
    """
    file = _read(path, _File)
    with _named(path):
        return belief_of(file.told, file.false_incidents_per_month)


def load_durations(folder: Path) -> DurationTable | None:
    """Read how long outages last; None without a file: then the settings tell it.

    Args:
        folder: The reference folder.

    Raises:
        ConfigError: Lists what is wrong with the file.
    """
    path = folder / DURATIONS
    return read_durations(path) if path.is_file() else None


def read_durations(path: Path) -> DurationTable:
    """Read one table of lengths.

    Args:
        path: As `python -m tools.durations` writes it.

    Raises:
        ConfigError: Lists what is wrong with it.
    """
    file = _read(path, _Lengths)
    with _named(path):
        return durations_of(file.over_permille, file.minutes)


def load_kinds(folder: Path) -> KindPriors:
    """Read how common each kind of explanation is; without a file each is as common as any other.

    Args:
        folder: The reference folder.

    Raises:
        ConfigError: Lists what is wrong with the file.
    """
    path = folder / EXPLANATIONS
    if not path.is_file():
        return ALIKE
    file = _read(path, _Kinds)
    with _named(path):
        return kinds_of(file.kind)


def _read(path: Path, form: type[F]) -> F:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), form)
    except (OSError, ValueError, RecursionError) as error:  # what TOML, UTF-8 or a number of 5,000 digits makes wrong
        raise ConfigError(f"{path}: {error}") from None


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None

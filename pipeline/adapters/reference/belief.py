"""Opens belief.toml: how often what the account of evidence says came true, and how often it was falsely sure."""

import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.correlate.config import ConfirmConfig
from pipeline.records.errors import ConfigError
from pipeline.reference.belief import AS_SAID, BeliefTable, belief_of

BELIEF: Final = "belief.toml"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    told: tuple[tuple[int, int], ...]
    false_incidents_per_month: dict[str, float]
    card: dict[str, Any] = {}


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
    try:
        file = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
        return belief_of(file.told, file.false_incidents_per_month)
    except ConfigError as error:
        raise ConfigError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None
    except (OSError, ValueError, RecursionError) as error:  # what TOML, UTF-8 or a number of 5,000 digits makes wrong
        raise ConfigError(f"{path}: {error}") from None

"""Options that many commands share, and settings from them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.adapters.cli.terminal import Format
from pipeline.records.errors import ConfigError

SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", "-c", help="Settings, TOML; else $TOCSIN_SETTINGS, else tocsin.toml if there is one."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="One setting, over file and environment; may be repeated."),
]
Bootstrap = Annotated[
    str | None, typer.Option("--bootstrap", metavar="HOST:PORT", help="Kafka brokers, commas between them.")
]
Form = Annotated[Format, typer.Option("--format", "-f", help="Of standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Nothing on standard error but errors.")]
RecordingFile = Annotated[
    Path, typer.Argument(metavar="RECORDING", help="A recording, .jsonl.zst.", show_default=False)
]


def loaded_from(file: Path | None, sets: Iterable[str] | None, **options: Any) -> Any:
    """Settings from all sources.

    Args:
        file: Of `--settings`.
        sets: Of `--set`.
        options: Other settings that the command line names, dots as `__`: `kafka__bootstrap`.

    Returns:
        `pipeline.adapters.settings.Loaded`.

    Raises:
        ConfigError: Lists every mistake.
    """
    from pipeline.adapters.settings import load_settings, parsed

    named: dict[str, Any] = {}
    for text in sets or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set {text}: must be name=value, such as kafka.bootstrap=broker:9092")
        named[name.strip()] = parsed(value)
    given = {name.replace("__", "."): value for name, value in options.items()}
    return load_settings(file, options={**named, **given})


def moment(text: str, option: str) -> int:
    """A time from the command line, in ms; without an offset it is UTC.

    Raises:
        ConfigError: If it is no time.

    >>> moment("2025-02-12T09:00:00Z", "--until") == moment("2025-02-12 09:00", "--until")
    True
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text}: must be a time such as 2025-02-12T09:00:00Z") from None
    return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1_000)


def now_text() -> str:
    """Now, RFC 3339, for the manifest of a new recording."""
    import time

    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

"""Options that many commands share, and settings from them."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

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
_OTHERWISE = "this command takes {}, by its own option or from the recording: leave the --set out"

RecordingFile = Annotated[
    Path, typer.Argument(metavar="RECORDING", help="A recording, .jsonl.zst.", show_default=False)
]


def loaded_from(file: Path | None, sets: Iterable[str] | None, **options: Any) -> Any:
    """Settings from all sources, for a command that does not speak to Kafka: how to log in there is not checked.

    Args:
        file: The file of `--settings`; None = no file.
        sets: The values of `--set`, each `NAME=VALUE`.
        options: Other settings that the command line names, dots as `__`: `kafka__bootstrap`. None says that the
            option was not given.

    Returns:
        `pipeline.adapters.settings.Loaded`.

    Raises:
        ConfigError: Lists every mistake.
    """
    return _loaded(file, sets, options, needs_kafka=False)


def loaded_for_kafka(file: Path | None, sets: Iterable[str] | None, **options: Any) -> Any:
    """Settings from all sources, for a command that speaks to Kafka: user, password and certificates are checked, too.

    Args:
        file: The file of `--settings`; None = no file.
        sets: The values of `--set`, each `NAME=VALUE`.
        options: Other settings that the command line names, dots as `__`: `kafka__bootstrap`. None says that the
            option was not given.

    Returns:
        `pipeline.adapters.settings.Loaded`.

    Raises:
        ConfigError: Lists every mistake.
    """
    return _loaded(file, sets, options, needs_kafka=True)


def _loaded(file: Path | None, sets: Iterable[str] | None, options: Mapping[str, Any], *, needs_kafka: bool) -> Any:
    from pipeline.adapters.settings import load_settings

    given = {name.replace("__", "."): value for name, value in options.items() if value is not None}
    said = said_with_set(sets)
    require_agreement(said, given)
    return load_settings(file, options={**said, **given}, needs_kafka=needs_kafka)


def require_agreement(said: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse a `--set` that the command itself contradicts: one of the two would be dropped without a word.

    Args:
        said: Values that options give, by dotted name of the setting.
        given: What the command's own options, or the recording that it reads, say of the same settings.

    Raises:
        ConfigError: Lists all contradictions.
    """
    both = [name for name in said if name in given and str(said[name]).lower() != str(given[name]).lower()]
    if both:
        raise ConfigError("\n".join(f"--set {name}={said[name]}: {_OTHERWISE.format(given[name])}" for name in both))


def said_with_set(sets: Iterable[str] | None) -> dict[str, Any]:
    """What `--set` says, by the setting's dotted name.

    Raises:
        ConfigError: If a text is not name=value, or names a secret: whoever may list processes reads command lines.
    """
    from pipeline.adapters.settings import PREFIX, SECRETS, parsed

    named: dict[str, Any] = {}
    for text in sets or ():
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals:
            raise ConfigError(f"--set {text}: must be name=value, such as kafka.bootstrap=broker:9092")
        if name in SECRETS:
            variable = PREFIX + name.upper().replace(".", "__")
            raise ConfigError(
                f"--set {name}=***: other users of this machine can read a command line: write it to a file and name"
                f" that with {name}_file, or set the variable {variable}"
            )
        named[name] = parsed(value)
    return named


_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LENGTH: Final = re.compile(r"([0-9]{1,6})(s|m|h|d)")


def moment(text: str, option: str) -> int:
    """A time from the command line, in ms; one without a zone is UTC.

    Raises:
        ConfigError: If it is no time.

    >>> moment("2025-02-12T09:00:00Z", "--until") == moment("2025-02-12 09:00", "--until")
    True
    >>> moment("2025-02-12 10:00 Europe/Berlin", "--until") == moment("2025-02-12T10:00+01:00", "--until")
    True
    """
    from pipeline.adapters.recordings.intake.times import time_reader

    try:
        return time_reader("rfc3339", "UTC")(text.strip())
    except (ValueError, OverflowError):
        raise ConfigError(
            f"{option} {text}: must be a time such as 2025-02-12T09:00:00Z, 2025-02-12T10:00+01:00 or "
            "'2025-02-12 10:00 Europe/Berlin'"
        ) from None


def window_of(begins: str, lasts: str, until: str) -> tuple[int, int]:
    """When planned work begins and ends, in ms.

    Args:
        begins: When it begins.
        lasts: Its length, such as `45m`; empty if its end is given.
        until: Its end; empty if its length is given.

    Raises:
        ConfigError: If one is no time or length, or the end is not after the beginning.

    >>> begin, end = window_of("2026-05-01T02:00:00Z", "2h", "")
    >>> (end - begin) // 60_000
    120
    """
    begin = moment(begins, "--from")
    end = end_of(lasts, until, begin)
    if end <= begin:
        raise ConfigError(f"--until {until}: must be after --from {begins}")
    return begin, end


def end_of(lasts: str, until: str, now: int) -> int:
    """When a silence, an exercise or planned work ends, in ms.

    Args:
        lasts: Its length, such as `45m`; empty if its end is given.
        until: Its end; empty if its length is given.
        now: From when on a length counts, ms.

    Raises:
        ConfigError: If not exactly one is given, or it is no length, or no time.

    >>> end_of("2h", "", 0)
    7200000
    """
    if bool(lasts) == bool(until):
        raise ConfigError("--for, --until: say one of them: it has an end")
    if until:
        return moment(until, "--until")
    length = _LENGTH.fullmatch(lasts)
    if length is None:
        raise ConfigError(f"--for {lasts}: must be a number and s, m, h or d, such as 45m")
    return now + int(length[1]) * _SECONDS[length[2]] * 1_000


def now_text() -> str:
    """Now, RFC 3339, for the manifest of a new recording."""
    import time

    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

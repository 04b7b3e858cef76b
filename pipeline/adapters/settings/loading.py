"""Settings: a TOML file, over it the environment, over that the command line; all mistakes at once.

The stages' own configurations are frozen dataclasses that know their limits;
this door fills them, finds keys that do not exist, and says for each value
where it came from. A process with a mistake in its settings does not start.
"""

import copy
import dataclasses
import difflib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError

from pipeline.adapters.settings.secrets import read_secret
from pipeline.adapters.settings.sections import Settings
from pipeline.records.errors import ConfigError

FILE: Final = "tocsin.toml"
"""Read from the working folder if there is one."""
SECTIONS: Final = frozenset(name for name in Settings.model_fields if name not in {"epoch", "schema_base"})
_NAMED_ELSEWHERE: Final = ("extra_forbidden", "unexpected_keyword_argument")
PREFIX: Final = "TOCSIN__"
"""Of environment variables: TOCSIN__KAFKA__BOOTSTRAP is kafka.bootstrap."""


@dataclasses.dataclass(frozen=True, slots=True)
class Loaded:
    """Settings and, for each value that is not a default, where it came from.

    Attributes:
        origins: Dotted name to `file`, the variable's name, or `command line`.
    """

    settings: Settings
    origins: Mapping[str, str]

    def origin_of(self, name: str) -> str:
        """Where a value was said, also if only a part of a table was."""
        under = (origin for said, origin in self.origins.items() if said.startswith(name + "."))
        return self.origins.get(name) or next(under, "default")


def load_settings(
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    needs_kafka: bool = True,
) -> Loaded:
    """Read all sources and check them together.

    Args:
        file: TOML; None is `tocsin.toml` of the working folder, if it exists.
        environment: None is the process's.
        options: Dotted names and values from the command line; None for one that was not given.
        needs_kafka: Check user, password and certificates, too; what replays a file needs none of them.

    Raises:
        ConfigError: Lists every mistake, one a line.
    """
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    problems: list[str] = []
    environment = os.environ if environment is None else environment
    path = file or Path(environment.get("TOCSIN_SETTINGS", FILE))
    if path.is_file():
        _merge(merged, _toml(path, problems), origins, str(path))
    elif file or "TOCSIN_SETTINGS" in environment:
        problems.append(f"{path}: no such file; see deploy/tocsin.example.toml")
    for name, value in sorted(environment.items()):
        if name.startswith(PREFIX):
            dotted = name.removeprefix(PREFIX).lower().replace("__", ".")
            _put(merged, dotted, parsed(value), origins, name)
    for dotted, value in (options or {}).items():
        if value is not None:
            _put(merged, dotted, value, origins, "command line")
    problems += _unknown(merged, Settings.model_fields, "")
    problems += _read_secrets(merged, origins, needs_kafka=needs_kafka)
    problems += _wrong(merged, needs_kafka=needs_kafka)
    if problems:
        raise ConfigError("\n".join(dict.fromkeys(problems)))
    return Loaded(Settings(**merged), origins)


def _read_secrets(merged: dict[str, Any], origins: dict[str, str], *, needs_kafka: bool) -> Iterator[str]:
    """Put secrets that lie in files where those that are said lie; what is wrong with a file is a mistake."""
    for name in sorted(SECRETS):
        section, _, key = name.partition(".")
        given = merged.get(section)
        if not isinstance(given, dict) or (section == "kafka" and not needs_kafka):
            continue
        path = given.get(f"{key}_file")
        if not isinstance(path, str):
            continue
        if key in given:
            yield f"{name}, {name}_file: say one of them, not both"
            continue
        try:
            _put(merged, name, read_secret(f"{name}_file", Path(path)), origins, path)
        except ConfigError as error:
            yield str(error)


def _wrong(merged: Mapping[str, Any], *, needs_kafka: bool) -> list[str]:
    """What types, limits and the stages' own rules object to; unknown keys are named elsewhere."""
    problems: list[str] = []
    try:
        settings = Settings(**merged)
    except ValidationError as error:
        found = error.errors()
        problems = [_line(problem) for problem in found if problem["type"] not in _NAMED_ELSEWHERE]
        rest = copy.deepcopy(dict(merged))
        for problem in found:
            _remove(rest, problem["loc"])
        try:
            settings = Settings(**rest)
        except ValidationError:
            return problems
    checks: list[Callable[[], object]] = [settings.ingest_config, *([settings.connection] if needs_kafka else [])]
    for check in checks:
        try:
            check()
        except ConfigError as error:
            problems += str(error).splitlines()
    return problems


def _remove(settings: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Take out what is wrong, so that the rest can be checked."""
    inside: Any = settings
    for name in path[:-1]:
        if not isinstance(inside, dict) or not isinstance(inside.get(name), dict):
            break
        inside, path = inside[name], path[1:]
    if isinstance(inside, dict):
        inside.pop(path[0], None)


def _line(problem: Any) -> str:
    dotted = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    if "." not in dotted and problem["type"] != "value_error" and dotted in SECTIONS:
        return f"{dotted}: must be a table, [{dotted}], with settings in it"
    if message.startswith(dotted.partition(".")[0]):
        return message
    return f"{dotted} = {'***' if _is_secret(dotted) else repr(problem.get('input'))}: {message}"


def _is_secret(dotted: str) -> bool:
    return (dotted.startswith("privacy") and dotted != "privacy.quarantine") or any(
        word in dotted for word in ("password", "key")
    )


def _secret_names(section: type[BaseModel], above: str) -> Iterator[str]:
    for name, field in section.model_fields.items():
        if SecretStr in (field.annotation, *get_args(field.annotation)):
            yield above + name
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _secret_names(field.annotation, f"{above}{name}.")


SECRETS: Final = frozenset(_secret_names(Settings, ""))
"""Dotted names of the settings that must not show; each has a sister, `..._file`, that names a file with the value."""


def _toml(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"{path}: {error}")
        return {}


def _merge(into: dict[str, Any], new: Mapping[str, Any], origins: dict[str, str], origin: str, above: str = "") -> None:
    for key, value in new.items():
        if isinstance(value, Mapping):
            _merge(into.setdefault(key, {}), value, origins, origin, f"{above}{key}.")
        else:
            into[key] = value
            origins[above + key] = origin


def _put(into: dict[str, Any], dotted: str, value: Any, origins: dict[str, str], origin: str) -> None:
    *sections, key = dotted.split(".")
    for section in sections:
        if not isinstance(into.get(section), dict):
            into[section] = {}
        into = into[section]
    into[key] = value
    origins[dotted] = origin


def parsed(text: str) -> Any:
    """An environment variable's value: TOML where it is a list, a table or a truth value, else text."""
    if text[:1] in "[{" or text in ("true", "false"):
        try:
            return tomllib.loads(f"x = {text}")["x"]
        except (tomllib.TOMLDecodeError, RecursionError):
            return text
    return text


def _unknown(given: Mapping[str, Any], known: Mapping[str, Any], above: str) -> Iterator[str]:
    """Names of keys that do not exist, with the nearest that does."""
    for key, value in given.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {above}{near[0]}?" if near else f"; known are {', '.join(sorted(known))}"
            yield f"{above}{key}: no such setting{hint}"
        elif inner := fields_of(known[key]):
            rows = value if isinstance(value, list) else [value]
            for row in rows:
                if isinstance(row, Mapping):
                    yield from _unknown(row, inner, f"{above}{key}.")


def fields_of(field: Any) -> Mapping[str, Any]:
    """Fields of a section, whether a model or a dataclass, or of a row of a list of them; none if it is a value."""
    kind = getattr(field, "annotation", None) or getattr(field, "type", None)
    if get_origin(kind) is tuple:
        kind = get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_fields
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return {attribute.name: attribute for attribute in dataclasses.fields(kind)}
    return {}


def values_of(settings: Settings) -> Iterator[tuple[str, Any]]:
    """All settings by dotted name, secrets masked."""
    yield from _flat(settings, "")


def _flat(section: Any, above: str) -> Iterator[tuple[str, Any]]:
    names = (
        type(section).model_fields if isinstance(section, BaseModel) else [f.name for f in dataclasses.fields(section)]
    )
    for name in names:
        value = getattr(section, name)
        if isinstance(value, BaseModel) or (dataclasses.is_dataclass(value) and not isinstance(value, type)):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, "***" if isinstance(value, SecretStr) else value

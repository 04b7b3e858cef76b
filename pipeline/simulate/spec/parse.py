"""A scenario from its TOML: all mistakes at once, each with its place in the file.

Whoever writes a scenario corrects it in one round instead of ten, so a mistake
does not stop the reading. Unknown keys are mistakes: a misspelt `delay` would
otherwise be a world without one. Files are opened by whoever calls; here comes
text.
"""

import re
import tomllib
import types
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import EnumType
from typing import Any, Final, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.simulate.spec.checks import scenario_problems
from pipeline.simulate.spec.compose import with_footprints
from pipeline.simulate.spec.scenario import ScenarioFile
from pipeline.simulate.spec.template import drawn, laid_over
from pipeline.simulate.spec.wording import Wording, WordingFile

T = TypeVar("T")
_FILE: Final = re.compile(r"[a-z0-9-]+")
_BASE: Final = re.compile(r"(?:bases|markets)/[a-z0-9-]+")


class Scenario(NamedTuple):
    """A scenario that was read and checked, and the wording that it speaks."""

    file: ScenarioFile
    wording: Wording


def prolonged(scenario: Scenario, days: float) -> Scenario:
    """The same world, with normal life after its end: for what is measured a day and a week after an outage.

    Args:
        scenario: As its file says.
        days: How much longer, 0 or more.
    """
    ends_at = scenario.file.ends_at + timedelta(days=days)
    return scenario._replace(file=msgspec.structs.replace(scenario.file, ends_at=ends_at))


def load_scenario(name: str, read: Callable[[str], str], seed: int = 1) -> Scenario:
    """Read a bundled scenario with its bases and its texts; the seed makes its draws.

    Args:
        name: File name in `scenarios/`, without `.toml`.
        read: Gives the text of a file below `pipeline/simulate/`, by its relative path.
        seed: Which of the scenario's worlds; `simulate` must be called with the same one.

    Raises:
        ConfigError: Lists every mistake in the files.
    """
    document = load_document(name, read)
    texts = document.get("texts")
    if not isinstance(texts, str) or not _FILE.fullmatch(texts):
        raise ConfigError(f"scenarios/{name}.toml: texts = {texts!r}: must name a file in texts/, such as 'de'")
    return scenario_of(document, load_texts(texts, read), seed)


def _text_of(name: str, read: Callable[[str], str]) -> str:
    try:
        return read(name)
    except FileNotFoundError:
        raise ConfigError(f"{name[:80]}: there is no such file beside the scenarios; correct the name") from None


def load_document(name: str, read: Callable[[str], str]) -> dict[str, Any]:
    """Read a scenario and lay it over its bases; the draws are not made yet.

    Raises:
        ConfigError: If a file is no TOML, or a base is none.
    """
    return _with_bases(f"scenarios/{name}", read, ())


def load_texts(name: str, read: Callable[[str], str]) -> dict[str, Any]:
    """Read texts, laid over the texts that they name as their `base`.

    Raises:
        ConfigError: If a file is no TOML, or its base is no file in texts/.
    """
    texts = parse_toml(f"texts/{name}.toml", _text_of(f"texts/{name}.toml", read))
    base = texts.pop("base", None)
    if base is None:
        return texts
    if not isinstance(base, str) or not _FILE.fullmatch(base) or base == name:
        raise ConfigError(f"texts/{name}.toml: base = {base!r}: must name another file in texts/, such as 'en'")
    return laid_over(load_texts(base, read), texts)


def _with_bases(name: str, read: Callable[[str], str], above: tuple[str, ...]) -> dict[str, Any]:
    """A file below `pipeline/simulate/`, over its bases; a later base lies over an earlier one."""
    document = parse_toml(f"{name}.toml", _text_of(f"{name}.toml", read))
    under: dict[str, Any] = {}
    for base in document.pop("bases", []):
        if not isinstance(base, str) or not _BASE.fullmatch(base) or base in above:
            raise ConfigError(f"{name}.toml: bases: {base!r}: must name a file such as 'bases/mobile' or 'markets/gb'")
        under = laid_over(under, _with_bases(base, read, (*above, base)))
    return laid_over(under, document)


def parse_toml(where: str, text: str) -> dict[str, Any]:
    """Read TOML.

    Raises:
        ConfigError: Names the file and the line.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{where}: {error}") from None


def scenario_of(document: Mapping[str, Any], texts: Mapping[str, Any], seed: int = 1) -> Scenario:
    """Make a scenario of two documents.

    Args:
        document: The scenario with its bases under it, as `tomllib` gives it.
        texts: The texts of its language.
        seed: Makes the draws.

    Raises:
        ConfigError: Lists every mistake in both.
    """
    problems: list[str] = []
    made, found = drawn(document, seed, problems), list[str]()
    file = read_struct(ScenarioFile, made, "scenario", found)
    problems += [problem for problem in found if not problems or "= '$" not in problem]  # those were told already
    words = read_struct(WordingFile, texts, "texts", problems)
    wording = Wording(words) if words is not None else None
    if wording is not None:
        problems += (f"texts: {problem}" for problem in wording.problems())
    if file is not None:
        file = with_footprints(file)
        problems += scenario_problems(file, wording)
    if problems or file is None or wording is None:
        raise ConfigError("\n".join(problems))
    return Scenario(file, wording)


def read_struct(kind: type[T], data: object, where: str, problems: list[str]) -> T | None:
    """Read a mapping into a struct, with all of its mistakes at once.

    Args:
        kind: The struct.
        data: What stands in the file.
        where: Dotted place in the file, for messages.
        problems: Gets a sentence for each mistake.

    Returns:
        The struct; None if something was wrong with it.
    """
    if not isinstance(data, Mapping):
        problems.append(f"{where} = {data!r:.60}: must be a table")
        return None
    before = len(problems)
    fields = {field.name: field for field in msgspec.structs.fields(cast(Any, kind))}
    known = ", ".join(sorted(fields))
    problems += (f"{where}.{name}: is not known here; known are {known}" for name in sorted(set(data) - set(fields)))
    values = {}
    for name, field in fields.items():
        if name in data:
            values[name] = _value(field.type, data[name], f"{where}.{name}", problems)
        elif field.required:
            problems.append(f"{where}.{name}: is missing")
    return kind(**values) if len(problems) == before else None


def _value(kind: Any, data: object, where: str, problems: list[str]) -> Any:
    inner = _inner(kind)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return read_struct(inner, data, where, problems)
    before = len(problems)
    if get_origin(inner) is tuple and isinstance(data, list):
        item = get_args(inner)[0]
        data = tuple(_value(item, entry, f"{where}[{at}]", problems) for at, entry in enumerate(data))
    elif get_origin(inner) is dict and isinstance(data, Mapping):
        item = get_args(inner)[1]
        data = {key: _value(item, entry, f"{where}.{key}", problems) for key, entry in data.items()}
    if len(problems) > before:
        return None
    return _converted(kind, data, where, problems)


def _converted(kind: Any, data: object, where: str, problems: list[str]) -> Any:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        known = _known(_inner(kind))
        problems.append(f"{where} = {data!r:.60}: {str(error)[:1].lower()}{str(error)[1:]}{known}")
        return None


def _known(kind: Any) -> str:
    """The words that may stand where only some may; empty for all else."""
    words = get_args(kind) if get_origin(kind) is Literal else list(kind) if isinstance(kind, EnumType) else ()
    return f"; known are {', '.join(map(str, words))}" if words else ""


def _inner(kind: Any) -> Any:
    """The type below `Annotated` and `| None`."""
    while hasattr(kind, "__metadata__"):
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType):
        kinds = [option for option in get_args(kind) if option is not type(None)]
        return _inner(kinds[0]) if len(kinds) == 1 else kind
    return kind

"""How a foreign row becomes a record of ours: fields mapped, set, translated, checked.

Each field of the record is found in this order: a constant (`set`), a mapping
(`map`: a field of the row, with dots into objects, or a template with braces),
else a field of the row that has the same name. A table of `values` then
translates what was found; a value that is not in the table rejects the row,
unless the table has a `*`.

Checked is what INGEST checks first, the record's own type; whether an operator
or a place is known is INGEST's to say.
"""

import codecs
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import orjson

from pipeline.adapters.recordings.intake.tables import Fault, RowError
from pipeline.adapters.recordings.intake.times import ReadTime, time_reader
from pipeline.records.clocks import format_instant
from pipeline.records.errors import ConfigError
from pipeline.records.ids import content_id
from pipeline.records.raw.mentions import Engagement, Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
ANY_VALUE: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Files of one kind, and how their rows are to be read.

    Attributes:
        inputs: The files, read one after the other; their rows may be unsorted.
        kind: `mentions`, `tickets`, `telemetry` (KPI values), or `counts` (a number
            per interval, which becomes telemetry of unit `count`).
        form: `jsonl`, `csv`, or `auto` to go by the names.
        encoding: Encoding of CSV files.
        time_format: See `times.time_reader`.
        time_zone: Zone of times without an offset; None refuses them.
        map: Field of the record -> field of the row, or template: `id`, `user.name`, `uk-{id}`.
        set: Field of the record -> constant.
        values: Field of the record -> table of what stands there -> what is meant.
    """

    inputs: tuple[Path, ...]
    kind: str
    form: str = "auto"
    encoding: str = "utf-8-sig"
    time_format: str = "rfc3339"
    time_zone: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    set: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Made(NamedTuple):
    """A record without its place: topic, Kafka timestamp, key, value."""

    topic: str
    timestamp: int
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    topic: str
    type: type[msgspec.Struct]
    time: str
    id: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)


KINDS: Final[Mapping[str, _Kind]] = {
    "mentions": _Kind(topic="mentions", type=Mention, time="posted_at", id="post_id"),
    "tickets": _Kind(topic="tickets", type=Ticket, time="opened_at", id="ticket_id", constants={"intake": "import"}),
    "telemetry": _Kind(topic="telemetry", type=Reading, time="observed_at"),
    "counts": _Kind(topic="telemetry", type=Reading, time="observed_at", constants={"unit": "count"}),
}

Find = Callable[[Mapping[str, Any]], Any]


def pairs_of(texts: list[str], option: str) -> dict[str, str]:
    """Read `field=what` from the command line.

    Args:
        texts: As given.
        option: Its name, for the error.

    Raises:
        ConfigError: If one has no `=`.

    >>> pairs_of(["text=body", "post_id=uk-{id}"], "--map")
    {'text': 'body', 'post_id': 'uk-{id}'}
    """
    if wrong := [text for text in texts if "=" not in text.removeprefix("=")]:
        raise ConfigError(f"{option} {wrong[0]}: must be field=what, such as text=body")
    return dict(text.split("=", 1) for text in texts)


class RowReader:
    """Makes records of the rows of one stream.

    Args:
        stream: What to do with them.

    Raises:
        ConfigError: If the stream's kind, fields or time format are not possible; names all mistakes.
    """

    def __init__(self, stream: Stream) -> None:
        _check(stream)
        self._kind = KINDS[stream.kind]
        self._read_time: ReadTime = time_reader(stream.time_format, stream.time_zone)
        constants = {**self._kind.constants, **stream.set}
        self._finds: dict[str, Find] = {}
        for name in _targets(self._kind):
            if name in stream.set or (name in constants and name not in stream.map):
                self._finds[name] = _constant(constants[name])
            else:
                self._finds[name] = _finder(stream.map.get(name, name))
        self._values = stream.values

    def read(self, row: Mapping[str, Any]) -> Made:
        """Make a record of a row.

        Raises:
            RowError: If it cannot become one; names the field.
        """
        found: dict[str, str] = {}
        for name, find in self._finds.items():
            text = _text(name, find(row))
            if text or (text == "" and name == "text"):  # an empty cell says nothing; an empty post is still a post
                found[name] = text
        for name, table in self._values.items():
            if name in found:
                found[name] = _translated(name, found[name], table)
        time_ms = self._time_of(found)
        found[self._kind.time] = format_instant(time_ms)
        if self._kind.id is not None and self._kind.id not in found:
            found[self._kind.id] = content_id(*(f"{name}={found[name]}" for name in sorted(found)))
        record = self._checked(found)
        return Made(self._kind.topic, time_ms, self._key(record), orjson.dumps(record, option=orjson.OPT_SORT_KEYS))

    def _time_of(self, found: Mapping[str, Any]) -> int:
        name = self._kind.time
        if name not in found:
            raise RowError(Fault.MISSING_FIELD, f"{name}: the row has no time; map it (--map {name}=...)")
        try:
            return self._read_time(found[name].strip())
        except (ValueError, OverflowError) as error:
            raise RowError(Fault.BAD_TIME, f"{name}: {found[name][:60]!r}: {error}") from None

    def _checked(self, found: Mapping[str, Any]) -> dict[str, Any]:
        fields = _nested(found)
        try:
            record = msgspec.convert(fields, self._kind.type, strict=False)
        except msgspec.ValidationError as error:
            fault = Fault.MISSING_FIELD if "missing required" in str(error) else Fault.SCHEMA_MISMATCH
            raise RowError(fault, str(error)) from None
        made: dict[str, Any] = {name: msgspec.to_builtins(getattr(record, name)) for name in fields}
        if isinstance(record, Mention) and record.kind == "post" and "text" not in made:
            raise RowError(Fault.MISSING_FIELD, "text: the row has none; map it (--map text=...)")
        if isinstance(record, Reading) and not math.isfinite(record.value):
            raise RowError(Fault.SCHEMA_MISMATCH, f"value: {found['value']!r} is not a finite number")
        if isinstance(record, Reading) and not (record.area or record.element):
            raise RowError(Fault.MISSING_FIELD, "area, element: one of them is needed; set it (--set area=GB)")
        return made

    def _key(self, record: Mapping[str, Any]) -> bytes:
        if self._kind.id is not None:
            return str(record[self._kind.id]).encode()
        return str(record.get("element") or record["area"]).encode()


def _targets(kind: _Kind) -> list[str]:
    names = [name for name in kind.type.__struct_fields__ if name != "engagement"]
    if kind.type is Mention:
        names += [f"engagement.{name}" for name in Engagement.__struct_fields__]
    return names


def _check(stream: Stream) -> None:
    if stream.kind not in KINDS:
        raise ConfigError(f"kind = {stream.kind!r}: must be one of {', '.join(sorted(KINDS))}")
    targets = _targets(KINDS[stream.kind])
    wrong = []
    for option, names in (("map", stream.map), ("set", stream.set), ("values", stream.values)):
        wrong += [
            f"{option}.{name}: {stream.kind} have no such field; they have {', '.join(targets)}"
            for name in sorted(set(names) - set(targets))
        ]
    wrong += [f"set.{name}: is mapped too; choose one" for name in sorted(set(stream.map) & set(stream.set))]
    if stream.form not in {"auto", "jsonl", "csv"}:
        wrong.append(f"format = {stream.form!r}: must be auto, jsonl or csv")
    try:
        codecs.lookup(stream.encoding)
    except LookupError:
        wrong.append(f"encoding = {stream.encoding!r}: must be one that Python knows, such as utf-8-sig or cp1252")
    if not stream.inputs:
        wrong.append("inputs: name at least one file")
    if wrong:
        raise ConfigError("\n".join(wrong))


def _constant(value: object) -> Find:
    return lambda _: value


def _finder(source: str) -> Find:
    if not _PLACEHOLDER.search(source):
        return lambda row: _at(row, source)

    def filled(row: Mapping[str, Any]) -> str | None:
        parts = {name: _text(name, _at(row, name)) for name in _PLACEHOLDER.findall(source)}
        if None in parts.values():
            return None
        return _PLACEHOLDER.sub(lambda match: parts[match[1]] or "", source)

    return filled


def _at(row: Mapping[str, Any], path: str) -> Any:
    if path in row:
        return row[path]
    here: Any = row
    for name in path.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(name)
    return here


def _text(name: str, value: Any) -> str | None:
    """A scalar as text: ids are numbers in one system and text in the next; the type decides later."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise RowError(Fault.SCHEMA_MISMATCH, f"{name}: is a JSON {type(value).__name__}, must be a text or a number")


def _translated(name: str, text: str, table: Mapping[str, str]) -> str:
    if text in table:
        return table[text]
    if ANY_VALUE in table:
        return table[ANY_VALUE]
    raise RowError(
        Fault.UNMAPPED_VALUE, f"{name}: {text[:60]!r} is not in values.{name}; add it, or a '*' for the rest"
    )


def _nested(found: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in found.items():
        outer, _, inner = name.partition(".")
        if inner:
            fields.setdefault(outer, {})[inner] = value
        else:
            fields[name] = value
    return fields

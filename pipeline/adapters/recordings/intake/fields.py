"""How a foreign row becomes a record of ours: fields mapped, set, translated, checked.

Each field of the record is found in this order: a constant (`set`), a mapping
(`map`: a field of the row, with dots into objects, or a template with braces),
else a field of the row that has the same name. A table of `values` then
translates what was found; a value that is not in the table rejects the row,
unless the table has a `*`.

Checked is what INGEST will check: the record's own type here, and by `known`
whether the reference has the operator and the place. What is changed on the way
without being refused - markup taken out, a long text cut - is counted.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

import msgspec
import orjson

from pipeline.adapters.codecs.names import readable
from pipeline.adapters.recordings.intake.cells import markup, numbers
from pipeline.adapters.recordings.intake.kinds import KINDS, Stream, check_stream, targets_of
from pipeline.adapters.recordings.intake.times import AUTO, TOLD_WORDS, TimeReader, time_reader
from pipeline.adapters.recordings.intake.written.faults import Fault, RowError
from pipeline.records.clocks import format_instant
from pipeline.records.errors import ConfigError
from pipeline.records.ids import content_id
from pipeline.records.limits import RECORD_BYTES_MAX, TEXT_CHARS_MAX
from pipeline.records.raw.cutting import cut
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.records.units import WIRE_UNITS
from pipeline.records.vocabulary import SERVICES

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
ANY_VALUE: Final = "*"


class Made(NamedTuple):
    """A record without its place: topic, Kafka timestamp, key, value."""

    topic: str
    timestamp: int
    key: bytes
    value: bytes


class Note(StrEnum):
    """What was changed in a row that is used; counted."""

    MARKUP = "markup"
    TEXT_CUT = "text_cut"
    NULS = "nuls"
    DECIMAL_COMMA = "decimal_comma"
    THOUSANDS_COMMA = "thousands_comma"


NOTE_WORDS: Final = {
    Note.MARKUP: "texts in HTML, read without tags and entities (--markup plain leaves them)",
    Note.TEXT_CUT: "texts of more than 8,000 characters, cut there and marked (text_chars)",
    Note.NULS: "rows with zero characters (NUL), which were taken out",
    Note.DECIMAL_COMMA: "rows with a comma before decimals: 1,5 is one and a half (--decimal . if not)",
    Note.THOUSANDS_COMMA: "rows with commas between thousands: 1,234 is above a thousand (--decimal , if not)",
}


_NULL: Final = "\\N"
"""What databases write where there is nothing."""

_NUMBERS: Final = frozenset({"value", "attempts", "interval_seconds"})

UNITS: Final = WIRE_UNITS

Find = Callable[[Mapping[str, Any]], Any]


class Check(Protocol):
    """Asked about each record, whether the reference knows what it names."""

    def __call__(self, record: Mention | Ticket | Reading) -> None:
        """Refuse a record by a RowError."""

    def told(self) -> Mapping[str, int]:
        """What is not known and used all the same: in words, how many rows."""


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
    return dict(readable(text).split("=", 1) for text in texts)


class RowReader:
    """Makes records of the rows of one stream.

    Args:
        stream: What to do with them.
        check: Asked about each record; None asks nobody.
        last_ms: Latest time that can be, in ms; None for any.

    Raises:
        ConfigError: If the stream's kind, fields or time format are not possible; names all mistakes.
    """

    def __init__(self, stream: Stream, check: Check | None = None, last_ms: int | None = None) -> None:
        check_stream(stream)
        self._kind = KINDS[stream.kind]
        self._read_time: TimeReader = time_reader(stream.time_format, stream.time_zone, last_ms)
        self._known = check
        self._constants = {**self._kind.constants, **stream.set}
        self._sources: dict[str, str] = {}
        self._finds: dict[str, Find] = {}
        for name in targets_of(self._kind):
            if name in stream.set or (name in self._constants and name not in stream.map):
                self._finds[name] = _constant(self._constants[name])
            else:
                self._sources[name] = stream.map.get(name, name)
                self._finds[name] = _finder(self._sources[name])
        self._mapped = stream.map
        self._values = stream.values
        self._markup = stream.markup
        self._wanted_decimal = stream.decimal
        self._decimal = None if stream.decimal == AUTO else stream.decimal
        self._notes: Counter[Note] = Counter()

    def told(self) -> dict[str, int]:
        """What was changed or understood in a way that is not plain: in words, how many rows."""
        times = {TOLD_WORDS[told]: count for told, count in self._read_time.told.items()}
        return {**{NOTE_WORDS[note]: count for note, count in self._notes.items()}, **times}

    def look(self, rows: Iterable[Mapping[str, Any]], header: tuple[str, ...] | None) -> None:
        """Look at a file's first rows before they are read.

        Args:
            rows: Some of them.
            header: Names of a CSV's columns; None for JSON, whose rows may differ.

        Raises:
            ConfigError: If a column that is mapped is not there; names the nearest.
        """
        if header is not None:
            _require_columns(self._mapped, header)
        if self._wanted_decimal == AUTO:
            found = (value_at(row, self._sources[name]) for row in rows for name in self._sources if _is_number(name))
            self._decimal = numbers.decimal_of(text for text in found if isinstance(text, str))

    def read(self, row: Mapping[str, Any]) -> Made:
        """Make a record of a row.

        Raises:
            RowError: If it cannot become one; names the field.
        """
        notes: set[Note] = set()
        found = self._found(row, notes)
        for name, table in self._values.items():
            if name in found:
                found[name] = _translated(name, found[name], table)
        time_ms = self._time_of(found)
        found[self._kind.time] = format_instant(time_ms)
        if self._kind.id is not None and self._kind.id not in found:
            found[self._kind.id] = content_id(*(f"{name}={found[name]}" for name in sorted(found)))
        record = self._checked(found)
        self._notes.update(notes)
        return Made(self._kind.topic, time_ms, self._key(record), orjson.dumps(record, option=orjson.OPT_SORT_KEYS))

    def _found(self, row: Mapping[str, Any], notes: set[Note]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, find in self._finds.items():
            text = _text(name, find(row))
            if text is None or text == _NULL:
                continue
            if "\0" in text:
                notes.add(Note.NULS)
                text = text.replace("\0", "")
            if name == "text":
                found[name] = self._plain(text, notes)
            elif text := text.strip():  # an empty cell says nothing; an empty post is still a post
                numeric = name in self._sources and _is_number(name)
                if numeric and "," in text:
                    notes.add(Note.DECIMAL_COMMA if self._decimal == "," else Note.THOUSANDS_COMMA)
                found[name] = numbers.plain_number(name, text, self._decimal) if numeric else text
        return found

    def _plain(self, text: str, notes: set[Note]) -> str:
        if self._markup == "html" or (self._markup == AUTO and markup.is_markup(text)):
            notes.add(Note.MARKUP)
            if len(text) > markup.SOURCE_CHARS_MAX:
                notes.add(Note.TEXT_CUT)
            text = markup.text_of(text)
        if len(text) > TEXT_CHARS_MAX:
            notes.add(Note.TEXT_CUT)
        return text[:RECORD_BYTES_MAX]

    def _time_of(self, found: Mapping[str, Any]) -> int:
        name = self._kind.time
        if name not in found:
            if name in self._mapped:
                raise RowError(Fault.MISSING_FIELD, f"{name}: {self._mapped[name]!r} is empty or not there")
            raise RowError(Fault.MISSING_FIELD, f"{name}: the row has no time; map it (--map {name}=...)")
        try:
            return self._read_time(found[name])
        except (ValueError, OverflowError) as error:
            raise RowError(Fault.BAD_TIME, f"{name}: {found[name][:60]!r}: {error}") from None

    def _checked(self, found: Mapping[str, Any]) -> dict[str, Any]:
        fields = _nested(found)
        try:
            record = cut(msgspec.convert(fields, self._kind.type, strict=False))
        except msgspec.ValidationError as error:
            raise _refusal(error, found, self._sources) from None
        made: dict[str, Any] = {name: msgspec.to_builtins(getattr(record, name)) for name in fields}
        if isinstance(record, Mention | Ticket) and record.text_chars is not None:
            made["text_chars"] = record.text_chars
        if isinstance(record, Mention) and record.kind == "post" and "text" not in made:
            raise RowError(Fault.MISSING_FIELD, "text: the row has none; map it (--map text=...)")
        if isinstance(record, Reading) and not math.isfinite(record.value):
            raise RowError(Fault.SCHEMA_MISMATCH, f"value: {found['value']!r} is not a finite number")
        if isinstance(record, Reading) and not (record.area or record.element):
            raise RowError(Fault.MISSING_FIELD, "area, element: one of them is needed; set it (--set area=GB)")
        if self._known is not None and isinstance(record, Mention | Ticket | Reading):
            self._known(record)
        return made

    def _key(self, record: Mapping[str, Any]) -> bytes:
        if self._kind.id is not None:
            return str(record[self._kind.id]).encode()
        return str(record.get("element") or record["area"]).encode()


def _constant(value: object) -> Find:
    return lambda _: value


def _finder(source: str) -> Find:
    if not _PLACEHOLDER.search(source):
        return lambda row: value_at(row, source)

    def filled(row: Mapping[str, Any]) -> str | None:
        parts = {name: _text(name, value_at(row, name)) for name in _PLACEHOLDER.findall(source)}
        if None in parts.values():
            return None
        return _PLACEHOLDER.sub(lambda match: parts[match[1]] or "", source)

    return filled


def value_at(row: Mapping[str, Any], path: str) -> Any:
    """What stands in a row at a path with dots into objects and lists; a field with that very name goes first.

    >>> value_at({"tags": [{"host": "h"}]}, "tags.0.host"), value_at({"a.b": 1}, "a.b"), value_at({}, "x")
    ('h', 1, None)
    """
    if path in row:
        return row[path]
    here: Any = row
    for name in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(name)
        elif isinstance(here, list) and name.isdecimal():
            here = here[int(name)] if int(name) < len(here) else None
        else:
            return None
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


def _is_number(name: str) -> bool:
    return name in _NUMBERS or name.startswith("engagement.")


def _require_columns(mapped: Mapping[str, str], header: tuple[str, ...]) -> None:
    wrong = []
    for ours, theirs in mapped.items():
        for name in _PLACEHOLDER.findall(theirs) or [theirs]:
            if name in header or name.strip() in header:
                continue
            near = difflib.get_close_matches(name.casefold(), [column.casefold() for column in header], 1, 0.6)
            meant = next((f"did you mean {column!r}? " for column in header if [column.casefold()] == near), "")
            wrong.append(f"--map {ours}={theirs}: there is no column {name!r}; {meant}it has {', '.join(header)}")
    if wrong:
        raise ConfigError("\n".join(wrong))


def _refusal(error: msgspec.ValidationError, found: Mapping[str, str], sources: Mapping[str, str]) -> RowError:
    """The decoder's words, with the field, its column and what would be right."""
    words = str(error)
    if missing := re.search(r"missing required field `(\w+)`", words):
        name = missing[1]
        where = f"{sources[name]!r} is empty or not there" if name in sources else "is not there"
        return RowError(Fault.MISSING_FIELD, f"{name}: {where}; map it (--map {name}=...) or set it (--set {name}=...)")
    name = words.rpartition("at `$.")[2].rstrip("`")
    closed = {"service": (Fault.UNKNOWN_SERVICE, SERVICES), "unit": (Fault.UNKNOWN_UNIT, UNITS)}
    if name in closed and name in found:
        fault, known = closed[name]
        meant = f" (--values {name}:{found[name][:40]}=...)" if name in sources else ""
        message = f"{name} {found[name][:60]!r}: must be one of {', '.join(known)}{meant}"
        return RowError(fault, message, f"unknown {name} {found[name][:60]!r}")
    shown = f"{name}: {found[name][:60]!r}: " if name in found else ""
    return RowError(Fault.SCHEMA_MISMATCH, f"{shown}{words}")

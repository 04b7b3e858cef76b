"""What the columns of an unknown file probably are: a proposal, never a decision.

A stranger's first import fails on names: `Eröffnet`, `wanneer`, `created_at`.
The names that exports have in five languages lie in columns.toml; times are
tried against the formats that exist. What is proposed is shown with the first
rows as they would be taken, and as a command to copy. An import without `--map` never
follows a proposal by itself: a wrong column would be a wrong outage.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipeline.adapters.recordings.intake.cells.numbers import NOTHING
from pipeline.adapters.recordings.intake.times import AUTO, time_reader
from pipeline.records.vocabulary import SERVICES

_DATA: Final = Path(__file__).with_name("columns.toml")
_DAYS_FIRST: Final = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y")
_MONTHS_FIRST: Final = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
_HOURS: Final = (" %H:%M", ", %H:%M", " %I:%M %p", " %I:%M:%S %p", "T%H:%M", " %H.%M", " %Hh%M", "")
_WHOLE: Final = (
    "%Y/%m/%d %H:%M", "%a %b %d %H:%M:%S %Z %Y", "%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %Z",
    "%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M", "%d-%b-%Y %H:%M", "%b %d %Y %H:%M",
)  # fmt: skip
FORMATS: Final = (
    AUTO,
    *(day + hour + zone for zone in ("", " %Z") for hour in _HOURS for day in (*_DAYS_FIRST, *_MONTHS_FIRST)),
    *_WHOLE,
)
"""Formats that are tried, in this order: the day before the month, as most of the world writes it."""

_TIMES: Final = {"mentions": "posted_at", "tickets": "opened_at", "telemetry": "observed_at"}
_NEEDED: Final = {
    "mentions": ("posted_at", "text", "platform"),
    "tickets": ("opened_at", "operator"),
    "telemetry": ("observed_at", "value", "metric", "unit", "operator"),
}
_OWN: Final = {
    "mentions": ("author", "text", "post_id", "lang"),
    "tickets": ("ticket_id", "text", "service", "postcode", "customer"),
    "telemetry": ("value", "metric", "unit", "element"),
}
_DEPTH_MAX: Final = 3
_TIMES_TRIED: Final = 40
_DIGITS_MAX: Final = 10
"""Digits of a measured number; a longer one is an id or a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How a file might be imported.

    Attributes:
        kind: What its rows are.
        map: Field of ours to column of theirs.
        missing: Fields that must be set or mapped, and that no column seems to hold.
        time_format: Format in which most times that were looked at can be read; empty if none reads half of them.
        needs_zone: Whether the times have no offset, so that --time-zone is needed.
        day_or_month: Whether days and months could be exchanged, as no day above 12 was seen.
        services: Their word for a service to ours; None for what is not known.
    """

    kind: str
    map: Mapping[str, str]
    missing: tuple[str, ...]
    time_format: str
    needs_zone: bool = False
    day_or_month: bool = False
    services: Mapping[str, str | None] = field(default_factory=dict)


def folded(name: str) -> str:
    """A name without case, accents and signs.

    >>> folded("Eröffnet_am"), folded("N°"), folded("createdAt"), folded("Größe (cm)")
    ('eroffnet am', 'n', 'created at', 'grosse cm')
    """
    apart = "".join(f" {char}" if char.isupper() and name[at - 1].islower() else char for at, char in enumerate(name))
    plain = unicodedata.normalize("NFKD", apart.replace("ß", "ss").replace("°", " ")).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text("utf-8"))


def columns_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns of rows, nested ones with dots, in the order in which they are met; lists are left out.

    >>> columns_of([{"id": 1, "user": {"name": "ann"}, "tags": []}])
    ['id', 'user.name']
    """
    return list(dict.fromkeys(column for row in rows for column in _columns_within(row, _DEPTH_MAX)))


def _columns_within(row: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from (f"{name}.{column}" for column in _columns_within(value, depth - 1)) if depth > 1 else ()
        elif not isinstance(value, list):
            yield name


def propose(rows: Sequence[Mapping[str, Any]], kind: str | None, zone: str | None) -> Proposal:
    """Propose how rows can be imported.

    Args:
        rows: Some rows of the file.
        kind: What they are; None to find out.
        zone: Zone of times without an offset, as the caller says; None if nothing was said.
    """
    columns = columns_of(rows)
    maps = {name: _mapping(columns, fields) for name, fields in _data()["kinds"].items()}
    number = _number_column(rows, [column for column in columns if column not in maps["telemetry"].values()])
    if number is not None:
        maps["telemetry"].setdefault("value", number)
    chosen = _kind_of(kind) or max(maps, key=lambda name: _fit(name, maps[name]))
    mapping = maps[chosen]
    if chosen == "mentions" and "text" in maps["tickets"] and maps["tickets"]["text"] not in mapping.values():
        mapping.setdefault("text", maps["tickets"]["text"])
    time_field = _TIMES[chosen]
    time_format, needs_zone, unsure = _time_format(_values(rows, mapping.get(time_field)), zone)
    if not time_format:
        for column in columns:
            time_format, needs_zone, unsure = _time_format(_values(rows, column), zone)
            if time_format and not all(value.isdecimal() for value in _values(rows, column)):
                mapping = {**{ours: theirs for ours, theirs in mapping.items() if theirs != column}, time_field: column}
                break
    missing = [name for name in _NEEDED[chosen] if name not in mapping]
    if chosen == "telemetry" and not {"area", "element"} & set(mapping):
        missing.append("area")
    services = {word: service_of(word) for word in _values(rows, mapping.get("service"))}
    return Proposal(
        kind=kind or chosen,
        map=mapping,
        missing=tuple(missing),
        time_format=time_format,
        needs_zone=needs_zone,
        day_or_month=unsure,
        services=services,
    )


def service_of(word: str) -> str | None:
    """Our service for a word of a care system, if it is known.

    >>> service_of("Internet"), service_of("TV"), service_of("broadband"), service_of("Fax")
    ('broadband', 'tv', 'broadband', None)
    """
    if word in SERVICES:
        return word
    return next((ours for ours, words in _data()["services"].items() if folded(word) in map(folded, words)), None)


def _number_column(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str | None:
    """The first column that holds a number wherever it holds something."""
    for column in columns:
        texts = [text for text in _values(rows, column) if text.casefold() not in NOTHING]
        if texts and all(_is_number(text) for text in texts):
            return column
    return None


def _is_number(text: str) -> bool:
    bare = text.rstrip("% ").lstrip("+-").replace(",", ".", 1).replace(".", "", 1)
    return bare.isdecimal() and len(bare) < _DIGITS_MAX


def _kind_of(kind: str | None) -> str | None:
    return "telemetry" if kind == "counts" else kind


def _fit(kind: str, mapping: Mapping[str, str]) -> float:
    """How well columns fit a kind: what is its own counts, what all kinds have counts little."""
    return sum(name in mapping for name in _OWN[kind]) + 0.1 * len(mapping)


def _mapping(columns: Sequence[str], fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Field to column: equal names first, in the order of the table, then names that hold one."""
    free = {column: folded(column) for column in columns}
    found: dict[str, str] = {}
    for matches in (_is_equal, _is_last_part, _holds):
        for ours, names in fields.items():
            if ours in found:
                continue
            words = [folded(ours), *map(folded, names)]
            fitting = (column for word in words for column, name in free.items() if matches(name, word, column))
            column = next(fitting, None)
            if column is not None:
                found[ours] = column
                del free[column]
    return found


def _is_equal(name: str, word: str, _column: str) -> bool:
    return name == word


def _is_last_part(_name: str, word: str, column: str) -> bool:
    return "." in column and folded(column.rpartition(".")[2]) == word


def _holds(name: str, word: str, _column: str) -> bool:
    return len(word) > 3 and word in name.split()


def _values(rows: Iterable[Mapping[str, Any]], column: str | None) -> list[str]:
    from pipeline.adapters.recordings.intake.fields import value_at

    values = (value_at(row, column) for row in rows) if column is not None else ()
    return list(dict.fromkeys(str(value).strip() for value in values if value is not None and str(value).strip()))


def _time_format(texts: Sequence[str], zone: str | None) -> tuple[str, bool, bool]:
    """The format that reads most texts, at least half; whether they need a zone; whether day and month are unsure."""
    texts = texts[:_TIMES_TRIED]
    most = max(FORMATS, key=lambda pattern: _read_by(pattern, texts, zone or "UTC")) if texts else ""
    count = _read_by(most, texts, zone or "UTC") if most else 0
    if count * 2 < len(texts) or not count:
        return "", False, False
    other = most.replace("%d", "%#").replace("%m", "%d").replace("%#", "%m")
    unsure = most.startswith(_DAYS_FIRST) and other != most and _read_by(other, texts, zone or "UTC") == count
    return most, zone is None and _read_by(most, texts, None) < count, unsure


def _read_by(pattern: str, texts: Sequence[str], zone: str | None) -> int:
    """How many texts a format reads."""
    read = time_reader(pattern, zone)
    count = 0
    for text in texts:
        try:
            count += read(text) > 0
        except (ValueError, OverflowError):
            continue
    return count

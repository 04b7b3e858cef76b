"""An operator's incident log, read from CSV with columns named as the operator names them.

It is opened as the importers open a foreign file: encoding and delimiter are
found by looking.

All mistakes are said at once, each with its line: whoever exports such a log
must not have to run us once per mistake. A place that we cannot tell is a
mistake, not a guess: a wrong place would make a miss of a find. So is a name
that several towns share ("Neustadt"), though the gazetteer answers with the
area that holds them all: a whole nation would make a find of a miss.

Every row is used, open or blank, or a mistake. A row without an end is open:
the outage was not over when the log was exported. Blank rows, of which office
programs leave many, are counted and skipped.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.recordings.format import RecordingError
from pipeline.adapters.recordings.intake.tables import RowError, Table, Written
from pipeline.adapters.recordings.intake.times import ReadTime, time_reader
from pipeline.adapters.recordings.intake.written.files import ForeignFile
from pipeline.adapters.recordings.intake.written.quoting import Lines, Record, Records
from pipeline.evaluate.sides.operator_log import LogRow
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import SERVICES, Severity
from pipeline.reference.gazetteer import fold, foldings
from pipeline.reference.operators import Operators
from pipeline.reference.places import Places

COLUMNS: Final = ("start", "end", "place", "service", "operator", "severity", "kind")
"""What a column can be; start, end, and place or service are needed."""

STILL_OPEN: Final = frozenset(
    ("", "-", "–", "—", "null", "none", "n/a", "open", "ongoing", "offen", "laufend", "en cours", "in corso", "abierto")
)
"""What stands for the end of an outage that is not over, in any case."""

_LISTED: Final = re.compile(r"[;|,]")
_PLACES_LISTED: Final = re.compile(r"[;|]")
_OPERATOR: Final = "must be an id of operators.toml, such as netcologne"
_KIND: Final = re.compile(r"[^a-z0-9]+")
_CODE: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogForm:
    """How a log is written.

    Attributes:
        columns: Ours to theirs; a column that has our name needs no entry.
        time_format: `rfc3339`, `epoch_s`, `epoch_ms`, or a pattern of strptime.
        time_zone: Zone of times without an offset.
        operator: Id of the operator of all rows, if no column says so.
        services: Theirs to ours; `*` for all others.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    time_format: str = "rfc3339"
    time_zone: str | None = None
    operator: str | None = None
    services: Mapping[str, str] = field(default_factory=dict)


class Log(NamedTuple):
    """A log that was read.

    Attributes:
        rows: Those that say something, in the order of the file.
        blank: Lines of rows without any text.
    """

    rows: tuple[LogRow, ...]
    blank: tuple[int, ...] = ()


def columns_of(text: str) -> dict[str, str]:
    """Read `--columns`.

    Raises:
        ConfigError: If a part is not ours=theirs, or names no column of ours.

    >>> columns_of("start=Beginn,end=Ende")
    {'start': 'Beginn', 'end': 'Ende'}
    """
    found: dict[str, str] = {}
    problems = []
    for part in text.split(",") if text else ():
        ours, equals, theirs = (piece.strip() for piece in part.partition("="))
        if not (equals and theirs) or ours not in COLUMNS:
            problems.append(f"--columns {part}: must be OURS=THEIRS with ours one of {', '.join(COLUMNS)}")
        found[ours] = theirs
    if problems:
        raise ConfigError("\n".join(problems))
    return found


def read_log(path: Path, form: LogForm, places: Places, operators: Operators) -> Log:
    """Read a log.

    Args:
        path: CSV with a header; encoding, delimiter and a line `sep=` are found.
        form: How it is written.
        places: The gazetteer: a place is an area's path, or a name; several with `;` or `|` between them.
        operators: Each row's must be one of these.

    Raises:
        ConfigError: Lists every mistake with its line.
    """
    try:
        with ForeignFile(path) as file:
            table = Table(file, Written(form="csv"))
            if table.layout is None:
                raise ConfigError(f"{path}: is empty; it must be CSV with a header")
            layout = table.layout
            with file.text(table.encoding.name) as text:
                lines = ((at, line) for at, line in Lines(text) if at >= layout.header_line)
                records = iter(Records(lines, layout.dialect, len(layout.header)))
                next(records, None)
                return _Rows(path, form, places, operators).read(layout.header, records)
    except RecordingError as error:
        raise ConfigError(str(error)) from None


class _Rows:
    """Understands rows one by one, and keeps what is wrong with them."""

    def __init__(self, path: Path, form: LogForm, places: Places, operators: Operators) -> None:
        self._path, self._form, self._places, self._operators = path, form, places, operators
        self._read_time: ReadTime = time_reader(form.time_format, form.time_zone)
        self._problems: list[str] = []
        self._line = 1
        if form.operator and form.operator not in operators:
            raise ConfigError(f"--operator {form.operator}: {_OPERATOR}")

    def read(self, header: Sequence[str], records: Iterable[Record]) -> Log:
        names = self._names(list(header))
        rows: list[LogRow] = []
        blank: list[int] = []
        for record in records:
            self._line = record.line
            if isinstance(record.cells, RowError):
                self._wrong(str(record.cells).removeprefix(f"line {record.line}: "))
            elif not any(map(str.strip, record.cells)):
                blank.append(record.line)
            else:
                cells = dict(zip(header, record.cells, strict=False))
                row = self._row({ours: cells.get(theirs, "").strip() for ours, theirs in names.items()})
                rows += [row] if row is not None else []
        if self._problems:
            raise ConfigError("\n".join(self._problems))
        return Log(tuple(rows), tuple(blank))

    def _wrong(self, message: str) -> None:
        self._problems.append(f"{self._path}:{self._line}: {message}")

    def _names(self, header: list[str]) -> dict[str, str]:
        """Ours to theirs, of the columns that are there."""
        there = {name.strip(): name for name in header}
        wanted = {ours: self._form.columns.get(ours, ours) for ours in COLUMNS}
        lacking = [ours for ours, theirs in wanted.items() if theirs not in there]
        missing = [ours for ours in lacking if ours in self._form.columns or ours in ("start", "end")]
        for ours in missing:
            self._wrong(f"has no column {wanted[ours]!r} for {ours}; it has {', '.join(there) or 'none'}: --columns")
        if {"place", "service"} <= set(lacking):
            self._wrong("has neither place nor service; name one with --columns place=... or service=...")
        if "operator" in lacking and not self._form.operator:
            self._wrong("has no operator; name it with --operator, or its column with --columns operator=...")
        if self._problems:
            raise ConfigError("\n".join(self._problems))
        return {ours: there[theirs] for ours, theirs in wanted.items() if theirs in there}

    def _row(self, cells: Mapping[str, str]) -> LogRow | None:
        before = len(self._problems)
        start = self._time(cells, "start")
        is_open = cells["end"].casefold() in STILL_OPEN
        end = None if is_open else self._time(cells, "end")
        if start is not None and end is not None and end <= start:
            self._wrong(f"end {cells['end']!r} is not after start {cells['start']!r}")
        operator = cells.get("operator") or self._form.operator or ""
        known = self._operators.get(operator)
        market = known.market if known else None
        if market is None:
            self._wrong(f"operator {operator!r}: {_OPERATOR}")
        areas = [self._area(name, market) for name in _parts(_PLACES_LISTED, cells.get("place", ""))]
        services = [self._service(name) for name in _parts(_LISTED, cells.get("service", ""))]
        if not areas and not services:
            self._wrong("place and service are empty: one of them is needed to find it again")
        severity = self._severity(cells.get("severity", ""))
        if len(self._problems) > before or start is None:
            return None
        return LogRow(
            line=self._line,
            started_at=start,
            ended_at=end,
            operator=operator,
            areas=tuple(sorted(set(areas))),
            services=tuple(sorted(set(services))),
            severity=severity,
            kind=_KIND.sub("_", cells.get("kind", "").lower()).strip("_") or "outage",
        )

    def _time(self, cells: Mapping[str, str], name: str) -> int | None:
        text = cells[name]
        try:
            return self._read_time(text)
        except ValueError as error:
            form = self._form
            hint = "" if form.time_zone else "; name the zone with --time-zone"
            self._wrong(f"{name} {text!r}: is no time of format {form.time_format} ({error}){hint}")
            return None

    def _area(self, name: str, market: str | None) -> str:
        if name in self._places:
            return name
        area = self._places.resolve(name, market)
        if area is None or not self._is_named(area, name, market):
            wide = "" if area is None else f", somewhere in {area}"
            self._wrong(
                f"place {name!r}: no sure place of {market or 'any market'}{wide}; "
                "write an area's path, such as DE/NW/koeln, and ; between several"
            )
        return area or ""

    def _is_named(self, area: str, name: str, market: str | None) -> bool:
        """Whether a text names an area, by a name or postcode of it, and not only something that lies in it."""
        place = self._places.get(area)
        if place is None:
            return False
        if market is not None and any(self._places.by_postcode(market, code) == area for code in _CODE.findall(name)):
            return True
        words = f" {fold(name)} "
        names = (place.name, *place.names, *place.other_names)
        return any(f" {key} " in words for alias in names for key in foldings(alias))

    def _service(self, name: str) -> str:
        table = self._form.services
        ours = table.get(name, name.lower() if name.lower() in SERVICES else table.get("*", name))
        if ours not in SERVICES:
            known = ", ".join(SERVICES)
            self._wrong(f"service {name!r}: must be one of {known}; say which with --values service:{name}=broadband")
        return ours

    def _severity(self, text: str) -> Severity | None:
        known = {str(severity) for severity in Severity}
        if text and text.lower() not in known:
            self._wrong(f"severity {text!r}: must be one of {', '.join(map(str, Severity))}, or empty")
            return None
        return Severity(text.lower()) if text else None


def _parts(between: "re.Pattern[str]", text: str) -> Iterator[str]:
    keep: Callable[[str], bool] = bool
    return filter(keep, map(str.strip, between.split(text)))

"""`tocsin import`: a quarter of posts, tickets, counts or KPI values into a recording.

Several streams become one recording, so that posts and tickets meet in the
replay as they would have met live. Event time stands in for the Kafka
timestamp: nothing is late, and the replay tells the same as a perfect feed.

A row that cannot be used is counted, named and kept beside the recording in
`<name>.rejected.jsonl`; too many of them stop the import, because then the
mapping is wrong and not the rows.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import msgspec
import orjson

from pipeline.adapters.codecs.names import readable
from pipeline.adapters.recordings.format import SUFFIX, Manifest, RecordedRecord, RecordingError, raw_topics
from pipeline.adapters.recordings.heartbeats import renumbered, with_heartbeats
from pipeline.adapters.recordings.intake.fields import Check, RowReader
from pipeline.adapters.recordings.intake.kinds import Stream
from pipeline.adapters.recordings.intake.tables import Table
from pipeline.adapters.recordings.intake.times import AUTO
from pipeline.adapters.recordings.intake.written.faults import Fault, Row, RowError
from pipeline.adapters.recordings.intake.written.files import ForeignFile
from pipeline.adapters.recordings.progress import OnProgress, Progress, ignore
from pipeline.adapters.recordings.sorting import RUN_RECORDS, sort_records
from pipeline.adapters.recordings.writer import Written, write_recording
from pipeline.records.clocks import DAY_MS, parse_instant
from pipeline.records.errors import ConfigError
from pipeline.records.partitioner import partition_for

LANES_DEFAULT: Final = 4
ERRORS_MAX_DEFAULT: Final = 1_000
REJECTED_PART_MAX: Final = 10
"""More rejected rows than one in so many are a finding: the mapping is wrong, or it misses a kind of row."""

_PROGRESS_ROWS = 10_000
_LOOKED_AT_ROWS: Final = 1_000
_KINDS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What to import.

    Attributes:
        streams: The files and how to read them.
        out: The recording, ends in `.jsonl.zst`.
        created: Now, RFC 3339; written to the manifest.
        tool: Who imports; written to the manifest.
        lanes: Partitions of each raw topic, 1 or more.
        errors_max: Rejected rows above which the import stops, 0 or more.
        heartbeats: Write them into the recording; otherwise play and replay add the same ones.
        part_bytes: Size of a part before compression; None for one file.
        since_ms: Rows of earlier event time are left out and counted; None for none.
        until_ms: Rows of this event time and later are left out and counted; None for none.
        check: Asked whether the reference knows what a record names; None asks nobody.
        run_records: Records held in memory to be sorted.
    """

    streams: tuple[Stream, ...]
    out: Path
    created: str
    tool: str = "tocsin import"
    lanes: int = LANES_DEFAULT
    errors_max: int = ERRORS_MAX_DEFAULT
    heartbeats: bool = False
    part_bytes: int | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    check: Check | None = None
    run_records: int = RUN_RECORDS

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        if self.lanes < 1:
            raise ConfigError(f"lanes = {self.lanes}: must be 1 or more; the default is {LANES_DEFAULT}")
        if self.errors_max < 0:
            raise ConfigError(f"max_errors = {self.errors_max}: must be 0 or more; the default is {ERRORS_MAX_DEFAULT}")
        if not self.streams:
            raise ConfigError("import: name at least one file, or a TOML file with streams")

    @property
    def rejected(self) -> Path:
        """Where rejected rows are kept."""
        return self.out.with_name(self.out.name.removesuffix(SUFFIX) + ".rejected.jsonl")


@dataclass(slots=True)
class FileTally:
    """What became of one file's rows.

    Attributes:
        name: Name of the file, without its folder.
        words: How it was read: format, encoding, delimiter.
        rows: Read.
        rejected: Rejected, of whatever reason.
    """

    name: str
    words: str
    rows: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Tally:
    """What became of the rows.

    Attributes:
        rows: Read.
        rejected: By reason.
        kinds: Rejected rows that have the same mistake, by it: `unknown operator "proximus"`.
        outside: Left out, as their event time is not between `since_ms` and `until_ms`.
        files: What became of each file's rows, in the order of reading.
        told: What was changed in rows, or understood in a way that is not plain: in words, how many rows.
        first_ms: Earliest event time; None if no row was used.
        last_ms: Latest.
    """

    rows: int = 0
    rejected: Counter[Fault] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    files: list[FileTally] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    first_ms: int | None = None
    last_ms: int | None = None

    @property
    def trouble(self) -> str:
        """What makes the whole import doubtful: a file of which no row was used, or more than a tenth rejected."""
        whole = [file.name for file in self.files if file.rows and file.rows == file.rejected]
        if whole and self.rejected.total() < self.rows:
            return f"no row of {', '.join(whole)} could be used"
        if self.rejected.total() * REJECTED_PART_MAX > self.rows:
            return f"{self.rejected.total():,} of {self.rows:,} rows were rejected, more than a tenth"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was imported.

    Attributes:
        written: The recording.
        tally: What became of the rows: rows = records + rejected + outside.
        rejected: The file with rejected rows; None if there are none.
    """

    written: Written
    tally: Tally
    rejected: Path | None


def import_recording(options: ImportOptions, progress: OnProgress = ignore) -> Imported:
    """Import files into a recording.

    Args:
        options: What and how.
        progress: Told every 10,000 rows.

    Returns:
        What was imported.

    Raises:
        ConfigError: If a stream cannot be read as it says.
        RecordingError: If a file cannot be read, or too many rows are rejected.
    """
    last_ms = parse_instant(options.created) + DAY_MS
    readers = [RowReader(stream, options.check, last_ms) for stream in options.streams]
    manifest = Manifest(
        created=options.created, tool=options.tool, topics=raw_topics(options.lanes), has_heartbeats=options.heartbeats
    )
    tally = Tally()
    options.rejected.unlink(missing_ok=True)
    with _Rejects(options, tally) as rejects:
        made = _records(options, readers, tally, rejects, progress)
        in_order = sort_records(made, manifest, options.out.parent, run_records=options.run_records)
        timed = with_heartbeats(in_order, options.lanes) if options.heartbeats else renumbered(in_order)
        written = write_recording(options.out, manifest, timed, part_bytes=options.part_bytes)
    for reader in readers:
        tally.told.update(reader.told())
    if options.check is not None:
        tally.told.update(options.check.told())
    return Imported(written=written, tally=tally, rejected=options.rejected if tally.rejected else None)


def read_streams(path: Path) -> tuple[Stream, ...]:
    """Read streams from a TOML file.

    Either one stream at the top, or several as `[[stream]]`. Each has `inputs`
    (relative to the file), `kind`, and if need be `format`, `encoding`, `delimiter`,
    `quote`, `rows_at`, `decimal`, `markup`, `time` (`format`, `zone`), `map`, `set`,
    `values.<field>`.

    Raises:
        ConfigError: If the file cannot be read, or has other keys or types.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        tables = document.get("stream", [document])
        if not isinstance(tables, list):
            raise ConfigError(f"{path}: stream = {tables!r}: must be one or several tables, each headed [[stream]]")
        return tuple(_stream_of(msgspec.convert(table, _StreamTable), path.parent) for table in tables)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}") from None


class _TimeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str = AUTO
    zone: str | None = None


class _StreamTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    inputs: tuple[str, ...] = ()
    format: str = "auto"
    encoding: str = AUTO
    delimiter: str | None = None
    quote: str | None = None
    rows_at: str | None = None
    decimal: str = AUTO
    markup: str = AUTO
    time: _TimeTable = _TimeTable()
    map: dict[str, str] = {}
    set: dict[str, str | int | float | bool] = {}
    values: dict[str, dict[str, str]] = {}


def _stream_of(table: _StreamTable, folder: Path) -> Stream:
    return Stream(
        inputs=tuple(folder / name for name in table.inputs),
        kind=table.kind,
        form=table.format,
        encoding=table.encoding,
        delimiter=table.delimiter,
        quote=table.quote,
        rows_at=table.rows_at,
        decimal=table.decimal,
        markup=table.markup,
        time_format=table.time.format,
        time_zone=table.time.zone,
        map=table.map,
        set=table.set,
        values=table.values,
    )


class _Rejects:
    """Keeps rejected rows, and says when there are too many."""

    def __init__(self, options: ImportOptions, tally: Tally) -> None:
        self._options = options
        self._tally = tally
        self._file: IO[bytes] | None = None
        self._first = ""

    def __enter__(self) -> "_Rejects":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def take(self, path: Path, row: Row, error: RowError) -> None:
        """Keep one row.

        Args:
            path: The file that it stands in.
            row: As it was read.
            error: Why it cannot be used.
        """
        if self._file is None:
            self._file = self._options.rejected.open("wb")
            self._first = f"{path.name} row {row.number}: {error}"
        line: Mapping[str, Any] = {
            "file": readable(str(path)),
            "row": row.number,
            "line": row.line,
            "reason": error.fault,
            "message": error.message,
            "text": row.text,
        }
        self._file.write(orjson.dumps(line) + b"\n")
        self._tally.rejected[error.fault] += 1
        self._tally.files[-1].rejected += 1
        if error.kind and (error.kind in self._tally.kinds or len(self._tally.kinds) < _KINDS_MAX):
            self._tally.kinds[error.kind] += 1
        if self._tally.rejected.total() > self._options.errors_max:
            raise RecordingError(
                f"{self._tally.rejected.total()} of {self._tally.rows} rows are rejected, more than --max-errors "
                f"{self._options.errors_max}; the first: {self._first}. All are in {self._options.rejected}: "
                "correct the mapping, or allow more"
            )


def _records(
    options: ImportOptions, readers: list[RowReader], tally: Tally, rejects: _Rejects, progress: OnProgress
) -> Iterator[RecordedRecord]:
    for stream, reader in zip(options.streams, readers, strict=True):
        for path in stream.inputs:
            with ForeignFile(path) as file:
                table = Table(file, stream.written)
                tally.files.append(FileTally(path.name, table.words()))
                _look(reader, table)
                for row in table.rows():
                    tally.rows += 1
                    tally.files[-1].rows += 1
                    try:
                        record = _record(reader, row, tally, options)
                        if record is not None:
                            yield record
                    except RowError as error:
                        rejects.take(path, row, error)
                    if tally.rows % _PROGRESS_ROWS == 0:
                        progress(Progress(records=tally.rows, time_ms=tally.last_ms))


def _look(reader: RowReader, table: Table) -> None:
    rows = (row.fields for row in islice(table.rows(), _LOOKED_AT_ROWS))
    reader.look(
        [fields for fields in rows if not isinstance(fields, RowError)],
        None if table.layout is None else table.layout.header,
    )


def _record(reader: RowReader, row: Row, tally: Tally, options: ImportOptions) -> RecordedRecord | None:
    """A row's record; None if it is left out for its time."""
    if isinstance(row.fields, RowError):
        raise row.fields
    made = reader.read(row.fields)
    before = options.since_ms is not None and made.timestamp < options.since_ms
    if before or (options.until_ms is not None and made.timestamp >= options.until_ms):
        tally.outside += 1
        return None
    tally.first_ms = made.timestamp if tally.first_ms is None else min(tally.first_ms, made.timestamp)
    tally.last_ms = made.timestamp if tally.last_ms is None else max(tally.last_ms, made.timestamp)
    place = partition_for(made.key, options.lanes)
    return RecordedRecord(made.topic, place, tally.rows, made.timestamp, made.key, (), made.value)

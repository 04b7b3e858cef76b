"""Rows of a foreign file: JSON lines or CSV, plain or compressed, one at a time.

A row that cannot be read is handed on as a `RowError` in its place: one bad
row in a quarter's export must not cost the rest.
"""

import contextlib
import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import orjson
import zstandard

from pipeline.adapters.recordings.format import RecordingError

FIELD_CHARS_MAX = 1_000_000
"""Of one CSV field: what INGEST refuses as a whole record."""

_FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv"}


class Fault(StrEnum):
    """Why a row was rejected: a closed list, so that a report can count by it."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_A_ROW = "not_a_row"
    MISSING_FIELD = "missing_field"
    UNMAPPED_VALUE = "unmapped_value"
    BAD_TIME = "bad_time"
    SCHEMA_MISMATCH = "schema_mismatch"


class RowError(Exception):
    """One row cannot be imported; the rest goes on.

    Args:
        fault: The word of the closed list.
        message: Which field, what it was, what it must be.
    """

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(f"{fault}: {message}")
        self.fault = fault
        self.message = message


class Row(NamedTuple):
    """One row.

    Attributes:
        number: From 1; a CSV's header is not counted, nor are empty lines.
        fields: By name, or why there are none.
        text: What the file holds, for the report.
    """

    number: int
    fields: Mapping[str, Any] | RowError
    text: str


def rows_of(path: Path, form: str = "auto", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Read the rows of a file.

    Args:
        path: Plain, or compressed as `.gz` or `.zst`.
        form: `jsonl`, `csv`, or `auto` to go by the name.
        encoding: Of a CSV, as Python names it; JSON is UTF-8.

    Yields:
        Rows in the order of the file.

    Raises:
        RecordingError: If the file cannot be read, or its name says no format.
    """
    try:
        with contextlib.ExitStack() as stack:
            file = _opened(path, stack)
            if format_of(path, form) == "jsonl":
                yield from _json_rows(file)
            else:
                text = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
                yield from _csv_rows(stack.enter_context(text), path)
    except (OSError, EOFError, zstandard.ZstdError) as error:
        raise RecordingError(f"{path}: cannot be read: {error}") from None


def format_of(path: Path, form: str) -> str:
    """Which format a file has; RecordingError if its name does not say.

    >>> format_of(Path("posts.jsonl.gz"), "auto")
    'jsonl'
    """
    if form != "auto":
        return form
    plain = path.with_suffix("") if path.suffix in {".gz", ".zst"} else path
    if plain.suffix not in _FORMATS:
        raise RecordingError(f"{path}: the name does not say whether it is jsonl or csv: say so with --format")
    return _FORMATS[plain.suffix]


def _opened(path: Path, stack: contextlib.ExitStack) -> BinaryIO:
    file: BinaryIO = stack.enter_context(path.open("rb"))
    if path.suffix == ".gz":
        return cast("BinaryIO", stack.enter_context(gzip.GzipFile(fileobj=file)))
    if path.suffix == ".zst":
        return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True))
    return file


def _json_rows(file: BinaryIO) -> Iterator[Row]:
    number = 0
    for line in file:
        if line.isspace():
            continue
        number += 1
        text = line.decode(errors="backslashreplace").rstrip("\r\n")
        try:
            fields = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as error:
            yield Row(number, RowError(Fault.NOT_JSON, str(error)), text)
            continue
        if not isinstance(fields, dict):
            fault = RowError(Fault.NOT_A_ROW, f"is a JSON {type(fields).__name__}, must be an object")
            yield Row(number, fault, text)
            continue
        yield Row(number, fields, text)


def _csv_rows(lines: io.TextIOWrapper, path: Path) -> Iterator[Row]:
    csv.field_size_limit(FIELD_CHARS_MAX)
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise RecordingError(f"{path}: the header cannot be read: {error}") from None
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Row(number, RowError(Fault.NOT_A_ROW, f"is no row of a CSV: {error}"), "")
            continue
        if cells:
            number += 1
            yield _csv_row(number, header, cells)


def _csv_row(number: int, header: list[str], cells: list[str]) -> Row:
    text = orjson.dumps([_printable(cell) for cell in cells]).decode()
    if len(cells) != len(header):
        fault = RowError(Fault.NOT_A_ROW, f"has {len(cells)} cells, the header has {len(header)}")
        return Row(number, fault, text)
    broken = [name for name, cell in zip(header, cells, strict=True) if _printable(cell) != cell]
    if broken:
        return Row(number, RowError(Fault.NOT_UTF8, f"field {broken[0]!r} is not in the file's encoding"), text)
    return Row(number, dict(zip(header, cells, strict=True)), text)


def _printable(cell: str) -> str:
    return cell.encode(errors="surrogateescape").decode(errors="backslashreplace")

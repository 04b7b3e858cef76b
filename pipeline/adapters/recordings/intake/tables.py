"""Rows of a foreign file: JSON lines or CSV, plain or compressed, one at a time.

A row that cannot be read is handed on as a `RowError` in its place: one bad
row in a quarter's export must not cost the rest.
"""

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

import orjson

from pipeline.adapters.codecs.unpacking import UnpackedFile, UnpackError
from pipeline.adapters.recordings.format import RecordingError
from pipeline.records.errors import ConfigError

FIELD_CHARS_MAX = 1_000_000
"""Longest CSV field: INGEST refuses a whole record of that length."""

LINE_MAX: Final = 4 * 1024 * 1024
"""Bytes of a line of JSON, characters of a line of CSV: four times a record of INGEST. Longer ones are rejected."""

TEXT_CHARS_MAX: Final = 2_000
"""Longest text of a rejected row as the report keeps it; so rejected rows are never larger than what they tell."""

_NO_TABLES: Final = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})
"""Encodings of Python in which nobody writes a table."""

_FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv"}


class Fault(StrEnum):
    """Why a row was rejected: a closed list, so that a report can count by it."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_A_ROW = "not_a_row"
    MISSING_FIELD = "missing_field"
    UNMAPPED_VALUE = "unmapped_value"
    BAD_TIME = "bad_time"
    TOO_LONG = "too_long"
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
        text: What the file holds, for the report; at most `TEXT_CHARS_MAX` characters.
    """

    number: int
    fields: Mapping[str, Any] | RowError
    text: str


def rows_of(path: Path, form: str = "auto", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Read the rows of a file.

    Args:
        path: Plain, or compressed as `.gz` or `.zst`.
        form: `jsonl`, `csv`, or `auto` to go by the name.
        encoding: Encoding of a CSV file, as Python names it; JSON is UTF-8.

    Yields:
        Rows in the order of the file.

    Raises:
        RecordingError: If the file cannot be read, or its name says no format.
        ConfigError: If the encoding is none.
    """
    check_encoding(encoding)
    try:
        with contextlib.ExitStack() as stack:
            file = _opened(path, stack)
            if format_of(path, form) == "jsonl":
                yield from _json_rows(file)
            else:
                text = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
                yield from _csv_rows(stack.enter_context(text), path)
    except UnicodeError as error:
        raise RecordingError(
            f"{path}: is not written in {encoding}: {error}; name its encoding with --encoding"
        ) from None
    except UnpackError as error:
        raise RecordingError(f"{path}: {error}") from None
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error}") from None


def check_encoding(encoding: str) -> None:
    """Refuse an encoding that is none of texts.

    Raises:
        ConfigError: If Python does not know it, or it turns no bytes into a table's text (rot13, base64, idna).
    """
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise ConfigError(f"encoding {encoding[:40]!r}: is not known; try utf-8, utf-16, cp1252 or latin-1") from None
    if found.name in _NO_TABLES or not getattr(found, "_is_text_encoding", True):
        raise ConfigError(f"encoding {encoding!r}: is none of texts; try utf-8, utf-16, cp1252 or latin-1")


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
    if path.suffix in {".gz", ".zst"}:
        return cast("BinaryIO", stack.enter_context(io.BufferedReader(UnpackedFile(file, path.suffix))))
    return file


def _json_rows(file: BinaryIO) -> Iterator[Row]:
    number = 0
    while line := file.readline(LINE_MAX):
        if line.isspace():
            continue
        number += 1
        text = _clipped(line[:TEXT_CHARS_MAX].decode(errors="backslashreplace").rstrip("\r\n"))
        if len(line) == LINE_MAX and not line.endswith(b"\n"):
            while (rest := file.readline(LINE_MAX)) and not rest.endswith(b"\n"):
                pass
            yield Row(number, RowError(Fault.TOO_LONG, f"is longer than {LINE_MAX:,} bytes"), text)
            continue
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
    reader = csv.reader(_Lines(lines), strict=True)
    try:
        header = next(reader, [])
    except (csv.Error, RowError) as error:
        raise RecordingError(f"{path}: the header cannot be read: {error}") from None
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except RowError as error:
            number += 1
            yield Row(number, error, "")
            continue
        except csv.Error as error:
            number += 1
            yield Row(number, RowError(Fault.NOT_A_ROW, f"is no row of a CSV: {error}"), "")
            continue
        if cells:
            number += 1
            yield _csv_row(number, header, cells)


class _Lines:
    """Lines of a text, none longer than `LINE_MAX`: a generator could not go on after its error."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LINE_MAX)
        if not line:
            raise StopIteration
        if len(line) == LINE_MAX and not line.endswith("\n"):
            while (rest := self._file.readline(LINE_MAX)) and not rest.endswith("\n"):
                pass
            raise RowError(Fault.TOO_LONG, f"is longer than {LINE_MAX:,} characters")
        return line


def _csv_row(number: int, header: list[str], cells: list[str]) -> Row:
    text = _clipped(orjson.dumps([_printable(cell[:TEXT_CHARS_MAX]) for cell in cells[:TEXT_CHARS_MAX]]).decode())
    if len(cells) != len(header):
        fault = RowError(Fault.NOT_A_ROW, f"has {len(cells)} cells, the header has {len(header)}")
        return Row(number, fault, text)
    broken = [name for name, cell in zip(header, cells, strict=True) if _printable(cell) != cell]
    if broken:
        return Row(number, RowError(Fault.NOT_UTF8, f"field {broken[0]!r} is not in the file's encoding"), text)
    return Row(number, dict(zip(header, cells, strict=True)), text)


def _printable(cell: str) -> str:
    return cell.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _clipped(text: str) -> str:
    return text if len(text) <= TEXT_CHARS_MAX else text[: TEXT_CHARS_MAX - 1] + "…"

"""Rows of a foreign file: JSON or CSV, plain or compressed, one at a time, however it is written.

What the file does not say is found by looking, told, and may be said instead:
format, encoding, delimiter, quote, and where in an object the rows are. Every
row of the file comes out, readable or refused.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from pipeline.adapters.recordings.intake.written.documents import (
    DOCUMENT_CHARS_MAX,
    ITSELF,
    Numbered,
    document_of,
    is_lines,
    lists_in,
    values_in,
)
from pipeline.adapters.recordings.intake.written.faults import (
    TEXT_CHARS_MAX,
    Fault,
    Row,
    RowError,
    clipped,
    is_broken,
    printable,
)
from pipeline.adapters.recordings.intake.written.files import AUTO, ForeignFile
from pipeline.adapters.recordings.intake.written.layout import Layout, layout_of
from pipeline.adapters.recordings.intake.written.quoting import LINE_MAX, Lines, Record, Records, trimmed

__all__ = ["LINE_MAX", "TEXT_CHARS_MAX", "Fault", "Row", "RowError", "Table", "Written", "rows_of"]

FORMATS: Final = (AUTO, "jsonl", "json", "csv")
_CSV_NAMES: Final = frozenset({".csv", ".tsv", ".tab", ".psv"})
_HEAD_CHARS: Final = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a file is written, as far as the caller says so; the rest is found.

    Attributes:
        form: `jsonl`, `json` (an array or an object), `csv`, or `auto`.
        encoding: As Python names it, or `auto`.
        delimiter: Between the cells of a CSV; None to find it.
        quote: Around the cells of a CSV; None to find it.
        rows_at: Path to the rows within a JSON object, `.` for the object itself; None to find it.
    """

    form: str = AUTO
    encoding: str = AUTO
    delimiter: str | None = None
    quote: str | None = None
    rows_at: str | None = None


class Table:
    """A file as rows.

    Args:
        file: The file; it is read several times.
        written: How it is written, as far as the caller knows.

    Raises:
        RecordingError: If it cannot be read.
        ConfigError: If the encoding is none.
    """

    def __init__(self, file: ForeignFile, written: Written | None = None) -> None:
        written = written or Written()
        self._file = file
        self.encoding = file.encoding(written.encoding)
        self.layout: Layout | None = None
        self.rows_at = written.rows_at
        with file.text(self.encoding.name) as text:
            head = text.read(_HEAD_CHARS)
        self.form = _form_of(head, file.path, written.form)
        if self.form == "csv":
            with file.text(self.encoding.name) as text:
                self.layout = layout_of(iter(Lines(text)), written.delimiter, written.quote)
        elif self.rows_at is None and self.form == "json":
            self.rows_at = self._found_rows()

    def words(self) -> str:
        """How it was read, in a line for people."""
        if self.form != "csv":
            form = {"jsonl": "JSON lines", "json": "JSON"}[self.form]
            at = "" if self.rows_at is None else f", rows at {self.rows_at!r}"
            return f"{form}, {self.encoding.words}{at}"
        if self.layout is None:
            return f"CSV, {self.encoding.words}, nothing in it"
        said = {"found": "", "sep=": " (by its line sep=)", "as said": " (as said)"}[self.layout.said]
        parts = ["CSV", self.encoding.words, f"{self.layout.dialect.words()}{said}", *self.layout.notes]
        return ", ".join(parts)

    def rows(self) -> Iterator[Row]:
        """All rows in the order of the file.

        Raises:
            RecordingError: If the file cannot be read.
        """
        with self._file.text(self.encoding.name) as text:
            if self.form == "jsonl":
                yield from self._json_lines(text)
            elif self.form == "json":
                numbered = Numbered(self.rows_at)
                for value in values_in(self._document(text)):
                    yield from numbered.of(value)
            elif self.layout is not None:
                yield from _csv_rows(text, self.layout)

    def _document(self, text: io.TextIOBase) -> str:
        return document_of(text.read(DOCUMENT_CHARS_MAX + 1), str(self._file.path))

    def _found_rows(self) -> str | None:
        """Where the rows are in a document that is one object; None for arrays and for several objects."""
        with self._file.text(self.encoding.name) as text:
            document = self._document(text)
        if document.lstrip("\ufeff \t\r\n").startswith("["):
            return None
        values = values_in(document)
        first, more = next(values, ""), next(values, None)
        if more is not None:
            return None
        try:
            lists = lists_in(orjson.loads(first.encode("utf-8", "surrogatepass")))
        except orjson.JSONDecodeError:
            return None
        return lists[0][0] if lists else ITSELF

    def _json_lines(self, text: io.TextIOBase) -> Iterator[Row]:
        numbered = Numbered(self.rows_at)
        for number, line in Lines(text):
            if line.isspace():
                continue
            if len(line) >= LINE_MAX:
                error = RowError(Fault.TOO_LONG, f"is longer than {LINE_MAX:,} characters")
                yield numbered.refused(error, line[: 2 * TEXT_CHARS_MAX], number)
            else:
                yield from numbered.of(line.rstrip("\r\n"), number)


def rows_of(path: Path, form: str = AUTO, encoding: str = AUTO) -> Iterator[Row]:
    """Read the rows of a file.

    Args:
        path: Plain, or compressed with gzip or zstd.
        form: `jsonl`, `json`, `csv`, or `auto` to go by content and name.
        encoding: As Python names it, or `auto`.

    Yields:
        Rows in the order of the file.

    Raises:
        RecordingError: If the file cannot be read.
        ConfigError: If the encoding is none.
    """
    with ForeignFile(path) as file:
        yield from Table(file, Written(form=form, encoding=encoding)).rows()


def _form_of(head: str, path: Path, wanted: str) -> str:
    if wanted != AUTO:
        return wanted
    names = {suffix.casefold() for suffix in path.suffixes[-2:]}
    start = head.lstrip("\ufeff \t\r\n")[:1]
    if names & _CSV_NAMES or start not in {"{", "["}:
        return "jsonl" if names & {".jsonl", ".ndjson"} and not names & _CSV_NAMES else "csv"
    if not is_lines(head):
        return "json"
    alone = head.strip().count("\n") == 0 and len(head) < _HEAD_CHARS
    return "json" if alone and not names & {".jsonl", ".ndjson"} else "jsonl"


def _csv_rows(text: io.TextIOBase, layout: Layout) -> Iterator[Row]:
    number = 0
    header = layout.header
    lines = ((at, line) for at, line in Lines(text) if at >= layout.header_line)
    records = iter(Records(lines, layout.dialect, len(header)))
    next(records, None)
    for record in records:
        if isinstance(record.cells, list) and not any(map(str.strip, record.cells)):
            continue
        number += 1
        yield _csv_row(number, header, record)


def _csv_row(number: int, header: tuple[str, ...], record: Record) -> Row:
    cells = record.cells
    if isinstance(cells, RowError):
        return Row(number, cells, clipped(printable(record.text[: 2 * TEXT_CHARS_MAX].rstrip("\r\n"))), record.line)
    text = clipped(orjson.dumps([printable(cell[:TEXT_CHARS_MAX]) for cell in cells[:TEXT_CHARS_MAX]]).decode())
    width = len(header)
    cells = trimmed(cells, width)
    fields: dict[str, Any] | RowError
    if len(cells) != width:
        fields = RowError(Fault.NOT_A_ROW, f"line {record.line}: has {len(cells)} cells, the header has {width}")
    elif cells == list(header):
        fields = RowError(Fault.NOT_A_ROW, f"line {record.line}: is the header once more")
    elif broken := [name for name, cell in zip(header, cells, strict=True) if is_broken(cell)]:
        fields = RowError(Fault.NOT_UTF8, f"line {record.line}: field {broken[0]!r} is not in the file's encoding")
    else:
        fields = dict(zip(header, cells, strict=True))
    return Row(number, fields, text, record.line)

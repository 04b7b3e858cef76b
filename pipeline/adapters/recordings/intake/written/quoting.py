"""Lines become rows of cells, and no quote swallows what follows it.

A parser of CSV reads on to the next quote, wherever it is: one stray quote ate
1,899 of 2,000 rows and nobody was told. Therefore lines are counted before they
are parsed. A row whose quote is open at the line's end takes further lines only
while they can belong to it; if the quote is never closed, closes in the middle
of a cell, or a line within it is plainly a row of its own, then the first line
alone is refused, with its number, and the lines after it are read one by one.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final, NamedTuple

from pipeline.adapters.recordings.intake.written.faults import Fault, RowError

LINE_MAX: Final = 4 * 1024 * 1024
"""Bytes of a line of JSON, characters of a line of CSV: four times a record of INGEST. Longer ones are refused."""

RECORD_CHARS_MAX: Final = 1_000_000
"""Longest row over several lines: INGEST refuses a whole record of that length."""

_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


class Dialect(NamedTuple):
    r"""How cells are told apart.

    Attributes:
        delimiter: One character between two cells.
        quote: One character around a cell that holds delimiters or line ends.
        escape: Character that makes a quote within a cell an ordinary one, besides a doubled quote; empty for none.
        spaced: Whether spaces after a delimiter belong to no cell.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    spaced: bool = False

    def words(self) -> str:
        """As people name it."""
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
        delimiter = names.get(self.delimiter, repr(self.delimiter))
        quote = "" if self.quote == '"' else f", quote {self.quote}"
        return delimiter + quote + (", quotes escaped with a backslash" if self.escape else "")


class Record(NamedTuple):
    """One row of cells.

    Attributes:
        line: Number of its first line, from 1.
        cells: What stands in it, or why nothing can be told.
        text: Its first line.
        lines: How many lines it holds, 1 or more.
    """

    line: int
    cells: list[str] | RowError
    text: str
    lines: int = 1


class _State(Enum):
    CLOSED = 1
    OPEN = 2
    BROKEN = 3


class _Line(NamedTuple):
    number: int
    text: str


class Lines:
    """Numbered lines of a text, none longer than `LINE_MAX`; the rest of a longer one is passed over.

    Args:
        file: Open at its beginning, with line ends as they are.
    """

    def __init__(self, file: io.TextIOBase) -> None:
        self._file = file
        self._number = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while line := self._file.readline(LINE_MAX):
            self._number += 1
            if len(line) == LINE_MAX and not line.endswith(("\n", "\r")):
                while (rest := self._file.readline(LINE_MAX)) and not rest.endswith(("\n", "\r")):
                    pass
            yield self._number, line.removeprefix("\ufeff") if self._number == 1 else line


class Records:
    """Rows of cells out of lines.

    Args:
        lines: Numbered lines.
        dialect: How cells are told apart.
        width: Cells of the header, 1 or more; a row over several lines with another number is taken for a stray quote.
            None if that is not known.
    """

    def __init__(self, lines: Iterator[tuple[int, str]], dialect: Dialect, width: int | None = None) -> None:
        self._lines = lines
        self._ahead: deque[_Line] = deque()
        self._dialect = dialect
        self._width = width
        self._plain = not dialect.escape and not dialect.spaced
        self._like: Sequence[str] = ()
        csv.field_size_limit(LINE_MAX)

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            if line.text.isspace():
                continue
            if len(line.text) >= LINE_MAX:
                error = RowError(Fault.TOO_LONG, f"line {line.number}: is longer than {LINE_MAX:,} characters")
                yield Record(line.number, error, line.text)
            elif self._dialect.quote not in line.text:
                cells = self._split(line.text)
                if len(cells) >= len(self._like):
                    self._like = cells
                yield Record(line.number, cells, line.text)
            else:
                yield self._quoted(line)

    def _next(self) -> _Line | None:
        if self._ahead:
            return self._ahead.popleft()
        found = next(self._lines, None)
        return None if found is None else _Line(*found)

    def _split(self, text: str) -> list[str]:
        if self._plain:
            return text.rstrip("\r\n").split(self._dialect.delimiter)
        return self._parsed([text])

    def _parsed(self, lines: list[str]) -> list[str]:
        dialect = self._dialect
        reader = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            escapechar=dialect.escape or None,
            skipinitialspace=dialect.spaced,
        )
        return next(reader, [])

    def _quoted(self, first: _Line) -> Record:
        """A row that begins on a line with a quote: that line, or as many as the quote holds together."""
        state = self._after(first.text, at_start=True)
        taken = [first]
        chars = len(first.text)
        while state is _State.OPEN:
            line = self._next()
            if line is None:
                break
            taken.append(line)
            chars += len(line.text)
            if chars > RECORD_CHARS_MAX or self._is_a_row(line.text, first.text):
                break
            state = self._after(line.text, at_start=False)
        if state is _State.CLOSED:
            cells = self._parsed([line.text for line in taken])
            if len(taken) == 1 or self._width is None or len(trimmed(cells, self._width)) == self._width:
                return Record(first.number, cells, first.text, len(taken))
        self._ahead.extendleft(reversed(taken[1:]))
        return Record(first.number, self._refusal(first, alone=len(taken) == 1, state=state), first.text)

    def _refusal(self, first: _Line, *, alone: bool, state: _State) -> RowError:
        quote = self._dialect.quote
        if alone and state is _State.BROKEN:
            message = f"line {first.number}: is no row of a CSV: something follows the {quote} that closes a cell"
            return RowError(Fault.NOT_A_ROW, message)
        message = (
            f"line {first.number}: a quote ({quote}) opens a cell and does not close it: double it or take it out; "
            "the lines after it are read as rows of their own"
        )
        return RowError(Fault.UNCLOSED_QUOTE, message)

    def _after(self, text: str, *, at_start: bool) -> _State:
        """Whether a cell is open at a line's end; linear in its length."""
        text = text.rstrip("\r\n")
        place = self._next_quote(text, 0) if at_start else 0
        while place >= 0:
            closing = self._closing(text, place)
            if closing < 0:
                return _State.OPEN
            if closing + 1 >= len(text):
                return _State.CLOSED
            if text[closing + 1] != self._dialect.delimiter:
                return _State.BROKEN
            place = self._next_quote(text, closing + 2)
        return _State.CLOSED

    def _next_quote(self, text: str, place: int) -> int:
        """Where the next cell in quotes has its first character, from the beginning of a cell; -1 if there is none."""
        dialect = self._dialect
        while True:
            while dialect.spaced and text[place : place + 1] == " ":
                place += 1
            if text[place : place + 1] == dialect.quote:
                return place + 1
            found = text.find(dialect.delimiter, place)
            if found < 0:
                return -1
            place = found + 1

    def _closing(self, text: str, place: int) -> int:
        """Where the quote stands that closes the cell; -1 if none does."""
        quote, escape = self._dialect.quote, self._dialect.escape
        while (found := text.find(quote, place)) >= 0:
            if escape and (found - len(text[place:found].rstrip(escape)) - place) % 2:
                place = found + 1
            elif text[found + 1 : found + 2] == quote:
                place = found + 2
            else:
                return found
        return -1

    def _is_a_row(self, text: str, opening: str) -> bool:
        """Whether a line within quotes is a row of its own: as many cells, and a number where rows have one like it."""
        like = self._like or opening.partition(self._dialect.quote)[0].split(self._dialect.delimiter)[:-1]
        cells = self._parsed([text])
        if self._like and len(cells) != len(self._like):
            return False
        shapes = ((_shape(cell), _shape(other)) for cell, other in zip(cells, like, strict=False))
        return len(cells) > 1 and any(shape == other and "9" in shape for shape, other in shapes)


def trimmed(cells: list[str], width: int) -> list[str]:
    """Cells without empty ones beyond the header's width: some programs end each line with a delimiter.

    >>> trimmed(["a", "b", "", " "], 2), trimmed(["a", "b", "c"], 2)
    (['a', 'b'], ['a', 'b', 'c'])
    """
    return cells if any(map(str.strip, cells[width:])) else cells[:width]


def _shape(cell: str) -> str:
    """A cell's form, whatever its numbers and words: two times have the same, a time and a name have not.

    >>> _shape("2025-02-12 08:01"), _shape("Koeln 50667")
    ('9-9-9 9:9', 'a 9')
    """
    return _LETTERS.sub("a", _DIGITS.sub("9", cell.strip()))

"""How a CSV is laid out: what stands between cells, around them, and above the header.

Whoever exports a table says none of this, and every office program has its own
habit. The layout is the one under which most rows have as many cells as the
header; a line `sep=;`, which Excel writes, is a plain word and wins. Lines above
the header that are no part of the table - a title, a date of export - are named.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.adapters.recordings.intake.written.faults import RowError
from pipeline.adapters.recordings.intake.written.quoting import Dialect, Record, Records
from pipeline.records.errors import ConfigError

SAMPLE_LINES: Final = 1_000
"""Lines that are looked at; a layout does not change within a file."""

_SAMPLE_CHARS: Final = 1_000_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_SEP_LINE: Final = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
_SPACED: Final = re.compile(r'[,;|] "')
_NAMES: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a CSV is laid out.

    Attributes:
        dialect: How cells are told apart.
        header: Names of its columns, as they stand there, each once.
        header_line: Line on which the header stands, from 1.
        notes: What a reader should know: lines above the header, columns without or with the same name.
        said: Who said the delimiter: `found`, `sep=`, or `as said`.
    """

    dialect: Dialect
    header: tuple[str, ...]
    header_line: int
    notes: tuple[str, ...] = ()
    said: str = "found"


def character(text: str | None, option: str) -> str | None:
    r"""One character from the command line.

    Raises:
        ConfigError: If it is none.

    >>> character("tab", "--delimiter"), character(";", "--delimiter"), character(None, "--quote")
    ('\t', ';', None)
    """
    if text is None:
        return None
    found = _NAMES.get(text.casefold(), text)
    if len(found) != 1 or found in "\r\n":
        raise ConfigError(f"{option} {text!r}: must be one character, or tab, comma, semicolon, pipe or space")
    return found


def layout_of(
    lines: Iterator[tuple[int, str]], delimiter: str | None = None, quote: str | None = None
) -> Layout | None:
    """Find out how a CSV is laid out.

    Args:
        lines: Numbered lines, from the first.
        delimiter: What the caller says; None to find out.
        quote: What the caller says; None to find out.

    Returns:
        The layout; None if there is no line with anything on it.
    """
    sample = _sampled(lines)
    said = "found" if delimiter is None else "as said"
    first = next((text for _, text in sample), "")
    if match := _SEP_LINE.fullmatch(first):
        sample = sample[1:]
        if delimiter is None:
            delimiter, said = match[1], "sep="
    dialect = _dialect_of(sample, delimiter, quote)
    records = [record for record in Records(iter(sample), dialect) if not isinstance(record.cells, RowError)]
    if not records:
        return None
    above = _above(records)
    head = records[above]
    header, notes = _header(head.cells if isinstance(head.cells, list) else [])
    if above:
        skipped = "1 line is" if above == 1 else f"{above} lines are"
        notes = (f"header on line {head.line}: {skipped} no part of the table", *notes)
    return Layout(dialect=dialect, header=header, header_line=head.line, notes=notes, said=said)


def _sampled(lines: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    sample, chars = [], 0
    for number, text in islice(lines, SAMPLE_LINES):
        sample.append((number, text))
        chars += len(text)
        if chars > _SAMPLE_CHARS:
            break
    return sample


def _dialect_of(sample: list[tuple[int, str]], delimiter: str | None, quote: str | None) -> Dialect:
    text = "".join(line for _, line in sample)
    quotes = [quote] if quote else ['"', *(["'"] if "'" in text else [])]
    escapes = ["", "\\"] if '\\"' in text else [""]
    spaced = _SPACED.search(text) is not None
    tried = [
        Dialect(mark, around, escape, spaced)
        for mark in ([delimiter] if delimiter else _DELIMITERS)
        for around in quotes
        for escape in escapes
        if mark in text or delimiter or mark == ","
    ]
    return max(tried, key=lambda dialect: _fit(sample, dialect))


def _fit(sample: list[tuple[int, str]], dialect: Dialect) -> tuple[float, int, int]:
    """How well a dialect fits: share of rows as wide as most, the header among them; whether quotes are used; width."""
    widths: Counter[int] = Counter()
    refused = wrapped = bare = 0
    for record in Records(iter(sample), dialect):
        if isinstance(record.cells, RowError):
            refused += 1
            continue
        widths[len(record.cells)] += 1
        if dialect.quote == "'":
            wrapped += f"{dialect.delimiter}'" in record.text or record.text.startswith("'")
            bare += '"' in record.text
    if not widths:
        return (0.0, 0, 0)
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    share = count / (widths.total() + refused)
    if width == 1 or (dialect.quote == "'" and (bare or wrapped * 2 < widths.total())):
        return (0.0, 0, 0 if dialect.quote == "'" else 1)
    wanted = 1.0 if next(iter(widths)) == width else 0.5
    return (round(share * wanted, 2), wrapped > 0, width)


def _above(records: Sequence[Record]) -> int:
    """Number of rows above the header: those with one filled cell before rows with three and more."""
    widths = Counter(len(record.cells) for record in records if isinstance(record.cells, list))
    width = max(widths.items(), key=lambda pair: (pair[1], pair[0]))[0]
    if width < 3:
        return 0
    for number, record in enumerate(records[:20]):
        cells = record.cells if isinstance(record.cells, list) else []
        if sum(bool(cell.strip()) for cell in cells) > 1:
            return number if len(cells) >= width else 0
    return 0


def _header(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of columns: each once, none empty but the last ones, which are left out."""
    stripped = [cell.strip() for cell in cells]
    while stripped and not stripped[-1]:
        stripped.pop()
    names: list[str] = []
    notes = []
    for number, name in enumerate(stripped, start=1):
        if not name:
            notes.append(f"column {number} has no name: it is called 'column {number}'")
            names.append(f"column {number}")
        elif name in names:
            notes.append(f"column {number} is called {name!r} like one before it: it is called '{name} {number}'")
            names.append(f"{name} {number}")
        else:
            names.append(name)
    return tuple(names), tuple(notes)

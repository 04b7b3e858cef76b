"""The reference's tables, elements.csv and own_places.csv, read with the care that foreign files get.

People keep them in a spreadsheet, so they come with semicolons, a mark (BOM), in cp1252
or with decimal commas. All of that is read as an import reads it; what cannot be read is
told with the line on which it begins.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from pipeline.adapters.recordings.format import RecordingError
from pipeline.adapters.recordings.intake.cells.numbers import decimal_of, plain_number
from pipeline.adapters.recordings.intake.tables import Table, Written
from pipeline.adapters.recordings.intake.written.faults import Row, RowError
from pipeline.adapters.recordings.intake.written.files import ForeignFile

T = TypeVar("T", bound=msgspec.Struct)

_DEGREES: Final = frozenset({"lat", "lon"})
"""Numbers that are never in thousands, so a comma in one is a decimal comma."""


def read_table(path: Path, kind: type[T], problems: list[str]) -> list[tuple[int, T]]:
    """Read a table.

    Args:
        path: A CSV, as some program wrote it.
        kind: What a row is; fields without a default are columns that must be there.
        problems: What is wrong is added, each with file and line.

    Returns:
        Line and row of each row that can be used, in the order of the file.
    """
    try:
        with ForeignFile(path) as file:
            table = Table(file, Written(form="csv"))
            if table.layout is None:
                return []
            if wrong := _wrong_columns(table.layout.header, kind):
                problems.append(f"{path}:{table.layout.header_line}: {wrong}")
                return []
            rows = list(table.rows())
    except RecordingError as error:
        problems.append(str(error))
        return []
    numbers = [field.name for field in msgspec.structs.fields(kind) if _is_number(field.type)]
    decimal = decimal_of(text for row in rows for name in numbers if (text := _cell(row, name)))
    found = []
    for row in rows:
        try:
            found.append((row.line, _row(row, kind, numbers, decimal)))
        except (RowError, msgspec.ValidationError) as error:
            message = error.message if isinstance(error, RowError) else str(error)
            problems.append(f"{path}:{row.line}: {message.removeprefix(f'line {row.line}: ')}")
    return found


def _wrong_columns(header: Sequence[str], kind: type[T]) -> str:
    """What is wrong with the columns; '' if nothing is."""
    fields = msgspec.structs.fields(kind)
    names = {name.strip() for name in header}
    missing = [field.name for field in fields if field.required and field.name not in names]
    unknown = sorted(names - {field.name for field in fields})
    told = [f"has no column {name}" for name in missing] + [f"unknown column {name[:40]!r}" for name in unknown[:8]]
    must = f"; must have {', '.join(field.name for field in fields)}, separated by one character"
    return "; ".join(told) + must if told else ""


def _row(row: Row, kind: type[T], numbers: Collection[str], decimal: str | None) -> T:
    if isinstance(row.fields, RowError):
        raise row.fields
    given = {name.strip(): text.strip() for name, text in row.fields.items() if text.strip()}
    for name in numbers:
        if name in given:
            given[name] = plain_number(name, given[name], "," if name in _DEGREES and "," in given[name] else decimal)
    return msgspec.convert(given, kind, strict=False)


def _cell(row: Row, name: str) -> str:
    return "" if isinstance(row.fields, RowError) else str(row.fields.get(name, ""))


def _is_number(kind: Any) -> bool:
    return kind in (int | None, float | None)

"""Rows out of JSON: one to a line, an array of them, or an object that holds them somewhere inside.

An API answers with an object around its rows (`{"statuses": [...]}`), an archive
is one array, a log is a row to a line. Which it is stands in the content, not in
the name. Elements of an array are read one after the other, so that an archive
which was cut off gives the rows before the cut, and the cut is named.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from pipeline.adapters.recordings.format import RecordingError
from pipeline.adapters.recordings.intake.written.faults import Fault, Row, RowError, clipped, printable

DOCUMENT_CHARS_MAX: Final = 1 << 28
"""Longest JSON document that is read at once; a longer one is told how to become lines."""

ITSELF: Final = "."
"""Path of the rows of an object that is a row itself."""

_DEPTH_MAX: Final = 4
_SPACE: Final = " \t\r\n"
_decode: Final = json.JSONDecoder().raw_decode


def is_lines(head: str) -> bool:
    """Whether a text that begins so has a row of JSON to a line; a line that is broken proves nothing.

    >>> is_lines('{"a": 1}'), is_lines('{'), is_lines('[{"a": 1},')
    (True, False, False)
    """
    if head.lstrip("\ufeff" + _SPACE).startswith("["):
        return False
    return any(line.startswith("{") and isinstance(_loaded(line), dict) for line in head.split("\n"))


def _loaded(text: str) -> Any:
    try:
        return orjson.loads(text.encode("utf-8", "surrogatepass"))
    except orjson.JSONDecodeError:
        return None


def lists_in(document: Any) -> list[tuple[str, int]]:
    """Where an object holds lists of objects: path and length, the longest first.

    >>> lists_in({"account": {"id": 1}, "data": {"items": [{"a": 1}, {"a": 2}]}, "tags": [{"x": 1}]})
    [('data.items', 2), ('tags', 1)]
    """
    found: list[tuple[str, int]] = []
    open_: list[tuple[str, Any]] = [("", document)]
    for _ in range(_DEPTH_MAX):
        deeper: list[tuple[str, Any]] = []
        for path, here in open_:
            for name, value in here.items() if isinstance(here, dict) else ():
                below = f"{path}.{name}" if path else str(name)
                if isinstance(value, list) and value and all(isinstance(row, dict) for row in value[:100]):
                    found.append((below, len(value)))
                deeper.append((below, value))
        open_ = deeper
    return sorted(found, key=lambda pair: -pair[1])


def rows_within(document: Any, path: str) -> list[Any]:
    """What stands at a path; lists on the way are opened.

    Raises:
        RowError: If there is nothing.

    >>> rows_within({"a": [{"b": [1, 2]}, {"b": [3]}]}, "a.b")
    [1, 2, 3]
    """
    here = [document]
    for name in () if path == ITSELF else path.split("."):
        here = [inner[name] for inner in here if isinstance(inner, Mapping) and name in inner]
        if not here:
            raise RowError(Fault.NOT_A_ROW, f"has nothing at {path!r} (--rows-at)")
        here = [row for inner in here for row in (inner if isinstance(inner, list) else [inner])]
    return here


class Numbered:
    """Makes rows of values, and numbers them.

    Args:
        path: Where rows are within each value; None if each is one.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self.number = 0

    def refused(self, error: RowError, text: str, line: int = 0) -> Row:
        """A row that cannot be read.

        Args:
            error: Why it cannot be read.
            text: What stands there.
            line: Line of the file, from 1; 0 if it has no line of its own.
        """
        self.number += 1
        return Row(self.number, error, clipped(printable(text)), line)

    def of(self, text: str, line: int = 0) -> Iterator[Row]:
        """The rows of one JSON value; what is none is refused."""
        try:
            value = orjson.loads(text.encode("utf-8", "surrogatepass"))
            rows = [value] if self._path is None else rows_within(value, self._path)
        except orjson.JSONDecodeError as error:
            yield self.refused(RowError(Fault.NOT_JSON, str(error)), text[:4_000], line)
            return
        except RowError as error:
            yield self.refused(error, text[:4_000], line)
            return
        for row in rows:
            shown = text[:4_000] if len(rows) == 1 else orjson.dumps(row).decode()[:4_000]
            if isinstance(row, dict):
                self.number += 1
                yield Row(self.number, row, clipped(printable(shown)), line)
            else:
                kind = type(row).__name__
                yield self.refused(RowError(Fault.NOT_A_ROW, f"is a JSON {kind}, must be an object"), shown, line)


def values_in(text: str) -> Iterator[str]:
    """The values of a document, as text: elements of an array at the top, else whole values one after the other.

    What cannot be read comes last, from there to the end.
    """
    place = _past_space(text, text.startswith("\ufeff"))
    if text[place : place + 1] == "[":
        yield from _elements(text, place + 1)
        return
    while place < len(text):
        end = _end_of_value(text, place)
        yield text[place:end]
        place = _past_space(text, end)


def _elements(text: str, place: int) -> Iterator[str]:
    place = _past_space(text, place)
    while place < len(text) and text[place] != "]":
        end = _end_of_value(text, place)
        yield text[place:end]
        place = _past_space(text, end)
        if text[place : place + 1] == ",":
            place = _past_space(text, place + 1)
        elif place < len(text) and text[place] != "]":
            yield text[place:]
            return
        elif place >= len(text) and end < len(text):
            break
    rest = _past_space(text, place + 1)
    if rest < len(text):
        yield text[rest:]


def _past_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in _SPACE:
        place += 1
    return place


def _end_of_value(text: str, place: int) -> int:
    try:
        return _decode(text, place)[1]
    except (json.JSONDecodeError, RecursionError):
        return len(text)


def document_of(text: str, name: str) -> str:
    """A document's text, if it is short enough to be read at once.

    Raises:
        RecordingError: If it is too long.
    """
    if len(text) > DOCUMENT_CHARS_MAX:
        raise RecordingError(
            f"{name}: is one JSON document of more than {DOCUMENT_CHARS_MAX:,} characters: make lines of it with "
            f"jq -c '.[]' {name} > rows.jsonl"
        )
    return text

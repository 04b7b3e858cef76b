"""Where in a TOML file a value stands, so that a mistake is named with its line.

`tomllib` gives values and no lines. A scenario's mistakes are told by their place
in the document (`scenario.outages[0].where`), which is looked up here in a plain
reading of the text: headers of tables, and keys at the beginning of a line. What
stands deeper, within an array over several lines, is found as the line of its key.
"""

import re
from typing import Final, NamedTuple

_HEADER: Final = re.compile(r"[ \t]*(\[\[?)([^\]]+)\]")
_KEY: Final = re.compile(r"[ \t]*([A-Za-z0-9_.-]+)[ \t]*=")
_QUOTED: Final = re.compile(r"'([^']+)'")
_PLACE: Final = re.compile(r"scenario\.([A-Za-z0-9_.\[\]-]+)(?: '([^']+)')?")


def lines_of(text: str) -> dict[str, int]:
    """The line, from 1, of each table and key of a TOML text, by its dotted place.

    >>> lines_of('name = "x"' + chr(10) + "[[outages]]" + chr(10) + 'id = "a"' + chr(10) + "[[outages]]")
    {'name': 1, 'outages[0]': 2, 'outages[0].id': 3, 'outages[1]': 4}
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _entered(header[2], counts, is_array=header[1] == "[[")
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return found


def _entered(header: str, counts: dict[str, int], *, is_array: bool) -> str:
    """The place that a header opens; tables within an array lie in the last element that was opened."""
    place = ""
    names = [name.strip() for name in header.split(".")]
    for depth, name in enumerate(names, start=1):
        place = f"{place}.{name}" if place else name
        if is_array and depth == len(names):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = f"{place}[{counts[place]}]"
    return place


class Located(NamedTuple):
    """A line of a text, and how much of the place of a mistake it shows, in characters."""

    depth: int
    line: int


def line_of(problem: str, text: str) -> Located | None:
    """The line of a text that a sentence about a scenario speaks of.

    Args:
        problem: Such as `scenario.outages[0].where = 3: must be ...`, or `scenario.areas 'DE/NW/koeln': ...`.
        text: The TOML in which it is looked for.

    Returns:
        The line of the value, of what holds it, or None if nothing of it stands in this text.

    >>> line_of("scenario.lanes = 0: must be above 0", "# a world" + chr(10) + "lanes = 0")
    Located(depth=5, line=2)
    """
    match = _PLACE.match(problem)
    if match is None:
        return None
    lines = lines_of(text)
    place, name = match[1].rstrip("."), match[2]
    if name is not None and (named := _line_of_names(_QUOTED.findall(problem), place, lines, text)):
        return Located(len(place) + len(name), named)
    while place:
        found = lines.get(place) or lines.get(f"{place}[0]")
        if found is not None:
            return Located(len(place), found)
        place = _above(place)
    return None


def _line_of_names(names: list[str], place: str, lines: dict[str, int], text: str) -> int | None:
    """Go from the beginning of a table to the first line with each name in quotes; None if the first is in none."""
    start = lines.get(place) or lines.get(f"{place}[0]")
    if start is None:
        return None
    rows, at = text.splitlines(), start - 1
    for name in names:
        further = next((number for number in range(at, len(rows)) if f'"{name}"' in rows[number]), None)
        if further is None:
            return None if name == names[0] else at + 1
        at = further
    return at + 1


def _above(place: str) -> str:
    """What holds a place: an element of an array is held by the array.

    >>> _above("outages[0].where"), _above("outages[0]"), _above("outages")
    ('outages[0]', 'outages', '')
    """
    return place[: place.rindex("[")] if place.endswith("]") else place.rpartition(".")[0]

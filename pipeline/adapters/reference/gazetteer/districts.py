"""Postcode districts that are counted up: "NG 1 to 11" is Nottingham.

Great Britain gives no list of its postcodes away, but which districts have a town as their post town is common
knowledge; the file holds ranges of them. A district that is shared by several towns is left out: no place is better
than a wrong one.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pipeline.reference.gazetteer import Postcode

DISTRICTS: Final = "postcode_districts.csv"
"""Name of the file in the folder of the reference; it may be missing."""

COLUMNS: Final = ("market", "letters", "first", "last", "suffixes", "area")

NUMBER_MAX: Final = 99


def districts_of(path: Path, problems: list[str]) -> Iterator[Postcode]:
    """Every district of a file of ranges, as a postcode of its town.

    Args:
        path: The file.
        problems: Gets a line for each mistake.
    """
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file), 1):
            if number == 1 and tuple(row) == COLUMNS:
                continue
            if not _is_range(row):
                must = f"must be {','.join(COLUMNS)}, with 0 <= first <= last <= {NUMBER_MAX}"
                problems.append(f"{path.name}:{number}: {','.join(row)!r}: {must}")
                continue
            market, letters, first, last, suffixes, area = row
            for district in range(int(first), int(last) + 1):
                for suffix in ("", *suffixes):
                    yield Postcode(market=market, code=f"{letters}{district}{suffix}", area=area)


def _is_range(row: Sequence[str]) -> bool:
    return (
        len(row) == len(COLUMNS)
        and row[2].isdecimal()
        and row[3].isdecimal()
        and int(row[2]) <= int(row[3]) <= NUMBER_MAX
    )

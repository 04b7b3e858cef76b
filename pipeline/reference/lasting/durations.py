"""How much longer an outage lasts that has lasted so long: quantiles of lengths by kind, made by a command.

`python -m tools.durations` makes the table of an operator's own log of incidents. Rows are whole numbers, between two
of them lies a straight line, and all that follows is whole numbers as well, so every machine tells the same.

What a reader may question: in its first three hours an outage is told the plain quantiles of all lengths, and only
then those of what has lasted as long. Half of what is young ends soon, and the plain middle is nearer to these; who
waits since the morning needs the truth about those that stay.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.series import region_of
from pipeline.records.vocabulary import SERVICES

ANY: Final = "any"
"""Stands for every kind without a row."""

REACHES: Final = ("local", "wide")
"""In one region; in several, or in a nation as a whole."""

FAMILIES: Final = {
    service: "mobile" if service in {"mobile_voice", "mobile_data", "sms"} else "fixed" for service in SERVICES
} | {
    "tv": "tv",
    "emergency": "",
}
"""Services that are mended by the same people; an emergency call goes over either network."""

KINDS: Final = (ANY, *REACHES, *(f"{family}_{reach}" for family in ("fixed", "mobile", "tv") for reach in REACHES))
"""Kinds that a table may have."""

PARTS: Final = (100, 500, 900)
"""So many in a thousand are over by the earliest, the likely and the latest end."""

CONDITIONAL_FROM: Final = 180
"""From so many minutes on only what has lasted as long counts. Three hours are about the middle of all lengths."""

TAIL: Final = 950
"""What lasts longer than so many in a thousand is too rare to be told apart: beyond, what is left grows with what has
passed, as it does where lengths have a heavy tail (Pareto)."""

MINUTES_MAX: Final = 366 * 24 * 60
ROWS_MIN: Final = 5
ROWS_MAX: Final = 64
_SCALE: Final = 1_000_000
"""Parts of a thousandth that are told apart."""


def kind_of(services: Iterable[str], areas: Iterable[str]) -> str:
    """The kind of an outage: whose people mend it, and whether it is of one region.

    Args:
        services: Services that are hit.
        areas: Paths of areas that are hit, nation first.

    >>> kind_of(["tv"], ["DE"]), kind_of(["sms", "mobile_data"], ["DE/NW/koeln", "DE/NW/bonn"])
    ('tv_wide', 'mobile_local')
    >>> kind_of(["tv", "broadband"], ["DE/NW", "DE/HE"]), kind_of(["sms", "broadband"], [])
    ('fixed_wide', 'local')
    """
    named = {FAMILIES.get(service, "") for service in services} - {""}
    if named == {"tv", "fixed"}:  # over one line, and mended with it
        named = {"fixed"}
    regions = {region_of(area) for area in areas}
    reach = "wide" if len(regions) > 1 or any("/" not in region for region in regions) else "local"
    return f"{min(named)}_{reach}" if len(named) == 1 else reach


class DurationTable(msgspec.Struct, frozen=True, kw_only=True):
    """Lengths of outages by kind.

    Attributes:
        over_permille: How many of a thousand are over, rising.
        minutes: By kind, after how many minutes; as many numbers, rising. `any` stands for every other kind.
    """

    over_permille: tuple[int, ...]
    minutes: Mapping[str, tuple[int, ...]]

    def known_kind(self, kind: str) -> str:
        """The kind itself if it has a row, or its reach, or what stands for all.

        Args:
            kind: One of `KINDS`.
        """
        return next(name for name in (kind, kind.rpartition("_")[2], ANY) if name in self.minutes)

    def left(self, kind: str, elapsed_minutes: int) -> tuple[int, int, int]:
        """How much longer it lasts: one in ten, half, nine in ten are over by then.

        Args:
            kind: One of `KINDS`.
            elapsed_minutes: Since its start, 0 or more.

        Returns:
            Whole minutes, each at least 1, in rising order.

        >>> table = DurationTable(over_permille=(100, 500, 900, 950, 995), minutes={"any": (60, 180, 600, 960, 3_000)})
        >>> table.left("any", 0), table.left("any", 60), table.left("any", 240), table.left("any", 1_920)
        ((60, 180, 600), (1, 120, 540), (47, 233, 980), (454, 2268, 4080))
        """
        row = self.minutes[self.known_kind(kind)]
        plain = [self._minutes_at(row, part * _SCALE) for part in PARTS]
        if elapsed_minutes < min(CONDITIONAL_FROM, plain[1]):
            left = [minutes - elapsed_minutes for minutes in plain]
        else:
            last = row[bisect_right(self.over_permille, TAIL) - 1]
            passed = min(elapsed_minutes, last)
            left = [(end - passed) * max(elapsed_minutes, last) // last for end in self._ends(row, passed)]
        early, likely, late = (max(1, minutes) for minutes in left)
        return early, likely, late

    def _ends(self, row: Sequence[int], passed: int) -> Iterator[int]:
        """Of what has lasted so long: after how many minutes each part is over, not rounded down."""
        over = self._over_at(row, passed)
        for part in PARTS:
            yield self._minutes_at(row, over + (1_000 * _SCALE - over) * part // 1_000)

    def _over_at(self, row: Sequence[int], minutes: int) -> int:
        """How many are over after so many minutes, in parts of a thousandth."""
        index = min(bisect_right(row, minutes), len(row) - 1)
        (start, low), (end, high) = self._point(row, index - 1), self._point(row, index)
        return low + (minutes - start) * (high - low) // (end - start)

    def _minutes_at(self, row: Sequence[int], over: int) -> int:
        """After how many minutes so many are over; the last row's beyond it."""
        index = min(bisect_left(self.over_permille, over, key=lambda part: part * _SCALE), len(row) - 1)
        (start, low), (end, high) = self._point(row, index - 1), self._point(row, index)
        return min(end, start + -((low - over) * (end - start) // (high - low)))

    def _point(self, row: Sequence[int], index: int) -> tuple[int, int]:
        return (0, 0) if index < 0 else (row[index], self.over_permille[index] * _SCALE)


def durations_of(over_permille: Iterable[int], minutes: Mapping[str, Sequence[int]]) -> DurationTable:
    """Check a table.

    Args:
        over_permille: As it stands in the file.
        minutes: After how many minutes so many are over, by kind.

    Raises:
        ConfigError: Lists every mistake, one a line.
    """
    parts = tuple(over_permille)
    problems = [*_wrong_parts(parts), *_wrong_minutes(minutes, len(parts))]
    if problems:
        raise ConfigError("\n".join(problems))
    return DurationTable(over_permille=parts, minutes={kind: tuple(row) for kind, row in minutes.items()})


def _wrong_parts(parts: tuple[int, ...]) -> Iterator[str]:
    if not ROWS_MIN <= len(parts) <= ROWS_MAX:
        yield f"over_permille: {len(parts)} numbers; must be {ROWS_MIN} to {ROWS_MAX}"
    if any(not 0 < part < 1_000 for part in parts) or any(low >= high for low, high in pairwise(parts)):
        yield "over_permille: must rise, from above 0 to below 1,000"
    lacking = [part for part in (*PARTS, TAIL) if part not in parts]
    if lacking:
        yield f"over_permille: must have {', '.join(map(str, lacking))}"
    if parts and parts[-1] < 1_000 - (1_000 - TAIL) // 10:
        yield f"over_permille: must go up to {1_000 - (1_000 - TAIL) // 10}, nine in ten of those that last longest"


def _wrong_minutes(minutes: Mapping[str, Sequence[int]], count: int) -> Iterator[str]:
    for kind, row in sorted(minutes.items()):
        if kind not in KINDS:
            yield f"minutes.{kind}: must be one of {', '.join(KINDS)}"
        if len(row) != count:
            yield f"minutes.{kind}: {len(row)} numbers; must be as many as over_permille has, {count}"
        if any(not 0 < length <= MINUTES_MAX for length in row) or any(low >= high for low, high in pairwise(row)):
            yield f"minutes.{kind}: must rise, from above 0 to {MINUTES_MAX}"
    if ANY not in minutes:
        yield f"minutes: {ANY} is missing; it stands for every kind that is not named"

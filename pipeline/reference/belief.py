"""What the account of evidence is worth: how often what it says came true, and how often it was falsely sure.

Both tables come out of one command, from runs of which somebody knows what was true
(`python -m tools.calibrate`). Rows are whole numbers and between two of them lies a straight line, so every machine
tells the same.

What a reader may question: how often the account is falsely sure is counted where it is half sure, and not where it
confirms, which in the worlds of the training it never did falsely. From there on it follows from the promise itself:
among what is told at odds of nine to one, one in ten is false; so odds three times as high are falsely reached a
third as often (J. Ville, 1939, of any fair bet).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import SERVICES

ROWS_MAX: Final = 64
"""Rows of a table: a curve of three numbers needs twenty."""

ODDS_MAX_MILLI: Final = 20_000
"""Beyond this log-odds nothing is told apart, thousandths of a natural log."""

PER_MONTH_MAX: Final = 100.0
"""A hundred false incidents a month of one service: who has more has no table, but a fault."""

OTHER: Final = "other"
"""Stands for every service without a row, and for incidents that name none."""

NAMED: Final = (*SERVICES, OTHER)
"""What rates of false incidents are told of."""


class BeliefTable(msgspec.Struct, frozen=True, kw_only=True):
    """The two tables; without any, what the account says is taken as it is.

    Attributes:
        told: Log-odds as the account has them, and as they are told, in thousandths of a natural log; both rise.
        false_incidents: By service, how many confirmed incidents about nothing an operator has in 30 days at the bars
            as they are set; `other` stands for every other service, and for what names none.
    """

    told: tuple[tuple[int, int], ...] = ()
    false_incidents: Mapping[str, float] = {}

    def told_milli(self, odds_milli: int) -> int:
        """Log-odds as they are told, in thousandths: along the table, and beside it as far off as at its end.

        Args:
            odds_milli: As the account has them.

        >>> table = BeliefTable(told=((0, -100), (1_000, 1_100), (2_000, 2_500)))
        >>> [table.told_milli(said) for said in (-50, 0, 500, 1_250, 3_000)]
        [-150, -100, 500, 1450, 3500]
        """
        return _along(self.told, odds_milli)

    def said_milli(self, told_milli: int) -> int:
        """The other way: what the account said where this was told, to a thousandth or two.

        >>> table = BeliefTable(told=((0, -100), (1_000, 1_100), (2_000, 2_500)))
        >>> [table.said_milli(table.told_milli(said)) for said in (-50, 0, 500, 1_250, 3_000)]
        [-50, 0, 500, 1250, 3000]
        """
        return _along(tuple((told, said) for said, told in self.told), told_milli)

    def false_incidents_of(self, service: str) -> float:
        """False confirmed incidents of a service, of one operator in 30 days, at the bars as they are set."""
        return self.false_incidents.get(service, self.false_incidents.get(OTHER, 0.0))


AS_SAID: Final = BeliefTable()
"""Without a table what the account says is told as it is."""


def _along(rows: tuple[tuple[int, int], ...], value: int) -> int:
    if not rows:
        return value
    index = bisect_right(rows, value, key=lambda row: row[0])
    if index == 0:
        return value + rows[0][1] - rows[0][0]
    if index == len(rows):
        return value + rows[-1][1] - rows[-1][0]
    (left, low), (right, high) = rows[index - 1], rows[index]
    return low + (value - left) * (high - low) // (right - left)


def belief_of(told: Iterable[tuple[int, int]], false_incidents: Mapping[str, float]) -> BeliefTable:
    """Check both tables.

    Args:
        told: Rows as they stand in the file.
        false_incidents: False confirmed incidents of an operator in 30 days as they stand in the file, by service.

    Raises:
        ConfigError: Lists every mistake, one a line.
    """
    rows = tuple(told)
    problems = [*_wrong_curve(rows), *_wrong_rates(false_incidents)]
    if problems:
        raise ConfigError("\n".join(problems))
    return BeliefTable(told=rows, false_incidents=dict(false_incidents))


def _wrong_curve(rows: tuple[tuple[int, int], ...]) -> Iterator[str]:
    if not 2 <= len(rows) <= ROWS_MAX:
        yield f"told: {len(rows)} rows; must be 2 to {ROWS_MAX}"
    for row in rows:
        if max(map(abs, row)) > ODDS_MAX_MILLI:
            yield f"told {list(row)}: must be -{ODDS_MAX_MILLI} to {ODDS_MAX_MILLI} thousandths of a natural log"
    for before, after in pairwise(rows):
        if not (before[0] < after[0] and before[1] < after[1]):
            yield f"told {list(after)}: must be above the row before it, {list(before)}, in both numbers"


def _wrong_rates(false_incidents: Mapping[str, float]) -> Iterator[str]:
    for name, per_month in sorted(false_incidents.items()):
        if name not in NAMED:
            yield f"false_incidents_per_month.{name}: must be one of {', '.join(NAMED)}"
        if not 0.0 < per_month <= PER_MONTH_MAX:
            yield f"false_incidents_per_month.{name} = {per_month!r}: must be above 0, to {PER_MONTH_MAX:g}"
    if OTHER not in false_incidents:
        yield f"false_incidents_per_month: {OTHER} is missing; it stands for every service that is not named"

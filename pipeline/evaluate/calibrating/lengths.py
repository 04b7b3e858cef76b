"""From outages that are over to the table of how long such ones last, and how well it tells what is left.

Of few outages of a kind little is known, so each kind leans on all outages, and all of them on the log-normal that the
settings have: as on so many outages more (partial pooling).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import exp, log
from statistics import NormalDist, fmean, median
from typing import Final, NamedTuple

from pipeline.correlate.belief.estimate import Lengths
from pipeline.correlate.config import EstimateConfig
from pipeline.records.clocks import MINUTE_MS
from pipeline.reference.lasting.durations import ANY, KINDS, MINUTES_MAX, PARTS, REACHES, DurationTable

OVER_PERMILLE: Final = (10, 25, *range(50, 1_000, 50), 975, 990, 995)
"""Quantiles that are written: every twentieth, and closer where few are over or few are left."""

KIND_ROWS_MIN: Final = 5
"""A kind of fewer outages has no row: it would tell what all do."""

POOLED: Final = 20
"""A kind leans on all outages as on so many more of its own. Twenty is a judgement: a tenth of them are two."""

POINTS: Final = 999
"""Of a distribution that others lean on."""

MOMENTS_MINUTES: Final = (0, 60, 180, 360)
"""When it is asked how long it still lasts, minutes since the start."""

Weighed = Sequence[tuple[float, float]]
"""Lengths in minutes with their weights."""


class Lasted(NamedTuple):
    """An outage that is over.

    Attributes:
        kind: One of `KINDS` but `any`.
        minutes: How long it was, above 0.
    """

    kind: str
    minutes: float


class LeftTold(NamedTuple):
    """How well the time that is left was told at one moment.

    Attributes:
        at_minutes: Since the start.
        lasting: Outages that still lasted.
        loss: Mean pinball loss of the earliest, likely and latest end, minutes.
        miss_p50: Median distance of the likely end from the true one, minutes.
        held: Share of which the interval holds the end, 0 to 1; eight in ten is right.
    """

    at_minutes: int
    lasting: int
    loss: float
    miss_p50: float
    held: float


def durations_from(outages: Sequence[Lasted], prior: EstimateConfig, counts_as: int = POOLED) -> DurationTable:
    """Make the table.

    Args:
        outages: Those that are over.
        prior: The log-normal that all of them lean on.
        counts_as: As how many outages it counts, 1 or more.
    """
    everything = _pooled([outage.minutes for outage in outages], _points_of(prior), counts_as)
    rows = {ANY: _row_of(everything)}
    points = [_quantile(everything, (2 * number + 1) / (2 * POINTS)) for number in range(POINTS)]
    for kind, own in sorted(_by_kind(outages).items()):
        if len(own) >= KIND_ROWS_MIN:
            rows[kind] = _row_of(_pooled(own, points, POOLED))
    return DurationTable(over_permille=OVER_PERMILLE, minutes=rows)


def told_of(outages: Iterable[Lasted], prior: EstimateConfig, table: DurationTable | None) -> list[LeftTold]:
    """How well a table, or the prior without one, tells what is left of some outages.

    Args:
        outages: Those that it was not made of.
        prior: The log-normal of the settings.
        table: The table; None asks the prior.
    """
    told = []
    known = list(outages)
    for moment in MOMENTS_MINUTES:
        lasting = [outage for outage in known if outage.minutes > moment]
        rows = [(outage.minutes - moment, _left(outage.kind, moment, prior, table)) for outage in lasting]
        if rows:
            loss = fmean(
                _pinball(part / 1_000, left, end) for left, ends in rows for part, end in zip(PARTS, ends, strict=True)
            )
            miss = median(abs(left - likely) for left, (_, likely, _) in rows)
            held = fmean(early <= left <= late for left, (early, _, late) in rows)
            told.append(LeftTold(moment, len(rows), loss, miss, held))
    return told


def _left(kind: str, moment: int, prior: EstimateConfig, table: DurationTable | None) -> tuple[int, int, int]:
    return Lengths(kind if table is None else table.known_kind(kind), table).left(moment * MINUTE_MS, prior)


def _pinball(part: float, left: float, said: float) -> float:
    """R. Koenker, G. Bassett, Econometrica 46 (1978): least where `said` is the quantile."""
    return max(part * (left - said), (part - 1) * (left - said))


def _by_kind(outages: Iterable[Lasted]) -> Mapping[str, list[float]]:
    """Lengths by kind, and by reach whatever the kind."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS if kind != ANY}
    for kind, minutes in outages:
        found[kind].append(minutes)
        if kind not in REACHES:
            found[kind.rpartition("_")[2]].append(minutes)
    return found


def _points_of(prior: EstimateConfig) -> list[float]:
    normal, middle = NormalDist(), log(prior.median_minutes)
    parts = [(2 * number + 1) / (2 * POINTS) for number in range(POINTS)]
    return [exp(middle + prior.spread * normal.inv_cdf(part)) for part in parts]


def _pooled(own: Sequence[float], points: Sequence[float], counts_as: int) -> Weighed:
    return sorted([*((length, 1.0) for length in own), *((length, counts_as / len(points)) for length in points)])


def _quantile(lengths: Weighed, part: float) -> float:
    sums = list(accumulate(weight for _, weight in lengths))
    return lengths[min(bisect_left(sums, part * sums[-1]), len(lengths) - 1)][0]


def _row_of(lengths: Weighed) -> tuple[int, ...]:
    """Quantiles in whole minutes, each at least one above the one before."""
    row: list[int] = []
    for part in OVER_PERMILLE:
        least = row[-1] + 1 if row else 1
        row.append(max(least, min(round(_quantile(lengths, part / 1_000)), MINUTES_MAX - POINTS)))
    return tuple(row)

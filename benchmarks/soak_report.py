"""What the samples of a soak say: memory and its slope, lag, CPU, restarts - and what is not as it must be.

Memory begins anew with each start of a process, and grows until its state holds all series; so a stage is judged by
the slope of its samples since its last start, without the first minutes. The slope is the median of the slopes
between all pairs of samples (Theil and Sen), which a few odd samples do not move.
"""

import statistics
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any, Final

from benchmarks.flow_processes import STAGES

Sample = dict[str, Any]

SETTLING_MINUTES: Final = 5.0
"""After a start: code and states are loaded, and what waited meanwhile is worked off."""
JUDGED_MINUTES_MIN: Final = 15.0
"""With fewer minutes since a start a slope says nothing, and is told as unknown."""
GROWTH_MOST: Final = 0.10
"""Of a stage's memory, in an hour."""
LAG_SECONDS_MOST: Final = 30.0
"""Lag that may be left at the end, as seconds of load."""


def slope_per_hour(points: Sequence[tuple[float, float]]) -> float:
    """Median of the slopes between all pairs of points.

    Args:
        points: Seconds and values, two or more, in order of time.

    Source:
        P. K. Sen, Journal of the American Statistical Association 63 (1968), 1379-1389.

    >>> slope_per_hour([(0, 100.0), (1800, 101.0), (2000, 150.0), (3600, 102.0)])
    2.0
    """
    slopes = [(there - here) / (later - sooner) * 3_600 for (sooner, here), (later, there) in combinations(points, 2)]
    return statistics.median(slopes)


def settled(samples: Sequence[Sample], stage: str) -> list[Sample]:
    """Samples of a stage since its last start, once it has settled and where it answered."""
    started = max((one["seconds"] for one in samples if stage in one["started"]), default=0.0)
    began = started + SETTLING_MINUTES * 60
    return [one for one in samples if one["seconds"] >= began and one["memory_mb"][stage]]


def growth(samples: Sequence[Sample], stage: str) -> float | None:
    """MB an hour by which a stage grows; None if it ran for too short a time to tell."""
    points = [(one["seconds"], one["memory_mb"][stage]) for one in settled(samples, stage)]
    if len(points) < 3 or points[-1][0] - points[0][0] < JUDGED_MINUTES_MIN * 60:
        return None
    return slope_per_hour(points)


def cpu_seconds(samples: Sequence[Sample], stage: str) -> float:
    """CPU of all processes of a stage, one after the other; what one did before its last sample."""
    used: list[float] = [one["cpu_seconds"][stage] for one in samples if one["memory_mb"][stage]]
    return sum(after - before if after >= before else after for before, after in pairwise(used))


def table(samples: Sequence[Sample]) -> Iterator[str]:
    """All samples, a line each."""
    heads = [f"{stage} {what}" for stage in STAGES for what in ("MB", "lag")]
    yield f"\n{'minute':>7}" + "".join(f"{head:>15}" for head in heads)
    for one in samples:
        cells = [f"{one['memory_mb'][stage]:>15.0f}{one['lag'][stage]:>15,.0f}" for stage in STAGES]
        yield f"{one['seconds'] / 60:>7.1f}{''.join(cells)}  {one['note']}"


HEADS: Final = {
    "MB, settled": 13,
    "MB, most": 10,
    "MB an hour": 12,
    "lag, median": 13,
    "most": 11,
    "end": 9,
    "us CPU": 8,
}


def summary(samples: Sequence[Sample]) -> Iterator[str]:
    """A line for each stage; the last figure is CPU of the stage for each raw record."""
    yield f"\n{'':>10}" + "".join(f"{head:>{width}}" for head, width in HEADS.items())
    for stage in STAGES:
        memory = [one["memory_mb"][stage] for one in samples]
        usual = [one["memory_mb"][stage] for one in settled(samples, stage)] or memory[-1:]
        lag, slope = [one["lag"][stage] for one in samples], growth(samples, stage)
        cells = (
            f"{statistics.median(usual):.0f}",
            f"{max(memory):.0f}",
            "unknown" if slope is None else f"{slope:+.1f}",
            *(f"{messages:,.0f}" for messages in (statistics.median(lag), max(lag), lag[-1])),
            f"{cpu_seconds(samples, stage) / max(1, samples[-1]['sent']) * 1e6:.1f}",
        )
        yield f"{stage:>10}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, HEADS.values(), strict=True))


def objections(samples: Sequence[Sample], rate: float) -> Iterator[str]:
    """What is not as it must be.

    Args:
        samples: Of the whole run.
        rate: Records a second.
    """
    for stage in STAGES:
        slope = growth(samples, stage)
        usual = statistics.median([one["memory_mb"][stage] for one in settled(samples, stage)] or [0.0])
        if slope is not None and slope > usual * GROWTH_MOST:
            yield f"memory of {stage} grows by {slope:.0f} MB an hour, from {usual:.0f} MB"
        if not any(stage in one["started"] for one in samples):
            yield f"{stage} was never stopped and started"
    yield from (one["note"] for one in samples if one["ended"])
    lag = sum(samples[-1]["lag"].values())
    if lag > rate * LAG_SECONDS_MOST:
        yield f"{lag:,.0f} messages wait at the end: more than {LAG_SECONDS_MOST:.0f} s of the load"
    if refused := sum(one["refused"] for one in _before_restarts(samples)):
        yield f"{refused:,.0f} records of a load without a mistake were refused"


def _before_restarts(samples: Sequence[Sample]) -> Iterator[Sample]:
    """The last sample of each process of INGEST: its counters begin anew."""
    for before, after in pairwise(samples):
        if after["refused"] < before["refused"]:
            yield before
    yield samples[-1]


def verdict(samples: Sequence[Sample], rate: float) -> list[str]:
    """Objections, or what can be said without any."""
    if wrong := list(objections(samples, rate)):
        return wrong
    unknown = [stage for stage in STAGES if growth(samples, stage) is None]
    flat = f"memory of {', '.join(unknown)} was not judged in so short a run" if unknown else "memory is flat"
    return [f"{flat}, lag is bounded, nothing was refused, no process ended by itself"]

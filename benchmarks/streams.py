"""Streams of counts with events put in, what an oracle makes of them, and how alarms are counted.

Made-up streams: negative binomial counts per minute (r = 15) with a daily and weekly cycle and a drift; half of those
with surges burst by themselves. The oracle is a CUSUM that knows the true mean of each minute, cycle, drift and bursts
included, the spread, and how large the event is that it waits for. No detector can know that, so what it takes is what
the counts themselves allow.

Source:
    E. S. Page, Biometrika 41 (1954), 100-115.
"""

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
LEARNING_DAYS: Final = 7
SPREAD: Final = 15.0
"""r of the negative binomial: the variance is mean + mean^2 / r."""
DELAY_MAX: Final = 60.0
"""Minutes; what is found later, or never, counts as this."""
LEAST_SIZE: Final = 0.02
"""To an oracle "none at all" is one in fifty: a single count must not rule it out for good."""
CLIMB_MAX: Final = 60.0
"""The oracle's CUSUM is cut here, far above any threshold, so that it falls soon after an event."""

STEPS_OF_THRESHOLD: Final = 20
"""In one unit of evidence: a threshold is found to a twentieth."""

Values = NDArray[np.float64]


@dataclass
class Stream:
    """Counts, and what was put into them: (first step, last step, size)."""

    name: str
    step_ms: int
    counts: NDArray[np.int64]
    events: list[tuple[int, int, float]]
    times: list[int] | None = None
    excluded: list[tuple[int, int]] = field(default_factory=list)
    usual: Values | None = None
    """True mean of each step without the events; None if nobody knows it."""


def synthetic(seed: int, per_minute: float, days: int, sizes: tuple[float, ...], *, bursts: bool) -> Stream:
    """One stream with an event every other day from the eighth on.

    Args:
        seed: Same seed, same stream.
        per_minute: Mean of the counts, above 0.
        days: Length.
        sizes: Of the events, in turn: times the usual; 0 is none at all.
        bursts: Does it burst by itself, x1.5 to 3.5 for 3 to 12 minutes, every other day?
    """
    rng = np.random.default_rng(seed)
    steps = days * 1_440
    minute = np.arange(steps)
    hour = minute / 60 % 24
    cycle = 0.25 + 0.75 * np.maximum(0.0, np.sin((hour - 6) / 18 * math.pi)) * (hour >= 6) + 0.15 * (hour < 2)
    weekly = np.where((minute // 1_440) % 7 >= 5, 0.75, 1.0)
    mean = per_minute * cycle * weekly / (cycle * weekly).mean()
    phi = math.exp(-1 / 360)
    noise = rng.normal(0, 0.12 * math.sqrt(1 - phi * phi), steps)
    drift = np.zeros(steps)
    for step in range(1, steps):
        drift[step] = phi * drift[step - 1] + noise[step]
    mean = mean * np.exp(drift)
    if bursts:
        for begin in rng.choice(steps - 20, days // 2, replace=False):
            mean[begin : begin + rng.integers(3, 13)] *= rng.uniform(1.5, 3.5)
    usual, events = mean.copy(), []
    for number, day in enumerate(range(LEARNING_DAYS, days, 2)):
        size = sizes[number % len(sizes)]
        begin = day * 1_440 + int(rng.integers(6 * 60, 22 * 60))
        ramp = np.minimum(1.0, np.arange(1, 61) / 10)
        mean[begin : begin + 60] *= size**ramp if size > 0 else np.maximum(0.0, 1 - ramp * 2)
        events.append((begin, begin + 60, size))
    counts = rng.poisson(rng.gamma(SPREAD, mean / SPREAD))
    return Stream(f"{per_minute:g}/min{' bursts' if bursts else ''}", MINUTE_MS, counts, events, usual=usual)


def tweets(folder: Path, seed: int) -> list[Stream]:
    """NAB's ten Twitter streams with surges put in, outside the labelled windows."""
    windows = json.loads((folder / "labels/combined_windows.json").read_text())
    rng = np.random.default_rng(seed)
    streams = []
    for path in sorted((folder / "data/realTweets").glob("*.csv")):
        with path.open() as file:
            rows = [(_ms(row["timestamp"]), int(float(row["value"]))) for row in csv.DictReader(file)]
        times, counts = [at for at, _ in rows], np.array([count for _, count in rows])
        labelled = [(_ms(a), _ms(b)) for a, b in windows[f"realTweets/{path.name}"]]
        excluded = [_span(times, a, b) for a, b in labelled]
        events: list[tuple[int, int, float]] = []
        while len(events) < 8:
            begin = int(rng.integers(LEARNING_DAYS * 288, len(counts) - 48))
            if all(begin + 60 < a or begin - 60 > b for a, b in [*excluded, *((e[0], e[1]) for e in events)]):
                size = (2.0, 4.0, 10.0)[len(events) % 3]
                usual = max(1.0, float(np.median(counts[begin - 288 : begin])))
                counts[begin : begin + 12] += rng.poisson((size - 1) * usual, 12)
                events.append((begin, begin + 12, size))
        streams.append(Stream("tweets", 300_000, counts, events, times, excluded))
    return streams


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000


def _span(times: list[int], begin: int, end: int) -> tuple[int, int]:
    inside = [number for number, at in enumerate(times) if begin <= at <= end]
    return (inside[0], inside[-1]) if inside else (0, 0)


class Watched:
    """A stream and the evidence of each of its steps: how many false alarms, and how soon each event.

    Args:
        stream: What was watched.
        values: Evidence, one number a step; an alarm is a number of at least the threshold.
    """

    def __init__(self, stream: Stream, values: Values) -> None:
        self.stream, self._values = stream, values
        self._per_hour = HOUR_MS // stream.step_ms
        self._busy = np.zeros(len(values), dtype=bool)
        self._busy[: LEARNING_DAYS * 24 * self._per_hour] = True
        for begin, end in [*((begin, end) for begin, end, _ in stream.events), *stream.excluded]:
            self._busy[begin : end + 3 * self._per_hour] = True
        self._loud = np.flatnonzero(values > 0.0)
        self._louder = values[self._loud]

    @property
    def greatest(self) -> float:
        """The most evidence while an alarm would be false; 0 if there was none."""
        return float(self._values[~self._busy].max(initial=0.0))

    @property
    def days(self) -> float:
        """Days in which an alarm would be false: after the days of learning, and not within 3 h after an event."""
        return float((~self._busy).sum()) * self.stream.step_ms / DAY_MS

    def false_alarms(self, threshold: float) -> int:
        """False alarms; those within an hour of the one before are one.

        Args:
            threshold: Above 0: no evidence is no alarm.
        """
        steps = self._loud[self._louder >= threshold]
        if not len(steps):
            return 0
        is_new = np.diff(steps, prepend=-(10**9)) > self._per_hour
        return int((is_new & ~self._busy[steps]).sum())

    def delays(self, threshold: float) -> list[tuple[float, float]]:
        """Size of each event, and minutes to its first alarm, at most 60; 60 as well if there is none."""
        found = []
        for begin, end, size in self.stream.events:
            hits = np.flatnonzero(self._values[begin:end] >= threshold)
            minutes = (int(hits[0]) + 1) * self.stream.step_ms / MINUTE_MS if len(hits) else DELAY_MAX
            found.append((size, min(DELAY_MAX, minutes)))
        return found


def threshold_at(watched: Sequence[Watched], promise_days: float) -> float:
    """The lowest threshold, to a twentieth, from which on upwards none sees more false alarms than are promised.

    A lower threshold may see fewer than a higher one, as alarms within an hour of the one before are one, and more of
    them run into each other. So thresholds are tried one by one from the top, and what lies below the first that sees
    too many is never asked: a threshold must not keep its promise by alarming all the time.

    Args:
        watched: Streams with one threshold for all.
        promise_days: Days a stream for one false alarm.
    """
    most = sum(one.days for one in watched) / promise_days
    step = int(max((one.greatest for one in watched), default=0.0) * STEPS_OF_THRESHOLD) + 1
    while step > 1 and sum(one.false_alarms((step - 1) / STEPS_OF_THRESHOLD) for one in watched) <= most:
        step -= 1
    return step / STEPS_OF_THRESHOLD


def oracle_delays(streams: Sequence[Stream], promise_days: float) -> list[tuple[float, float]]:
    """Size of each event and minutes until the oracle alarms, which waits for events of that size.

    Args:
        streams: Made up, so that the true mean is known.
        promise_days: Days a stream for one false alarm, for each size.
    """
    found = []
    for size in sorted({size for stream in streams for _, _, size in stream.events}):
        watched = [Watched(stream, values) for stream, values in zip(streams, climbs_of(streams, size), strict=True)]
        threshold = threshold_at(watched, promise_days)
        found += [delay for one in watched for delay in one.delays(threshold) if delay[0] == size]
    return found


def climbs_of(streams: Sequence[Stream], size: float) -> list[Values]:
    """A CUSUM of each stream that knows its mean and waits for one size of event.

    Args:
        streams: Of one length.
        size: Times the usual.
    """
    counts = np.array([stream.counts for stream in streams], dtype=np.float64).T
    means = np.array([stream.usual for stream in streams], dtype=np.float64).T
    times = max(LEAST_SIZE, size)
    gains = counts * math.log(times) + (counts + SPREAD) * np.log((SPREAD + means) / (SPREAD + times * means))
    climbs = np.zeros_like(gains)
    now = np.zeros(gains.shape[1])
    for step, gain in enumerate(gains):
        now = np.clip(now + gain, 0.0, CLIMB_MAX)
        climbs[step] = now
    return list(climbs.T)

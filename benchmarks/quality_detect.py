"""Delay and false alarms of the count detector, at thresholds fixed before looking.

Made-up streams of a small size: negative binomial counts per
minute (r = 15) with a daily and weekly cycle and a drift; half of them burst by
themselves. Surges of 60 minutes are ramped in (A), or drops (B). With the environment variable
TOCSIN_DATA set to a folder with `nab/`, the same surges are put into NAB's ten Twitter streams (C).

    python -m benchmarks.quality_detect

Prints for each promise: false alarms seen / promised, share found, median delay, and the
mean delay with misses and delays capped at 60 minutes (RMD). RMD here is at the *promised* threshold,
not at one fitted to the seen rate, so it is stricter than tables that are tuned on the outcome.
"""

import csv
import json
import math
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.count_rules import CountRules
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.remembered import CountState

MINUTE_MS = 60_000
DAY_MS = 86_400_000
START_MS = 1_735_689_600_000 + 5 * DAY_MS  # a Monday, 2025-01-06
LEARNING_DAYS = 7
PROMISES = (1.0, 7.0, 30.0)


@dataclass
class Stream:
    """Counts, and what was put into them: (first step, last step, size)."""

    name: str
    step_ms: int
    counts: NDArray[np.int64]
    events: list[tuple[int, int, float]]
    times: list[int] | None = None
    excluded: list[tuple[int, int]] | None = None


def synthetic(seed: int, per_minute: float, days: int, sizes: tuple[float, ...], *, bursts: bool) -> Stream:
    """One stream of corpus A or B."""
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
    events = []
    for number, day in enumerate(range(LEARNING_DAYS, days, 2)):
        size = sizes[number % len(sizes)]
        begin = day * 1_440 + int(rng.integers(6 * 60, 22 * 60))
        ramp = np.minimum(1.0, np.arange(1, 61) / 10)
        mean[begin : begin + 60] *= size**ramp if size > 0 else np.maximum(0.0, 1 - ramp * 2)
        events.append((begin, begin + 60, size))
    counts = rng.poisson(rng.gamma(15, mean / 15))
    return Stream(f"{per_minute}/min{' bursts' if bursts else ''}", MINUTE_MS, counts, events)


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
        streams.append(Stream(path.stem, 300_000, counts, events, times, excluded))
    return streams


def _ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000


def _span(times: list[int], begin: int, end: int) -> tuple[int, int]:
    inside = [number for number, at in enumerate(times) if begin <= at <= end]
    return (inside[0], inside[-1]) if inside else (0, 0)


def evidence_of(stream: Stream, direction: str) -> list[float]:
    """The detector's evidence at each step."""
    config = DetectConfig(step_ms=stream.step_ms, promise_days=PROMISES[-1])
    detector = SeasonalCounts(CountRules(config), CountState())
    evidence = []
    for number, count in enumerate(stream.counts.tolist()):
        at = stream.times[number] if stream.times else START_MS + number * stream.step_ms
        verdict = detector.step(count, at + stream.step_ms)
        told = verdict is not None and verdict.direction == direction
        evidence.append(verdict.evidence if told and verdict is not None else 0.0)
    return evidence


def report(name: str, streams: list[Stream], direction: str) -> None:
    """Print a corpus' figures."""
    evidence = [evidence_of(stream, direction) for stream in streams]
    print(f"\n{name}: {len(streams)} streams")
    sizes = sorted({size for stream in streams for _, _, size in stream.events})
    for promise in PROMISES:
        false, days = 0, 0.0
        delays: dict[float, list[float]] = {size: [] for size in sizes}
        ratio: dict[str, float] = {}
        for stream, values in zip(streams, evidence, strict=True):
            threshold = math.log(promise * DAY_MS / stream.step_ms)
            seen, lived = _false_alarms(stream, values, threshold)
            false, days = false + seen, days + lived
            group = stream.name if stream.step_ms == MINUTE_MS else "tweets"
            ratio[group] = ratio.get(group, 0.0) + seen
            for begin, end, size in stream.events:
                hits = [step for step in range(begin, end) if values[step] >= threshold]
                delays[size].append((hits[0] + 1 - begin) * stream.step_ms / MINUTE_MS if hits else 60.0)
        everything = [min(60.0, delay) for stream in delays.values() for delay in stream]
        each = "  ".join(
            f"x{size:g} {sum(d < 60 for d in got) / len(got):.0%} {np.median(got):.0f}min"
            for size, got in delays.items()
        )
        share = days / len(streams) / promise
        groups = " ".join(f"{g}:{n / (share * sum(_group(s) == g for s in streams)):.2f}" for g, n in ratio.items())
        promised = days / promise
        print(f"1 per {promise:g} d: seen/promised {false / promised:.2f}  RMD {np.mean(everything):.1f}  {each}")
        print(f"    seen/promised by group: {groups}")


def _group(stream: Stream) -> str:
    return stream.name if stream.step_ms == MINUTE_MS else "tweets"


def _false_alarms(stream: Stream, values: list[float], threshold: float) -> tuple[int, float]:
    """Alarms outside events (3 h cool-down, 60 min merge), and the days in which they could come."""
    per_hour = 3_600_000 // stream.step_ms
    busy = np.zeros(len(values), dtype=bool)
    busy[: LEARNING_DAYS * 24 * per_hour] = True
    for begin, end, _ in stream.events:
        busy[begin : end + 3 * per_hour] = True
    for begin, end in stream.excluded or []:
        busy[begin : end + 3 * per_hour] = True
    alarms, last = 0, -(10**9)
    for step, value in enumerate(values):
        if value >= threshold:
            if not busy[step] and step - last > per_hour:
                alarms += 1
            last = step
    return alarms, float((~busy).sum()) * stream.step_ms / DAY_MS


def main() -> None:
    """Print all figures."""
    rates = (0.2, 2.0, 20.0)
    surges = [
        synthetic(100 + seed, rate, 28, (1.5, 2.0, 4.0, 10.0), bursts=seed % 2 == 1)
        for rate in rates
        for seed in range(4)
    ]
    report("A surges", surges, "surge")
    sizes = (0.7, 0.5, 0.2, 0.0)
    drops = [synthetic(200 + seed, rate, 28, sizes, bursts=False) for rate in (2.0, 20.0) for seed in range(4)]
    report("B drops", drops, "drop")
    folder = os.environ.get("TOCSIN_DATA")
    if folder:
        report("C real tweets", tweets(Path(folder) / "nab", seed=7), "surge")


if __name__ == "__main__":
    main()

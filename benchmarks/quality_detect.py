"""Delay and false alarms of the count detector alone, beside an oracle, at thresholds fixed before looking.

Three corpora: surges in 48 made-up streams of 28 days (A), drops in 32 (B), and with the environment variable
TOCSIN_DATA set to a folder with `nab/`, surges put into NAB's ten Twitter streams (C). What they are and what the
oracle knows: `benchmarks/streams.py`. Drops are of streams with 2 and 20 a minute, as of .2 even a total silence is
hidden from whoever knows the mean.

    python -m benchmarks.quality_detect
    python -m benchmarks.quality_detect --strict        # exit 1 if a bar is missed

At the *promised* threshold, known before anything was seen: false alarms seen of those promised, share found and
median delay by size. At the threshold that *sees* as many false alarms as promised, one for a whole corpus: the mean
delay with misses and delays capped at 60 minutes (RMD), which can be compared with the oracle's.
"""

import argparse
import math
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from benchmarks.streams import (
    DAY_MS,
    DELAY_MAX,
    Stream,
    Values,
    Watched,
    oracle_delays,
    synthetic,
    threshold_at,
    tweets,
)
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.count_rules import CountRules
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.remembered import CountState

START_MS: Final = 1_735_689_600_000 + 5 * DAY_MS  # a Monday, 2025-01-06
PROMISES: Final = {1.0: "day", 7.0: "week", 30.0: "month"}
WEEK: Final = 7.0
DAYS: Final = 28
STREAMS: Final = 16
"""Of each rate."""
SURGES: Final = (1.5, 2.0, 4.0, 10.0)
DROPS: Final = (0.7, 0.5, 0.2, 0.0)
RMD_BARS: Final = {"A": 1.10, "B": 1.15}
"""RMD at one a week, times the oracle's."""
COLLAPSE_MINUTES: Final = 15.0
COLLAPSE_LEAST: Final = 0.99

Delays = Sequence[tuple[float, float]]


class Met(NamedTuple):
    """A figure beside its bar."""

    what: str
    value: float
    bar: str
    is_met: bool


def evidence_of(stream: Stream, direction: str) -> Values:
    """The detector's evidence at each step.

    Args:
        stream: What it is given, step by step.
        direction: `surge` or `drop`.
    """
    config = DetectConfig(step_ms=stream.step_ms, promise_days=max(PROMISES))
    detector = SeasonalCounts(CountRules(config), CountState())
    evidence = []
    for number, count in enumerate(stream.counts.tolist()):
        at = stream.times[number] if stream.times else START_MS + number * stream.step_ms
        verdict = detector.step(count, at + stream.step_ms)
        told = verdict is not None and verdict.direction == direction
        evidence.append(verdict.evidence if told and verdict is not None else 0.0)
    return np.array(evidence)


def rmd(delays: Delays) -> float:
    """Mean delay in minutes, with misses and delays capped at 60."""
    return float(np.mean([minutes for _, minutes in delays]))


def share_within(delays: Delays, size: float, minutes: float) -> float:
    """Share of the events of one size that were found in time, 0 to 1.

    Args:
        delays: Size and delay of each event.
        size: Which events.
        minutes: How soon.
    """
    asked = [delay for each, delay in delays if each == size]
    return sum(delay <= minutes for delay in asked) / len(asked)


def measure(name: str, streams: Sequence[Stream], direction: str) -> Iterator[Met]:
    """Print a corpus' figures; those that have a bar.

    Args:
        name: Of the corpus; the first letter is its own.
        streams: Of one length of steps.
        direction: `surge` or `drop`.
    """
    letter = name[0]
    watched = [Watched(stream, evidence_of(stream, direction)) for stream in streams]
    print(f"\n{name}: {len(streams)} streams")
    for promise, word in PROMISES.items():
        threshold = math.log(promise * DAY_MS / streams[0].step_ms)
        print(f"1 a {word}, promised: {_by_size([delay for one in watched for delay in one.delays(threshold)])}")
        for group in dict.fromkeys(stream.name for stream in streams):
            here = [one for one in watched if one.stream.name == group]
            seen, promised = sum(one.false_alarms(threshold) for one in here), sum(one.days for one in here) / promise
            print(f"    {group}: {seen} false alarms seen, {promised:.1f} promised")
            yield Met(f"{letter}, {group}, 1 a {word}: seen / promised", seen / promised, "≤ 1", seen <= promised)
    for promise, word in PROMISES.items():
        fitted = threshold_at(watched, promise)
        delays = [delay for one in watched for delay in one.delays(fitted)]
        print(f"1 a {word}, seen (threshold {fitted:.2f}): RMD {rmd(delays):.1f}  {_by_size(delays)}")
        if letter not in RMD_BARS:
            continue
        best = oracle_delays(streams, promise)
        print(f"    oracle: RMD {rmd(best):.1f}, {rmd(delays) / rmd(best):.2f} times that here  {_by_size(best)}")
        if promise == WEEK:
            _tell_apart(watched)
            yield from _bars_at_a_week(letter, delays, best)


def _tell_apart(watched: Sequence[Watched]) -> None:
    """Print what streams with bursts and those without give, each with a threshold of their own, at one a week."""
    for kind in ("without", "with"):
        here = [one for one in watched if one.stream.name.endswith("bursts") is (kind == "with")]
        if 0 < len(here) < len(watched):
            fitted = threshold_at(here, WEEK)
            mine = rmd([delay for one in here for delay in one.delays(fitted)])
            best = rmd(oracle_delays([one.stream for one in here], WEEK))
            figures = f"RMD {mine:.1f}, oracle {best:.1f}, {mine / best:.2f} times"
            print(f"    {kind} bursts (threshold {fitted:.2f}): {figures}")


def _bars_at_a_week(letter: str, delays: Delays, best: Delays) -> Iterator[Met]:
    times, bar = rmd(delays) / rmd(best), RMD_BARS[letter]
    yield Met(f"{letter}: RMD / oracle at 1 a week", times, f"≤ {bar:.2f}", times <= bar)
    if letter == "B":
        share, oracle = (share_within(each, 0.0, COLLAPSE_MINUTES) for each in (delays, best))
        what = f"B: collapse within {COLLAPSE_MINUTES:.0f} min at 1 a week (oracle {oracle:.3f})"
        yield Met(what, share, f"≥ {COLLAPSE_LEAST:.2f}", share >= COLLAPSE_LEAST)


def _by_size(delays: Delays) -> str:
    rows = []
    for size in sorted({size for size, _ in delays}):
        got = [delay for each, delay in delays if each == size]
        found = sum(delay < DELAY_MAX for delay in got) / len(got)
        rows.append(f"x{size:g} {found:.0%} {np.median(got):.0f} min, {share_within(delays, size, 15.0):.0%} in 15")
    return "; ".join(rows)


def surges(count: int, days: int) -> list[Stream]:
    """Corpus A: so many streams of each of three rates, every other one with bursts."""
    rates = (0.2, 2.0, 20.0)
    return [synthetic(100 + seed, rate, days, SURGES, bursts=seed % 2 == 1) for rate in rates for seed in range(count)]


def drops(count: int, days: int) -> list[Stream]:
    """Corpus B: so many streams of each of two rates."""
    return [synthetic(200 + seed, rate, days, DROPS, bursts=False) for rate in (2.0, 20.0) for seed in range(count)]


def main(words: Sequence[str] | None = None) -> int:
    """Print all figures and what became of the bars; 1 if one is missed and that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--strict", action="store_true", help="exit 1 if a bar is missed")
    parser.add_argument("--streams", type=int, default=STREAMS, metavar="N", help="of each rate, at least 2")
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help="length of made-up streams, at least 14")
    chosen = parser.parse_args(words)
    began = time.monotonic()
    bars = [*measure("A surges", surges(chosen.streams, chosen.days), "surge")]
    bars += measure("B drops", drops(chosen.streams, chosen.days), "drop")
    folder = os.environ.get("TOCSIN_DATA")
    if folder:
        bars += measure("C real tweets", tweets(Path(folder) / "nab", seed=7), "surge")
    else:
        print("\nC real tweets: left out, as TOCSIN_DATA names no folder with nab/")
    print("\n| figure | value | bar | met |\n|---|---|---|---|")
    for met in bars:
        print(f"| {met.what} | {met.value:.2f} | {met.bar} | {'yes' if met.is_met else '**no**'} |")
    print(f"\n{sum(met.is_met for met in bars)} of {len(bars)} bars met, in {time.monotonic() - began:.0f} s")
    return int(chosen.strict and not all(met.is_met for met in bars))


if __name__ == "__main__":
    raise SystemExit(main())

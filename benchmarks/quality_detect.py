"""Delay and false alarms of the count detector alone, beside an oracle, at thresholds fixed before looking.

Three corpora: surges in 48 made-up streams of 28 days (A), drops in 32 (B), and with the environment variable
TOCSIN_DATA set to a folder with `nab/` in it or beside it, surges put into NAB's ten Twitter streams (C). What they are
and what the oracle knows: `benchmarks/streams.py`. Drops are of streams with 2 and 20 a minute, as of .2 even a total
silence is hidden from whoever knows the mean.

    python -m benchmarks.quality_detect                 # writes a part of docs/quality.md; exit 1 if a bar is missed
    python -m benchmarks.quality_detect --streams 4     # a quick look; writes nothing

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

from benchmarks.quality_sections import SERIES, put_alone
from benchmarks.quality_worlds_bars import MISSED
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
LEFT_OUT: Final = "Real tweets (C) were left out, as TOCSIN_DATA named no folder with `nab/` in it or beside it."

Delays = Sequence[tuple[float, float]]


class Met(NamedTuple):
    """A figure beside its bar."""

    what: str
    value: float
    bar: str
    is_met: bool

    @property
    def row(self) -> str:
        """Of a table."""
        return f"| {self.what} | {self.value:.2f} | {self.bar} | {'yes' if self.is_met else MISSED} |"


class Kept(NamedTuple):
    """What a group of streams saw of the false alarms that were promised: at one a day, a week, a month."""

    group: str
    seen: list[float]

    @property
    def is_met(self) -> bool:
        """Were there never more than promised?"""
        return max(self.seen) <= 1.0

    @property
    def row(self) -> str:
        """Of a table."""
        shares = " | ".join(f"{share:.2f}" for share in self.seen)
        return f"| {self.group} | {shares} | ≤ 1 | {'yes' if self.is_met else MISSED} |"


class Corpus(NamedTuple):
    """What a corpus gave.

    Attributes:
        about: What it is, in words.
        kept: Of each group of streams, how its promise was kept.
        bars: Other figures that have a bar.
        means: Mean delay at each promise, and the oracle's beside it, as cells of a table.
    """

    about: str
    kept: list[Kept]
    bars: list[Met]
    means: list[str]


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


def measure(name: str, streams: Sequence[Stream], direction: str) -> Corpus:
    """Print a corpus' figures.

    Args:
        name: Of the corpus; the first letter is its own.
        streams: Of one length of steps.
        direction: `surge` or `drop`.
    """
    letter, about = name[0], f"{len(streams)} streams, {name.partition(' ')[2]} ({name[0]})"
    watched = [Watched(stream, evidence_of(stream, direction)) for stream in streams]
    print(f"\n{name}: {len(streams)} streams")
    kept = list(_promises(letter, watched))
    bars: list[Met] = []
    means = []
    for promise, word in PROMISES.items():
        fitted = threshold_at(watched, promise)
        delays = [delay for one in watched for delay in one.delays(fitted)]
        print(f"1 a {word}, seen (threshold {fitted:.2f}): RMD {rmd(delays):.1f}  {_by_size(delays)}")
        means.append(f"{rmd(delays):.1f}")
        if letter not in RMD_BARS:
            continue
        best = oracle_delays(streams, promise)
        print(f"    oracle: RMD {rmd(best):.1f}, {rmd(delays) / rmd(best):.2f} times that here  {_by_size(best)}")
        means[-1] += f", {rmd(best):.1f} ({rmd(delays) / rmd(best):.2f})"
        if promise == WEEK:
            _tell_apart(watched)
            bars += _bars_at_a_week(letter, delays, best)
    return Corpus(about, kept, bars, means)


def _promises(letter: str, watched: Sequence[Watched]) -> Iterator[Kept]:
    """False alarms of each group of streams at the thresholds that were known before."""
    thresholds = {promise: math.log(promise * DAY_MS / watched[0].stream.step_ms) for promise in PROMISES}
    for promise, word in PROMISES.items():
        delays = [delay for one in watched for delay in one.delays(thresholds[promise])]
        print(f"1 a {word}, promised: {_by_size(delays)}")
    for group in dict.fromkeys(one.stream.name for one in watched):
        here = [one for one in watched if one.stream.name == group]
        seen = []
        for promise, word in PROMISES.items():
            alarms = sum(one.false_alarms(thresholds[promise]) for one in here)
            promised = sum(one.days for one in here) / promise
            print(f"    {group}, 1 a {word}: {alarms} false alarms seen, {promised:.1f} promised")
            seen.append(alarms / promised)
        yield Kept(f"{letter}, {group}", seen)


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


def nab_of(folder: str | None) -> Path | None:
    """NAB's folder in the folder of the user's data, or beside it where that holds texts; None if there is none.

    Args:
        folder: What TOCSIN_DATA names.
    """
    places = (Path(folder) / "nab", Path(folder).resolve().parent / "nab") if folder else ()
    return next(filter(Path.is_dir, places), None)


def surges(count: int, days: int) -> list[Stream]:
    """Corpus A: so many streams of each of three rates, every other one with bursts."""
    rates = (0.2, 2.0, 20.0)
    return [synthetic(100 + seed, rate, days, SURGES, bursts=seed % 2 == 1) for rate in rates for seed in range(count)]


def drops(count: int, days: int) -> list[Stream]:
    """Corpus B: so many streams of each of two rates."""
    return [synthetic(200 + seed, rate, days, DROPS, bursts=False) for rate in (2.0, 20.0) for seed in range(count)]


def section(corpora: Sequence[Corpus]) -> Iterator[str]:
    """The part of the page: bars, and delays beside the oracle's.

    Args:
        corpora: A, B and perhaps C.
    """
    yield from (SERIES, "")
    yield "Made by `python -m benchmarks.quality_detect`: the count detector alone, without an account, on"
    yield f"{'; '.join(corpus.about for corpus in corpora)}. {'' if len(corpora) > 2 else LEFT_OUT}".rstrip()
    yield "False alarms at thresholds that were known before anything was seen. Delays, misses and those above 60"
    yield "minutes as 60, at thresholds that see as many false alarms as promised, beside an oracle that knows the true"
    yield "mean, the spread and what it waits for. What is lost, and on what: account-figures.md."
    words = " | ".join(f"1 a {word}" for word in PROMISES.values())
    columns = "---|" * len(PROMISES)
    yield from ("", f"| false alarms seen, of those promised | {words} | bar | met |", f"|---|{columns}---|---|")
    yield from (kept.row for corpus in corpora for kept in corpus.kept)
    yield from ("", "| figure | value | bar | met |", "|---|---|---|---|")
    yield from (met.row for corpus in corpora for met in corpus.bars)
    yield from ("", f"| mean delay in minutes, oracle's (times) | {words} |", f"|---|{columns}")
    yield from (f"| {corpus.about} | {' | '.join(corpus.means)} |" for corpus in corpora)


def main(words: Sequence[str] | None = None) -> int:
    """Print all figures and what became of the bars, put them into the page; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--streams", type=int, metavar="N", help="of each rate, at least 2; writes nothing")
    parser.add_argument("--days", type=int, metavar="N", help="length of made-up streams, at least 14; writes nothing")
    chosen = parser.parse_args(words)
    began = time.monotonic()
    count, days = chosen.streams or STREAMS, chosen.days or DAYS
    corpora = [measure("A surges", surges(count, days), "surge"), measure("B drops", drops(count, days), "drop")]
    nab = nab_of(os.environ.get("TOCSIN_DATA"))
    if nab is not None:
        corpora.append(measure("C real tweets", tweets(nab, seed=7), "surge"))
    else:
        print(f"\n{LEFT_OUT}")
    part = list(section(corpora))
    print("\n" + "\n".join(part))
    met = [one.is_met for corpus in corpora for one in corpus.kept]
    met += [one.is_met for corpus in corpora for one in corpus.bars]
    print(f"\n{sum(met)} of {len(met)} bars met, in {time.monotonic() - began:.0f} s")
    if not (chosen.streams or chosen.days):
        put_alone(part)
    return int(not all(met))


if __name__ == "__main__":
    raise SystemExit(main())

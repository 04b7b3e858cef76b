"""Worlds: what a simulated record costs beside encoding one.

A ratio of CPU seconds of one run, on the demo's world: encoding as many short records
is the least that a simulator must do. A week and a day of it took 20 seconds on one idle
core, which is what a person waits for; most of its streams rarely write, so a cost
per quiet stream shows here as well.

Usage: bench_simulate.py [--days N] [--rounds N]
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from typing import Final

from pipeline.adapters.cli.offline.simulate import load
from pipeline.adapters.codecs.wire import encode
from pipeline.simulate.simulate import simulate

SCENARIO: Final = "netcologne-2025"
SEED: Final = 2
ENCODING_MOST: Final = 100.0
"""A simulated record over an encoded one; 62 when the bar was set."""


def main(words: Sequence[str] | None = None) -> int:
    """Print the ratio.

    Returns:
        0 if it is within its bar, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=float, default=1.0, help="Length of the world.")
    parser.add_argument("--rounds", type=int, default=3, help="Rounds, both sides in turns.")
    asked = parser.parse_args(words)
    found = [_round(asked.days) for _ in range(asked.rounds)]
    count, ratio = found[0][0], statistics.median(ratio for _, ratio in found)
    print(f"{count:,} records of {asked.days:g} days: {ratio:.1f} times encoding them (bar {ENCODING_MOST:g})")
    return 0 if ratio <= ENCODING_MOST else 1


def _round(days: float) -> tuple[int, float]:
    began = time.process_time()
    count = sum(1 for _ in simulate(load(SCENARIO, SEED), SEED, days, encode=encode))
    spent = time.process_time() - began
    began = time.process_time()
    for number in range(count):
        encode(
            {"operator": "netcologne", "area": "DE/NW/koeln", "metric": "sessions", "value": number, "unit": "count"}
        )
    return count, spent / max(time.process_time() - began, 1e-6)


if __name__ == "__main__":
    raise SystemExit(main())

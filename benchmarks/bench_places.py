"""Places: how long loading takes beside reading the same rows, and resolving a text beside folding it.

Every command that reads texts loads all 56,000 places first, and every post's place is
resolved. Ratios of CPU seconds of one run: reading rows into structs, and folding a
text to plain letters, are the least that any such code must do.

Usage: bench_places.py [--texts N] [--rounds N]
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Final

from pipeline.adapters.reference.folder import gazetteer_folder, load_places
from pipeline.adapters.reference.gazetteer.build import PLACES
from pipeline.adapters.reference.gazetteer.lines import read_lines
from pipeline.reference.gazetteer import Place, fold

TEXTS: Final = ("Köln-Ehrenfeld", "somewhere near Leeds, UK")
LOADING_MOST: Final = 8.0
"""Loading over reading alone; 5.1 when the bar was set."""
RESOLVING_MOST: Final = 14.0
"""Resolving over folding alone; 8.3 when the bar was set."""


def main(words: Sequence[str] | None = None) -> int:
    """Print both ratios.

    Returns:
        0 if both are within their bars, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=20_000, help="Texts to resolve.")
    parser.add_argument("--rounds", type=int, default=5, help="Rounds, both sides in turns.")
    asked = parser.parse_args(words)
    texts = [TEXTS[number % len(TEXTS)] for number in range(asked.texts)]
    places = load_places()
    rows = gazetteer_folder() / PLACES
    loading = _ratio(load_places, lambda: read_lines(rows, Place), asked.rounds)
    resolving = _ratio(
        lambda: [places.resolve(text) for text in texts], lambda: [fold(text) for text in texts], asked.rounds
    )
    print(f"loading {len(places):,} places: {loading:.1f} times reading their rows (bar {LOADING_MOST:g})")
    print(f"resolving {len(texts):,} texts: {resolving:.1f} times folding them (bar {RESOLVING_MOST:g})")
    return 0 if loading <= LOADING_MOST and resolving <= RESOLVING_MOST else 1


def _ratio(ours: Callable[[], object], least: Callable[[], object], rounds: int) -> float:
    return statistics.median(_cpu_seconds(ours) / max(_cpu_seconds(least), 1e-6) for _ in range(rounds))


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    raise SystemExit(main())

"""While all is well, p-values of a count are uniform: what is said to be one in a hundred is one in a hundred.

Counts are whole, so the chance of one as high as this jumps; a uniform random part of the chance of this very count
makes it continuous (a randomised p-value), and exact where the model is.
"""

import math
import random
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import pytest

from benchmarks.quality_detect import START_MS
from benchmarks.streams import MINUTE_MS, synthetic
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.count_rules import CountRules
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.remembered import CountState
from pipeline.detect.detectors.tails import log_tail

STEPS: Final = 10_000
DISTANCE_MAX: Final = 0.05
"""So far 10,000 p-values may be from uniform: farther, and "one in twenty" could be one in ten. Those of a model that
knows all are up to .016 away (1.63 / sqrt(n), in 99 of 100 tests); the rest is for a level that drifts and is followed,
and for a spread and a time of day that were learnt in a week."""
RARE: Final = 0.01
TIMES_MOST: Final = 2.0
"""A step said to be one in a hundred may be one in fifty: the tail is exact to a few percent, the spread is learnt."""


class Step(NamedTuple):
    """A count, and what was expected before it came."""

    seen: int
    mean: float
    r: float


@cache
def quiet(per_minute: float) -> tuple[Step, ...]:
    """The last 10,000 minutes of 15 days without an event: cycle, drift, clustered counts."""
    stream = synthetic(61, per_minute, 15, (1.0,), bursts=False)
    detector, steps = SeasonalCounts(CountRules(DetectConfig()), CountState()), []
    for number, count in enumerate(stream.counts.tolist()):
        detector.step(count, START_MS + (number + 1) * MINUTE_MS)
        assert detector.expected is not None
        steps.append(Step(count, detector.expected, 1.0 / detector.spread))
    return tuple(steps[-STEPS:])


def below(count: int, mean: float, r: float) -> float:
    """Chance of at most this count: the sum of the negative binomial's terms."""
    term = total = math.exp(-r * math.log1p(mean / r))
    for more in range(1, count + 1):
        term *= (more - 1 + r) / more * mean / (mean + r)
        total += term
    return total if count >= 0 else 0.0


def distance(steps: Sequence[Step], times: float = 1.0) -> float:
    """Kolmogorov's distance of randomised p-values from uniform, had the mean been so many times what it was."""
    rng, found = random.Random(7), []
    for count, mean, r in steps:
        low, high = below(count - 1, times * mean, r), below(count, times * mean, r)
        found.append(low + rng.random() * (high - low))
    rows = sorted(found)
    return max(max(p - number / len(rows), (number + 1) / len(rows) - p) for number, p in enumerate(rows))


@pytest.mark.parametrize("per_minute", [0.2, 2.0, 20.0])
def test_p_values_of_quiet_steps_are_uniform(per_minute: float) -> None:
    assert distance(quiet(per_minute)) < DISTANCE_MAX


@pytest.mark.parametrize("per_minute", [2.0, 20.0])
def test_p_values_of_another_mean_are_not(per_minute: float) -> None:
    assert distance(quiet(per_minute), times=1.2) > DISTANCE_MAX


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("per_minute", [0.2, 2.0, 20.0])
def test_what_is_told_as_rare_is_rare(per_minute: float, above: bool) -> None:
    told = (log_tail(count, mean, r, above=above) for count, mean, r in quiet(per_minute))
    assert sum(each < math.log(RARE) for each in told) < TIMES_MOST * RARE * STEPS

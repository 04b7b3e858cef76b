"""Chance: the distributions are what they say they are, and every stream has its own.

Bounds are five standard errors, and seeds are fixed: a failure is a bug, not bad luck.
"""

import math
from random import Random
from statistics import fmean, pvariance

import pytest

from pipeline.simulate.seeds import burst_factor, delay_ms, generator_for, pick, poisson
from pipeline.simulate.world.rhythm import LocalClock, Rhythm

DRAWS = 20_000


@pytest.mark.parametrize("mean", [0.02, 1.5, 25.0, 59.0, 61.0, 400.0])
def test_poisson_counts_have_their_mean_as_variance(mean: float) -> None:
    chance = Random(11)
    counts = [poisson(chance, mean) for _ in range(DRAWS)]
    assert abs(fmean(counts) - mean) < 5 * math.sqrt(mean / DRAWS)
    assert pvariance(counts) == pytest.approx(mean, rel=0.1, abs=0.01)


def test_bursts_make_the_counts_negative_binomial() -> None:
    chance, mean, size = Random(12), 6.0, 1.2
    counts = [poisson(chance, mean * burst_factor(chance, size)) for _ in range(DRAWS)]
    variance = mean + mean**2 / size
    assert abs(fmean(counts) - mean) < 5 * math.sqrt(variance / DRAWS)
    assert pvariance(counts) == pytest.approx(variance, rel=0.1)


def test_half_of_all_records_are_faster_than_the_median_and_none_slower_than_the_maximum() -> None:
    chance = Random(13)
    delays = [delay_ms(chance, 4_000, 0.7, 30_000) for _ in range(DRAWS)]
    faster = sum(delay < 4_000 for delay in delays) / DRAWS
    assert abs(faster - 0.5) < 5 * math.sqrt(0.25 / DRAWS)
    assert min(delays) > 0
    assert max(delays) == 30_000


def test_names_are_picked_by_weight() -> None:
    chance = Random(14)
    picked = [pick(chance, (("rare", 1.0), ("common", 9.0))) for _ in range(DRAWS)]
    assert abs(picked.count("rare") / DRAWS - 0.1) < 5 * math.sqrt(0.09 / DRAWS)


def test_generators_of_two_names_share_nothing() -> None:
    draws = {
        tuple(generator_for(seed, *names).random() for _ in range(3))
        for seed in (1, 2)
        for names in (("tickets", "koeln"), ("tickets", "bonn"), ("tickets koeln",), ("tickets",))
    }
    assert len(draws) == 8


def test_a_rhythm_is_1_on_average_and_follows_the_local_clock() -> None:
    clock = LocalClock("Europe/Berlin")
    night_owl = Rhythm(clock, hours=(0.0,) * 20 + (1.0,) * 4, weekdays=(1.0,) * 7)
    week = [night_owl.at(1_739_142_000_000 + quarter * 900_000) for quarter in range(672)]
    assert fmean(week) == pytest.approx(1.0)
    winter, summer = 1_739_392_200_000, 1_752_956_400_000  # 2025-02-12 20:30Z, 2025-07-19 20:20Z: 21:30, 22:20 local
    assert night_owl.at(winter) > 0 < night_owl.at(summer)
    assert clock.hour_minute(winter) == (21, 30)
    assert clock.hour_minute(summer) == (22, 20)
    assert night_owl.at(winter - 3 * 3_600_000) == 0.0

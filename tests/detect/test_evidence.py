"""Evidence that adds up: closed forms, caps, and the promise that an average run to a false alarm is long."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.detectors.evidence import (
    RESTING,
    add_up,
    cap_of,
    climb,
    evidence_of,
    run_of_equals,
    sink,
    surprise_of,
)

ratios = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=4)


@pytest.mark.parametrize("steps", [1, 2, 50, 100_000])
def test_a_run_of_zeros_has_a_closed_form(steps: int) -> None:
    odds = 7.0
    for _ in range(min(steps, 2_000)):
        odds = (1.0 + odds) * 0.97
    assert run_of_equals(7.0, 0.97, steps, 1e12) == pytest.approx(odds)


def test_a_run_that_tells_nothing_counts_its_steps() -> None:
    assert run_of_equals(5.0, 1.0, 10, 1e12) == pytest.approx(15.0)


@given(ratios=ratios, before=st.floats(0, 1e6), cap=st.floats(1, 1e6))
def test_odds_never_pass_their_cap_and_the_best_is_told_without_it(
    ratios: list[float], before: float, cap: float
) -> None:
    odds = [-1.0] + [before] * len(ratios)
    best = add_up(odds, 1, ratios, cap)
    assert odds[0] == -1.0, "alternatives of another direction stay as they are"
    assert min(best, cap) == max(odds[1:])
    assert best == max((1.0 + before) * ratio for ratio in ratios)


def test_the_average_run_to_a_false_alarm_is_as_long_as_promised() -> None:
    """Ratios of two normal means: half an hour promised, the mean of 400 runs is at least that."""
    rng, threshold, lengths = random.Random(1), math.log(30.0), []
    for _ in range(400):
        odds, steps = [0.0], 0
        while evidence_of(odds[0], 0.0) < threshold:
            add_up(odds, 0, (math.exp(rng.gauss(0.0, 1.0) - 0.5),), cap_of(threshold, 1))
            steps += 1
        lengths.append(steps)
    assert sum(lengths) / len(lengths) >= 0.9 * 30.0


def test_a_second_alternative_makes_the_threshold_harder_by_its_number() -> None:
    assert evidence_of(8.0, math.log(4)) == pytest.approx(math.log(2.0))


@given(before=st.floats(0, 1e9), share=st.floats(0, 1))
def test_odds_sink_to_rest_and_never_rise(before: float, share: float) -> None:
    odds = [before, before]
    sink(odds, range(1), share)
    assert odds[1] == before, "the other direction stays"
    assert odds[0] <= before
    assert odds[0] >= min(before, RESTING)


def test_a_change_began_where_its_climb_last_left_zero() -> None:
    climbs, starts = [0.0, 0.0], [0, 0]
    for begin, gain in ((10, -1.0), (20, 2.0), (30, 2.0), (40, -9.0), (50, 3.0), (60, 1.0)):
        climb(climbs, starts, 0, climbs[0] + gain, begin)
    assert (climbs, starts) == ([4.0, 0.0], [50, 0])


def test_surprise_is_the_step_or_all_so_far_whichever_tells_more() -> None:
    assert surprise_of(math.log(1e-5), 0.0) == pytest.approx(5.0)
    assert surprise_of(math.log(0.5), math.log(1e7)) == pytest.approx(7.0)
    assert surprise_of(-math.inf, 0.0) == 300.0

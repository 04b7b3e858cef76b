"""Brier, reliability and calibration error against numbers worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.figures.bootstrap import draws_of, interval, quantile
from pipeline.evaluate.figures.calibration import JudgedForecast, brier, calibration_error, reliability

HAND = [
    JudgedForecast(0.95, True),
    JudgedForecast(0.95, False),
    JudgedForecast(0.15, False),
    JudgedForecast(0.15, False),
    JudgedForecast(0.55, True),
]
"""Squares: .0025 .9025 .0225 .0225 .2025 = 1.1525. Gaps: 2 x |.95-.5|, 2 x |.15-0|, 1 x |.55-1| = .9 + .3 + .45."""


def test_hand_numbers() -> None:
    assert brier(HAND) == pytest.approx(1.1525 / 5)
    assert calibration_error(HAND) == pytest.approx(1.65 / 5)
    full = [row for row in reliability(HAND) if row.count]
    assert [(row.low, row.count, row.came_true) for row in full] == [(0.1, 2, 0), (0.5, 1, 1), (0.9, 2, 0.5)]
    assert [row.said for row in full] == pytest.approx([0.15, 0.55, 0.95])


def test_a_sure_and_right_forecaster_is_perfect_and_a_sure_and_wrong_one_the_worst() -> None:
    right, wrong = (
        [JudgedForecast(1.0, True), JudgedForecast(0.0, False)],
        [JudgedForecast(0.0, True), JudgedForecast(1.0, False)],
    )
    assert (brier(right), calibration_error(right)) == (0, 0)
    assert (brier(wrong), calibration_error(wrong)) == (1, 1)


def test_calibrated_is_not_the_same_as_sharp() -> None:
    coin = [JudgedForecast(0.5, True), JudgedForecast(0.5, False)]
    assert (brier(coin), calibration_error(coin)) == (0.25, 0)


def test_nothing_said_is_no_figure() -> None:
    assert (brier([]), calibration_error([])) == (None, None)
    assert [row.count for row in reliability([])] == [0] * 10


@given(said=st.lists(st.tuples(st.floats(0, 1), st.booleans()).map(lambda pair: JudgedForecast(*pair)), max_size=40))
def test_every_forecast_is_in_one_bin_and_errors_are_shares(said: list[JudgedForecast]) -> None:
    assert sum(row.count for row in reliability(said)) == len(said)
    for error in (brier(said), calibration_error(said)):
        assert (error is None) == (not said)
        assert error is None or -1e-9 <= error <= 1 + 1e-9


@given(values=st.lists(st.integers(-1_000, 1_000), min_size=1, max_size=30), part=st.floats(0, 1))
def test_a_quantile_lies_between_the_least_and_the_greatest(values: list[int], part: float) -> None:
    found = quantile(values, part)
    assert found is not None
    assert min(values) - 1e-9 <= found <= max(values) + 1e-9
    assert quantile(values, 0) == min(values)
    assert quantile(values, 1) == max(values)


def test_an_interval_known_by_construction() -> None:
    draws = [[number] for number in range(1_001)]
    assert interval(lambda draw: float(draw[0]), draws) == pytest.approx((25, 975))


def test_a_figure_that_many_draws_cannot_say_has_no_interval() -> None:
    draws = [[number] for number in range(100)]
    assert interval(lambda draw: None if draw[0] < 11 else 1.0, draws) is None
    assert interval(lambda draw: None if draw[0] < 10 else 1.0, draws) == (1, 1)


def test_draws_are_whole_worlds_with_replacement() -> None:
    draws = draws_of(6, seed=1)
    assert len(draws) == 1_000
    assert all(len(draw) == 6 and set(draw) <= set(range(6)) for draw in draws)
    assert any(len(set(draw)) < 6 for draw in draws)

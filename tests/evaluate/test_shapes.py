"""Shapes of figures: how the worlds of a measure are added up, and when there is no figure."""

from collections.abc import Sequence

import pytest

from pipeline.evaluate.figures.definitions import FIGURES
from pipeline.evaluate.figures.shapes import Pooled, Quantile, Ratio, Total, forecasts_of
from pipeline.evaluate.judging.facts import WorldScore
from pipeline.evaluate.score import score_world
from tests.evaluate.cases import incident, outage, truth

CALM = score_world(truth(), [])
FOUND = score_world(truth(outage()), [incident()])
MISSED = score_world(truth(outage(), outage("o2", 200, 260)), [])


def recall(world: WorldScore) -> tuple[float, float]:
    return sum(outage.found for outage in world.outages), len(world.outages)


@pytest.mark.parametrize(
    ("worlds", "value"),
    [
        pytest.param([FOUND, MISSED], 1 / 3, id="outages_weigh_not_worlds"),
        pytest.param([FOUND, FOUND, MISSED], 2 / 4, id="a_world_drawn_twice_counts_twice"),
        pytest.param([CALM], None, id="nothing_to_find_is_no_figure"),
    ],
)
def test_a_ratio_is_a_sum_over_a_sum(worlds: Sequence[WorldScore], value: float | None) -> None:
    figure, counts = Ratio(recall).over(worlds)
    assert figure(range(len(worlds))) == value
    assert list(counts) == [len(world.outages) for world in worlds]


def test_a_quantile_pools_the_values_of_all_worlds() -> None:
    delays = Quantile(lambda world: [float(len(world.outages))] * len(world.outages), 0.5)
    figure, counts = delays.over([FOUND, MISSED, CALM])
    assert figure([0, 1, 2]) == 2.0, "values 1, 2 and 2"
    assert figure([2]) is None
    assert list(counts) == [1, 2, 0]


def test_a_total_of_none_among_none_is_no_figure_and_among_some_is_nought() -> None:
    figure, _ = Total(lambda world: len(world.incidents), lambda world: len(world.outages)).over([CALM, MISSED])
    assert figure([0]) is None
    assert figure([1]) == 0


def test_forecasts_of_all_worlds_are_pooled() -> None:
    assert [(forecast.said, forecast.real) for forecast in forecasts_of(FOUND)] == [(0.9, True)]
    figure, _ = Pooled(lambda forecasts: float(len(forecasts))).over([FOUND, FOUND, CALM])
    assert figure([0, 1, 2]) == 2.0


def test_every_figure_has_a_name_of_its_own_and_bears_an_empty_world() -> None:
    names = [definition.name for definition in FIGURES]
    assert len(set(names)) == len(names)
    for definition in FIGURES:
        value, _ = definition.how.over([CALM])
        assert value([0]) is None or value([0]) == 0, definition.name

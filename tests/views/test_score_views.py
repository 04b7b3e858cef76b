"""A score as it is drawn and told: dots, bars, cases, and figures in words."""

import pytest

from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Figure, Score, combine, score_world
from pipeline.evaluate.sides.worlds import world_of
from pipeline.records.truth import Truth
from pipeline.views.score.cases import cases_of
from pipeline.views.score.diagrams import SIZE, bars_of, dots_of
from pipeline.views.score.wording import grouped, heading, interval_of, no_interval, title_of
from tests.evaluate.cases import HISTORY, incident, outage, truth

TWO = truth(outage(), outage("o2", 300, 360))


def scored(given: Truth, *histories: HISTORY) -> ScoredRun:
    return ScoredRun(world=world_of(given), histories=histories, score=score_world(given, histories))


def score(given: Truth, *histories: HISTORY) -> Score:
    return combine([score_world(given, histories)])


def test_an_outage_that_nobody_found_has_a_bar_of_its_own() -> None:
    bars = {bar.label: bar for bar in bars_of(score(TWO, incident()))}
    assert (bars["2–5"].suspected, bars["2–5"].confirmed) == (1, 1)
    assert (bars["never"].suspected, bars["never"].confirmed) == (1, 1)
    assert sum(bar.suspected for bar in bars.values()) == 2
    assert bars["never"].suspected_high == 100.0


def test_a_dot_stands_where_it_said_and_where_it_came_true() -> None:
    (dot,) = dots_of(score(truth(outage()), incident(confidence=(900_000, 900_000, 900_000))))
    assert float(dot.x) == pytest.approx(0.9 * SIZE)
    assert float(dot.y) == 0.0, "all of them were real: at the top"
    assert "(1 incidents)" in dot.title
    assert dots_of(score(TWO)) == ()


def test_the_worst_case_comes_first_and_the_rest_is_counted() -> None:
    false_alarm = incident("i9", opened=700, confirmed=702, over=720, areas=("DE/BY/muenchen",))
    cases, more = cases_of([scored(TWO, incident(), false_alarm)], cases_max=1)
    assert len(cases) == 1
    assert more >= 1
    every, none = cases_of([scored(TWO, incident(), false_alarm)])
    assert none == 0
    assert every[0] == cases[0]


def test_figures_are_told_with_their_unit_and_without_what_has_none() -> None:
    told = dict(grouped(score(TWO, incident())))
    assert all(figure.value is not None for figures in told.values() for figure in figures)
    assert heading(score(TWO, incident())) == (
        "1 run of 30 days, 2 outages (2 severe), 0 traps, 1 incident (1 confirmed)"
    )
    assert no_interval(score(TWO)).startswith("No intervals: 1 world")


def test_an_interval_needs_both_ends() -> None:
    figure = Figure(
        name="precision", group="found", title="precision", unit="share", value=0.5, low=0.25, high=0.75, n=4
    )
    assert interval_of(figure) == "25 % … 75 %"
    assert title_of(figure) == "precision"
    assert interval_of(Figure(name="x", group="found", title="x", unit="share", value=0.5, n=4)) == ""

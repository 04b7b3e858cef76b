"""Calibrating: from runs whose truth is known to the tables of what the account of evidence is worth."""

import math
import random
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import structs

from pipeline.adapters.reference.belief import read_belief
from pipeline.adapters.runs.scoring import RUN
from pipeline.evaluate.calibrating.curve import Beta, fitted, rows_of, spread_for
from pipeline.evaluate.calibrating.moments import JudgedIncident, Prediction, judged_by_people, judged_of
from pipeline.evaluate.calibrating.rates import false_incidents, false_suspicions
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import score_world
from pipeline.evaluate.sides.worlds import world_of
from pipeline.records.published.evidence_card import EvidenceCard, GroupContribution
from pipeline.records.published.incident_parts import StateChange
from pipeline.records.vocabulary import IncidentState
from pipeline.reference.belief import AS_SAID, OTHER, BeliefTable
from tests.evaluate.cases import HISTORY, at, incident, outage, truth
from tools.calibrate import Read, main, written


def carded(rows: HISTORY, *odds_milli: int, network: int = 3_000) -> HISTORY:
    """Revisions with a card each."""
    added = (GroupContribution(group="network", added_milli=network, without_ppm=1),)
    return tuple(
        structs.replace(
            row, evidence_card=EvidenceCard(log_odds_milli=odds, base_milli=odds - network, contributions=added)
        )
        for row, odds in zip(rows, odds_milli, strict=True)
    )


def scored(*histories: HISTORY) -> ScoredRun:
    """A run of a world with one outage in the first hour after noon."""
    world = truth(outage())
    return ScoredRun(world=world_of(world), histories=histories, score=score_world(world, histories))


def drawn(curve: Beta, count: int, seed: int = 1) -> list[Prediction]:
    """Forecasts that come true as a curve has it."""
    chance = random.Random(seed)
    said = [chance.randrange(-4_000, 6_000) for _ in range(count)]
    return [Prediction(each, chance.random() < 1 / (1 + math.exp(-curve.told(each)))) for each in said]


def test_forecasts_are_the_moments_at_which_it_was_surer_than_ever() -> None:
    first, fact, over = incident("real", 2, 4)
    surer = structs.replace(fact, revision=3, updated_at=at(20))
    real = carded((first, fact, surer, structs.replace(over, revision=4)), 500, 3_000, 9_000, 9_000)
    false = carded(incident("false", 600, None, 630), 400, 200)
    judged = list(judged_of(scored(real, false), AS_SAID))
    assert [(one.real, [moment.said_milli for moment in one.moments]) for one in judged] == [
        (True, [500, 3_000]),
        (False, [400]),
    ]


def test_a_run_that_told_by_a_table_is_read_back_to_what_was_said() -> None:
    table = BeliefTable(told=((-1_000, -3_000), (5_000, 9_000)))
    told = carded(incident("real", 2, 4), table.told_milli(500), table.told_milli(3_000), table.told_milli(3_000))
    (judged,) = judged_of(scored(told), table)
    assert [moment.said_milli for moment in judged.moments] == [500, 3_000]


@pytest.mark.parametrize(
    ("state", "real"), [(IncidentState.CONFIRMED, True), (IncidentState.DISMISSED, False)], ids=str
)
def test_what_people_said_of_an_incident_is_its_truth_where_nobody_knows_more(state: IncidentState, real: bool) -> None:
    rows = carded(incident("asked", 2, None, 30), 500, 700)
    said = StateChange(state=state, at=at(20), reason="command", by="ina")
    asked = tuple(structs.replace(row, state_history=(*row.state_history, said)) for row in rows)
    assert [one.real for one in judged_by_people((asked, rows), AS_SAID)] == [real]


def test_a_fit_finds_the_curve_that_forecasts_follow() -> None:
    curve = Beta(0.6, 1.5, -0.4)
    found = fitted(drawn(curve, 4_000), 1.0)
    for said in (-3_000, -1_000, 0, 1_000, 2_000, 3_000):
        assert found.told(said) == pytest.approx(curve.told(said), abs=0.35)
    assert abs(curve.told(3_000) - 3.0) > 0.7


def test_few_forecasts_say_little_beside_the_prior_and_many_say_all() -> None:
    few, many = drawn(Beta(0.5, 2.0, -1.0), 20), drawn(Beta(0.5, 2.0, -1.0), 2_000)
    assert abs(fitted(few).b - 1.0) < 0.05 < abs(fitted(many).b - 1.0)
    assert spread_for([many[start::50] for start in range(50)]) > spread_for([[moment] for moment in few])


def test_a_curve_whose_forecasts_all_come_wrong_rises_still() -> None:
    upside_down = [Prediction(said, said < 0) for said in range(-4_000, 4_000, 50)]
    assert all(low[1] < high[1] for low, high in pairwise(rows_of(fitted(upside_down, 0.5))))


def test_false_incidents_are_counted_where_they_are_likelier_than_not_and_follow_from_there() -> None:
    half = JudgedIncident(False, (Prediction(100, False),), ("tv",), True)
    faint = JudgedIncident(False, (Prediction(-100, False),), ("tv",), True)
    real = JudgedIncident(True, (Prediction(100, True),), ("tv",), True)
    false = false_suspicions([half, faint, real], AS_SAID)
    assert false == [half]
    rates = false_incidents(false * 9, 10.0, 0.9, 0.95)
    assert sum(rates.values()) == pytest.approx((9 + 1) / 9 / 10, abs=0.001)
    assert max(rates, key=lambda service: rates[service]) == "tv"
    assert rates[OTHER] > 0


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    rising = tuple(JudgedIncident(real, (Prediction(said, real),), (), False) for said, real in drawn(Beta(), 40))
    runs = [Read(f"made-{number}", rising[number::8], 30.0) for number in range(8)]
    path = tmp_path / "belief.toml"
    path.write_text("\n".join(written(runs)))
    table = read_belief(path)
    assert table.told_milli(0) == pytest.approx(0, abs=200)
    assert "runs = 8" in path.read_text()


def test_a_folder_that_is_no_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert RUN in capsys.readouterr().err

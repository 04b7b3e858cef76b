"""Did a backup help: the call centre before the switch and since, on the record, and in a word for who follows up."""

from dataclasses import replace

import pytest

from pipeline.records.vocabulary import IncidentState
from pipeline.respond.failovers.helped import Moved, backup_helped, verdict_of
from tests.respond.failovers.made import BOT, Market, phases_in

WAIT, ABANDONED, SATISFIED = "avg_speed_of_answer_seconds", "abandonment_ratio", "csat_score"


def used(before: dict[str, int], during: dict[str, int]) -> Market:
    """A bot that is switched on at ten past nine and off at ten."""
    market = Market(BOT, mode="act")
    for at in (-30, -25, 0, 5, 10):
        for measure, steps in before.items():
            market.figure(at, measure, steps if at > -20 else 9 * steps)
    market.change(10)
    for at in range(15, 61, 5):
        for measure, steps in during.items():
            market.figure(at, measure, 9 * steps if at == 15 else steps)
    market.change(60, state=IncidentState.RESOLVED)
    return market


def test_the_record_holds_what_was_measured_before_the_switch_and_since() -> None:
    market = used(
        {WAIT: 600_000, ABANDONED: 300_000, SATISFIED: 3_100}, {WAIT: 120_400, ABANDONED: 80_000, SATISFIED: 3_000}
    )
    helped = market.now["netcologne/bot"].helped
    assert helped is not None
    assert (helped.waiting_seconds_before, helped.waiting_seconds_during) == (600, 120)
    assert (helped.abandonment_ppm_before, helped.abandonment_ppm_during) == (300_000, 80_000)
    assert (helped.satisfaction_milli_before, helped.satisfaction_milli_during) == (3_100, 3_000)
    assert helped.verdict == "helped"
    assert backup_helped(market.state.cases("DE")[0]) is True


def test_what_nobody_measured_is_not_known_and_neither_good_nor_bad() -> None:
    market = used({}, {})
    helped = market.now["netcologne/bot"].helped
    assert helped is not None
    assert helped.verdict == "unknown"
    assert helped.waiting_seconds_before is None
    assert backup_helped(market.state.cases("DE")[0]) is None


def test_a_backup_that_was_only_proposed_has_not_helped() -> None:
    market = Market(BOT)
    market.change(1)
    market.change(30, state=IncidentState.RESOLVED)
    assert market.now["netcologne/bot"].helped is None
    assert backup_helped(market.state.cases("DE")[0]) is None


def test_an_active_backup_says_every_hour_whether_it_helps() -> None:
    market = Market(replace(BOT, active_minutes_max=600), mode="act")
    market.figure(0, WAIT, 600_000)
    market.change(1)
    told = [at for at in range(5, 185, 5) if phases_in(market.figure(at, WAIT, 60_000))]
    assert told == [65, 125]


@pytest.mark.parametrize(
    ("waiting", "given_up", "satisfied", "verdict"),
    [
        pytest.param(Moved(100, 50), Moved(100, 100), Moved(None, None), "helped", id="one_voice_for"),
        pytest.param(Moved(100, 50), Moved(100, 200), Moved(None, None), "no_difference", id="one_for_one_against"),
        pytest.param(Moved(100, 150), Moved(None, 1), Moved(4, 3), "worse", id="both_against"),
        pytest.param(Moved(100, 91), Moved(None, None), Moved(None, None), "no_difference", id="too_little"),
        pytest.param(Moved(100, None), Moved(None, 1), Moved(None, None), "unknown", id="nothing_to_compare"),
        pytest.param(Moved(0, 0), Moved(0, 0), Moved(None, None), "no_difference", id="nobody_waits"),
    ],
)
def test_three_figures_have_a_voice_each(waiting: Moved, given_up: Moved, satisfied: Moved, verdict: str) -> None:
    assert verdict_of(waiting, given_up, satisfied) == verdict

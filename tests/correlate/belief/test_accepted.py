"""How many false incidents an operator accepts, and where the bars lie then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.accepted import AS_SET, BAR_MAX, BAR_MIN, Accepted, accepted, is_night
from pipeline.correlate.belief.confirm import is_suspected, verdict
from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.account import Joint
from pipeline.records.clocks import parse_instant
from pipeline.records.errors import ConfigError
from pipeline.reference.belief import BeliefTable
from tests.correlate.accounts import weighing
from tests.correlate.made import account, dossier
from tests.correlate.stories import REFERENCE

TABLE = BeliefTable(false_incidents={"tv": 0.01, "emergency": 0.02, "other": 0.05})
CONFIG = ConfirmConfig(false_incidents_per_month={"emergency": 0.06, "tv": 0.0025})


@pytest.mark.parametrize(
    ("services", "part"),
    [
        pytest.param(["emergency"], 3.0, id="three_times_as_many_as_are_to_be_expected"),
        pytest.param(["tv"], 0.25, id="a_quarter"),
        pytest.param(["sms"], 1.0, id="who_says_nothing_keeps_the_bars"),
        pytest.param([], 1.0, id="nor_of_what_names_no_service"),
        pytest.param(["emergency", "tv"], 3.0, id="the_most_that_is_accepted_counts"),
        pytest.param(["sms", "tv"], 1.0, id="also_where_one_keeps_the_bars"),
    ],
)
def test_what_is_accepted_is_measured_by_what_is_to_be_expected(services: list[str], part: float) -> None:
    assert accepted(services, CONFIG, TABLE).part == pytest.approx(part)


def test_without_a_setting_nothing_moves_a_bar() -> None:
    assert accepted(["tv"], ConfirmConfig(), TABLE, night=True) == AS_SET
    assert AS_SET.bar(0.9) == 0.9


def test_by_night_a_part_of_it_is_accepted() -> None:
    config = ConfirmConfig(night_accepts=0.5)
    assert [accepted(["sms"], config, TABLE, night=night).part for night in (False, True)] == [1.0, 0.5]


def test_night_is_by_the_clock_of_the_market_and_asked_for_where_it_matters() -> None:
    half = ConfirmConfig(night_accepts=0.5)
    utc = {hour: int(parse_instant(f"2026-07-01T{hour:02}:00:00Z")) for hour in (3, 4, 19, 20)}
    told = [is_night(moment, "DE", half, REFERENCE) for moment in utc.values()]
    assert told == [True, False, False, True]  # two hours later on a clock in Germany
    assert not is_night(utc[3], "DE", ConfirmConfig(), REFERENCE)


@given(bar=st.floats(0.3, 0.95), part=st.floats(0.001, 1_000.0), more=st.floats(1.0, 10.0))
def test_who_accepts_more_is_told_no_later(bar: float, part: float, more: float) -> None:
    assert BAR_MIN <= Accepted(part * more).bar(bar) <= Accepted(part).bar(bar) + 1e-12 <= BAR_MAX + 1e-12


@given(bar=st.floats(0.5, 0.9), part=st.floats(0.2, 2.0))
def test_twice_as_many_are_half_the_odds(bar: float, part: float) -> None:
    moved = Accepted(part).bar(bar)
    assert moved / (1 - moved) == pytest.approx(bar / (1 - bar) / part)


def test_both_bars_move_and_people_alone_need_more_still() -> None:
    emergency = accepted(["emergency"], CONFIG, TABLE)
    figures, people = account(0.8, network=9_000), account(0.8, care=9_000)
    assert verdict(dossier(account=figures), CONFIG) is None
    assert verdict(dossier(account=figures), CONFIG, emergency) is not None
    assert verdict(dossier(account=people), CONFIG, emergency) is None
    one_in_four = Joint(-1_090, -1_090, -1_090, {"network": 9_000}, weighing(0), {})
    assert not is_suspected(one_in_four, CONFIG)
    assert is_suspected(one_in_four, CONFIG, emergency)


def test_all_that_nobody_can_accept_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        ConfirmConfig(false_incidents_per_month={"fax": 1.0, "tv": 0.0}, night_accepts=0.001)
    told = [line.partition(":")[0].partition(" =")[0].rpartition(".")[2] for line in str(caught.value).splitlines()]
    assert told == ["fax", "tv", "night_accepts"]

"""The hypotheses and how one follows another: nothing is lost, nothing is favoured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.account.filtering import predicted
from pipeline.detect.account.states import (
    BACK_PER_MINUTE,
    BUSY_FROM,
    BUSY_LOUDNESS,
    CAMPAIGN_FROM,
    CHATTER_FROM,
    ENTRIES,
    FRESH,
    LOAD_FROM,
    LOUDNESS,
    NEIGHBOURS,
    OUTAGE_PER_MINUTE,
    OUTAGES,
    PROBE_FROM,
    RIVAL_LOUDNESS,
    RIVAL_SHARES,
    SHARES,
    STATES,
    STAYS,
    STEP_PER_MINUTE,
)


def test_from_normal_all_ways_lead_somewhere_and_outages_begin_as_often_as_stated() -> None:
    assert sum(ENTRIES) == pytest.approx(1.0, abs=1e-15)
    assert sum(ENTRIES[1 : 1 + OUTAGES]) == pytest.approx(OUTAGE_PER_MINUTE)
    assert len(ENTRIES) == len(NEIGHBOURS) == len(STAYS) == STATES
    assert all(entry > 0 for entry in ENTRIES)


def test_from_every_other_state_all_ways_lead_somewhere() -> None:
    for state in range(1, STATES):
        leaving = sum(STEP_PER_MINUTE for beside in NEIGHBOURS if state in beside)
        assert STAYS[state] + BACK_PER_MINUTE + leaving == pytest.approx(1.0)
        assert STAYS[state] > 0.5


def test_neighbours_are_mutual_and_no_state_borders_itself_or_another_explanation() -> None:
    borders = (1, CHATTER_FROM, PROBE_FROM, LOAD_FROM, CAMPAIGN_FROM, BUSY_FROM, STATES)

    def family(state: int) -> int:
        return sum(1 for first in borders if first <= state)

    for state in range(1, STATES):
        for other in NEIGHBOURS[state]:
            assert state in NEIGHBOURS[other]
            assert other != state
            assert family(state) == family(other)
    assert NEIGHBOURS[0] == ()


def test_an_outage_borders_a_share_and_a_loudness_more_or_less() -> None:
    columns = len(LOUDNESS)
    assert sorted(NEIGHBOURS[1]) == [2, 1 + columns]
    middle = 1 + 2 * columns + 2
    assert sorted(NEIGHBOURS[middle]) == [middle - columns, middle - 1, middle + 1, middle + columns]


def test_the_rows_hold_as_many_states_as_the_grids_say() -> None:
    assert len(SHARES) * len(LOUDNESS) == OUTAGES
    assert PROBE_FROM - CHATTER_FROM == LOAD_FROM - PROBE_FROM + 1 == len(RIVAL_LOUDNESS) == len(RIVAL_SHARES) + 1
    assert STATES - BUSY_FROM == len(BUSY_LOUDNESS) <= len(RIVAL_LOUDNESS)
    assert list(SHARES) == sorted(SHARES)
    assert list(LOUDNESS) == sorted(LOUDNESS)


def test_a_fresh_place_is_nearly_surely_normal_and_rules_nothing_out() -> None:
    assert sum(FRESH) == pytest.approx(1.0, abs=1e-12)
    assert 0.999 < FRESH[0] + sum(FRESH[BUSY_FROM:]) < 1.0
    assert min(FRESH) > 0.0


beliefs = st.lists(st.floats(1e-9, 1.0), min_size=STATES, max_size=STATES).map(
    lambda weights: [weight / sum(weights) for weight in weights]
)


@given(belief=beliefs, minutes=st.integers(1, 60))
def test_time_alone_keeps_a_belief_a_belief_and_leads_back_to_normal(belief: list[float], minutes: int) -> None:
    after = predicted(belief, minutes)
    assert sum(after) == pytest.approx(1.0, abs=1e-9)
    assert min(after) > 0.0
    assert after[0] >= belief[0] * 0.9999


@given(belief=beliefs, minutes=st.integers(10, 10_000))
def test_a_long_pause_changes_a_belief_as_ten_minutes_do(belief: list[float], minutes: int) -> None:
    assert predicted(belief, minutes) == predicted(belief, 10)


@given(belief=beliefs)
def test_minutes_follow_each_other_one_by_one(belief: list[float]) -> None:
    before = list(belief)
    assert predicted(predicted(belief, 1), 1) == predicted(belief, 2)
    assert belief == before

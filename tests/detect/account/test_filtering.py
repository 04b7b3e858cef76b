"""The filter: which explanation wins, from what is seen minute by minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.account.filtering import (
    ALONE,
    GROUPS,
    Heard,
    People,
    outage_of,
    predicted,
    rivals_of,
    shares_of,
    weighed,
)
from pipeline.detect.account.states import FRESH, LOUDNESS, RIVAL_LOUDNESS, SHARES, STATES

ratios = st.floats(0.0003, 3_000.0)


def many(length: int) -> st.SearchStrategy[list[float]]:
    return st.lists(ratios, min_size=length, max_size=length)


heard = st.builds(
    Heard,
    many(len(SHARES)),
    st.builds(
        People,
        many(len(LOUDNESS)),
        many(len(LOUDNESS)),
        ratios,
        many(len(RIVAL_LOUDNESS)),
        many(len(RIVAL_LOUDNESS)),
        many(len(RIVAL_LOUDNESS)),
        st.tuples(many(len(LOUDNESS)), many(len(LOUDNESS))),
    ),
)


@given(steps=st.lists(heard, min_size=1, max_size=6))
def test_a_belief_sums_to_one_and_rules_nothing_out(steps: list[Heard]) -> None:
    belief = list(FRESH)
    for seen in steps:
        belief, added = weighed(predicted(belief, 1), seen)
        assert len(belief) == STATES
        assert sum(belief) == pytest.approx(1.0, abs=1e-9)
        assert min(belief) > 0.0
        assert sorted(added) == sorted((*GROUPS, *ALONE))
    assert outage_of(belief) + sum(rivals_of(belief).values()) == pytest.approx(1.0, abs=1e-9)


@given(seen=heard)
def test_what_is_known_before_is_not_changed_by_weighing(seen: Heard) -> None:
    prior = list(FRESH)
    assert weighed(prior, seen) == weighed(prior, seen)
    assert prior == list(FRESH)


NOTHING = Heard(
    [1.0] * len(SHARES),
    People(
        [1.0] * len(LOUDNESS),
        [1.0] * len(LOUDNESS),
        1.0,
        [1.0] * len(RIVAL_LOUDNESS),
        [1.0] * len(RIVAL_LOUDNESS),
        [1.0] * len(RIVAL_LOUDNESS),
    ),
)


def test_who_sees_nothing_learns_nothing() -> None:
    prior = predicted(FRESH, 1)
    after, added = weighed(prior, NOTHING)
    assert after == pytest.approx(prior, rel=1e-9)
    assert all(abs(milli) < 1e-9 for milli in added.values())


@given(seen=heard)
def test_a_group_adds_by_its_own_words_alone(seen: Heard) -> None:
    _, added = weighed(predicted(FRESH, 1), seen)
    _, alone = weighed(predicted(FRESH, 1), NOTHING._replace(shares=seen.shares))
    assert alone["network"] == added["network"]
    assert alone["care"] == pytest.approx(0.0, abs=1e-9)
    assert alone["public"] == pytest.approx(0.0, abs=1e-9)


@given(
    weights=st.lists(st.floats(1e-6, 1.0), min_size=STATES, max_size=STATES).map(
        lambda rows: [row / sum(rows) for row in rows]
    )
)
def test_a_share_lies_between_its_bounds_on_the_grid(weights: list[float]) -> None:
    low, likely, high = shares_of(weights)
    assert low in SHARES
    assert high in SHARES
    assert low <= high
    assert SHARES[0] <= likely <= SHARES[-1]

"""The horizon: nobody runs far ahead, and nobody waits for ever."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.kafka.ingest.clocks_follower import Horizon

SPAN = 300
SOURCES = ("telemetry", "tickets")


def horizon(*heard: tuple[str, int, int], lanes: int = 2) -> Horizon:
    made = Horizon(SOURCES, lanes, SPAN)
    for source, lane, clock in heard:
        made.heard(source, lane, clock)
    return made


ALL = (("telemetry", 0, 1_000), ("telemetry", 1, 1_100), ("tickets", 0, 1_200), ("tickets", 1, 5_000))


def test_a_lane_ahead_may_read_to_the_least_clock_and_five_minutes() -> None:
    assert horizon(*ALL).limit("tickets", 1, 5_001) == 1_000 + SPAN


def test_the_lane_behind_all_moves_even_over_an_hour_without_records() -> None:
    assert horizon(*ALL).limit("telemetry", 0, 90_000) == 90_000 + SPAN


def test_a_lane_never_heard_moves_and_holds_the_others_at_the_least_first_clock() -> None:
    known = horizon(("telemetry", 0, 1_000), ("telemetry", 1, 9_000))
    known.heard("telemetry", 0, 50_000)
    assert known.least() == 1_000
    assert known.limit("telemetry", 0, 50_001) == 1_000 + SPAN
    assert known.limit("tickets", 0, 7_000) == 7_000 + SPAN


def test_a_clock_never_goes_back() -> None:
    known = horizon(*ALL)
    known.heard("telemetry", 0, 10)
    assert known.least() == 1_000


def test_without_a_span_there_is_no_limit() -> None:
    assert Horizon(SOURCES, 2, None).limit("tickets", 0, 5) is None


@pytest.mark.parametrize("heard", [(), ALL], ids=["at_the_very_start", "later"])
def test_whoever_has_records_at_the_least_clock_can_take_its_next_one(heard: tuple[tuple[str, int, int], ...]) -> None:
    limit = horizon(*heard).limit("telemetry", 0, 77_000)
    assert limit is not None
    assert limit >= 77_000


@given(
    logs=st.lists(st.lists(st.integers(0, 20_000), min_size=1, max_size=12), min_size=4, max_size=4),
    seed=st.integers(0, 100),
)
def test_any_logs_are_read_to_their_ends_whoever_comes_first(logs: list[list[int]], seed: int) -> None:
    """No deadlock: as long as every partition is read to an end that is as late as the others'."""
    known = Horizon(SOURCES, 2, SPAN)
    chance = random.Random(seed)
    keys = [(source, lane) for source in SOURCES for lane in range(2)]
    waiting = {key: sorted([*log, 30_000]) for key, log in zip(keys, logs, strict=True)}
    for _ in range(10_000):
        able = [key for key, log in waiting.items() if log]
        if not able:
            return
        moved = False
        for key in chance.sample(able, len(able)):
            limit = known.limit(*key, waiting[key][0])
            assert limit is not None
            if waiting[key][0] <= limit:
                known.heard(*key, waiting[key].pop(0))
                moved = True
        assert moved, f"all wait for each other: {waiting}"
    pytest.fail("never ends")

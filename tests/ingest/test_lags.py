"""Steadily late feeds: heard after a few records, moved by their lag, forgotten when mended; stragglers stay late."""

from collections.abc import Callable, Iterable, Mapping

import pytest

from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.late.lags import FEEDS_MAX, ROW_RECORDS, Lags
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, PANE_MS
from tests.ingest.world import NOON, TOWNS, Raw, post, reading, rules, ticket

SLOW_MS = 150_000
"""A collector whose clock is two and a half minutes slow."""


def fresh_lane(steady_lag_ms_max: int = 30 * MINUTE_MS) -> Lane:
    config = IngestConfig(lanes=1, signals_partitions=1, steady_lag_ms_max=steady_lag_ms_max)
    return Lane(0, rules(config), {})


def minutes_of(lane: Lane, minutes: Iterable[int], *records: tuple[int, Mapping[str, object]]) -> LaneBatch:
    """Each minute a punctual reading of another metric, and these, each behind by so much with such fields."""
    for minute in minutes:
        now = NOON + minute * MINUTE_MS
        batch = [reading(now, metric="attach_success_ratio")]
        batch += [reading(now - behind_ms, timestamp=now, **fields) for behind_ms, fields in records]
        assert lane.take("telemetry", batch, None) == len(batch)
    return lane.close()


def panes_of(batch: LaneBatch, measure: str = "session_success_ratio") -> list[int]:
    """Panes, from noon, in which a metric of Köln is counted."""
    sums = [item for envelope in batch.envelopes for item in envelope.partials]
    return sorted({(item.pane - NOON) // PANE_MS for item in sums if (item.measure, item.area) == (measure, TOWNS[0])})


def test_a_feed_with_a_slow_clock_is_refused_for_five_minutes_and_then_heard() -> None:
    batch = minutes_of(fresh_lane(), range(60), (SLOW_MS, {}))
    assert [refused.reason for refused in batch.quarantined] == ["late"] * 6
    assert "netcologne session_success_ratio' came 150000 ms after its time" in batch.quarantined[0].message
    assert batch.quarantined[-1].message.endswith("steadily: from here on its times are moved by 150000 ms")
    assert panes_of(batch) == [6 * minute for minute in range(6, 60)], "its times are moved to when it was heard"


def test_nobody_else_waits_for_a_feed_that_is_late() -> None:
    with_it, without = fresh_lane(), fresh_lane()
    minutes_of(with_it, range(60), (SLOW_MS, {}))
    minutes_of(without, range(60))
    assert with_it.clocks == without.clocks


def test_one_late_element_of_many_is_heard_and_the_punctual_ones_keep_their_times() -> None:
    late: tuple[int, Mapping[str, object]] = (SLOW_MS, {"area": None, "element": "olt-7"})
    batch = minutes_of(fresh_lane(), range(60), (20_000, {}), late, (20_000, {"area": TOWNS[1]}))
    assert len(batch.quarantined) == 6
    assert panes_of(batch) == [6 * minute - 2 for minute in range(60)]


def test_a_thousand_late_elements_of_one_vendor_take_one_place() -> None:
    lane = fresh_lane()
    elements = [(SLOW_MS + n, {"area": None, "element": f"cell-{n}", "vendor": "v"}) for n in range(1_000)]
    minutes_of(lane, range(7), *elements)
    assert not minutes_of(lane, range(7, 9), *elements).quarantined
    assert lane.habits["telemetry"].count(",") <= 1


def test_a_burst_after_a_break_is_no_habit() -> None:
    lane = fresh_lane()
    minutes_of(lane, range(5))
    now = NOON + 20 * MINUTE_MS
    burst = [reading(NOON + n * MINUTE_MS, timestamp=now) for n in range(10)]
    lane.take("telemetry", [reading(now, metric="attach_success_ratio"), *burst, *burst], None)
    assert len(lane.close().quarantined) == 20


def test_stragglers_among_punctual_records_stay_late() -> None:
    lane = fresh_lane()
    refused = 0
    for minute in range(0, 240, 2):
        refused += len(minutes_of(lane, [minute], (SLOW_MS, {})).quarantined)
        minutes_of(lane, [minute + 1], (0, {}))
    assert refused == 120


def test_a_feed_that_is_mended_keeps_its_own_times_and_its_lag_is_forgotten() -> None:
    lane = fresh_lane()
    minutes_of(lane, range(20), (SLOW_MS, {}))
    assert lane.habits["telemetry"]
    batch = minutes_of(lane, range(20, 30), (0, {}))
    assert not batch.quarantined
    assert panes_of(batch) == [6 * minute for minute in range(20, 30)]
    assert not lane.habits


def test_a_lag_that_grows_is_learnt_again() -> None:
    lane = fresh_lane()
    minutes_of(lane, range(20), (SLOW_MS, {}))
    batch = minutes_of(lane, range(20, 60), (4 * SLOW_MS, {}))
    assert len(batch.quarantined) == 6
    assert not minutes_of(lane, range(60, 70), (4 * SLOW_MS, {})).quarantined


def test_a_lag_beyond_the_limit_is_refused_with_the_setting_that_hears_it() -> None:
    batch = minutes_of(fresh_lane(), range(200), (2 * HOUR_MS, {}))
    assert len(batch.quarantined) == 200
    assert "more than ingest.steady_lag_ms_max = 1800000 covers: set it to 7200000" in batch.quarantined[0].message
    patient = minutes_of(fresh_lane(steady_lag_ms_max=7_200_000), range(200), (2 * HOUR_MS, {}))
    assert len(patient.quarantined) == 6


def test_nothing_is_learnt_where_the_setting_says_so() -> None:
    assert len(minutes_of(fresh_lane(steady_lag_ms_max=0), range(60), (SLOW_MS, {})).quarantined) == 60


def test_names_that_nobody_knows_are_not_remembered() -> None:
    lane = fresh_lane()
    minutes_of(lane, range(20), *((SLOW_MS, {"operator": f"made-up-{n}"}) for n in range(99)))
    assert not lane.habits


@pytest.mark.parametrize(
    ("source", "make", "habit"),
    [
        pytest.param("tickets", ticket, {"intake": "shop"}, id="an_intake"),
        pytest.param("mentions", post, {"platform": "forum"}, id="a_platform"),
    ],
)
def test_an_intake_and_a_platform_are_feeds_as_well(
    source: str, make: Callable[..., Raw], habit: Mapping[str, object]
) -> None:
    lane = fresh_lane()
    for minute in range(60):
        now = NOON + minute * MINUTE_MS
        lane.take(source, [make(now, 1_000 + minute), make(now - SLOW_MS, minute, timestamp=now, **habit)], None)
    assert len(lane.close().quarantined) == 6


def test_places_are_bounded_and_a_learnt_feed_that_is_heard_keeps_its_own() -> None:
    lags = Lags("", 10 * SLOW_MS)
    for n in range(ROW_RECORDS):
        lags.late(("learnt",), NOON + n * HOUR_MS - SLOW_MS, NOON + n * HOUR_MS)
    for n in range(10 * FEEDS_MAX):
        lags.late((f"flood {n}",), NOON + 2 * HOUR_MS - SLOW_MS, NOON + 2 * HOUR_MS + n)
    assert len(lags.text().split(",")) == FEEDS_MAX
    assert len(lags.text()) < 3_000
    assert ("learnt",) in lags
    assert lags.moved(("learnt",), NOON, NOON + HOUR_MS) == NOON + SLOW_MS


def test_a_record_is_never_moved_past_the_time_at_which_it_was_taken() -> None:
    batch = minutes_of(fresh_lane(), range(20), (SLOW_MS, {}), (40_000, {"element": "olt-9"}))
    assert max(panes_of(batch)) <= 6 * 19

"""Habits of machines and of writers, one by one: gaps, resets, gauges, counters, deliveries, talk."""

from random import Random
from typing import Any

import pytest

from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.simulate.network.gauges import Collection, Counter, Gauge
from pipeline.simulate.network.vendors import Gaps, Resets
from pipeline.simulate.people.delivery import Writer
from pipeline.simulate.people.talk import Topics
from pipeline.simulate.spec.events import Talk
from pipeline.simulate.spec.scenario import Delay, FeedIn, MetricIn
from tests.simulate.machines import BERLIN, local
from tests.simulate.small import NOON, world

USUAL = Collection(at=0, used=1.0, grown=1.0)


def feed(**fields: Any) -> FeedIn:
    given: dict[str, Any] = {
        "name": "probes",
        "interval_seconds": 60,
        "delay": Delay(median_ms=1),
        "rhythm": "day",
        "metrics": (),
    }
    return FeedIn(**{**given, **fields})


def metric(**fields: Any) -> MetricIn:
    return MetricIn(**{"name": "success", "unit": "ratio", "base": 0.9, "down": 0.1, "noise": 0.0, **fields})


def test_gaps_come_as_often_and_last_as_long_as_asked() -> None:
    gaps = Gaps(feed(gaps_per_day=4.0, gap_minutes=30.0), Random(1), 0)
    minutes = range(0, 400 * DAY_MS, MINUTE_MS)
    share = sum(gaps.open(minute) for minute in minutes) / len(minutes)
    assert share == pytest.approx(4 * 30 / 1_440, rel=0.05)


def test_gaps_that_fill_more_than_the_day_are_refused() -> None:
    with pytest.raises(ConfigError, match="more than the day"):
        Gaps(feed(gaps_per_day=50.0, gap_minutes=30.0), Random(1), 0)


def test_resets_are_told_once_and_never_lie_in_the_future() -> None:
    resets, told = Resets(2.0, Random(1), 0), []
    for hour in range(0, 300 * DAY_MS, HOUR_MS):
        begun = resets.last_before(hour)
        if begun is not None:
            assert hour - HOUR_MS < begun <= hour
            told.append(begun)
    assert sorted(set(told)) == told
    assert len(told) == pytest.approx(600, rel=0.1)


@pytest.mark.parametrize(("hit", "value"), [(0.0, 0.9), (0.5, 0.5), (1.0, 0.1)])
def test_a_gauge_goes_from_usual_to_down_as_far_as_it_is_hit(hit: float, value: float) -> None:
    gauge = Gauge(metric(wander=0.0, digits=3), 1_000, 60)
    assert gauge.read(Random(1), USUAL, hit) == pytest.approx(value)
    gauge.shift(0.5)
    assert gauge.read(Random(1), USUAL, hit) == pytest.approx(value / 2)


def test_a_ratio_never_leaves_nought_to_one() -> None:
    gauge = Gauge(metric(base=1.0, noise=0.5, digits=3), 1_000, 60)
    chance = Random(1)
    assert all(0 <= gauge.read(chance, USUAL, 0.0) <= 1 for _ in range(500))


def test_a_counter_counts_through_a_gap_and_falls_only_by_a_reset() -> None:
    counter = Counter(metric(unit="count", base=60.0, down=0.0, wander=0.0), 1_000, 60, age_days=0.0)
    first = counter.read(Random(1), USUAL, 0.0)
    after_gap = counter.read(Random(1), USUAL._replace(at=10 * MINUTE_MS), 0.0)
    assert after_gap - first == pytest.approx(600, rel=0.01), "ten minutes at sixty a minute"
    counter.reset(10 * MINUTE_MS)
    assert counter.read(Random(1), USUAL._replace(at=11 * MINUTE_MS), 0.0) == pytest.approx(60, rel=0.01)


def test_writers_of_two_streams_share_neither_ids_nor_chance() -> None:
    made = world()
    assert made.file.mentions is not None
    writers = [Writer(made, made.file.mentions, "mentions", name) for name in ("a", "a", "b")]
    first, again, other = ([writer.next_id() for _ in range(3)] for writer in writers)
    assert first == again
    assert not set(first) & set(other)
    assert writers[0].chance.random() == writers[1].chance.random() != writers[2].chance.random()


def test_a_message_may_come_late_and_twice_but_says_the_same() -> None:
    made = world(mentions={"duplicates": 1.0, "late_share": 1.0, "late_minutes": 30.0})
    assert made.file.mentions is not None
    records = Writer(made, made.file.mentions, "mentions", "late").deliver("p1", NOON, {"text": "hello"})
    assert [record.body for record in records] == [{"text": "hello"}] * 2
    assert {record.key for record in records} == {"p1"}
    assert NOON <= records[0].arrival_ms <= records[1].arrival_ms
    assert records[0].arrival_ms <= NOON + 30 * MINUTE_MS + 5_000


def test_talk_has_its_share_in_its_hours_and_nothing_outside_of_them() -> None:
    talk = Talk(starts_at=local("2025-03-12T12:00"), ends_at=local("2025-03-12T13:00"), share=0.25, kind="compensation")
    topics, chance = Topics(BERLIN, (talk,), {}), Random(1)
    within = [topics.draw(chance, NOON + MINUTE_MS) for _ in range(4_000)]
    assert within.count("compensation") / 4_000 == pytest.approx(0.25, abs=0.03)
    assert {topics.draw(chance, NOON + 2 * HOUR_MS) for _ in range(100)} == {"complaint"}

"""Laws of a world: rates are those asked for, streams know nothing of each other, chance is by name.

Counts are compared with their expectation to five standard errors, which each
test derives. Seeds are fixed: a failure is a bug, not bad luck.
"""

import copy
import math
from collections import Counter
from statistics import correlation, fmean

import pytest

from pipeline.records.clocks import HOUR_MS
from pipeline.simulate.world.world import World
from tests.simulate.small import (
    DOCUMENT,
    HOUR,
    MINUTE,
    NOON,
    Document,
    kind_of,
    outage,
    said,
    streams,
    world,
    written_at,
)


def expected_everyday(made: World, per_hour: float, burst_k: float) -> tuple[float, float]:
    """Mean and standard error of a stream's messages: each hour is negative binomial, with variance m + m^2 / k."""
    hours = range(made.started_at, made.ended_at, HOUR_MS)
    means = [
        per_hour * fmean(made.busy("people", hour + part) for part in range(0, HOUR_MS, HOUR_MS // 4)) for hour in hours
    ]
    return sum(means), math.sqrt(sum(mean + mean**2 / burst_k for mean in means))


@pytest.mark.parametrize("growth", [0.0, 0.2])
@pytest.mark.parametrize(
    ("topic", "per_hour", "burst_k", "people"),
    [("mentions", 40 * 0.5, 1.5, 200_000), ("tickets", 20 * 0.5, 3.0, 110_000)],
)
def test_every_footprint_writes_its_part_of_normal_life(
    topic: str, per_hour: float, burst_k: float, people: int, growth: float
) -> None:
    """By people: all operators post, but only customers of the network complain to it."""
    made = world(growth_per_week=growth)
    written = streams(made)
    for area in made.file.areas:
        mine = sum(
            len(records)
            for name, records in written.items()
            if name.startswith(topic) and name.endswith(f" {area.operator} {area.id}")
        )
        if topic == "tickets" and area.operator == "rival":
            assert mine == 0
            continue
        mean, error = expected_everyday(made, per_hour * area.people / people, burst_k)
        assert abs(mine - mean) < 5 * error, f"{area.operator} {area.id}: {mine}, expected {mean:.0f} +- {error:.0f}"


def test_hours_of_normal_life_are_negative_binomial() -> None:
    """Variance over mean is 1 + m / k. Its relative error is the root of (2 + 6 / k) / hours, from the kurtosis."""
    made = world(
        starts_at="2025-01-06T00:00:00",
        feeds=[],
        areas=DOCUMENT["areas"][:1],
        rhythms={"people": {"hours": [1] * 24, "weekdays": [1] * 7}},
    )
    hours = Counter(written_at(record) // HOUR_MS for record in said(made, "mentions", "mentions home"))
    counts = [hours[hour] for hour in range(made.started_at // HOUR_MS, made.ended_at // HOUR_MS)]
    mean = fmean(counts)
    scatter = fmean((count - mean) ** 2 for count in counts) / mean
    assert scatter == pytest.approx(1 + 20 / 1.5, rel=5 * math.sqrt((2 + 6 / 1.5) / len(counts)))


def test_kinds_have_their_shares() -> None:
    kinds = Counter(kind_of(record) for record in said(world(), "mentions"))
    count = sum(kinds.values())
    assert abs(kinds["price"] - 0.75 * count) < 5 * math.sqrt(count * 0.75 * 0.25)
    assert set(kinds) == {"price", "offtopic"}


@pytest.mark.parametrize(("topic", "identity"), [("mentions", "post_id"), ("tickets", "ticket_id")])
def test_as_many_come_twice_and_late_as_asked(topic: str, identity: str) -> None:
    """Binomial. Who is late is so by up to 100 minutes, evenly, so 1 in 100 of them by less than a minute."""
    habits: Document = {topic: {"duplicates": 0.1, "late_share": 0.2, "late_minutes": 100.0}}
    made = world(**habits)
    records = said(made, topic)
    first = {str(record.body[identity]): record for record in reversed(records)}
    n = len(first)
    assert abs(len(records) - n - 0.1 * n) < 5 * math.sqrt(n * 0.1 * 0.9)
    late = [record.arrival_ms - written_at(record) for record in first.values()]
    late = [way for way in late if way > MINUTE]
    assert abs(len(late) - 0.2 * 0.99 * n) < 5 * math.sqrt(n * 0.2 * 0.8)
    assert max(late) < 100 * MINUTE + 5_000
    assert abs(fmean(late) - 50.5 * MINUTE) < 5 * 100 * MINUTE / math.sqrt(12 * len(late))


@pytest.mark.parametrize(("topic", "identity"), [("mentions", "post_id"), ("tickets", "ticket_id")])
def test_no_two_messages_share_an_id(topic: str, identity: str) -> None:
    everything = said(world(outages=[outage()]), topic)
    assert len({record.body[identity] for record in everything}) == len(everything) > 1_000


def test_an_outage_leaks_into_no_other_stream() -> None:
    """With it there are more streams, and the telemetry of those it hits differs; all the rest is the same bytes."""
    calm, dark = streams(world()), streams(world(outages=[outage()]))
    touched = {name for name, records in calm.items() if dark[name] != records}
    assert touched == {"telemetry access home DE/NW/koeln", "telemetry access guest DE/NW/koeln"}
    for name in set(dark) - set(calm):
        assert "outage dark" in name
        assert {record.body["operator"] for record in dark[name]} <= {"home", "guest"}
        assert dark[name], f"{name} is silent"
    quiet = (NOON - MINUTE, NOON + 4 * HOUR + 20 * MINUTE)
    for name in touched:
        before = [r for r in calm[name] if r.arrival_ms < quiet[0]]
        assert before == [r for r in dark[name] if r.arrival_ms < quiet[0]]


def test_two_outages_do_not_disturb_each_other() -> None:
    other = outage(id="other", operators=["rival"], where=["DE/NW/bonn"])
    one, both = streams(world(outages=[outage()])), streams(world(outages=[outage(), other]))
    differing = {name for name, records in one.items() if both[name] != records}
    assert differing == {"telemetry access rival DE/NW/bonn"}


def test_a_change_of_one_footprint_leaves_all_others_as_they_were() -> None:
    areas = copy.deepcopy(DOCUMENT["areas"])
    areas[0]["spellings"], areas[0]["postcodes"] = ["Kölle"], ["50823"]
    before, after = streams(world(outages=[outage()])), streams(world(outages=[outage()], areas=areas))
    assert list(before) == list(after)
    changed = {name for name, records in before.items() if after[name] != records}
    assert changed
    assert all("home DE/NW/koeln" in name for name in changed)


def test_same_seed_same_bytes_and_other_seeds_other_worlds() -> None:
    first, again, other = (streams(world(seed, outages=[outage()])) for seed in (3, 3, 4))
    assert first == again
    for name, records in first.items():
        assert not records or other[name] != records, f"{name} does not depend on the seed"


def test_worlds_and_places_are_independent() -> None:
    """Hourly counts, less what the rhythm gives, of two seeds and of two towns: correlation below 5 / sqrt(hours)."""

    def residuals(seed: int, town: str) -> list[float]:
        made = world(seed)
        records = said(made, "mentions", f"mentions home DE/NW/{town}")
        hours = Counter(written_at(record) // HOUR_MS for record in records)
        people = 60_000 if town == "koeln" else 30_000
        return [
            hours[hour] - 20 * people / 200_000 * made.busy("people", hour * HOUR_MS)
            for hour in range(made.started_at // HOUR_MS, made.ended_at // HOUR_MS)
        ]

    koeln = residuals(1, "koeln")
    for others in (residuals(2, "koeln"), residuals(1, "bonn")):
        assert abs(correlation(koeln, others)) < 5 / math.sqrt(len(koeln))

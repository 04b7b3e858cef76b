"""Collectors: whom they measure, what an outage shows in them, and the habits of their vendors."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.clocks import INSTANT_MAX_MS, format_instant, parse_instant
from pipeline.records.errors import ConfigError
from pipeline.simulate.network.telemetry import Stamps
from tests.simulate.conftest import Document
from tests.simulate.machines import (
    BEGIN,
    BONN,
    DAY,
    KOELN,
    area,
    assert_mean,
    between,
    feed,
    local,
    metric,
    outage,
    readings,
    sent,
    stamp,
    values,
    world,
)

NOON, EVENING = "2025-03-04T12:00", "2025-03-04T18:30"
LATENCY = metric("latency_ms", unit="ms", base=20.0, down=400.0, swing=0.5, noise=0.05, digits=2)
SESSIONS = metric("sessions", unit="count", base=0.5, down=0.0, swing=0.5, noise=0.01, digits=0, per_customer=True)


def test_a_feed_measures_the_primary_operator_if_it_names_none() -> None:
    measured = {(body["operator"], body["area"]) for body in readings(world(feed(metric())))}
    assert measured == {("alpha", KOELN), ("alpha", BONN)}


def test_a_feed_measures_the_footprints_of_the_operators_it_names_each_with_chance_of_its_own() -> None:
    place = world(feed(metric(), operators=["alpha", "guest", "rival"]))
    series = {who: values(place, operator=who, area=KOELN) for who in ("alpha", "guest", "rival")}
    assert len({len(found) for found in series.values()}) == 1
    assert len({tuple(found) for found in series.values()}) == 3
    assert {record.key for record in sent(place)} == {KOELN, BONN}


def test_an_outage_of_one_operator_leaves_the_others_in_its_town_as_they_were() -> None:
    probes = feed(metric(), operators=["alpha", "guest", "rival"], loss=0.01, loss_down=0.5)
    calm = sent(world(probes))
    down = sent(world(probes, outages=[outage(NOON, EVENING, operators=["alpha"])]))

    def healthy(record: object) -> bool:
        return "alpha" not in str(record) or BONN in str(record)

    assert [one for one in down if healthy(one)] == [one for one in calm if healthy(one)]
    assert down != calm


@pytest.mark.parametrize("measured", [1.0, 0.4, 0.05])
def test_a_figure_falls_as_far_as_share_and_visibility_say(measured: float) -> None:
    down = outage(NOON, EVENING, share=0.6, measured=measured)
    place = world(feed(metric(digits=6)), outages=[down])
    inside = between(readings(place, area=KOELN), "2025-03-04T12:01", "2025-03-04T18:29")
    hit = 0.6 * measured
    assert_mean([body["value"] for body in inside], 0.95 * (1 - hit) + 0.05 * hit)


def test_an_outage_that_telemetry_does_not_show_changes_no_byte() -> None:
    probes = feed(metric(), LATENCY, loss=0.01, loss_down=0.9)
    assert sent(world(probes, outages=[outage(NOON, EVENING, measured=0.0)])) == sent(world(probes))


def test_a_figure_of_another_service_is_not_hit() -> None:
    probes = feed(metric("streams_ratio", service="tv"))
    assert sent(world(probes, outages=[outage(NOON, EVENING)])) == sent(world(probes))


CHANNELS = feed(
    metric("starts_ratio", service="tv"),
    *(metric("starts_ratio", service="tv", item=item) for item in ("One", "Two")),
    loss=0.01,
    loss_down=0.9,
)
GUIDE = [{"name": name, "spellings": [name]} for name in ("One", "Two")]


def of_item(bodies: list[Document], item: str | None) -> list[Document]:
    return [body for body in bodies if body.get("item") == item]


def test_a_black_channel_is_seen_by_its_own_probe_only() -> None:
    black = outage(NOON, EVENING, services={"tv": 1.0}, items=["One"])
    calm = readings(world(CHANNELS, channels=GUIDE))
    dark = readings(world(CHANNELS, channels=GUIDE, outages=[black]))
    inside = list(between([body for body in dark if body["area"] == KOELN], "2025-03-04T12:01", "2025-03-04T18:29"))
    assert all(body["value"] < 0.2 for body in of_item(inside, "One"))
    for spared in ("Two", None):
        assert of_item(dark, spared) == of_item(calm, spared)


def test_an_outage_without_items_is_seen_by_the_probes_of_all_channels() -> None:
    down = world(CHANNELS, channels=GUIDE, outages=[outage(NOON, EVENING, services={"tv": 1.0})])
    inside = list(between(readings(down, area=KOELN), "2025-03-04T12:01", "2025-03-04T18:29"))
    assert {body.get("item") for body in inside} == {None, "One", "Two"}
    assert all(body["value"] < 0.2 for body in inside)


def test_an_element_is_down_with_its_outage_and_keeps_its_region() -> None:
    core = {"id": "core-1", "operator": "alpha", "area": "DE/NW"}
    load = metric("load_ratio", service=None, base=0.3, down=0.99)
    down = outage(NOON, EVENING, elements=["core-1"])
    place = world(feed(load, name="core", elements=["core-1"]), elements=[core], outages=[down])
    bodies = readings(place)
    assert {(body["element"], body["area"], body["operator"]) for body in bodies} == {("core-1", "DE/NW", "alpha")}
    inside = list(between(bodies, "2025-03-04T12:01", "2025-03-04T18:29"))
    outside = [*between(bodies, BEGIN, NOON), *between(bodies, EVENING, "2025-03-05T00:00")]
    assert min(body["value"] for body in inside) > 0.9
    assert max(body["value"] for body in outside) < 0.4
    assert len(inside) + len(outside) == 2 * 1_440 - 2


def test_an_element_that_probes_all_channels_sees_only_the_black_one_black() -> None:
    headend = {"id": "headend-1", "operator": "alpha", "area": "DE/NW"}
    probes = [metric("quality_score", unit="score", service="tv", item=item) for item in ("One", "Two")]
    watched = feed(*probes, metric("load_ratio", service=None), name="headend", elements=["headend-1"])
    black = outage(NOON, EVENING, services={"tv": 1.0}, items=["One"], elements=["headend-1"])
    calm = readings(world(watched, channels=GUIDE, elements=[headend]))
    dark = readings(world(watched, channels=GUIDE, elements=[headend], outages=[black]))
    changed = [body for before, body in zip(calm, dark, strict=True) if before != body]
    assert {(body["metric"], body.get("item")) for body in changed} == {("quality_score", "One"), ("load_ratio", None)}
    inside = between(changed, "2025-03-04T12:01", "2025-03-04T18:29")
    assert max(body["value"] for body in inside) < 0.2


def test_two_halves_leave_a_quarter() -> None:
    halves = [outage(NOON, EVENING, id=name, share=0.5) for name in ("one", "two")]
    place = world(feed(metric(digits=6)), outages=halves)
    inside = between(readings(place, area=KOELN), "2025-03-04T12:01", "2025-03-04T18:29")
    assert_mean([body["value"] for body in inside], 0.95 * 0.25 + 0.05 * 0.75)


def test_lost_collections_are_as_many_as_asked_in_peace_and_in_an_outage() -> None:
    down = outage("2025-03-04T00:00", "2025-03-04T23:59", share=0.5)
    place = world(feed(metric(), interval_seconds=10, loss=0.02, loss_down=0.3), outages=[down])
    first_day, second_day = (
        list(between(readings(place, area=KOELN), f"2025-03-0{day}T00:05", f"2025-03-0{day}T23:50")) for day in (3, 4)
    )
    due = (23 * 60 + 45) * 6
    for found, loss in ((first_day, 0.02), (second_day, 0.02 * 0.5 + 0.3 * 0.5)):
        assert abs(len(found) - due * (1 - loss)) < 5 * math.sqrt(due * loss * (1 - loss))


def test_a_crowd_moves_only_the_part_that_swings_and_only_while_it_is_there() -> None:
    match = {"id": "match", "starts_at": local(NOON), "ends_at": local(EVENING), "load": 2.0, "ramp_minutes": 0.0}
    probes = feed(metric(digits=6), LATENCY, rhythm="flat")
    calm, full = readings(world(probes)), readings(world(probes, surges=[match]))
    inside = list(between(full, NOON, EVENING))
    assert_mean([body["value"] for body in inside if body["metric"] == "latency_ms"], 20 * (1 + 0.5))
    changed = [after for before, after in zip(calm, full, strict=True) if before != after]
    assert changed == [body for body in inside if body["metric"] == "latency_ms"]


def test_a_crowd_tries_more_often_and_succeeds_as_often() -> None:
    match = {"id": "match", "starts_at": local(NOON), "ends_at": local(EVENING), "load": 3.0, "ramp_minutes": 0.0}
    probes = feed(metric(attempts=0.2), rhythm="flat")
    calm, full = world(probes), world(probes, surges=[match])
    assert values(calm) == values(full)
    tries = [float(body["attempts"]) for body in between(readings(full), NOON, EVENING)]
    assert_mean(tries, 3 * 0.2 * 10_000)


def test_a_crowd_of_one_town_or_of_a_rival_leaves_the_others_as_they_were() -> None:
    match = {"id": "match", "starts_at": local(NOON), "ends_at": local(EVENING), "load": 2.0}
    probes = feed(LATENCY)
    calm = world(probes)
    assert values(world(probes, surges=[match | {"where": [KOELN]}]), area=BONN) == values(calm, area=BONN)
    assert values(world(probes, surges=[match | {"operator": "rival"}])) == values(calm)


def test_a_deploy_moves_a_level_for_good_and_nothing_before_it() -> None:
    deploy = {"at": local(NOON), "feed": "probes", "metric": "latency_ms", "factor": 1.3}
    feeds = [feed(metric(digits=6), LATENCY, rhythm="flat"), feed(LATENCY, name="other", rhythm="flat")]
    before, after = readings(world(*feeds)), readings(world(*feeds, shifts=[deploy]))
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        body
        for body in after
        if body["metric"] == "latency_ms" and body["vendor"] == "probes" and body["observed_at"] >= stamp(NOON)
    ]
    assert_mean([body["value"] for body in changed], 20 * 1.3)


def test_a_deploy_moves_the_level_of_a_dead_network_as_well() -> None:
    deploy = {"at": local(BEGIN), "feed": "probes", "metric": "latency_ms", "factor": 1.3}
    place = world(feed(LATENCY, rhythm="flat"), shifts=[deploy], outages=[outage(NOON, EVENING)])
    inside = between(readings(place, area=KOELN), "2025-03-04T12:01", "2025-03-04T18:29")
    assert_mean([body["value"] for body in inside], 400 * 1.3)


def test_a_deploy_before_the_world_begins_has_already_happened() -> None:
    deploy = {"at": local(BEGIN), "feed": "probes", "metric": "latency_ms", "factor": 1.3}
    assert_mean(values(world(feed(LATENCY, rhythm="flat"), days=0.5, shifts=[deploy])), 20 * 1.3)


def test_a_ratio_that_a_deploy_lifts_stays_a_ratio() -> None:
    deploy = {"at": local(BEGIN), "feed": "probes", "metric": "success_ratio", "factor": 1.2}
    assert max(values(world(feed(metric()), shifts=[deploy]))) == 1.0


@pytest.mark.parametrize("days", [1.0, 7.0])
def test_growth_lifts_what_is_counted_and_the_swing_of_the_rest(days: float) -> None:
    """The last day is four weeks after the start, however long the recording is."""
    figures = (metric(digits=6), LATENCY, SESSIONS)
    place = world(feed(*figures, rhythm="flat"), ends="2025-03-31T00:00", days=days, growth_per_week=0.05)
    bodies = list(between(readings(place, area=KOELN), "2025-03-30T00:00", "2025-03-31T00:00"))
    grown = 1.05 ** (27.5 / 7)
    for name, expected in (
        ("success_ratio", 0.95),
        ("latency_ms", 20 * (1 + 0.5 * (grown - 1))),
        ("sessions", 5_000 * grown),
    ):
        found = [body["value"] for body in bodies if body["metric"] == name]
        assert sum(found) / len(found) == pytest.approx(expected, rel=0.005)


def test_a_level_in_decibels_may_lie_below_zero() -> None:
    signal = metric("signal_dbm", unit="dbm", base=-90.0, down=-120.0, noise=0.02, digits=1)
    assert_mean(values(world(feed(signal))), -90.0)


PACKETS = metric("packets", unit="count", base=1_000.0, down=0.0, swing=1.0, noise=0.05, digits=0, counter=True)


def test_a_counter_reports_a_growing_sum_of_base_times_rhythm() -> None:
    counts = values(world(feed(PACKETS)), area=KOELN)
    assert all(later >= earlier for earlier, later in pairwise(counts))
    assert counts[0] > 1_000, "it had counted before the world began"
    assert_mean([later - earlier for earlier, later in pairwise(counts)], 1_000.0)


def test_a_counter_counts_as_long_as_passed_between_two_readings() -> None:
    steady = metric("packets", unit="count", base=6_000.0, down=0.0, noise=0.0, digits=0, counter=True)
    bodies = readings(world(feed(steady, rhythm="flat", jitter_ms=30_000)), area=KOELN)
    for earlier, later in pairwise(bodies):
        passed_ms = parse_instant(later["observed_at"]) - parse_instant(earlier["observed_at"])
        assert abs(later["value"] - earlier["value"] - 6_000 * passed_ms / 60_000) <= 1


def test_a_counter_never_falls_however_noisy() -> None:
    wild = metric("packets", unit="count", base=1_000.0, down=0.0, noise=2.0, digits=0, counter=True)
    counts = values(world(feed(wild)), area=KOELN)
    assert all(later >= earlier for earlier, later in pairwise(counts))


def test_a_counter_counts_on_while_its_records_are_lost() -> None:
    lossy = readings(world(feed(PACKETS, loss=0.5, gaps_per_day=20.0)), area=KOELN)
    whole = {body["observed_at"]: body["value"] for body in readings(world(feed(PACKETS)), area=KOELN)}
    assert 500 < len(lossy) < 0.6 * len(whole)
    assert all(whole[body["observed_at"]] == body["value"] for body in lossy)


def test_a_counter_stands_still_where_nothing_flows() -> None:
    still = metric("packets", unit="count", base=1_000.0, down=0.0, noise=0.0, digits=0, counter=True)
    place = world(feed(still), outages=[outage(NOON, EVENING)])
    inside = list(between(readings(place, area=KOELN), "2025-03-04T12:02", "2025-03-04T18:28"))
    assert len({body["value"] for body in inside}) == 1


def test_counters_begin_anew_as_often_as_asked_and_then_hold_part_of_an_interval() -> None:
    steady = metric("packets", unit="count", base=1_000.0, down=0.0, noise=0.0, digits=0, counter=True)
    place = world(feed(steady, metric(), rhythm="flat", resets_per_day=12.0), ends="2025-03-17T00:00")
    days, falls = 0.0, []
    for town in (KOELN, BONN):
        counts = values(place, area=town, metric="packets")
        days += len(counts) / 1_440
        falls += [later for earlier, later in pairwise(counts) if later < earlier]
    assert abs(len(falls) - 12 * days) < 5 * math.sqrt(12 * days)
    assert max(falls) <= 1_000
    assert_mean(falls, 500.0)
    whole = world(feed(steady, metric(), rhythm="flat"), ends="2025-03-17T00:00")
    assert values(place, metric="success_ratio") == values(whole, metric="success_ratio")


def test_gaps_come_as_often_and_last_as_long_as_asked_and_change_no_reading() -> None:
    """Bounds are five standard errors; lengths are uniform from half to one and a half times the mean."""
    span, per_day, minutes = 14, 12.0, 6.0
    pausing = world(
        feed(metric(), interval_seconds=30, gaps_per_day=per_day, gap_minutes=minutes), ends="2025-03-17T00:00"
    )
    whole = readings(world(feed(metric(), interval_seconds=30), ends="2025-03-17T00:00"))
    kept = readings(pausing)
    there = {(body["area"], body["observed_at"]) for body in kept}
    assert kept == [body for body in whole if (body["area"], body["observed_at"]) in there]
    count = per_day * span * 2
    silent = (len(whole) - len(kept)) * 30 / 60
    error = minutes * math.sqrt(count * (1 + 1 / 12))
    assert abs(silent - count * minutes) < 5 * error
    found = sum(
        parse_instant(later["observed_at"]) - parse_instant(earlier["observed_at"]) > 60_000
        for earlier, later in pairwise(kept)
        if earlier["area"] == later["area"]
    )
    assert abs(found - count) < 5 * math.sqrt(count)


def test_gaps_that_fill_the_day_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"gaps_per_day = 300\.0 of 5\.0 min fill more than the day"):
        sent(world(feed(metric(), gaps_per_day=300.0)))


@pytest.mark.parametrize("seconds", [-240, 180])
def test_a_clock_that_is_off_changes_what_is_shown_and_not_when_it_arrives(seconds: int) -> None:
    right = sent(world(feed(metric(), LATENCY, jitter_ms=3_000)))
    wrong = sent(world(feed(metric(), LATENCY, jitter_ms=3_000, clock_offset_seconds=seconds)))
    assert len(right) == len(wrong)
    for one, other in zip(right, wrong, strict=True):
        assert other.arrival_ms == one.arrival_ms
        shown = parse_instant(str(one.body["observed_at"])) + seconds * 1_000
        assert other.body == one.body | {"observed_at": format_instant(shown)}


def test_readings_keep_their_interval_within_the_jitter() -> None:
    times = [
        parse_instant(body["observed_at"])
        for body in readings(world(feed(metric(), interval_seconds=10, jitter_ms=4_000)), area=KOELN)
    ]
    assert len(times) == 2 * DAY // 10_000
    late = [time % 10_000 for time in (moment - times[0] // 10_000 * 10_000 for moment in times)]
    assert len(set(late)) > 1_000
    assert all(6_000 <= later - earlier <= 14_000 for earlier, later in pairwise(times))


def test_a_day_of_23_hours_and_one_of_25_have_as_many_readings_as_their_hours() -> None:
    for day, hours in (("2025-03-30", 23), ("2025-10-26", 25)):
        place = world(feed(metric()), ends=f"{day}T23:59", days=40 / 24)
        assert len(list(between(readings(place, area=KOELN), f"{day}T00:00", f"{day}T23:00"))) == (hours - 1) * 60


@given(st.integers(0, INSTANT_MAX_MS))
def test_stamps_are_those_of_the_wire(time_ms: int) -> None:
    stamps = Stamps()
    assert stamps.of(time_ms) == format_instant(time_ms)
    assert stamps.of(time_ms // 2) == format_instant(time_ms // 2)


def test_no_customers_no_count() -> None:
    nobody = [area(KOELN, broadband=0, tv=10), area(BONN)]
    assert {body["area"] for body in readings(world(feed(SESSIONS), areas=nobody))} == {BONN}

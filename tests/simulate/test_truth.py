"""The truth is what was written: times, areas, customers, and the operator's own words."""

import json
import math

import pytest

from pipeline.records.clocks import format_instant, parse_instant
from pipeline.records.errors import ConfigError
from pipeline.simulate.network.telemetry import Target
from pipeline.simulate.people.crowd import Crowd
from pipeline.simulate.simulate import SimulatedRecord, truth
from pipeline.simulate.spec.parse import Scenario
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.rhythm import LocalClock
from pipeline.simulate.world.world import World
from tests.simulate.conftest import Document, scenario_with

NINE = parse_instant("2025-02-12T09:00:00+01:00")
END = parse_instant("2025-02-12T17:15:00+01:00")
MINUTE = 60_000


def test_the_truth_of_netcologne_is_what_was_reported(netcologne: Scenario) -> None:
    outage = truth(netcologne, 1).outages[0]
    assert (outage.started_at, outage.ended_at) == (NINE, END)
    assert format_instant(outage.first_back_at) == "2025-02-12T15:00:00.000Z"
    assert outage.customers == 470_000
    assert outage.services == ("broadband", "fixed_voice", "tv")
    assert outage.emergency_numbers == ("110", "112")
    assert [(each.operator, each.role) for each in outage.operators] == [
        ("netcologne", "primary"),
        ("netaachen", "hosted"),
    ]
    assert {area.area.rpartition("/")[2] for area in outage.areas if "sieg" not in area.area} == {
        "koeln", "bonn", "duesseldorf", "leverkusen", "aachen", "dueren",
    }  # fmt: skip
    assert (outage.cause, outage.nature, outage.extent) == ("configuration_error", "technical", "general")


def test_customers_hit_rise_stay_and_fall(netcologne: Scenario) -> None:
    hit = truth(netcologne, 1).outages[0].hit_per_minute
    assert len(hit) == (END - NINE) // MINUTE + 1
    assert (hit[0], hit[-1], max(hit)) == (0, 0, 470_000)
    full, back = 23, 7 * 60
    assert list(hit[: full + 1]) == sorted(hit[: full + 1])
    assert set(hit[full : back + 1]) == {470_000}
    assert list(hit[back:]) == sorted(hit[back:], reverse=True)


def test_the_operators_posts_are_written_when_the_truth_says(netcologne: Scenario, day: list[SimulatedRecord]) -> None:
    written = {}
    for record in day:
        body = json.loads(record.value) if record.topic == "mentions" else {}
        if body.get("official") and body.get("kind") != "engagement":
            written[body["post_id"]] = (parse_instant(body["posted_at"]), body["operator"], body["text"])
    messages = truth(netcologne, 1).outages[0].messages
    assert written == {each.post_id: (each.posted_at, each.operator, each.text) for each in messages}
    assert (messages[0].kind, messages[-1].kind) == ("acknowledgement", "all_clear")


def test_an_area_that_lags_goes_down_later_and_comes_back_with_the_rest(netcologne: Scenario) -> None:
    outage = Outage(netcologne.file.outages[0], LocalClock("Europe/Berlin"), netcologne.file)
    for minute in range(-5, 500):
        at = NINE + minute * MINUTE
        assert outage.hit("netaachen", "DE/NW/aachen", at) <= outage.hit("netcologne", "DE/NW/koeln", at) + 1e-12
    assert (
        outage.hit("netaachen", "DE/NW/aachen", NINE + 2 * MINUTE)
        == 0.0
        < outage.hit("netcologne", "DE/NW/koeln", NINE + 2 * MINUTE)
    )
    assert (
        outage.hit("netaachen", "DE/NW/aachen", END - MINUTE)
        == outage.hit("netcologne", "DE/NW/koeln", END - MINUTE)
        > 0.0
    )
    assert outage.hit("netcologne", "DE/NW/essen", NINE + 60 * MINUTE) == 0.0


def test_two_outages_of_one_place_add_up_to_at_most_all() -> None:
    def twice(document: Document) -> None:
        document["outages"].append(document["outages"][0] | {"id": "again", "threads": [], "statements": []})

    world = World(scenario_with(twice), 1, None)
    koeln = Target(world, "netcologne", "DE/NW/koeln", customers={"broadband": 1})
    at = NINE + 12 * MINUTE
    assert koeln.hit(koeln.outages_for("broadband")[:1], at) == pytest.approx(0.45)
    assert koeln.hit(koeln.outages_for("broadband"), at) == pytest.approx(1 - 0.55**2)
    assert koeln.hit(koeln.outages_for("mobile_data"), at) == 0.0


def test_the_crowd_is_as_loud_as_the_crowd_sites_measured(netcologne: Scenario) -> None:
    """4,488 reports from 09:21 to 09:35, expected to within 3 %; 4 a quarter hour usually."""
    world, mentions = World(netcologne, 1, None), netcologne.file.mentions
    assert mentions is not None
    window = range(NINE + 21 * MINUTE, NINE + 36 * MINUTE, MINUTE)
    reports = 0.0
    for area in netcologne.file.areas:
        crowd = Crowd(world.outages[0], area, mentions.reaction)
        voices = {minute: crowd.voices(minute, world.busy(mentions.rhythm, minute)) for minute in crowd.minutes()}
        reports += math.fsum(voices[minute].complaints for minute in window)
    assert reports == pytest.approx(4_488, rel=0.03)
    usual = next(each.per_hour for each in mentions.everyday if each.kind == "local_fault")
    assert usual / 4 == 4.0


def test_a_world_without_outage_has_none_in_its_truth() -> None:
    quiet = scenario_with(lambda document: document.update(outages=[]))
    assert truth(quiet, 1).outages == ()


def test_areas_that_are_not_hit_are_not_in_the_truth() -> None:
    def spare_bonn(document: Document) -> None:
        next(area for area in document["outages"][0]["areas"] if area["area"] == "DE/NW/bonn")["share"] = 0.0

    outage = truth(scenario_with(spare_bonn), 1).outages[0]
    assert "DE/NW/bonn" not in {area.area for area in outage.areas}
    assert outage.customers == 470_000 - 51_000


def test_a_world_that_begins_in_its_outage_is_refused(netcologne: Scenario) -> None:
    with pytest.raises(ConfigError, match=r"days = 0\.5: must be above 0\.62"):
        truth(netcologne, 1, 0.5)

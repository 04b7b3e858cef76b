"""Every bundled scenario: it reads with any seed, is what its name says, and runs.

What a market's file says of towns and operators must be what the reference
data say; a world of places that the pipeline does not know would measure
nothing. Runs are two hours around the first event: whole worlds take minutes.
"""

import json
import tomllib
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.adapters.reference.folder import load_operators, load_places
from pipeline.records.truth import Truth
from pipeline.reference.places import Places
from pipeline.simulate.simulate import SimulatedRecord, simulate, truth
from pipeline.simulate.spec.parse import Scenario, load_document, load_scenario
from pipeline.simulate.spec.scenario import ScenarioFile
from pipeline.simulate.spec.template import drawn
from tests.simulate.conftest import ROOT, encode, read

STORIES = {  # by name of the scenario: the kind of its outages
    "orange-2012": "mobile_core",
    "att-2010": "cell_fault",
    "live-tv": "channel_black",
    "netcologne-2025": "core_failure",
    "o2-2012": "register_failure",
}
OTHERS = (
    "tv-rights-error", "tv-buffering", "nationwide-collateral", "emergency-only", "fibre-cut", "power-cut",
    "slow-degradation", "flapping", "two-at-once", "in-maintenance", "five-minutes", "at-night", "first-day",
)  # fmt: skip
OUTAGES = STORIES | {name: name.replace("-", "_") for name in OTHERS}
TRAPS = (
    "rumour", "bot-campaign", "football-night", "new-year", "data-leak", "price-rise", "celebrity", "broken-probe",
    "stuck-metric", "dead-feed", "backlog", "day-ahead", "dst-spring", "dst-autumn", "competitor-outage",
    "game-outage", "campaign", "emergency-news", "quiet-week",
)  # fmt: skip
NOTHING_BUT_TIME = {"dst-spring", "dst-autumn"}
"""Traps in which nothing is done: the clocks are the trap."""
SEEDS = (1, 2, 3, 4)
MARKETS = ("de", "fr", "gb", "us")


@cache
def world_of(name: str, seed: int = 1) -> Scenario:
    return load_scenario(name, read, seed)


@cache
def truth_of(name: str, seed: int = 1) -> Truth:
    return truth(world_of(name, seed), seed)


@cache
def market_of(name: str) -> dict[str, Any]:
    return tomllib.loads(read(f"markets/{name}.toml"))


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


def test_the_bundled_scenarios_are_these() -> None:
    assert {path.stem for path in (ROOT / "scenarios").glob("*.toml")} == {*OUTAGES, *TRAPS}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [*OUTAGES, *TRAPS])
def test_a_scenario_reads_with_any_seed(name: str, seed: int) -> None:
    file = world_of(name, seed).file
    assert file.name == name
    length = file.ends_at - file.starts_at
    assert timedelta(hours=12) <= length <= timedelta(days=8)


@pytest.mark.parametrize("name", [*OUTAGES, *TRAPS])
def test_draws_lie_in_their_bounds_and_differ_by_seed(name: str) -> None:
    draws = load_document(name, read).get("draw", {})
    seen = []
    for seed in range(1, 13):
        problems: list[str] = []
        made = drawn({"draw": draws, "made": {key: f"${key}" for key in draws}}, seed, problems)["made"]
        assert problems == []
        seen.append(made)
        for key, spec in draws.items():
            assert within(spec, made[key]), (key, spec, made[key])
    drawn_ones = [key for key, spec in draws.items() if isinstance(spec, dict)]
    assert all(any(one[key] != seen[0][key] for one in seen) for key in drawn_ones if choices(draws[key]) > 1)


def within(spec: Any, value: Any) -> bool:
    if not isinstance(spec, dict):
        return True
    if "day" in spec:
        days = spec["day"] if isinstance(spec["day"], list) else [spec["day"]]
        return f"{value:%Y-%m-%d}" in days and spec["between"][0] <= f"{value:%H:%M}" <= spec["between"][1]
    if "between" in spec:
        low, high = spec["between"]
        return bool(low <= value <= high)
    listed: Any = spec.get("one_of", spec.get("some_of"))
    if isinstance(listed, str):
        return bool(value)
    return value in listed if "one_of" in spec else set(value) <= set(listed)


def choices(spec: Any) -> float:
    """How many values a draw may have, roughly; 1 is none to choose."""
    if "day" in spec:
        return len(spec["day"]) if isinstance(spec["day"], list) else 2
    return 1 if spec.get("between", [0, 1])[0] == spec.get("between", [0, 1])[1] else 2


@pytest.mark.parametrize("name", list(OUTAGES))
def test_an_outage_is_what_its_name_says(name: str) -> None:
    for seed in SEEDS:
        true = truth_of(name, seed)
        assert not true.traps
        assert {outage.kind for outage in true.outages} == {OUTAGES[name]}
        for outage in true.outages:
            assert outage.severity is not None
            assert outage.customers > 0
            assert outage.areas
            assert true.started_at < outage.started_at < outage.ended_at <= true.ended_at


@pytest.mark.parametrize("name", [*OUTAGES, "competitor-outage"])
def test_severity_follows_one_rule(name: str) -> None:
    """Critical: emergency calls, or 200 million user-minutes; major: 900,000 user-minutes and 30 minutes; else minor.

    A wrong programme is minor, however many watch it: nothing is broken.

    Source:
        47 CFR 4.9, the thresholds of outage reports in the United States.
    """
    for seed in SEEDS:
        for outage in truth_of(name, seed).outages:
            user_minutes, minutes = sum(outage.hit_per_minute), (outage.ended_at - outage.started_at) / 60_000
            if outage.emergency_numbers or user_minutes >= 200_000_000:
                expected = "critical"
            elif outage.nature != "content" and user_minutes >= 900_000 and minutes >= 30:
                expected = "major"
            else:
                expected = "minor"
            assert outage.severity == expected, (outage.outage_id, user_minutes, minutes)


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_has_no_outage_of_its_operator_and_says_what_it_is(name: str) -> None:
    for seed in SEEDS:
        file, true = world_of(name, seed).file, truth_of(name, seed)
        assert [trap.kind for trap in true.traps] == [name.replace("-", "_")]
        (trap,) = true.traps
        down = {each.operator for outage in true.outages for each in outage.operators}
        assert not down.intersection(trap.operators)
        assert bool(down) == (name == "competitor-outage")  # the one trap that is somebody's outage
        assert trap.operators == tuple(each.id for each in file.operators if each.role == "primary")
        for began, ended in spans(file):
            assert file.traps[0].starts_at <= began
            assert ended <= file.traps[0].ends_at


def spans(file: ScenarioFile) -> list[tuple[datetime, datetime]]:
    """When what makes a trap happens."""
    found = [(surge.starts_at, surge.ends_at) for surge in file.surges]
    found += [(fault.starts_at, fault.ends_at) for fault in file.faults]
    found += [(thread.at, thread.at) for thread in file.threads]
    return found + [(shift.at, shift.at) for shift in file.shifts]


def cut(scenario: Scenario, hours: float = 2.0) -> Scenario:
    """The half hour before the first outage, or before what makes the trap, and the time after it."""
    file = scenario.file
    events = [outage.curve[0].at for outage in file.outages] or [began for began, _ in spans(file)]
    begins = min(events or [file.traps[0].starts_at]) - timedelta(minutes=30)
    begins = max(file.starts_at, begins.replace(second=0))
    ends = min(file.ends_at, begins + timedelta(hours=hours))
    return Scenario(msgspec.structs.replace(file, starts_at=begins, ends_at=ends), scenario.wording)


def calm(scenario: Scenario) -> Scenario:
    """The same world, in which nothing happens."""
    file = msgspec.structs.replace(scenario.file, outages=(), surges=(), threads=(), faults=(), shifts=())
    return Scenario(file, scenario.wording)


def written(scenario: Scenario) -> list[SimulatedRecord]:
    return list(simulate(scenario, 1, encode=encode))


@pytest.mark.parametrize("name", [*OUTAGES, *TRAPS])
def test_a_scenario_runs_and_its_event_is_in_what_it_writes(name: str) -> None:
    world = cut(world_of(name))
    eventful, quiet = written(world), written(calm(world))
    assert {"telemetry", "mentions"} <= {record.topic for record in eventful}  # at night nobody writes a ticket
    assert all(one.timestamp <= other.timestamp for one, other in pairwise(eventful))
    same = [record.value for record in eventful] == [record.value for record in quiet]
    assert same == (name in NOTHING_BUT_TIME)


def test_emergency_calls_are_missed_by_three_tickets_and_five_posts() -> None:
    world = cut(world_of("emergency-only"), hours=6.0)

    def told(scenario: Scenario) -> Counter[str]:
        ids: dict[str, str] = {}
        for record in written(scenario):
            body = json.loads(record.value)
            if not body.get("official"):
                ids |= {body[key]: record.topic for key in ("ticket_id", "post_id") if key in body}
        return Counter(ids.values())

    assert told(world) - told(calm(world)) == {"tickets": 3, "mentions": 5}


def test_the_five_stories_have_their_times() -> None:
    """Local times, as the sources in the scenarios' facts give them."""
    begins = {
        "orange-2012": "2012-07-06T15:08:00",
        "o2-2012": "2012-07-11T13:30:00",
        "netcologne-2025": "2025-02-12T09:00:00",
    }
    for name, at in begins.items():
        assert world_of(name).file.outages[0].curve[0].at.isoformat() == at
        assert world_of(name).file.facts
    (orange,) = world_of("orange-2012").file.outages
    assert [f"{each.at:%H:%M}" for each in orange.statements[:3]] == ["22:14", "00:43", "01:23"]
    assert len(orange.statements) == 5
    assert sum(each.likes for each in orange.statements) == 28_163
    (o2,) = truth_of("o2-2012").outages
    assert all(0.30 < area.share_ppm / 1e6 < 0.36 for area in o2.areas), "a third, everywhere"
    posts = [sum(p.count for p in o.planted if p.source == "mentions") for o in world_of("att-2010").file.outages]
    assert all(4 <= count <= 6 for count in posts)


@pytest.mark.parametrize("market", MARKETS)
def test_towns_are_those_of_the_gazetteer(market: str, places: Places) -> None:
    """Populations are GeoNames's: a new version of the package may move them by some percent."""
    for town in market_of(market)["places"]:
        found = places.get(town["id"])
        assert found is not None, town["id"]
        assert town["population"] == pytest.approx(found.population, rel=0.05), town["id"]
        for code in town["postcodes"]:
            area = places.by_postcode(market.upper(), code)
            assert area is None or f"{area}/".startswith(f"{town['id']}/"), (town["id"], code, area)


def test_postcodes_of_german_towns_are_known(places: Places) -> None:
    codes = [code for town in market_of("de")["places"] for code in town["postcodes"]]
    assert all(places.by_postcode("DE", code) for code in codes)


@pytest.mark.parametrize("market", MARKETS)
def test_a_market_is_that_of_the_reference(market: str) -> None:
    known, document = load_operators().markets.get(market.upper()), market_of(market)
    assert known is not None
    assert (document["market"], document["time_zone"], document["holidays"]) == (
        known.id,
        known.time_zone,
        known.holidays,
    )
    assert document["language"] in known.languages


@pytest.mark.parametrize("market", MARKETS)
def test_no_two_programmes_of_a_channel_run_at_once(market: str) -> None:
    for channel in market_of(market)["channels"]:
        shows = sorted(
            (day, int(show["starts"][:2]) * 60 + int(show["starts"][3:]), show["minutes"])
            for show in channel["guide"]
            for day in show.get("weekdays", range(7))
        )
        assert all(one[0] != other[0] or one[1] + one[2] <= other[1] for one, other in pairwise(shows)), channel["name"]


@pytest.mark.parametrize("name", [*OUTAGES, *TRAPS])
def test_operators_and_their_hosts_are_those_of_the_reference(name: str) -> None:
    """Free is no guest of Orange any more, but was one in 2012: its role there is roaming."""
    reference = load_operators()
    file = world_of(name).file
    for operator in file.operators:
        known = reference.get(operator.id)
        assert known is not None, operator.id
        assert known.market == file.market
        if operator.role == "hosted":
            assert known.hosted_on == operator.host
        assert all(service in known.services for service in operator.reach)
    numbers = {number for outage in file.outages for number in outage.emergency_numbers}
    market = reference.markets.get(file.market)
    assert market is not None
    assert numbers <= set(market.emergency_numbers)


def test_every_file_of_the_simulator_tells_what_it_is_in_its_first_line() -> None:
    for path in sorted(Path(ROOT).rglob("*.toml")):
        assert path.read_text("utf-8").startswith("# "), path.name

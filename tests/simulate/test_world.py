"""A world as Kafka would hold it: valid, in order, repeatable, and down only where it is down."""

import gc
import json
import math
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import msgspec
import pytest

from pipeline.records.clocks import format_instant, parse_instant
from pipeline.records.partitioner import partition_for
from pipeline.records.raw.commands import Command
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.record import RawRecord
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.simulate.people.care import CallCentre
from pipeline.simulate.simulate import SimulatedRecord, simulate, streams_of
from pipeline.simulate.spec.parse import Scenario, prolonged
from pipeline.simulate.world.world import Sent, World
from tests.simulate.conftest import Document, encode, only, records_of, scenario_with

TYPES: dict[str, type[msgspec.Struct]] = {
    "telemetry": Reading,
    "tickets": Ticket,
    "mentions": Mention,
    "commands": Command,
}
TIME_OF = {"telemetry": "observed_at", "tickets": "opened_at", "mentions": "posted_at"}
NINE = parse_instant("2025-02-12T09:00:00+01:00")
HOUR = 3_600_000


def quiet(document: Document) -> None:
    document["outages"] = []


def talk_only(document: Document) -> None:
    document["feeds"] = []


def small(document: Document) -> None:
    only(document, "koeln", "bonn")


def bodies(records: list[SimulatedRecord], topic: str) -> list[dict[str, Any]]:
    return [json.loads(record.value) for record in records if record.topic == topic]


def written_by_stream(scenario: Scenario, seed: int, days: float = 1.0) -> dict[str, list[Sent]]:
    """What each stream of a world writes, by its name; a stream of a footprint ends with its operator and area."""
    return {
        name: [record for moment in moments for record in moment.records]
        for name, moments in streams_of(World(scenario, seed, days))
    }


def test_every_record_is_a_record_of_its_topic(day: list[SimulatedRecord]) -> None:
    decoders = {topic: msgspec.json.Decoder(kind) for topic, kind in TYPES.items()}
    fields = {topic: set(kind.__struct_fields__) for topic, kind in TYPES.items()}
    seen: Counter[str] = Counter()
    for record in day:
        decoders[record.topic].decode(record.value)
        assert set(json.loads(record.value)) <= fields[record.topic]
        seen[record.topic] += 1
    assert set(seen) == set(TYPES)


def test_records_stand_in_order_of_arrival_and_offsets_have_no_gaps(day: list[SimulatedRecord]) -> None:
    following: defaultdict[tuple[str, int], int] = defaultdict(int)
    latest = 0
    for record in day:
        raw: RawRecord = record  # the types say that a simulated record is a raw one
        assert raw.timestamp >= latest
        assert raw.offset == following[raw.topic, raw.partition]
        assert raw.partition == partition_for(record.key, 4)
        following[raw.topic, raw.partition] += 1
        latest = raw.timestamp


def test_nothing_arrives_before_it_happened_and_little_is_late(day: list[SimulatedRecord]) -> None:
    ways = [
        record.timestamp - parse_instant(json.loads(record.value)[TIME_OF[record.topic]])
        for record in day
        if record.topic in TIME_OF
    ]
    assert min(ways) >= 0
    assert sum(way > 30_000 for way in ways) / len(ways) < 0.01


def test_same_seed_same_bytes_and_another_seed_another_world() -> None:
    cut = scenario_with(small)
    assert records_of(cut, 7) == records_of(cut, 7)
    one, other = records_of(cut, 7), records_of(cut, 8)
    assert {r.value for r in one if r.topic == "tickets"}.isdisjoint({r.value for r in other if r.topic == "tickets"})


def test_a_world_does_not_depend_on_the_hash_seed() -> None:
    program = (
        "import hashlib\n"
        "from tests.simulate.conftest import records_of, scenario_with\n"
        "from tests.simulate.test_world import small\n"
        "print(hashlib.sha256(repr(records_of(scenario_with(small), 3, 0.7)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
            timeout=300,
        ).stdout
        for seed in ("0", "42")
    }
    assert len(digests) == 1


def test_a_change_of_one_area_or_source_leaves_all_others_as_they_were() -> None:
    """The one hotline writes of Bonn's calls as well."""

    def loud_bonn(document: Document) -> None:
        small(document)
        bonn = next(area for area in document["areas"] if area["id"] == "DE/NW/bonn")
        bonn["spellings"] = ["Bonn am Rhein"]
        document["tickets"]["desks"][1]["everyday_per_hour"] = 500

    before, after = written_by_stream(scenario_with(small), 5), written_by_stream(scenario_with(loud_bonn), 5)
    assert list(before) == list(after)
    changed = {name for name, records in before.items() if after[name] != records}
    elsewhere = {name for name in changed if not name.endswith("DE/NW/bonn")}
    assert elsewhere == {"tickets phone calls", "tickets app netcologne DE/NW/koeln"}
    assert "mentions netcologne DE/NW/bonn" in changed


def test_an_outage_does_not_leak_into_an_area_that_it_spares() -> None:
    """Bonn, spared, sends the same bytes as in a world where nothing happened.

    Tickets by phone are left out: a hotline that Cologne blocks is blocked for Bonn as well.
    """

    def koeln_only(document: Document) -> None:
        small(document)
        outage = document["outages"][0]
        outage["areas"] = [area for area in outage["areas"] if area["area"] == "DE/NW/koeln"]

    def nothing(document: Document) -> None:
        small(document)
        quiet(document)

    people = {
        str(record.body.get("author", record.body.get("customer")))
        for name, records in written_by_stream(scenario_with(nothing), 1).items()
        for record in records
        if name.endswith("DE/NW/bonn")
    }

    def from_bonn(records: list[SimulatedRecord]) -> list[bytes]:
        found = []
        for record in records:
            body = json.loads(record.value)
            here = str(body.get("area", "")).endswith("bonn") or body.get("author", body.get("customer")) in people
            if here and body.get("intake") != "phone":
                found.append(record.value)
        return found

    spared, calm = from_bonn(records_of(scenario_with(koeln_only))), from_bonn(records_of(scenario_with(nothing)))
    assert len(spared) > 2_000
    assert spared == calm


def test_what_is_down_looks_down_and_what_is_up_looks_up(day: list[SimulatedRecord]) -> None:
    limits = {"session_success_ratio": 0.15, "voip_registration_ratio": 0.1, "stream_start_ratio": 0.1}
    for body in bodies(day, "telemetry"):
        if body["metric"] not in limits:
            continue
        at = parse_instant(body["observed_at"])
        if NINE + HOUR // 2 < at < NINE + 7 * HOUR:
            assert body["value"] < limits[body["metric"]], body
        if at < NINE or at > NINE + 8.25 * HOUR:
            assert body["value"] > 0.95, body


def test_telemetry_comes_at_its_interval_less_its_losses() -> None:
    normal = records_of(scenario_with(small, quiet), days=2.0)
    counts = Counter(
        (b["vendor"], b["area"], b["metric"]) for b in bodies(normal, "telemetry") if b["vendor"] == "access"
    )
    due, loss = 2 * 1_440, 0.002
    for count in counts.values():
        assert abs(count - due * (1 - loss)) < 5 * math.sqrt(due * loss)
    assert len(counts) == 2


def test_normal_life_writes_as_many_posts_and_tickets_as_asked() -> None:
    """Two weeks of normal days; bounds are five standard errors of the negative binomial."""
    weeks = records_of(scenario_with(small, talk_only, quiet), days=14.0)
    scenario = scenario_with(quiet).file
    mentions, tickets = scenario.mentions, scenario.tickets
    assert mentions is not None
    assert tickets is not None
    expected = {
        "mentions": sum(each.per_hour for each in mentions.everyday) * mentions.share * (1 + mentions.reposts),
        "app": next(desk.everyday_per_hour for desk in tickets.desks if desk.intake == "app") * tickets.share,
    }
    hours = 14 * 24
    posts = [body for body in bodies(weeks, "mentions") if not body.get("official")]
    app = [body for body in bodies(weeks, "tickets") if body["intake"] == "app"]
    for name, count in (("mentions", len({p["post_id"] for p in posts})), ("app", len({t["ticket_id"] for t in app}))):
        mean = expected[name] * hours
        # An hour's variance is m + m^2/k; nearly all live in Cologne, and the day's swing less than doubles the square.
        error = math.sqrt(mean + 2 * expected[name] ** 2 / 1.2 * hours)
        assert abs(count - mean) < 5 * error, f"{name}: {count}, expected {mean:.0f} +- {error:.0f}"
    nights = sum(parse_instant(p["posted_at"]) % 86_400_000 < 3 * HOUR for p in posts)
    assert nights / len(posts) < 0.06


def test_rumours_belong_to_the_outage_and_emergency_numbers_are_named_most_when_they_fail(
    day: list[SimulatedRecord],
) -> None:
    """People name the numbers on any day, of buttons, SIM cards and rules; one a town and hour at the most."""
    normal = records_of(scenario_with(small, talk_only, quiet), days=7.0)
    numbers, rumours = ("notruf", "112 ", "110 "), ("gehackt", "hackerangriff", "cyberangriff")

    def found(records: list[SimulatedRecord], words: tuple[str, ...]) -> list[int]:
        each = [body for topic in ("mentions", "tickets") for body in bodies(records, topic)]
        return [
            parse_instant(body.get("posted_at") or body["opened_at"])
            for body in each
            if not body.get("official") and any(word in body["text"].lower() for word in words)
        ]

    assert found(normal, rumours) == []
    assert NINE < min(found(day, rumours)) < NINE + 2 * HOUR
    usual = len(found(normal, numbers)) / 7 / 24
    assert 0 < usual < 2
    assert sum(NINE < at < NINE + HOUR for at in found(day, numbers)) > 5 * usual
    spread = Counter(body["repost_of"] for body in bodies(day, "mentions") if "repost_of" in body)
    assert max(spread.values()) >= 70, "the rumour is reposted as often as planned, whatever its words"


def test_a_call_centre_loses_no_caller() -> None:
    scenario = scenario_with(small)
    world = World(scenario, 1, 1.0)
    assert world.file.care is not None
    centre, came, gone = CallCentre(world, world.file.care), 0.0, 0.0
    waits = {}
    for minute in world.minutes():
        calls = centre.minute(minute)
        came += calls.offered
        gone += calls.answered + calls.given_up
        assert came == pytest.approx(gone + calls.waiting)
        assert 0 <= calls.waiting <= world.file.care.lines
        assert 0 <= calls.about_outage <= 1
        waits[minute] = calls.wait_seconds
    assert fmean(waits[m] for m in waits if NINE + HOUR < m < NINE + 5 * HOUR) > 5 * waits[NINE]


def test_writers_of_people_use_cloudevents_and_collectors_do_not(day: list[SimulatedRecord]) -> None:
    ids = set()
    for record in day:
        names = {name for name, _ in record.headers}
        if record.topic in {"tickets", "mentions"}:
            assert names == {"ce_id", "ce_source", "ce_specversion", "ce_type", "content-type"}
            ids.add((record.topic, dict(record.headers)["ce_id"], record.value))
        else:
            assert names == set()
    assert len({(topic, ce_id) for topic, ce_id, _ in ids}) == len(ids), "one id, two events"


def test_memory_does_not_grow_with_the_world() -> None:
    """What is held while a world is written; garbage in circles is collected first, as its hour is chance."""
    scenario = scenario_with(lambda document: only(document, "koeln"))

    def held(days: float) -> int:
        tracemalloc.start()
        for at in range(10_000):  # a full memory of times does not grow any more
            format_instant(at)
        most = 0
        for number, _ in enumerate(simulate(scenario, 1, days, encode=encode)):
            if number % 2_000 == 0:
                gc.collect()
                most = max(most, tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        return most

    held(0.65)  # caches
    assert held(2.0) < held(0.65) + 60_000


def test_a_longer_world_is_the_same_world_until_its_end_and_goes_on_after_it() -> None:
    scenario = scenario_with(small)
    longer = prolonged(scenario, 0.25)
    end = World(scenario, 3, 0.7).ended_at
    short, long = records_of(scenario, 3, 0.7), records_of(longer, 3, 0.95)
    assert [r.value for r in long if r.timestamp < end] == [r.value for r in short if r.timestamp < end]
    assert max(record.timestamp for record in long) > end + 5 * HOUR
    assert World(longer, 3, None).outages[0].ended_at == World(scenario, 3, None).outages[0].ended_at

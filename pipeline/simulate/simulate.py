"""A scenario and a seed in; raw records in order of arrival, and the truth, out.

The streams of a world know nothing of each other and are merged by Kafka
timestamp, as a broker with LogAppendTime would have them. Posts and tickets
travel as CloudEvents in binary mode, as a connector would send them;
telemetry, commands and their like are bare JSON, since most collectors know
no other. Records are made while they are read: a year takes no more memory
than a day.
"""

import heapq
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import NamedTuple

from pipeline.records.partitioner import partition_for
from pipeline.records.truth import Truth
from pipeline.simulate.answer import truth_of
from pipeline.simulate.network.telemetry import telemetry_streams
from pipeline.simulate.people.care import care_stream
from pipeline.simulate.people.mentions import mention_streams
from pipeline.simulate.people.official import command_stream, statement_streams
from pipeline.simulate.people.tickets import ticket_streams
from pipeline.simulate.spec.parse import Scenario
from pipeline.simulate.world.world import Moment, Sent, World, by_arrival

Headers = tuple[tuple[str, bytes], ...]
RAW_TOPICS = ("telemetry", "tickets", "mentions", "commands")


class SimulatedRecord(NamedTuple):
    """One record of a raw topic, as Kafka would hold it (a `RawRecord`).

    Attributes:
        offset: Place in its partition, from 0.
        timestamp: Kafka timestamp in milliseconds: when it arrived.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes
    headers: Headers
    value: bytes


def simulate(
    scenario: Scenario, seed: int, days: float | None = None, *, encode: Callable[[object], bytes]
) -> Iterator[SimulatedRecord]:
    """Write one world.

    Args:
        scenario: What it is made of.
        seed: Which one of the scenario's worlds.
        days: Length in days, counted back from the scenario's end; its own length if
            None. More days are more normal life before the outage.
        encode: Turns a dict into JSON bytes; the same dict into the same bytes.

    Yields:
        Raw records in order of Kafka timestamp; the same for the same arguments, to the byte.

    Raises:
        ConfigError: If the world would begin after its first outage.
    """
    return _records(World(scenario, seed, days), encode)


def truth(scenario: Scenario, seed: int, days: float | None = None) -> Truth:
    """Tell what is true in a world.

    Args:
        scenario: What it is made of.
        seed: Which one of the scenario's worlds.
        days: Length in days, counted back from the scenario's end; its own length if None.

    Raises:
        ConfigError: If the world would begin after its first outage.
    """
    return truth_of(World(scenario, seed, days))


def streams_of(world: World) -> Iterator[tuple[str, Iterator[Moment]]]:
    """All streams of a world by name, in the order in which ties of arrival are broken."""
    file = world.file
    yield from telemetry_streams(world)
    if file.care is not None:
        yield f"telemetry care {file.care.queue}", care_stream(world, file.care)
    if file.tickets is not None:
        yield from ticket_streams(world, file.tickets)
    if file.mentions is not None:
        yield from mention_streams(world, file.mentions)
    yield from statement_streams(world)
    yield "commands", command_stream(world)


def _records(world: World, encode: Callable[[object], bytes]) -> Iterator[SimulatedRecord]:
    lanes, market = world.file.lanes, world.file.market.lower()
    offsets = {(topic, lane): 0 for topic in RAW_TOPICS for lane in range(lanes)}
    places: dict[str, tuple[bytes, int]] = {}  # of telemetry's keys: few, and each comes often
    streams = [by_arrival(moments) for _, moments in streams_of(world)]
    for sent in heapq.merge(*streams, key=itemgetter(0)):
        known = places.get(sent.key)
        if known is None:
            key = sent.key.encode()
            known = key, partition_for(key, lanes)
            if sent.topic == "telemetry":
                places[sent.key] = known
        key, lane = known
        at = sent.topic, lane
        headers = _headers(sent, market, offsets[at])
        yield SimulatedRecord(sent.topic, lane, offsets[at], sent.arrival_ms, key, headers, encode(sent.body))
        offsets[at] += 1


def _headers(sent: Sent, market: str, offset: int) -> Headers:
    """CloudEvents' required attributes for what people write; a repeated delivery is the same event."""
    if sent.topic not in {"tickets", "mentions"}:
        return ()
    counted = f"{sent.key}/{offset}" if sent.body.get("kind") == "engagement" else sent.key
    return (
        ("ce_id", counted.encode()),
        ("ce_source", f"/{market}/{sent.topic}".encode()),
        ("ce_specversion", b"1.0"),
        ("ce_type", f"tocsin.{sent.topic.removesuffix('s')}.v1".encode()),
        ("content-type", b"application/json"),
    )

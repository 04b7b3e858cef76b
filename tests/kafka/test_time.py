"""Heartbeats, clocks and the horizon on the real broker: how time moves, and how far a lane may run ahead."""

import signal
from collections.abc import Awaitable, Callable

from aiokafka import TopicPartition

from pipeline.adapters.kafka.committed import Mark, read_marks
from pipeline.adapters.kafka.options import group_of
from pipeline.records.clocks import SOURCES
from pipeline.records.raw.record import is_heartbeat
from tests.kafka.harness import Flow, Process, until
from tests.kafka.toy_process import PARTITIONS
from tests.kafka.toys import ToyIngest

START_MS = 1_739_350_800_000
MINUTE_MS = 60_000


async def raw(flow: Flow) -> dict[tuple[str, int], list[int]]:
    """Kafka timestamps of the heartbeats in each raw partition."""
    beats: dict[tuple[str, int], list[int]] = {(s, p): [] for s in SOURCES for p in range(PARTITIONS.lanes)}
    for source in SOURCES:
        for record in await flow.read(source):
            if is_heartbeat(record):
                beats[source, record.partition].append(record.timestamp)
    return beats


async def clocks(flow: Flow) -> dict[tuple[int, str], int]:
    """What the envelopes say, the last word of each lane."""
    said: dict[tuple[int, str], int] = {}
    for record in await flow.read("signals"):
        lane, of_lane = ToyIngest().clocks(record)
        said.update({(lane, source): clock for source, clock in of_lane.items()})
    return said


async def marks(flow: Flow) -> dict[TopicPartition, Mark]:
    tps = [TopicPartition(flow.connection.topic(s), p) for s in SOURCES for p in range(PARTITIONS.lanes)]
    return await read_marks(flow.connection, group_of("ingest", flow.connection.prefix), 1, tps)


async def stopped(process: Process) -> None:
    process.send(signal.SIGTERM)
    assert await process.ended(10) == 0, process.said


async def test_every_quiet_partition_gets_heartbeats_and_all_clocks_move(flow: Flow) -> None:
    process = flow.start("ingest", heartbeat_seconds=0.5)

    async def all_beat_twice() -> bool:
        return all(len(times) >= 2 for times in (await raw(flow)).values())

    await until(all_beat_twice, 40, "two heartbeats in each raw partition")
    beats = {key: times[0] for key, times in (await raw(flow)).items()}

    async def all_clocks_past_the_first() -> bool:
        said = await clocks(flow)
        return all(said.get((lane, source), 0) >= first for (source, lane), first in beats.items())

    await until(all_clocks_past_the_first, 20, "a clock for each source of each lane")
    await stopped(process)


async def test_the_clocks_ride_in_the_committed_offsets_to_the_next_owner(flow: Flow) -> None:
    await flow.send([(f"k{key}", 1) for key in range(16)])
    process = flow.start("ingest")

    async def all_clocks() -> bool:
        return len(await clocks(flow)) == 16

    await until(all_clocks, 40, "a clock for each raw partition")
    await stopped(process)
    said = await clocks(flow)
    committed = {
        (tp.partition, flow.connection.noun(tp.topic)): mark.clock_ms for tp, mark in (await marks(flow)).items()
    }
    assert committed == said
    await flow.send([("k0", 2)])  # telemetry of lane 0; the other clocks of the lane must come from where they lie
    again = flow.start("ingest", first_start=False)
    await until(more_signals(flow, len(await flow.read("signals"))), 40, "one more batch")
    await stopped(again)
    assert {key: clock for key, clock in (await clocks(flow)).items() if key != (0, "telemetry")} == {
        key: clock for key, clock in said.items() if key != (0, "telemetry")
    }


def more_signals(flow: Flow, before: int) -> Callable[[], Awaitable[bool]]:
    async def more() -> bool:
        return len(await flow.read("signals")) > before

    return more


async def test_a_lane_far_ahead_waits_for_the_least_clock_and_goes_on_with_it(flow: Flow) -> None:
    """Two hours in one lane, one minute in all others: the one waits, then follows."""
    await flow_of_recorded(flow)
    await play(flow, 0, range(0, 120))
    for lane in range(1, PARTITIONS.lanes):
        await play(flow, lane, range(2))
    process = flow.start("ingest", horizon_ms=5 * MINUTE_MS)
    await until(lambda: "paused" in process.said, 40, "the lane ahead waits")

    async def all_heard() -> bool:
        return len(await clocks(flow)) == 16

    await until(all_heard, 20, "a clock for each raw partition")
    ahead = max(clock for (lane, _), clock in (await clocks(flow)).items() if lane == 0)
    assert ahead <= START_MS + 6 * MINUTE_MS + MINUTE_MS
    for lane in range(1, PARTITIONS.lanes):
        await play(flow, lane, range(2, 120))

    async def all_there() -> bool:
        said = await clocks(flow)
        return len(said) == 16 and min(said.values()) == START_MS + 119 * MINUTE_MS

    await until(all_there, 60, "all clocks at the end")
    await stopped(process)


async def flow_of_recorded(flow: Flow) -> None:
    """Raw topics that keep the timestamps of a recording."""
    flow.connection = type(flow.connection)(bootstrap=flow.connection.bootstrap, prefix="p" + flow.connection.prefix)
    await flow.create(playback=True)


async def play(flow: Flow, lane: int, minutes: range) -> None:
    producer = await flow.producer()
    for minute in minutes:
        for source in SOURCES:
            await producer.send(
                flow.connection.topic(source),
                f"k{lane} {minute}".encode(),
                partition=lane,
                timestamp_ms=START_MS + minute * MINUTE_MS,
            )
    await producer.flush()

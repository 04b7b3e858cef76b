"""The project's proudest test: live on Kafka and replayed in memory, the same records, byte for byte.

The same morning, with an outage in it, is played into raw topics and worked on
by real processes - one of each stage, two of each, with other batch cuts, with
kills - and by the flow in memory. What is published must not differ.
"""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.local.broker import Broker
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.flow import RESULT_NOUNS
from tests.flows import arrived, morning, orders, results
from tests.kafka.harness import Flow, Process, until
from tests.kafka.toy_process import PARTITIONS

SEED = 7
KILLS = 6


@pytest.fixture(scope="module")
def recording() -> list[RecordedRecord]:
    """A morning in four lanes, with the heartbeats that a recording has."""
    log = arrived(morning(SEED) + orders(at_minute=50), SEED, PARTITIONS.lanes)
    return list(with_heartbeats(log, PARTITIONS.lanes))


@pytest.fixture(scope="module")
def replayed() -> dict[str, list[bytes]]:
    """What the flow in memory publishes."""
    log = arrived(morning(SEED) + orders(at_minute=50), SEED, PARTITIONS.lanes)
    counts = {"lanes": PARTITIONS.lanes, "partitions": PARTITIONS.signals, "markets": PARTITIONS.anomalies}
    return results(log, **counts)


@pytest.fixture
async def live(broker: Broker, tmp_path: Path) -> AsyncIterator[Flow]:
    """Topics for a recording, and real processes to come."""
    flow = Flow(broker.bootstrap, tmp_path, "tests.kafka.real_process")
    await flow.create(playback=True)
    yield flow
    await flow.stop()


async def play(flow: Flow, records: Sequence[RecordedRecord]) -> None:
    producer = await flow.producer()
    for record in records:
        await producer.send(
            flow.connection.topic(record.topic),
            record.value or b"",
            partition=record.partition,
            timestamp_ms=record.timestamp,
            headers=list(record.headers),
        )
    await producer.flush()


async def published(flow: Flow, noun: str) -> list[Message]:
    return [Message(noun, record.key, record.value, tuple(record.headers)) for record in await flow.read(noun)]


async def compare(flow: Flow, replayed: dict[str, list[bytes]]) -> None:
    """Wait until as much is out as the replay says, and compare it."""

    async def all_out() -> bool:
        return all([len(await flow.read(noun)) >= len(replayed[noun]) for noun in RESULT_NOUNS])

    await until(all_out, 90, lambda: f"all is out; {[p.said[-500:] for p in flow.processes]}", every=0.5)
    for noun in RESULT_NOUNS:
        assert canonical(noun, await published(flow, noun)) == replayed[noun], noun


async def test_one_process_of_each_stage(
    live: Flow, recording: list[RecordedRecord], replayed: dict[str, list[bytes]]
) -> None:
    assert all(replayed[noun] for noun in ("incidents", "notices", "decisions", "quarantine"))
    await play(live, recording)
    for stage in ("ingest", "detect", "correlate"):
        live.start(stage)
    await compare(live, replayed)


async def test_two_processes_of_each_stage_in_other_batches_under_kills(
    live: Flow, recording: list[RecordedRecord], replayed: dict[str, list[bytes]]
) -> None:
    chance = random.Random(SEED)
    small: dict[str, dict[str, Any]] = {
        "ingest": {"batch_records": 37, "batch_seconds": 0.05, "fetch_records": 23},
        "detect": {"snapshot_records": 7, "flush_messages": 2},
        "correlate": {"flush_messages": 3},
    }
    workers = [live.start(stage, **small[stage]) for stage in small for _ in range(2)]
    await play(live, recording[: len(recording) // 2])
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.5, 2.5))
        victim = chance.randrange(len(workers))
        workers[victim].send(signal.SIGKILL)
        await workers[victim].ended(5)
        workers = keep_alive(live, workers, small)
    await play(live, recording[len(recording) // 2 :])

    async def all_out() -> bool:
        workers[:] = keep_alive(live, workers, small)
        return all([len(await live.read(noun)) >= len(replayed[noun]) for noun in RESULT_NOUNS])

    await until(all_out, 120, lambda: f"all is out; {[p.said[-300:] for p in live.processes]}", every=0.5)
    await compare(live, replayed)


def keep_alive(flow: Flow, workers: list[Process], options: dict[str, dict[str, Any]]) -> list[Process]:
    return [w if w.is_running else flow.start(w.stage, **options[w.stage]) for w in workers]

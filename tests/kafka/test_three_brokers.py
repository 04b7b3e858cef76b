"""Three brokers, replication 3, two copies before an answer: one is killed in the middle, and not a byte differs.

What is compared are the outputs of real processes on one broker, and of the same processes on three of which one
dies while half of the recording is still to come.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.adapters.kafka.topics import create_topics
from pipeline.adapters.local.broker import Broker
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.flow import RESULT_NOUNS
from tests.flows import arrived, morning, orders, results
from tests.kafka.cluster import NODES, Cluster, running_cluster
from tests.kafka.harness import Flow, Process, until
from tests.kafka.test_live_equals_replay import play, published
from tests.kafka.toy_process import PARTITIONS

SEED = 7
STAGES = ("ingest", "detect", "correlate")


@pytest.fixture(scope="module")
def recording() -> list[RecordedRecord]:
    log = arrived(morning(SEED) + orders(at_minute=50), SEED, PARTITIONS.lanes)
    return list(with_heartbeats(log, PARTITIONS.lanes))


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    """How many records of each output the recording leads to."""
    log = arrived(morning(SEED) + orders(at_minute=50), SEED, PARTITIONS.lanes)
    sizes = {"lanes": PARTITIONS.lanes, "partitions": PARTITIONS.signals, "markets": PARTITIONS.anomalies}
    return {noun: len(records) for noun, records in results(log, **sizes).items()}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
async def on_one(broker: Broker, tmp_path: Path) -> AsyncIterator[Flow]:
    flow = Flow(broker.bootstrap, tmp_path, "tests.kafka.real_process")
    await flow.create(playback=True)
    yield flow
    await flow.stop()


@pytest.fixture
async def on_three(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Flow]:
    flow = Flow(cluster.bootstrap, tmp_path / "three", "tests.kafka.real_process")
    flow.folder.mkdir()
    await create_topics(flow.connection, PARTITIONS, replication=NODES, playback=True)
    yield flow
    await flow.stop()


async def outputs(flow: Flow, workers: list[Process], counts: dict[str, int]) -> dict[str, list[bytes]]:
    """Wait until all is out, start again who left meanwhile, and read it."""

    async def all_out() -> bool:
        workers[:] = [w if w.is_running else flow.start(w.stage) for w in workers]
        return all([len(await flow.read(noun)) >= counts[noun] for noun in RESULT_NOUNS])

    await until(all_out, 120, lambda: f"all is out; {[p.said[-300:] for p in flow.processes]}", every=0.5)
    return {noun: canonical(noun, await published(flow, noun)) for noun in RESULT_NOUNS}


async def in_the_middle(flow: Flow, workers: Sequence[Process]) -> None:
    """Wait until anomalies were told, so that every stage is at work."""

    async def is_told() -> bool:
        return bool(await flow.read("anomalies"))

    await until(is_told, 60, lambda: f"anomalies are told; {[p.said[-300:] for p in workers]}", every=0.2)


async def test_one_of_three_brokers_is_killed_and_the_outputs_are_those_of_one_broker(
    on_one: Flow, on_three: Flow, cluster: Cluster, recording: list[RecordedRecord], counts: dict[str, int]
) -> None:
    await play(on_one, recording)
    expected = await outputs(on_one, [on_one.start(stage) for stage in STAGES], counts)
    assert expected["incidents"]
    for process in on_one.processes:
        process.popen.kill()

    half = len(recording) // 2
    workers = [on_three.start(stage) for stage in STAGES]
    await play(on_three, recording[:half])
    await in_the_middle(on_three, workers)
    victim = cluster.brokers[0]
    await asyncio.to_thread(victim.kill)
    await play(on_three, recording[half:])
    assert await outputs(on_three, workers, counts) == expected
    assert not victim.is_running
    assert [broker.is_running for broker in cluster.brokers[1:]] == [True, True]

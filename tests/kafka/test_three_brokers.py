"""Three brokers, replication 3, two copies before an answer: one is killed in the middle, and not a byte differs.

What is compared are the outputs of real processes on one broker, or of a replay, and of the same processes on three
of which one dies, or two do, while half of the recording is still to come. Without two of three nothing can be
written: every stage waits or leaves with a word, and when one broker is back, all goes on where it was.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.adapters.kafka.leaving import EXIT_CONNECTION, EXIT_INFRASTRUCTURE, Word
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
GONE_SECONDS = 30.0
"""Longer than any wait of a stage for an answer."""


WORDS_OF_BROKERS_GONE = {Word.CONNECTION, Word.FENCED, Word.STALLED}
"""Each has a runbook that says what to look at; the word for what nobody thought of is not among them."""


@pytest.fixture(scope="module")
def recording() -> list[RecordedRecord]:
    log = arrived(morning(SEED) + orders(at_minute=50), SEED, PARTITIONS.lanes)
    return list(with_heartbeats(log, PARTITIONS.lanes))


@pytest.fixture(scope="module")
def replayed() -> dict[str, list[bytes]]:
    """What the flow in memory makes of the recording."""
    log = arrived(morning(SEED) + orders(at_minute=50), SEED, PARTITIONS.lanes)
    sizes = {"lanes": PARTITIONS.lanes, "partitions": PARTITIONS.signals, "markets": PARTITIONS.anomalies}
    return results(log, **sizes)


@pytest.fixture
def counts(replayed: dict[str, list[bytes]]) -> dict[str, int]:
    """How many records of each output the recording leads to."""
    return {noun: len(records) for noun, records in replayed.items()}


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def cluster(brokers: Cluster) -> Cluster:
    """All three of them running, whatever was killed before."""
    brokers.start()
    return brokers


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


def last_word(process: Process) -> str:
    """The word with which a process left."""
    lines = [json.loads(line) for line in process.said.splitlines() if line.startswith('{"event": "leaving"')]
    return str(lines[-1]["word"]) if lines else f"none: {process.said[-500:]}"


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


async def test_with_two_of_three_brokers_gone_stages_wait_or_leave_with_a_word_and_go_on_when_one_is_back(
    on_three: Flow, cluster: Cluster, recording: list[RecordedRecord], replayed: dict[str, list[bytes]]
) -> None:
    half = len(recording) // 2
    workers = [on_three.start(stage) for stage in STAGES]
    await play(on_three, recording[:half])
    await in_the_middle(on_three, workers)
    back, dead = cluster.brokers[:2]
    await asyncio.gather(asyncio.to_thread(back.kill), asyncio.to_thread(dead.kill))

    began, left = time.monotonic(), list[Process]()
    while time.monotonic() - began < GONE_SECONDS:
        left += [worker for worker in workers if not worker.is_running]
        workers = [w if w.is_running else on_three.start(w.stage) for w in workers]
        await asyncio.sleep(0.5)
    words = [(process.stage, last_word(process)) for process in left]
    print(f"rehearsed: {GONE_SECONDS:.0f} s without two of three brokers; left: {words}")  # noqa: T201 - for docs/operating.md
    assert {word for _, word in words} <= WORDS_OF_BROKERS_GONE, [process.said[-500:] for process in left]
    assert {process.popen.returncode for process in left} <= {EXIT_CONNECTION, EXIT_INFRASTRUCTURE}

    await asyncio.to_thread(cluster.bring_back, back)
    await play(on_three, recording[half:])
    counts = {noun: len(records) for noun, records in replayed.items()}
    took = time.monotonic()
    assert await outputs(on_three, workers, counts) == replayed
    assert not dead.is_running
    print(f"rehearsed: all was out {time.monotonic() - took:.0f} s after one was back")  # noqa: T201 - likewise

"""A toy flow on the real broker: its topics, its processes, what goes in and what came out."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.topics import admin_client, create_topics, plan
from pipeline.records.clocks import SOURCES
from tests.kafka.toy_process import PARTITIONS

ROOT = Path(__file__).parents[2]
SESSION_SECONDS = 6.0
"""The least that Kafka allows by default."""

FLOW_GOES_ON_SECONDS = SESSION_SECONDS + 10
"""No disturbance may hold the flow for longer, on a machine that is not busy."""

PATIENCE = 8
"""How many times longer than on an idle machine a test waits: a hang must fail it, a busy machine must not. So a wait
of a minute, which is Kafka's own transaction timeout, is not told apart from a machine with other work to do."""

INGEST: dict[str, Any] = {
    "session_seconds": SESSION_SECONDS,
    "batch_seconds": 0.3,
    "batch_records": 500,
    "heartbeat_seconds": None,
    "first_start": True,
}
AGENT: dict[str, Any] = {
    "session_seconds": SESSION_SECONDS,
    "snapshot_seconds": 3.0,
    "snapshot_records": 200,
    "first_start": True,
}


class Process:
    """One process of the flow and what it says on standard error."""

    def __init__(self, stage: str, options: dict[str, Any], log: Path, module: str) -> None:
        self.stage, self.log = stage, log
        with log.open("ab") as stderr:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", module, stage, json.dumps(options)],
                stderr=stderr,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self.is_running:
            self.popen.send_signal(number)

    async def ended(self, seconds: float) -> int:
        """The exit code; fails if it runs on."""
        await until(lambda: not self.is_running, seconds, f"{self.stage} ends: {self.said[-2_000:]}")
        return self.popen.wait()


class Flow:
    """Topics of its own on a shared broker, and the processes that work on them."""

    def __init__(self, bootstrap: str, folder: Path, module: str = "tests.kafka.toy_process") -> None:
        self.module = module
        self.connection = Connection(bootstrap=bootstrap, prefix=f"t{os.urandom(4).hex()}.")
        self.folder = folder
        self.processes: list[Process] = []
        self._producer: AIOKafkaProducer | None = None

    async def create(self, *, playback: bool = False) -> "Flow":
        await create_topics(self.connection, PARTITIONS, playback=playback)
        return self

    def start(self, stage: str, **options: Any) -> Process:
        base = INGEST if stage == "ingest" else AGENT
        given = {"bootstrap": self.connection.bootstrap, "prefix": self.connection.prefix, **base, **options}
        process = Process(stage, given, self.folder / f"{stage}-{len(self.processes)}.log", self.module)
        self.processes.append(process)
        return process

    async def producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                **self.connection.client(), linger_ms=5, enable_idempotence=True
            )  # keeps its order
            await self._producer.start()
        return self._producer

    async def send(self, items: Iterable[tuple[str, int]]) -> None:
        """Write raw records; a key has one source and one lane."""
        producer = await self.producer()
        acks = []
        for key, number in items:
            at = int(key.removeprefix("k"))
            topic = self.connection.topic(SOURCES[at % len(SOURCES)])
            value = f"{key} {number}".encode()
            acks.append(await producer.send(topic, value, partition=at // len(SOURCES) % PARTITIONS.lanes))
        await asyncio.gather(*acks)

    async def read(self, noun: str) -> list[Any]:
        """All committed records of a topic."""
        reader = AIOKafkaConsumer(
            **self.connection.client(), isolation_level="read_committed", auto_offset_reset="earliest"
        )
        await reader.start()
        try:
            topic = self.connection.topic(noun)
            tps = [TopicPartition(topic, p) for p in await reader._client._wait_on_metadata(topic)]
            reader.assign(tps)
            ends = await reader.end_offsets(tps)
            found: list[Any] = []
            while any([await reader.position(tp) < end for tp, end in ends.items()]):
                for records in (await reader.getmany(timeout_ms=100)).values():
                    found += records
            return found
        finally:
            await reader.stop()

    async def incidents(self) -> dict[bytes, list[bytes]]:
        """What came out, by key, in order."""
        by_key: dict[bytes, list[bytes]] = {}
        for record in await self.read("incidents"):
            by_key.setdefault(record.key, []).append(record.value)
        return by_key

    async def stop(self) -> None:
        for process in self.processes:
            process.send(signal.SIGCONT)
            process.send(signal.SIGKILL)
            process.popen.wait()
        if self._producer is not None:
            await self._producer.stop()
        async with admin_client(self.connection) as admin:  # the fewer topics, the quicker the broker
            await admin.delete_topics([self.connection.topic(topic.noun) for topic in plan(PARTITIONS)])


async def until(
    condition: Callable[[], bool] | Callable[[], Awaitable[bool]],
    seconds: float,
    what: str | Callable[[], str],
    every: float = 0.1,
) -> float:
    """Wait for a condition.

    Args:
        condition: What must come true.
        seconds: How long that takes at most on an idle machine; the test fails after `PATIENCE` times as long.
        what: What is waited for, or what tells it once it failed.
        every: Seconds between two looks.

    Returns:
        How long it took, in seconds.
    """
    began, seconds = time.monotonic(), seconds * PATIENCE
    while True:
        answer = condition()
        if answer if isinstance(answer, bool) else await answer:
            return time.monotonic() - began
        if time.monotonic() - began >= seconds:
            raise AssertionError(f"not within {seconds} s: {what if isinstance(what, str) else what()}")
        await asyncio.sleep(every)

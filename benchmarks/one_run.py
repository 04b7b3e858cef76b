"""One measured run in a process of its own: the bare loop, or INGEST as it is.

The process says "ready" when all is compiled and its partitions are assigned,
and starts at a line on its input, so that two processes start together and
nobody's imports are measured. It ends with one line of JSON.

Usage: one_run.py bare|ingest BOOTSTRAP PREFIX GROUP RECORDS|LANES
"""

import asyncio
import contextlib
import dataclasses
import json
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.loads import LANES
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.compose import Parts
from pipeline.adapters.kafka.lanes import PARTITION_FETCH_BYTES, Ingest
from pipeline.adapters.kafka.observer import NoObserver
from pipeline.adapters.kafka.running import spare_the_collector
from pipeline.adapters.settings.sections import Ingest as IngestSection
from pipeline.adapters.settings.sections import Kafka, Settings
from pipeline.reference.words import LANGUAGES

FETCH_RECORDS: Final = 10_000
IDLE_SECONDS: Final = 3.0
"""INGEST's run is over when nothing came for so long; the measured time ends with its last commit."""


class Reading(msgspec.Struct):
    """What the bare loop decodes of telemetry: the fields that are there, no limits."""

    area: str
    metric: str
    observed_at: str
    operator: str
    unit: str
    value: float


class Post(msgspec.Struct):
    """What the bare loop decodes of a mention."""

    post_id: str
    platform: str
    posted_at: str
    author: str
    operator: str
    text: str


class Clock:
    """Wall and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Seconds so far, of the wall and of this process."""
        return {"wall": time.perf_counter() - self._wall, "cpu": time.process_time() - self._cpu}


async def told_to_go() -> None:
    """Say that we are ready, and wait for a line."""
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


async def bare(bootstrap: str, prefix: str, records: int) -> dict[str, Any]:
    """`getmany` and a typed decode, nothing else: what no consumer of this library can beat."""
    decoders: dict[str, msgspec.json.Decoder[Any]] = {
        prefix + "telemetry": msgspec.json.Decoder(Reading),
        prefix + "mentions": msgspec.json.Decoder(Post),
    }
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=PARTITION_FETCH_BYTES
    )
    await consumer.start()
    places = [TopicPartition(topic, lane) for topic in decoders for lane in range(LANES)]
    spare_the_collector()
    await told_to_go()
    clock = Clock()
    consumer.assign(places)
    await consumer.seek_to_beginning(*places)
    done = 0
    while done < records:
        for place, some in (await consumer.getmany(timeout_ms=100, max_records=FETCH_RECORDS)).items():
            decode = decoders[place.topic].decode
            for record in some:
                if record.value:
                    decode(record.value)
                    done += 1
    result = {"records": done, **clock.read()}
    await consumer.stop()
    return result


class Stopwatch(NoObserver):
    """Counts what INGEST works on, and knows when it committed last."""

    def __init__(self, lanes: int) -> None:
        self.records, self.refused = 0, 0
        self.started: Clock | None = None
        self.last: dict[str, float] = {}
        self.has_lanes, self.moved = asyncio.Event(), asyncio.Event()
        self._wanted = lanes

    def assigned(self, stage: str, partitions: int) -> None:  # noqa: ARG002 - as the protocol says
        """Partitions came."""
        if partitions == self._wanted:
            self.has_lanes.set()

    def consumed(self, stage: str, topic: str, records: int) -> None:  # noqa: ARG002
        """Records were worked on."""
        self.records += records
        self.moved.set()

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:  # noqa: ARG002
        """A batch is safe."""
        assert self.started is not None
        self.last = self.started.read()
        self.refused += sum(message.topic == "quarantine" for message in messages)


class Gated(Ingest):
    """INGEST that waits for a word before it reads its first record; all else is the product's."""

    is_open = False

    async def _step(self) -> None:
        if self.is_open:
            await super()._step()
        else:
            await asyncio.sleep(0.02)


async def ingest(bootstrap: str, prefix: str, group: str, lanes: int) -> dict[str, Any]:
    """INGEST with all rules, in transactions, until nothing comes any more."""
    settings = Settings(kafka=Kafka(bootstrap=bootstrap, prefix=prefix), ingest=IngestSection(heartbeats=False))
    stage = Parts(settings, lambda: time.time_ns() // 1_000_000).ingest()
    for lang in LANGUAGES:  # compiled when its first text comes; compiling is left out here
        stage.rules.reader.understand("", lang=lang)
    options = dataclasses.replace(settings.ingest_options(first_start=True), group=group)
    watch = Stopwatch(lanes)
    process = Gated(options, stage, watch)
    spare_the_collector()
    running = asyncio.create_task(process.run())
    await watch.has_lanes.wait()
    await told_to_go()
    watch.started, process.is_open = Clock(), True
    with contextlib.suppress(TimeoutError):
        while True:
            watch.moved.clear()
            await asyncio.wait_for(watch.moved.wait(), IDLE_SECONDS)
    process.stop()
    await running
    return {"records": watch.records, "refused": watch.refused, **watch.last}


async def main(kind: str, bootstrap: str, prefix: str, group: str, number: int) -> None:
    """Run one kind and print its result.

    Args:
        kind: `bare` or `ingest`.
        bootstrap: Where Kafka is.
        prefix: Of the topics.
        group: Of INGEST, of this run alone.
        number: Of records for `bare`, of lanes to wait for with `ingest`.
    """
    run = bare(bootstrap, prefix, number) if kind == "bare" else ingest(bootstrap, prefix, group, number)
    print(json.dumps(await run), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])))

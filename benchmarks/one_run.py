"""One measured run in a process of its own: the bare loop, or INGEST as it is.

The process says "ready" when all is compiled and its partitions are assigned,
and starts at a line on its input, so that two processes start together and
nobody's imports are measured. It ends with one line of JSON.

Usage: one_run.py bare BOOTSTRAP PREFIX GROUP RECORDS
       one_run.py ingest BOOTSTRAP PREFIX GROUP LANES RECORDS-OF-LANE-0 RECORDS-OF-LANE-1 ...
"""

import asyncio
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
from pipeline.adapters.kafka.ingest.lanes import PARTITION_FETCH_BYTES, Ingest
from pipeline.adapters.kafka.ingest.laying_out import settle
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.settings.kafka import Kafka
from pipeline.adapters.settings.sections import Ingest as IngestSection
from pipeline.adapters.settings.sections import Settings
from pipeline.adapters.stages.collector import spare_the_collector

FETCH_RECORDS: Final = 10_000


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
    """Say that we are ready, and wait for a line, or for the end of the input."""
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
        for place, fetched in (await consumer.getmany(timeout_ms=100, max_records=FETCH_RECORDS)).items():
            decode = decoders[place.topic].decode
            for record in fetched:
                if record.value:
                    decode(record.value)
                    done += 1
    result = {"records": done, **clock.read()}
    await consumer.stop()
    return result


class Stopwatch(Observer):
    """Counts what INGEST works on, and knows when it committed last."""

    def __init__(self, lanes: int) -> None:
        self.records, self.refused = 0, 0
        self.started: Clock | None = None
        self.last: dict[str, float] = {}
        self.records_wanted = -1
        self.has_lanes, self.has_all = asyncio.Event(), asyncio.Event()
        self._lanes_wanted = lanes

    def assigned(self, stage: str, partitions: int) -> None:  # noqa: ARG002 - as the protocol says
        """Partitions came."""
        if partitions == self._lanes_wanted:
            self.has_lanes.set()

    def consumed(self, stage: str, topic: str, records: int) -> None:  # noqa: ARG002
        """Records were worked on."""
        self.records += records
        if self.records == self.records_wanted:
            self.has_all.set()

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:  # noqa: ARG002
        """A batch is safe."""
        assert self.started is not None
        self.last = self.started.read()
        self.refused += sum(message.topic == "quarantine" for message in messages)


class Gated(Ingest):
    """INGEST that waits for a word before it reads its first record; all else is the product's."""

    is_open = False

    def records_of(self, lanes: Sequence[int]) -> int:
        """What our lanes hold."""
        return sum(lanes[number] for number in self._lanes)

    async def commit_all(self) -> None:
        """Commit what is in hand, as a planned stop does, and stay in the group: nobody's lanes move."""
        async with self._lock:
            await self._flush_all()

    async def _step(self) -> None:
        if self.is_open:
            await super()._step()
        else:
            await asyncio.sleep(0.02)


async def ingest(bootstrap: str, prefix: str, group: str, wanted: int, lanes: Sequence[int]) -> dict[str, Any]:
    """INGEST with all rules, in transactions, until its lanes are read; whoever started this process ends it."""
    settings = Settings(kafka=Kafka(bootstrap=bootstrap, prefix=prefix), ingest=IngestSection(heartbeats=False))
    stage = Parts(settings, lambda: time.time_ns() // 1_000_000).ingest(live=True)  # compiled: that is left out here
    options = dataclasses.replace(settings.ingest_options(first_start=True), group=group)
    watch = Stopwatch(wanted)
    process = Gated(await settle(options), stage, watch)
    spare_the_collector()
    running = asyncio.create_task(process.run())
    running.add_done_callback(lambda _task: sys.exit("INGEST ended by itself"))
    await watch.has_lanes.wait()
    await told_to_go()
    watch.records_wanted = process.records_of(lanes)
    watch.started, process.is_open = Clock(), True
    await watch.has_all.wait()
    await process.commit_all()
    process.is_open = False
    return {"records": watch.records, "refused": watch.refused, **watch.last}


async def main(kind: str, bootstrap: str, prefix: str, group: str, numbers: list[int]) -> None:
    """Run one kind and print its result.

    Args:
        kind: `bare` or `ingest`.
        bootstrap: Where Kafka is.
        prefix: Of the topics.
        group: Of INGEST, of this run alone.
        numbers: Records of the whole load for `bare`; for `ingest` lanes of this process, and records of every lane.
    """
    if kind == "bare":
        result = await bare(bootstrap, prefix, numbers[0])
    else:
        result = await ingest(bootstrap, prefix, group, numbers[0], numbers[1:])
    print(json.dumps(result), flush=True)
    await told_to_go()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], [int(word) for word in sys.argv[5:]]))

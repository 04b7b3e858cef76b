"""A soak: hours of load at a steady rate on a real Kafka; memory must stay flat and lag bounded, restarts included.

Records are of now: readings of 96 towns, and posts, of which each is another one. Each stage is stopped and
started once in the first half, evenly, as in an upgrade. In the end a table of all samples is printed, and what they
say of each stage (`soak_report`): the run fails if memory grows, lag is left, a process ended by itself, or a
record was refused. Samples are written as they are taken, so that a run that is cut short has told what it saw.

Usage: soak.py [--minutes N] [--rate N] [--posts SHARE] [--sample-seconds N] [--samples FILE]
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from benchmarks.flow_processes import STAGES, StageProcess, flow_processes
from benchmarks.loads import LANES, OPERATOR, posts, towns
from benchmarks.soak_report import Sample, objections, summary, table, verdict
from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.topics import create_topics
from pipeline.adapters.local.broker import running_broker
from pipeline.records.clocks import Instant, format_instant
from pipeline.records.partitioner import partition_for

TICK_SECONDS: Final = 0.1
POSTS_KEPT: Final = 5_000
"""Posts that are made beforehand; each is sent with another number, so that no two are the same."""


class Sender:
    """Sends a load of now at a steady rate, and says how far it got.

    Args:
        bootstrap: Kafka.
        rate: Records a second.
        share: Of posts among them, 0 to 1.
    """

    def __init__(self, bootstrap: str, rate: int, share: float) -> None:
        self._bootstrap, self._rate, self._share = bootstrap, rate, share
        self.sent, self.behind_seconds_most = 0, 0.0
        self._places = cycle([(area, partition_for(area.encode(), LANES)) for area in towns()])
        self._posts = cycle([json.loads(post.value) for post in posts(POSTS_KEPT, towns(), 1)])
        self._numbers = count()

    async def run(self, seconds: float) -> None:
        """Send for so long."""
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, max_batch_size=256 * 1024)
        await producer.start()
        began, tick = time.monotonic(), 0
        try:
            while tick * TICK_SECONDS < seconds:
                late = time.monotonic() - (began + tick * TICK_SECONDS)
                self.behind_seconds_most = max(self.behind_seconds_most, late)
                if late < 0:
                    await asyncio.sleep(-late)
                await self._tick(producer)
                tick += 1
        finally:
            await producer.stop()

    async def _tick(self, producer: AIOKafkaProducer) -> None:
        batches: dict[tuple[str, int], Any] = {}
        records = int(self._rate * TICK_SECONDS)
        for topic, lane, value in self._records(records, int(records * self._share)):
            place = (topic, lane)
            if place not in batches or batches[place].append(timestamp=None, key=None, value=value) is None:
                if place in batches:
                    await producer.send_batch(batches[place], topic, partition=lane)
                batches[place] = producer.create_batch()
                batches[place].append(timestamp=None, key=None, value=value)
        for (topic, lane), batch in batches.items():
            await producer.send_batch(batch, topic, partition=lane)
        self.sent += records

    def _records(self, records: int, of_posts: int) -> Iterator[tuple[str, int, bytes]]:
        stamp = format_instant(Instant(time.time_ns() // 1_000_000))
        head = f'{{"operator":"{OPERATOR}","metric":"latency_ms","unit":"ms","observed_at":"{stamp}","area":"'
        for _ in range(records - of_posts):
            (area, lane), number = next(self._places), next(self._numbers)
            yield "telemetry", lane, f'{head}{area}","value":{40 + number % 1_009 / 100}}}'.encode()
        for _ in range(of_posts):
            post, number = next(self._posts), next(self._numbers)
            fresh = {**post, "post_id": f"s{number}", "author": f"a{number}", "posted_at": stamp}
            fresh["text"] = f"{post['text']} {number}"
            yield "mentions", number % LANES, json.dumps(fresh, ensure_ascii=False).encode()


def sample(began: float, processes: Sequence[StageProcess], sent: int) -> Sample:
    """Memory, lag and CPU of each stage just now."""
    figures = {process.stage: process.figures() for process in processes}
    return {
        "seconds": time.monotonic() - began,
        "memory_mb": {stage: figures[stage].get("process_resident_memory_bytes", 0.0) / 1e6 for stage in STAGES},
        "lag": {stage: figures[stage].get("tocsin_consumer_lag_messages", 0.0) for stage in STAGES},
        "cpu_seconds": {stage: figures[stage].get("process_cpu_seconds_total", 0.0) for stage in STAGES},
        "refused": figures["ingest"].get("tocsin_events_quarantined_total", 0.0),
        "sent": sent,
        "note": "",
        "started": [],
        "ended": False,
    }


class Watch:
    """Samples, and stops and starts each stage once meanwhile.

    Args:
        processes: One of each stage.
        sender: Of the load.
        said: What was asked for.
    """

    def __init__(self, processes: Sequence[StageProcess], sender: Sender, said: argparse.Namespace) -> None:
        self.samples: list[Sample] = []
        self._processes, self._sender, self._said = processes, sender, said
        self._seconds: float = said.minutes * 60
        self._restarts = [((at + 1) * self._seconds / 2 / (len(STAGES) + 1), stage) for at, stage in enumerate(STAGES)]

    async def run(self) -> None:
        """Until the time is over."""
        began = time.monotonic()
        while (elapsed := time.monotonic() - began) < self._seconds or self._restarts:
            taken = await asyncio.to_thread(sample, began, self._processes, self._sender.sent)
            await self._supervise(taken)
            if self._restarts and elapsed >= self._restarts[0][0]:
                await self._restart(self._restarts.pop(0)[1], taken)
            self._keep(taken)
            await asyncio.sleep(max(0.0, self._said.sample_seconds - (time.monotonic() - began - elapsed)))
        self._keep(await asyncio.to_thread(sample, began, self._processes, self._sender.sent))

    async def _supervise(self, taken: Sample) -> None:
        """As a supervisor does; the run fails all the same."""
        for process in self._processes:
            if not process.is_running:
                taken["note"] = f"{process.stage} ended by itself: {process.last_words}"
                taken["started"].append(process.stage)
                taken["ended"] = True
                process.start()
                await asyncio.to_thread(process.await_ready)

    async def _restart(self, stage: str, taken: Sample) -> None:
        process = next(process for process in self._processes if process.stage == stage)
        stopped = await asyncio.to_thread(process.stop)
        process.start()
        ready = await asyncio.to_thread(process.await_ready)
        taken["started"].append(stage)
        taken["note"] += f"{stage} stopped in {stopped:.1f} s, ready again in {ready:.1f} s"

    def _keep(self, taken: Sample) -> None:
        self.samples.append(taken)
        if self._said.samples:
            with self._said.samples.open("a") as file:
                file.write(json.dumps(taken) + "\n")


async def soak(bootstrap: str, logs: Path, said: argparse.Namespace) -> list[Sample]:
    """Run it; all samples."""
    await create_topics(Connection(bootstrap=bootstrap), Partitions(lanes=LANES))
    environment = {"TOCSIN__KAFKA__BOOTSTRAP": bootstrap, "TOCSIN__LOGS__LEVEL": "error"}
    with flow_processes(environment, 1, logs) as processes:
        sender = Sender(bootstrap, said.rate, said.posts)
        sending = asyncio.create_task(sender.run(said.minutes * 60))
        watch = Watch(processes, sender, said)
        await watch.run()
        await sending
    print(f"{sender.sent:,} records sent; the sender was {sender.behind_seconds_most:.1f} s behind at most")
    return watch.samples


def main(words: list[str] | None = None) -> int:
    """Run the soak; 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=20_000, help="records a second")
    parser.add_argument("--posts", type=float, default=0.05, help="share of posts")
    parser.add_argument("--sample-seconds", type=float, default=30.0)
    parser.add_argument("--samples", type=Path, help="also append each sample to this file, as a line of JSON")
    said = parser.parse_args(words)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with running_broker() as broker, TemporaryDirectory() as logs:
        samples = asyncio.run(soak(broker.bootstrap, Path(logs), said))
    print("\n".join([*table(samples), *summary(samples), "", *verdict(samples, said.rate)]))
    return bool(list(objections(samples, said.rate)))


if __name__ == "__main__":
    sys.exit(main())

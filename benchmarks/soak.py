"""A soak: hours of load at a steady rate on a real Kafka; memory must stay flat and lag bounded, restarts included.

Records are of now: readings of 96 towns, and posts, of which each is another one. Each stage is stopped and
started once, evenly over the run, as in an upgrade. A table of all samples is
printed in the end, and the run fails if memory grew in the second half, lag did not fall back
after a restart, a process ended by itself, or a record was refused.

Usage: soak.py [--minutes N] [--rate N] [--posts SHARE] [--sample-seconds N] [--json FILE]
"""

import argparse
import asyncio
import json
import logging
import statistics
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
from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.topics import create_topics
from pipeline.adapters.local.broker import running_broker
from pipeline.records.clocks import Instant, format_instant
from pipeline.records.partitioner import partition_for

TICK_SECONDS: Final = 0.1
POSTS_KEPT: Final = 5_000
"""Posts that are made beforehand; each is sent with another number, so that no two are the same."""
MEMORY_GROWTH_MOST: Final = 1.10
"""The last quarter of a stage's samples over the quarter before it, by medians."""
JUDGED_MINUTES_MIN: Final = 20.0
"""In a shorter run memory is told and not judged: states still fill with the series that are heard."""
LAG_SECONDS_MOST: Final = 30.0
"""Lag that may be left at the end, as seconds of load."""


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


def sample(began: float, processes: Sequence[StageProcess]) -> dict[str, Any]:
    """Memory, lag and CPU of each stage just now."""
    figures = {process.stage: process.figures() for process in processes}
    return {
        "seconds": time.monotonic() - began,
        "memory_mb": {stage: figures[stage].get("process_resident_memory_bytes", 0.0) / 1e6 for stage in STAGES},
        "lag": {stage: figures[stage].get("tocsin_consumer_lag_messages", 0.0) for stage in STAGES},
        "cpu_seconds": {stage: figures[stage].get("process_cpu_seconds_total", 0.0) for stage in STAGES},
        "refused": figures["ingest"].get("tocsin_events_quarantined_total", 0.0),
        "note": "",
        "ended": False,
    }


async def watch(processes: Sequence[StageProcess], seconds: float, every: float) -> list[dict[str, Any]]:
    """Sample, and stop and start each stage once meanwhile."""
    began, samples = time.monotonic(), []
    restarts = [((number + 1) * seconds / (len(STAGES) + 2), stage) for number, stage in enumerate(STAGES)]
    while (elapsed := time.monotonic() - began) < seconds or restarts:
        samples.append(await asyncio.to_thread(sample, began, processes))
        for process in processes:
            if not process.is_running:  # as a supervisor does; the run fails all the same
                samples[-1]["note"] = f"{process.stage} ended by itself: {process.last_words}"
                samples[-1]["ended"] = True
                process.start()
                await asyncio.to_thread(process.await_ready)
        if restarts and elapsed >= restarts[0][0]:
            _, stage = restarts.pop(0)
            process = next(process for process in processes if process.stage == stage)
            stopped = await asyncio.to_thread(process.stop)
            process.start()
            ready = await asyncio.to_thread(process.await_ready)
            samples[-1]["note"] = f"{stage} stopped in {stopped:.1f} s, ready again in {ready:.1f} s"
        await asyncio.sleep(max(0.0, every - (time.monotonic() - began - elapsed)))
    samples.append(await asyncio.to_thread(sample, began, processes))
    return samples


def report(samples: Sequence[dict[str, Any]]) -> None:
    """Print all samples."""
    heads = [f"{stage} {what}" for stage in STAGES for what in ("MB", "lag")]
    print(f"\n{'minute':>7}" + "".join(f"{head:>15}" for head in heads))
    for one in samples:
        cells = [f"{one['memory_mb'][stage]:>15.0f}{one['lag'][stage]:>15,.0f}" for stage in STAGES]
        print(f"{one['seconds'] / 60:>7.1f}{''.join(cells)}  {one['note']}")


def objections(samples: Sequence[dict[str, Any]], rate: int) -> Iterator[str]:
    """What is not as it must be."""
    tail = samples[len(samples) // 2 :]
    earlier, later = tail[: len(tail) // 2], tail[len(tail) // 2 :]
    for stage in STAGES:
        before, after = (statistics.median(one["memory_mb"][stage] for one in half) for half in (earlier, later))
        if samples[-1]["seconds"] >= JUDGED_MINUTES_MIN * 60 and after > before * MEMORY_GROWTH_MOST:
            yield f"memory of {stage} grew from {before:.0f} to {after:.0f} MB in the second half"
    yield from (one["note"] for one in samples if one["ended"])
    lag = sum(samples[-1]["lag"].values())
    if lag > rate * LAG_SECONDS_MOST:
        yield f"{lag:,.0f} messages wait at the end: more than {LAG_SECONDS_MOST:.0f} s of the load"
    if samples[-1]["refused"]:
        yield f"{samples[-1]['refused']:,.0f} records of a load without a mistake were refused since INGEST's start"


async def soak(bootstrap: str, logs: Path, said: argparse.Namespace) -> list[dict[str, Any]]:
    """Run it; all samples."""
    await create_topics(Connection(bootstrap=bootstrap), Partitions(lanes=LANES))
    environment = {"TOCSIN__KAFKA__BOOTSTRAP": bootstrap, "TOCSIN__LOGS__LEVEL": "error"}
    with flow_processes(environment, 1, logs) as processes:
        sender, seconds = Sender(bootstrap, said.rate, said.posts), said.minutes * 60
        sending = asyncio.create_task(sender.run(seconds))
        samples = await watch(processes, seconds, said.sample_seconds)
        await sending
    print(f"{sender.sent:,} records sent; the sender was {sender.behind_seconds_most:.1f} s behind at most")
    return samples


def main(words: list[str] | None = None) -> int:
    """Run the soak; 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=20_000, help="records a second")
    parser.add_argument("--posts", type=float, default=0.05, help="share of posts")
    parser.add_argument("--sample-seconds", type=float, default=30.0)
    parser.add_argument("--json", type=Path, help="also write the samples here")
    said = parser.parse_args(words)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with running_broker() as broker, TemporaryDirectory() as logs:
        samples = asyncio.run(soak(broker.bootstrap, Path(logs), said))
    report(samples)
    wrong = list(objections(samples, said.rate))
    flat = "memory is flat" if said.minutes >= JUDGED_MINUTES_MIN else "memory was not judged in so short a run"
    print("\n".join(wrong) or f"{flat}, lag is bounded, nothing was refused")
    if said.json:
        said.json.write_text(json.dumps(samples, indent=1) + "\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

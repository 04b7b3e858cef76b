"""From an event to its published incident, on a live Kafka at normal load, as a histogram.

The three processes that an operator runs, started by the command line, with
default settings: 30 s of lateness, batches of 2 s, heartbeats. Telemetry flows
at 200 readings a second. Then one after the other, tickets of one customer
each say that 112 cannot be reached: such a ticket is an incident at once
(the emergency rule), so nothing but the way through the flow is
measured. Each is of another operator; the clock stops when a consumer of
committed records has the first revision of an incident that names it, and
counts from the end of the ticket's pane.

Usage: bench_latency.py [--incidents N] [--json FILE]
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import logging
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.loads import LANES, OPERATOR, ROOT, towns
from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.topics import create_topics
from pipeline.adapters.local.broker import running_broker
from pipeline.adapters.reference.folder import load_operators, load_places, reference_folder
from pipeline.adapters.settings.sections import Settings
from pipeline.ingest.config import LATENESS_MS
from pipeline.records.clocks import PANE_MS, format_instant, pane_of

STAGES: Final = (("ingest",), ("agents", "detect"), ("agents", "correlate"))
READINGS_PER_SECOND: Final = 200
TICK_SECONDS: Final = 0.1
INJECT_SECONDS: Final = 0.7
"""Between two tickets: no divisor of a pane, so they fall anywhere in one."""
START_SECONDS_MAX: Final = 120.0
WAIT_SECONDS_MAX: Final = 120.0
LATENESS_SECONDS: Final = max(LATENESS_MS.values()) / 1_000
MORE_SECONDS: Final = 5.0
"""How much later than the pane's end and the lateness an answer may come, in seconds."""


class Injected(NamedTuple):
    """A ticket on its way."""

    operator: str
    at: int


def candidates() -> list[tuple[str, str]]:
    """Operators, each with a town of its market; in one order."""
    settings = Settings()
    folder = settings.reference.folder or reference_folder()
    places = load_places(settings.reference.gazetteer, reference=folder)
    sizes = {name.area: name.population for name in places.names() if name.area.count("/") > 1}
    by_market: dict[str, list[str]] = {}
    for area in sorted(sizes, key=lambda area: (-sizes[area], area)):
        by_market.setdefault(area[:2], []).append(area)
    turns = {market: itertools.cycle(areas[:50]) for market, areas in by_market.items()}
    found = [(operator.id, next(turns[operator.market])) for operator in load_operators(folder)]
    random.Random(112).shuffle(found)
    return found


@contextlib.contextmanager
def processes(bootstrap: str, logs: Path, lateness_seconds: float) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The stages as an operator runs them; ended with the block."""
    environment = {**os.environ, "TOCSIN__KAFKA__BOOTSTRAP": bootstrap, "TOCSIN__LOGS__LEVEL": "warning"}
    for source in ("TELEMETRY", "TICKETS", "MENTIONS"):
        environment[f"TOCSIN__INGEST__LATENESS_MS__{source}"] = str(int(lateness_seconds * 1_000))
    with contextlib.ExitStack() as stack:
        running = []
        for words in STAGES:
            log = stack.enter_context((logs / f"{words[-1]}.log").open("wb"))
            command = [sys.executable, "-m", "pipeline", *words, "--first-start"]
            running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=ROOT))
        try:
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
                process.wait()


def now_ms() -> int:
    """The wall clock: this is a live run."""
    return time.time_ns() // 1_000_000


@contextlib.asynccontextmanager
async def telemetry(producer: AIOKafkaProducer) -> AsyncIterator[None]:
    """Normal load for the length of a block."""

    async def flow() -> None:
        areas = itertools.cycle(towns())
        due = time.monotonic()
        while True:
            stamp = format_instant(now_ms())
            for area in itertools.islice(areas, int(READINGS_PER_SECOND * TICK_SECONDS)):
                reading = {"area": area, "metric": "latency_ms", "observed_at": stamp, "operator": OPERATOR}
                value = json.dumps({**reading, "unit": "ms", "value": 12.5}).encode()
                await producer.send("telemetry", value, key=area.encode())
            due += TICK_SECONDS
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    task = asyncio.create_task(flow())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def inject(producer: AIOKafkaProducer, wanted: list[tuple[str, str]], sent: list[Injected]) -> None:
    """One ticket for each operator, at its own moment."""
    for number, (operator, area) in enumerate(wanted):
        at = now_ms()
        ticket = {
            "ticket_id": f"bench-{number}",
            "operator": operator,
            "opened_at": format_instant(at),
            "area": area,
            "customer": f"customer-{number}",
            "lang": "en",
            "text": "No signal at all. I tried to call 112 and I cannot reach emergency services, 112 not working",
        }
        await producer.send_and_wait("tickets", json.dumps(ticket).encode(), key=ticket["ticket_id"].encode())
        sent.append(Injected(operator, at))
        await asyncio.sleep(INJECT_SECONDS)


async def arrivals(bootstrap: str, missing: set[str], arrived: dict[str, int]) -> None:
    """Note when the first incident of each operator can be read; returns when none is missing."""
    consumer = AIOKafkaConsumer(
        "incidents", bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        while missing - arrived.keys():
            for records in (await consumer.getmany(timeout_ms=50)).values():
                at = now_ms()
                for record in records:
                    for operator in json.loads(record.value or b"{}").get("operators", ()):
                        arrived.setdefault(operator["operator"], at)
    finally:
        await consumer.stop()


async def time_passes(bootstrap: str, running: list["subprocess.Popen[bytes]"]) -> None:
    """Wait until DETECT says that a pane is sealed: then all three stages are at work."""
    consumer = AIOKafkaConsumer("anomalies", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(START_SECONDS_MAX):
            while not await consumer.getmany(timeout_ms=500):
                if ended := [process.args for process in running if process.poll() is not None]:
                    raise SystemExit(f"ended before it worked: {ended}")
    finally:
        await consumer.stop()


async def run(incidents: int, folder: Path, lateness_seconds: float) -> list[float]:
    """The whole benchmark; seconds from the pane's end to the incident, one for each ticket."""
    with running_broker(folder / "kafka") as broker:
        connection = Connection(bootstrap=broker.bootstrap)
        await create_topics(connection, Partitions(lanes=LANES))
        producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, linger_ms=5)
        await producer.start()
        with processes(broker.bootstrap, folder, lateness_seconds) as running:
            async with telemetry(producer):
                await time_passes(broker.bootstrap, running)
                wanted = candidates()[:incidents]
                sent: list[Injected] = []
                arrived: dict[str, int] = {}
                names = {name for name, _ in wanted}
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(WAIT_SECONDS_MAX + INJECT_SECONDS * len(wanted)):
                        await asyncio.gather(inject(producer, wanted, sent), arrivals(broker.bootstrap, names, arrived))
        await producer.stop()
    return [
        (arrived[incident.operator] - (pane_of(incident.at) + PANE_MS)) / 1_000
        if incident.operator in arrived
        else float("inf")
        for incident in sent
    ]


def say_missing(seconds: list[float], folder: Path) -> None:
    """Name what never came, with the last words of the processes."""
    if missing := sum(delay == float("inf") for delay in seconds):
        print(f"{missing} tickets without an incident after {WAIT_SECONDS_MAX:.0f} s")
        for log in sorted(folder.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text()[-1_000:]}")


def report(seconds: list[float], limit: float) -> dict[str, Any]:
    """Print a histogram and the percentiles."""
    found = sorted(delay for delay in seconds if delay != float("inf"))
    for second in range(int(min(found, default=0)), int(max(found, default=0)) + 1):
        count = sum(second <= delay < second + 1 for delay in found)
        print(f"{second:>4} to {second + 1:>3} s {'#' * count} {count or ''}")
    last = sorted(seconds)[max(0, -(-99 * len(seconds) // 100) - 1)]
    print(f"after the pane's end: median {statistics.median(seconds):.1f} s, 99th percentile {last:.1f} s")
    holds = last <= limit
    print(f"bar: at most {limit:.0f} s (lateness and 5 s): {'holds' if holds else 'MISSED'}")
    return {"median": statistics.median(seconds), "p99": last, "limit": limit, "holds": holds, "all": seconds}


def main(words: list[str] | None = None) -> int:
    """Run the benchmark; 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=50, help="tickets, each of another operator")
    parser.add_argument("--lateness", type=float, default=LATENESS_SECONDS, help="seconds, of all sources")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    said = parser.parse_args(words)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every election of a new topic's leader
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        seconds = asyncio.run(run(said.incidents, Path(folder), said.lateness))
        say_missing(seconds, Path(folder))
    figures = report(seconds, said.lateness + MORE_SECONDS)
    if said.json:
        said.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())

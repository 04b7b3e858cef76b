"""INGEST on a real Kafka, beside its limit and its peers: records per second, as ratios of one run.

The limit is a bare aiokafka loop with a typed JSON decode and nothing else. The
peers only count the same records by area, in memory, without transactions.
All read the same topics, one after the other, in turns, so that a busy machine
slows all alike; the ratios are of medians. Seconds run from the first fetch (of
peers: from the first record in hand) to the last commit; imports, compiling of
rules and joining of groups are left out. What `cpu` counts is the process with
all its threads, without the broker.

Usage: bench_ingest_kafka.py [--records N] [--rounds N] [--only NAME ...] [--json FILE] [--bootstrap HOST:PORT]
"""

import argparse
import asyncio
import json
import logging
import os
import statistics
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from benchmarks.loads import LANES, ROOT, Load, load
from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.topics import create_topics
from pipeline.adapters.local.broker import running_broker

PLAIN, MIX = "plain.", "mix."
FAUST_SHARE: Final = 10
"""The Faust agent counts a tenth of the topic: all of it would take minutes."""
PEER_PYTHON: Final = ROOT / ".build" / "peers" / "bin" / "python"
IN_FLIGHT_MAX: Final = 64

Result = dict[str, float]


@dataclass(frozen=True)
class Bar:
    """A ratio and what it must be."""

    name: str
    over: str
    under: str
    least: float | None = None
    most: float | None = None
    measure: str = "rate"

    def holds(self, ratio: float) -> bool:
        """Is the ratio good enough?"""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)


BARS: Final = (
    Bar("INGEST of the bare loop", "ingest", "bare", least=0.50),
    Bar("INGEST of Bytewax, keyed", "ingest", "bytewax", least=1.3),
    Bar("INGEST of Quix Streams, keyed", "ingest", "quix", least=4.0),
    Bar("INGEST of a Faust agent", "ingest", "faust", least=25.0),
    Bar("mix with 5 % posts, of its bare loop", "mix ingest", "mix bare", least=0.30),
    Bar("CPU seconds a record, two processes of one", "two", "ingest", most=1.15, measure="cpu_us"),
)
"""Ratios that INGEST must reach beside other ways to do the same work."""


async def fill(bootstrap: str, prefix: str, records: Iterable[Load]) -> list[int]:
    """Make all topics under a prefix and send a load to the raw ones, with its own timestamps.

    Returns:
        Records of each lane.
    """
    lanes = [0] * LANES
    connection = Connection(bootstrap=bootstrap, prefix=prefix)
    await create_topics(connection, Partitions(lanes=LANES), playback=True)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, max_batch_size=64 * 1024)
    await producer.start()
    batches: dict[tuple[str, int], Any] = {}
    in_flight: deque[Any] = deque()

    async def send(place: tuple[str, int]) -> None:
        in_flight.append(await producer.send_batch(batches.pop(place), prefix + place[0], partition=place[1]))
        while len(in_flight) > IN_FLIGHT_MAX:
            await in_flight.popleft()

    for record in records:
        place = (record.topic, record.partition)
        lanes[record.partition] += 1
        said = {"timestamp": record.timestamp, "key": record.key, "value": record.value}
        headers = list(record.headers)
        if place not in batches or batches[place].append(**said, headers=headers) is None:
            if place in batches:
                await send(place)
            batches[place] = producer.create_batch()
            batches[place].append(**said, headers=headers)
    for place in list(batches):
        await send(place)
    await asyncio.gather(*in_flight)
    await producer.stop()
    return lanes


class Runs:
    """Starts what is measured, each in processes of its own."""

    def __init__(self, bootstrap: str, records: int, lanes: Mapping[str, list[int]]) -> None:
        self.bootstrap, self.records, self._lanes = bootstrap, records, lanes
        self._number = 0

    def bare(self, prefix: str) -> Result:
        """The limit."""
        return self._ours([("bare", prefix, [str(self.records)])])

    def ingest(self, prefix: str, processes: int = 1) -> Result:
        """INGEST in one process, or in several that share the lanes."""
        words = [str(LANES // processes), *map(str, self._lanes[prefix])]
        result = self._ours([("ingest", prefix, words)] * processes)
        if result["refused"]:
            raise SystemExit(f"INGEST refused {result['refused']:.0f} records of a load without a mistake")
        return result

    def peer(self, script: str, records: int) -> Result:
        """A peer; SystemExit with its last line if it does not run."""
        python = next((path for path in (PEER_PYTHON, Path(sys.executable)) if path.exists()), Path(sys.executable))
        command = [str(python), str(ROOT / "benchmarks" / "peers" / script), self.bootstrap, PLAIN + "telemetry"]
        done = subprocess.run([*command, str(records)], capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise SystemExit(([line for line in done.stderr.splitlines() if line.strip()] or ["no word"])[-1])
        return rated([json.loads(done.stdout.splitlines()[-1])])

    def _ours(self, wanted: list[tuple[str, str, list[str]]]) -> Result:
        self._number += 1
        group = f"bench-{os.getpid()}-{self._number}"
        command = [sys.executable, "-m", "benchmarks.one_run"]
        children = [
            subprocess.Popen(
                [*command, kind, self.bootstrap, prefix, group, *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                preexec_fn=_on_one_core if len(wanted) > 1 else None,
            )
            for kind, prefix, words in wanted
        ]
        try:
            return self._together(children)
        finally:
            for child in children:
                child.kill()
                child.communicate()

    @staticmethod
    def _together(children: list["subprocess.Popen[str]"]) -> Result:
        for child in children:
            assert child.stdout is not None
            if child.stdout.readline().strip() != "ready":
                raise SystemExit(f"a process ended before it was ready: {child.args!r}")
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        return rated([json.loads(child.stdout.readline()) for child in children if child.stdout])


def _on_one_core() -> None:
    """Processes side by side share a core: on two they would slow one another's, and CPU seconds would tell of that."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def rated(results: list[dict[str, float]]) -> Result:
    """One result of processes that ran side by side."""
    records, cpu = sum(result["records"] for result in results), sum(result["cpu"] for result in results)
    wall = max(result["wall"] for result in results)
    refused = sum(result.get("refused", 0) for result in results)
    return {"records": records, "rate": records / wall, "cpu_us": cpu / records * 1e6, "refused": refused}


def programme(runs: Runs) -> dict[str, Callable[[], Result]]:
    """What is measured, in the order of one round."""
    return {
        "bare": lambda: runs.bare(PLAIN),
        "ingest": lambda: runs.ingest(PLAIN),
        "two": lambda: runs.ingest(PLAIN, 2),
        "bytewax": lambda: runs.peer("bytewax_keyed.py", runs.records),
        "quix": lambda: runs.peer("quix_keyed.py", runs.records),
        "faust": lambda: runs.peer("faust_agent.py", runs.records // FAUST_SHARE),
        "mix bare": lambda: runs.bare(MIX),
        "mix ingest": lambda: runs.ingest(MIX),
    }


def measure(runs: Runs, names: list[str], rounds: int) -> dict[str, list[Result]]:
    """Run all in turns; a peer that does not run is said once and left out."""
    todo = {name: run for name, run in programme(runs).items() if name in names}
    results: dict[str, list[Result]] = {name: [] for name in todo}
    for number in range(rounds):
        for name in list(todo):
            try:
                result = todo[name]()
            except SystemExit as problem:
                if name not in ("bytewax", "quix", "faust"):
                    raise
                print(f"{name}: left out: {problem}")
                del todo[name], results[name]
                continue
            results[name].append(result)
            load_average = os.getloadavg()[0]
            words = f"{result['rate']:>10,.0f} records/s {result['cpu_us']:7.2f} us CPU a record"
            print(f"  round {number + 1} {name:<11}{words}  load {load_average:.1f}", flush=True)
    return results


def report(results: dict[str, list[Result]]) -> tuple[dict[str, Result], list[dict[str, Any]]]:
    """Medians and ratios, printed."""
    medians = {
        name: {key: statistics.median(run[key] for run in runs) for key in ("rate", "cpu_us")}
        for name, runs in results.items()
    }
    print(f"\n{'':<44}{'records/s':>12}{'CPU us':>9}")
    for name, median in medians.items():
        print(f"{name:<44}{median['rate']:>12,.0f}{median['cpu_us']:>9.2f}")
    print(f"\n{'ratio of medians':<44}{'wall':>8}{'CPU':>8}  bar")
    rows = []
    for bar in BARS:
        if bar.over not in medians or bar.under not in medians:
            continue
        over, under = medians[bar.over], medians[bar.under]
        by_cpu = over["cpu_us"] / under["cpu_us"] if bar.measure == "cpu_us" else under["cpu_us"] / over["cpu_us"]
        by_wall = over["rate"] / under["rate"]
        ratio = by_cpu if bar.measure == "cpu_us" else by_wall
        wanted = f"at least {bar.least}" if bar.least is not None else f"at most {bar.most}"
        print(f"{bar.name:<44}{by_wall:>8.2f}{by_cpu:>8.2f}  {wanted}: {'holds' if bar.holds(ratio) else 'MISSED'}")
        rows.append({"name": bar.name, "wall": by_wall, "cpu": by_cpu, "bar": wanted, "holds": bar.holds(ratio)})
    return medians, rows


def main(words: list[str] | None = None) -> int:
    """Run the benchmark; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = list(programme(Runs("", 0, {})))
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--bootstrap", help="of a broker without our topics; one of our own if not given")
    said = parser.parse_args(words)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every election of a new topic's leader
    with ExitStack() as stack:
        bootstrap = said.bootstrap or stack.enter_context(running_broker()).bootstrap
        print(f"filling: {said.records:,} readings of 135 bytes, 96 towns, 10,000 a second of event time", flush=True)
        lanes = {PLAIN: asyncio.run(fill(bootstrap, PLAIN, load(said.records, with_posts=False)))}
        if any(name.startswith("mix") for name in said.only):
            lanes[MIX] = asyncio.run(fill(bootstrap, MIX, load(said.records, with_posts=True)))
        results = measure(Runs(bootstrap, said.records, lanes), said.only, said.rounds)
    medians, rows = report(results)
    if said.json:
        said.json.write_text(json.dumps({"records": said.records, "medians": medians, "ratios": rows}, indent=1) + "\n")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What more processes and more series cost: the same recording with 1, 2 and 4 processes of each stage, and 10x series.

A real Kafka and the processes that an operator starts. Readings of one operator, evenly over towns, are
played into topics that are read meanwhile; a case ends when nothing waits any more. The cost is CPU seconds of all
processes of a stage, starts left out, as wall time tells of the cores that a machine happens to have. What a process
costs that only waits is told beside it. Memory and state are what the processes say of themselves in the end.

Usage: bench_scale.py [--records N] [--processes N ...] [--series N ...] [--json FILE]
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from benchmarks.bench_ingest_kafka import fill
from benchmarks.flow_processes import STAGES, Figures, StageProcess, flow_processes
from benchmarks.loads import LANES, OPERATOR, Load, heartbeats, towns
from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.topics import create_topics
from pipeline.adapters.local.broker import running_broker
from pipeline.records.clocks import SOURCES
from pipeline.simulate.uniform import uniform_world

PER_SECOND: Final = 100
"""Readings a second of event time: with 96 series each has one a second."""
QUIET_SECONDS: Final = 5.0
"""Nothing waits and nothing is read for so long: it is done."""
CASE_SECONDS_MAX: Final = 1_200.0


class Case(NamedTuple):
    """What is measured at a time.

    Attributes:
        processes: Of each stage.
        series: Towns, each with one series.
    """

    processes: int
    series: int


def readings(records: int, areas: tuple[str, ...]) -> Iterator[Load]:
    """The load: readings of the towns, and heartbeats of what is quiet."""
    world = uniform_world(records, areas, per_second=PER_SECOND, lanes=LANES, operator=OPERATOR)
    sent = (Load("telemetry", r.partition, r.timestamp, r.key or b"", r.value or b"") for r in world)
    quiet = [source for source in SOURCES if source != "telemetry"]
    return merge(sent, heartbeats(quiet, records * 1_000 // PER_SECOND), key=lambda record: record.timestamp)


def by_stage(processes: Sequence[StageProcess], name: str) -> dict[str, float]:
    """A metric, summed over the processes of each stage."""
    sums = dict.fromkeys(STAGES, 0.0)
    for process in processes:
        sums[process.stage] += process.figures().get(name, 0.0)
    return sums


def idle_share(processes: Sequence[StageProcess]) -> dict[str, float]:
    """CPU seconds a second of each stage when nothing comes: what waiting costs."""
    before = by_stage(processes, "process_cpu_seconds_total")
    time.sleep(QUIET_SECONDS)
    after = by_stage(processes, "process_cpu_seconds_total")
    return {stage: (after[stage] - before[stage]) / QUIET_SECONDS for stage in STAGES}


def await_done(processes: Sequence[StageProcess], records: int) -> float:
    """Wait until all is read and nothing waits; seconds that it took.

    Raises:
        SystemExit: If it takes too long.
    """
    began = last_change = time.monotonic()
    before: Figures = {}
    while time.monotonic() - last_change < QUIET_SECONDS:
        if time.monotonic() - began > CASE_SECONDS_MAX:
            raise SystemExit(f"not done after {CASE_SECONDS_MAX:.0f} s: {before}")
        time.sleep(0.5)
        now = by_stage(processes, "tocsin_records_read_total")
        waits = sum(by_stage(processes, "tocsin_consumer_lag_messages").values())
        if now != before or waits or by_stage(processes, "tocsin_events_consumed_total")["ingest"] < records:
            before, last_change = now, time.monotonic()
    return last_change - began


def measured(bootstrap: str, case: Case, records: int, logs: Path) -> dict[str, Any]:
    """One case: its cost by stage."""
    prefix = f"p{case.processes}-s{case.series}."
    environment = {
        "TOCSIN__KAFKA__BOOTSTRAP": bootstrap,
        "TOCSIN__KAFKA__PREFIX": prefix,
        "TOCSIN__INGEST__HEARTBEATS": "false",
        "TOCSIN__LOGS__LEVEL": "error",
    }
    asyncio.run(create_topics(Connection(bootstrap=bootstrap, prefix=prefix), Partitions(lanes=LANES), playback=True))
    with flow_processes(environment, case.processes, logs) as processes:
        idle = idle_share(processes)
        cpu_before = by_stage(processes, "process_cpu_seconds_total")
        asyncio.run(fill(bootstrap, prefix, readings(records, towns(case.series))))
        seconds = await_done(processes, records)
        cpu = by_stage(processes, "process_cpu_seconds_total")
        memory = by_stage(processes, "process_resident_memory_bytes")
        state = by_stage(processes, "tocsin_state_written_bytes_total")
        read = by_stage(processes, "tocsin_records_read_total")
    return {
        "processes": case.processes,
        "series": case.series,
        "seconds": seconds,
        "cpu_seconds": {stage: cpu[stage] - cpu_before[stage] for stage in STAGES},
        "idle_percent": {stage: 100 * idle[stage] / case.processes for stage in STAGES},
        "memory_mb": {stage: memory[stage] / 1e6 / case.processes for stage in STAGES},
        "state_written_mb": {stage: state[stage] / 1e6 for stage in STAGES},
        "messages_read": read,
    }


def report(results: Sequence[dict[str, Any]], records: int) -> None:
    """Print the table: cost by record, by series, and memory of a process."""
    print(f"\n{'processes':>9}{'series':>8}{'stage':>11}{'CPU us/record':>15}{'CPU ms/series':>15}", end="")
    print(f"{'messages':>10}{'MB/process':>12}{'MB state written':>18}{'% CPU idle':>12}")
    for result in results:
        for stage, cpu in result["cpu_seconds"].items():
            per_record, per_series = cpu / records * 1e6, cpu / result["series"] * 1e3
            print(
                f"{result['processes']:>9}{result['series']:>8}{stage:>11}{per_record:>15.2f}{per_series:>15.2f}",
                end="",
            )
            print(f"{result['messages_read'][stage]:>10,.0f}{result['memory_mb'][stage]:>12.0f}", end="")
            print(f"{result['state_written_mb'][stage]:>18.1f}{result['idle_percent'][stage]:>12.1f}")


def main(words: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--series", type=int, nargs="+", default=[96, 960])
    parser.add_argument("--json", type=Path, help="also write the figures here")
    said = parser.parse_args(words)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every election of a new topic's leader
    results = []
    with running_broker() as broker, TemporaryDirectory() as logs:
        for case in [Case(processes, series) for series in said.series for processes in said.processes]:
            result = measured(broker.bootstrap, case, said.records, Path(logs))
            results.append(result)
            print(f"{case}: {result['seconds']:.0f} s, CPU {sum(result['cpu_seconds'].values()):.1f} s", flush=True)
    report(results, said.records)
    if said.json:
        said.json.write_text(json.dumps({"records": said.records, "results": results}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

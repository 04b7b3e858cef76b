"""Replay from a recording on disk to published incidents, one core: raw records a second, and memory.

The recording is a plain load: readings of 96 towns, 1,000 a second of event
time, four partitions, heartbeats at every pane end. Three figures of each
length, from processes of their own: the limit (reading and a typed decode,
nothing else), the replay with all rules, its results counted, and the peak of its memory,
which must not grow with the recording. CPU seconds, without compiling the rules.

Usage: bench_replay.py [--records N] [--large] [--rounds N] [--json FILE]
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.loads import LANES, OPERATOR, ROOT, towns
from benchmarks.one_run import Clock, Reading
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, TopicInfo
from pipeline.adapters.recordings.heartbeats import playable
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.adapters.stages.collector import spare_the_collector
from pipeline.records.clocks import SOURCES
from pipeline.simulate.uniform import uniform_world

RATE_LEAST: Final = 60_000
"""Raw records per CPU second that a replay must reach."""
GROWTH_MOST: Final = 1.10
"""Peak memory of the long recording over that of the short one."""
LARGE: Final = 10


def world(records: int) -> Iterator[RecordedRecord]:
    """The load in the order of a recording: within one timestamp, by partition."""
    made = uniform_world(records, towns(), lanes=LANES, operator=OPERATOR)
    for _, together in groupby(made, key=lambda record: record.timestamp):
        for raw in sorted(together, key=lambda record: record.partition):
            yield RecordedRecord(raw.topic, raw.partition, raw.offset, raw.timestamp, raw.key, (), raw.value)


def make(path: Path, records: int) -> None:
    """Write a recording; memory holds a block of it."""
    topics = {source: TopicInfo(partitions=LANES) for source in SOURCES}
    manifest = Manifest(created="2025-02-12T00:00:00Z", tool="benchmarks/bench_replay.py", topics=topics)
    write_recording(path, manifest, world(records))


def limit(path: Path) -> dict[str, float]:
    """Read and decode, nothing else."""
    decode = msgspec.json.Decoder(Reading).decode
    spare_the_collector()
    clock, done = Clock(), 0
    for record in playable(open_recording(path)):
        if record.value:
            decode(record.value)
            done += 1
    return {"records": done, **clock.read()}


def whole(path: Path) -> dict[str, float]:
    """All stages, results counted; what is not telemetry is heartbeats."""
    from pipeline.adapters.compose import compose
    from pipeline.adapters.settings.sections import Settings
    from pipeline.adapters.stages.memory import MemoryFlow

    published: dict[str, int] = {}

    def publish(message: Any) -> None:
        published[message.topic] = published.get(message.topic, 0) + 1

    flow = MemoryFlow(compose(Settings(), lambda: 0), publish)
    spare_the_collector()
    compiled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock = Clock()
    for _ in flow.run(playable(open_recording(path))):
        pass
    if flow.quarantined:
        raise SystemExit(f"{flow.quarantined} records refused of a load without a mistake")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"records": flow.used, **clock.read(), "compiled_mb": compiled / 1024, "peak_mb": peak / 1024}


def in_a_process(kind: str, path: Path) -> dict[str, float]:
    """Run `limit` or `whole` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_replay", "--child", kind, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(folder: Path, records: int, rounds: int) -> dict[str, float]:
    """Make a recording, run both in turns, delete it; medians."""
    path = folder / f"uniform-{records}.jsonl.zst"
    began = time.perf_counter()
    make(path, records)
    size_mb = path.stat().st_size / 1e6
    print(f"{records:,} readings written in {time.perf_counter() - began:.0f} s, {size_mb:.0f} MB", flush=True)
    runs: dict[str, list[dict[str, float]]] = {"limit": [], "whole": []}
    for _ in range(rounds):
        for kind, results in runs.items():
            results.append(in_a_process(kind, path))
    path.unlink()
    rate = {kind: statistics.median(run["records"] / run["cpu"] for run in measured) for kind, measured in runs.items()}
    wall = statistics.median(run["records"] / run["wall"] for run in runs["whole"])
    peak = max(run["peak_mb"] for run in runs["whole"])
    compiled = max(run["compiled_mb"] for run in runs["whole"])
    print(f"  reading and decoding alone {rate['limit']:>10,.0f} records per CPU second")
    print(f"  replay, all stages         {rate['whole']:>10,.0f} records per CPU second, {wall:,.0f}/s of the wall")
    print(f"  share of the limit         {rate['whole'] / rate['limit']:>10.2f}")
    print(f"  peak memory                {peak:>10,.0f} MB, {compiled:,.0f} of them rules and places", flush=True)
    return {"records": records, "limit": rate["limit"], "rate": rate["whole"], "wall": wall, "peak_mb": peak}


def main(words: list[str] | None = None) -> int:
    """Run the benchmark; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--large", action="store_true", help="also ten times as many: does memory stay flat?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    said = parser.parse_args(words)
    if said.child:
        print(json.dumps((limit if said.child[0] == "limit" else whole)(Path(said.child[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        figures = [measure(Path(folder), said.records, said.rounds)]
        if said.large:
            figures.append(measure(Path(folder), LARGE * said.records, 1))
    fast = figures[0]["rate"] >= RATE_LEAST
    print(f"bar {RATE_LEAST:,} records/s: {'holds' if fast else 'MISSED'}")
    growth = figures[-1]["peak_mb"] / figures[0]["peak_mb"]
    if said.large:
        print(f"memory at {LARGE} times the length: {growth:.2f} times: {'flat' if growth <= GROWTH_MOST else 'GROWS'}")
    if said.json:
        said.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if fast and growth <= GROWTH_MOST else 1


if __name__ == "__main__":
    sys.exit(main())

"""A quarter of what people wrote to three operators: what does the silence between 100,000 records cost?

A recording that was imported holds no heartbeats; time passes in it all the
same, in every partition at every pane end. Written out, 90 days are twelve million records.
Two figures of the same recording, each from processes of their own, in turns: `replay` with
heartbeats written out into the flow, and as it is. Both must publish the same bytes. Then
what `score` costs, and `backtest` of two settings. CPU seconds; replays without compiling the rules.

The load is made up from the texts that the tests of text understanding use: posts
and tickets with a daily rhythm, and on six evenings an outage of one town. Its seed is fixed.

Usage: bench_replay_quiet.py [--days N] [--records N] [--rounds N] [--flow-only] [--json FILE]
"""

import argparse
import hashlib
import json
import math
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.loads import LANES, ROOT, STARTED_AT, towns
from benchmarks.one_run import Clock
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, TopicInfo
from pipeline.adapters.recordings.heartbeats import playable, timed
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.adapters.runs.folder import canonical, truth_beside
from pipeline.adapters.stages.collector import spare_the_collector
from pipeline.flow import RESULT_NOUNS
from pipeline.records.clocks import DAY_MS, HOUR_MS, SOURCES, Instant, format_instant
from pipeline.records.partitioner import partition_for
from pipeline.records.truth import TrueArea, TrueOperator, TrueOutage, Truth

SEED: Final = 20250212
OPERATORS: Final = ("o2-de", "telekom", "vodafone-de")
CPU_SECONDS_MOST: Final = 20.0
"""Of `replay` with 90 days and 100,000 records, on one core."""
TICKETS_SHARE: Final = 0.3
PLACED_SHARE: Final = 0.5
"""Of the posts: it is known where their authors are; the others count for the nation."""
OUTAGES: Final = 6
BURST: Final = 200
"""Records of one outage, within two hours of an evening."""


def texts() -> list[str]:
    """Posts of the tests of text understanding, German; complaints and others."""
    path = ROOT / "tests" / "ingest" / "text" / "posts" / "de.jsonl"
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]


def times(records: int, days: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """When something is written, in ms, and in which outage (0 is none): few at night, many in the evening."""
    for _ in range(records - OUTAGES * BURST):
        while True:
            at = chance.randrange(days * DAY_MS)
            if chance.random() < 0.55 - 0.45 * math.cos(2 * math.pi * (at / DAY_MS - 0.2)):
                break
        yield STARTED_AT + at, 0
    for number in range(1, OUTAGES + 1):
        for _ in range(BURST):
            yield evening(number, days) + chance.randrange(2 * HOUR_MS), number


def evening(number: int, days: int) -> int:
    """When an outage begins, ms."""
    return STARTED_AT + (number * days // (OUTAGES + 1)) * DAY_MS + 18 * HOUR_MS


def hit(number: int, areas: Sequence[str]) -> tuple[str, str]:
    """Whom and where an outage hits."""
    return OPERATORS[number % len(OPERATORS)], areas[number * 7 % len(areas)]


def world(records: int, days: int, areas: Sequence[str]) -> list[RecordedRecord]:
    """The load, in the order of a recording."""
    chance, said = random.Random(SEED), texts()
    made: list[RecordedRecord] = []
    for number, (at, outage) in enumerate(sorted(times(records, days, chance))):
        operator, area = hit(outage, areas) if outage else (chance.choice(OPERATORS), chance.choice(areas))
        text = f"{chance.choice(said)} {number}"
        who = f"p{chance.randrange(records)}"
        is_ticket = chance.random() < TICKETS_SHARE
        record: dict[str, Any] = {"operator": operator, "text": text, "lang": "de"}
        if is_ticket:
            topic, key = "tickets", f"t{number}"
            record |= {"ticket_id": key, "opened_at": format_instant(at), "area": area, "customer": who}
        else:
            topic, key = "mentions", f"m{number}"
            record |= {"post_id": key, "platform": "x", "posted_at": format_instant(at), "author": who}
            if outage or chance.random() < PLACED_SHARE:
                record["area"] = area
        value = json.dumps(record, ensure_ascii=False).encode()
        place = partition_for(key.encode(), LANES)
        made.append(RecordedRecord(topic, place, number, at + 1_000, key.encode(), (), value))
    return sorted(made, key=lambda record: (record.timestamp, SOURCES.index(record.topic), record.partition))


def make(path: Path, records: int, days: int) -> None:
    """Write the recording, and the truth beside it."""
    topics = {source: TopicInfo(partitions=LANES) for source in SOURCES}
    manifest = Manifest(created="2025-02-12T00:00:00Z", tool="benchmarks/bench_replay_quiet.py", topics=topics)
    areas = towns()
    write_recording(path, manifest, world(records, days, areas))
    truth_beside(path).write_bytes(encode(truth(days, areas)))


def truth(days: int, areas: Sequence[str]) -> Truth:
    """What is true of the six evenings."""
    outages = []
    for number in range(1, OUTAGES + 1):
        began = evening(number, days)
        operator, area = hit(number, areas)
        outages.append(
            TrueOutage(
                outage_id=f"o{number}",
                visible_at=Instant(began),
                started_at=Instant(began),
                full_at=Instant(began),
                first_back_at=Instant(began + 2 * HOUR_MS),
                ended_at=Instant(began + 2 * HOUR_MS),
                operators=(TrueOperator(operator=operator, role="primary"),),
                areas=(TrueArea(area=area, operator=operator, customers=20_000, share_ppm=500_000),),
                services=("broadband",),
                cause="unknown",
                nature="technical",
                extent="isolated",
                customers=10_000,
                hit_per_minute=(10_000,) * 120 + (0,),
            )
        )
    return Truth(
        scenario="quiet_quarter",
        title="A quarter with six outages of a town",
        seed=SEED,
        market="DE",
        time_zone="Europe/Berlin",
        started_at=Instant(STARTED_AT),
        ended_at=Instant(STARTED_AT + days * DAY_MS),
        shares_ppm={},
        operators=OPERATORS,
        outages=tuple(outages),
    )


def whole(kind: str, path: Path) -> dict[str, Any]:
    """All stages in this process; `told` has the heartbeats as records, `passing` has them not."""
    from pipeline.adapters.compose import compose
    from pipeline.adapters.settings.sections import Settings
    from pipeline.adapters.stages.memory import MemoryFlow

    published: list[Message] = []
    flow = MemoryFlow(compose(Settings(), lambda: 0), published.append)
    spare_the_collector()
    recording = open_recording(path)
    clock = Clock()
    for _ in flow.run(playable(recording) if kind == "told" else timed(recording)):
        pass
    read = clock.read()
    lines = [line for noun in RESULT_NOUNS for line in canonical(noun, [m for m in published if m.topic == noun])]
    digest = hashlib.sha256(b"\n".join(lines)).hexdigest()
    incidents = len({m.key for m in published if m.topic == "incidents"})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"used": flow.used, "digest": digest, "incidents": incidents, "peak_mb": peak, **read}


def in_a_process(kind: str, path: Path) -> dict[str, Any]:
    """Run `whole` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_replay_quiet", "--child", kind, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def command_cpu(*words: str) -> float:
    """CPU seconds of a command of ours, its processes and its start included; a difference found is no failure."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", "pipeline", *words], stdout=subprocess.DEVNULL, check=False, cwd=ROOT)
    if done.returncode > 1:
        raise SystemExit(f"tocsin {words[0]} ended with {done.returncode}: look at what it said above")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(folder: Path) -> dict[str, float]:
    """What the commands cost that people give, one after the other."""
    path = folder / "quiet.jsonl.zst"
    (folder / "other.toml").write_text("[detect]\npeople_min = 5\n")
    run, other = str(folder / "run"), str(folder / "other.toml")
    given = {
        "replay": ("replay", str(path), "-o", run),
        "score": ("score", run),
        "backtest": ("backtest", str(path), "--settings", other, "-o", str(folder / "kept"), "--jobs", "1"),
    }
    cpu = {name: command_cpu(*words) for name, words in given.items()}
    for name, seconds in cpu.items():
        print(f"  tocsin {name:<16} {seconds:>8.1f} CPU seconds, its start included", flush=True)
    return cpu


def measure(folder: Path, records: int, days: int, rounds: int) -> dict[str, Any]:
    """Make the recording, run both in turns, then the commands; medians."""
    path = folder / "quiet.jsonl.zst"
    make(path, records, days)
    runs: dict[str, list[dict[str, Any]]] = {"told": [], "passing": []}
    for _ in range(rounds):
        for kind, results in runs.items():
            results.append(in_a_process(kind, path))
    cpu = {kind: statistics.median(run["cpu"] for run in results) for kind, results in runs.items()}
    last = runs["passing"][-1]
    same = len({run["digest"] for results in runs.values() for run in results}) == 1
    figures = {
        "records": records,
        "heartbeats": last["used"] - records,
        "incidents": last["incidents"],
        "cpu": cpu["passing"],
        "cpu_told": cpu["told"],
        "ratio": cpu["told"] / cpu["passing"],
        "peak_mb": last["peak_mb"],
        "same": same,
    }
    print(f"{days} days, {records:,} raw records; {figures['heartbeats']:,} heartbeats, had they been made")
    print(f"  heartbeats as records   {cpu['told']:>8.1f} CPU seconds")
    print(f"  time passes             {cpu['passing']:>8.1f} CPU seconds, {figures['ratio']:.1f} times less")
    print(f"  peak memory             {last['peak_mb']:>8.0f} MB; {last['incidents']} incidents", flush=True)
    return figures


def main(words: list[str] | None = None) -> int:
    """Run the benchmark; 1 if a bar is missed or the bytes differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--flow-only", action="store_true", help="leave out the commands")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    said = parser.parse_args(words)
    if said.child:
        print(json.dumps(whole(said.child[0], Path(said.child[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        figures = measure(Path(folder), said.records, said.days, said.rounds)
        if not said.flow_only:
            figures |= commands(Path(folder))
    fast = figures["cpu"] <= CPU_SECONDS_MOST
    print(f"bar {CPU_SECONDS_MOST:.0f} CPU seconds: {'holds' if fast else 'MISSED'}")
    print(f"published bytes: {'the same' if figures['same'] else 'DIFFER'}")
    if said.json:
        said.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if fast and figures["same"] else 1


if __name__ == "__main__":
    sys.exit(main())

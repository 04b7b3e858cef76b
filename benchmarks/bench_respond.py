"""What RESPOND costs beside CORRELATE, and how soon a draft is ready: the bundled outage, replayed with a watch on it.

Each call of RESPOND is timed by what it heard: a change of an incident, time that passed, a figure,
a complaint. The limit is what CORRELATE takes for the same replay. How soon a draft is ready (`readiness.py`) is
event time, the same on every machine; with `--stories` it is that of the five stories together, a world each seed.

Usage: bench_respond.py [RECORDING] [--stories SEEDS] [--json FILE]
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.loads import ROOT
from benchmarks.readiness import Readiness
from pipeline import casework
from pipeline.adapters.cli.offline.simulate import World, write_world
from pipeline.adapters.cli.options import loaded_from
from pipeline.adapters.cli.terminal import Terminal
from pipeline.adapters.compose import compose
from pipeline.adapters.recordings.heartbeats import playable
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.stages.collector import spare_the_collector
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.records.effects import Effects
from pipeline.records.published.notices import Notice
from pipeline.respond.apply import RespondInput, apply
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty
from pipeline.respond.state import RespondState
from pipeline.stories.plots import PLOTS

RECORDING: Final = ROOT / "examples" / "recordings" / "netcologne-2025.jsonl.zst"


class Watch:
    """Times RESPOND in the hands of a replay."""

    def __init__(self) -> None:
        self.micros: dict[str, list[float]] = defaultdict(list)
        self.notices: dict[str, int] = defaultdict(int)
        self.bytes = 0
        self.readiness = Readiness()

    def respond(
        self, state: RespondState, heard: RespondInput, rules: RespondRules, duties: tuple[Duty, ...]
    ) -> Effects:
        """RESPOND, timed."""
        began = time.process_time_ns()
        effects = apply(state, heard, rules, duties)
        self.micros[type(heard).__name__].append((time.process_time_ns() - began) / 1_000)
        drafts = [output for output in effects.outputs if isinstance(output, Notice)]
        for draft in drafts:
            self.notices[draft.incident_id] += 1
            self.bytes += len(draft.body.encode())
        self.readiness.hear(heard, effects.outputs)
        return effects


def replay(recording: Path, watch: Watch) -> float:
    """Replay with a watch on RESPOND.

    Returns:
        Seconds of CPU.
    """
    vars(casework)["respond"] = watch.respond  # the one place where a step asks RESPOND
    opened = open_recording(recording)
    stages = compose(loaded_from(None, None, partitions__lanes=opened.lanes).settings, lambda: 0)
    spare_the_collector()
    began = time.process_time()
    for _ in MemoryFlow(stages, lambda _message: None).run(playable(opened)):
        pass
    return time.process_time() - began


def measure(recordings: Sequence[Path]) -> tuple[dict[str, object], Readiness]:
    """Replay all, and sum up."""
    watch = Watch()
    replayed = sum(replay(recording, watch) for recording in recordings)
    return {
        "replay_seconds": replayed,
        "respond_seconds": sum(sum(times) for times in watch.micros.values()) / 1e6,
        "micros": {name: _quantiles(times) for name, times in sorted(watch.micros.items())},
        "incidents": len(watch.notices),
        "notices": sum(watch.notices.values()),
        "notice_bytes": watch.bytes,
        "late_ms": watch.readiness.late_ms,
        "unanswered": watch.readiness.unanswered,
    }, watch.readiness


def worlds_of(folder: Path, seeds: int) -> Iterator[Path]:
    """Recordings of the five stories, made in a folder; a world each seed from 1 on."""
    for name, plot in PLOTS.items():
        for seed in range(1, seeds + 1):
            out = folder / f"{name}-{seed}.jsonl.zst"
            write_world(Terminal(quiet=True), World(name=name, seed=seed, days=plot.days, out=out, force=True))
            yield out


def _quantiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "calls": len(ordered),
        "median": statistics.median(ordered),
        "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        "most": ordered[-1],
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", nargs="?", type=Path, default=RECORDING)
    parser.add_argument("--stories", type=int, default=0, help="worlds of each story, in place of a recording")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        recordings = [*worlds_of(Path(folder), arguments.stories)] or [arguments.recording]
        told, readiness = measure(recordings)
    share = told["respond_seconds"] / told["replay_seconds"]  # type: ignore[operator]
    print(f"RESPOND takes {share:.1%} of the replay's {told['replay_seconds']:.1f} s of CPU")
    for name, row in told["micros"].items():  # type: ignore[attr-defined]
        times = f"median {row['median']:8.1f} us  p99 {row['p99']:9.1f}  most {row['most']:9.1f}"
        print(f"{name:>16}: {row['calls']:6} calls  {times}")
    print(f"{told['notices']} drafts for {told['incidents']} incidents, {told['notice_bytes']} bytes of text")
    for line in readiness.lines():
        print(line)
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()

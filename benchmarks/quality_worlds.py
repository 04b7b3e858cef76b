"""The standing measure: 60 simulated worlds through the whole pipeline, scored; the table of docs/quality.md.

    python -m benchmarks.quality_worlds                                   # all, and write docs/quality.md
    python -m benchmarks.quality_worlds --only fibre-cut rumour --seeds 1 2   # a quick look; writes nothing

Every scenario with an outage runs with two seeds, every trap with one, and five traps with
two. The seeds are 101 and 102: they are kept for this measure. Who works on rules uses
others, or the figures say how well the rules know these worlds. Worlds are simulated once
for each version of the simulator, runs are kept by recording and ruleset, as `tocsin
backtest` keeps them; so a second call takes seconds. How long it took is printed and not
written: the page depends on the code alone.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.cli.offline.backtesting import no_settings
from pipeline.adapters.cli.offline.simulate import load, names
from pipeline.adapters.cli.options import loaded_from
from pipeline.adapters.pages.score import build
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.backtesting import Outcome, Plan, Side, backtest, bar
from pipeline.adapters.runs.backtesting.kept import sha256_of
from pipeline.adapters.runs.folder import truth_beside
from pipeline.adapters.runs.scoring import score_run
from pipeline.evaluate.judging.facts import OutageScore
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Score, combine, false_incidents
from pipeline.records.clocks import format_instant
from pipeline.views.score.wording import NOTHING, grouped, heading, interval_of, said, title_of

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / ".build" / "quality"
PAGE: Final = ROOT / "docs" / "quality.md"

SEEDS: Final = (101, 102)
TRAPS_TWICE: Final = ("backlog", "broken-probe", "competitor-outage", "quiet-week", "rumour")
"""Traps with both seeds, one of each sort: a collector, a probe, another company, normal life, people."""
MINUTES_MAX: Final = 20
DAYS: Final = {"netcologne-2025": 3.0}
"""Lengths that are not the scenario's own: a quiet week is a world of its own."""
SHORT: Final = "five_minutes"
SLOW_SECONDS: Final = 1_800
"""A confirmation that comes later, after anybody could see the outage, is listed among what went wrong."""
FAILURES_TOLD: Final = 60


class Bar(NamedTuple):
    """What is asked of a figure."""

    words: str
    least: float | None = None
    most: float | None = None

    def met(self, value: float | None) -> str:
        """In a word."""
        if value is None:
            return "not known"
        good = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        return "yes" if good else "**no**"


BARS: Final = {
    "precision": Bar("≥ 95 %", least=0.95),
    "recall_severe": Bar("≥ 97 %", least=0.97),
    "suspected_visible_p50": Bar("≤ 2 min", most=120),
    "confirmed_visible_p50": Bar("≤ 5 min", most=300),
    "lead_over_tickets_p50": Bar("≥ 20 min", least=1_200),
    "lead_over_tickets_p10": Bar("≥ 5 min", least=300),
    "smallest_right": Bar("≥ 95 %", least=0.95),
    "emergency_in_time": Bar("100 %", least=1.0),
}
"""Figure to bar; a bar on delays without a word on which delay is taken for the median."""

NOT_HERE: Final = (
    "relevance and service of a text (`benchmarks/quality_text.py`), detection in single streams "
    "(`benchmarks/quality_detect.py`), NAB, storm compression, how soon a draft is ready, "
    "failures found from posts alone, telemetry alone at one false alarm in a hundred, and lengths to one pane "
    "are not measured here. Rates per operator count all operators of a world, those too of whom only posts are heard"
)


class World(NamedTuple):
    """A scenario's world."""

    name: str
    seed: int

    @property
    def command(self) -> str:
        """What shows it again."""
        return f"python -m benchmarks.quality_worlds --only {self.name} --seeds {self.seed}"


class Failure(NamedTuple):
    """Something that went wrong; the lowest rank is the gravest."""

    rank: int
    world: World
    what: str


def standing() -> list[World]:
    """The worlds of the measure."""
    return [
        World(name, seed)
        for name in names()
        for seed in (SEEDS if name in TRAPS_TWICE or load(name).file.outages else SEEDS[:1])
    ]


def simulated(worlds: Sequence[World], folder: Path, jobs: int) -> list[Path]:
    """Recordings of all worlds, each made once for each version of the simulator.

    Args:
        worlds: Which.
        folder: Theirs; folders of other versions beside it are removed.
        jobs: Processes at a time.
    """
    for other in folder.parent.glob("*") if folder.parent.is_dir() else ():
        if other != folder:
            shutil.rmtree(other)
    paths = [folder / f"{world.name}-{world.seed}.jsonl.zst" for world in worlds]
    missing = [(world, path) for world, path in zip(worlds, paths, strict=True) if not path.is_file()]
    with bar("simulating") as on_part, ThreadPoolExecutor(jobs) as threads:
        making = [threads.submit(_simulate, world, path) for world, path in missing]
        try:
            for done, made in enumerate(as_completed(making), 1):
                made.result()
                on_part(done, len(making), done)
        finally:
            threads.shutdown(cancel_futures=True)
    return paths


def _simulate(world: World, path: Path) -> None:
    """Under another name first: a recording with its own name is whole, and its truth lies beside it."""
    unfinished = path.parent / "unfinished" / path.name
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    words = ["simulate", world.name, "--seed", str(world.seed), "-o", str(unfinished), "--force", "--quiet"]
    words += ["--days", str(DAYS[world.name])] if world.name in DAYS else []
    made = subprocess.run([sys.executable, "-m", "pipeline", *words], capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"simulate {world.name} --seed {world.seed}: {made.stderr.strip()}")
    truth_beside(unfinished).rename(truth_beside(path))
    unfinished.rename(path)


@cache
def simulator() -> str:
    """Which simulator: a hash of its code, its scenarios and its texts, as they are when first asked.

    It names the folder in which recordings are kept: other code may make other worlds.
    """
    code = ROOT / "pipeline"
    files = [path for path in (code / "simulate").rglob("*") if path.suffix in (".py", ".toml")]
    total = hashlib.blake2b(digest_size=6)
    for path in sorted([*files, code / "adapters" / "cli" / "offline" / "simulate.py"]):
        total.update(path.relative_to(code).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def hash_of(recordings: Sequence[Path]) -> str:
    """Which worlds: a hash of their recordings. Code that moves or is renamed, and makes the same worlds, keeps it."""
    total = hashlib.blake2b(digest_size=6)
    for path in recordings:
        total.update(sha256_of(open_recording(path)).encode())
    return total.hexdigest()


def replayed(recordings: Sequence[Path], folder: Path, jobs: int) -> list[Outcome]:
    """Runs of all recordings under the default settings."""
    with no_settings() as nothing, bar("replaying") as on_part:
        side = Side(name="rules", load=lambda lanes: loaded_from(nothing, None, partitions__lanes=lanes))
        return backtest(Plan(sides=[side], recordings=recordings, folder=folder, jobs=jobs), on_part, print)


def page(
    worlds: Sequence[World], total: Score, scored: Sequence[ScoredRun], rulesets: Sequence[str], made: str
) -> Iterator[str]:
    """The page, line by line; the same code gives the same page."""
    yield from _head(worlds, total, rulesets, made)
    yield from ("## Against our bars", "", "| figure | value | 95 % interval | bar | met |", "|---|---|---|---|---|")
    for name, asked in BARS.items():
        one = total.figure(name)
        value = said(one.value, one.unit)
        yield f"| {title_of(one)} | {value} | {interval_of(one)} | {asked.words} | {asked.met(one.value)} |"
    short = [row for row in total.kinds if row.kind == SHORT]
    for row in short:
        met = "yes" if row.confirmed == row.outages else "**no**"
        yield f"| outages of five minutes confirmed | {row.confirmed} of {row.outages} | | all | {met} |"
    yield from ("", f"Bars: what we promise; {NOT_HERE}.", "", "## All figures", "")
    for title, figures in grouped(total):
        yield from (f"| {title} | value | 95 % interval | of |", "|---|---|---|---|")
        yield from (f"| {title_of(o)} | {said(o.value, o.unit)} | {interval_of(o)} | {o.n or ''} |" for o in figures)
        yield ""
    yield from _kinds(total)
    yield from _failures(worlds, scored)


def _head(worlds: Sequence[World], total: Score, rulesets: Sequence[str], made: str) -> Iterator[str]:
    seeds = ", ".join(map(str, sorted({world.seed for world in worlds})))
    yield from ("# How good the rules are: the standing measure", "")
    yield "Made by `make quality`; not edited by hand. " + f"Tocsin {version('tocsin')}, ruleset {', '.join(rulesets)},"
    yield f"worlds {made} (a hash of their recordings)."
    yield ""
    yield f"{len(worlds)} worlds of {len({world.name for world in worlds})} scenarios: {heading(total)}."
    yield f"Seeds {seeds}: kept for this measure, and not used to develop rules. Intervals: 95 %, whole worlds drawn"
    yield "again (percentile bootstrap). Formulas: docs/scoring.md. The worlds are made up, as hard as we could make"
    yield "them; no figure here is a promise about a real network."
    yield ""


def _kinds(total: Score) -> Iterator[str]:
    yield from ("## By kind of outage", "")
    yield "| outage | of | confirmed | only suspected | merged | missed | splits | confirmed after | place exact |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in total.kinds:
        counts = (row.outages, row.confirmed, row.suspected, row.merged, row.missed, row.splits)
        place = f"{row.place_right} of {row.placed}" if row.placed else NOTHING
        cells = (row.kind, *map(str, counts), said(row.confirmed_seconds, "seconds"), place)
        yield f"| {' | '.join(cells)} |"
    yield from (
        "",
        "`confirmed after`: median from the true start. `splits`: further incidents about the same outage.",
        "",
    )
    yield from ("## By kind of trap", "", "| trap | of | withstood | false incidents | false suspicions |")
    yield "|---|---|---|---|---|"
    for trap in total.traps:
        yield f"| {trap.kind} | {trap.traps} | {trap.withstood} | {trap.confirmed} | {trap.suspected} |"
    yield ""


def _failures(worlds: Sequence[World], scored: Sequence[ScoredRun]) -> Iterator[str]:
    found = sorted(failure for world, run in zip(worlds, scored, strict=True) for failure in failures(world, run))
    yield from ("## What went wrong, the gravest first", "")
    if not found:
        yield "Nothing: no outage was missed, no incident was false, no place wrong."
        return
    yield from ("| scenario | seed | what | again with |", "|---|---|---|---|")
    for failure in found[:FAILURES_TOLD]:
        yield f"| {failure.world.name} | {failure.world.seed} | {failure.what} | `{failure.world.command}` |"
    if len(found) > FAILURES_TOLD:
        yield from ("", f"And {len(found) - FAILURES_TOLD} more, less grave.")


def failures(world: World, run: ScoredRun) -> Iterator[Failure]:
    """What went wrong in one world: outages not found, incidents about nothing, wrong places, emergency calls."""
    for outage in run.score.outages:
        yield from _failures_of(world, outage)
    for incident in false_incidents(run.score):
        trap = f", in the trap {incident.trap_kind}" if incident.trap_kind else ""
        who = ", ".join(incident.operators) or "nobody"
        if incident.confirmed:
            rank = 2 if incident.severity in ("critical", "major") else 5
            when = format_instant(incident.opened_at)[: len("2025-02-12T09:00")].replace("T", " ")
            yield Failure(rank, world, f"false incident about {who}, {incident.severity}, opened {when} UTC{trap}")


def _failures_of(world: World, outage: OutageScore) -> Iterator[Failure]:
    grave = "severe " if outage.severe else ""
    what = f"outage {outage.kind} of {', '.join(outage.operators)}"
    if outage.fate == "missed":
        seen = "" if outage.visible_at is not None else ", which nobody could see"
        yield Failure(0 if outage.severe else 3, world, f"{grave}{what}: missed{seen}")
    elif outage.fate != "confirmed":
        word = "only suspected" if outage.fate == "suspected" else "merged into another's incident"
        yield Failure(1 if outage.severe else 4, world, f"{grave}{what}: {word}")
    elif outage.confirmed_visible_seconds is not None and outage.confirmed_visible_seconds > SLOW_SECONDS:
        after = said(outage.confirmed_visible_seconds, "seconds")
        yield Failure(7, world, f"{grave}{what}: confirmed {after} after anybody could see it")
    if outage.emergency_found is False:
        yield Failure(1, world, f"{what}: emergency calls failed and it was not said")
    if outage.emergency_false:
        yield Failure(4, world, f"{what}: said that emergency calls fail, which they did not")
    if outage.place == "wrong":
        yield Failure(6, world, f"{what}: wrong place")
    if outage.healthy_named:
        yield Failure(6, world, f"{what}: said to be of {', '.join(outage.healthy_named)} as well, who were healthy")


def main(words: Sequence[str] | None = None) -> int:
    """Measure; 0 if all worlds ran."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios only; writes no page")
    parser.add_argument("--seeds", nargs="+", type=int, metavar="N", help="these seeds; writes no page")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where worlds and runs are kept")
    chosen = parser.parse_args(words)
    worlds = _chosen(chosen.only, chosen.seeds)
    began = time.monotonic()
    recordings = simulated(worlds, chosen.folder / "worlds" / simulator(), chosen.jobs)
    made = time.monotonic()
    outcomes = replayed(recordings, chosen.folder, chosen.jobs)
    ran = time.monotonic()
    if any(outcome.problems for outcome in outcomes):
        return 70
    scored = [score_run(outcome.runs["rules"]) for outcome in outcomes]
    total = combine([run.score for run in scored])
    rulesets = sorted({ruleset for outcome in outcomes for ruleset in outcome.rulesets.values()})
    lines = list(page(worlds, total, scored, rulesets, hash_of(recordings)))
    if chosen.only or chosen.seeds:
        print("\n".join(lines))
    else:
        PAGE.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
        print(f"{heading(total)}\npage: {PAGE}")
    drawn = build(total, scored, chosen.folder / "score.html")
    print(f"drawn: {drawn}\nsimulated in {made - began:.0f} s, replayed in {ran - made:.0f} s, ", end="")
    print(f"scored in {time.monotonic() - ran:.0f} s with {chosen.jobs} processes")
    return _in_time(time.monotonic() - began)


def _in_time(seconds: float) -> int:
    if seconds > MINUTES_MAX * 60:
        print(f"took {seconds / 60:.1f} min, more than the {MINUTES_MAX} that a standing measure may take")
    return 0


def _chosen(only: Sequence[str] | None, seeds: Sequence[int] | None) -> list[World]:
    if unknown := sorted(set(only or ()) - set(names())):
        raise SystemExit(f"{', '.join(unknown)}: no such scenario; known are {', '.join(names())}")
    if seeds:
        return [World(name, seed) for name in only or names() for seed in seeds]
    return [world for world in standing() if not only or world.name in only]


if __name__ == "__main__":
    sys.exit(main())

"""The standing measure: simulated worlds through the whole pipeline, scored; the tables of docs/quality.md.

    python -m benchmarks.quality_worlds              # 60 worlds of days, four of weeks; writes docs/quality.md
    python -m benchmarks.quality_worlds --all        # 120 worlds of days, 14 of weeks; writes it, too
    python -m benchmarks.quality_worlds --only fibre-cut rumour --seeds 1 2   # a quick look; writes nothing
    python -m benchmarks.quality_worlds --weeks      # the 14 worlds of weeks alone; writes nothing
    python -m benchmarks.quality_worlds --without        # one table of the page: what each source and rule is worth

Every scenario with an outage runs with two seeds (four with `--all`), and so do five traps;
the other traps with one (two). The seeds, from 101 on, are kept for this measure. Who works on
rules uses others, or the figures say how well the rules know these worlds. Worlds are simulated
once for each version of the simulator, runs are kept by recording and ruleset, as `tocsin
backtest` keeps them; so a second call takes seconds. How long it took is printed and not
written: the page depends on the code alone. The ten worst cases are drawn in
.build/quality/worst.html, with a report of each incident.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.quality_detected import gated
from benchmarks.quality_sections import PAGE, kept_parts, with_section
from benchmarks.quality_worlds_bars import MISSED
from benchmarks.quality_worlds_chosen import (
    ABLATED,
    ROOT,
    WEEKS,
    World,
    cores,
    daily,
    every,
    hash_of,
    simulated,
    simulator,
)
from benchmarks.quality_worlds_page import Measured, page
from benchmarks.quality_worlds_without import (
    THINGS,
    recordings_without,
    section,
    settings_without,
)
from benchmarks.quality_worlds_worst import write_worst
from pipeline.adapters.cli.offline.backtesting import no_settings
from pipeline.adapters.cli.offline.simulate import names
from pipeline.adapters.cli.options import loaded_from
from pipeline.adapters.runs.backtesting import Outcome, Plan, Side, backtest, bar
from pipeline.adapters.runs.scoring import score_run
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Score, combine
from pipeline.views.score.wording import heading

FOLDER: Final = ROOT / ".build" / "quality"
MINUTES_MAX: Final = 20
RULES: Final = "rules"


def replayed(recordings: Sequence[Path], folder: Path, jobs: int, sets: Sequence[str] = ()) -> list[Outcome]:
    """Runs of all recordings under the default settings, but for those that are set.

    Raises:
        SystemExit: If a recording cannot be replayed.
    """
    with no_settings() as nothing, bar("replaying") as on_part:
        side = Side(name=RULES, load=lambda lanes: loaded_from(nothing, sets, partitions__lanes=lanes))
        outcomes = backtest(Plan(sides=[side], recordings=recordings, folder=folder, jobs=jobs), on_part, print)
    if any(outcome.problems for outcome in outcomes):
        raise SystemExit(70)
    return outcomes


def scored_of(worlds: Sequence[World], outcomes: Sequence[Outcome]) -> list[ScoredRun]:
    """Scores of all runs; a world of weeks says so in its name, as there may be one of days with its seed."""
    return [_named(world, score_run(outcome.runs[RULES])) for world, outcome in zip(worlds, outcomes, strict=True)]


def _named(world: World, run: ScoredRun) -> ScoredRun:
    if not world.days:
        return run
    score = msgspec.structs.replace(run.score, name=f"{run.score.name} of {world.days:g} days")
    return msgspec.structs.replace(run, score=score)


def main(words: Sequence[str] | None = None) -> int:
    """Measure; 1 if a bar of the page is missed, 0 if not or if only a part was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--all", action="store_true", help="twice the seeds, and all worlds of weeks")
    parser.add_argument("--weeks", action="store_true", help="the worlds of weeks alone; writes no page")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these scenarios only; writes no page")
    parser.add_argument("--seeds", nargs="+", type=int, metavar="N", help="these seeds; writes no page")
    parser.add_argument("--days", type=float, default=0.0, help="so long, with --seeds")
    parser.add_argument(
        "--without", nargs="*", metavar="THING", help=f"what nine worlds lose without each of {', '.join(THINGS)}"
    )
    parser.add_argument("--jobs", type=int, default=cores(), help="processes at a time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where worlds and runs are kept")
    chosen = parser.parse_args(words)
    if chosen.days and not chosen.seeds:
        parser.error("--days: name --seeds, too")
    if chosen.without is None:
        return _measure(chosen)
    if unknown := sorted(set(chosen.without) - set(THINGS)):
        parser.error(f"--without: {', '.join(unknown)}: must be of {', '.join(THINGS)}")
    return _ablate(chosen)


def _measure(chosen: argparse.Namespace) -> int:
    worlds = _chosen(chosen)
    began = time.monotonic()
    recordings = simulated(worlds, chosen.folder / "worlds" / simulator(), chosen.jobs)
    made = time.monotonic()
    outcomes = replayed(recordings, chosen.folder, chosen.jobs)
    ran = time.monotonic()
    scored = scored_of(worlds, outcomes)
    total = combine([run.score for run in scored])
    call = "make quality ALL=1" if chosen.all else "make quality"
    lines = list(page(Measured(worlds, scored, total, _rulesets(outcomes), hash_of(recordings), call)))
    if _is_part(chosen):
        print("\n".join(lines))
    else:
        written = "\n".join(lines).rstrip() + "\n"
        for part in kept_parts(PAGE.read_text("utf-8") if PAGE.is_file() else ""):
            written = with_section(written, part)
        PAGE.write_text(written, "utf-8")
        print(f"{heading(total)}\npage: {PAGE}")
    drawn = write_worst(total, scored, [outcome.runs[RULES] for outcome in outcomes], chosen.folder)
    print(f"drawn: {drawn}\nsimulated in {made - began:.0f} s, replayed in {ran - made:.0f} s, ", end="")
    print(f"scored in {time.monotonic() - ran:.0f} s with {chosen.jobs} processes")
    seconds = time.monotonic() - began
    if seconds > MINUTES_MAX * 60 and not chosen.all:
        print(f"took {seconds / 60:.1f} min, more than the {MINUTES_MAX} that a standing measure may take")
    missed = [] if _is_part(chosen) else missed_in(lines)
    print("\n".join(missed))
    return int(bool(missed))


def missed_in(lines: Sequence[str]) -> list[str]:
    """Rows of a page whose bar is missed."""
    return [line for line in lines if line.endswith(f"| {MISSED} |")]


def _is_part(chosen: argparse.Namespace) -> bool:
    """Are so few worlds measured that no page is written of them?"""
    return bool(chosen.only or chosen.seeds or chosen.weeks)


def _ablate(chosen: argparse.Namespace) -> int:
    """Measure nine worlds with everything and without each thing; put the table into the page."""
    worlds = [world for world in ABLATED if not chosen.only or world.name in chosen.only]
    recordings = simulated(worlds, chosen.folder / "worlds" / simulator(), chosen.jobs)
    outcomes = replayed(recordings, chosen.folder, chosen.jobs)
    whole = _total(worlds, outcomes)
    without = {}
    for name in chosen.without or THINGS:
        without[name] = _without(name, worlds, recordings, chosen)
    part = list(section(worlds, whole, without, ", ".join(_rulesets(outcomes))))
    print("\n".join(part))
    if not chosen.only:
        PAGE.write_text(with_section(PAGE.read_text("utf-8"), part), "utf-8")
        print(f"page: {PAGE}")
    return 0


def _without(name: str, worlds: Sequence[World], recordings: Sequence[Path], chosen: argparse.Namespace) -> Score:
    thing = THINGS[name]
    if thing.by_gates:
        return combine([score_run(run).score for run in gated(recordings, chosen.folder, chosen.jobs)])
    less = recordings_without(thing, name, recordings)
    sets = settings_without(thing, name, chosen.folder)
    return _total(worlds, replayed(less, chosen.folder, chosen.jobs, sets))


def _total(worlds: Sequence[World], outcomes: Sequence[Outcome]) -> Score:
    return combine([run.score for run in scored_of(worlds, outcomes)])


def _rulesets(outcomes: Sequence[Outcome]) -> list[str]:
    return sorted({ruleset for outcome in outcomes for ruleset in outcome.rulesets.values()})


def _chosen(chosen: argparse.Namespace) -> list[World]:
    only = chosen.only
    if unknown := sorted(set(only or ()) - set(names())):
        raise SystemExit(f"{', '.join(unknown)}: no such scenario; known are {', '.join(names())}")
    if chosen.seeds:
        return [World(name, seed, chosen.days) for name in only or names() for seed in chosen.seeds]
    worlds = WEEKS if chosen.weeks else every() if chosen.all else daily()
    return [world for world in worlds if not only or world.name in only]


if __name__ == "__main__":
    sys.exit(main())

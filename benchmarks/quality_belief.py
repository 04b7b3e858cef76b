"""The table of belief made anew from training seeds, and beside the one in use on tuning seeds.

    python -m benchmarks.quality_belief --out deploy/reference/belief.toml
    python -m benchmarks.quality_belief --only first-day rumour        # a quick look at two scenarios

Every scenario runs with two seeds to train with and with one to tune with, all at bars so low that what is less sure is
seen as well. `tools.calibrate` makes the table of the first; of the second both tables are asked what they would have
told at each moment of a suspicion, and how often it came true. Worlds and runs are kept as those of the standing
measure are (docs/scoring.md). Exit code 1 if the new table is worse on both figures.
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.quality_worlds import FOLDER, RULES, replayed
from benchmarks.quality_worlds_chosen import World, cores, simulated, simulator
from pipeline.adapters.cli.offline.simulate import names
from pipeline.adapters.reference.belief import BELIEF, read_belief
from pipeline.adapters.reference.folder import reference_folder
from pipeline.correlate.evidence.account import probability_of
from pipeline.evaluate.calibrating.moments import Prediction
from pipeline.evaluate.figures.calibration import JudgedForecast, brier, calibration_error
from pipeline.reference.belief import BeliefTable
from tools.calibrate import Read, moments_of, read, written

TRAINING: Final = (11, 12)
TUNING: Final = (61,)
LOW_BARS: Final = ("correlate.confirm.suspect_from=0.25", "correlate.confirm.suspect_measured_from=0.25")


class Told(NamedTuple):
    """How good a table is on forecasts whose truth is known."""

    ece: float
    brier: float


def told_by(table: BeliefTable, moments: Iterable[Prediction]) -> Told:
    """What a table would have told of some moments, and how far off that is.

    Args:
        table: Of belief.
        moments: What the account had said, and whether there was an outage.

    Raises:
        ValueError: If there are none.
    """
    forecasts = [JudgedForecast(probability_of(table.told_milli(said)), real) for said, real in moments]
    if not forecasts:
        raise ValueError("no incident was suspected in any of the worlds: nothing can be compared")
    return Told(calibration_error(forecasts) or 0.0, brier(forecasts) or 0.0)


def runs_of(worlds: Sequence[World], table: BeliefTable, folder: Path, jobs: int) -> list[Read]:
    """What runs of worlds tell, at low bars.

    Args:
        worlds: Which.
        table: That they tell by.
        folder: Where worlds and runs are kept.
        jobs: Processes at a time.
    """
    recordings = simulated(worlds, folder / "worlds" / simulator(), jobs)
    outcomes = replayed(recordings, folder, jobs, LOW_BARS)
    return [
        read(outcome.runs[RULES], table, 1)._replace(name=world.stem)
        for world, outcome in zip(worlds, outcomes, strict=True)
    ]


def main(words: Sequence[str] | None = None) -> int:
    """Make the table and compare it; 1 if it is worse."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--only", nargs="+", choices=names(), metavar="NAME", help="these scenarios only")
    parser.add_argument("--training", nargs="+", type=int, default=TRAINING, metavar="N", help="seeds, 1 to 49")
    parser.add_argument("--tuning", nargs="+", type=int, default=TUNING, metavar="N", help="seeds, 50 to 99")
    parser.add_argument("--out", type=Path, help="file that is written; .build/quality/belief.toml without it")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes at a time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where worlds and runs are kept")
    chosen = parser.parse_args(words)
    if not all(1 <= seed <= 49 for seed in chosen.training) or not all(50 <= seed <= 99 for seed in chosen.tuning):
        parser.error("seeds to train with are 1 to 49, those to tune with 50 to 99 (docs/scoring.md)")
    used = read_belief(reference_folder() / BELIEF)
    of_seeds = [[World(name, seed) for seed in seeds for name in chosen.only or names()]
                for seeds in (chosen.training, chosen.tuning)]  # fmt: skip
    training, tuning = (runs_of(worlds, used, chosen.folder, chosen.jobs) for worlds in of_seeds)
    out = chosen.out or chosen.folder / "belief.toml"
    out.write_text("\n".join(written(training)) + "\n", "utf-8")
    moments = moments_of(tuning)
    before, after = told_by(used, moments), told_by(read_belief(out), moments)
    print(f"{len(training)} runs to train with, {len(tuning)} to tune with: {len(moments)} forecasts")
    for name, told in (("in use", before), ("new", after)):
        print(f"{name:8} ECE {told.ece:.4f}  Brier {told.brier:.4f}")
    print(f"table: {out}")
    return int(after.ece > before.ece and after.brier > before.brier)


if __name__ == "__main__":
    raise SystemExit(main())

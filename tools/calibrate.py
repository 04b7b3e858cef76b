"""Makes belief.toml: what the account of evidence says, and how often it came true in runs whose truth is known.

    python -m tools.calibrate RUN... --out deploy/reference/belief.toml

A run is a folder that `tocsin replay` wrote: of a simulated world, whose truth lies in it, or of a recording of your
own, whose truth is what people said of its incidents (`tocsin confirm`, `tocsin dismiss`). Without --out the table goes
to standard output. Which seeds may be used: docs/scoring.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.adapters.reference.belief import BELIEF, read_belief
from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.runs.scoring import TRUTH, read_histories, read_times, score_run
from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.evidence.account import probability_of
from pipeline.evaluate.calibrating.curve import SPREADS, Beta, fitted, rows_of, spread_for, unseen
from pipeline.evaluate.calibrating.moments import JudgedIncident, Prediction, judged_by_people, judged_of
from pipeline.evaluate.calibrating.rates import false_incidents, false_suspicions
from pipeline.evaluate.figures.bootstrap import draws_of, quantile
from pipeline.evaluate.figures.calibration import JudgedForecast, brier, calibration_error
from pipeline.records.clocks import DAY_MS
from pipeline.records.errors import ConfigError
from pipeline.reference.belief import AS_SAID, BeliefTable

DRAWS: Final = 200
"""Runs are drawn again so often to see how sure the three numbers are."""

SEED: Final = 15
MONTH_DAYS: Final = 30.0


class Read(NamedTuple):
    """What a run tells: its name, incidents whose truth is known, and how long how many operators were watched."""

    name: str
    judged: tuple[JudgedIncident, ...]
    operator_days: float


def main(words: Sequence[str] | None = None) -> int:
    """Make the tables; 0 if it could be done, 2 if not."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder of a replay")
    parser.add_argument("--out", type=Path, help="file that is written; standard output without it")
    parser.add_argument(
        "--told-by", type=Path, help="the table that the runs told by; without it, the one that is used"
    )
    parser.add_argument("--as-said", action="store_true", help="the runs were told by no table")
    parser.add_argument("--operators", type=int, default=1, help="how many there are in a run without a truth")
    chosen = parser.parse_args(words)
    try:
        used = chosen.told_by or reference_folder() / BELIEF
        table = AS_SAID if chosen.as_said or not used.is_file() else read_belief(used)
        runs = [read(folder, table, chosen.operators) for folder in sorted(chosen.runs)]
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    text = "\n".join(written(runs)) + "\n"
    if chosen.out:
        chosen.out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


def read(folder: Path, table: BeliefTable, operators: int) -> Read:
    """Read one run.

    Args:
        folder: Its folder.
        table: What it told by.
        operators: How many operators it is of, if no truth says so.

    Raises:
        ConfigError: If it cannot be read.
    """
    if (folder / TRUTH).is_file():
        run = score_run(folder)
        return Read(folder.name, tuple(judged_of(run, table)), run.score.operators * run.score.days)
    times = read_times(folder)
    days = (times.last - times.first) / DAY_MS if times.first is not None and times.last is not None else 0.0
    return Read(folder.name, tuple(judged_by_people(read_histories(folder), table)), operators * days)


def moments_of(runs: Sequence[Read]) -> list[Prediction]:
    """All forecasts of some runs."""
    return [moment for run in runs for incident in run.judged for moment in incident.moments]


def written(runs: Sequence[Read]) -> Iterator[str]:
    """The file, line by line: the card, the curve, the false incidents."""
    confirm, moments = ConfirmConfig(), moments_of(runs)
    spread = spread_for([moments_of([run]) for run in runs])
    curve = fitted(moments, spread)
    table = BeliefTable(told=rows_of(curve))
    judged = [incident for run in runs for incident in run.judged]
    false = false_suspicions(judged, table)
    months = max(1e-9, sum(run.operator_days for run in runs) / MONTH_DAYS)
    yield "# How often what the account of evidence says came true, and how often it was falsely sure. Written by"
    yield "# `python -m tools.calibrate`; what it means: docs/account.md. Not edited by hand."
    yield ""
    yield "# Log-odds as the account has them, and as they are told, in thousandths of a natural log; between two rows"
    yield "# lies a straight line. Behind each row the same as probabilities."
    yield "told = ["
    for said, told in table.told:
        yield f"    [{said}, {told}],  # {probability_of(said):.4f} is told as {probability_of(told):.4f}"
    yield "]"
    yield ""
    yield "# How many confirmed incidents about nothing one operator has in 30 days at the bars as they are set"
    yield "# (`correlate.confirm`), by service."
    yield "[false_incidents_per_month]"
    rates = false_incidents(false, months, confirm.confirm_from, confirm.confirm_unmeasured_from)
    yield from (f"{service} = {per_month}" for service, per_month in rates.items())
    yield ""
    yield "[card]"
    yield from _card(runs, judged, false)
    yield from _figures(runs, curve, spread)


def _card(runs: Sequence[Read], judged: Sequence[JudgedIncident], false: Sequence[JudgedIncident]) -> Iterator[str]:
    days = sum(run.operator_days for run in runs)
    seeds = sorted({run.name.rpartition("-")[2] for run in runs})
    yield f"runs = {len(runs)}  # their names end in {', '.join(seeds[:20])}"
    yield f"operator_days = {days:.0f}"
    yield f"incidents = {len(judged)}"
    yield f"real = {sum(incident.real for incident in judged)}"
    yield f"false_likelier_than_not = {len(false)}"


def _figures(runs: Sequence[Read], curve: Beta, spread: float) -> Iterator[str]:
    moments = moments_of(runs)
    yield f"forecasts = {len(moments)}"
    yield f"spread = {spread}  # of the prior about telling what was said, of {SPREADS}"
    drawn = [fitted(moments_of([runs[number] for number in draw]), spread) for draw in draws_of(len(runs), SEED, DRAWS)]
    for index, name in enumerate(Beta._fields):
        found = [other[index] for other in drawn]
        low, high = quantile(found, 0.025) or 0.0, quantile(found, 0.975) or 0.0
        yield f"{name} = [{curve[index]:.3f}, {low:.3f}, {high:.3f}]  # fitted; 95 % of what runs drawn again give"
    ways: dict[str, list[tuple[float, bool]]] = {
        "as_said": [(said / 1_000, real) for said, real in moments],
        "as_told": [(curve.told(said), real) for said, real in moments],
        "as_told_unseen": [
            (told, real) for run in unseen([moments_of([one]) for one in runs], spread) for told, real in run
        ],
    }
    for name, rows in ways.items():
        forecasts = [JudgedForecast(probability_of(round(1_000 * log_odds)), real) for log_odds, real in rows]
        yield f"ece_{name} = {calibration_error(forecasts) or 0.0:.4f}"
        yield f"brier_{name} = {brier(forecasts) or 0.0:.4f}"


if __name__ == "__main__":
    sys.exit(main())

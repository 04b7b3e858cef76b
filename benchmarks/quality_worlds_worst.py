"""The ten worst cases drawn, each with the reports of its incidents that are over: one page to open first."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.adapters.pages.incident import revisions_of, write_report
from pipeline.adapters.pages.score import build
from pipeline.adapters.runs.reading import read_run
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Score
from pipeline.views.score.cases import cases_of

WORST: Final = 10
OVER: Final = ("resolved", "closed")
"""Only of these is a report written."""


def write_worst(total: Score, scored: Sequence[ScoredRun], runs: Sequence[Path], folder: Path) -> Path:
    """Draw the worst, and write a report of each incident that is drawn and is over.

    Args:
        total: All worlds together.
        scored: Each world.
        runs: Folder of each world's run, in the same order.
        folder: Gets `worst.html`, and the reports in `reports/`.

    Returns:
        The page.
    """
    folders = {one.score.name: run for one, run in zip(scored, runs, strict=True)}
    over = {
        (one.score.name, rows[-1].incident_id) for one in scored for rows in one.histories if rows[-1].state in OVER
    }
    drawn = ((case.run, incident) for case in cases_of(scored, WORST)[0] for incident in case.incidents)
    reports = {one: _report(folders[one[0]], one[1], folder) for one in drawn if one in over}
    return build(total, scored, folder / "worst.html", cases_max=WORST, reports=reports)


def _report(run: Path, incident: str, folder: Path) -> str:
    """Write what `tocsin report` writes; its address from the folder on."""
    read = read_run(run)
    address = Path("reports") / run.name / f"{incident}.html"
    (folder / address).parent.mkdir(parents=True, exist_ok=True)
    write_report(read, revisions_of(read, incident), folder / address, text=False)
    return address.as_posix()

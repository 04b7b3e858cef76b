"""A backtest's outcome, laid side by side: what differs, and which side is nearer to the truth.

A recording counts in the score only if both sides have a whole run of it and
something true is known of it: figures over different worlds cannot be compared.
That is the truth that lies beside it, or an operator's own incident log, of
which each recording takes the rows of its time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.adapters.runs.backtesting.running import Outcome
from pipeline.adapters.runs.diffing import are_identical, read_published
from pipeline.adapters.runs.scoring import TRUTH, OwnLog, score_against_log, score_run
from pipeline.evaluate.diff.diff import compare
from pipeline.evaluate.diff.records import DiffRules, RunDiff
from pipeline.evaluate.judging.scored import ScoredRun
from pipeline.evaluate.score import Figure, Score, combine
from pipeline.evaluate.sides.operator_log import LogRow

Scorer = Callable[[Path, str], ScoredRun | None]
"""Scores the run in a folder, of the recording of this name; None if nothing true is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One recording under two settings.

    Attributes:
        diff: What differs; None if a side has no run.
        scored: By side; empty without a truth, or if a side has no run.
    """

    outcome: Outcome
    diff: RunDiff | None
    scored: dict[str, ScoredRun]

    @property
    def name(self) -> str:
        """Name of the recording, without what only says that it is one."""
        return self.outcome.recording.name.removesuffix(".jsonl.zst")

    def plain(self) -> dict[str, Any]:
        """The comparison as plain values, for JSON."""
        outcome = self.outcome
        return {
            "recording": str(outcome.recording),
            "sha256": outcome.sha256,
            "rulesets": outcome.rulesets,
            "runs": {side: str(run) for side, run in outcome.runs.items()},
            "replayed": sorted(outcome.records),
            "problems": outcome.problems,
            "diff": self.diff,
            "score": {side: run.score for side, run in self.scored.items()},
        }


def by_truth_beside(run_dir: Path, _name: str) -> ScoredRun | None:
    """The score of a run by the truth that came along with it."""
    return score_run(run_dir) if (run_dir / TRUTH).is_file() else None


def by_truth_of(truth: Path) -> Scorer:
    """Scores by one truth: of a backtest of one recording."""
    return lambda run_dir, _name: score_run(run_dir, truth)


class ByLog:
    """Scores by an operator's own incident log.

    Args:
        own: The log.

    Attributes:
        outside: Rows that lie in the time of no run that was scored so far.
    """

    def __init__(self, own: OwnLog) -> None:
        self._own = own
        self.outside: tuple[LogRow, ...] = own.log.rows

    def __call__(self, run_dir: Path, name: str) -> ScoredRun:
        """Score one run by the rows of its time."""
        scored, outside = score_against_log(run_dir, self._own, name)
        self.outside = tuple(row for row in self.outside if row in outside)
        return scored


def compare_outcome(
    outcome: Outcome, sides: tuple[str, str], rules: DiffRules, scorer: Scorer = by_truth_beside
) -> Compared:
    """Compare and score what became of one recording.

    Args:
        outcome: The runs of the comparison, by side.
        sides: Names of the two sides, the old one first.
        rules: What counts as a difference.
        scorer: Scores a run, if something true is known of it.

    Raises:
        ConfigError: If a kept run cannot be understood.
    """
    if not all(side in outcome.runs for side in sides):
        return Compared(outcome=outcome, diff=None, scored={})
    old, new = (outcome.runs[side] for side in sides)
    compared = Compared(outcome=outcome, diff=_diff(old, new, rules), scored={})
    for side in sides:
        if (scored := scorer(outcome.runs[side], compared.name)) is not None:
            compared.scored[side] = scored
    return compared


def _diff(old: Path, new: Path, rules: DiffRules) -> RunDiff:
    """Two runs with the same bytes need no comparison, but their incidents are still listed."""
    before = read_published(old)
    return compare(before, before if are_identical(old, new) else read_published(new), rules)


def scores_of(compared: Sequence[Compared], sides: Sequence[str], seed: int = 1) -> dict[str, Score]:
    """The score of each side over all recordings with a truth; empty if there is none.

    Args:
        compared: Recordings.
        sides: Their names.
        seed: Seed of the bootstrap.
    """
    known = [recording for recording in compared if recording.scored]
    return (
        {side: combine([recording.scored[side].score for recording in known], seed) for side in sides} if known else {}
    )


def side_by_side(scores: dict[str, Score], sides: tuple[str, str]) -> Iterator[tuple[Figure, Figure]]:
    """Figures of both sides, without those of which neither knows anything.

    Yields:
        The same figure of the first and of the second side.
    """
    old, new = (scores[side] for side in sides)
    for before, after in zip(old.figures, new.figures, strict=True):
        if before.value is not None or after.value is not None:
            yield before, after

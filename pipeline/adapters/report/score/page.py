"""placeholder."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.adapters.scoring import ScoredRun
from pipeline.evaluate.score import Score


def build(total: Score, runs: Sequence[ScoredRun], path: Path) -> Path:
    """Write the page."""
    path.write_text(f"{len(runs)} {total.seed}", "utf-8")
    return path

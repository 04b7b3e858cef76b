"""Many recordings under two settings: jobs in parallel processes, results kept by content."""

from pipeline.adapters.runs.backtesting.bar import bar
from pipeline.adapters.runs.backtesting.comparing import (
    ByLog,
    Compared,
    Scorer,
    by_truth_beside,
    by_truth_of,
    compare_outcome,
    scores_of,
    side_by_side,
)
from pipeline.adapters.runs.backtesting.running import Outcome, Plan, Side, backtest

__all__ = (
    "ByLog",
    "Compared",
    "Outcome",
    "Plan",
    "Scorer",
    "Side",
    "backtest",
    "bar",
    "by_truth_beside",
    "by_truth_of",
    "compare_outcome",
    "scores_of",
    "side_by_side",
)

"""Many recordings under two settings: jobs in parallel processes, results kept by content."""

from pipeline.adapters.runs.backtesting.bar import bar
from pipeline.adapters.runs.backtesting.comparing import Compared, compare_outcome, scores_of, side_by_side
from pipeline.adapters.runs.backtesting.running import Outcome, Plan, Side, backtest

__all__ = (
    "Compared",
    "Outcome",
    "Plan",
    "Side",
    "backtest",
    "bar",
    "compare_outcome",
    "scores_of",
    "side_by_side",
)

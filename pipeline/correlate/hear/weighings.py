"""Weighings: what DETECT believes of hot places, kept per market as long as they are hot."""

from collections.abc import Sequence
from typing import Final

from pipeline.correlate.config import WEIGHINGS_MAX
from pipeline.correlate.evidence.account import named
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.weighings import Weighing

COOL_MILLI: Final = -4_600
"""Log-odds of a disturbance, below which a place that is taken for normal is forgotten: one in a hundred."""

STALE_MS: Final = 30 * MINUTE_MS
"""A place that was not weighed for so long is forgotten: whoever spoke there has fallen silent."""


def hear_weighings(weighings: Sequence[Weighing], pane: PaneAtWork) -> None:
    """Keep the latest weighing of each place that is hot.

    Args:
        weighings: Weighings of this pane.
        pane: The pane at work; its market changes in place.
    """
    known = {**pane.market.weighings, **named(weighings)}
    hot = {name: known[name] for name in sorted(known) if _is_hot(known[name], pane.at)}
    if len(hot) > WEIGHINGS_MAX:
        kept = sorted(hot, key=lambda name: (-hot[name].disturbed_milli, name))[:WEIGHINGS_MAX]
        hot = {name: hot[name] for name in sorted(kept)}
    pane.market.weighings = hot


def _is_hot(weighing: Weighing, now: int) -> bool:
    cool = weighing.disturbed_milli < COOL_MILLI and weighing.odds_milli < COOL_MILLI
    return not cool and now - int(weighing.ended_at) <= STALE_MS

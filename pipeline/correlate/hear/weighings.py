"""Weighings: what DETECT believes of hot places, kept per market as long as they are hot; and where it measures."""

from collections.abc import Sequence
from typing import Final

from pipeline.correlate.config import MEASURED_MAX, WEIGHINGS_MAX
from pipeline.correlate.evidence.account import named
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.state import MarketState
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.anomalies import MeasuredPlace
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


def hear_measured(told: Sequence[MeasuredPlace], market: MarketState) -> None:
    """Remember where figures are measured.

    Args:
        told: Places of this pane, of all partitions; their order does not matter.
        market: Changes in place: tables are replaced, as readers of earlier panes may hold them.
    """
    if not told:
        return
    known = {operator: dict(areas) for operator, areas in market.measured.items()}
    room = MEASURED_MAX - sum(len(areas) for areas in known.values())
    for place in sorted(told, key=lambda place: (place.operator, place.area)):
        areas = known.setdefault(place.operator, {})
        if place.area not in areas:
            if room <= 0:
                continue
            room -= 1
        areas[place.area] = sorted({*areas.get(place.area, ()), *place.services})
    market.measured = {
        operator: {area: known[operator][area] for area in leaves_of(known[operator])} for operator in sorted(known)
    }

"""Where operators are: the smallest places in which their figures are measured, kept per market."""

from collections.abc import Sequence

from pipeline.correlate.config import MEASURED_MAX
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.state import MarketState
from pipeline.records.inner.anomalies import Measured


def hear_measured(told: Sequence[Measured], market: MarketState) -> None:
    """Remember where figures are measured.

    Args:
        told: Of this pane, of all partitions; their order does not matter.
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

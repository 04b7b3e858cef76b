"""Where an operator is measured: told when a first figure of a place is heard, and once a day."""

from pipeline.detect.state import ScopeState
from pipeline.records.clocks import DAY_MS
from pipeline.records.inner.anomalies import MeasuredPlace


def tell_measured(scope: ScopeState, end: int) -> tuple[MeasuredPlace, ...]:
    """Say in which places of a region figures bear on customers; nothing if that was said today.

    CORRELATE may have begun later than DETECT, so all of it is said again with each new day. A nation's figures are
    those of its regions.

    Args:
        scope: Remembers what it has said.
        end: End of the step, ms.
    """
    told = (end // DAY_MS, sum(len(services) for services in scope.figures.values()))
    if "/" not in scope.area or not told[1] or told == scope.measured_told:
        return ()
    scope.measured_told = told
    return tuple(
        MeasuredPlace(operator=scope.operator, area=area, services=list(services))
        for area, services in sorted(scope.figures.items())
    )

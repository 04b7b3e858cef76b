"""Surges in time: crowds that come and go without any outage.

A surge rises and falls in a straight line inside its start and end, so that
nothing of it lies outside the times that the truth of a trap names.
"""

from collections.abc import Iterable

from pipeline.records.clocks import MINUTE_MS
from pipeline.simulate.spec.events import Surge
from pipeline.simulate.world.rhythm import LocalClock


class SurgeInTime:
    """A surge in absolute time.

    Args:
        spec: The surge.
        clock: Reads its times.
        home: The operator whose customers it has, if the surge names none.
    """

    def __init__(self, spec: Surge, clock: LocalClock, home: str = "") -> None:
        self.spec = spec
        self.operator = spec.operator or home
        self.started_at, self.ended_at = clock.instant_of(spec.starts_at), clock.instant_of(spec.ends_at)
        self._ramp_ms = min(spec.ramp_minutes * MINUTE_MS, (self.ended_at - self.started_at) / 2)

    def level(self, time_ms: int) -> float:
        """How far it has risen, 0 to 1."""
        if not self.started_at <= time_ms < self.ended_at:
            return 0.0
        if not self._ramp_ms:
            return 1.0
        return min(1.0, (time_ms - self.started_at) / self._ramp_ms, (self.ended_at - time_ms) / self._ramp_ms)

    def minutes(self) -> range:
        """Starts of its minutes, in order."""
        return range(self.started_at, self.ended_at, MINUTE_MS)

    def reaches(self, operator: str, area: str) -> bool:
        """Tell whether it has customers of an operator in an area."""
        return operator == self.operator and (not self.spec.where or lies_in(area, self.spec.where))


def lies_in(area: str, places: Iterable[str]) -> bool:
    """Tell whether an area is one of some places, or below one of them.

    >>> lies_in("DE/NW/koeln", ["DE/NW"]), lies_in("DE/NWX", ["DE/NW"])
    (True, False)
    """
    return any(area == place or area.startswith(f"{place}/") for place in places)

"""Who is hit when: an outage's curve over its areas, and the truth that follows from it.

One curve says how much of the reach is down at a time; each area has a share
of it and may go down later than the rest. Everything a world writes about an
outage, and the truth beside it, is computed from this one place: what is down
is down in every source.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.truth import STILL_DOWN
from pipeline.simulate.spec.events import OutageIn
from pipeline.simulate.spec.scenario import AreaIn, ScenarioFile
from pipeline.simulate.world.rhythm import LocalClock
from pipeline.simulate.world.surges import lies_in

Footprint = tuple[str, str]
"""An operator's customers in an area: operator and area."""


_ROUNDING = 1e-9
"""What lies on a bar but for the rounding of floats is not above it."""


class FootprintHit(NamedTuple):
    """Share of a footprint's customers that an outage takes at its height, and how much later than elsewhere."""

    share: float
    lag_ms: int


class Outage:
    """An outage in absolute time.

    Args:
        spec: The outage.
        clock: Reads its times.
        file: The world, whose footprints it may hit.
    """

    def __init__(self, spec: OutageIn, clock: LocalClock, file: ScenarioFile) -> None:
        self.spec = spec
        self._times = [clock.instant_of(point.at) for point in spec.curve]
        self._shares = [point.share for point in spec.curve]
        self.started_at, self.ended_at = self._times[0], self._times[-1]
        self.footprints = footprints_hit(spec, file)
        self.services: frozenset[str] = frozenset(spec.services)
        if spec.emergency_numbers:
            self.services |= {"emergency"}
        self.full_at = self._times[self._shares.index(max(self._shares))]
        falls = (self._times[at] for at, (share, next_one) in enumerate(pairwise(self._shares)) if next_one < share)
        self.first_back_at = next(falls, self.ended_at)
        self._down: dict[int, list[tuple[int, int]]] = {}

    def level(self, time_ms: int) -> float:
        """Part of the outage's reach that is down at a time, 0 to 1."""
        if not self.started_at < time_ms < self.ended_at:
            return 0.0
        at = bisect_right(self._times, time_ms) - 1
        before, after = self._times[at], self._times[at + 1]
        part = (time_ms - before) / (after - before)
        return self._shares[at] * (1 - part) + self._shares[at + 1] * part

    def hit(self, operator: str, area: str, time_ms: int) -> float:
        """Tell how much of a footprint is down.

        Args:
            operator: Id of the operator whose customers are asked for.
            area: Where they live.
            time_ms: When, in milliseconds.

        Returns:
            Share of them without service, 0 to 1, among those who had it.
        """
        here = self.footprints.get((operator, area))
        if here is None or not self.started_at < time_ms < self.ended_at:
            return 0.0
        return here.share * self._level_after(time_ms, here.lag_ms)

    def _level_after(self, time_ms: int, lag_ms: int) -> float:
        """Level in an area that goes down so much later: it is back with the rest."""
        level = self.level(time_ms)
        return min(level, self.level(time_ms - lag_ms)) if lag_ms and level else level

    def down(self, operator: str, area: str) -> list[tuple[int, int]]:
        """When a footprint was down: stretches in which more than one in twenty of its worst were without service.

        Looked at once a minute and where the curve bends; what lies between two looks is not seen.

        Args:
            operator: Id of the operator.
            area: Where its customers live; the outage must hit them.

        Returns:
            From and to in milliseconds, the oldest first; none if an area goes down too late to be hit at all.
        """
        lag_ms = self.footprints[operator, area].lag_ms
        if lag_ms not in self._down:
            self._down[lag_ms] = list(self._stretches(lag_ms))
        return self._down[lag_ms]

    def _stretches(self, lag_ms: int) -> Iterator[tuple[int, int]]:
        looks = sorted({*range(self.started_at, self.ended_at, MINUTE_MS), *self.turns(), self.ended_at})
        bar = max(self._level_after(at, lag_ms) for at in looks) / STILL_DOWN + _ROUNDING

        def is_down(at: int) -> bool:
            return self._level_after(at, lag_ms) > bar

        since: int | None = None
        for before, at in pairwise(looks):
            if is_down(at) == (since is not None):
                continue
            if since is None:
                since = bisect_left(range(before, at), True, key=is_down) + before
            else:
                yield since, bisect_left(range(before, at), True, key=lambda moment: not is_down(moment)) + before
                since = None

    def affected(self, area: AreaIn) -> int:
        """Customers of a footprint who have one of the services that are down."""
        return affected(self.spec, area)

    def people_hit(self, area: AreaIn, time_ms: int) -> float:
        """Customers of a footprint without service at a time."""
        hit = self.hit(area.operator, area.id, time_ms)
        return self.affected(area) * hit if hit else 0.0

    def turns(self) -> set[int]:
        """Times at which the curve bends anywhere; its extremes are there."""
        lags = {0, *(hit.lag_ms for hit in self.footprints.values())}
        return {at + lag for at in self._times for lag in lags if at + lag <= self.ended_at}

    def hit_element(self, element: str, time_ms: int) -> float:
        """Part of a network element that telemetry shows down at a time, 0 to 1."""
        return self.level(time_ms) * self.spec.measured if element in self.spec.elements else 0.0


def footprints_hit(spec: OutageIn, file: ScenarioFile) -> dict[Footprint, FootprintHit]:
    """Whom an outage hits at all: share and lag by operator and area, in the order in which they go down.

    Areas given one by one have the last word over `where`.
    """
    usual = (operator.id for operator in file.operators if operator.role in {"primary", "hosted"})
    operators = frozenset(spec.operators or usual)
    creep_ms = round(spec.creep_minutes * MINUTE_MS)
    ordered: dict[str, FootprintHit] = {}
    for place in spec.where:
        for area in file.areas:
            if area.operator in operators and area.id not in ordered and lies_in(area.id, (place,)):
                ordered[area.id] = FootprintHit(spec.share, creep_ms * len(ordered))
    ordered |= {hit.area: FootprintHit(hit.share, hit.lag_seconds * 1_000) for hit in spec.areas}
    return {
        (area.operator, area.id): ordered[area.id]
        for area in file.areas
        if area.operator in operators and area.id in ordered and ordered[area.id].share > 0 and affected(spec, area)
    }


def affected(spec: OutageIn, area: AreaIn) -> int:
    """Customers of a footprint who have one of the services that are down; all, if only emergency calls are."""
    counts = [area.customers.get(name, 0) for name in spec.services if name != "emergency"]
    return max(counts, default=area.people)

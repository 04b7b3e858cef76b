"""Who is hit when: an outage's curve over its areas, and the truth that follows from it.

One curve says how much of the reach is down at a time; each area has a share
of it and may go down later than the rest. Everything a world writes about an
outage, and the truth beside it, is computed from this one place: what is down
is down in every source.
"""

from bisect import bisect_right

from pipeline.records.clocks import Instant
from pipeline.records.truth import TrueArea, TrueMessage, TrueOperator, TrueOutage
from pipeline.records.vocabulary import PPM
from pipeline.simulate.events import OutageIn, Statement
from pipeline.simulate.rhythm import LocalClock
from pipeline.simulate.scenario import AreaIn, OperatorIn

MINUTE_MS = 60_000


class Outage:
    """An outage in absolute time."""

    def __init__(self, spec: OutageIn, clock: LocalClock) -> None:
        self.spec = spec
        self._times = [clock.instant_of(point.at) for point in spec.curve]
        self._shares = [point.share for point in spec.curve]
        self.started_at, self.ended_at = self._times[0], self._times[-1]
        self._areas = {hit.area: hit for hit in spec.areas}
        self.services: frozenset[str] = frozenset(spec.services)
        if spec.emergency_numbers:
            self.services |= {"emergency"}
        peak = max(self._shares)
        first = self._shares.index(peak)
        self.full_at = self._times[first]
        self.first_back_at = next(
            (at for at, after in zip(self._times[first:], self._shares[first + 1 :], strict=False) if after < peak),
            self.ended_at,
        )

    def level(self, time_ms: int) -> float:
        """Part of the outage's reach that is down at a time, 0 to 1."""
        if not self.started_at < time_ms < self.ended_at:
            return 0.0
        at = bisect_right(self._times, time_ms) - 1
        before, after = self._times[at], self._times[at + 1]
        part = (time_ms - before) / (after - before)
        return self._shares[at] * (1 - part) + self._shares[at + 1] * part

    def hit(self, area: str, time_ms: int) -> float:
        """Share of an area's customers without service at a time, 0 to 1."""
        here = self._areas.get(area)
        if here is None:
            return 0.0
        level = self.level(time_ms)
        if here.lag_seconds and level:
            level = min(level, self.level(time_ms - here.lag_seconds * 1_000))
        return here.share * level

    def hit_element(self, element: str, time_ms: int) -> float:
        """Part of a network element that is down at a time, 0 to 1."""
        return self.level(time_ms) if element in self.spec.elements else 0.0


def hit_share(outages: tuple[Outage, ...], area: str, time_ms: int, service: str | None = None) -> float:
    """Share of an area's customers that any outage hits; of one service, if named.

    Outages are taken as independent: two that hit half each leave a quarter.
    """
    whole = 1.0
    for outage in outages:
        if outage.started_at < time_ms < outage.ended_at and (service is None or service in outage.services):
            whole *= 1.0 - outage.hit(area, time_ms)
    return 1.0 - whole


def true_outage(
    outage: Outage,
    *,
    areas: tuple[AreaIn, ...],
    operators: tuple[OperatorIn, ...],
    messages: tuple[TrueMessage, ...],
) -> TrueOutage:
    """Write down what was true of an outage.

    Args:
        outage: The outage.
        areas: All areas of the world; those not hit are left out.
        operators: All operators of the world; those with no area hit are left out.
        messages: What the operators said of it.
    """
    spec = outage.spec
    shares = {hit.area: hit for hit in spec.areas}
    here = [area for area in areas if area.id in shares and shares[area.id].share > 0]
    peak = max(outage.level(at) for at in (outage.full_at, outage.first_back_at))
    first = outage.started_at - outage.started_at % MINUTE_MS
    minutes = range(first, outage.ended_at + MINUTE_MS, MINUTE_MS)
    return TrueOutage(
        outage_id=spec.id,
        started_at=Instant(outage.started_at),
        full_at=Instant(outage.full_at),
        first_back_at=Instant(outage.first_back_at),
        ended_at=Instant(outage.ended_at),
        operators=tuple(
            TrueOperator(operator=operator.id, role=operator.true_role)
            for operator in operators
            if any(area.operator == operator.id for area in here)
        ),
        areas=tuple(
            TrueArea(
                area=area.id,
                operator=area.operator,
                customers=area.people,
                share_ppm=round(shares[area.id].share * peak * PPM),
                lag_seconds=shares[area.id].lag_seconds,
            )
            for area in here
        ),
        services=tuple(sorted(spec.services)),
        items=spec.items,
        element=spec.suspected_element,
        cause=spec.cause,
        nature=spec.nature,
        extent=spec.extent,
        emergency_numbers=spec.emergency_numbers,
        customers=round(sum(area.people * shares[area.id].share * peak for area in here)),
        hit_per_minute=tuple(round(sum(area.people * outage.hit(area.id, at) for area in here)) for at in minutes),
        messages=messages,
    )


def true_message(post_id: str, statement: Statement, posted_at: int) -> TrueMessage:
    """Write down what an operator said."""
    return TrueMessage(
        post_id=post_id,
        operator=statement.operator,
        platform=statement.platform,
        posted_at=Instant(posted_at),
        kind=statement.kind,
        text=statement.text,
    )

"""What was true, in the form that a score needs: what is not known is None, and then nothing is scored on it.

A simulated world knows everything; an operator's own log knows start, end,
place and perhaps a service. Both become a `KnownWorld`, so that one rule matches
both and no figure is made up from a default.

A log says when the operator noticed, a truth when it began. So an incident
may be earlier than a row of a log, which is the very thing we want to know,
but not earlier than a truth: that would be a false alarm that was lucky.
"""

from typing import Any, Final, Literal

import msgspec

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.records.truth import TrueMessage, TrueOutage, Truth
from pipeline.records.vocabulary import CauseKind, Extent, Nature, Role, Severity

Known = Literal["truth", "log"]

SEVERE: Final = (Severity.CRITICAL, Severity.MAJOR)
"""What "severe" means in every figure."""


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """How far times may lie apart.

    Attributes:
        early_seconds: An incident may begin this much before the outage. One minute for a truth: times are exact,
            and panes are judged at their end. Two hours for a log, which begins when somebody noticed.
        late_seconds: ... and this much after its end: of a five-minute outage people write when they are back.
    """

    early_seconds: int = 60
    late_seconds: int = 1_800


LOG_TOLERANCE: Final = Tolerance(early_seconds=7_200)


class AreaDown(msgspec.Struct, frozen=True, kw_only=True):
    """One area that was down.

    Attributes:
        customers: Customers hit there at the worst moment; None if not known, then each area counts the same.
    """

    area: str
    customers: int | None = None


class AreaReturn(msgspec.Struct, frozen=True, kw_only=True):
    """When the customers of one operator in one area had service again; times in ms.

    Attributes:
        customers: Customers hit there at the worst moment.
        back_at: When it was back for good.
        respites: From and to, when it was well before, and went down again.
    """

    area: str
    customers: int
    back_at: int
    respites: tuple[tuple[int, int], ...] = ()

    def is_down(self, at: int) -> bool:
        """Is it still to come back at a moment, ms?"""
        return at < self.back_at and not any(begin <= at < end for begin, end in self.respites)


class KnownOutage(msgspec.Struct, frozen=True, kw_only=True):
    """One outage, with None for what nobody wrote down.

    Attributes:
        roles: Operators that were down; the role is None if not known.
        services: Sorted, `emergency` among them if emergency numbers could not be reached.
        items: TV channels and technologies that were down, as written; None if not known.
        customers: Hit at the worst moment.
        hit_per_minute: Customers without service at the start of each minute from the start on; None if not known.
        returns: When each area was back; None if not known of each.
        first_word_at: The first own message of an operator that was down; what healthy ones say is none.
    """

    outage_id: str
    kind: str
    started_at: int
    ended_at: int
    roles: dict[str, Role | None]
    hits: tuple[AreaDown, ...]
    services: tuple[str, ...] | None = None
    severity: Severity | None = None
    visible_at: int | None = None
    full_at: int | None = None
    first_back_at: int | None = None
    extent: Extent | None = None
    nature: Nature | None = None
    emergency: bool | None = None
    items: tuple[str, ...] | None = None
    cause: CauseKind | None = None
    customers: int | None = None
    hit_per_minute: tuple[int, ...] | None = None
    returns: tuple[AreaReturn, ...] | None = None
    first_word_at: int | None = None
    messages: tuple[TrueMessage, ...] = ()
    blamed: tuple[str, ...] = ()

    @property
    def severe(self) -> bool:
        """Is it critical or major?"""
        return self.severity in SEVERE

    def hit_at(self, at: int) -> int | None:
        """Customers who were without service at a moment, ms; None if nobody knows."""
        if self.hit_per_minute is None:
            return None
        minute = (at - self.started_at // MINUTE_MS * MINUTE_MS) // MINUTE_MS
        return self.hit_per_minute[minute] if 0 <= minute < len(self.hit_per_minute) else 0

    @property
    def areas(self) -> tuple[str, ...]:
        """Paths of the areas that were down, sorted."""
        return tuple(sorted({hit.area for hit in self.hits}))


class KnownTrap(msgspec.Struct, frozen=True, kw_only=True):
    """Something that looked like an outage; without operators it is a trap for all."""

    trap_id: str
    kind: str
    started_at: int
    ended_at: int
    operators: tuple[str, ...] = ()


class WorldFrame(msgspec.Struct, frozen=True, kw_only=True):
    """Which world something is about, and when and where it was.

    Attributes:
        name: Scenario and seed, or the name of the log.
        known: `truth`, or `log`: a log judges only the operators that it speaks of.
        market: Country, ISO 3166.
        time_zone: In which its people read clocks, such as `Europe/Berlin`.
        started_at: In milliseconds.
        ended_at: In milliseconds.
    """

    name: str
    known: Known
    market: str
    time_zone: str
    started_at: int
    ended_at: int


class KnownWorld(WorldFrame, frozen=True, kw_only=True):
    """All that is known of one run's time.

    Attributes:
        operators: Those that are judged.
        tolerance: How far the times of an incident and of an outage may lie apart.
    """

    operators: tuple[str, ...]
    outages: tuple[KnownOutage, ...]
    traps: tuple[KnownTrap, ...] = ()
    tolerance: Tolerance = Tolerance()

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.ended_at - self.started_at) / DAY_MS

    def frame(self) -> dict[str, Any]:
        """Fields of the frame by name: what a score of this world has in common with it."""
        return {name: getattr(self, name) for name in WorldFrame.__struct_fields__}


def world_of(truth: Truth) -> KnownWorld:
    """A simulated world's truth, ready to be scored against."""
    outages = tuple(
        sorted((_outage(outage) for outage in truth.outages), key=lambda outage: (outage.started_at, outage.outage_id))
    )
    traps = tuple(
        KnownTrap(
            trap_id=trap.trap_id,
            kind=trap.kind,
            started_at=int(trap.started_at),
            ended_at=int(trap.ended_at),
            operators=trap.operators,
        )
        for trap in sorted(truth.traps, key=lambda trap: (trap.started_at, trap.trap_id))
    )
    named = {operator for outage in outages for operator in (*outage.roles, *outage.blamed)}
    named |= {operator for trap in traps for operator in trap.operators}
    return KnownWorld(
        name=f"{truth.scenario} {truth.seed}",
        known="truth",
        market=truth.market,
        time_zone=truth.time_zone,
        started_at=int(truth.started_at),
        ended_at=int(truth.ended_at),
        operators=truth.operators or tuple(sorted(named)),
        outages=outages,
        traps=traps,
    )


def _outage(outage: TrueOutage) -> KnownOutage:
    roles: dict[str, Role | None] = {operator.operator: operator.role for operator in outage.operators}
    services = {*map(str, outage.services), *(("emergency",) if outage.emergency_numbers else ())}
    customers: dict[str, int] = {}
    for area in outage.areas:
        customers[area.area] = customers.get(area.area, 0) + round(area.customers * area.share_ppm / 1_000_000)
    return KnownOutage(
        outage_id=outage.outage_id,
        kind=outage.kind,
        started_at=int(outage.started_at),
        ended_at=int(outage.ended_at),
        roles=roles,
        hits=tuple(AreaDown(area=area, customers=number) for area, number in sorted(customers.items())),
        services=tuple(sorted(services)),
        severity=outage.severity,
        visible_at=None if outage.visible_at is None else int(outage.visible_at),
        full_at=int(outage.full_at),
        first_back_at=int(outage.first_back_at),
        extent=outage.extent,
        nature=outage.nature,
        emergency=bool(outage.emergency_numbers),
        items=outage.items,
        cause=outage.cause,
        customers=outage.customers,
        hit_per_minute=outage.hit_per_minute,
        returns=_returns(outage),
        first_word_at=min((int(said.posted_at) for said in outage.messages if said.operator in roles), default=None),
        messages=outage.messages,
        blamed=outage.blamed,
    )


def _returns(outage: TrueOutage) -> tuple[AreaReturn, ...] | None:
    rows = [
        AreaReturn(
            area=area.area,
            customers=round(area.customers * area.share_ppm / 1_000_000),
            back_at=int(area.back_at),
            respites=tuple((int(respite.begins_at), int(respite.ends_at)) for respite in area.respites),
        )
        for area in outage.areas
        if area.back_at is not None
    ]
    return tuple(rows) if rows and len(rows) == len(outage.areas) else None

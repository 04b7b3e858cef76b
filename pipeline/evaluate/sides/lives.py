"""An incident's whole life in the few facts that a score asks for.

An incident is a row of revisions, and most questions are about one moment of
it. What it *is* about (operators, areas, services) is taken from the last
revision, which is what stands in the record. Confidence is taken when the
matter was decided: at the first confirmation, or just before it was dropped.
A confirmation is a stopping time, so who is calibrated at every moment is
calibrated there too; the greatest confidence ever said would not be. The moment
before a drop is none, as only the drop tells it: there a calibrated forecaster
looks a little too sure. The confidence of the drop itself would flatter: it says
what was decided.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import msgspec

from pipeline.records.published.incident_parts import Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import Role, Severity

_SEEN: Final = frozenset({"suspected", "confirmed"})
"""States with evidence; `recovering` is quiet already."""
_OVER: Final = frozenset({"resolved", "closed", "dismissed"})


class EndTold(NamedTuple):
    """When it said that the outage will be over, in ms since 1970."""

    earliest: int
    likely: int
    latest: int


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, from opening to end; times in ms since 1970.

    Attributes:
        now: The last revision.
        confirmed_at: First confirmation; None if it was only ever suspected.
        steps: Time and state of each step, the oldest first.
        seen: Stretches in which there was evidence: suspected or confirmed.
        roles: Operators that it says are down; who is only blamed is not among them.
        confidence_ppm: When it was decided; None if it never said any.
        peak_ppm: The greatest confidence that it ever said; None if it never said any.
        customers: The greatest estimate that it gave of customers affected.
        emergency_said_at: First revision that says emergency calls are affected.
        course: How many customers it said are affected, from each revision on that said so: time, low and high.
        backs: When it said that each area is back, all times that it said so.
        ends: When it said that all will be over, in each revision; None in one that says no end.
        announced: Did it name announced work (a maintenance window, or planned in nature) when it was opened, when it
            was confirmed first, or at last? Work that overruns its window was announced all the same.
    """

    incident_id: str
    now: Incident
    opened_at: int
    confirmed_at: int | None
    steps: tuple[tuple[int, str], ...]
    seen: tuple[tuple[int, int], ...]
    roles: dict[str, Role]
    areas: tuple[str, ...]
    services: tuple[str, ...]
    severity: Severity
    confidence_ppm: int | None
    emergency_said_at: int | None
    peak_ppm: int | None = None
    customers: Interval | None = None
    course: tuple[tuple[int, int, int], ...] = ()
    backs: tuple[tuple[str, int], ...] = ()
    ends: tuple[tuple[int, EndTold | None], ...] = ()
    announced: bool = False

    @property
    def dismissed(self) -> bool:
        """Was it dropped in the end?"""
        return self.now.state == "dismissed"

    @property
    def over_at(self) -> int:
        """When it was last seen, or is still seen."""
        return max((end for _, end in self.seen), default=self.opened_at)

    def begins_in(self, start_ms: int, end_ms: int) -> bool:
        """Was it opened, first confirmed, or reopened in this stretch of time?"""
        return self.begun_at(start_ms, end_ms) is not None

    def begun_at(self, start_ms: int, end_ms: int) -> int | None:
        """The first of opening, confirmation and reopenings that lies in this stretch of time.

        A suspicion from before that is confirmed in it counts from the confirmation: what was said
        before was said of nothing. One that was confirmed before and is still open says nothing new.
        """
        return next((at for at in (self.opened_at, *self.confirmations) if start_ms <= at <= end_ms), None)

    def confirmed_since(self, start_ms: int) -> int | None:
        """The first confirmation, or reopening, from this moment on."""
        return next((at for at in self.confirmations if at >= start_ms), None)

    @property
    def confirmations(self) -> tuple[int, ...]:
        """The first confirmation, and each time it was opened again after it had been resolved."""
        if self.confirmed_at is None:
            return ()
        pairs = pairwise(self.steps)
        return (self.confirmed_at, *(at for (_, old), (at, new) in pairs if (old, new) == ("resolved", "confirmed")))

    @property
    def cleared_at(self) -> tuple[int, ...]:
        """Each time it said that the outage is over."""
        return tuple(at for (_, old), (at, new) in pairwise(self.steps) if new == "resolved" and old != "closed")

    def customers_at(self, at: int) -> tuple[int, int] | None:
        """Fewest and most customers that it said are affected at a moment, ms; None before it said any."""
        said = [(low, high) for since, low, high in self.course if since <= at]
        return said[-1] if said else None

    def end_told_at(self, at: int) -> EndTold | None:
        """The end that it told at a moment, ms; None if it told none then."""
        said = [end for since, end in self.ends if since <= at]
        return said[-1] if said else None

    def seen_in(self, start_ms: int, end_ms: int) -> bool:
        """Was there evidence at any moment of this stretch of time?"""
        return any(start <= end_ms and end >= start_ms for start, end in self.seen)


def life_of(revisions: Sequence[Incident], until_ms: int) -> Life:
    """Sum up an incident.

    Args:
        revisions: All of one incident, in any order; at least one.
        until_ms: End of the world: what is still open lasts to here.
    """
    rows = sorted(revisions, key=lambda revision: revision.revision)
    now = rows[-1]
    steps = _steps(rows)
    confirmed = [int(row.confirmed_at) for row in rows if row.confirmed_at is not None]
    said = [row for row in rows if row.emergency is not None and row.emergency.affected]
    return Life(
        incident_id=now.incident_id,
        now=now,
        opened_at=int(now.opened_at),
        confirmed_at=min(confirmed, default=None),
        steps=steps,
        seen=_seen(steps, max(until_ms, int(now.updated_at))),
        roles={operator.operator: operator.role for operator in now.operators if operator.role is not None},
        areas=tuple(area.area for area in now.areas),
        services=tuple(sorted(map(str, now.services))),
        severity=now.severity_peak or _worst(row.severity for row in rows),
        confidence_ppm=_decided(rows),
        peak_ppm=max((row.confidence_ppm for row in rows if row.confidence_ppm is not None), default=None),
        emergency_said_at=int(said[0].updated_at) if said else None,
        customers=max(
            (row.customers_affected for row in rows if row.customers_affected is not None),
            key=lambda estimate: (estimate.likely or estimate.high, estimate.high, estimate.low),
            default=None,
        ),
        course=tuple(
            (int(row.updated_at), row.customers_affected.low, row.customers_affected.high)
            for row in rows
            if row.customers_affected is not None
        ),
        backs=tuple(sorted({(part.area, int(row.updated_at)) for row in rows for part in row.areas if part.back_at})),
        ends=tuple((int(row.updated_at), _end_told(row)) for row in rows),
        announced=any(_is_announced(row) for row in (rows[0], *_first_confirmed(rows), now)),
    )


def _end_told(row: Incident) -> EndTold | None:
    end = row.estimated_end
    if end is None:
        return None
    likely = end.latest if end.likely is None else end.likely
    return EndTold(int(end.earliest), int(likely), int(end.latest))


def _is_announced(row: Incident) -> bool:
    return row.maintenance is not None or row.nature == "planned"


def _first_confirmed(rows: Sequence[Incident]) -> Sequence[Incident]:
    return [row for row in rows if row.confirmed_at is not None][:1]


def _steps(rows: Iterable[Incident]) -> tuple[tuple[int, str], ...]:
    """Of all revisions, since the history of the last one may have been cut."""
    steps: list[tuple[int, str]] = []
    for row in rows:
        known = [(int(step.at), str(step.state)) for step in row.state_history]
        known = known or [(int(row.updated_at), str(row.state))]
        steps += [step for step in known if not steps or (step[0] >= steps[-1][0] and step not in steps)]
    return tuple(steps)


def _seen(steps: Sequence[tuple[int, str]], until_ms: int) -> tuple[tuple[int, int], ...]:
    ends = [at for at, _ in steps[1:]] + [until_ms]
    return tuple((at, end) for (at, state), end in zip(steps, ends, strict=True) if state in _SEEN)


def _worst(severities: Iterable[Severity]) -> Severity:
    order = list(Severity)
    return min(severities, key=order.index)


def _decided(rows: Sequence[Incident]) -> int | None:
    if first := _first_confirmed(rows):
        return first[0].confidence_ppm
    before = [row.confidence_ppm for row in rows if row.state not in _OVER]
    return before[-1] if before else rows[-1].confidence_ppm

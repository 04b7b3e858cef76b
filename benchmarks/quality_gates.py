"""Plain gates in the place of the account: what counting witnesses alone would suspect and confirm.

Before there was an account of evidence, an incident was a fact once two kinds of witness (the network, those who turn
to the operator, those who speak in public) had spoken, each with a weight of its own, or one strongly enough; people
counted as what exceeds the usual. These gates stand here and nowhere else: DETECT's output is taken as it was kept, and
each weighing in it says what the gates say. So CORRELATE runs as it is, and what differs is the belief.

What a reader may question: DETECT still has its account, by which it learns nothing while an outage is likely, and its
share of customers; gates have neither. So they look a little better here than they were.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from msgspec import structs

from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.testimony import CARE, NETWORK, PUBLIC, Testimony, testimonies_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.inner.weighings import Weighing
from pipeline.records.series import is_within

COLD_MILLI: Final = -7_000
SUSPECTED_MILLI: Final = 850
CONFIRMED_MILLI: Final = 4_600
"""What gates tell, as log-odds: nothing, seven in ten, .99: beyond the bars of a suspicion and of a fact."""

SURPRISE_MIN: Final = 6.0
"""A figure carries weight from so much evidence on, -log10 of its chance, and if it stands out for so long:"""
SECONDS_MIN: Final = 120
LEARNT_HOURS_MIN: Final = 1
PEOPLE_MIN: Final = 3
PEOPLE_ALONE_MIN: Final = 8
"""People beyond the usual that carry weight beside a figure, and where both kinds of witness are people."""
SHARE_TIMES: Final = 2.0
"""Tickets count without the network if complaints have grown so many times as much as other contacts."""
MANY_CUSTOMERS: Final = (20, 5)
MANY_POSTS: Final = (50, 15)
MANY_UNPLACED: Final = (200, 30)
"""People beyond the usual, and minutes, from which on one kind of witness suffices; posts of two places, or of none."""

PAUSE_MS: Final = 30 * MINUTE_MS
"""Two witnesses count together if they spoke within so long; what has not stood out for so long is forgotten."""
STANDS_MS: Final = 3 * MINUTE_MS
"""A series stands out for so long after its last step that did, or two steps if these are longer."""


@dataclass(slots=True, kw_only=True)
class Spoken:
    """What a series has said since it began to stand out."""

    testimony: Testimony
    first_at: int
    last_at: int
    surprise: float = 0.0
    learnt_hours: int = 0
    excess: float = 0.0
    records: int = 0
    usual: float = 0.0

    @property
    def anomaly(self) -> Anomaly:
        """Its latest step."""
        return self.testimony.anomaly

    @property
    def stands_to(self) -> int:
        """Until when it stands out, ms."""
        return self.last_at + max(STANDS_MS, 2 * self.anomaly.step_ms)

    def hear(self, testimony: Testimony) -> None:
        """Take a step in: what was usual in the quiet steps before it is taken off what exceeded the usual."""
        anomaly = testimony.anomaly
        end, step_ms = int(anomaly.ended_at), anomaly.step_ms
        quiet_ms = max(0, end - step_ms - self.last_at)
        self.excess = max(0.0, self.excess - anomaly.expected * quiet_ms / step_ms)
        self.excess += max(0.0, anomaly.people - anomaly.expected)
        self.surprise = max(self.surprise, anomaly.evidence / math.log(10) or anomaly.surprise)
        self.learnt_hours = max(self.learnt_hours, anomaly.learnt_hours)
        self.records += anomaly.records
        self.usual += anomaly.expected
        self.testimony, self.last_at = testimony, end

    @property
    def is_weighty(self) -> bool:
        """Is it a figure with much evidence, which lasts, and which is known long enough?"""
        lasts = self.last_at - self.first_at >= SECONDS_MIN * 1_000
        known = self.learnt_hours >= LEARNT_HOURS_MIN
        return self.anomaly.source == "telemetry" and self.surprise >= SURPRISE_MIN and lasts and known


def are_fact(said: Sequence[Spoken]) -> bool:
    """Do witnesses of one outage suffice?

    Args:
        said: All that stood out lately where it is.
    """
    people = {kind: _people_of(said, kind) for kind in (CARE, PUBLIC)}
    well = {spoken.testimony.kind for spoken in said if spoken.is_weighty}
    if NETWORK in well and (CARE in well or any(most.excess >= PEOPLE_MIN for most in people.values())):
        return True
    moved = _is_share_moved(said)
    if moved and all(most.excess >= PEOPLE_ALONE_MIN for most in people.values()):
        return True
    if _is_strong(said) or (moved and _are_many(people[CARE], *MANY_CUSTOMERS)):
        return True
    placed = leaves_of({one.anomaly.area for one in said if one.testimony.kind == PUBLIC and "/" in one.anomaly.area})
    return _are_many(people[PUBLIC], *MANY_UNPLACED) or (len(placed) >= 2 and _are_many(people[PUBLIC], *MANY_POSTS))


class _Crowd(NamedTuple):
    excess: float = 0.0
    minutes: float = 0.0


def _people_of(said: Iterable[Spoken], kind: str) -> _Crowd:
    """The largest crowd of a kind: sums hold each other, so they are not added up."""
    crowds = [
        _Crowd(one.excess, (one.last_at - one.first_at) / MINUTE_MS)
        for one in said
        if one.testimony.kind == kind and one.anomaly.measure == "complaints"
    ]
    return max(crowds, default=_Crowd())


def _are_many(crowd: _Crowd, people: int, minutes: int) -> bool:
    return crowd.excess >= people and crowd.minutes >= minutes


def _is_strong(said: Iterable[Spoken]) -> bool:
    """Do two figures, or two places, show it?"""
    strong = [one.anomaly for one in said if one.testimony.kind == NETWORK and one.is_weighty]
    return len({one.measure for one in strong}) >= 2 or len(leaves_of({one.area for one in strong})) >= 2


def _is_share_moved(said: Iterable[Spoken]) -> bool:
    tickets = [one for one in said if one.anomaly.source == "tickets" and not one.anomaly.service]
    grown = {
        measure: max(
            (one.records / max(0.001, one.usual) for one in tickets if one.anomaly.measure == measure), default=0.0
        )
        for measure in ("complaints", "contacts")
    }
    return grown["complaints"] >= SHARE_TIMES * max(1.0, grown["contacts"])


@dataclass(slots=True)
class Gates:
    """The gates of one market; panes come in order of time.

    Args:
        reference: As CORRELATE has it.
    """

    reference: CorrelateReference
    _said: dict[str, dict[str, Spoken]] = field(default_factory=dict)
    _made: dict[tuple[str, str], Weighing] = field(default_factory=dict)

    @property
    def due_at(self) -> int | None:
        """When something that only the gates weigh stops standing out, ms; None if nothing does."""
        areas = [(operator, area) for operator, area in self._made]
        return min((self._stands_to(*where) for where in areas), default=None)

    def weighings_of(self, end: int, anomalies: Iterable[Anomaly], weighings: Iterable[Weighing]) -> list[Weighing]:
        """What takes the place of a pane's weighings.

        Args:
            end: End of the pane, ms.
            anomalies: Of all partitions.
            weighings: DETECT's, whose places, services and shares stay.
        """
        self._hear(end, anomalies)
        told = {operator: dict(self._verdicts(operator, end)) for operator in self._said}
        weighed = [_judged(known, told.get(known.operator, {})) for known in weighings]
        there = {(known.operator, known.area) for known in weighed}
        made = {
            (operator, area): self._weighing(operator, area, end, milli)
            for operator, areas in told.items()
            for area, milli in areas.items()
            if (operator, area) not in there
        }
        gone = [
            structs.replace(known, ended_at=Instant(end), odds_milli=COLD_MILLI, disturbed_milli=COLD_MILLI)
            for where, known in self._made.items()
            if where not in made and where not in there
        ]
        self._made = made
        return [*weighed, *made.values(), *gone]

    def _hear(self, end: int, anomalies: Iterable[Anomaly]) -> None:
        for testimony in testimonies_of(anomalies, self.reference):
            if not (testimony.testifies or testimony.anomaly.measure == "contacts"):
                continue
            known = self._said.setdefault(testimony.anomaly.operator, {})
            began = int(testimony.anomaly.ended_at) - testimony.anomaly.step_ms
            spoken = known.setdefault(testimony.key, Spoken(testimony=testimony, first_at=began, last_at=began))
            spoken.hear(testimony)
        for operator, known in self._said.items():
            self._said[operator] = {key: one for key, one in known.items() if end - one.last_at <= PAUSE_MS}

    def _verdicts(self, operator: str, end: int) -> Iterator[tuple[str, int]]:
        """The smallest places in which something stands out, and what the gates say there."""
        said = list(self._said[operator].values())
        standing = {one.anomaly.area for one in said if one.testimony.carries and end <= one.stands_to}
        for area in leaves_of(standing):
            near = [one for one in said if _is_near(one.anomaly.area, area)]
            yield area, CONFIRMED_MILLI if are_fact(near) else SUSPECTED_MILLI

    def _stands_to(self, operator: str, area: str) -> int:
        said = self._said.get(operator, {}).values()
        return max((one.stands_to for one in said if one.testimony.carries and one.anomaly.area == area), default=0)

    def _weighing(self, operator: str, area: str, end: int, milli: int) -> Weighing:
        mine = [one for one in self._said[operator].values() if one.anomaly.area == area and one.testimony.carries]
        figures = [one for one in mine if one.testimony.kind == NETWORK]
        return Weighing(
            operator=operator,
            scope_area=mine[0].anomaly.scope_area,
            area=area,
            service=min((one.anomaly.service for one in figures), default=""),
            ended_at=Instant(end),
            since=Instant(min(one.first_at for one in mine)),
            down_at=Instant(max((one.last_at for one in figures), default=0)),
            odds_milli=milli,
            disturbed_milli=milli,
            share_low_ppm=10_000,
            share_ppm=100_000,
            share_high_ppm=1_000_000,
            added_milli={},
            rival="normal",
        )


def _is_near(area: str, other: str) -> bool:
    """Does one hold the other, or do both lie in one region?"""
    return is_within(area, other) or is_within(other, area) or area.split("/")[:2] == other.split("/")[:2]


def _judged(known: Weighing, told: dict[str, int]) -> Weighing:
    near = (milli for area, milli in told.items() if is_within(area, known.area) or is_within(known.area, area))
    milli = max(near, default=COLD_MILLI)
    bare = structs.replace(known, odds_milli=milli, disturbed_milli=milli, added_milli={})
    return structs.replace(bare, rival="normal", rivals_ppm={}, alone_milli={})

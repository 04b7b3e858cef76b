"""A small world for DETECT: envelopes by the minute, and what comes out, merged."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pipeline.adapters.codecs import slots
from pipeline.detect.apply import apply
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Family
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.detect.known.reference import DetectReference
from pipeline.detect.state import DetectState, Slot, slot_type
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, SOURCES, Instant
from pipeline.records.effects import Effects, Refused
from pipeline.records.fixed_point import Exact, to_fixed
from pipeline.records.inner.anomalies import Anomaly, FeedSilence, Sealed, SealedPane
from pipeline.records.inner.partials import CounterReading, Partial, SeriesPartial
from pipeline.records.inner.samples import add_to_sample
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.decisions import Decision
from pipeline.reference.metrics import Metrics

T = TypeVar("T")

MONDAY = 1_736_121_600_000
"""2025-01-06T00:00:00Z."""

MARKET_OF: Mapping[str, str] = {"netcologne": "DE", "o2": "DE", "orange": "FR"}
NW, KOELN, BONN = "DE/NW", "DE/NW/koeln", "DE/NW/bonn"

QUICK = DetectConfig(markets=("DE", "FR"), warm_up_ms=2 * HOUR_MS, early_ms=HOUR_MS)
"""Warm after two hours, so that tests need not live through a day."""


def complaints(
    at: int, people: Iterable[int], area: str = KOELN, source: str = "tickets", service: str = "", **names: str
) -> SeriesPartial:
    """Complaints of some people, a ticket each."""
    partial = Partial()
    for person in people:
        partial.count += 1
        partial.total = Exact(partial.total + 1_000)
        partial.weight = Exact(partial.weight + 1)
        partial.weighted = Exact(partial.weighted + 1_000)
        add_to_sample(partial.ids, at * 1_000 + person, "no_service")
        add_to_sample(partial.people, person)
    fields = {"operator": "netcologne", "scope_area": NW, "measure": "complaints"} | names
    return SeriesPartial(area=area, source=source, service=service, pane=_pane(at), partial=partial, **fields)


def reading(
    at: int, value: float, area: str = KOELN, *, unit: str = "ratio", attempts: int = 100, **names: str
) -> SeriesPartial:
    """One reading of a measured value."""
    steps = to_fixed(value, unit)
    partial = Partial(
        count=1,
        total=Exact(steps),
        squares=Exact(steps * steps),
        least=Exact(steps),
        most=Exact(steps),
        weight=Exact(attempts),
        weighted=Exact(steps * attempts),
    )
    fields = {"operator": "netcologne", "scope_area": NW, "measure": "attach_success_ratio"} | names
    return SeriesPartial(area=area, source="telemetry", unit=unit, pane=_pane(at), partial=partial, **fields)


def counted(at: int, total: int, area: str = KOELN, **names: str) -> SeriesPartial:
    """One reading of a counter."""
    part = reading(at, total, area, unit="count", attempts=1, **names)
    part.partial.counter = CounterReading(at, int(part.partial.total))
    return part


def _pane(at: int) -> Instant:
    return Instant(at - at % 10_000)


def envelope(
    partials: Sequence[SeriesPartial], clock: int | None, lane: int = 0, lanes: int = 1, **more: Any
) -> Envelope:
    """What a batch of a lane says; all its sources have the same clock."""
    clocks = {} if clock is None else {source: Instant(clock) for source in SOURCES}
    return Envelope(
        epoch=1, lane=lane, lanes=lanes, partition=0, partitions=1, clocks=clocks, partials=list(partials), **more
    )


class Run:
    """Feeds envelopes to a state and keeps what comes out."""

    def __init__(
        self,
        config: DetectConfig = QUICK,
        detectors: tuple[Family, ...] = DETECTORS,
        metrics: Metrics | None = None,
        known: DetectReference | None = None,
    ) -> None:
        self.state, self.config, self.detectors = DetectState(0), config, detectors
        self.known = known or DetectReference(metrics)
        self.steps: list[Effects] = []

    def take(self, taken: Envelope) -> Effects:
        """One envelope."""
        step = apply(self.state, taken, self.config, MARKET_OF, self.detectors, self.known)
        self.steps.append(step)
        return step

    def live(self, partials: Iterable[SeriesPartial], until: int) -> "Run":
        """All partials, minute by minute, then time up to an instant."""
        by_minute: dict[int, list[SeriesPartial]] = {}
        for part in partials:
            by_minute.setdefault(part.pane // MINUTE_MS, []).append(part)
        for minute, parts in sorted(by_minute.items()):
            self.take(envelope(parts, (minute + 1) * MINUTE_MS))
        self.take(envelope([], until))
        return self

    def restart(self) -> None:
        """Write all slots as bytes, and go on from them."""
        slots = {name: encode_slot(slot) for name, slot in self.state.slots.items()}
        self.state = DetectState(0, {name: decode_slot(name, slot, self.detectors) for name, slot in slots.items()})

    @property
    def outputs(self) -> list[object]:
        """All of them, in order."""
        return [output for step in self.steps for output in step.outputs]

    @property
    def panes(self) -> dict[tuple[str, int], SealedPane]:
        """Sealed panes with content, by market and end."""
        found = {}
        for sealed in self.of(Sealed):
            for pane in sealed.panes:
                assert (sealed.market, pane.end) not in found, "a pane must be sealed once"
                found[sealed.market, int(pane.end)] = pane
        return dict(sorted(found.items()))

    @property
    def anomalies(self) -> list[Anomaly]:
        """In the order of time."""
        return [anomaly for pane in self.panes.values() for anomaly in pane.anomalies]

    @property
    def silences(self) -> list[FeedSilence]:
        """In the order of time."""
        return [silence for pane in self.panes.values() for silence in pane.silences]

    @property
    def decisions(self) -> list[Decision]:
        """In the order of time."""
        return self.of(Decision)

    @property
    def refused(self) -> list[Refused]:
        """In the order of arrival."""
        return self.of(Refused)

    def of(self, kind: type[T]) -> list[T]:
        """Outputs of a kind."""
        return [output for output in self.outputs if isinstance(output, kind)]

    def merged(self) -> tuple[object, ...]:
        """What must not depend on how the envelopes were cut."""
        sealed = {each.market: each.sealed_to for each in self.of(Sealed)}
        judged = sorted((each for step in self.steps for each in step.judged), key=repr)
        return self.panes, sealed, self.decisions, judged


def background(
    seed: int, begin: int, end: int, per_minute: float, area: str = KOELN, *, source: str = "tickets"
) -> list[SeriesPartial]:
    """Complaints that come by chance, each by another person."""
    rng, at, parts = random.Random(seed), float(begin), []
    while (at := at + rng.expovariate(per_minute) * MINUTE_MS) < end:
        parts.append(complaints(int(at), [rng.randrange(10**9)], area, source=source))
    return parts


def crowd(begin: int, minutes: int, per_minute: int, area: str = KOELN, **names: str) -> list[SeriesPartial]:
    """Complaints at an even rate, each by another person."""
    return [
        complaints(begin + minute * MINUTE_MS, _people(minute, per_minute), area, **names) for minute in range(minutes)
    ]


def _people(minute: int, many: int) -> range:
    first = 10**9 + minute * 1_000
    return range(first, first + many)


def steady(begin: int, end: int, value: float = 0.99, every_ms: int = MINUTE_MS) -> list[SeriesPartial]:
    """Readings in a rhythm."""
    return [reading(at, value) for at in range(begin, end, every_ms)]


def encode_slot(slot: Slot) -> bytes:
    """A slot as MessagePack."""
    return slots.encode_slot(slot, 1)


def decode_slot(name: str, data: bytes, detectors: tuple[Family, ...] = DETECTORS) -> Slot:
    """A slot from MessagePack."""
    return slots.decode_slot(data, slot_type(name, detectors))

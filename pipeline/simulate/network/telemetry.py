"""Telemetry: collectors that measure areas and elements, at their interval, not always punctual.

A collector sends all figures of one target together, so they share an arrival.
What a target can be hit by, its faults and its crowds are looked up once, when
its stream begins: most targets have none of them, and telemetry is the bulk of
all records.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from pipeline.records.clocks import DAY_MS, format_instant
from pipeline.simulate.network.faults import bent, faults_of
from pipeline.simulate.network.gauges import COUNTED_DAYS, Collection, Counter, Gauge
from pipeline.simulate.network.vendors import Gaps, Resets
from pipeline.simulate.seeds import delay_ms, generator_for
from pipeline.simulate.spec.scenario import FeedIn, MetricIn
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.world import Moment, Sent, World


class Target:
    """What a collector measures: an operator's network in an area, or an element and the region that it serves."""

    def __init__(
        self, world: World, operator: str, area: str, *, customers: dict[Any, int], element: str | None = None
    ) -> None:
        self.world, self.operator, self.area, self.element = world, operator, area, element
        self.customers = customers
        self.name = element or area
        reached = (surge for surge in world.surges if surge.spec.load != 1)
        self.crowded = any(surge.reaches(operator, area) for surge in reached)

    def customers_of(self, service: str | None) -> int:
        """Customers of a service; without one, of each service once."""
        return self.customers.get(service, 0) if service else sum(self.customers.values())

    def outages_for(self, service: str | None, item: str | None = None) -> tuple[Outage, ...]:
        """Outages that a figure of the target may show.

        In an area, a figure of all channels does not show that one is black: only that channel's probe does. An
        element that is named in an outage fails with it, except for its probes of other channels.
        """
        if self.element is not None:
            named = (outage for outage in self.world.outages if self.element in outage.spec.elements)
            return tuple(
                outage for outage in named if item is None or not outage.spec.items or item in outage.spec.items
            )
        here = (self.operator, self.area)
        return tuple(
            outage
            for outage in self.world.outages
            if here in outage.footprints
            and outage.spec.measured > 0
            and (service is None or service in outage.services)
            and (not outage.spec.items or item in outage.spec.items)
        )

    def hit(self, outages: tuple[Outage, ...], time_ms: int) -> float:
        """Share of the target that telemetry shows down by some of its outages, 0 to 1; they are independent."""
        if self.element is not None:
            return max((outage.hit_element(self.element, time_ms) for outage in outages), default=0.0)
        whole = 1.0
        for outage in outages:
            if outage.started_at < time_ms < outage.ended_at:
                whole *= 1.0 - outage.hit(self.operator, self.area, time_ms) * outage.spec.measured
        return 1.0 - whole


def telemetry_streams(world: World) -> Iterator[tuple[str, Iterator[Moment]]]:
    """All collectors of a world: a name, and the moments of its stream."""
    for feed in world.file.feeds:
        for target in _targets(world, feed):
            yield f"telemetry {feed.name} {target.operator} {target.name}", Collector(world, feed, target).moments()


def _targets(world: World, feed: FeedIn) -> Iterator[Target]:
    if feed.elements:
        elements = {element.id: element for element in world.file.elements}
        for name in feed.elements:
            yield Target(world, elements[name].operator, elements[name].area, customers={}, element=name)
        return
    operators = frozenset(feed.operators or (world.primary,))
    for area in world.file.areas:
        if area.operator in operators:
            yield Target(world, area.operator, area.id, customers=dict(area.customers))


class Probe:
    """A gauge, the outages that it may show, and the fields that all its records share."""

    def __init__(self, feed: FeedIn, target: Target, gauge: Gauge) -> None:
        metric = gauge.metric
        self.gauge, self.weighs = gauge, gauge.attempts > 0
        self.outages = target.outages_for(metric.service, metric.item)
        fields: dict[str, Any] = {
            "area": target.area,
            "attempts": 1 if self.weighs else None,
            "element": target.element,
            "interval_seconds": feed.interval_seconds,
            "item": metric.item,
            "metric": metric.name,
            "observed_at": "",
            "operator": target.operator,
            "service": metric.service,
            "unit": metric.unit,
            "value": 0.0,
            "vendor": feed.name,
        }
        self._fields = {name: value for name, value in fields.items() if value is not None}

    def record(self, chance: Random, tick: Collection, stamp: str, hit: float) -> dict[str, Any]:
        """Write the body of one reading.

        Args:
            chance: The collector's generator.
            tick: When it is measured, and how much the network is used then.
            stamp: The same time by the collector's clock, RFC 3339.
            hit: Share of the target that is down, 0 to 1.
        """
        body = self._fields.copy()
        body["observed_at"] = stamp
        if self.weighs:
            body["attempts"] = self.gauge.tries(chance, tick, hit)
        body["value"] = self.gauge.read(chance, tick, hit)
        return body


class Stamps:
    """Times as `format_instant` writes them, with the calendar asked once a day: no two collections share a time.

    >>> Stamps().of(1739347200250)
    '2025-02-12T08:00:00.250Z'
    """

    def __init__(self) -> None:
        self._day = -1
        self._date = ""

    def of(self, time_ms: int) -> str:
        """RFC 3339 in UTC, always with milliseconds."""
        day, rest = divmod(time_ms, DAY_MS)
        if day != self._day:
            self._day, self._date = day, format_instant(day * DAY_MS)[:11]
        seconds, milliseconds = divmod(rest, 1_000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return f"{self._date}{hour:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}Z"


class Collector:
    """One feed at one target.

    Args:
        world: The world.
        feed: The collector's habits and metrics.
        target: What it measures.
    """

    def __init__(self, world: World, feed: FeedIn, target: Target) -> None:
        self._world, self._feed, self._target = world, feed, target
        self._chance, self._stamps = self._chance_of("telemetry"), Stamps()
        gauges = [self._gauge(metric) for metric in feed.metrics]
        self._probes = [Probe(feed, target, gauge) for gauge in gauges if gauge.measures]
        self._counters = [probe.gauge for probe in self._probes if isinstance(probe.gauge, Counter)]
        self._outages = target.outages_for(None)
        feared = [*self._outages, *(outage for probe in self._probes for outage in probe.outages)]
        self._calm_before = min((outage.started_at for outage in feared), default=world.ended_at)
        self._calm_after = max((outage.ended_at for outage in feared), default=world.started_at)
        self._faults = faults_of(world, feed, target.operator, target.name)
        self._shifts = sorted(
            (world.clock.instant_of(shift.at), number, shift)
            for number, shift in enumerate(world.file.shifts)
            if shift.feed == feed.name
        )
        begins = world.started_at
        self._gaps = Gaps(feed, self._chance_of("gaps"), begins) if feed.gaps_per_day else None
        resets = feed.resets_per_day if self._counters else 0.0
        self._resets = Resets(resets, self._chance_of("resets"), begins) if resets else None

    def _chance_of(self, what: str) -> Random:
        return generator_for(self._world.seed, what, self._feed.name, self._target.operator, self._target.name)

    def _gauge(self, metric: MetricIn) -> Gauge:
        customers, seconds = self._target.customers_of(metric.service), self._feed.interval_seconds
        if not metric.counter:
            return Gauge(metric, customers, seconds)
        chance, resets = self._chance_of(f"age {metric.name} {metric.item}"), self._feed.resets_per_day
        age_days = chance.expovariate(resets) if resets else chance.random() * COUNTED_DAYS
        return Counter(metric, customers, seconds, age_days)

    def moments(self) -> Iterator[Moment]:
        """The stream, collection by collection."""
        world, feed, chance = self._world, self._feed, self._chance
        rhythm, growth, offset_ms = world.rhythms[feed.rhythm], world.growth, feed.clock_offset_seconds * 1_000
        phase_ms = chance.randrange(feed.interval_seconds) * 1_000
        for due in range(world.started_at + phase_ms, world.ended_at, feed.interval_seconds * 1_000):
            at = due + (chance.randrange(feed.jitter_ms + 1) if feed.jitter_ms else 0)
            arrival = at + delay_ms(chance, feed.delay.median_ms, feed.delay.spread, feed.delay.max_ms)
            used = rhythm.at(at)
            if self._target.crowded:
                used *= world.load(self._target.operator, self._target.area, at)
            if self._shifts or self._resets:
                self._move(at)
            tick = Collection(at, used, growth.at(at))
            records = self._collect(tick, arrival, at + offset_ms)
            if records:
                yield Moment(due, records)

    def _move(self, at: int) -> None:
        """Let deploys and restarts happen that are due."""
        while self._shifts and self._shifts[0][0] <= at:
            shift = self._shifts.pop(0)[2]
            for probe in self._probes:
                if probe.gauge.metric.name == shift.metric:
                    probe.gauge.shift(shift.factor)
        begun = self._resets.last_before(at) if self._resets is not None else None
        if begun is not None:
            for counter in self._counters:
                counter.reset(begun)

    def _collect(self, tick: Collection, arrival: int, shown: int) -> list[Sent]:
        """Measure everything once; what is lost, held back or never sent is measured all the same."""
        chance, target, feed, at = self._chance, self._target, self._feed, tick.at
        stamp, name, hit = self._stamps.of(shown), target.name, 0.0
        stormy = self._calm_before < at < self._calm_after
        records = []
        for probe in self._probes:
            if stormy:
                hit = target.hit(probe.outages, at)
            records.append(Sent(arrival, "telemetry", name, probe.record(chance, tick, stamp, hit)))
        overall = target.hit(self._outages, at) if stormy else 0.0
        lost = chance.random() < feed.loss * (1 - overall) + feed.loss_down * overall
        if self._gaps is not None and self._gaps.open(at):
            lost = True
        if self._faults:
            gauges = [probe.gauge for probe in self._probes]
            records = bent(self._faults, at, shown, list(zip(gauges, records, strict=True)))
        return [] if lost else records

"""Telemetry: collectors that measure areas and elements, at their interval, not always punctual.

A collector sends all figures of one target together, so they share an arrival.
A figure is its usual value, moved by the rhythm, a slow drift and noise; where
customers are hit it lies between the usual value and that of a dead network,
in proportion to their share. Noise stays as large in an outage as it was.
"""

import math
from collections.abc import Iterator
from random import Random
from typing import Any

from pipeline.records.clocks import format_instant
from pipeline.simulate.outage import hit_share
from pipeline.simulate.scenario import Feed, Metric
from pipeline.simulate.seeds import delay_ms, generator_for
from pipeline.simulate.world import Moment, Sent, World

WANDER_SECONDS = 7_200.0
"""After this time a drift has forgotten 63 % of itself."""


class Target:
    """What a collector measures: an area, or an element and the region that it serves."""

    def __init__(self, world: World, area: str, element: str | None) -> None:
        self.area, self.element = area, element
        self.world = world
        if element is None:
            here = next(each for each in world.file.areas if each.id == area)
            self.operator, self.customers = here.operator, dict(here.customers)
        else:
            self.operator = next(each.operator for each in world.file.elements if each.id == element)
            self.customers = {}

    def hit(self, service: str | None, time_ms: int) -> float:
        """Share of the target that is down for a service, 0 to 1."""
        if self.element is None:
            return hit_share(self.world.outages, self.operator, self.area, time_ms, service)
        return max((outage.hit_element(self.element, time_ms) for outage in self.world.outages), default=0.0)


class Gauge:
    """One figure of one target, with its drift."""

    def __init__(self, metric: Metric, target: Target, interval_seconds: int) -> None:
        self.metric = metric
        customers = target.customers.get(metric.service, 0) if metric.service else sum(target.customers.values())
        scale = customers if metric.per_customer else 1
        self.usual, self.down = metric.base * scale, metric.down * scale
        self.attempts = metric.attempts * customers
        self._keep = math.exp(-interval_seconds / WANDER_SECONDS)
        self._fresh = math.sqrt(1 - self._keep**2) * metric.wander
        self._drift = 0.0

    def read(self, chance: Random, busy: float, hit: float) -> float:
        """Measure once: a value as the probe reports it."""
        metric = self.metric
        self._drift = self._keep * self._drift + chance.gauss(0, 1) * self._fresh
        swing = 1 + metric.swing * (busy - 1)
        wobble = 1 + self._drift + chance.gauss(0, 1) * metric.noise
        mean = self.usual * (1 - hit) + self.down * hit
        value = max(0.0, mean * swing + self.usual * swing * (wobble - 1))
        if metric.unit == "ratio":
            value = min(1.0, value)
        return round(value, metric.digits) if metric.digits else round(value)

    def tries(self, chance: Random, busy: float, hit: float) -> int:
        """Number of attempts behind the value, in tens; who fails tries again."""
        return max(1, 10 * round(self.attempts / 10 * busy * (1 + 2 * hit) * (1 + 0.04 * chance.gauss(0, 1))))


def telemetry_streams(world: World) -> Iterator[tuple[str, Iterator[Moment]]]:
    """All collectors of a world: a name, and the moments of its stream."""
    for feed in world.file.feeds:
        if feed.elements:
            region = {element.id: element.area for element in world.file.elements}
            targets = [Target(world, region[name], name) for name in feed.elements]
        else:
            targets = [Target(world, area.id, None) for area in world.file.areas]
        for target in targets:
            name = target.element or target.area
            yield f"telemetry {feed.name} {name}", _collect(world, feed, target)


def _collect(world: World, feed: Feed, target: Target) -> Iterator[Moment]:
    name = target.element or target.area
    chance = generator_for(world.seed, "telemetry", feed.name, name)
    gauges = [Gauge(metric, target, feed.interval_seconds) for metric in feed.metrics]
    gauges = [gauge for gauge in gauges if gauge.usual > 0 or gauge.down > 0]
    rhythm = world.rhythms[feed.rhythm]
    phase_ms = chance.randrange(feed.interval_seconds) * 1_000
    for tick in range(world.started_at + phase_ms, world.ended_at, feed.interval_seconds * 1_000):
        at = tick + (chance.randrange(feed.jitter_ms + 1) if feed.jitter_ms else 0)
        arrival = at + delay_ms(chance, feed.delay.median_ms, feed.delay.spread, feed.delay.max_ms)
        busy = rhythm.at(at)
        stamp = format_instant(at)
        bodies = [_reading(chance, gauge, target, feed, busy, at, stamp) for gauge in gauges]
        overall = target.hit(None, at)
        if chance.random() >= feed.loss * (1 - overall) + feed.loss_down * overall:
            yield Moment(tick, [Sent(arrival, "telemetry", name, body) for body in bodies])


def _reading(  # noqa: PLR0913, PLR0917 - the innermost loop: an object for each reading would cost a fifth of the time
    chance: Random, gauge: Gauge, target: Target, feed: Feed, busy: float, at: int, stamp: str
) -> dict[str, Any]:
    metric = gauge.metric
    hit = target.hit(metric.service, at)
    body: dict[str, Any] = {"area": target.area}
    if gauge.attempts > 0:
        body["attempts"] = gauge.tries(chance, busy, hit)
    if target.element is not None:
        body["element"] = target.element
    body["interval_seconds"] = feed.interval_seconds
    body["metric"] = metric.name
    body["observed_at"] = stamp
    body["operator"] = target.operator
    if metric.service is not None:
        body["service"] = metric.service
    body["unit"] = metric.unit
    body["value"] = gauge.read(chance, busy, hit)
    body["vendor"] = feed.name
    return body

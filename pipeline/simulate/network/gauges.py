"""Gauges: what one figure of one target reads.

A figure is its usual value, moved by the rhythm, a slow drift and noise; where
customers are hit it lies between the usual value and that of a dead network,
in proportion to their share. Noise stays as large in an outage as it was.

A crowd that uses more moves only the part that swings with the rhythm: a
latency with a swing of 0.2 grows by a fifth when use doubles, and a success
ratio without swing stays. Growth moves all of a figure that is counted per
customer, since there are more of them, and of others the swinging part.
"""

import math
from random import Random
from typing import NamedTuple

from pipeline.simulate.spec.scenario import MetricIn

WANDER_SECONDS = 7_200.0
"""After this time a drift has forgotten 63 % of itself."""
COUNTED_DAYS = 30.0
"""A counter that is never reset has counted for up to this long when the world begins."""
DAY_SECONDS = 86_400


class Collection(NamedTuple):
    """What all figures of a collection share.

    Attributes:
        at: When it was measured, in milliseconds, by a clock that is right.
        used: How much the network is used, against the average of a usual week.
        grown: How much more of everything there is than when the scenario starts.
    """

    at: int
    used: float
    grown: float


class Gauge:
    """One figure of one target, with its drift.

    Args:
        metric: What it measures.
        customers: Customers of the target: those of the metric's service, if it has one.
        interval_seconds: Seconds from reading to reading, above 0.
    """

    def __init__(self, metric: MetricIn, customers: int, interval_seconds: int) -> None:
        self.metric = metric
        scale = customers if metric.per_customer else 1
        self.usual, self.down = metric.base * scale, metric.down * scale
        self.attempts = metric.attempts * customers
        self._keep = math.exp(-interval_seconds / WANDER_SECONDS)
        self._fresh = math.sqrt(1 - self._keep**2) * metric.wander
        self._drift = 0.0
        self.floor = -math.inf if metric.unit == "dbm" else 0.0
        self.ceiling = 1.0 if metric.unit == "ratio" else math.inf

    @property
    def measures(self) -> bool:
        """Tell whether there is anything to measure: a count per customer is not, where there are none."""
        return self.usual != 0 or self.down != 0

    def shift(self, factor: float) -> None:
        """Move its level for good, in normal life and in an outage alike."""
        self.usual *= factor
        self.down *= factor

    def read(self, chance: Random, tick: Collection, hit: float) -> float:
        """Measure once.

        Args:
            chance: The stream's generator.
            tick: When it is measured, and how much the network is used then.
            hit: Share of the target that is down, 0 to 1.

        Returns:
            A value in the metric's unit, as the probe reports it.
        """
        return self.rounded(self._figure(chance, tick, hit))

    def rounded(self, value: float) -> float:
        """A value within the limits of its unit and with the digits that the probe reports."""
        if value < self.floor:
            value = self.floor
        elif value > self.ceiling:
            value = self.ceiling
        return round(value, self.metric.digits) if self.metric.digits else round(value)

    def tries(self, chance: Random, tick: Collection, hit: float) -> int:
        """Number of attempts behind the value: who fails tries again.

        Args:
            chance: The stream's generator.
            tick: When it is measured, and how much the network is used then.
            hit: Share of the target that is down, 0 to 1.

        Returns:
            A multiple of ten, or 1 when next to nobody tries.
        """
        tens = self.attempts / 10 * tick.used * tick.grown * (1 + 2 * hit)
        return max(1, 10 * round(tens * (1 + 0.04 * chance.gauss(0, 1))))

    def _figure(self, chance: Random, tick: Collection, hit: float) -> float:
        metric = self.metric
        self._drift = self._keep * self._drift + chance.gauss(0, 1) * self._fresh
        if metric.per_customer:
            swing = (1 + metric.swing * (tick.used - 1)) * tick.grown
        else:
            swing = 1 + metric.swing * (tick.used * tick.grown - 1)
        wobble = self._drift + chance.gauss(0, 1) * metric.noise
        return swing * (self.usual * (1 - hit) + self.down * hit + self.usual * wobble)


class Counter(Gauge):
    """A figure that the probe reports as a sum since its last reset.

    `base` is what one interval adds. It counts on while its feed is silent, so
    the first reading after a gap holds all that came in between.

    Args:
        metric: What it counts.
        customers: Customers of the target, as `Gauge` has them.
        interval_seconds: Seconds from reading to reading, above 0.
        age_days: How long it had counted when the world began.
    """

    def __init__(self, metric: MetricIn, customers: int, interval_seconds: int, age_days: float) -> None:
        super().__init__(metric, customers, interval_seconds)
        self._interval_ms = interval_seconds * 1_000
        self._total = self.usual * age_days * DAY_SECONDS / interval_seconds
        self._counted_to: int | None = None

    def reset(self, at: int) -> None:
        """Begin anew at a time since the last reading."""
        self._total, self._counted_to = 0.0, at

    def read(self, chance: Random, tick: Collection, hit: float) -> float:
        """Count what came since the last reading or reset, and report the sum.

        Args:
            chance: The stream's generator.
            tick: When it is measured, and how much the network is used then.
            hit: Share of the target that is down, 0 to 1.

        Returns:
            The sum so far; it never falls but by a reset.
        """
        passed = self._interval_ms if self._counted_to is None else tick.at - self._counted_to
        self._total += max(0.0, self._figure(chance, tick, hit)) * passed / self._interval_ms
        self._counted_to = tick.at
        return self.rounded(self._total)

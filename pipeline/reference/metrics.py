"""What a metric means: which direction is bad, what it can prove, and how much matters.

A detector says that a value is unusual; whether anybody is worse off is
knowledge of the trade. A processor that works harder proves no outage, a hotline
that answers no calls at night proves only that it is night, and a delay that
grew by a tenth of its wandering is no news. So each metric has a role, a bad
direction and a least size of change, from a table that operators edit.

Questionable decision: an unknown name is judged by its words and unit, so that a
new feed works without any table; where these do not tell the bad direction, the
metric supports an incident and opens none.
"""

import math
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.raw.telemetry import CARE_METRICS

Bad = Literal["high", "low", "both"]


class Role(StrEnum):
    """What a metric can prove.

    `service`: what customers get; opens incidents and confirms them. `resource`: what the network spends on it;
    supports. `demand`: customers who call; a witness to what something else has opened. `aftermath`: how the
    call centre copes; a consequence, which opens and confirms nothing.
    """

    SERVICE = "service"
    RESOURCE = "resource"
    DEMAND = "demand"
    AFTERMATH = "aftermath"


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One metric of telemetry.

    Attributes:
        name: As the feed writes it.
        role: What it can prove.
        bad: The direction that is worse for customers.
        matters_from: Least change that matters, as `change` measures it: share of customers for ratios, part of
            the usual size for what must not fall, growth over the usual size for what must not rise, dB for dBm.
    """

    name: str
    role: Role
    bad: Bad
    matters_from: Annotated[float, msgspec.Meta(ge=0.0, le=1_000.0)]


RATIO_FROM: Final = 0.03
"""Three customers in a hundred: less is a few bad lines, which exist every day."""

GROWTH_FROM: Final = 0.5
"""Delays that grow by half are felt; smaller ones wander by the hour."""

COUNT_FALL_FROM: Final = 0.2
"""Sessions and registrations breathe by a tenth with weather, holidays and football."""

COUNT_GROWTH_FROM: Final = 1.0
"""Errors that double."""

FALL_FROM: Final = 0.25
"""A quarter less throughput or quality."""

DB_FROM: Final = 6.0
"""Half the field strength."""

DEMAND_FROM: Final = 2.0
"""Three times the usual calls: a bill, a price or a Monday doubles them."""

_HIGH: Final = (
    "fail", "error", "loss", "drop", "latency", "delay", "jitter", "reject", "alarm", "timeout", "buffering",
    "congestion", "freeze", "waiting", "abandon", "unreach", "refused", "retry",
)  # fmt: skip
"""Parts of a name that say: more is worse."""

_LOW: Final = (
    "success", "avail", "throughput", "quality", "score", "answered", "uptime", "session", "registration",
    "registered", "attach", "online", "reachab", "stream_start", "completion", "traffic", "bandwidth",
)  # fmt: skip
"""And: less is worse."""

_RESOURCE: Final = frozenset({
    "cpu", "memory", "mem", "disk", "load", "temperature", "fan", "power", "voltage", "utilisation", "utilization",
    "bgp", "ospf", "isis", "peers", "neighbours", "neighbors", "routes", "link", "links", "interface", "interfaces",
    "port", "ports", "queue", "buffer",
})  # fmt: skip
"""Words of a name: what the network spends, or its own workings: customers may not notice at all."""

_DEMAND: Final = frozenset({"calls_offered", "calls_waiting"})
_GOOD_CARE: Final = frozenset({"calls_answered", "service_level_ratio", "csat_score"})


def is_counter(name: str, unit: str) -> bool:
    """Is it a running total since the last restart, by its name?

    Args:
        name: Name of the metric.
        unit: Its unit.

    Source:
        Prometheus, "Metric and label naming": an accumulating count has `total` as a suffix.

    >>> is_counter("queries_answered_total", "count"), is_counter("active_sessions", "count")
    (True, False)
    """
    return unit == "count" and name.casefold().endswith("_total")


def by_rule(name: str, unit: str) -> Metric:
    """What a metric means that no table names.

    >>> by_rule("cpu_load_ratio", "ratio").role.value, by_rule("attach_success_ratio", "ratio").bad
    ('resource', 'low')
    >>> by_rule("calls_answered", "count").role.value, by_rule("packet_loss_ratio", "ratio").matters_from
    ('aftermath', 0.03)
    """
    folded = name.casefold()
    if folded in CARE_METRICS:
        demand = folded in _DEMAND
        bad: Bad = "low" if folded in _GOOD_CARE else "high"
        role = Role.DEMAND if demand else Role.AFTERMATH
        return Metric(name=name, role=role, bad=bad, matters_from=DEMAND_FROM if demand else 0.0)
    bad = _bad_of(folded, unit)
    resource = bad == "both" or not _RESOURCE.isdisjoint(folded.split("_"))
    role = Role.RESOURCE if resource else Role.SERVICE
    return Metric(name=name, role=role, bad=bad, matters_from=_matters_from(bad, unit))


def _bad_of(folded: str, unit: str) -> Bad:
    if any(part in folded for part in _HIGH):
        return "high"
    if any(part in folded for part in _LOW):
        return "low"
    by_unit: dict[str, Bad] = {"ms": "high", "s": "high", "kbps": "low", "score": "low", "dbm": "low"}
    return by_unit.get(unit, "both")


def _matters_from(bad: Bad, unit: str) -> float:
    if unit == "ratio":
        return RATIO_FROM
    if unit == "dbm":
        return DB_FROM
    if unit == "count":
        return COUNT_FALL_FROM if bad == "low" else COUNT_GROWTH_FROM
    return FALL_FROM if bad == "low" else GROWTH_FROM


def change(observed: float, expected: float, unit: str) -> float:
    """Size of a change, without its direction.

    Args:
        observed: What was measured, in the metric's unit.
        expected: What was expected, in the metric's unit.
        unit: `ratio`: share of customers who lost or met something; `dbm`: decibels; else part of the expected
            size, without limit if nothing was expected.

    >>> round(change(0.33, 0.99, "ratio"), 3), round(change(0.11, 0.01, "ratio"), 3), change(21.0, 14.0, "ms")
    (0.667, 0.101, 0.5)
    """
    off = observed - expected
    if unit == "dbm":
        return abs(off)
    if unit == "ratio" and off > 0.0:
        return off / (1.0 - expected) if expected < 1.0 else 0.0
    if expected:
        return abs(off / expected)
    return math.inf if off else 0.0


class Metrics:
    """The table, and the rules for what it does not name.

    Args:
        rows: Names differ.

    Raises:
        ConfigError: If a name comes twice.
    """

    def __init__(self, rows: Iterable[Metric] = ()) -> None:
        self._known: dict[str, Metric] = {}
        self._ruled: dict[tuple[str, str], Metric] = {}
        for row in rows:
            if row.name in self._known:
                raise ConfigError(f"[[metric]] {row.name!r}: stated twice; keep one")
            self._known[row.name] = row

    def of(self, name: str, unit: str) -> Metric:
        """What a metric means, by the table or by rule."""
        known = self._known.get(name) or self._ruled.get((name, unit))
        if known is None:
            known = by_rule(name, unit)
            if len(self._ruled) < _RULED_MAX:
                self._ruled[name, unit] = known
        return known

    def is_trouble(self, name: str, unit: str, observed: float, expected: float) -> bool:
        """Is a value worse than expected, by enough to matter?

        Args:
            name: Name of the metric.
            unit: Unit of both values, such as `ms` or `ratio`.
            observed: What was measured.
            expected: What the metric usually is then.

        >>> metrics = Metrics()
        >>> metrics.is_trouble("latency_ms", "ms", 30.0, 14.0), metrics.is_trouble("latency_ms", "ms", 15.0, 14.0)
        (True, False)
        """
        metric = self.of(name, unit)
        worse = {"high": observed > expected, "low": observed < expected, "both": observed != expected}[metric.bad]
        return worse and change(observed, expected, unit) >= metric.matters_from


_RULED_MAX: Final = 10_000
"""Names remembered; more are worked out each time."""

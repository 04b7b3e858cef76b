"""What a metric means: which direction is bad, what it can prove, and how much matters.

A detector says that a value is unusual; whether anybody is worse off is
knowledge of the trade. A processor that works harder proves no outage, a hotline
that answers no calls at night proves only that it is night, and a delay that
grew by a tenth of its wandering is no news. So each metric has a role, a bad
direction and a least size of change, from a table that operators edit.

A metric also has a unit and a closed range of values that can exist in it: what
lies outside is a mistake of the sender's (a percent that is called a ratio), and
is refused at the door.

Questionable decision: an unknown name is judged by its words and unit, so that a
new feed works without any table; where these do not tell the bad direction, the
metric supports an incident and opens none.
"""

import math
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final, Literal, cast

import msgspec

from pipeline.records.errors import ConfigError
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.records.units import Canonical

Bad = Literal["up", "down", "both"]
Kind = Literal["ratio", "count", "latency", "level", "counter", "state"]
Range = tuple[float, float]


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
        kind: What its values are. `ratio`: a share of attempts; `count`: how many in an interval; `latency`: how
            long something takes; `level`: a size that stands; `counter`: a sum since a start; `state`: how many of
            a few things are up.
        unit: What its values are kept in; a record may use any unit that leads to it.
        range: Least and greatest value that can exist, both included; None = whatever the unit allows.
        bad: The direction that is worse for customers.
        least_change: Least change that matters, as `change` measures it: share of customers for ratios, part of
            the usual size for what must not fall, growth over the usual size for what must not rise, dB for dBm.
        healthy: Least and greatest value that is normal at any time, both included; None = nobody knows.
        never_normal: From this value on, in the bad direction, something is wrong whatever is usual; None = none.
        exposure: Name of the metric that holds the attempts of a ratio; None = the record says them itself.
        follow: Its sums are passed on every five minutes to what must follow from an incident (backups, aftermath);
            the call centre's figures and the health of backups are.
    """

    name: str
    role: Role
    kind: Kind
    unit: Canonical
    bad: Bad
    least_change: Annotated[float, msgspec.Meta(ge=0.0, le=1_000.0)]
    range: Range | None = None
    healthy: Range | None = None
    never_normal: float | None = None
    exposure: str | None = None
    follow: bool = False

    def __post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            ValueError: Names every contradiction; the reader of the file says which metric it is.
        """
        wrong = [
            f"{field} = [{bounds[0]:g}, {bounds[1]:g}]: must be [least, greatest], both finite"
            for field, bounds in (("range", self.range), ("healthy", self.healthy))
            if bounds is not None and not -math.inf < bounds[0] <= bounds[1] < math.inf
        ]
        least, most = self.range or (-math.inf, math.inf)
        if self.healthy and not least <= self.healthy[0] <= self.healthy[1] <= most:
            wrong.append(f"healthy = {list(self.healthy)}: must lie within range")
        if self.never_normal is not None:
            wrong += self._wrong_limit(self.never_normal)
        if self.exposure == self.name:
            wrong.append("exposure: must be another metric, the one that holds the attempts")
        if wrong:
            raise ValueError("; ".join(wrong))

    def is_never_normal(self, value: float) -> bool:
        """Is a value so bad that something is wrong, whatever is usual? False where no such value is stated.

        Args:
            value: In the metric's unit.
        """
        if self.never_normal is None:
            return False
        return value <= self.never_normal if self.bad == "down" else value >= self.never_normal

    def _wrong_limit(self, limit: float) -> list[str]:
        """Contradictions of the value from which on something is wrong."""
        least, most = self.range or (-math.inf, math.inf)
        if not least <= limit <= most or not math.isfinite(limit):
            return [f"never_normal = {limit:g}: must lie within range"]
        if self.bad == "both":
            return ["never_normal: needs a bad direction, up or down"]
        calm_least, calm_most = self.healthy or (math.inf, -math.inf)
        if calm_least <= limit <= calm_most:
            return [f"never_normal = {limit:g}: must lie outside healthy"]
        return []


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

_DECIBELS: Final = frozenset({"dbm", "db"})
"""Units that are logarithms: their difference is the ratio."""

DEMAND_FROM: Final = 2.0
"""Three times the usual calls: a bill, a price or a Monday doubles them."""

COUNT_MAX: Final = 9e12
"""Most that can be kept of a count in steps of a thousandth: 2^53 / 1,000, rounded down."""

UNIT_RANGES: Final[dict[str, Range]] = {
    "ratio": (0.0, 1.0),
    "count": (0.0, COUNT_MAX),
    "per_second": (0.0, COUNT_MAX),
    "kbps": (0.0, COUNT_MAX),
    "bytes": (0.0, 9e15),
    "dbm": (-200.0, 100.0),
}
"""What a unit alone allows.

A ratio is a share. What is counted is never below nothing, and -1 is how many feeds write "no figure". -200 dBm lies
under the thermal noise in 1 Hz (-174), and 100 dBm are ten megawatts. Times and scores may lie below nought: clocks
are offset both ways, and a promoter score begins at -100.
"""

_KINDS: Final[dict[str, Kind]] = {
    "ratio": "ratio",
    "count": "count",
    "per_second": "count",
    "ms": "latency",
    "s": "latency",
}
"""What a unit alone says of the kind; of any other it is a level."""

_HIGH: Final = (
    "fail", "error", "loss", "lost", "drop", "latency", "delay", "jitter", "reject", "alarm", "timeout", "buffering",
    "congestion", "freeze", "waiting", "abandon", "unreach", "refused", "denied", "retry", "nxdomain", "servfail",
    "unsuccess", "incomplet", "undeliver", "unanswer", "unregister", "unavail", "disconnect", "offline", "outage",
    "inaccess", "uncomplet", "unresolved", "unestablish", "unaccept", "nondeliver", "block", "slow",
)  # fmt: skip
"""Parts of a name that say: more is worse. They are looked for first, so that what is undone is not taken for done."""

_LOW: Final = (
    "success", "avail", "throughput", "quality", "score", "answered", "uptime", "session", "registration",
    "registered", "attach", "online", "reachab", "stream_start", "completion", "traffic", "bandwidth",
)  # fmt: skip
"""And: less is worse."""

_DONE: Final = (
    "complet", "deliver", "accept", "establish", "setup", "connected", "accessib", "resolved", "granted",
)  # fmt: skip
"""And likewise where attempts are counted; of how long it takes to set something up more is worse."""

_LATE: Final = "late"
"""A word that says so only by itself: "calculated" is not late."""

_EITHER: Final = frozenset({
    "not", "non", "ticket", "tickets", "order", "orders", "payment", "payments", "spam", "complaint", "complaints",
    "survey", "surveys",
})  # fmt: skip
"""Words of a name that turn it round, or tell of an office: what is worse is not to be guessed."""

_COUNTED: Final = frozenset({"ratio", "count", "per_second"})

_PAGE_LOAD: Final = "page_load"
"""A page that loads is what customers get, and no load of the network."""

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
    ('resource', 'down')
    >>> by_rule("calls_answered", "count").role.value, by_rule("packet_loss_ratio", "ratio").least_change
    ('aftermath', 0.03)
    >>> [by_rule(name, "ratio").bad for name in ("calls_completed_ratio", "calls_incomplete_ratio")]
    ['down', 'up']
    """
    folded = name.casefold()
    if folded in CARE_METRICS:
        demand = folded in _DEMAND
        bad: Bad = "down" if folded in _GOOD_CARE else "up"
        role = Role.DEMAND if demand else Role.AFTERMATH
        return _guessed(name, unit, role, bad, DEMAND_FROM if demand else 0.0)
    bad = _bad_of(folded, unit)
    resource = bad == "both" or not _RESOURCE.isdisjoint(folded.replace(_PAGE_LOAD, "page").split("_"))
    role = Role.RESOURCE if resource else Role.SERVICE
    return _guessed(name, unit, role, bad, _least_change(bad, unit))


def _guessed(name: str, unit: str, role: Role, bad: Bad, least_change: float) -> Metric:
    kind: Kind = "counter" if is_counter(name, unit) else _KINDS.get(unit, "level")
    return Metric(
        name=name,
        role=role,
        kind=kind,
        unit=cast("Canonical", unit),
        bad=bad,
        least_change=least_change,
        range=UNIT_RANGES.get(unit),
        follow=name.casefold() in CARE_METRICS,
    )


def _bad_of(folded: str, unit: str) -> Bad:
    words = folded.split("_")
    if not _EITHER.isdisjoint(words):
        return "both"
    if _LATE in words or any(part in folded for part in _HIGH):
        return "up"
    if any(part in folded for part in _LOW):
        return "down"
    if unit in _COUNTED and any(part in folded for part in _DONE):
        return "down"
    by_unit: dict[str, Bad] = {"ms": "up", "s": "up", "kbps": "down", "score": "down", "dbm": "down", "db": "down"}
    return by_unit.get(unit, "both")


def _least_change(bad: Bad, unit: str) -> float:
    if unit == "ratio":
        return RATIO_FROM
    if unit in _DECIBELS:
        return DB_FROM
    if unit == "count":
        return COUNT_FALL_FROM if bad == "down" else COUNT_GROWTH_FROM
    return FALL_FROM if bad == "down" else GROWTH_FROM


def change(observed: float, expected: float, unit: str) -> float:
    """Size of a change, without its direction.

    Args:
        observed: What was measured, in the metric's unit.
        expected: What was expected, in the metric's unit.
        unit: `ratio`: share of customers who lost or met something; `dbm`, `db`: decibels; else part of the expected
            size, without limit if nothing was expected.

    >>> round(change(0.33, 0.99, "ratio"), 3), round(change(0.11, 0.01, "ratio"), 3), change(21.0, 14.0, "ms")
    (0.667, 0.101, 0.5)
    """
    off = observed - expected
    if unit in _DECIBELS:
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

    def describes(self, name: str) -> bool:
        """Whether the table has a metric, which is then not guessed."""
        return name in self._known or name in CARE_METRICS

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
        worse = {"up": observed > expected, "down": observed < expected, "both": observed != expected}[metric.bad]
        return worse and change(observed, expected, unit) >= metric.least_change

    def __contains__(self, name: object) -> bool:
        """Does the table describe this metric?"""
        return name in self._known


_RULED_MAX: Final = 10_000
"""Names remembered; more are worked out each time."""

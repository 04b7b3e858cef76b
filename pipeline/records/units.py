"""Units on the wire, and the few that we count in.

Feeds write one thing in many scales: a share as percent, a delay as
microseconds, a rate as Gbit/s. Sums of two scales are nonsense, and a percent that is
taken for a ratio is a hundred times too large, so every wire unit has one
canonical unit and an exact factor, and a value is turned into the canonical
unit at the door.

Questionable decision: spellings are a closed list, the usual ones of UCUM,
OpenMetrics, Telegraf and vendors' manuals. A free text would be guessed, and a wrong
guess is a wrong factor.
"""

from typing import Final, Literal, NamedTuple, get_args

Canonical = Literal["count", "ratio", "ms", "s", "kbps", "dbm", "db", "score", "per_second", "bytes"]
"""Units that sums are kept in."""

WireUnit = Literal[
    "count", "ratio", "ms", "s", "kbps", "dbm", "score",
    "percent", "%", "permille", "ppm",
    "ns", "us", "min", "h", "seconds", "milliseconds", "microseconds",
    "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "bps", "mbps", "gbps",
    "dBm", "dB", "db", "per_second", "1/s", "per_minute", "bytes", "kB", "MB", "GB", "mos",
]  # fmt: skip
"""Units that a record may name."""

WIRE_UNITS: Final[tuple[str, ...]] = get_args(WireUnit)


class Scale(NamedTuple):
    """What one step of a wire unit is in its canonical unit: `times / by`, both whole, so that nothing drifts."""

    unit: str
    times: int
    by: int


_SCALED: Final[dict[str, Scale]] = {
    "percent": Scale("ratio", 1, 100),
    "%": Scale("ratio", 1, 100),
    "permille": Scale("ratio", 1, 1_000),
    "ppm": Scale("ratio", 1, 1_000_000),
    "ns": Scale("ms", 1, 1_000_000),
    "us": Scale("ms", 1, 1_000),
    "microseconds": Scale("ms", 1, 1_000),
    "milliseconds": Scale("ms", 1, 1),
    "seconds": Scale("s", 1, 1),
    "min": Scale("s", 60, 1),
    "h": Scale("s", 3_600, 1),
    "bit/s": Scale("kbps", 1, 1_000),
    "bps": Scale("kbps", 1, 1_000),
    "kbit/s": Scale("kbps", 1, 1),
    "Mbit/s": Scale("kbps", 1_000, 1),
    "mbps": Scale("kbps", 1_000, 1),
    "Gbit/s": Scale("kbps", 1_000_000, 1),
    "gbps": Scale("kbps", 1_000_000, 1),
    "dBm": Scale("dbm", 1, 1),
    "dB": Scale("db", 1, 1),
    "1/s": Scale("per_second", 1, 1),
    "per_minute": Scale("per_second", 1, 60),
    "kB": Scale("bytes", 1_000, 1),
    "MB": Scale("bytes", 1_000_000, 1),
    "GB": Scale("bytes", 1_000_000_000, 1),
    "mos": Scale("score", 1, 1),
}

_BETWEEN: Final[dict[tuple[str, str], Scale]] = {("s", "ms"): Scale("ms", 1_000, 1), ("ms", "s"): Scale("s", 1, 1_000)}
"""Canonical units of one dimension; a metric that is described in one of them may be sent in the other."""


def scale_of(unit: str) -> Scale:
    """The canonical unit of a wire unit, and the factor into it.

    Raises:
        KeyError: If it is no wire unit; a decoded record cannot hold one.

    >>> scale_of("percent"), scale_of("ms")
    (Scale(unit='ratio', times=1, by=100), Scale(unit='ms', times=1, by=1))
    """
    scale = _SCALED.get(unit)
    if scale is not None:
        return scale
    if unit not in WIRE_UNITS:
        raise KeyError(unit)
    return Scale(unit, 1, 1)


def scale_into(unit: str, wanted: str) -> Scale | None:
    """The factor from a wire unit into a metric's own unit; None if no factor leads there.

    Args:
        unit: A wire unit.
        wanted: A canonical unit.

    >>> scale_into("us", "s"), scale_into("percent", "ms")
    (Scale(unit='s', times=1, by=1000000), None)
    """
    scale = scale_of(unit)
    if scale.unit == wanted:
        return scale
    further = _BETWEEN.get((scale.unit, wanted))
    return None if further is None else Scale(wanted, scale.times * further.times, scale.by * further.by)


def units_for(wanted: str) -> tuple[str, ...]:
    """All wire units that lead to a canonical unit, as a message lists them.

    >>> units_for("ratio")
    ('ratio', 'percent', '%', 'permille', 'ppm')
    """
    return tuple(unit for unit in WIRE_UNITS if scale_into(unit, wanted) is not None)

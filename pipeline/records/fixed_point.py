"""Exact numbers: sums of measured values must not depend on their order.

Sums of floating point numbers do depend on it. So a value becomes an integer at the door, with a scale
per unit that keeps more digits than any probe measures; sums and squares are
Python integers and travel as decimal strings.
"""

import math
from typing import Final

from pipeline.records.errors import Reason, RecordError

SCALES: Final[dict[str, int]] = {
    "count": 1_000,
    "ratio": 1_000_000,
    "ms": 1_000,
    "s": 1_000,
    "kbps": 1_000,
    "dbm": 1_000,
    "score": 1_000,
    "db": 1_000,
    "per_second": 1_000,
    "bytes": 1,
}
"""Steps per canonical unit: a ratio is kept to 10^-6, bytes whole, everything else to 10^-3."""

SCALED_MAX: Final = 2**53
"""Above, a float no longer holds every integer, and rounding would depend on the sender."""


class Exact(int):
    """An integer of any size; a decimal string on the wire."""

    __slots__ = ()


def to_fixed(value: float, unit: str) -> int:
    """Turn a measured value into steps of its unit.

    Args:
        value: As measured.
        unit: One of `SCALES`.

    Returns:
        value x scale, rounded half to even.

    Raises:
        RecordError: `unknown_unit`, or `out_of_range` when it is not finite or above 2^53 steps.

    >>> to_fixed(0.9934567, "ratio")
    993457
    """
    scale = SCALES.get(unit)
    if scale is None:
        raise RecordError(Reason.UNKNOWN_UNIT, f"unit {unit[:16]!r} is not one of {', '.join(sorted(SCALES))}")
    scaled = value * scale
    if not -SCALED_MAX <= scaled <= SCALED_MAX:  # also refuses nan
        raise RecordError(Reason.OUT_OF_RANGE, f"value {value!r} {unit}: must be finite and at most 2^53 / {scale}")
    return round(scaled)


def from_fixed(scaled: int, unit: str) -> float:
    """Turn steps back into the unit; for judging and for showing, never for adding up.

    Raises:
        KeyError: If the unit is unknown; a record cannot reach here with one.

    >>> from_fixed(993457, "ratio")
    0.993457
    """
    value = scaled / SCALES[unit]
    return value if math.isfinite(value) else 0.0

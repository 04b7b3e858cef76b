"""Time is a record: event time, panes, and the clocks that say how far it is known.

Inside, a time is an integer of milliseconds since 1970; on the wire it is
RFC 3339. The newtype `Instant` marks the fields that the codec writes so.
Times outside the years 1970 to 9998 are refused: nothing we meet lies there.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from pipeline.records.errors import Reason, RecordError

PANE_MS: Final = 10_000
"""Length of a pane, the unit of event time."""

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
"""Milliseconds in a minute, an hour and a day of UTC, which has no leap seconds here."""

INSTANT_MAX_MS: Final = 253_370_764_799_999
"""Last millisecond of the year 9998."""

SOURCES: Final = ("telemetry", "tickets", "mentions", "commands")
"""The raw topics, in the order in which ties are broken."""

_REMEMBERED: Final = 4_096
"""Times that are kept in both forms: records share their panes and seconds, and calendars are slow."""

_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
"""The form; the calendar is Python's business, which alone would read week dates, commas and 60 minutes of offset."""


class Instant(int):
    """Milliseconds since 1970-01-01T00:00:00Z; RFC 3339 on the wire."""

    __slots__ = ()


def pane_of(time_ms: int) -> int:
    """Start of the pane that holds a time, in milliseconds.

    >>> pane_of(1739350861234)
    1739350860000
    """
    return time_ms - time_ms % PANE_MS


@lru_cache(maxsize=_REMEMBERED)
def parse_instant(text: str) -> int:
    """Read an RFC 3339 time.

    Args:
        text: Date, `T`, time, optional fraction, and `Z` or an offset; at most 40 characters.

    Returns:
        Milliseconds since 1970; fractions of a millisecond are cut off.

    Raises:
        RecordError: `bad_time`, if it is not such a time or lies outside 1970 to 9998.

    Source:
        RFC 3339, section 5.6; leap seconds (`:60`) are refused, Python has none.

    >>> parse_instant("2025-02-12T09:00:00.250+01:00")
    1739347200250
    """
    if len(text) > 40 or not _RFC_3339.fullmatch(text):
        raise RecordError(Reason.BAD_TIME, f"{text[:40]!r} is not RFC 3339, such as 2025-02-12T09:00:00Z")
    try:
        moment = datetime.fromisoformat(text.upper())
        seconds = round(moment.replace(microsecond=0).timestamp())
    except (ValueError, OverflowError):
        raise RecordError(Reason.BAD_TIME, f"{text[:40]!r} is no time of the calendar") from None
    time_ms = seconds * 1_000 + moment.microsecond // 1_000
    if not 0 <= time_ms <= INSTANT_MAX_MS:
        raise RecordError(Reason.BAD_TIME, f"{text[:40]!r} lies outside the years 1970 to 9998")
    return time_ms


@lru_cache(maxsize=_REMEMBERED)
def format_instant(time_ms: int) -> str:
    """Write a time as RFC 3339 in UTC, always with milliseconds.

    >>> format_instant(1739347200250)
    '2025-02-12T08:00:00.250Z'
    """
    seconds, milliseconds = divmod(time_ms, 1_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"

"""Times as other systems write them: RFC 3339, seconds or milliseconds since 1970, or a pattern.

A time without an offset needs a time zone, which nobody can guess: a wrong one
moves every outage by hours. In the hour that a clock repeats in autumn, the
first of the two is meant.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.records.clocks import DAY_MS, INSTANT_MAX_MS
from pipeline.records.errors import ConfigError

ReadTime = Callable[[str], int]
"""Text to milliseconds since 1970; ValueError if it is no such time."""

_SCALES: Final = {"epoch_s": 1_000, "epoch_ms": 1}


def time_reader(pattern: str, zone: str | None) -> ReadTime:
    """Make a reader of times.

    Args:
        pattern: `rfc3339`, `epoch_s`, `epoch_ms`, or a pattern of strptime such as `%d.%m.%Y %H:%M`.
        zone: IANA name of the zone of times without an offset, such as `Europe/London`.

    Returns:
        A function from text to milliseconds; it raises ValueError.

    Raises:
        ConfigError: If pattern or zone is none of these.

    >>> time_reader("%Y-%m-%d %H:%M:%S", "Europe/Berlin")("2025-02-12 09:00:00")
    1739347200000
    >>> time_reader("epoch_s", None)("1739347200.5")
    1739347200500
    """
    default = _zone(zone)
    if scale := _SCALES.get(pattern):
        return lambda text: _checked(_epoch_ms(text, scale))
    if pattern == "rfc3339":
        return lambda text: _checked(_ms_of(datetime.fromisoformat(text), default, text))
    if "%" in pattern:
        return lambda text: _checked(_ms_of(datetime.strptime(text, pattern), default, text))  # noqa: DTZ007 - the zone is added there
    raise ConfigError(
        f"time.format = {pattern!r}: must be rfc3339, epoch_s, epoch_ms, or a pattern such as '%d.%m.%Y %H:%M'"
    )


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"time.zone = {name!r}: must be an IANA time zone, such as Europe/Berlin or UTC") from None


def _epoch_ms(text: str, scale: int) -> int:
    value = float(text) * scale
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not finite")
    return int(text) * scale if text.isdecimal() else round(value)


def _ms_of(moment: datetime, default: tzinfo | None, text: str) -> int:
    if moment.tzinfo is None:
        if default is None:
            raise ValueError(f"{text!r} has no offset: name its time zone (time.zone)")
        moment = moment.replace(tzinfo=default)
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * DAY_MS + since.seconds * 1_000 + since.microseconds // 1_000


def _checked(time_ms: int) -> int:
    if not 0 <= time_ms <= INSTANT_MAX_MS:
        raise ValueError("lies outside the years 1970 to 9998")
    return time_ms

"""Windows that come again: a rule of iCalendar, kept by the clock on the wall of a place.

Work at two in the morning of each first Tuesday is at two in summer and in winter, so
occurrences are worked out in local time. A rule must come to an end, and soon enough that all
its occurrences can be listed: who goes on with it orders it anew, and somebody looks at
it once in a while. An hour that is missing in spring is read as the hour after it, and one
that comes twice in autumn as its first.

Source:
    RFC 5545, section 3.3.10, of which FREQ=DAILY, WEEKLY and MONTHLY, INTERVAL, COUNT, UNTIL,
    BYDAY and BYMONTHDAY are taken.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from dateutil import rrule

RECURRENCES_MAX: Final = 366
"""Occurrences of a rule: one a day for a year."""

HORIZON_DAYS: Final = 731
"""A rule ends within two years."""

_FREQUENCIES: Final = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}
_DAYS: Final = {day: getattr(rrule, day) for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")}


@lru_cache(maxsize=512)
def starts_of(first_at: int, rule: str, time_zone: str) -> tuple[int, ...]:
    """When each occurrence begins.

    Args:
        first_at: Start of the first occurrence, ms; the rule must name its day.
        rule: As `records.raw.commands.Recurrence` has it.
        time_zone: IANA name of the zone whose clock counts.

    Returns:
        Starts in ms, ascending, the first one included; at most `RECURRENCES_MAX`.

    Raises:
        ValueError: If the rule has no end, ends too late, comes too often or contradicts itself, or there is no such
            zone; says what to do.

    >>> monday = 1740360600000  # 2025-02-24T01:30:00Z, half past two in Berlin
    >>> [datetime.fromtimestamp(start // 1_000, UTC).strftime("%d %H:%M")
    ...     for start in starts_of(monday, "FREQ=WEEKLY;INTERVAL=2;COUNT=4", "Europe/Berlin")]
    ['24 01:30', '10 01:30', '24 01:30', '07 00:30']
    """
    parts = _parts(rule)
    zone = _zone(time_zone)
    try:
        first = _local(first_at, zone)
        horizon = first + timedelta(days=HORIZON_DAYS)
        until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    except OverflowError:
        raise ValueError(f"{rule}: must begin and end within the years 1 to 9997") from None
    if until is not None and until > horizon:
        raise ValueError(f"UNTIL={parts['UNTIL']}: must end within {HORIZON_DAYS} days; order it anew then")
    found = _occurrences(parts, first, until or horizon)
    if not found or found[0] != first:
        raise ValueError(f"{rule}: does not name the day of starts_at, {first:%a %Y-%m-%d} in {time_zone}")
    wanted = int(parts.get("COUNT", len(found)))
    if wanted > RECURRENCES_MAX:
        raise ValueError(f"{rule}: comes more than {RECURRENCES_MAX} times; let it end sooner and order it anew then")
    if wanted > len(found):
        raise ValueError(f"COUNT={wanted}: must end within {HORIZON_DAYS} days, and so at most {len(found)} times")
    return tuple(_instant(start, zone) + first_at % 1_000 for start in found[:wanted])


def _parts(rule: str) -> dict[str, str]:
    """The parts of a rule by their names."""
    pairs = [part.partition("=") for part in rule.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) < len(pairs):
        raise ValueError(f"{rule}: names a part twice")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise ValueError(f"{rule}: must end, by either COUNT or UNTIL")
    is_monthly = parts["FREQ"] == "MONTHLY"
    ranked = any(day[0] in "-12345" for day in parts.get("BYDAY", "MO").split(","))
    if not is_monthly and (ranked or "BYMONTHDAY" in parts):
        raise ValueError(f"{rule}: a number before a day, and BYMONTHDAY, go with FREQ=MONTHLY only")
    return parts


def _occurrences(parts: dict[str, str], first: datetime, until: datetime) -> list[datetime]:
    days = [_DAYS[day[-2:]](int(day[:-2])) if day[:-2] else _DAYS[day] for day in _listed(parts, "BYDAY")]
    made = rrule.rrule(
        _FREQUENCIES[parts["FREQ"]],
        dtstart=first,
        interval=int(parts.get("INTERVAL", 1)),
        until=until,
        byweekday=days or None,
        bymonthday=[int(day) for day in _listed(parts, "BYMONTHDAY")] or None,
    )
    return list(islice(made, RECURRENCES_MAX + 1))


def _listed(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The end of a rule by the clock there; a day without a time is included whole."""
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return datetime.strptime(text, "%Y%m%d") + timedelta(days=1, seconds=-1)  # noqa: DTZ007 - a day on the wall


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"time_zone {name[:60]!r}: must be an IANA name such as Europe/Berlin") from None


def _local(moment_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment_ms // 1_000, UTC).astimezone(zone).replace(tzinfo=None)


def _instant(local: datetime, zone: ZoneInfo) -> int:
    return int(local.replace(tzinfo=zone).timestamp()) * 1_000

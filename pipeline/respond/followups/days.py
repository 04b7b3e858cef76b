"""Which days of an outage are paid: at least, and at most.

Law counts days, and an outage has a start and an end that are known within an interval. At least those
days are paid that lie in it as a whole, by the latest start and the earliest end; at most each day that
it touched, by the earliest start and the latest end. Days are those of the market's clocks.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.reference.calendars import SATURDAY, is_holiday
from pipeline.reference.compensation import CompensationScheme

PAID_DAYS_MAX: Final = 366
"""A claim for more than a year is for a court."""


class OutageSpan(NamedTuple):
    """From when to when service was lost, ms; each end within an interval."""

    start_earliest: int
    start_latest: int
    end_earliest: int
    end_latest: int


def paid_days(scheme: CompensationScheme, span: OutageSpan, time_zone: str) -> tuple[int, int]:
    """How many days are paid.

    Args:
        scheme: Which days it pays.
        span: When service was lost.
        time_zone: IANA zone of the days.

    Returns:
        At least and at most.

    >>> from pipeline.reference.compensation import CompensationSegment, CompensationStep
    >>> tkg = CompensationScheme(rule="r", market="DE", kind="owed", currency="EUR", source="s", paid_in="calendar",
    ...     steps=(CompensationStep(from_day=1),), grace_days=2,
    ...     segments=(CompensationSegment(id="all", share_ppm=(0, 0), monthly_fee_minor=(0, 0)),))
    >>> nine, hour = 1739347200000, 3600000
    >>> paid_days(tkg, OutageSpan(nine, nine, nine + 100 * hour, nine + 100 * hour), "Europe/Berlin")
    (1, 2)
    """
    shortest = max(0, span.end_earliest - span.start_latest)
    longest = max(0, span.end_latest - span.start_earliest)
    least = _counted(scheme, span.start_latest, span.end_earliest, time_zone, whole=True)
    most = _counted(scheme, span.start_earliest, span.end_latest, time_zone, whole=False)
    bar = max(1, scheme.after_minutes * MINUTE_MS)
    return (least if shortest >= bar else 0, most if longest >= bar else 0)


def _counted(scheme: CompensationScheme, start: int, end: int, time_zone: str, *, whole: bool) -> int:
    """Paid days of one reading of start and end.

    Args:
        scheme: Which days it pays.
        start: When service was lost, ms.
        end: When it was back, ms.
        time_zone: IANA zone of the days.
        whole: Only days that lie in it as a whole.
    """
    if scheme.paid_in == "once":
        return 1
    zone = ZoneInfo(time_zone)
    if scheme.paid_in == "begun":
        touched = (_date(end - 1, zone) - _date(start, zone)).days + 1
        return min(PAID_DAYS_MAX, max(1, (end - start) // DAY_MS) if whole else touched)
    return sum(1 for _ in _after_grace(scheme, start, end, zone, whole=whole))


def _after_grace(scheme: CompensationScheme, start: int, end: int, zone: ZoneInfo, *, whole: bool) -> Iterator[date]:
    """Paid dates after the grace, in order."""
    day = _date(start, zone)
    left = scheme.grace_days
    while left:
        day += timedelta(days=1)
        left -= scheme.grace_in == "calendar" or _is_working(scheme, day)
    for _ in range(PAID_DAYS_MAX):
        day += timedelta(days=1)
        if (_midnight(day + timedelta(days=1), zone) if whole else _midnight(day, zone) + 1) > end:
            return
        if scheme.paid_in == "calendar" or _is_working(scheme, day):
            yield day


def _is_working(scheme: CompensationScheme, day: date) -> bool:
    return day.weekday() < SATURDAY and not is_holiday(scheme.calendar, day)


def _date(moment_ms: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(moment_ms // 1_000, UTC).astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000

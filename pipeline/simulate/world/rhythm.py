"""Hours, weekdays, holidays and growth: how busy a time is, compared with the average of a usual week.

A rhythm is 24 weights for the hours and 7 for the weekdays, from Monday,
interpolated between full hours and scaled to a mean of exactly 1, so that a
rate in a scenario is always the mean over a week without a holiday. It follows
the local clock: daylight saving shifts people, not UTC. So the day on which
clocks go forward lacks an hour of the night, and the one on which they go back
has it twice. A public holiday is a Sunday, whatever its weekday.

A world multiplies the two: `rhythms[name].at(time) * growth.at(time)`.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.reference.calendars import is_calendar, is_holiday

QUARTER_MS = 900_000
"""Zone offsets are multiples of 15 minutes everywhere, and so are changes of them."""

_QUARTERS_A_WEEK = 7 * 96
_QUARTERS_BEFORE_1970 = 3 * 96  # 1970-01-01 was a Thursday
_SUNDAY = 6 * 96
_DAY_MS = 96 * QUARTER_MS
_WEEK_MS = 7 * _DAY_MS
_EPOCH = date(1970, 1, 1).toordinal()


class LocalClock:
    """Local time of a zone, quickly: the offset is looked up once a quarter hour."""

    def __init__(self, time_zone: str) -> None:
        self.zone = ZoneInfo(time_zone)
        self._quarter = -1
        self._offset_ms = 0

    def offset_ms(self, time_ms: int) -> int:
        """Local time less UTC, in milliseconds."""
        quarter = time_ms // QUARTER_MS
        if quarter != self._quarter:
            moment = datetime.fromtimestamp(time_ms // 1_000, UTC).astimezone(self.zone)
            offset = moment.utcoffset()
            self._offset_ms = round(offset.total_seconds()) * 1_000 if offset is not None else 0
            self._quarter = quarter
        return self._offset_ms

    def quarter_of_week(self, time_ms: int) -> int:
        """Number of the quarter hour since Monday 00:00 local time, 0 to 671."""
        local_ms = time_ms + self.offset_ms(time_ms)
        return (local_ms // QUARTER_MS + _QUARTERS_BEFORE_1970) % _QUARTERS_A_WEEK

    def date_of(self, time_ms: int) -> date:
        """Date on the calendars of the zone."""
        return date.fromordinal(_EPOCH + (time_ms + self.offset_ms(time_ms)) // _DAY_MS)

    def instant_of(self, local: datetime) -> int:
        """Milliseconds since 1970 of a local time without zone.

        Where a clock is set back, a time comes twice and the earlier one is meant. Where it is set forward, a
        time that never was is read on the clock before: 02:30 on such a night is 03:30.
        """
        return round(local.replace(tzinfo=self.zone).timestamp() * 1_000)

    def hour_minute(self, time_ms: int) -> tuple[int, int]:
        """Hour and minute on the wall clocks of the zone."""
        minutes = (time_ms + self.offset_ms(time_ms)) // MINUTE_MS % 1_440
        return minutes // 60, minutes % 60


class Rhythm:
    """How busy each quarter hour of a week is; the mean over a week without a holiday is 1.

    Args:
        clock: Local time of the world.
        hours: 24 weights; between full hours they are interpolated.
        weekdays: 7 weights, from Monday.
        holidays: Calendar of public holidays (`pipeline.reference.calendars`), if there are any: such a day has the
            weights of a Sunday.

    Raises:
        ConfigError: If there is no such calendar.

    >>> rhythm = Rhythm(LocalClock("Europe/Berlin"), hours=(1.0,) * 24, weekdays=(2.0,) * 5 + (1.0,) * 2)
    >>> round(rhythm.at(1739350800000), 3)  # a Wednesday
    1.167
    """

    def __init__(
        self,
        clock: LocalClock,
        *,
        hours: tuple[float, ...],
        weekdays: tuple[float, ...],
        holidays: str | None = None,
    ) -> None:
        if holidays is not None and not is_calendar(holidays):
            raise ConfigError(f"holidays = {holidays!r}: must be a country or region that has a calendar")
        self._clock, self._holidays = clock, holidays
        weights = [weekdays[quarter // 96] * _between(hours, quarter % 96 / 4) for quarter in range(_QUARTERS_A_WEEK)]
        mean = sum(weights) / _QUARTERS_A_WEEK
        self._factors = tuple(weight / mean for weight in weights)
        self._quarter = -1
        self._busy = 0.0

    def at(self, time_ms: int) -> float:
        """Busyness at a time, 0 or more."""
        quarter = time_ms // QUARTER_MS
        if quarter != self._quarter:
            self._quarter, self._busy = quarter, self._look_up(time_ms)
        return self._busy

    def _look_up(self, time_ms: int) -> float:
        at = self._clock.quarter_of_week(time_ms)
        if self._holidays is not None and is_holiday(self._holidays, self._clock.date_of(time_ms)):
            at = _SUNDAY + at % 96
        return self._factors[at]


class Growth:
    """Slow growth: how much more of everything there is than at one moment, compounded.

    Args:
        per_week: 0.01 is one in a hundred more each week; below 0 it shrinks.
        since_ms: When the factor is 1. A scenario's `starts_at`, also where a world begins earlier or later: a
            longer or shorter recording of it has the same last day.

    Raises:
        ConfigError: If all would be gone within a week.

    >>> round(Growth(0.01, 0).at(4 * 7 * 86_400_000), 4)
    1.0406
    """

    def __init__(self, per_week: float, since_ms: int) -> None:
        if not per_week > -1:
            raise ConfigError(f"growth_per_week = {per_week!r}: must be above -1; 0.01 is one in a hundred")
        self._weekly, self._since_ms = 1 + per_week, since_ms

    def at(self, time_ms: int) -> float:
        """How much there is at a time, above 0."""
        return 1.0 if self._weekly == 1 else self._weekly ** ((time_ms - self._since_ms) / _WEEK_MS)


def _between(hours: tuple[float, ...], hour: float) -> float:
    whole = int(hour)
    part = hour - whole
    return hours[whole] * (1 - part) + hours[(whole + 1) % 24] * part

"""Hours and weekdays: how busy a time is, compared with the average of a week.

A rhythm is 24 weights for the hours and 7 for the weekdays, from Monday,
interpolated between full hours and scaled to a mean of exactly 1, so that a
rate in a scenario is always the mean over a week. It follows the local clock:
daylight saving shifts people, not UTC.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

QUARTER_MS = 900_000
"""Zone offsets are multiples of 15 minutes everywhere, and so are changes of them."""

_QUARTERS_A_WEEK = 7 * 96
_QUARTERS_BEFORE_1970 = 3 * 96  # 1970-01-01 was a Thursday


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

    def instant_of(self, local: datetime) -> int:
        """Milliseconds since 1970 of a local time without zone; the earlier one where a clock is set back."""
        return round(local.replace(tzinfo=self.zone).timestamp() * 1_000)

    def hour_minute(self, time_ms: int) -> tuple[int, int]:
        """Hour and minute on the wall clocks of the zone."""
        minutes = (time_ms + self.offset_ms(time_ms)) // 60_000 % 1_440
        return minutes // 60, minutes % 60


class Rhythm:
    """How busy each quarter hour of a week is; the mean over the week is 1.

    >>> rhythm = Rhythm(LocalClock("Europe/Berlin"), hours=(1.0,) * 24, weekdays=(2.0,) * 5 + (1.0,) * 2)
    >>> round(rhythm.at(1739350800000), 3)  # a Wednesday
    1.167
    """

    def __init__(self, clock: LocalClock, *, hours: tuple[float, ...], weekdays: tuple[float, ...]) -> None:
        self._clock = clock
        weights = [weekdays[quarter // 96] * _between(hours, quarter % 96 / 4) for quarter in range(_QUARTERS_A_WEEK)]
        mean = sum(weights) / _QUARTERS_A_WEEK
        self._factors = tuple(weight / mean for weight in weights)

    def at(self, time_ms: int) -> float:
        """Busyness at a time, 0 or more."""
        return self._factors[self._clock.quarter_of_week(time_ms)]


def _between(hours: tuple[float, ...], hour: float) -> float:
    whole = int(hour)
    part = hour - whole
    return hours[whole] * (1 - part) + hours[(whole + 1) % 24] * part

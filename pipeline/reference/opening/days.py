"""Which days are no working days: weekends, and public holidays, which are Sundays to a profile.

Days are numbered since 1970, in UTC, as the profiles of DETECT are. A calendar is asked once for each day; outside the
years that it knows only weekends are off.
"""

from datetime import date, timedelta
from typing import Final

from pipeline.reference.calendars import YEAR_MAX, YEAR_MIN, is_calendar, is_holiday

_SATURDAY: Final = 5
_DAYS_KEPT: Final = 4_096
_EPOCH: Final = date(1970, 1, 1)


def is_weekend(day: int) -> bool:
    """Is a day a Saturday or a Sunday?

    Args:
        day: Since 1970.
    """
    return (day + 3) % 7 >= _SATURDAY


class DaysOff:
    """Saturdays, Sundays and the public holidays of a calendar.

    Args:
        calendar: Path of a nation or region (`pipeline.reference.calendars`); empty = weekends alone.

    Raises:
        KeyError: When asked, if there is no such calendar.

    >>> whit_monday = 20_248  # 2025-06-09
    >>> DaysOff("DE").is_off(whit_monday), DaysOff().is_off(whit_monday), DaysOff().is_off(whit_monday - 1)
    (True, False, True)
    """

    def __init__(self, calendar: str = "") -> None:
        self.calendar = calendar
        self._known: dict[int, bool] = {}

    def is_off(self, day: int) -> bool:
        """Is a day no working day?

        Args:
            day: Since 1970.
        """
        known = self._known.get(day)
        if known is None:
            if len(self._known) >= _DAYS_KEPT:
                self._known.clear()
            known = self._known[day] = is_weekend(day) or self._is_holiday(day)
        return known

    def _is_holiday(self, day: int) -> bool:
        on = _EPOCH + timedelta(day)
        return bool(self.calendar) and YEAR_MIN <= on.year <= YEAR_MAX and is_holiday(self.calendar, on)


WEEKENDS: Final = DaysOff()
"""Where nobody knows of holidays."""


def days_off_in(area: str, calendar: str) -> DaysOff:
    """The days off of a region by its own calendar, of a nation by what holds in all of it.

    Args:
        area: Path of a nation or region.
        calendar: Calendar of its market; empty = nobody knows.

    >>> days_off_in("DE/NW", "DE").calendar, days_off_in("DE", "DE").calendar, days_off_in("GB", "GB/ENG").calendar
    ('DE/NW', 'DE', 'GB/ENG')
    """
    own = calendar and "/" in area and is_calendar(area)
    return DaysOff(area if own else calendar)

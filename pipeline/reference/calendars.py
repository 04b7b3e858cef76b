"""Public holidays, by rule: a holiday's Wednesday is not a Wednesday to a weekly profile.

Only what holds in the whole area of a calendar: `DE` has the nine days that
all of Germany has, `DE/NW` those of North Rhine-Westphalia as well. School
holidays and bridge days are left to the profiles, which see them in the data.

The calendars of the worlds that come along are rules of ours, so that a newer library changes no world; those of all
other countries and regions are the library's.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays as library

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
YEAR_MIN: Final = 1995
"""Before this the rules were others (Germany's Buß- und Bettag, Tag der Deutschen Einheit)."""
YEAR_MAX: Final = 2100

Days = dict[date, str]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source:
        The anonymous algorithm, Nature, 20 April 1876.

    >>> easter(2025), easter(2027)
    (datetime.date(2025, 4, 20), datetime.date(2027, 3, 28))
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays(calendar: str, year: int) -> Mapping[date, str]:
    """Public holidays of a calendar in a year, by date, with their names in the country's language.

    Args:
        calendar: Path of a nation or region by its ISO 3166-2 code: `DE`, `DE/NW`, `GB/ENG` (England and Wales),
            `US` (federal), `BE`, `CA/QC`.
        year: 1995 to 2100.

    Raises:
        KeyError: If there is no such calendar.
        ValueError: If the year is out of range.

    >>> len(holidays("DE", 2025)), len(holidays("DE/NW", 2025)), len(holidays("FR", 2025)), len(holidays("US", 2025))
    (9, 11, 11, 11)
    >>> date(2025, 7, 21) in holidays("BE", 2025), date(2025, 6, 24) in holidays("CA/QC", 2025)
    (True, True)
    """
    if not YEAR_MIN <= year <= YEAR_MAX:
        message = f"year {year}: must be {YEAR_MIN} to {YEAR_MAX}"
        raise ValueError(message)
    if calendar in CALENDARS:
        return dict(sorted(CALENDARS[calendar](year).items()))
    if not is_calendar(calendar):
        raise KeyError(calendar)
    nation, _, region = calendar.partition("/")
    days = library.country_holidays(nation, subdiv=region or None, years=year)
    return {day: name for day, name in sorted(days.items()) if day.year == year}


@lru_cache(maxsize=1)
def _supported() -> Mapping[str, tuple[str, ...]]:
    """Nations whose days the library knows, and their regions."""
    return {nation: tuple(regions) for nation, regions in library.list_supported_countries().items()}


def is_calendar(calendar: str) -> bool:
    """Is there a calendar of this nation or region?

    >>> [is_calendar(path) for path in ("DE/NW", "BE", "CA/QC", "BE/VLG", "XX")]
    [True, True, True, False, False]
    """
    nation, _, region = calendar.partition("/")
    return calendar in CALENDARS or (nation in _supported() and (not region or region in _supported()[nation]))


def is_holiday(calendar: str, day: date) -> bool:
    """Is the day a public holiday?

    >>> is_holiday("DE/NW", date(2025, 6, 19)), is_holiday("DE", date(2025, 6, 19))
    (True, False)
    """
    return day in holidays(calendar, day.year)


def _germany(year: int) -> Days:
    sunday = easter(year)
    days = {
        date(year, 1, 1): "Neujahr",
        sunday - timedelta(2): "Karfreitag",
        sunday + timedelta(1): "Ostermontag",
        date(year, 5, 1): "Tag der Arbeit",
        sunday + timedelta(39): "Christi Himmelfahrt",
        sunday + timedelta(50): "Pfingstmontag",
        date(year, 10, 3): "Tag der Deutschen Einheit",
        date(year, 12, 25): "1. Weihnachtstag",
        date(year, 12, 26): "2. Weihnachtstag",
    }
    if year == 2017:
        days[date(year, 10, 31)] = "Reformationstag"
    return days


def _north_rhine_westphalia(year: int) -> Days:
    return {
        **_germany(year),
        easter(year) + timedelta(60): "Fronleichnam",
        date(year, 11, 1): "Allerheiligen",
    }


def _france(year: int) -> Days:
    sunday = easter(year)
    return {
        date(year, 1, 1): "Jour de l'an",
        sunday + timedelta(1): "Lundi de Pâques",
        date(year, 5, 1): "Fête du Travail",
        date(year, 5, 8): "Victoire 1945",
        sunday + timedelta(39): "Ascension",
        sunday + timedelta(50): "Lundi de Pentecôte",
        date(year, 7, 14): "Fête nationale",
        date(year, 8, 15): "Assomption",
        date(year, 11, 1): "Toussaint",
        date(year, 11, 11): "Armistice 1918",
        date(year, 12, 25): "Noël",
    }


_ENGLAND_ONCE: Final[Mapping[int, Days]] = {
    1999: {date(1999, 12, 31): "Millennium"},
    2002: {date(2002, 6, 3): "Golden Jubilee"},
    2011: {date(2011, 4, 29): "Royal wedding"},
    2012: {date(2012, 6, 5): "Diamond Jubilee"},
    2022: {date(2022, 6, 3): "Platinum Jubilee", date(2022, 9, 19): "State funeral"},
    2023: {date(2023, 5, 8): "Coronation"},
}
_ENGLAND_MAY_DAY: Final = {1995: date(1995, 5, 8), 2020: date(2020, 5, 8)}
"""Moved to the anniversary of 1945."""
_ENGLAND_SPRING: Final = {2002: date(2002, 6, 4), 2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}
"""Moved to the jubilees."""


def _england(year: int) -> Days:
    sunday = easter(year)
    days = {
        sunday - timedelta(2): "Good Friday",
        sunday + timedelta(1): "Easter Monday",
        _ENGLAND_MAY_DAY.get(year, _nth(year, 5, MONDAY, 1)): "Early May bank holiday",
        _ENGLAND_SPRING.get(year, _last(year, 5, MONDAY)): "Spring bank holiday",
        _last(year, 8, MONDAY): "Summer bank holiday",
        **_ENGLAND_ONCE.get(year, {}),
    }
    for day, name in (
        (date(year, 1, 1), "New Year's Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ):
        while day.weekday() in (SATURDAY, SUNDAY) or day in days:
            day += timedelta(1)
        days[day] = name
    return days


def _united_states(year: int) -> Days:
    days = {
        _nth(year, 1, MONDAY, 3): "Birthday of Martin Luther King, Jr.",
        _nth(year, 2, MONDAY, 3): "Washington's Birthday",
        _last(year, 5, MONDAY): "Memorial Day",
        _nth(year, 9, MONDAY, 1): "Labor Day",
        _nth(year, 10, MONDAY, 2): "Columbus Day",
        _nth(year, 11, THURSDAY, 4): "Thanksgiving Day",
    }
    fixed = [(1, 1, "New Year's Day"), (7, 4, "Independence Day"), (11, 11, "Veterans Day"), (12, 25, "Christmas Day")]
    fixed += [(6, 19, "Juneteenth")] if year >= 2021 else []
    for month, day, name in fixed:
        on = date(year, month, day)
        days[on + timedelta({SATURDAY: -1, SUNDAY: 1}.get(on.weekday(), 0))] = name
    following = date(year + 1, 1, 1)
    if following.weekday() == SATURDAY:
        days[following - timedelta(1)] = "New Year's Day"
    return {day: name for day, name in days.items() if day.year == year}


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (number - 1))


def _last(year: int, month: int, weekday: int) -> date:
    end = date(year, month + 1, 1) - timedelta(1)
    return end - timedelta((end.weekday() - weekday) % 7)


CALENDARS: Final[Mapping[str, Callable[[int], Days]]] = {
    "DE": _germany,
    "DE/NW": _north_rhine_westphalia,
    "FR": _france,
    "GB/ENG": _england,
    "US": _united_states,
}

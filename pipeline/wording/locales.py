"""How a language and a market write times, days, numbers and lists: Unicode's rules, through Babel.

The market decides beside the language: in Germany an English text has 16:30, in the United
States 4:30 PM. What Babel has no rules for falls back to those of the language alone.

Unicode's narrow spaces become plain ones: a text message with one of them would take
70 characters in place of 160.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

FORMS: Final = ("zero", "one", "two", "few", "many", "other")
"""Unicode's forms of a plural; each language uses some of them, and `other` always."""

_SPACES: Final = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u2009": " "})


class Manner:
    """How one language is written on one market.

    Args:
        language: ISO 639 code.
        market: ISO 3166-1 code.
        time_zone: IANA name; times for people are in it.
    """

    def __init__(self, language: str, market: str, time_zone: str) -> None:
        self.language, self.market = language, market
        self._locale, self._zone = _locale(language, market), _zone(time_zone)

    def time(self, moment_ms: int, now_ms: int) -> str:
        """A time of day; with its day if that is not today.

        Args:
            moment_ms: What is told, ms since 1970.
            now_ms: When it is told, ms since 1970.

        >>> nine = 1739347200000
        >>> Manner("de", "DE", "Europe/Berlin").time(nine, nine)
        '09:00'
        >>> Manner("en", "US", "America/New_York").time(nine, nine)
        '3:00 AM'
        >>> Manner("de", "DE", "Europe/Berlin").time(nine + 86_400_000, nine)
        '13. Februar, 09:00'
        """
        moment, now = (datetime.fromtimestamp(at // 1_000, UTC).astimezone(self._zone) for at in (moment_ms, now_ms))
        text = format_time(moment, "short", locale=self._locale)
        if moment.date() != now.date():
            text = f"{format_skeleton('MMMMd', moment, locale=self._locale)}, {text}"
        return text.translate(_SPACES)

    def number(self, number: int) -> str:
        """A whole number.

        >>> Manner("de", "DE", "UTC").number(470_000), Manner("fr", "FR", "UTC").number(470_000)
        ('470.000', '470 000')
        """
        return format_decimal(number, locale=self._locale).translate(_SPACES)

    def listed(self, words: Sequence[str]) -> str:
        """Words as a list in a sentence; '' of none.

        >>> Manner("en", "US", "UTC").listed(["TV", "internet", "landline"])
        'TV, internet, and landline'
        """
        return format_list(list(words), locale=self._locale).translate(_SPACES) if words else ""

    def form(self, number: int) -> str:
        """Which form of a plural a number takes, one of `FORMS`.

        >>> Manner("fr", "FR", "UTC").form(0), Manner("de", "DE", "UTC").form(0)
        ('one', 'other')
        """
        return str(self._locale.plural_form(number))

    def zoned(self, moment_ms: int) -> datetime:
        """A moment in the market's time zone."""
        return datetime.fromtimestamp(moment_ms // 1_000, UTC).astimezone(self._zone)


@lru_cache(maxsize=256)
def manner_of(language: str, market: str, time_zone: str) -> Manner:
    """The manner of a language on a market; made once.

    Args:
        language: ISO 639 code.
        market: ISO 3166-1 code.
        time_zone: IANA name.
    """
    return Manner(language, market, time_zone)


@lru_cache(maxsize=256)
def _locale(language: str, market: str) -> Locale:
    for parts in ((language, market), (language,), ("en",)):
        try:
            return Locale(*parts)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def rounded_for_people(number: int) -> int:
    """A number as a person says it: two digits that count, since nobody believes the others.

    Args:
        number: 0 or more.

    >>> [rounded_for_people(number) for number in (469_585, 7, 43, 996, 1_250, 0)]
    [470000, 7, 43, 1000, 1300, 0]
    """
    if number < 100:
        return number
    step: int = 10 ** (len(str(number)) - 2)
    return (number + step // 2) // step * step

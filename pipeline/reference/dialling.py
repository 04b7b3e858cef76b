"""Dialling: what people of a country call for help, what only for advice, and what helps in another country alone.

A market's own file says which numbers bring help there. People also name numbers of other countries (a film, a cousin
abroad, the country that they moved from), and a call to one of those that fails is nobody's emergency here. So the
lexicon has the numbers of the countries in which its languages are spoken, markets of ours or not.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from pipeline.reference.operators import Market

FOREIGN_NUMBER: Final = "xforeign"
"""In an alarm's terms: an emergency number of other countries only."""

ADVICE_NUMBER: Final = "xadvice"
"""The same for a number of advice and of what can wait: 116117, 101 in Britain."""

DIGITS_MIN: Final = 3
"""Digits of a number that is seldom anything else; what has fewer needs a word before it ("le 15")."""


class Dialling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people of a country dial, whether it is a market of ours or not.

    Attributes:
        languages: What they write.
        emergency: Numbers that bring help; those in a market's own file count instead, where there is one.
        advice: Numbers of advice and of what can wait, as they are written: "116 117".
    """

    languages: tuple[str, ...]
    emergency: tuple[str, ...]
    advice: tuple[str, ...] = ()


class Numbers(NamedTuple):
    """Numbers as they count for a text."""

    home: frozenset[str]
    advice: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()


class Diallings:
    """What each number is, by market, and by language where the market is not known.

    Args:
        markets: Markets of ours.
        dialling: What is dialled, by country.
    """

    def __init__(self, markets: Iterable[Market], dialling: Mapping[str, Dialling]) -> None:
        self._countries = dict(dialling)
        for market in markets:
            known = dialling.get(market.id)
            spoken, advice = (known.languages, known.advice) if known else (market.languages, ())
            self._countries[market.id] = Dialling(languages=spoken, emergency=market.emergency_numbers, advice=advice)
        self._everywhere = _emergency(self._countries.values())

    @property
    def countries(self) -> tuple[str, ...]:
        """Ids of all countries that are known."""
        return tuple(self._countries)

    def in_country(self, country: str) -> Numbers:
        """What numbers are in a country that is known."""
        found = self._countries[country]
        return self._told(frozenset(found.emergency), frozenset(found.advice) - frozenset(found.emergency))

    def in_language(self, language: str) -> Numbers:
        """What numbers are to somebody who writes a language, nobody knows where.

        What is an emergency number in one of its countries and one of advice in another (111 of New Zealand and of
        Britain) is taken for advice. Of a language of no country, all numbers that bring help anywhere do.
        """
        spoken = [country for country in self._countries.values() if language in country.languages]
        advice = frozenset(number for country in spoken for number in country.advice)
        return self._told((_emergency(spoken) - advice) or self._everywhere, advice)

    def _told(self, home: frozenset[str], advice: frozenset[str]) -> Numbers:
        elsewhere = self._everywhere - home - advice
        return Numbers(home, advice, frozenset(number for number in elsewhere if not is_ordinary(number)))


def _emergency(countries: Iterable[Dialling]) -> frozenset[str]:
    return frozenset(number for country in countries for number in country.emergency)


def is_ordinary(number: str) -> bool:
    """Is it a figure of every day as well: two digits, or whole hundreds?

    >>> [is_ordinary(number) for number in ("15", "100", "112", "000")]
    [True, True, False, False]
    """
    return len(number) < DIGITS_MIN or (number.endswith("00") and number.strip("0") != "")

"""Traits: what a word may be part of, so that a text without such words is not searched for it.

Most texts name no place of their market, no operator and no emergency number. To find out costs a search for each.
But each name has a word that tells it ("Albans" of "St Albans"), and what a word tells is remembered beside its
weights. So a text whose words tell nothing is not searched; of all others the search decides.
"""

from collections.abc import Iterable, Mapping
from typing import Final

OPERATOR: Final = 1
"""Names of operators have it."""

NUMBER: Final = 2
"""Emergency numbers begin with it."""

STEM: Final = 4
"""A text with it may hold a claim that help cannot be called."""

HINT: Final = 8
"""The same, if it complains of a fault, too."""

LEAD: Final = 16
"""A text with it may hold such a claim though it names nobody who could be called, see `alarm.leads`."""

ABOUT: Final = NUMBER | STEM | LEAD
"""A text with one of these is read for a claim."""

PLACES: Final = 32
"""Names of places of the first market have it, twice the number is the second's, and so on: the highest bits."""


NEVER: Final[Mapping[str, int]] = {}
"""Nothing is known of how often words are met."""


def telling_word(phrase: str, often: Mapping[str, int]) -> str:
    """A word of a folded phrase that few texts hold; any would do, as all of them must stand in the text.

    Args:
        phrase: Folded words.
        often: How often words are met.

    >>> telling_word("st albans", {}), telling_word("at . t", {}), telling_word("the deal", {"deal": 2, "the": 3})
    ('albans', 'at', 'deal')
    """
    return phrase if " " not in phrase else max(phrase.split(), key=lambda word: _how_telling(word, often))


def telling_part(stem: str, often: Mapping[str, int]) -> str:
    """The part of a stem that lies within one word and that few texts hold, with the borders that it must have there.

    Args:
        stem: Folded; a space stands for the border of a word, as in `matching.Stems`.
        often: How often words are met.

    >>> [telling_part(stem, {"call": 1}) for stem in ("fire brig", " a & e ", "ambulanc", "one 12", "call mum")]
    ['fire ', ' & ', 'ambulanc', ' 12', ' mum']
    """
    words = stem.split(" ")
    place = max(range(len(words)), key=lambda at: (bool(words[at]), *_how_telling(words[at], often)))
    return (" " if place else "") + words[place] + (" " if place + 1 < len(words) else "")


_SIGNS: Final = frozenset({".", ",", "?"})


def _how_telling(word: str, often: Mapping[str, int]) -> tuple[bool, int, bool, int, str]:
    return word not in _SIGNS, -often.get(word, 0), not word.isalpha(), len(word), word


def market_bits(markets: Iterable[str]) -> Mapping[str, int]:
    """A bit for each market, from `PLACES` on.

    >>> market_bits(["GB", "DE", "GB"])
    {'DE': 32, 'GB': 64}
    """
    return {market: PLACES << number for number, market in enumerate(sorted(set(markets)))}

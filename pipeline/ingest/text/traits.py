"""Traits: what a word may be part of, so that a text without such words is not searched for it.

Most texts name no place of their market, no operator and no emergency number. To find out costs a search for each.
But each name has a word that tells it ("Albans" of "St Albans"), and what a word tells is remembered beside its
weights. So a text whose words tell nothing is not searched; of all others the search decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

OPERATOR: Final = 1
"""Names of operators have it."""

NUMBER: Final = 2
"""Emergency numbers begin with it."""

STEM: Final = 4
"""A text with it may hold a claim that help cannot be called."""

HINT: Final = 8
"""The same, if it complains of a fault, too."""

ABOUT: Final = NUMBER | STEM
"""A text with one of these is read for a claim."""

IN_NEED: Final = ABOUT | HINT
"""The same of a text that complains of a fault."""

BACK: Final = 16
"""Phrases that tell that all is well again have it."""

AGAIN: Final = 32
"""It is a cue of that, by its weight."""

PLACES: Final = 64
"""Names of places of the first market have it, twice the number is the second's, and so on: the highest bits."""


GROUPS: Final = 31
"""Phrases of several words are told by two parts, each with the bit of a group: the second one's is `GROUPS` higher."""

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
    return telling_parts(stem, often)[0]


def telling_parts(stem: str, often: Mapping[str, int]) -> tuple[str, str]:
    """The two parts of a stem that tell most, the first as `telling_part` has it; the same twice if there is one only.

    Args:
        stem: Folded, as for `telling_part`.
        often: How often words are met.

    >>> [telling_parts(stem, {"call": 1}) for stem in ("call mum", "ambulanc", " 9 9 9 ")]
    [(' mum', 'call '), ('ambulanc', 'ambulanc'), (' 9 ', ' 9 ')]
    """
    words = stem.split(" ")
    first, *others = sorted(
        filter(words.__getitem__, range(len(words))), key=lambda at: _how_telling(words[at], often), reverse=True
    )
    parts = [_part(words, place) for place in (first, *others)]
    return parts[0], next((part for part in parts if part != parts[0]), parts[0])


def _part(words: Sequence[str], place: int) -> str:
    return (" " if place else "") + words[place] + (" " if place + 1 < len(words) else "")


def halves_of(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Bits of the parts by which phrases are told: both parts of a phrase have those of its group.

    Args:
        pairs: Two parts of each phrase.

    >>> halves_of([("mum", "call"), ("mum", "ring")]) == {"mum": 1, "call": 1 << GROUPS, "ring": 1 << GROUPS}
    True
    """
    groups: dict[str, int] = {}
    halves: dict[str, int] = {}
    for first, second in pairs:
        group = groups.setdefault(first, len(groups)) % GROUPS
        halves[first] = halves.get(first, 0) | 1 << group
        halves[second] = halves.get(second, 0) | 1 << group + GROUPS
    return halves


def are_whole(halves: int) -> bool:
    """Have the words of a text both parts of a group?

    >>> are_whole(1 | 1 << GROUPS), are_whole(2 | 1 << GROUPS)
    (True, False)
    """
    return bool(halves & halves >> GROUPS)


_SIGNS: Final = frozenset({".", ",", "?"})


def _how_telling(word: str, often: Mapping[str, int]) -> tuple[bool, int, bool, int, str]:
    return word not in _SIGNS, -often.get(word, 0), not word.isalpha(), len(word), word


def market_bits(markets: Iterable[str]) -> Mapping[str, int]:
    """A bit for each market, from `PLACES` on.

    >>> market_bits(["GB", "DE", "GB"])
    {'DE': 64, 'GB': 128}
    """
    return {market: PLACES << number for number, market in enumerate(sorted(set(markets)))}

"""Whose line it is: "my neighbour with X surfs happily" is no complaint about X.

A name counts for nobody if it stands beside a person or household other than the writer, or as the place where
somebody is a customer while the text names another operator too, and its own clause says that all is well there. A
clause ends with a sign or with a word that turns ("but"). Whatever denies in the same clause lets the name count:
"my neighbour with X has no signal either" is a complaint about X.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import fold_words
from pipeline.ingest.text.matching import Matcher, gathered
from pipeline.reference.words import Brands

CLAUSE_WORDS_MAX: Final = 12
"""Words before and behind a name that may belong to its clause."""

_CLAUSE_CHARS: Final = 110
_ENDS: Final = frozenset({".", "?"})
_PAUSE: Final = ","


class _Clause(NamedTuple):
    """What stands before a name and behind it, up to the ends of the clause."""

    before: list[str]
    after: list[str]


class WhoseReader:
    """Says of names in texts of one language whether they are those of others with whom all is well.

    Args:
        brands: Words around names of operators.
    """

    def __init__(self, brands: Brands) -> None:
        self._others = Matcher(gathered((term, None) for term in brands.others))
        self._well = Matcher(gathered((term, None) for term in brands.well))
        self._turns = _folded(brands.turns)
        self._denies = _folded(brands.denies)
        self._at = _folded(brands.customer_of)

    def tell_of_others(self, words: str, *, alone: bool) -> bool:
        """May a text say of any name that all is well there, with somebody else?

        Args:
            words: Folded words of the text.
            alone: The text names no other operator.
        """
        return self._others.any(words) or not (alone or self._at.isdisjoint(words.split()))

    def are_well(self, words: str, name: tuple[int, int], *, alone: bool) -> bool:
        """Does a text say of a name that all is well there, with somebody else?

        Args:
            words: Folded words of the text.
            name: Where the name stands: its first character and one behind its last.
            alone: The text names no other operator.
        """
        clause = self._clause(words, name)
        before, after = f" {' '.join(clause.before)} ", f" {' '.join(clause.after)} "
        at_somebody = self._others.any(before) or self._others.any(after)
        customer = not alone and clause.before[-1:] != [] and clause.before[-1] in self._at
        if not (at_somebody or customer):
            return False
        return self._are_only_well(after) or (self._are_only_well(before) and not self._denies & set(clause.after))

    def _are_only_well(self, part: str) -> bool:
        """Does a part of a clause say that something works, and deny nothing beside that?"""
        rest, end = "", 0
        hits = self._well.longest(part)
        for hit in hits:
            rest, end = rest + part[end : hit.start], hit.end
        return bool(hits) and self._denies.isdisjoint((rest + part[end:]).split())

    def _clause(self, words: str, name: tuple[int, int]) -> _Clause:
        start, end = name
        before = words[max(start - _CLAUSE_CHARS, 0) : start].split()[-CLAUSE_WORDS_MAX:]
        after = words[end : end + _CLAUSE_CHARS].split()[:CLAUSE_WORDS_MAX]
        return _Clause(self._kept(before[::-1])[::-1], self._kept(after))

    def _kept(self, tokens: Sequence[str]) -> list[str]:
        """Words up to the end of the clause; a comma right beside the name ("my cousin, on X, is fine") ends none."""
        kept: list[str] = []
        for place, token in enumerate(tokens):
            if token in _ENDS or token in self._turns or (token == _PAUSE and place > 1):
                break
            kept.append(token)
        return kept


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_words(word).strip() for word in words)

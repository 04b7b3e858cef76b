"""Whose line it is: "my neighbour with X surfs happily" is no complaint about X.

A name counts for nobody if it stands beside a person or household other than the writer, and its own clause says that
all is well there. A clause ends with a sign or with a word that turns ("but"). Whatever denies in the same clause lets
the name count: "my neighbour with X has no signal either" is a complaint about X.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import folded_terms
from pipeline.ingest.text.matching import Matcher, gathered
from pipeline.ingest.text.operators.tone import FAILS, WELL, ToneReader
from pipeline.reference.spoken.brands import Brands

CLAUSE_WORDS_MAX: Final = 12
"""Words before and behind a name that may belong to its clause."""

_CLAUSE_CHARS: Final = 110
_ENDS: Final = frozenset({".", "?"})
_PAUSE: Final = ","
_ASIDE_WORDS: Final = 1
"""A comma so near a name ends no clause: "my cousin, on X, is fine"."""


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
        self._tones = ToneReader(brands)
        self._turns = folded_terms(brands.turns)

    def tell_of_others(self, tokens: list[str]) -> bool:
        """Does a text tell of anybody but the writer?

        Args:
            tokens: Folded words of the text.
        """
        return bool(self._others.spans_of(tokens))

    def are_well(self, words: str, name: tuple[int, int], borders: tuple[int, int]) -> bool:
        """Does a text say of a name that all is well there, with somebody else?

        Args:
            words: Folded words of the text.
            name: Where the name stands: its first character and one behind its last.
            borders: Where the name before it ends, and where the next one begins.
        """
        clause = self._clause(words, name, borders)
        before, after = f" {' '.join(clause.before)} ", f" {' '.join(clause.after)} "
        if not (self._others.any(before) or self._others.any(after)):
            return False
        said = self._tones.tone(before)
        closed = said == FAILS and clause.after[:1] == [_PAUSE]
        if not closed and self._tones.tone(after) == WELL:
            return True
        return said == WELL and self._tones.denies.isdisjoint(clause.after)

    def _clause(self, words: str, name: tuple[int, int], borders: tuple[int, int]) -> _Clause:
        start, end = name
        before = words[max(start - _CLAUSE_CHARS, borders[0]) : start].split()[-CLAUSE_WORDS_MAX:]
        after = words[end : min(end + _CLAUSE_CHARS, borders[1])].split()[:CLAUSE_WORDS_MAX]
        return _Clause(self._kept(before[::-1], _ASIDE_WORDS)[::-1], self._kept(after, 0))

    def _kept(self, tokens: Sequence[str], aside: int) -> list[str]:
        """Words up to the end of the clause; a comma behind at most `aside` words of it ends none."""
        kept: list[str] = []
        for place, token in enumerate(tokens):
            if token in _ENDS or token in self._turns or (token == _PAUSE and place > aside):
                break
            kept.append(token)
        return kept

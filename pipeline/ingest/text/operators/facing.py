"""Facing: where a text names several operators, which of them does it say works?

"o2 is dead, Telekom works" is a complaint about o2. A text is taken apart into clauses, and each clause is said of the
names in it; where one clause holds two ("EE down Vodafone fine"), each has what follows it. Names that only "and" parts
share what is said. A name is at ease if its clause says that all is well, denies nothing and asks nothing, and no
clause without a name of its own follows that complains: that one goes on about the last name.
"""

from collections.abc import Sequence
from typing import Final

from pipeline.ingest.text.folding import fold_words, folded_terms
from pipeline.ingest.text.operators.tone import FAILS, OPEN, WELL, ToneReader
from pipeline.reference.spoken.brands import Brands

FOLLOWED: Final = "followed"
"""All is well in the clause of the name, and the next one, which names nobody, complains."""

SILENT: Final = "silent"
"""A name with nothing beside it: a handle that is addressed, a tag at the end."""

_ENDS: Final = frozenset({".", "?"})
_ASKS: Final = "?"
_PAUSE: Final = ","
_SIGNS: Final = frozenset({".", "?", ","})
_BESIDE_CHARS: Final = 30


class SaidOf:
    """Words that are said of some names.

    Attributes:
        names: Numbers of the names, in order.
        before: Words before the first of them; all words, if there is none.
        after: Words behind the last.
        asks: It is a question.
    """

    __slots__ = ("after", "asks", "before", "names")

    def __init__(self) -> None:
        self.names: list[int] = []
        self.before: list[str] = []
        self.after: list[str] = []
        self.asks = False

    def is_empty(self) -> bool:
        """Does it hold nothing yet?"""
        return not (self.names or self.before or self.after)


class FacingReader:
    """Tells of each name in a text of one language what is said of it.

    Args:
        brands: Words around names of operators.
    """

    def __init__(self, brands: Brands) -> None:
        self._tones = ToneReader(brands)
        self._denies = self._tones.denies
        self._denied_in_front = self._denies - folded_terms(brands.adds)
        self._turns = folded_terms(brands.turns)
        self._joins = folded_terms(brands.joins)
        self._me = folded_terms(brands.me)
        self._yes, self._no = folded_terms(brands.yes), folded_terms(brands.no)
        self._at, self._behind = folded_terms(brands.at), folded_terms(brands.behind)
        said = [fold_words(term).split() for term in (*brands.failing, *brands.well)]
        self._verdicts = frozenset(term[0] for term in said if term) | self._denies | self._no | self._yes

    def said(self, words: str, names: Sequence[tuple[int, int]], *, searched: bool) -> list[str]:
        """What is said of each name: `WELL`, `FOLLOWED`, `FAILS`, `OPEN` or `SILENT`.

        Args:
            words: Folded words of the text.
            names: Where each name begins, and one behind its end; in order, none within another.
            searched: The text was found for an operator that it does not name: complaints without a name are of that.
        """
        said = [SILENT] * len(names)
        last: list[int] = []
        for clause in self._clauses(words, names):
            verdict = self._verdict(clause)
            if clause.names:
                for name in clause.names:
                    said[name] = verdict
                last = clause.names
            elif verdict == FAILS and not searched and clause.before[0] not in self._me:
                for name in last:
                    said[name] = FOLLOWED if said[name] == WELL else said[name]
        return said

    def shows_beside(self, words: str, name: tuple[int, int]) -> bool:
        """Does a verdict say that an ordinary word is a brand, beside another one: "Vodafone fine, three dead"?

        Args:
            words: Folded words of the text.
            name: Where the word begins, and one behind its end.
        """
        before, then = _beside(words, name)
        if before.isalnum() and not (before in self._turns or before in self._joins or before in self._at):
            return False
        if then in self._verdicts:
            return True
        return before in self._at and (not then or then in _SIGNS or then in self._behind)

    def shows_alone(self, words: str, name: tuple[int, int], *, others: bool) -> bool:
        """Is an ordinary word where customers are, at the end of a clause that complains: "no signal on three"?

        Args:
            words: Folded words of the text.
            name: Where the word begins, and one behind its end.
            others: The text tells of somebody else: then what is behind the word may be about them.
        """
        before, then = _beside(words, name)
        if before not in self._at:
            return False
        if not (not then or then in _SIGNS or then in self._turns or then in self._behind or then in self._verdicts):
            return False
        read = words[: name[1] + 1] if others else words
        return self.said(read, (name,), searched=True)[0] == FAILS

    def _verdict(self, clause: SaidOf) -> str:
        before, after = clause.before, clause.after
        if clause.names and not before and not after:
            return SILENT
        words = [word for word in after if word != _PAUSE]
        if words and self._yes.issuperset(words):
            return WELL
        if words and self._no.issuperset(words):
            return FAILS
        behind, front = self._tones.tone(f" {' '.join(after)} "), self._tones.tone(f" {' '.join(before)} ")
        neither = bool(clause.names) and behind == WELL and not self._denied_in_front.isdisjoint(before)
        if neither or (FAILS in (behind, front) and not (behind == WELL and clause.names)):
            return FAILS
        if clause.asks or WELL not in (behind, front):
            return OPEN
        return WELL

    def _clauses(self, words: str, names: Sequence[tuple[int, int]]) -> list[SaidOf]:
        """The clauses of a text in order, those that hold nothing left out."""
        clauses: list[SaidOf] = []
        clause, place, at = SaidOf(), 0, 1
        gap: list[str] = []
        for token in words.split():
            start, at = at, at + len(token) + 1
            while place < len(names) and start >= names[place][1]:
                place += 1
            if place < len(names) and names[place][0] <= start:
                if start == names[place][0]:
                    if clause.names and not self._shares(clause, gap):
                        clauses.append(clause)
                        clause = SaidOf()
                    clause.names.append(place)
                    clause.after, gap = [], []
                continue
            beside = bool(clause.names) and not gap and token == _PAUSE and self._is_open(clause)
            if (token in _ENDS or token in self._turns or token == _PAUSE) and not beside:
                clause.asks = token == _ASKS
                if not clause.is_empty():
                    clauses.append(clause)
                clause, gap = SaidOf(), []
                continue
            gap.append(token)
            (clause.after if clause.names else clause.before).append(token)
        return clauses if clause.is_empty() else [*clauses, clause]

    def _shares(self, clause: SaidOf, gap: Sequence[str]) -> bool:
        """Does a name go with the one before it: "EE and Vodafone", "EE, Vodafone" where a clause begins so?"""
        lists = len(clause.before) <= 1
        return bool(gap) and all(word in self._joins or (word == _PAUSE and lists) for word in gap)

    def _is_open(self, clause: SaidOf) -> bool:
        """Is nothing said yet in front of the names?"""
        return self._tones.tone(f" {' '.join(clause.before)} ") == OPEN


def _beside(words: str, name: tuple[int, int]) -> tuple[str, str]:
    """The words before and behind a place; empty at the borders of the text."""
    before = words[max(name[0] - _BESIDE_CHARS, 0) : name[0]].split()
    return before[-1] if before else "", words[name[1] + 1 : name[1] + _BESIDE_CHARS].split(" ", 1)[0]

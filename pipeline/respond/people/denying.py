"""What an operator denies in public: a claim that spreads, or that another operator is to blame.

A denial is a word that negates close to the thing: "no attack", "an attack is ruled out". Closer than a sentence, since
"the attack is not over" denies nothing. Nor does a negation of something else ("no update on the attack"), or one that
takes back another: "an attack cannot be ruled out". Where it is not clear, nothing is denied: a denial that nobody made
would be told as the operator's word.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pipeline.respond.official_terms import OfficialTerms, Phrases, places_of, words_of

NEAR_WORDS: Final = 6
"""How far a negation may stand from what it negates: "keine Hinweise auf einen Angriff von außen" has four between."""

_OVERLAP_WORDS: Final = 2
"""How far before a negation a phrase may begin that makes it one of something else: "n'excluons *pas*" begins two."""

_SENTENCE_END: Final = re.compile(r"[!?;\n]|\.(?:\s|$)")
_CLAUSE_END: Final = re.compile(r",|[:–—-](?:\s|$)|[()]")


class Utterance(NamedTuple):
    """A sentence as its words.

    Attributes:
        words: In small letters.
        clauses: Number of the clause in which each word stands; commas and dashes part them.
    """

    words: tuple[str, ...]
    clauses: tuple[int, ...]

    def finds(self, phrases: Phrases, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Where phrases begin and end, between two places.

        Args:
            phrases: What is looked for.
            begin: First place; below 0 is the beginning.
            end: Behind the last place.
        """
        begin = max(0, begin)
        part = self.words[begin:end]
        for phrase in phrases:
            yield from ((begin + at, begin + at + len(phrase)) for at in places_of(phrase, part))


def denied_claims(text: str, terms: OfficialTerms) -> list[str]:
    """Kinds of claims that a text denies, sorted.

    Args:
        text: What the operator wrote.
        terms: Words of its language.
    """
    return [kind for kind, phrases in sorted(terms.claims.items()) if _denies(text, phrases, terms)]


def denies_others(text: str, names: Iterable[str], terms: OfficialTerms) -> bool:
    """Does a text deny that another operator has to do with it?

    Args:
        text: What the operator wrote.
        names: Names of the operators that are blamed.
        terms: Words of its language.
    """
    return _denies(text, (*terms.others, *(words_of(name) for name in names)), terms)


def sentences_of(text: str) -> Iterator[Utterance]:
    """The sentences of a text; a full stop without a space ends none.

    >>> list(sentences_of("No attack, says v2.1. Sorry!"))[0]
    Utterance(words=('no', 'attack', 'says', 'v2', '1'), clauses=(0, 0, 1, 1, 1))
    """
    for line in _SENTENCE_END.split(text):
        clauses = [words_of(clause) for clause in _CLAUSE_END.split(line)]
        if any(clauses):
            numbers = (number for number, words in enumerate(clauses) for _word in words)
            yield Utterance(tuple(word for words in clauses for word in words), tuple(numbers))


def _denies(text: str, things: Phrases, terms: OfficialTerms) -> bool:
    return any(
        _is_negated(sentence, begin, end, terms)
        for sentence in sentences_of(text)
        for begin, end in sentence.finds(things, 0, len(sentence.words))
    )


def _is_negated(sentence: Utterance, begin: int, end: int, terms: OfficialTerms) -> bool:
    """Is the thing between two places negated, and that not taken back?"""
    before = [
        at
        for at, behind in sentence.finds(terms.no, begin - NEAR_WORDS, begin)
        if not any(until >= behind for _at, until in sentence.finds(terms.of_else, at - _OVERLAP_WORDS, begin))
    ]
    ruled_out = [at for at, _behind in sentence.finds(terms.ruled_out, end, end + NEAR_WORDS)]
    if any(not _is_taken_back(sentence, at, terms) for at in ruled_out):
        return True
    doubled = any(sentence.clauses[at] == sentence.clauses[begin] for at in ruled_out)
    return bool(before) and not doubled


def _is_taken_back(sentence: Utterance, at: int, terms: OfficialTerms) -> bool:
    """Does a negation stand before the words at a place, in their clause?"""
    clause = sentence.clauses.index(sentence.clauses[at])
    return any(True for _ in sentence.finds((*terms.no, *terms.not_ruled_out), clause, at))

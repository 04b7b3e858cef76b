"""What an operator denies in public: a claim that spreads, or that another operator is to blame.

A denial is a word that negates close to the thing: "no attack", "an attack is ruled out". Closer than a sentence, since
"the attack is not over" denies nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipeline.respond.official_terms import OfficialTerms, Phrases, places_of, words_of

NEAR_WORDS: Final = 6
"""How far a negation may stand from what it negates: "keine Hinweise auf einen Angriff von außen" has four between."""


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


def sentences_of(text: str) -> Iterator[tuple[str, ...]]:
    """The words of each sentence; a full stop without a space is none."""
    for line in text.replace("!", ". ").replace("?", ". ").replace(";", ". ").replace("\n", ". ").split(". "):
        if words := words_of(line):
            yield words


def _denies(text: str, things: Phrases, terms: OfficialTerms) -> bool:
    return any(
        _is_negated(words, at, len(thing), terms)
        for words in sentences_of(text)
        for thing in things
        for at in places_of(thing, words)
    )


def _is_negated(words: Sequence[str], at: int, size: int, terms: OfficialTerms) -> bool:
    before, after = words[max(0, at - NEAR_WORDS) : at], words[at + size : at + size + NEAR_WORDS]
    said_before = any(places_of(phrase, before) for phrase in terms.no)
    return said_before or any(places_of(phrase, after) for phrase in terms.ruled_out)

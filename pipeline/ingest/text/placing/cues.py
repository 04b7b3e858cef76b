"""Cues: how a language points at a place, its words folded."""

from typing import NamedTuple

from pipeline.ingest.text.folding import folded_terms
from pipeline.reference.placing.cues import PlaceCues

_MONEY = frozenset({"eur", "gbp", "usd", "percent"})


class Cues(NamedTuple):
    """How a language points at a place, folded: the lists of `pipeline.reference.words.PlaceCues`.

    Attributes:
        ordinary: Those of `common` that are terms of the lexicon or names of operators.
    """

    cues: frozenset[str]
    sure: frozenset[str]
    areas: frozenset[str]
    articles: frozenset[str]
    codes: frozenset[str]
    common: frozenset[str]
    ordinary: frozenset[str]
    not_before: frozenset[str]
    not_after: frozenset[str]
    openers: frozenset[str]
    never: frozenset[str]
    districts: frozenset[str]
    units: frozenset[str]
    own: frozenset[str]
    proper: frozenset[str]
    numbered: frozenset[str]
    well: frozenset[str]
    denials: frozenset[str]
    faults: frozenset[str]
    called: frozenset[str]
    nouns_are_capital: bool


def cues_of(code: str, words: PlaceCues, ordinary: frozenset[str]) -> Cues:
    """Fold the words of a language.

    Args:
        code: The language.
        words: How it points at a place.
        ordinary: Folded words that are ordinary in every language.
    """
    return Cues(
        folded_terms(words.cues),
        folded_terms(words.sure),
        folded_terms(words.areas),
        folded_terms(words.articles),
        folded_terms(words.codes),
        folded_terms(words.common) | ordinary,
        ordinary,
        folded_terms(words.not_before),
        folded_terms(words.not_after),
        folded_terms(words.openers),
        folded_terms(words.never),
        folded_terms(words.districts),
        folded_terms(words.units) | _MONEY,
        folded_terms(words.own),
        folded_terms(words.proper),
        folded_terms(words.numbered),
        folded_terms(words.well),
        folded_terms(words.denials),
        folded_terms(words.faults),
        folded_terms(words.called),
        code == "de",
    )

"""Cues: how a language points at a place, its words folded."""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.ingest.text.folding import fold_words
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

    def folded(names: Iterable[str]) -> frozenset[str]:
        return frozenset(fold_words(word).strip() for word in names)

    return Cues(
        folded(words.cues),
        folded(words.sure),
        folded(words.areas),
        folded(words.articles),
        folded(words.codes),
        folded(words.common) | ordinary,
        ordinary,
        folded(words.not_before),
        folded(words.not_after),
        folded(words.openers),
        folded(words.never),
        folded(words.districts),
        folded(words.units) | _MONEY,
        folded(words.own),
        folded(words.proper),
        folded(words.numbered),
        folded(words.well),
        folded(words.denials),
        folded(words.faults),
        folded(words.called),
        code == "de",
    )

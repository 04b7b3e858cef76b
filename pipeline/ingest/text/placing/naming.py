"""Naming: is a word of a text the name of a place here?

A word before it that points, its place in the text, a capital letter, its size and what follows it speak for a name;
a name that is also an ordinary word ("Reading", "Essen", "Tours") needs the pointing word, or to open the text as
places do ("Hof: no signal").
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.matching import Hit
from pipeline.ingest.text.placing.settling import VILLAGE_POPULATION_MAX, Site, are_nested
from pipeline.reference.words import PlaceCues

KNOWN_POPULATION_MIN: Final = 100_000
"""A town of this size is meant even in lower case and without a pointing word."""

SMALL_POPULATION_MAX: Final = 15_000
"""Up to this size a name needs a pointing word and a capital letter: half of all nouns are a village somewhere."""

SHORT_CHARS_MAX: Final = 4
"""A name this short needs more than a capital that a rule of grammar may have given it."""

LOWER_CHARS_MIN: Final = 7
"""A small town in a text without capitals needs a name this long that no other place has: a short one is a word."""

DISTRICT_CHARS_MAX: Final = 3
"""Digits of a district's number: 34, 971."""

POSTCODE_CHARS: Final = 5
"""Digits of a German or French postcode."""

CUE_CHARS: Final = 40
"""How far before a name a pointing word is looked for."""

PHRASE_WORDS_MIN: Final = 3
"""A name of so many words that no other place has is no accident: "St pierre d'oleron"."""

COLON_CHARS_MAX: Final = 60
"""How far into a text its first colon may stand for a place before it to open the text."""

_OWN_WORDS = 2
_INWARD_CHARS = 3
_MONEY = frozenset({"eur", "gbp", "usd", "percent"})
_JOINS = frozenset({"et", "ou", ",", "and", "und", "en", "of", "plus"})
_ENDS = frozenset({".", ",", "?"})
_BESIDE = frozenset({" ", " , "})
_LISTS = _JOINS | {"", "&", "oder", "or"}

Sites = tuple[Site, ...]


class Naming(IntEnum):
    """How clearly a word is the name of a place: not at all, by its look alone, or because something says so."""

    NOT = 0
    LOOKS = 1
    SAID = 2


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
        code == "de",
    )


def told_of(hit: Hit[Sites], folded: Folded, cues: Cues) -> Naming:
    """How clearly is a word of a text the name of a place?

    Args:
        hit: The word, and what it may mean.
        folded: The text.
        cues: How its language points at places.
    """
    text = folded.words[hit.start : hit.end]
    before = folded.words[max(hit.start - CUE_CHARS, 0) : hit.start].split()
    after = folded.words[hit.end : hit.end + CUE_CHARS].split()
    follows = after[0] if after else ""
    if follows in cues.not_before or text in cues.never or (before and before[-1] in cues.not_after):
        return Naming.NOT
    if " " not in text and (text[-1].isdigit() or text[0].isdigit() or text[1].isdigit()):
        return Naming.SAID if _is_code(text, before, follows, cues) else Naming.NOT
    form = hit.payload[0].form
    if form == "adjective":
        return Naming.SAID if follows in cues.areas else Naming.NOT
    around = _Around(
        pointed=form == "contracted" or is_pointed(before, cues),
        sure=bool({*before[-1:], " ".join(before[-2:])} & cues.sure),
        opens=_opens(text, before, follows, folded, cues),
        article=bool(before) and before[-1] in cues.articles,
        beside=follows in cues.areas or " ".join(after[:2]) in cues.areas or text in folded.hashtags,
    )
    return _told_by(hit.payload, _Look.of(text, form, folded, cues.articles), around, cues)


class _Around(NamedTuple):
    """What stands around a name: a word that points, surely so, a place of its own, an article, "area" or a `#`."""

    pointed: bool
    sure: bool
    opens: bool
    article: bool
    beside: bool


class _Look(NamedTuple):
    """How a name is written: itself, its words, and whether the text has capitals and where in it these are."""

    name: str
    words: int
    within: bool
    first: bool
    no_capitals: bool

    @classmethod
    def of(cls, text: str, form: str, folded: Folded, articles: frozenset[str]) -> "_Look":
        """See how a name is written.

        Args:
            text: The name, folded.
            form: What form of its name it is, as `forms.py` says.
            folded: The text that it stands in.
            articles: Articles of its language.
        """
        within, first = folded.capitals
        name = text[:-1] if form == "possessive" else text
        words = name.split(" ")
        shown = words[1:] if len(words) > 1 and (form == "contracted" or words[0] in articles) else words
        either = within | first
        return cls(
            shown[0] if form == "contracted" else name,
            len(shown),
            shown[0] in within and shown[-1] in either,
            shown[0] in first and (len(shown) == 1 or shown[-1] in either),
            not any(word[0].isalpha() for word in either),
        )


def _told_by(sites: Sites, look: _Look, around: _Around, cues: Cues) -> Naming:
    """What its look and its surroundings say of a name."""
    population = sites[0].population
    small = 0 < population <= SMALL_POPULATION_MAX
    if look.name in cues.common:
        return _told_common(look, around, cues, population)
    if small:
        return _told_small(sites, look, around, cues)
    if around.pointed or around.beside or around.opens or look.words > 1:
        return Naming.SAID
    long = len(look.name) > SHORT_CHARS_MAX
    looks = (look.within and (long or not cues.nouns_are_capital)) or (look.first and long)
    known = population >= KNOWN_POPULATION_MIN or (look.no_capitals and long and population > 0)
    return Naming.LOOKS if looks or known else Naming.NOT


def _told_common(look: _Look, around: _Around, cues: Cues, population: int) -> Naming:
    """An ordinary word: only with a capital letter, and a word that points or a place that only names have."""
    shown = look.within or (look.no_capitals and look.words > 1)
    if shown and around.pointed and not (around.article and cues.nouns_are_capital):
        return Naming.SAID
    if look.name in cues.ordinary:
        return Naming.NOT
    if look.no_capitals:
        return Naming.SAID if around.sure and population > SMALL_POPULATION_MAX else Naming.NOT
    alone = (around.opens and (look.within or look.first)) or (around.beside and look.within)
    return Naming.SAID if alone and population > SMALL_POPULATION_MAX else Naming.NOT


def _told_small(sites: Sites, look: _Look, around: _Around, cues: Cues) -> Naming:
    """A small town, whose name may be a noun or a family's."""
    capital = look.within or look.first
    village = sites[0].population <= VILLAGE_POPULATION_MAX
    single = len(sites) == 1
    long = len(look.name) >= LOWER_CHARS_MIN
    if around.pointed or around.beside:
        short = not village and around.sure and len(look.name) > SHORT_CHARS_MAX
        return Naming.SAID if capital or (single and look.no_capitals and (long or short)) else Naming.NOT
    if around.opens and (not village or (single and long)):
        return Naming.SAID if capital or (single and look.no_capitals and not village) else Naming.NOT
    if village:
        return Naming.LOOKS if single and look.words >= PHRASE_WORDS_MIN else Naming.NOT
    named = look.within and single and long and not cues.nouns_are_capital
    return Naming.LOOKS if named or (look.words > 1 and (capital or single)) else Naming.NOT


def _opens(text: str, before: Sequence[str], follows: str, folded: Folded, cues: Cues) -> bool:
    """Does a name stand where a text says where it is: "Guingamp, no fibre", "Mende idem", "Hof: ...", "... Fulda."?"""
    if before and before[-1] not in _ENDS:
        return False
    if text in cues.common:
        return not before and (follows in cues.openers or not follows or _before_colon(text, folded))
    if follows in cues.openers or (not before and follows in cues.ordinary):
        return True
    ends = not follows or follows in _ENDS
    return ends and (len(text) >= SHORT_CHARS_MAX or _before_colon(text, folded))


def _before_colon(text: str, folded: Folded) -> bool:
    """Is a name all that stands before the first colon of a text?"""
    head, colon, _ = folded.plain[:COLON_CHARS_MAX].partition(":")
    return bool(colon) and fold_words(head).strip() == text


def is_pointed(before: Sequence[str], cues: Cues) -> bool:
    """Does a pointing word stand before, perhaps with an article, a comma or another word of pointing between?"""
    if not before:
        return False
    if before[-1] in cues.articles and len(before) > 1:
        return before[-2] in cues.cues or " ".join(before[-2:]) in cues.cues
    return before[-1] in cues.cues or " ".join(before[-2:]) in cues.cues


def _is_code(text: str, before: Sequence[str], follows: str, cues: Cues) -> bool:
    """Postcodes: digits need an announcement; British districts also count with their second half behind."""
    inward = len(follows) == _INWARD_CHARS and follows[0].isdigit() and follows[1:].isalpha()
    if follows in cues.units:
        return False
    if text[0].isalpha():
        if text[1].isdigit() and not inward:  # "M4", "S23": a road, a telephone
            return bool(before) and (before[-1] == "in" or before[-1] in cues.codes - cues.cues)
        return inward or bool(set(before[-2:]) & (cues.codes | cues.cues)) or follows in cues.areas
    if len(text) <= DISTRICT_CHARS_MAX:
        return _is_district(before, cues)
    opens = not before and len(text) == POSTCODE_CHARS and (follows in cues.openers or follows in _ENDS or not follows)
    return opens or bool({*before[-2:], " ".join(before[-2:])} & cues.codes)


def _is_district(before: Sequence[str], cues: Cues) -> bool:
    """Is a number announced as that of a district: "dans le 34", "département 59 et 62"?"""
    rest = list(before)
    while len(rest) > 1 and rest[-1] in _JOINS and rest[-2].isdigit() and len(rest[-2]) <= DISTRICT_CHARS_MAX:
        rest = rest[:-2]
    return bool({*rest[-1:], " ".join(rest[-2:])} & cues.districts)


def told_all(hits: Sequence[Hit[Sites]], folded: Folded, cues: Cues) -> list[Naming]:
    """How clearly each of some words is the name of a place, in their order; neighbours help each other.

    A postcode and a name beside it that mean one place are both told ("50823 Köln", "Heek (48619)"); a name that only
    looks like a place is told by another that it is listed with ("Köln und Bonn").

    Args:
        hits: The words, and what they may mean.
        folded: The text.
        cues: How its language points at places.
    """
    words = folded.words
    told = [told_of(hit, folded, cues) for hit in hits]
    for place, (first, then) in enumerate(pairwise(hits)):
        gap, both = words[first.end : then.start], told[place : place + 2]
        coded = gap in _BESIDE and _are_coded(first, then, words)
        if coded or (gap.strip() in _LISTS and sorted(both) == [Naming.LOOKS, Naming.SAID]):
            told[place] = told[place + 1] = Naming.SAID
    return told


def _are_coded(first: Hit[Sites], then: Hit[Sites], words: str) -> bool:
    """Is one of two words the postcode of the other?"""
    digits = [words[hit.start : hit.end].replace(" ", "").isdigit() for hit in (first, then)]
    return digits[0] != digits[1] and any(are_nested(site, other) for site in first.payload for other in then.payload)


def elsewhere(told: Sequence[Hit[Sites]], words: str, cues: Cues) -> Sequence[Hit[Sites]]:
    """Leave out where the writer is, if the text points elsewhere: "I live in X, at my mother's in Y all is dead".

    Args:
        told: Names of places in a text, in their order.
        words: The text, folded.
        cues: How its language points at places.
    """
    if len(told) == 1:
        return told
    own = [hit for hit in told if _is_own(words[max(hit.start - CUE_CHARS, 0) : hit.start].split(), cues)]
    others = [hit for hit in told if hit not in own]
    pointed = any(is_pointed(words[max(hit.start - CUE_CHARS, 0) : hit.start].split(), cues) for hit in others)
    return others if own and pointed else told


def _is_own(before: Sequence[str], cues: Cues) -> bool:
    """Does it say where the writer is: a word like "live", then one that points; or "from" at the start of a clause?"""
    if not before or before[-1] not in cues.cues:
        return False
    if before[-1] in cues.own and (len(before) == 1 or before[-2] in _ENDS):
        return True
    return len(before) >= _OWN_WORDS and (before[-2] in cues.own or " ".join(before[-3:-1]) in cues.own)

"""Naming: is a word of a text the name of a place here?

A word before it that points, its place in the text, a capital letter, its size and what follows it speak for a name;
a name that is also an ordinary word ("Reading", "Essen", "Tours") needs the pointing word, or to open the text as
places do ("Hof: no signal").
"""

from collections.abc import Sequence, Set
from enum import IntEnum
from itertools import pairwise
from typing import Final

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.matching import Hit
from pipeline.ingest.text.placing.codes import ENDS, is_code, looks_like_code
from pipeline.ingest.text.placing.cues import Cues
from pipeline.ingest.text.placing.settling import VILLAGE_POPULATION_MAX, Sites, are_nested, is_sure

KNOWN_POPULATION_MIN: Final = 100_000
"""A town of this size is meant even in lower case and without a pointing word."""

SMALL_POPULATION_MAX: Final = 15_000
"""Up to this size a name needs a pointing word and a capital letter: half of all nouns are a village somewhere."""

SHORT_CHARS_MAX: Final = 4
"""A name this short needs more than a capital that a rule of grammar may have given it."""

LETTERS_CHARS_MAX: Final = 2
"""A name this short is letters, and letters are capitals: LA, DC."""

LOWER_CHARS_MIN: Final = 7
"""A small town in a text without capitals needs a name this long that no other place has: a short one is a word."""

CUE_CHARS: Final = 40
"""How far before a name a pointing word is looked for."""

PHRASE_WORDS_MIN: Final = 3
"""A name of so many words that no other place has is no accident: "St pierre d'oleron"."""

DOOR_CHARS_MAX: Final = 3
"""Digits of a house's number; a small name behind one is a street: "14 Fishergate"."""

TRADE_WORDS_MAX: Final = 4
"""Words of the trade that may stand before a name of a clause: "kein empfang telekom cuxhaven"."""

COLON_CHARS_MAX: Final = 60
"""How far into a text its first colon may stand for a place before it to open the text."""

_OWN_WORDS = 2
_BESIDE = frozenset({" ", " , "})
_LISTS = frozenset({"et", "ou", ",", "and", "und", "en", "of", "plus", "", "&", "oder", "or"})


class Naming(IntEnum):
    """How clearly a word is the name of a place: not at all, by its look alone, or because something says so."""

    NOT = 0
    LOOKS = 1
    SAID = 2


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
    if follows in cues.not_before or text in cues.never or _is_a_name_of_another(before, cues):
        return Naming.NOT
    if before and before[-1].isdigit() and len(before[-1]) <= DOOR_CHARS_MAX and _is_small(hit.payload):
        return Naming.NOT
    if looks_like_code(text):
        return Naming.SAID if is_code(text, before, after, folded, cues) else Naming.NOT
    form = hit.payload[0].form
    if form == "adjective":
        return Naming.SAID if follows in cues.areas else Naming.NOT
    around = _Around(text, form, before, after, folded, cues)
    return _told_by(hit.payload, _Look(text, form, folded, cues), around, cues)


def _is_a_name_of_another(before: Sequence[str], cues: Cues) -> bool:
    """Does a word before say that a name is a person's, a street's or a shop's: "Mr", "rue de"?"""
    if before and before[-1] == "." and len(before) > 1 and len(before[-2]) <= SHORT_CHARS_MAX:
        before = before[:-1]
    return bool({*before[-1:], " ".join(before[-2:])} & cues.not_after)


class _Around:
    """What stands around a name: a word that points, or surely so, its own place, a colon, an article, "area", `#`.

    What costs something is worked out when it is asked for: of most names the first answers decide.
    """

    __slots__ = ("_after", "_before", "_cues", "_folded", "_text", "article", "beside", "pointed")

    def __init__(self, text: str, form: str, before: list[str], after: list[str], folded: Folded, cues: Cues) -> None:
        self._text = text
        self._before = before
        self._after = after
        self._folded = folded
        self._cues = cues
        self.pointed = form == "contracted" or is_pointed(before, cues)
        self.article = bool(before) and before[-1] in cues.articles
        follows = after[0] if after else ""
        self.beside = follows in cues.areas or " ".join(after[:2]) in cues.areas or text in folded.hashtags

    @property
    def sure(self) -> bool:
        """Does a word point that surely means a place?"""
        before, sure = self._before, self._cues.sure
        return (bool(before) and before[-1] in sure) or " ".join(before[-2:]) in sure

    @property
    def opens(self) -> bool:
        """Does it stand where a text says where it is?"""
        return _opens(self._text, self._before, self._after, self._folded, self._cues)

    @property
    def heads(self) -> bool:
        """Is it all that stands before a comma, or a colon?"""
        heads = not self._before and self._after[:1] == [","]
        return heads and _before_colon(self._text, self._folded)


class _Look:
    """How a name is written: itself, its words, and whether the text has capitals and where in it these are."""

    __slots__ = ("_cues", "_within_first", "first", "name", "within", "words")

    def __init__(self, text: str, form: str, folded: Folded, cues: Cues) -> None:
        capitals = folded.capitals
        within, first = capitals.within, capitals.first
        name = text[:-1] if form == "possessive" else text
        words = name.split(" ")
        shown = words[1:] if len(words) > 1 and (form == "contracted" or words[0] in cues.articles) else words
        head, last = shown[0], shown[-1]
        either = last in within or last in first
        self.name = head if form == "contracted" else name
        self.words = len(shown)
        self.within = head in within and either
        self.first = head in first and (len(shown) == 1 or either)
        self._within_first = (within, first)
        self._cues = cues

    @property
    def no_capitals(self) -> bool:
        """Has the text no capitals that its writer chose?"""
        within, first = self._within_first
        return _is_quiet(within, first, self._cues)


def _is_quiet(within: Set[str], first: Set[str], cues: Cues) -> bool:
    """Has a text no capitals that its writer chose: none, or those of operators ("no signal in bude on EE") and I?"""
    if any(word[0].isalpha() for word in first):
        return False
    chosen = [word for word in within if word[0].isalpha()]
    return not chosen or (not cues.nouns_are_capital and all(word in cues.ordinary or word == "i" for word in chosen))


def _is_small(sites: Sites) -> bool:
    return 0 < sites[0].population <= SMALL_POPULATION_MAX


def _told_by(sites: Sites, look: _Look, around: _Around, cues: Cues) -> Naming:
    """What its look and its surroundings say of a name."""
    population = sites[0].population
    if len(look.name) <= LETTERS_CHARS_MAX and population >= KNOWN_POPULATION_MIN:
        return Naming.SAID if look.within or (look.first and around.opens) else Naming.NOT
    if look.name in cues.common:
        return _told_common(look, around, cues, population)
    if _is_small(sites):
        return _told_small(sites, look, around, cues)
    if around.pointed or around.beside or around.opens or look.words > 1:
        return Naming.SAID
    long = len(look.name) > SHORT_CHARS_MAX
    looks = (look.within and (long or not cues.nouns_are_capital)) or (look.first and long)
    known = population >= KNOWN_POPULATION_MIN and len(look.name) > LETTERS_CHARS_MAX
    known = known or (look.no_capitals and long and population > 0)
    return Naming.LOOKS if looks or known else Naming.NOT


def _told_common(look: _Look, around: _Around, cues: Cues, population: int) -> Naming:
    """An ordinary word: only with a capital letter, and a word that points or a place that only names have."""
    shown = look.within or (look.no_capitals and look.words > 1)
    if shown and around.pointed and not (around.article and cues.nouns_are_capital):
        return Naming.SAID
    proper = look.name in cues.proper
    if (look.name in cues.ordinary and not proper) or population <= SMALL_POPULATION_MAX:
        return Naming.NOT
    if look.no_capitals:
        return Naming.SAID if around.sure or (proper and around.opens) else Naming.NOT
    if (around.opens and (look.within or look.first)) or (around.beside and look.within):
        return Naming.SAID
    return Naming.LOOKS if proper and look.within else Naming.NOT


def _told_small(sites: Sites, look: _Look, around: _Around, cues: Cues) -> Naming:
    """A small town, whose name may be a noun or a family's."""
    capital = look.within or look.first
    village = sites[0].population <= VILLAGE_POPULATION_MAX
    single = len(sites) == 1
    long = len(look.name) >= LOWER_CHARS_MIN
    if look.words > 1 and single and not village:
        opens = around.opens and (capital or look.no_capitals)
        return Naming.SAID if around.pointed or around.beside or opens else Naming.LOOKS
    if around.pointed or around.beside:
        short = not village and around.sure and len(look.name) > SHORT_CHARS_MAX
        alone = single or (around.sure and not around.article and is_sure(sites))
        return Naming.SAID if capital or (alone and look.no_capitals and (long or short)) else Naming.NOT
    if around.opens and (not village or (single and (long or around.heads))):
        return Naming.SAID if capital or (single and look.no_capitals and not village) else Naming.NOT
    if village:
        return Naming.LOOKS if single and look.words >= PHRASE_WORDS_MIN else Naming.NOT
    named = look.within and single and long and not cues.nouns_are_capital
    return Naming.LOOKS if named or (look.words > 1 and (capital or single)) else Naming.NOT


def _opens(text: str, before: Sequence[str], after: Sequence[str], folded: Folded, cues: Cues) -> bool:
    """Does a name stand where a text says where it is: "Guingamp, no fibre", "Mende idem", "Hof: ...", "... Fulda."?

    Before it may stand words of the trade and nothing else ("vodafone wedding"), behind it what says how things are.
    """
    follows = after[0] if after else ""
    if before and before[-1] not in ENDS:
        nouns = cues.nouns_are_capital and (folded.capitals.within or folded.capitals.first)
        if nouns or not _are_of_the_trade(before, cues):
            return False
    says = follows in cues.openers or (follows in ENDS and bool(cues.openers & {*after[1:2]}))
    if text in cues.common:
        trade = text in cues.proper and follows in cues.ordinary
        return not before and (says or trade or not follows or _before_colon(text, folded))
    if says or (not before and follows in cues.ordinary):
        return True
    ends = not follows or follows in ENDS
    return ends and (len(text) >= SHORT_CHARS_MAX or _before_colon(text, folded))


def _are_of_the_trade(before: Sequence[str], cues: Cues) -> bool:
    """Do only names of operators, terms of the lexicon and words of how things are stand before, in this clause?"""
    clause: list[str] = []
    for word in reversed(before):
        if word in ENDS:
            break
        clause.append(word)
    few = len(clause) <= TRADE_WORDS_MAX
    return few and all(word in cues.ordinary or word in cues.openers for word in clause)


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


def told_all(hits: Sequence[Hit[Sites]], folded: Folded, cues: Cues, held: Set[int] = frozenset()) -> list[Naming]:
    """How clearly each of some words is the name of a place, in their order; neighbours help each other.

    A postcode and a name beside it that mean one place are both told ("50823 Köln", "Heek (48619)"); a name that only
    looks like a place is told by another that it is listed with ("Köln und Bonn").

    Args:
        hits: The words, and what they may mean.
        folded: The text.
        cues: How its language points at places.
        held: Where names start that are told already, by the area behind that holds them.
    """
    words = folded.words
    told = [Naming.SAID if hit.start in held else told_of(hit, folded, cues) for hit in hits]
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


def ailing(hits: Sequence[Hit[Sites]], told: Sequence[Naming], words: str, cues: Cues) -> list[Naming]:
    """Leave out names of which the text says that all is well there, if it names others: "Rennes ok, Vitré dead".

    Args:
        hits: What could be names, in their order.
        told: How clearly each is one.
        words: The text, folded.
        cues: How its language points at places.
    """
    named = [place for place, how in enumerate(told) if how is not Naming.NOT]
    if len(named) == 1:
        return list(told)
    well = {place for place in named if _is_well(words[hits[place].end : hits[place].end + CUE_CHARS].split(), cues)}
    if not well or len(well) == len(named):
        return list(told)
    return [Naming.NOT if place in well else how for place, how in enumerate(told)]


def _is_well(after: Sequence[str], cues: Cues) -> bool:
    """Does it say behind a name that all is well, and not deny it?"""
    for words in (1, 2):
        if " ".join(after[:words]) in cues.well:
            return not (after[words : words + 2] and cues.denials & {*after[words : words + 2]})
    return False


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
    if before[-1] in cues.own and (len(before) == 1 or before[-2] in ENDS):
        return True
    return len(before) >= _OWN_WORDS and (before[-2] in cues.own or " ".join(before[-3:-1]) in cues.own)

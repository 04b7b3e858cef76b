"""Where: the smallest area that a text surely means.

A wrong place is worse than none: without one a complaint still counts for its
nation. So a name needs a reason to be a place: a word before it that
points ("in", "bei"), a capital letter within a sentence, or a size that speaks for
itself; a name that is also an ordinary word ("Reading", "Essen", "Tours") needs the
pointing word, and a capital letter where the language gives them to names only. The
longest name wins ("New York" is not York); of equal names in one market the
most populous, but only if it is by far the largest, or if the text names its region too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.matching import Hit, Matcher, gathered
from pipeline.ingest.text.traits import NEVER, market_bits, telling_word
from pipeline.reference.places import PlaceName
from pipeline.reference.words import PlaceCues

KNOWN_POPULATION_MIN = 100_000
"""A town of this size is meant even in lower case and without a pointing word."""

SMALL_POPULATION_MAX = 15_000
"""Up to this size a name needs a pointing word and a capital letter: half of all nouns are a village somewhere."""

LARGEST_BY = 4
"""So many times larger than the next of its name must a town be to be meant."""

SHORT_CHARS_MAX = 4
"""A name this short needs more than a capital that a rule of grammar may have given it."""

ADJECTIVE_LEVEL_MIN = 2
"""Only towns and what is smaller are adjectives ("Kölner"), not regions."""

NAMES_MAX = 200
"""What could be a name, of one text, that is looked at: 5,000 characters of prose have up to 70."""

LOWER_CHARS_MIN = 7
"""A small town in a text without capitals needs a name this long that no other place has: a short one is a word."""

TAG_CHARS_MIN = 4
"""Shortest name of a town that is looked for within a hashtag."""

DISTRICT_CHARS_MAX = 3
"""Digits of a district's number: 34, 971."""

CUE_CHARS = 40
"""How far before a name a pointing word is looked for."""


_OWN_WORDS = 2
_MONEY = frozenset({"eur", "gbp", "usd", "percent"})
_JOINS = frozenset({"et", "ou", ",", "and", "und", "en", "of", "plus"})
_ENDS = frozenset({".", ",", "?"})
_BESIDE = frozenset({" ", " , ", " ("})


class _Site(NamedTuple):
    area: str
    population: int
    market: str
    adjective: bool = False


class _Cues(NamedTuple):
    cues: frozenset[str]
    areas: frozenset[str]
    articles: frozenset[str]
    codes: frozenset[str]
    common: frozenset[str]
    not_before: frozenset[str]
    never: frozenset[str]
    districts: frozenset[str]
    units: frozenset[str]
    own: frozenset[str]
    nouns_are_capital: bool


class PlaceReader:
    """Finds places.

    Attributes:
        telling: Words of which each name of a place has one: a bit for each market with such a place, from `PLACES` on.

    Args:
        names: All names of all places.
        places: How each language points at them.
        common: Folded words that are ordinary in every language: terms of the lexicon, names of operators.
        never: By market, names that mean no place of it.
        often: How often words are met.
    """

    def __init__(
        self,
        names: Iterable[PlaceName],
        places: Mapping[str, PlaceCues],
        common: Iterable[str],
        never: Mapping[str, Iterable[str]],
        often: Mapping[str, int] = NEVER,
    ) -> None:
        rows = sorted(set(names), key=lambda name: (-name.population, name.area, name.name))
        own = [(name.name, _Site(name.area, name.population, name.market)) for name in rows]
        sites = gathered([*own, *(row for name in rows for row in _adjectives(name))])
        self._matcher = Matcher({name: site for name, site in sites.items() if len(name) > 1})
        self._large = {
            name.replace(" ", ""): site
            for name, site in sites.items()
            if site[0].population >= KNOWN_POPULATION_MIN and not site[0].adjective and name[0].isalpha()
        }
        ordinary = self._ordinary = frozenset(common)
        self._bits = market_bits(name.market for name in rows)
        self._all_bits = sum(self._bits.values())
        self.telling = self._words_that_tell(sites, often)
        self._never = {market: frozenset(fold_words(name).strip() for name in named) for market, named in never.items()}
        self._cues = {code: _cues_of(code, words, ordinary) for code, words in places.items()}

    def _words_that_tell(self, sites: Mapping[str, tuple[_Site, ...]], often: Mapping[str, int]) -> dict[str, int]:
        told: dict[str, int] = {}
        for name, meant in sites.items():
            word = telling_word(name, often)
            for site in meant:
                told[word] = told.get(word, 0) | self._bits[site.market]
        return told

    def may_name(self, traits: int, market: str | None) -> bool:
        """May a text with words of these traits name a place of a market, or of any?"""
        return bool(traits & (self._all_bits if market is None else self._bits.get(market, 0)))

    def read(self, folded: Folded, language: str, market: str | None) -> str | None:
        """The smallest area that is surely meant.

        Args:
            folded: The folded text.
            language: Language of the text, `fr`, `en` or `de`: it says which words announce a place.
            market: Id of the market whose places count; None = places of all markets.

        Returns:
            The path of the area; None if none is surely meant, or several are that have no region in common.
        """
        hits = [hit for hit in self._matcher.longest(folded.words)[:NAMES_MAX] if _of(hit, market)]
        if not hits and not folded.hashtags:
            return None
        cues = self._cues[language]
        never = self._never.get(market or "", frozenset())
        told = [hit for hit in hits if folded.words[hit.start : hit.end] not in never and _is_place(hit, folded, cues)]
        if told:
            told += [hit for hit in hits if _is_code_of(hit, told, folded.words)]
        elif not folded.hashtags:
            return None
        named = {folded.words[hit.start : hit.end]: _of(hit, market) for hit in _elsewhere(told, folded.words, cues)}
        named |= {tag: sites for tag, sites in self._joined_tags(folded.hashtags, market) if tag not in named}
        return _smallest(_settled(list(named.values())))

    def _joined_tags(self, tags: Iterable[str], market: str | None) -> Iterator[tuple[str, tuple[_Site, ...]]]:
        """Large towns that begin or end a hashtag whose rest is a word of the rules: "#netzausfallkoeln"."""
        for tag in sorted(tags):
            for cut in range(TAG_CHARS_MIN, len(tag) - 1):
                for name, rest in ((tag[:cut], tag[cut:]), (tag[-cut:], tag[:-cut])):
                    sites = tuple(site for site in self._large.get(name, ()) if market in (None, site.market))
                    if sites and rest in self._ordinary:
                        yield tag, sites


def _of(hit: Hit[tuple[_Site, ...]], market: str | None) -> tuple[_Site, ...]:
    """Places of a market that a name may mean."""
    return hit.payload if market is None else tuple(site for site in hit.payload if site.market == market)


def _is_code_of(hit: Hit[tuple[_Site, ...]], told: Sequence[Hit[tuple[_Site, ...]]], words: str) -> bool:
    """Is a number the postcode of a place that is named right beside it: "50823 Köln", "Montpellier (34)"?"""
    if not words[hit.start : hit.end].replace(" ", "").isdigit():
        return False
    for other in told:
        gap = words[hit.end : other.start] if other.start >= hit.end else words[other.end : hit.start]
        if gap in _BESIDE and other is not hit and any(_are_nested(a, b) for a in hit.payload for b in other.payload):
            return True
    return False


def _are_nested(site: _Site, other: _Site) -> bool:
    """Does one of two places lie in the other?"""
    return f"{site.area}/".startswith(f"{other.area}/") or f"{other.area}/".startswith(f"{site.area}/")


def _elsewhere(told: Sequence[Hit[tuple[_Site, ...]]], words: str, cues: _Cues) -> Sequence[Hit[tuple[_Site, ...]]]:
    """Leave out where the writer is, if the text points elsewhere: "I live in X, at my mother's in Y all is dead"."""
    if len(told) == 1:
        return told
    own = [hit for hit in told if _is_own(words[max(hit.start - CUE_CHARS, 0) : hit.start].split(), cues)]
    others = [hit for hit in told if hit not in own]
    pointed = any(_pointed(words[max(hit.start - CUE_CHARS, 0) : hit.start].split(), cues) for hit in others)
    return others if own and pointed else told


def _is_own(before: Sequence[str], cues: _Cues) -> bool:
    """Does it say where the writer is: a word like "live", then one that points?"""
    if len(before) < _OWN_WORDS or before[-1] not in cues.cues:
        return False
    return before[-2] in cues.own or " ".join(before[-3:-1]) in cues.own


def _adjectives(name: PlaceName) -> list[tuple[str, _Site]]:
    """German cities as adjectives: "Kölner", "Bremer", "Münchner"; some of the forms exist, the others do no harm."""
    if name.market != "DE" or name.population < KNOWN_POPULATION_MIN or name.area.count("/") < ADJECTIVE_LEVEL_MIN:
        return []
    stems = (name.name, name.name.removesuffix("en"), name.name.removesuffix("en") + "n")
    site = _Site(name.area, name.population, name.market, adjective=True)
    return [(stem + "er", site) for stem in dict.fromkeys(stems)] if " " not in name.name else []


def _cues_of(code: str, words: PlaceCues, ordinary: frozenset[str]) -> _Cues:
    def folded(names: Iterable[str]) -> frozenset[str]:
        return frozenset(fold_words(word).strip() for word in names)

    return _Cues(
        folded(words.cues),
        folded(words.areas),
        folded(words.articles),
        folded(words.codes),
        folded(words.common) | ordinary,
        folded(words.not_before),
        folded(words.never),
        folded(words.districts),
        folded(words.units) | _MONEY,
        folded(words.own),
        code == "de",
    )


def _is_place(hit: Hit[tuple[_Site, ...]], folded: Folded, cues: _Cues) -> bool:
    text = folded.words[hit.start : hit.end]
    before = folded.words[max(hit.start - CUE_CHARS, 0) : hit.start].split()
    after = folded.words[hit.end : hit.end + CUE_CHARS].split()
    follows = after[0] if after else ""
    if follows in cues.not_before or text in cues.never:
        return False
    if text[-1].isdigit() or text[0].isdigit() or text[1].isdigit():
        return _is_code(text, before, follows, cues)
    if hit.payload[0].adjective:
        return follows in cues.areas
    pointed = _pointed(before, cues) or _is_alone(text, before, follows, folded)
    surroundings = _Around(pointed, bool(before) and before[-1] in cues.articles, follows in cues.areas)
    return _is_name(hit, folded, cues, surroundings)


def _is_alone(text: str, before: Sequence[str], follows: str, folded: Folded) -> bool:
    """Is a capital word a clause of its own: "Guingamp, no fibre since six", "Nothing works. Ulverston"?"""
    within, first = folded.capitals
    ends = (not before or before[-1] in _ENDS) and (not follows or follows in _ENDS)
    return ends and len(text) > SHORT_CHARS_MAX and text.partition(" ")[0] in within | first


class _Around(NamedTuple):
    """What stands beside a name: a word that points or a clause of its own, an article, a word like "area"."""

    pointed: bool
    article: bool
    area: bool


def _is_name(hit: Hit[tuple[_Site, ...]], folded: Folded, cues: _Cues, around: _Around) -> bool:
    """Is a word the name of a place here?"""
    text = folded.words[hit.start : hit.end]
    is_ordinary = text in cues.common
    if is_ordinary and (around.article or not around.pointed):
        return False
    within, first = folded.capitals
    words = text.split(" ")
    if is_ordinary:
        return words[0] in within or (not (within or first) and len(words) > 1)
    pointed = around.pointed or around.area or text in folded.hashtags
    if 0 < hit.payload[0].population <= SMALL_POPULATION_MAX:
        written_small = not (within or first) and len(hit.payload) == 1 and len(text) >= LOWER_CHARS_MIN
        return pointed and (written_small or (words[0] in within | first and words[-1] in within | first))
    if pointed or len(words) > 1:
        return True
    named = words[0] in within and (not cues.nouns_are_capital or len(text) > SHORT_CHARS_MAX)
    known = hit.payload[0].population >= KNOWN_POPULATION_MIN
    return named or (words[0] in first and len(text) > SHORT_CHARS_MAX) or known


def _pointed(before: Sequence[str], cues: _Cues) -> bool:
    """Does a pointing word stand before, perhaps with an article, a comma or another word of pointing between?"""
    if not before:
        return False
    if before[-1] in cues.articles and len(before) > 1:
        return before[-2] in cues.cues
    return before[-1] in cues.cues or " ".join(before[-2:]) in cues.cues


def _is_code(text: str, before: Sequence[str], follows: str, cues: _Cues) -> bool:
    """Postcodes: digits need an announcement; British districts also count with their second half behind."""
    inward = len(follows) == 3 and follows[0].isdigit() and follows[1:].isalpha()
    if text[0].isalpha():
        if follows in cues.units:
            return False
        if text[1].isdigit() and not inward:  # "M4", "S23": a road, a telephone
            return bool(before) and (before[-1] == "in" or before[-1] in cues.codes - cues.cues)
        return inward or bool(set(before[-2:]) & (cues.codes | cues.cues)) or follows in cues.areas
    if follows in cues.units:
        return False
    if len(text) <= DISTRICT_CHARS_MAX:
        return _is_district(before, cues)
    return bool({*before[-2:], " ".join(before[-2:])} & cues.codes)


def _is_district(before: Sequence[str], cues: _Cues) -> bool:
    """Is a number announced as that of a district: "dans le 34", "département 59 et 62"?"""
    rest = list(before)
    while len(rest) > 1 and rest[-1] in _JOINS and rest[-2].isdigit() and len(rest[-2]) <= DISTRICT_CHARS_MAX:
        rest = rest[:-2]
    return bool({*rest[-1:], " ".join(rest[-2:])} & cues.districts)


def is_far(area: str, operators: Iterable[str], homes: Mapping[str, frozenset[str]]) -> bool:
    """Is an area outside the regions where all these operators have their customers?

    A customer of a Cologne operator who writes "Rodenkirchen" or "Südstadt" does not mean the town near the North Sea.

    Args:
        area: Path of the area, nation first.
        operators: Ids of the operators that the text is about.
        homes: Operator id to the regions where it has customers; an operator whose customers nobody stated is missing.

    Returns:
        True only for a place inside a region, if all operators have stated homes and none of these is that region.
    """
    region = "/".join(area.split("/")[:2])
    known = [homes.get(operator, frozenset()) for operator in operators]
    return "/" in region and bool(known) and all(home and region not in home for home in known)


def _settled(seen: Sequence[tuple[_Site, ...]]) -> list[str]:
    """One area for each name: the one that another name of the text contains, else the largest if by far."""
    sure = {sites[0].area for sites in seen if _is_sure(sites)}
    areas: list[str] = []
    for sites in seen:
        related = next((site.area for site in sites if not sure.isdisjoint(_above(site.area))), None)
        if related is not None:
            areas.append(related)
        elif _is_sure(sites):
            areas.append(sites[0].area)
        else:
            areas.extend(_in_common([site.area for site in sites]))
    return areas


def _above(area: str) -> list[str]:
    """The paths of all areas that an area lies in.

    >>> _above("DE/NW/koeln")
    ['DE', 'DE/NW']
    """
    parts = area.split("/")
    return ["/".join(parts[:level]) for level in range(1, len(parts))]


def _is_sure(sites: tuple[_Site, ...]) -> bool:
    """Is the first of these places meant, and no other of its name?"""
    if len(sites) == 1:
        return True
    first, second = sites[0], sites[1]
    nested = all(site.area.startswith(first.area) or first.area.startswith(site.area) for site in sites[1:])
    return nested or first.population >= LARGEST_BY * max(second.population, 1)


def _in_common(areas: Sequence[str]) -> list[str]:
    """The path that all areas share, if it is a region or smaller."""
    parts = [area.split("/") for area in areas]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return ["/".join(shared)] if len(shared) > 1 else []


def _smallest(areas: Sequence[str]) -> str | None:
    """Of several areas the one that lies within the others; if they lie apart, what they share."""
    holders = {above for area in set(areas) for above in _above(area)}
    lowest = sorted(set(areas) - holders)
    if len(lowest) == 1:
        return lowest[0]
    shared = _in_common(lowest) if lowest else []
    return shared[0] if shared else None

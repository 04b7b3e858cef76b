"""Where: the smallest area that a text surely means.

A wrong place is worse than none: without one a complaint still counts for its nation. So a name needs a reason to be
a place (`placing/naming.py`); the longest name wins ("New York" is not York); and of what remains one area must be
surely meant (`placing/settling.py`). A name that only looks like a place counts where nothing is said of another.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.ingest.text.folding import WORD_CHARS_MAX, Folded, folded_terms
from pipeline.ingest.text.loops.walking import starts_of
from pipeline.ingest.text.matching import Hit, Matcher, Span, longest_of
from pipeline.ingest.text.placing.cues import Cues, cues_of
from pipeline.ingest.text.placing.forms import forms_of
from pipeline.ingest.text.placing.holding import codes_of, held
from pipeline.ingest.text.placing.naming import Naming, ailing, elsewhere, told_all
from pipeline.ingest.text.placing.settling import Site, Sites, is_within, meant, settled
from pipeline.ingest.text.traits import NEVER, market_bits, telling_word
from pipeline.ingest.text.words import Word, WordsSum
from pipeline.reference.places import PlaceName
from pipeline.reference.placing.cues import PlaceCues

NAMES_MAX = 200
"""What could be a name, of one text, that is looked at: 5,000 characters of prose have up to 70."""

SAID_PERMILLE = 980
LOOKS_PERMILLE = 970
"""How often a place is right of which something says that it is one, and one that only looks so."""

NOWHERE = (None, 0)

TAG_CHARS_MIN = 4
"""Shortest name of a town that is looked for within a hashtag."""

TAG_POPULATION_MIN = 15_000
"""Least inhabitants of a town that is looked for within a hashtag."""


TAGS_KEPT_MAX = 10_000
"""Hashtags of which it is remembered what they name; then all are forgotten."""

SITES_KEPT_MAX = 10_000
"""Names of which it is remembered what they mean in a market; then all are forgotten."""

_Rows = tuple[tuple[str, int, str, str], ...]
"""Sites as plain tuples: of a hundred thousand names few are met, and plain ones are read from disk sooner."""


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
        homes: Operator id to the regions where it has customers; one that is missing has them everywhere.
    """

    def __init__(
        self,
        names: Iterable[PlaceName],
        places: Mapping[str, PlaceCues],
        common: Iterable[str],
        never: Mapping[str, Iterable[str]],
        often: Mapping[str, int] = NEVER,
        homes: Mapping[str, frozenset[str]] = {},
    ) -> None:
        self._homes = dict(homes)
        sites = forms_of(names)
        rows = {
            name: tuple([(site.area, site.population, site.market, site.form) for site in of])
            for name, of in sites.items()
        }
        self._matcher: Matcher[_Rows] = Matcher({name: of for name, of in rows.items() if len(name) > 1})
        self._large: dict[str, _Rows] = {
            name.replace(" ", ""): rows[name]
            for name, of in sites.items()
            if of[0].population >= TAG_POPULATION_MIN and not of[0].form and name[0].isalpha()
        }
        self._met: dict[tuple[str, str | None], Sites] = {}
        self._tags: dict[tuple[str, str, str | None], Sites] = {}
        self._codes = codes_of(sites)
        ordinary = self._ordinary = frozenset(common)
        self._bits = market_bits(site.market for of in sites.values() for site in of)
        self._all_bits = sum(self._bits.values())
        self.telling = self._words_that_tell(sites, often)
        self._never = {market: folded_terms(named) for market, named in never.items()}
        self._cues = {code: cues_of(code, words, ordinary) for code, words in places.items()}

    def _words_that_tell(self, sites: Mapping[str, Sites], often: Mapping[str, int]) -> dict[str, int]:
        told: dict[str, int] = {}
        for name, of in sites.items():
            word = telling_word(name, often)
            for site in of:
                told[word] = told.get(word, 0) | self._bits[site.market]
        return told

    def may_name(self, traits: int, market: str | None) -> bool:
        """May a text with words of these traits name a place of a market, or of any?"""
        return bool(traits & (self._all_bits if market is None else self._bits.get(market, 0)))

    def tell(self, word: Word) -> None:
        """Note of which markets a word tells places: what `may_name` wants to know of it."""
        word.traits |= self.telling.get(word.text, 0)

    def place(
        self, folded: Folded, language: str, market: str | None, words: WordsSum, operators: Iterable[str]
    ) -> tuple[str | None, int]:
        """The same as `find`, asked only if a word tells of a place; nowhere that none of its operators has customers.

        Args:
            folded: The folded text.
            language: Its language.
            market: Id of the market whose places count.
            words: What is known of its words.
            operators: Ids of operators that it is about.
        """
        if not (folded.hashtags or self.may_name(words.traits, market)):
            return NOWHERE
        found = self.find(folded, language, market, words.known)
        return NOWHERE if found[0] is not None and is_far(found[0], operators, self._homes) else found

    def find(
        self, folded: Folded, language: str, market: str | None, known: Sequence[Word] = ()
    ) -> tuple[str | None, int]:
        """The smallest area that is surely meant, and how surely.

        Args:
            folded: The folded text.
            language: Language of the text, `fr`, `en` or `de`: it says which words announce a place.
            market: Id of the market whose places count; None = places of all markets.
            known: What is known of each of its words, in order; without it they are looked up.

        Returns:
            The path of the area, None if none is surely meant, or several are that have no region in common; and in
            permille how often such a reading is right.
        """
        hits = self._hits(folded, market, known)
        if not hits and not folded.hashtags:
            return NOWHERE
        cues = self._cues[language]
        hits, sure = held(hits, folded, self._codes.get(market or "", {}))
        told = ailing(hits, told_all(hits, folded, cues, sure), folded.words, cues)
        said = elsewhere([hits[place] for place, how in enumerate(told) if how is Naming.SAID], folded.words, cues)
        named = {folded.words[hit.start : hit.end]: hit.payload for hit in said}
        if folded.hashtags:
            tagged = {tag: self._tagged(tag, language, market) for tag in sorted(folded.hashtags) if tag not in named}
            named |= {tag: sites for tag, sites in tagged.items() if sites}
        shown = (hits[place] for place, how in enumerate(told) if how is Naming.LOOKS)
        looks = {folded.words[hit.start : hit.end]: hit.payload for hit in shown}
        if looks and named:
            areas = settled(list(named.values()))
            looks = {name: sites for name, sites in looks.items() if is_within(sites, areas)}
        area = meant([*named.values(), *looks.values()])
        return (area, SAID_PERMILLE if named else LOOKS_PERMILLE) if area else NOWHERE

    def _hits(self, folded: Folded, market: str | None, known: Sequence[Word]) -> list[Hit[Sites]]:
        """What could be names of a market's places."""
        never = self._never.get(market or "", frozenset())
        found = []
        for hit in longest_of(self._spans(folded, known))[:NAMES_MAX]:
            name = folded.words[hit.start : hit.end]
            sites = self._met.get((name, market))
            if sites is None:
                sites = self._meet(name, market, hit.payload)
            if sites and name not in never:
                found.append(Hit(hit.start, hit.end, sites))
        return found

    def _meet(self, name: str, market: str | None, rows: _Rows) -> Sites:
        """What a name may mean, remembered."""
        if len(self._met) >= SITES_KEPT_MAX:
            self._met.clear()
        sites = self._met[name, market] = _sites_in(market, rows)
        return sites

    def _spans(self, folded: Folded, known: Sequence[Word]) -> list[Span[_Rows]]:
        if not known:
            return self._matcher.spans(folded.words)
        return self._matcher.spans_along(folded.tokens, starts_of(known, "places", self._matcher.start))

    def _tagged(self, tag: str, language: str, market: str | None) -> Sites:
        """What a hashtag names, remembered, as most come again; nothing, as of most."""
        sites = self._tags.get((tag, language, market))
        if sites is None:
            if len(self._tags) >= TAGS_KEPT_MAX:
                self._tags.clear()
            sites = self._joined(tag, market, self._cues[language])
            if len(tag) <= WORD_CHARS_MAX:
                self._tags[tag, language, market] = sites
        return sites

    def _joined(self, tag: str, market: str | None, cues: Cues) -> Sites:
        """The large town that begins or ends a hashtag whose rest is a word of the rules: "#netzausfallkoeln"."""
        found: Sites = ()
        for cut in range(TAG_CHARS_MIN, len(tag) - 1):
            for name, rest in ((tag[:cut], tag[cut:]), (tag[-cut:], tag[:-cut])):
                sites = _sites_in(market, self._large.get(name, ()))
                if sites and rest in self._ordinary and name not in cues.common:
                    found = sites
        return found


def _sites_in(market: str | None, rows: _Rows) -> Sites:
    """What a name may mean in a market, or in any."""
    return tuple([Site(*row) for row in rows if market is None or row[2] == market])


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

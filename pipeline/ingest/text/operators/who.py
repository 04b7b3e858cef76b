"""Who: which operators does a text name?

Half of the brands are ordinary words ("Three bars", "free wifi", "orange
juice", "in the sky"). Such a name counts only with a sign that it is one: a
handle, a hashtag, a word that operators have beside them ("chez Free", "Three network"),
or a capital letter within a sentence. One brand works in several
countries under one name; the market decides which operator it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from pipeline.ingest.text.folding import Folded, folded_terms
from pipeline.ingest.text.loops.walking import starts_of
from pipeline.ingest.text.matching import Hit, Matcher, Span, gathered, longest_of
from pipeline.ingest.text.operators.facing import SILENT, FacingReader
from pipeline.ingest.text.operators.tone import FAILS, OPEN, WELL
from pipeline.ingest.text.operators.whose import WhoseReader
from pipeline.ingest.text.traits import NEVER, OPERATOR, telling_word
from pipeline.ingest.text.words import Word
from pipeline.reference.spoken.brands import Brands
from pipeline.reference.words import Row

FAILING_POINTS = 520
"""What "Telekom down" weighs: a complaint, of what is not said."""


NEAR_WORDS = 6
"""So many words before and behind a name are beside it."""

NEAR_CHARS = 60
"""How far those are looked for."""

HANDLE_WORD: Final = "xat"
"""With what a handle begins where it stands among the words of a text; as no word does."""

HANDLE: Final = re.compile(r"@(\w+)")

NAMES_MAX = 60
"""Names of one text that are looked at: a longer list is no complaint."""


class OperatorAlias(msgspec.Struct, frozen=True):
    """One way to write an operator's name.

    Attributes:
        text: As written: "@ThreeUK", "NetCologne", "Three".
        operator: Id of the operator.
        market: Id of the operator's market.
        kind: `handle` an account; `name` says it all; `ambiguous` an ordinary word too.
    """

    text: str
    operator: str
    market: str
    kind: Literal["handle", "name", "ambiguous"]
    beside: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class AliasRow(Protocol):
    """What an alias must tell; `OperatorAlias` here and the one of `reference.operators` both do."""

    @property
    def text(self) -> str:
        """As written."""

    @property
    def operator(self) -> str:
        """Its id."""

    @property
    def market(self) -> str:
        """Its market."""

    @property
    def kind(self) -> Literal["handle", "name", "ambiguous"]:
        """How sure it is."""

    @property
    def beside(self) -> tuple[str, ...]:
        """One of these words must stand near it, if there are any."""

    @property
    def not_after(self) -> tuple[str, ...]:
        """Words before it that make it something else."""

    @property
    def not_before(self) -> tuple[str, ...]:
        """Words behind it that make it something else."""


class _Name(NamedTuple):
    operator: str
    market: str
    ambiguous: bool
    upper: bool
    beside: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()

    def fits(self, hit: Hit[tuple["_Name", ...]], words: str) -> bool:
        """Do the words around a hit leave it the operator's name?"""
        if not (self.beside or self.not_after or self.not_before):
            return True
        before = words[max(hit.start - NEAR_CHARS, 0) : hit.start].split()
        after = words[hit.end : hit.end + NEAR_CHARS].split()
        if (before[-1:] and before[-1] in self.not_after) or (after[:1] and after[0] in self.not_before):
            return False
        return not self.beside or not self.beside.isdisjoint((*before[-NEAR_WORDS:], *after[:NEAR_WORDS]))


class NamedOperators(NamedTuple):
    """Operators that a text names.

    Attributes:
        operators: Ids of those that it is about, sorted.
        at_ease: Ids of those of whom it says that all is well there, with others or beside another operator, sorted.
    """

    operators: tuple[str, ...]
    at_ease: tuple[str, ...] = ()

    def tell_of_several(self, searched: str | None) -> bool:
        """Does the text name more than one, or another one than the one for which it was found?"""
        named = {*self.operators, *self.at_ease}
        return len(named) > 1 or (len(named) == 1 and searched is not None and searched not in named)

    def unless_all_are_well(self, *, complains: bool) -> "NamedOperators":
        """Whom a text is about that finds several well and complains all the same: one of them, so it may be each."""
        all_are_well = complains and not self.operators and len(self.at_ease) > 1
        return NamedOperators(self.at_ease) if all_are_well else self


class _NamedIn(NamedTuple):
    """What else is known of a text: its language, for whom it was found, and where names are that a verdict shows."""

    language: str
    searched: str | None
    by_verdict: frozenset[int]


_NOBODY: Final = NamedOperators(())
_Ids = dict[str, None]


class OperatorReader:
    """Finds operators.

    Attributes:
        telling: Words of which each name of an operator has one.

    Args:
        aliases: All ways to write their names.
        brands: Words around names, by language.
        often: How often words are met.
    """

    def __init__(
        self, aliases: Iterable[AliasRow], brands: Mapping[str, Brands], often: Mapping[str, int] = NEVER
    ) -> None:
        rows = sorted(aliases, key=lambda alias: (alias.text, alias.market, alias.operator, alias.kind))
        self._handles: dict[str, list[_Name]] = {}
        names: list[tuple[str, _Name]] = []
        handles: list[tuple[str, _Name]] = []
        for alias in rows:
            around = (folded_terms(words) for words in (alias.beside, alias.not_after, alias.not_before))
            name = _Name(alias.operator, alias.market, alias.kind == "ambiguous", alias.text.isupper(), *around)
            if alias.kind == "handle":
                handle = alias.text.lower().lstrip("@")
                self._handles.setdefault("@" + handle, []).append(name)
                handles.append((f"{HANDLE_WORD}{handle}", name))
            else:
                names.append((alias.text, name))
        phrases = gathered(names)
        self._matcher = Matcher(phrases)
        self._with_handles = Matcher(gathered([*names, *handles]))
        self.words = frozenset(phrases)
        self.telling = frozenset(telling_word(phrase, often) for phrase in phrases)
        self._before = {code: folded_terms(words.before) for code, words in brands.items()}
        self._whose = {code: WhoseReader(words) for code, words in brands.items()}
        self._facing = {code: FacingReader(words) for code, words in brands.items()}
        self._after = {code: folded_terms(words.after) for code, words in brands.items()}

    def read(
        self,
        folded: Folded,
        language: str,
        market: str | None,
        traits: int = OPERATOR,
        known: Sequence[Word] = (),
        searched: str | None = None,
    ) -> NamedOperators:
        """Operators that a text names.

        Args:
            folded: The folded text.
            language: Language of the text, `fr`, `en` or `de`: it says which words show that a name is a brand.
            market: Id of the market whose operators count; None = any, if only one
                operator has the name.
            traits: What its words may be part of: without `OPERATOR` only its handles name one.
            known: What is known of each of its words, in order; without it they are looked up.
            searched: Id of the operator for which the text was found: who else is named stands beside that one.

        Returns:
            Who is named; if a text with handles tells of several, `read_with_handles` says of whom it is.
        """
        found: dict[str, None] = {}
        for handle in folded.handles:
            found.update(_of_market(self._handles.get(handle, ()), market))
        if not traits & OPERATOR:
            return NamedOperators(tuple(sorted(found))) if found else _NOBODY
        again = bool(folded.handles)
        return self._read(self._spans(folded, known), found, folded, language, (market, searched), again=again)

    def read_with_handles(
        self, folded: Folded, language: str, market: str | None, searched: str | None = None
    ) -> NamedOperators:
        """The same of a text in which `handles_as_words` put handles where they stand, so that clauses have them, too.

        Args:
            folded: The folded text.
            language: Language of the text.
            market: Id of the market whose operators count.
            searched: Id of the operator for which the text was found.
        """
        return self._read(self._with_handles.spans_of(folded.tokens), {}, folded, language, (market, searched))

    def _read(
        self,
        spans: list[Span[tuple[_Name, ...]]],
        found: dict[str, None],
        folded: Folded,
        language: str,
        where: tuple[str | None, str | None],
        *,
        again: bool = False,
    ) -> NamedOperators:
        """Who is named, given the names that may be some; `where`: the market, and who searched.

        If all is read `again`, with handles, several are told as they stand: verdicts only add to them.
        """
        market, searched = where
        words = folded.words
        told: dict[str, bool] = {}
        hits: list[Hit[dict[str, None]]] = []
        unsure: list[Hit[tuple[_Name, ...]]] = []
        for hit in _fitting(spans, words):
            phrase = words[hit.start : hit.end]
            if phrase not in told:
                told[phrase] = self._is_sure(phrase, hit.payload, folded)
            if told[phrase] or self._is_shown(phrase, hit, folded, language):
                told[phrase] = True
                hits.append(_meant(hit, market))
            elif len(unsure) < NAMES_MAX:
                unsure.append(hit)
        several = _several(found, hits, searched) if again and len(hits) + len(unsure) <= NAMES_MAX else None
        if several is not None:
            return several
        shown = (
            self._told_by_verdict(unsure, folded, language, others=bool(hits or found or searched)) if unsure else []
        )
        hits = sorted([*hits, *map(_meant, shown, [market] * len(shown))], key=_by_start) if shown else hits
        if not hits:
            return NamedOperators(tuple(sorted(found)))
        return self._named(
            found, hits[:NAMES_MAX], folded, _NamedIn(language, searched, frozenset(hit.start for hit in shown))
        )

    def _told_by_verdict(
        self, unsure: list[Hit[tuple[_Name, ...]]], folded: Folded, language: str, *, others: bool
    ) -> list[Hit[tuple[_Name, ...]]]:
        """Ordinary words of which a text says what is said of a brand: "Vodafone is fine, three dead"."""
        words, facing = folded.words, self._facing[language]
        about = self._whose[language].tell_of_others(folded.tokens)
        shown = []
        for hit in unsure:
            name = (hit.start, hit.end)
            if (others and facing.shows_beside(words, name)) or facing.shows_alone(words, name, others=about):
                shown.append(hit)
        return shown

    def _named(
        self, found: dict[str, None], hits: list[Hit[dict[str, None]]], folded: Folded, told: _NamedIn
    ) -> NamedOperators:
        """Part those with whom all is well from the others."""
        words, whose = folded.words, self._whose[told.language]
        named = {operator for hit in hits for operator in hit.payload} | found.keys()
        beside = told.searched is not None and told.searched not in named
        several, others = len(named) + beside > 1, whose.tell_of_others(folded.tokens)
        if not (several or others):
            return NamedOperators(tuple(sorted(named)))
        spans = [(hit.start, hit.end) for hit in hits]
        said = self._facing[told.language].said(words, spans, searched=beside) if several else [OPEN] * len(hits)
        kept = [
            place
            for place, hit in enumerate(hits)
            if not (several and hit.start in told.by_verdict and said[place] in (OPEN, SILENT))
        ]
        spoken = {operator for place in kept if said[place] != SILENT for operator in hits[place].payload}
        at_ease: dict[str, None] = {}
        for place in kept:
            verdict = said[place]
            borders = (hits[place - 1].end if place else 0, _start_behind(hits, place, len(words)))
            well = verdict == WELL or (others and verdict != FAILS and whose.are_well(words, spans[place], borders))
            for operator in hits[place].payload:
                if verdict != SILENT or operator not in spoken:
                    (at_ease if well else found)[operator] = None
        return NamedOperators(tuple(sorted(found)), tuple(sorted(at_ease.keys() - found.keys())))

    def _spans(self, folded: Folded, known: Sequence[Word]) -> list[Span[tuple[_Name, ...]]]:
        if not known:
            return self._matcher.spans_of(folded.tokens)
        return self._matcher.spans_along(folded.tokens, starts_of(known, "names", self._matcher.start))

    def _is_sure(self, phrase: str, names: tuple[_Name, ...], folded: Folded) -> bool:
        """Does a phrase name an operator wherever it stands in this text? Asked once a phrase: it reads the text."""
        if phrase in folded.hashtags or not all(name.ambiguous for name in names):
            return True
        if phrase.split(" ", 1)[0] not in folded.capitals.within:
            return False
        return not any(name.upper for name in names) or _as_upper(phrase, folded.plain)

    def _is_shown(self, phrase: str, hit: Hit[tuple[_Name, ...]], folded: Folded, language: str) -> bool:
        """Do the words beside it show that an ordinary word is a brand here?"""
        within, first = folded.capitals
        if not (within or first):  # all in one case: only what stands beside it can tell
            return self._after_fits(hit, folded, language) and self._before_fits(hit, folded, language)
        head = phrase.split(" ", 1)[0]
        return head in first and head not in within and self._after_fits(hit, folded, language)

    def _after_fits(self, hit: Hit[tuple[_Name, ...]], folded: Folded, language: str) -> bool:
        return folded.words[hit.end + 1 : hit.end + 30].split(" ", 1)[0] in self._after[language]

    def _before_fits(self, hit: Hit[tuple[_Name, ...]], folded: Folded, language: str) -> bool:
        before = folded.words[max(hit.start - 30, 0) : hit.start].split()
        return not before or before[-1] in self._before[language] or not before[-1].isalnum()


def handles_as_words(text: str) -> str:
    """A text in which each handle is a word that only names of operators have.

    >>> handles_as_words("@EE down")
    ' xatEE  down'
    """
    return HANDLE.sub(rf" {HANDLE_WORD}\1 ", text)


def _fitting(spans: list[Span[tuple[_Name, ...]]], words: str) -> list[Hit[tuple[_Name, ...]]]:
    """Names in a text, without the operators that the words beside them rule out."""
    fitting = []
    for hit in longest_of(spans):
        names = tuple([name for name in hit.payload if name.fits(hit, words)])
        if names:
            fitting.append(Hit(hit.start, hit.end, names))
    return fitting


def _several(found: dict[str, None], hits: Sequence[Hit[_Ids]], searched: str | None) -> NamedOperators | None:
    """Who is named by handles and names, if they tell of several; else None."""
    several = NamedOperators(tuple(sorted({*found, *[operator for hit in hits for operator in hit.payload]})))
    return several if several.tell_of_several(searched) else None


def _start_behind(hits: Sequence[Hit[dict[str, None]]], place: int, end: int) -> int:
    return hits[place + 1].start if place + 1 < len(hits) else end


def _by_start(hit: Hit[dict[str, None]]) -> int:
    return hit.start


def _meant(hit: Hit[tuple[_Name, ...]], market: str | None) -> Hit[dict[str, None]]:
    sure = [name for name in hit.payload if not name.ambiguous]
    return Hit(hit.start, hit.end, _of_market(sure or hit.payload, market))


def failing_row(aliases: Iterable[AliasRow], brands: Brands) -> Row:
    """Names of operators with what says that all of it fails: "Telekom down"."""
    names = sorted({(alias.text, alias.kind == "ambiguous") for alias in aliases if alias.kind != "handle"})
    terms = [f"{name} {words}" for name, ordinary in names for words in brands.failing if " " in words or not ordinary]
    return Row(name="operators", role="claim", weight=FAILING_POINTS, terms=tuple(terms))


def _as_upper(text: str, plain: str) -> bool:
    """Is a short name written in capitals, as the brand is ("EE", not "Ee")?"""
    return text.upper() in plain


def _of_market(names: Iterable[_Name], market: str | None) -> dict[str, None]:
    """Operators of the market; without one, only if the name is unique."""
    operators = {name.operator: None for name in names if market is None or name.market == market}
    return operators if market is not None or len(operators) == 1 else {}

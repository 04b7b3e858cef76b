"""Who: which operators does a text name?

Half of the brands are ordinary words ("Three bars", "free wifi", "orange
juice", "in the sky"). Such a name counts only with a sign that it is one: a
handle, a hashtag, a word that operators have beside them ("chez Free", "Three network"),
or a capital letter within a sentence. One brand works in several
countries under one name; the market decides which operator it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from pipeline.ingest.text.folding import Folded, fold_words
from pipeline.ingest.text.loops.walking import starts_of
from pipeline.ingest.text.matching import Hit, Matcher, Span, gathered, longest_of
from pipeline.ingest.text.operators.whose import WhoseReader
from pipeline.ingest.text.traits import NEVER, OPERATOR, telling_word
from pipeline.ingest.text.words import Word
from pipeline.reference.words import Brands, Row

FAILING_POINTS = 520
"""What "Telekom down" weighs: a complaint, of what is not said."""


NEAR_WORDS = 6
"""So many words before and behind a name are beside it."""

NEAR_CHARS = 60
"""How far those are looked for."""

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
        at_ease: Ids of those with whom others than the writer are and all is well, sorted.
    """

    operators: tuple[str, ...]
    at_ease: tuple[str, ...] = ()


_NOBODY: Final = NamedOperators(())


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
        for alias in rows:
            around = (_folded(words) for words in (alias.beside, alias.not_after, alias.not_before))
            name = _Name(alias.operator, alias.market, alias.kind == "ambiguous", alias.text.isupper(), *around)
            if alias.kind == "handle":
                self._handles.setdefault("@" + alias.text.lower().lstrip("@"), []).append(name)
            else:
                names.append((alias.text, name))
        phrases = gathered(names)
        self._matcher = Matcher(phrases)
        self.words = frozenset(phrases)
        self.telling = frozenset(telling_word(phrase, often) for phrase in phrases)
        self._before = {code: _folded(words.before) for code, words in brands.items()}
        self._whose = {code: WhoseReader(words) for code, words in brands.items()}
        self._after = {code: _folded(words.after) for code, words in brands.items()}

    def tell(self, word: Word) -> None:
        """Note the names of operators that a word begins, and that it tells one: what `read` wants to know of it."""
        word.names = self._matcher.start(word.text)
        word.traits |= OPERATOR if word.text in self.telling else 0

    def read(
        self,
        folded: Folded,
        language: str,
        market: str | None,
        traits: int = OPERATOR,
        known: Sequence[Word] = (),
    ) -> NamedOperators:
        """Operators that a text names.

        Args:
            folded: The folded text.
            language: Language of the text, `fr`, `en` or `de`: it says which words show that a name is a brand.
            market: Id of the market whose operators count; None = any, if only one
                operator has the name.
            traits: What its words may be part of: without `OPERATOR` only its handles name one.
            known: What is known of each of its words, in order; without it they are looked up.

        Returns:
            Ids of the operators.
        """
        found: dict[str, None] = {}
        for handle in folded.handles:
            found.update(_of_market(self._handles.get(handle, ()), market))
        if not traits & OPERATOR:
            return NamedOperators(tuple(sorted(found))) if found else _NOBODY
        told: dict[str, bool] = {}
        hits: list[Hit[dict[str, None]]] = []
        for hit in self._fitting(folded, known):
            phrase = folded.words[hit.start : hit.end]
            if phrase not in told:
                told[phrase] = self._is_sure(phrase, hit.payload, folded)
            if told[phrase] or self._is_shown(phrase, hit, folded, language):
                told[phrase] = True
                sure = [name for name in hit.payload if not name.ambiguous]
                hits.append(Hit(hit.start, hit.end, _of_market(sure or hit.payload, market)))
        if not hits:
            return NamedOperators(tuple(sorted(found)))
        return self._named(found, hits[:NAMES_MAX], folded.words, language)

    def _named(
        self, found: dict[str, None], hits: Sequence[Hit[dict[str, None]]], words: str, language: str
    ) -> NamedOperators:
        """Part those with whom all is well from the others."""
        whose, at_ease = self._whose[language], dict[str, None]()
        several = len({operator for hit in hits for operator in hit.payload} | found.keys()) > 1
        if not whose.tell_of_others(words, alone=not several):
            for hit in hits:
                found.update(hit.payload)
            return NamedOperators(tuple(sorted(found)))
        for hit in hits:
            (at_ease if whose.are_well(words, (hit.start, hit.end), alone=not several) else found).update(hit.payload)
        return NamedOperators(tuple(sorted(found)), tuple(sorted(at_ease.keys() - found.keys())))

    def _fitting(self, folded: Folded, known: Sequence[Word]) -> list[Hit[tuple[_Name, ...]]]:
        """Names in a text, without the operators that the words beside them rule out."""
        words, fitting = folded.words, []
        for hit in longest_of(self._spans(folded, known)):
            names = tuple([name for name in hit.payload if name.fits(hit, words)])
            if names:
                fitting.append(Hit(hit.start, hit.end, names))
        return fitting

    def _spans(self, folded: Folded, known: Sequence[Word]) -> list[Span[tuple[_Name, ...]]]:
        if not known:
            return self._matcher.spans(folded.words)
        return self._matcher.spans_along(folded.tokens, starts_of(known, "names"))

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


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_words(word).strip() for word in words)

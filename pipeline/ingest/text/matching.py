"""Matching: all known phrases of a text in one pass.

Phrases are whole words of a folded text. A word that begins some, with the word behind it, tells of how many words
these are, and so many are looked up together: most words of a text begin none, so the work is linear in the text,
however many phrases are known. A table of words is kept in a sixth of the bytes of an automaton of letters, and read in
a third of the time. A hit inside a longer hit is dropped: "no problems" is no "problems". Hits that merely overlap both
stay.

Strings within words are found by an Aho-Corasick automaton, which reports all that occur in one pass.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import ahocorasick

from pipeline.ingest.text.folding import WORD_CHARS_MAX, fold_each, fold_words
from pipeline.ingest.text.loops.walking import Counts, Start, spans_along, spans_of

P = TypeVar("P")

HITS_MAX = 600
"""Hits of one text that are looked at; 5,000 characters of normal prose have fewer."""


STARTS_KEPT_MAX = 10_000
"""Words of which a matcher remembers what they begin, and those of one text more; then all are forgotten. One whose
phrases begin with fewer words has these in a table of their own."""


class Hit(NamedTuple, Generic[P]):
    """Where a phrase stands: offsets of its first letter and one behind its last, and what it stands for."""

    start: int
    end: int
    payload: P


Span = tuple[int, int, P]
"""A hit as it is found: start, end with its sign turned, payload. So they sort by themselves, as no two have one start
and end."""


def _nothing(_words: str) -> Iterator[object]:
    """What an automaton without strings finds; it would refuse to look."""
    return iter(())


_NO_MORE: Counts = {}


class Matcher(Generic[P]):
    """Finds phrases.

    Args:
        phrases: Folded phrase to what it stands for.
    """

    def __init__(self, phrases: Mapping[str, P]) -> None:
        self._of: dict[str, P] = {phrase: payload for phrase, payload in phrases.items() if phrase}
        on: dict[str, dict[str, set[int]]] = {}
        singles = 0
        for phrase in self._of:
            head, *others = phrase.split(" ")
            if others:
                on.setdefault(head, {}).setdefault(others[0], set()).add(len(others) + 1)
            else:
                singles += 1
        self._met: dict[str, Start | None] = {}
        self._heads: dict[str, Start] = {}
        self._is_large = singles + len(on) > STARTS_KEPT_MAX
        once: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._on: dict[str, Counts] = {
            head: {then: once.setdefault(row := tuple(sorted(of, reverse=True)), row) for then, of in by_then.items()}
            for head, by_then in on.items()
        }

    def start(self, head: str) -> Start | None:
        """The phrases that begin with a word; None if none does, as of most words. Who reads it may remember it.

        Args:
            head: A folded word.
        """
        here, on = self._of.get(head), self._on.get(head)
        return None if here is None and on is None else Start(here, on or _NO_MORE)

    def all(self, words: str) -> list[Hit[P]]:
        """All hits, in order of start; at one start the longest first."""
        return [Hit(start, -end, payload) for start, end, payload in self.spans(words)]

    def any(self, words: str) -> bool:
        """Is there a hit?"""
        return bool(self.spans(words))

    def longest(self, words: str) -> list[Hit[P]]:
        """Hits that do not stand inside a longer one, in order of start."""
        return longest_of(self.spans(words))

    def spans(self, words: str) -> list[Span[P]]:
        """All hits, in order of start; at one start the longest first. Words without a space beside them are none."""
        parts = words.split(" ")
        return self.spans_of(parts[1:-1], len(parts[0]) + 1)

    def spans_of(self, words: list[str], offset: int = 1) -> list[Span[P]]:
        """The same of words one by one.

        Args:
            words: Folded words in order.
            offset: Where the first word begins, in characters.
        """
        if self._is_large:
            return self.spans_along(words, self._starts(words), offset)
        return _first_hits(spans_of(self._of, self._heads or self._head_words(), words, offset))

    def _head_words(self) -> dict[str, Start]:
        """What each word begins that begins some."""
        for head in (*[phrase for phrase in self._of if " " not in phrase], *self._on):
            start = self.start(head)
            if start is not None:
                self._heads[head] = start
        return self._heads

    def _starts(self, words: list[str]) -> list[Start | None]:
        """What `start` says of some words, remembered: texts repeat most of them."""
        met = self._met
        if len(met) > STARTS_KEPT_MAX:
            met.clear()
        starts: list[Start | None] = []
        for word in words:
            if word in met:
                starts.append(met[word])
            elif len(word) <= WORD_CHARS_MAX:
                start = met[word] = self.start(word)
                starts.append(start)
            else:
                starts.append(self.start(word))
        return starts

    def spans_along(self, words: list[str], starts: list[Start | None], offset: int = 1) -> list[Span[P]]:
        """The same of words of which it is known what phrases they begin.

        Args:
            words: Folded words in order.
            starts: What `start` says of each word, in order.
            offset: Where the first word begins, in characters.
        """
        return _first_hits(spans_along(self._of, words, starts, offset))


def _first_hits(hits: list[Span[P]]) -> list[Span[P]]:
    """The hits of a text that are looked at."""
    return hits if len(hits) <= HITS_MAX else sorted(sorted(hits, key=_by_end)[:HITS_MAX])


def longest_of(spans: Sequence[Span[P]]) -> list[Hit[P]]:
    """Hits that do not stand inside a longer one, in order of start."""
    kept: list[Hit[P]] = []
    reach = 1
    for start, end, payload in spans:
        if end < reach:
            kept.append(Hit(start, -end, payload))
            reach = end
    return kept


def _by_end(hit: Span[P]) -> tuple[int, int]:
    """Order in which hits end; of two that end together the longer first."""
    return -hit[1], hit[0]


class Stems:
    """Says whether a text holds one of some strings, within words or across their borders.

    Args:
        stems: Folded; a space stands for the border of a word.
    """

    def __init__(self, stems: Iterable[str]) -> None:
        automaton = ahocorasick.Automaton()
        for stem in stems:
            automaton.add_word(stem, True)
        automaton.make_automaton()
        self._found: Callable[[str], Iterator[object]] = automaton.iter if len(automaton) else _nothing

    def any(self, words: str) -> bool:
        """Do folded words hold one?"""
        return next(self._found(words), None) is not None


class Bits:
    """Says what a word may be by the strings that it holds, in two sets of bits.

    Args:
        of: String to bits; a space stands for the border of a word.
        beside: The same for the second set.
    """

    def __init__(self, of: Mapping[str, int], beside: Mapping[str, int]) -> None:
        automaton = ahocorasick.Automaton()
        parts = sorted({*of, *beside})
        for part in parts:
            automaton.add_word(part, (of.get(part, 0), beside.get(part, 0)))
        automaton.make_automaton()
        self._found: Callable[[str], Iterator[tuple[int, tuple[int, int]]]] | None = automaton.iter if parts else None

    def of(self, word: str) -> tuple[int, int]:
        """The bits of all strings in a word, of both sets."""
        first = second = 0
        for _, (bits, beside) in self._found(f" {word} ") if self._found else ():
            first |= bits
            second |= beside
        return first, second


class Occurring:
    """Says where a text holds some strings, within words or across their borders.

    Args:
        of: String to what it stands for, a whole number.
    """

    def __init__(self, of: Mapping[str, int]) -> None:
        automaton = ahocorasick.Automaton()
        for part, payload in of.items():
            automaton.add_word(part, (len(part) - 1, payload))
        automaton.make_automaton()
        self._found: Callable[[str], Iterator[tuple[int, tuple[int, int]]]] | None = automaton.iter if of else None

    def all(self, text: str) -> list[tuple[int, int]]:
        """Where each begins and what it stands for, in order of where they end."""
        return [(end - back, payload) for end, (back, payload) in self._found(text)] if self._found else []


def spellings(text: str) -> tuple[str, ...]:
    """The folded forms under which a phrase may be met: umlauts as two letters, and as one by those without the keys.

    >>> spellings("Köln-Mülheim")
    ('koeln muelheim', 'koln mulheim')
    >>> spellings("Störung")
    ('stoerung', 'storung')
    """
    if _IS_FOLDED(text):
        return (text,)
    two = fold_words(text).strip()
    if text.isascii():
        return (two,)
    one = fold_words(text.lower().translate(_PLAIN)).strip()
    return (two,) if one == two else (two, one)


_IS_FOLDED = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*").fullmatch
"""Most phrases of a lexicon are folded as they stand."""

_PLAIN = {ord("ä"): "a", ord("ö"): "o", ord("ü"): "u"}


def gathered(rows: Iterable[tuple[str, P]]) -> dict[str, tuple[P, ...]]:
    """Gather what stands for the same phrase, in order of rows; each once."""
    listed = list(rows)
    together: dict[str, tuple[P, ...]] = {}
    for (_, payload), phrases in zip(listed, _all_spellings([text for text, _ in listed]), strict=True):
        for phrase in phrases:
            before = together.get(phrase)
            if before is None:
                together[phrase] = (payload,)
            elif payload not in before:
                together[phrase] = (*before, payload)
    together.pop("", None)
    return together


def _all_spellings(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """`spellings` of many texts; those that must be folded, folded in one go, as a call for each takes seconds."""
    odd = [place for place, text in enumerate(texts) if not _IS_FOLDED(text)]
    found: list[tuple[str, ...]] = [(text,) for text in texts]
    two = fold_each([texts[place] for place in odd])
    one = fold_each([texts[place].lower().translate(_PLAIN) for place in odd])
    for place, first, second in zip(odd, two, one, strict=True):
        found[place] = (first,) if first == second else (first, second)
    return found

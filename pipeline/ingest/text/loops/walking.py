"""Walking: one pass along the words of a text, with all that is remembered of each. `walking.c` is the same in C.

Most words of a post have been met before. What each comes to with its pieces, what it may be part of and which phrases
begin with it are one look-up for all who read the text. Few bytes are kept of a word and of a pair: what costs time is
to wait for memory, as no two texts in a row are of the same words.

Labels of a text are weighed on a second walk, all of them at once: each word, pair and sign is a row of their weights.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

Counts = dict[str, tuple[int, ...]]
"""By second word, of how many words phrases are, the most first."""


class Start:
    """The phrases that begin with a word.

    Attributes:
        here: What the word by itself stands for; None if it is no phrase.
        on: By second word, of how many words such phrases are, the most first.
    """

    __slots__ = ("here", "on")

    def __init__(self, here: Any, on: Counts) -> None:
        self.here = here
        self.on = on


_UNKNOWN = Start(None, {})
_NOT_ASKED = -2


class Pairs:
    """What pairs of words weigh.

    Args:
        rows: Number of the first word, doubled, and one more if a word may stand between; number of the second; weight.
    """

    __slots__ = ("_of", "rows")

    def __init__(self, rows: list[tuple[int, int, int]]) -> None:
        self.rows = rows
        self._of = {(first, then): weight for first, then, weight in rows}

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is kept."""
        return Pairs, (self.rows,)

    def __contains__(self, pair: tuple[int, int]) -> bool:
        """Has a pair, first and then, a weight?"""
        return pair in self._of

    def __getitem__(self, pair: tuple[int, int]) -> int:
        """What it weighs."""
        return self._of[pair]


class Lanes:
    """What words, pairs of neighbours and signs weigh for each of some labels.

    Args:
        count: How many labels there are.
        weights: Rows of so many weights, one by one.
        words: Row of each word by its number; -1 for one without.
        pairs: Number of a first word, of the one behind it, and row, one by one.
    """

    __slots__ = ("_of", "count", "pairs", "weights", "words")

    def __init__(self, count: int, weights: "array[int]", words: "array[int]", pairs: "array[int]") -> None:
        if count < 1 or len(weights) % count or len(pairs) % _PAIR:
            raise ValueError("Lanes: rows are of other lengths")
        rows, ends = len(weights) // count, pairs[2::_PAIR]
        if any(row >= rows for row in (*words, *ends)) or any(number < 0 for number in pairs):
            raise ValueError("Lanes: a number is below 0, or there is no such row")
        self.count, self.weights, self.words, self.pairs = count, weights, words, pairs
        self._of = {(first, then): row for first, then, row in zip(pairs[::_PAIR], pairs[1::_PAIR], ends, strict=True)}

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is kept."""
        return Lanes, (self.count, self.weights, self.words, self.pairs)

    def word(self, number: int) -> int:
        """The row of a word; -1 for one without."""
        return self.words[number] if 0 <= number < len(self.words) else -1

    def pair(self, first: int, then: int) -> int:
        """The row of a pair; -1 for one without."""
        return self._of.get((first, then), -1)

    def sums(self, rows: set[int]) -> list[int]:
        """What some rows come to for each label."""
        return [sum([self.weights[row * self.count + lane] for row in rows]) for lane in range(self.count)]


_PAIR = 3


class Word:
    """What is remembered of a word.

    Attributes:
        text: As it is folded.
        token: The same with digits made alike; of equal tokens there is one string.
        weight: What it weighs with its pieces.
        number: Number of its token among those that pairs are made of; -1 for others.
        traits: What it may be part of, see `traits`.
        halves: Bits of the phrases that it may tell, see `traits.halves_of`.
        lead: Its lead, see `alarm.leads`.
        label: Number of its token among those that weights of labels know; -1 for others, -2 until `sum_lanes` asks.
        phrases: Phrases of the lexicon that it begins; like the next ones not known until `starts_of` asks.
        topics: Phrases that it begins and that tell what a text talks of.
        beside: Phrases that it begins and that tell who has it, or that it lasts.
        places: Names of places that it begins.
        names: Names of operators that it begins.
    """

    __slots__ = (
        "beside",
        "halves",
        "label",
        "lead",
        "names",
        "number",
        "phrases",
        "places",
        "text",
        "token",
        "topics",
        "traits",
        "weight",
    )

    def __init__(self, text: str, token: str, weight: int, number: int) -> None:
        self.text = text
        self.token = token
        self.weight = weight
        self.number = number
        self.traits = 0
        self.halves = 0
        self.lead = 0
        self.label = _NOT_ASKED
        self.phrases: Start | None = _UNKNOWN
        self.topics: Start | None = _UNKNOWN
        self.beside: Start | None = _UNKNOWN
        self.places: Start | None = _UNKNOWN
        self.names: Start | None = _UNKNOWN


Spans = list[tuple[int, int, Any]]
"""Hits as they are found: start, end with its sign turned, payload."""


def walk(
    known: dict[str, Word], learn: Callable[[str], Word], weights: Pairs, edges: tuple[int, int], words: list[str]
) -> tuple[int, int, int, int, int, list[Word]]:
    """What words come to with their pairs, each token and each pair once, and each word's lead.

    Args:
        known: What is remembered, by word.
        learn: Tells it of a word that is not there.
        weights: Weights of pairs.
        edges: Numbers that stand for the start of a stretch of text and for its end; -1 for none.
        words: Folded words in order, an empty one between stretches of a text: no pair reaches over it.

    Returns:
        Sum of the weights, how many different tokens there are, the traits of all and the halves, the sum of the leads,
        and what is known of each word.
    """
    begin, end = edges
    seen, pairs, met = set[str](), set[tuple[int, int]](), list[Word]()
    total = traits = halves = 0
    before, last, beside = -1, -1, begin  # numbers of the word before the last one, of that, and of it or the start
    for text in words:
        if not text:
            pairs.add((2 * beside, end))
            before, last, beside = -1, -1, begin
            continue
        word = known.get(text) or learn(text)
        met.append(word)
        traits |= word.traits
        halves |= word.halves
        if word.token not in seen:
            seen.add(word.token)
            total += word.weight
        pairs.update(((2 * beside, word.number), (2 * before + 1, word.number)))
        before, last, beside = last, word.number, word.number
    pairs.add((2 * beside, end))
    total += sum([weights[pair] for pair in pairs if pair in weights])
    lead = sum({word.text: word.lead for word in met}.values())
    return total, len(seen), traits, halves, lead, met


def sum_lanes(
    lanes: Lanes, numbers: dict[str, int], known: list[Word], edges: tuple[int, int], signs: list[tuple[int, ...]]
) -> tuple[list[int], list[int]]:
    """What a text comes to for each label, each row once: its words with their neighbours, and its signs.

    Args:
        lanes: Weights.
        numbers: Number of each token that weights of labels know; always the same for one `Word`.
        known: What is known of each word, in order.
        edges: Numbers that stand for the start of a text and for its end; -1 for none.
        signs: Rows.
    """
    before, end = edges
    found = set[int]()
    for word in known:
        if word.label == _NOT_ASKED:
            word.label = numbers.get(word.token, -1)
        found.update((lanes.word(word.label), lanes.pair(before, word.label)))
        before = word.label
    found.add(lanes.pair(before, end))
    return lanes.sums(found - {-1}), lanes.sums({row for rows in signs for row in rows})


def starts_of(known: Sequence[Word], which: str, start: Callable[[str], Start | None]) -> list[Start | None]:
    """What words begin, remembered with each.

    Args:
        known: What is known of each.
        which: Kind of phrases: `phrases`, `topics`, `beside`, `places` or `names`.
        start: Tells what a word begins; always the same for one kind.
    """
    for word in known:
        if getattr(word, which) is _UNKNOWN:
            setattr(word, which, start(word.text))
    return [getattr(word, which) for word in known]


def spans_along(of: dict[str, Any], words: list[str], starts: list[Start | None], offset: int) -> Spans:
    """All phrases that folded words hold, in order of start; at one start the longest first.

    Args:
        of: Phrase to what it stands for, never None.
        words: In order, one space between them.
        starts: What begins with each.
        offset: Where the first word begins, in characters.
    """
    hits: Spans = []
    last = len(words)
    for place, (word, start) in enumerate(zip(words, starts, strict=True)):
        if start is not None:
            for count in start.on.get(words[place + 1], ()) if place + 1 < last else ():
                phrase = " ".join(words[place : place + count])
                found = of.get(phrase) if place + count <= last else None
                if found is not None:
                    hits.append((offset, -offset - len(phrase), found))
            if start.here is not None:
                hits.append((offset, -offset - len(word), start.here))
        offset += len(word) + 1
    return hits


def spans_of(of: dict[str, Any], heads: dict[str, Start], words: list[str], offset: int) -> Spans:
    """The same of words of which nothing is known beforehand.

    Args:
        of: Phrase to what it stands for, never None.
        heads: What each word begins that begins some.
        words: In order, one space between them.
        offset: Where the first word begins, in characters.
    """
    return spans_along(of, words, [heads.get(word) for word in words], offset)

"""Walking: one pass along the words of a text, with all that is remembered of each. `walking.c` is the same in C.

Most words of a post have been met before. What each comes to with its pieces, what it may be part of and which phrases
begin with it are one look-up for all who read the text. Few bytes are kept of a word and of a pair: what costs time is
to wait for memory, as no two texts in a row are of the same words.
"""

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
        phrases: Phrases of the lexicon that it begins.
        topics: Phrases that it begins and that tell what a text talks of.
        places: Names of places that it begins.
        names: Names of operators that it begins.
    """

    __slots__ = (
        "halves",
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
        self.phrases: Start | None = None
        self.topics: Start | None = None
        self.places: Start | None = None
        self.names: Start | None = None


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


def starts_of(known: Sequence[Word], which: str) -> list[Start | None]:
    """What words begin.

    Args:
        known: What is known of each.
        which: Kind of phrases: `phrases`, `topics`, `places` or `names`.
    """
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

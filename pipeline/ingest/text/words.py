"""Words: all that a folded word decides by itself, remembered with the word.

Most words of a post have been met before. What each comes to with its pieces, which pairs it begins, what it may be
part of and which phrases begin with it are one look-up for all who read the text.
"""

from typing import Any, NamedTuple

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.matching import Start

Pairs = dict[str, int]
"""Number of a pair by its second word."""


class Word:
    """What is remembered of a word.

    Attributes:
        text: As it is folded.
        token: The same with digits made alike.
        weight: What it weighs with its pieces.
        beside: Pairs that it begins, by the word beside it.
        skipping: Pairs that it begins, by the word behind that.
        traits: What it may be part of, see `traits`.
        phrases: Phrases of the lexicon that it begins.
        topics: Phrases that it begins and that tell what a text talks of.
        places: Names of places that it begins.
    """

    __slots__ = ("beside", "phrases", "places", "skipping", "text", "token", "topics", "traits", "weight")

    def __init__(self, text: str, token: str, weight: int, beside: Pairs, skipping: Pairs) -> None:
        self.text = text
        self.token = token
        self.weight = weight
        self.beside = beside
        self.skipping = skipping
        self.traits = 0
        self.phrases: Start[Any] | None = None
        self.topics: Start[Any] | None = None
        self.places: Start[Any] | None = None


class WordsOfText(NamedTuple):
    """A text that was understood: who asks for its topics next need not read it again."""

    text: str
    folded: Folded
    code: str
    known: list[Word]


class WordsSum(NamedTuple):
    """What the words of a text come to.

    Attributes:
        weight: Sum of their weights, of their pieces and pairs.
        different: How many different words there are.
        traits: What its words may be part of, see `traits`.
        known: The words in order.
    """

    weight: int
    different: int
    traits: int
    known: list[Word]

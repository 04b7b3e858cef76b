"""Words: a text as the words that it is made of, with all that is remembered of each."""

from typing import Final, NamedTuple

from pipeline.ingest.text.loops.walking import Word

__all__ = ["NO_WORDS", "Word", "WordsSum"]


class WordsSum(NamedTuple):
    """What the words of a text come to.

    Attributes:
        weight: Sum of their weights, of their pieces and pairs.
        different: How many different words there are.
        traits: What its words may be part of, see `traits`.
        halves: Bits of the phrases that they may hold both parts of, see `traits.halves_of`.
        lead: Sum of their leads, each word's once, see `alarm.leads`.
        known: The words in order.
    """

    weight: int
    different: int
    traits: int
    halves: int
    lead: int
    known: list[Word]


NO_WORDS: Final = WordsSum(0, 0, 0, 0, 0, [])
"""What a text without words comes to."""

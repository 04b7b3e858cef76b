"""Pieces: what the short strings in a word weigh, each once. `pieces.c` is the same in C.

A word of eight letters has some twenty strings of three to five letters in it, of which few have a weight. They are
looked up one by one in one table: an automaton of letters took more than a microsecond a word.
"""

from array import array
from typing import Any, Final

CHARS: Final = (3, 4, 5)
"""Characters of a piece."""


class PieceWeights:
    """Adds up what the pieces of a word weigh.

    Args:
        pieces: All of them, joined by ends of lines.
        weights: Weight of each in turn, below 2^62 either way, as is a sum of them.
    """

    __slots__ = ("_of", "pieces", "weights")

    def __init__(self, pieces: str, weights: "array[int]") -> None:
        each = pieces.split("\n") if pieces else []
        if len(each) != len(weights) or any(len(piece) not in CHARS for piece in each):
            raise ValueError("PieceWeights: a piece is too short or too long, or there are not as many weights")
        self.pieces, self.weights = pieces, weights
        self._of = dict(zip(each, weights, strict=True))

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is kept."""
        return PieceWeights, (self.pieces, self.weights)

    def sum(self, word: str) -> int:
        r"""What the pieces of a word come to, each once.

        >>> PieceWeights("<ne\nnet", array("q", [5, 70])).sum("<netnet>")
        75
        """
        of = self._of
        found = {word[start : start + size] for size in CHARS for start in range(len(word) - size + 1)}
        return sum([of[piece] for piece in found if piece in of])

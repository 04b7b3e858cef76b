"""Pieces: a text as the numbers of pieces of words, which an encoder knows.

Words are cut one by one, and what a word is cut into is remembered, as most come again. A text cut as a whole comes to
the same: no piece reaches over a space, and what pieces cost is added up without rounding, so what stands before a word
does not change where it is cut.
"""

from collections.abc import Callable, Sequence
from typing import Final

from pipeline.ingest.text.folding import WORD_CHARS_MAX

UNKNOWN: Final = 0
START: Final = 1
END: Final = 2
"""Pieces that stand for what is not known, and for the ends of a text."""

KEPT_MAX: Final = 10_000
"""Words whose pieces are remembered; then all are forgotten."""

_SPACES: Final = {ord(space): " " for space in "\t\n\f\r"}
"""What is a space to those who cut, of ASCII; any other space they find within a word."""


class Pieces:
    """Cuts texts.

    Args:
        cut: Cuts a text without spaces into the numbers of its pieces; into `UNKNOWN` alone if nothing of it counts.
    """

    def __init__(self, cut: Callable[[str], Sequence[int]]) -> None:
        self._cut = cut
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, text: str) -> list[int]:
        """Numbers of the pieces of a text, with its start and end.

        Args:
            text: As written.
        """
        numbers, known = [START], self._known
        for word in text.translate(_SPACES).split(" "):
            if word:
                found = known.get(word)
                numbers += self._learn(word) if found is None else found
        if len(numbers) == 1:
            numbers.append(UNKNOWN)
        numbers.append(END)
        return numbers

    def _learn(self, word: str) -> tuple[int, ...]:
        found = tuple(self._cut(word.encode("utf-8", "replace").decode()))  # half a character is a question mark
        if found == (UNKNOWN,):
            found = ()
        if len(word) <= WORD_CHARS_MAX:
            if len(self._known) >= KEPT_MAX:
                self._known.clear()
            self._known[word] = found
        return found

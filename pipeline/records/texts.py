"""Texts that we write are cut to a length, so that no record grows without a limit."""

from typing import Final

LINE_MAX: Final = 200
"""Characters of a line: a reason of a decision, a headline."""


def clipped(text: str, length: int = LINE_MAX) -> str:
    """A text of at most so many characters; a longer one ends in an ellipsis.

    >>> clipped("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= length else text[: length - 1] + "…"

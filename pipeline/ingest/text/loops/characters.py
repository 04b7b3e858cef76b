"""Characters: what each one is folded to, worked out when it is first met."""

import unicodedata
from typing import Final

MARKS: Final = {
    **dict.fromkeys(".;!…。", " . "),
    **dict.fromkeys("?؟", " ? "),
    **dict.fromkeys(",:()[]{}–—|\n•", " , "),
    **dict.fromkeys("'’‘`´ʼ", "'"),
    "&": " & ",
    "+": " plus ",
    "€": " eur ",
    "£": " gbp ",
    "$": " usd ",
    "%": " percent ",
}

_UMLAUTS: Final = {
    **{"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"},
    **{"å": "a", "ł": "l", "đ": "d"},
}


def fold_char(char: str) -> str:
    """What one character is folded to: letters, a word with spaces around it, a space, or nothing.

    >>> fold_char("É"), fold_char("ö"), fold_char("+"), fold_char("-")
    ('e', 'oe', ' plus ', ' ')
    """
    if char in MARKS:
        return MARKS[char]
    if char in _UMLAUTS:
        return _UMLAUTS[char]
    if char.isalnum():
        plain = unicodedata.normalize("NFKD", char)
        kept = "".join(part for part in plain if part.isalnum() and part.isascii())
        return kept.lower() or (char if char.isalpha() else " ")
    return "" if unicodedata.combining(char) or char in "\u00ad\u200b\u200d\ufe0f" else " "


APART: Final = "\x1f"
"""Stands between texts that are folded together; no text may hold it, so it is left as it is."""


class _FoldedCharacters(dict[int, str]):
    """A translation table that works out a character when it first meets it (and remembers: at most all of Unicode)."""

    def __missing__(self, code: int) -> str:
        folded = fold_char(chr(code))
        self[code] = folded
        return folded


TABLE: Final = _FoldedCharacters({ord(APART): APART})
"""By number of a character, what it is folded to."""

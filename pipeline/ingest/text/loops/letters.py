"""Letters: loops over the letters of a text. `letters.c` is the same in C.

What each function promises holds for any string: halves of characters, controls and all.
"""

import re
import string
from typing import Final

from pipeline.ingest.text.loops.characters import MARKS, TABLE, fold_char

_LATIN: Final = bytes(range(256)).decode("latin-1")
_CASES: Final = "".join("U" if char.isupper() else "l" if char.islower() else " " for char in _LATIN).encode("latin-1")
_NOT_LATIN: Final = re.compile(r"[^\x00-\xff]")
_PLAIN: Final = frozenset(string.ascii_lowercase + string.digits + " ")
"""What folding leaves as it is."""

_CONTRACTION: Final = re.compile(r"'(?=(?:t|s|ve|re|ll|m|d)\b)")
_REPEATS: Final = re.compile(r"(.)\1\1")
_WORD: Final = re.compile(r"[^\W_]+")
_STOPS: Final = re.compile(r"[.!?]")
_SHOUTING_PERCENT: Final = 60

_SPECIAL: Final = re.compile(r"https?://\S+|www\.\S+|\bhttps?\b|@\w+|#\w+")
_SIGN: Final = re.compile(
    r"https?://\S+|\bhttps?\b|@\w+|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[:;=8xX]['\-]?[()DPpd/\\|*]+|<3|[!?]+|\.{2,}|…|[^\w\s]"
)


def _one_for_one(char: str) -> str:
    """The character that stands for an ASCII one until `_SPACED` has its words."""
    folded = fold_char(char).strip()
    return folded if len(folded) == 1 else char if folded else " "


_ASCII: Final = bytes(ord(_one_for_one(chr(code))) if code < 128 else code for code in range(256))
_SPACED: Final = tuple((sign, MARKS[sign]) for sign in ".?,&+$%")


def fold_words(text: str) -> str:
    """Fold plain words: lower case, no accents, one space between and around.

    >>> fold_words("L'Internet ne MARCHE plus à Köln!")
    ' l internet ne marche plus a koeln . '
    >>> fold_words("I can’t get 4G+")
    ' i cant get 4g plus '
    """
    words = _fold_ascii(text) if text.isascii() else _fold_any(text.lower())
    if "'" in words:
        words = _CONTRACTION.sub("", words).replace("'", " ")
    return f" {' '.join(words.split())} "


def _fold_ascii(text: str) -> str:
    """ASCII as `TABLE` folds it, several times as fast: sign for sign first, then each sign that becomes a word."""
    words = text.encode("ascii").translate(_ASCII).decode("ascii")
    for sign, spaced in _SPACED:
        if sign in words:
            words = words.replace(sign, spaced)
    return words


def _fold_any(text: str) -> str:
    """Any text as `TABLE` folds it, a character at a time: what one becomes is folded, so no order counts."""
    for char in set(text) - _PLAIN:
        text = text.replace(char, TABLE[ord(char)])
    return text


def capital_words(plain: str) -> tuple[frozenset[str], frozenset[str]]:
    """Folded words that stand with a capital letter or a digit: within a sentence, and at the start of one.

    A text that shouts, or is all in lower case, tells nothing: both are empty.

    >>> [sorted(words) for words in capital_words("Reading has no signal. No 4G in Bath")]
    [['4g', 'bath'], ['no', 'reading']]
    """
    upper, lower = cases_of(plain)
    if upper * 100 > (upper + lower) * _SHOUTING_PERCENT:
        return frozenset(), frozenset()
    within, first = set[str](), set[str]()
    for sentence in _STOPS.split(plain):
        for place, word in enumerate(_WORD.findall(sentence)):
            if not word[0].islower():
                (within if place else first).add(word.lower() if word.isascii() else fold_words(word).strip())
    return frozenset(within - {""}), frozenset(first - {""})  # empty: a number in the digits of another script


def cases_of(text: str) -> tuple[int, int]:
    """How many capital and small letters a text has.

    >>> cases_of("Köln ÉTÉ")
    (4, 3)
    """
    if not text.isascii() and _NOT_LATIN.search(text) is not None:
        return sum(map(str.isupper, text)), sum(map(str.islower, text))
    cases = text.encode("latin-1").translate(_CASES)  # no step in Python a character
    return cases.count(b"U"), cases.count(b"l")


def holds_any(text: str, chars: str) -> bool:
    """Does a text hold one of some characters?

    >>> holds_any("no signal 😡", "😡👎"), holds_any("no signal", "😡👎")
    (True, False)
    """
    return not set(chars).isdisjoint(text)


def has_repeats(text: str) -> bool:
    """Does a text hold one character, but for ends of lines, three times in a row?

    >>> has_repeats("sooo slow"), has_repeats("so slow")
    (True, False)
    """
    return _REPEATS.search(text) is not None


def signs_in(text: str) -> list[str]:
    """Words, numbers, handles, links, marks and emoji of a text as they are written, in order.

    >>> signs_in("Can't call @O2!! :-) 50mbps... https://x.y")
    ["Can't", 'call', '@O2', '!!', ':-)', '50', 'mbps', '...', 'https://x.y']
    """
    return _SIGN.findall(text)


def specials_in(text: str) -> list[tuple[int, int]]:
    """Where handles, links and hashtags of a text begin and end, in order.

    >>> specials_in("@O2 www.x.y #down http")
    [(0, 3), (4, 11), (12, 17), (18, 22)]
    """
    return [found.span() for found in _SPECIAL.finditer(text)]

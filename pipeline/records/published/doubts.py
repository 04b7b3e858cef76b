"""Claims in doubt as an incident's record tells them, and what a question to people takes from there."""

import re
from typing import Final, NamedTuple

from pipeline.records.texts import clipped

_WORDS: Final = re.compile(r"in doubt, \d+ claims?, (?P<percent>\d+) %: (?P<example>.*)", re.DOTALL)


class Doubt(NamedTuple):
    """The likeliest of the claims.

    Attributes:
        percent: Its probability.
        example: Its text, masked.
    """

    percent: int
    example: str


def counted(claims: int) -> str:
    """So many claims, in words."""
    return "1 claim" if claims == 1 else f"{claims} claims"


def words_of(claims: int, doubt: Doubt) -> str:
    """Claims in doubt in one line.

    >>> words_of(1, Doubt(40, "no line to 112?"))
    'in doubt, 1 claim, 40 %: no line to 112?'
    """
    return clipped(f"in doubt, {counted(claims)}, {doubt.percent} %: {doubt.example}")


def doubt_in(words: str) -> Doubt:
    """The likeliest claim of such a line; the whole line, unlikely, if it is none.

    >>> doubt_in(words_of(2, Doubt(40, "no line: to 112?")))
    Doubt(percent=40, example='no line: to 112?')
    """
    found = _WORDS.fullmatch(words)
    return Doubt(int(found["percent"]), found["example"]) if found else Doubt(0, words)

"""Phrases of a language as parts of patterns."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SPELT_CHARS_MIN: Final = 5
"""A shorter word without its accents may be another one: "dès" and "des"."""

_DIGRAPHS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class LatePattern:
    """A pattern that is compiled when it is first asked: few texts ask, and rules that are kept are read sooner.

    Attributes:
        pattern: As `re.compile` takes it.

    Args:
        pattern: The same.

    >>> LatePattern("[ab]+").compiled.search("nab").span()
    (1, 3)
    """

    __slots__ = ("_compiled", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled: re.Pattern[str] | None = None

    def __reduce__(self) -> tuple[type["LatePattern"], tuple[str]]:
        """How it is kept."""
        return LatePattern, (self.pattern,)

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        if self._compiled is None:
            self._compiled = re.compile(self.pattern)
        return self._compiled


def any_of(phrases: Iterable[str]) -> str:
    """A pattern of any of some phrases, the longest first; of none it never matches.

    >>> any_of(["half", "halfway"]), any_of([])
    ('halfway|half', '(?!)')
    """
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(map(re.escape, longest_first)) or "(?!)"


def spellings(phrase: str) -> tuple[str, ...]:
    """How a phrase may be written: without its accents, or with umlauts as two letters; a short one as it is.

    >>> spellings("in den nächsten"), spellings("dès")
    (('in den nächsten', 'in den nachsten', 'in den naechsten'), ('dès',))
    """
    if len(phrase) < SPELT_CHARS_MIN:
        return (phrase,)
    bare = "".join(unicodedata.normalize("NFD", letter)[0] for letter in phrase)
    return tuple(dict.fromkeys((phrase, bare, phrase.translate(_DIGRAPHS))))

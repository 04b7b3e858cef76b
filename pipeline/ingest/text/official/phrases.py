"""Phrases of a language as parts of patterns."""

import re
from collections.abc import Iterable


def any_of(phrases: Iterable[str]) -> str:
    """A pattern of any of some phrases, the longest first; of none it never matches.

    >>> any_of(["half", "halfway"]), any_of([])
    ('halfway|half', '(?!)')
    """
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(map(re.escape, longest_first)) or "(?!)"

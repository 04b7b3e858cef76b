"""Sums: loops over what was found in a text. `sums.c` is the same in C."""

from collections.abc import Sequence
from typing import Final
from zlib import crc32

_RUN_WORDS: Final = 3
_WHOLE: Final = 0xFFFFFFFF
_SHUFFLE: Final = 0x9E3779B1
"""Odd, so that it gives every hash another one: a second order of the same runs."""


def sum_once(weights: list[int], found: list[tuple[int, ...]]) -> int:
    """What some things weigh, each counted once however often it was found.

    Args:
        weights: By number of a thing, below 2^62 either way, as is their sum.
        found: Numbers of things.

    >>> sum_once([5, 70, 900], [(0, 2), (), (2, 0)])
    905
    """
    return sum([weights[number] for number in {number for numbers in found for number in numbers}])


def least_hashes(words: Sequence[str]) -> tuple[int, int]:
    """The least hash over all runs of three words, and the least in a second order of the hashes.

    Args:
        words: Three or more.

    >>> least_hashes(["no", "signal", "here", "since"]) == least_hashes(["no", "signal", "here", "since"] * 2)
    False
    """
    runs = [" ".join(words[start : start + _RUN_WORDS]).encode() for start in range(len(words) - _RUN_WORDS + 1)]
    hashes = [crc32(run) for run in runs]
    return min(hashes), min([number * _SHUFFLE & _WHOLE for number in hashes])

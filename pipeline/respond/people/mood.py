"""Mood as a balance: favourable posts over hostile ones, with how far chance alone could move it.

Posts in a language without weights have no class; where none has, there is no mood and not a mood of nought.
"""

from collections.abc import Mapping
from math import isqrt
from typing import Final, NamedTuple

from pipeline.records.inner.talk import MOODS
from pipeline.records.vocabulary import PPM

_SQUARE_OF_NORMAL: Final = (38_416, 10_000)
"""1.96 squared, as a fraction: 95 of 100 cases."""


class Mood(NamedTuple):
    """Mood of some posts.

    Attributes:
        posts: Posts that are favourable or hostile.
        neutral: Posts that are neither.
        balance_ppm: From all hostile, -1,000,000, to all favourable; None without such posts.
        margin_ppm: How far the true balance lies from it at most, in 95 of 100 cases.
    """

    posts: int = 0
    neutral: int = 0
    balance_ppm: int | None = None
    margin_ppm: int | None = None


def mood_of(counts: Mapping[str, int]) -> Mood:
    """Mood of posts that were counted by subject.

    Args:
        counts: Posts by subject.

    Source:
        A. Agresti, B. Coull, The American Statistician 52 (1998), 119-126: two more of each kind, then the normal
        interval, so that three hostile posts of three do not say that nobody is in favour.

    >>> mood_of({"mood:favourable": 30, "mood:hostile": 70})
    Mood(posts=100, neutral=0, balance_ppm=-400000, margin_ppm=192794)
    >>> mood_of({"posts": 100, "mood:neutral": 60})
    Mood(posts=0, neutral=60, balance_ppm=None, margin_ppm=None)
    """
    good, bad, neutral = (counts.get(subject, 0) for subject in MOODS)
    if not good + bad:
        return Mood(neutral=neutral)
    balance = _quotient((good - bad) * PPM, good + bad)
    size = good + bad + 4
    middle = _quotient((good - bad) * PPM, size)
    margin = _spread(PPM * PPM - middle * middle, size) + abs(balance - middle)
    return Mood(good + bad, neutral, balance, margin)


def share_margin_ppm(part: int, whole: int) -> int | None:
    """How far chance alone could move a share, in 95 of 100 cases; None of nothing. The source is that of `mood_of`.

    Args:
        part: Posts that talk of something.
        whole: All posts, as many or more.

    >>> share_margin_ppm(30, 100), share_margin_ppm(0, 3), share_margin_ppm(0, 0)
    (96396, 620377, None)
    """
    if whole <= 0:
        return None
    size, share = whole + 4, min(part, whole) * PPM // whole
    middle = (min(part, whole) + 2) * PPM // size
    return _spread(middle * (PPM - middle), size) + abs(share - middle)


def _spread(variance: int, size: int) -> int:
    """How far chance moves a mean of so many, millionths, in 95 of 100 cases; the variance is in their squares."""
    square, scale = _SQUARE_OF_NORMAL
    return isqrt(square * variance // (scale * size))


def _quotient(part: int, whole: int) -> int:
    """Towards nought, so that the balance of swapped moods is the same with the other sign."""
    return part // whole if part >= 0 else -(-part // whole)

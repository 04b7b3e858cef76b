"""How far a figure would move with other worlds of the same kind.

Whole worlds are drawn again, with replacement, since the outages of one world
share its weather: resampling outages would make intervals that are too
narrow. Below five worlds there is no interval: a number that looks like
knowledge and is none does more harm than a gap.
"""

import random
from collections.abc import Callable, Sequence
from typing import Final

WORLDS_MIN: Final = 5
DRAWS: Final = 1_000
LEVEL: Final = 0.95
_KNOWN_MIN: Final = 0.9
"""A figure that most draws cannot say (no outage was drawn) has no interval."""


def quantile(values: Sequence[float], part: float) -> float | None:
    """A quantile by linear interpolation; None of nothing.

    Args:
        values: In any order.
        part: 0 to 1; 0.5 is the median.

    Source:
        Type 7 of R. J. Hyndman and Y. Fan, The American Statistician 50 (1996), 361-365.

    >>> quantile([10, 30, 20], 0.5), quantile([0, 10], 0.9), quantile([], 0.5)
    (20, 9.0, None)
    """
    if not values:
        return None
    rows = sorted(values)
    place = (len(rows) - 1) * part
    low = int(place)
    rest = place - low
    return rows[low] if not rest else rows[low] + rest * (rows[low + 1] - rows[low])


def draws_of(worlds: int, seed: int, draws: int = DRAWS) -> list[list[int]]:
    """Which worlds each draw holds: the same for all figures, so that they can be compared.

    Args:
        worlds: How many there are.
        seed: Same seed, same draws.
        draws: How many draws.
    """
    chance = random.Random(seed)  # noqa: S311 - a bootstrap is pseudo-random on purpose, from its seed
    return [chance.choices(range(worlds), k=worlds) for _ in range(draws)]


def interval(
    value: Callable[[Sequence[int]], float | None], draws: Sequence[Sequence[int]], level: float = LEVEL
) -> tuple[float, float] | None:
    """The percentile interval of a figure.

    Args:
        value: The figure of some worlds, by their indexes.
        draws: From `draws_of`.
        level: Part of the draws that lies inside.

    Returns:
        Lower and upper end; None if more than one draw in ten has no such figure.

    Source:
        B. Efron, The Annals of Statistics 7 (1979), 1-26; percentile interval as in B. Efron and
        R. J. Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.
    """
    known = [found for draw in draws if (found := value(draw)) is not None]
    if not known or len(known) < _KNOWN_MIN * len(draws):
        return None
    low, high = quantile(known, (1 - level) / 2), quantile(known, (1 + level) / 2)
    return None if low is None or high is None else (low, high)

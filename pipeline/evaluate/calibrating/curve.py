"""Beta calibration: from what was said to what came true, by three numbers.

The logit of what is told is a ln p - b ln(1 - p) + c, so 1, 1, 0 tell what was said. It can bend both ways, and it
rises as long as a and b are above 0 (M. Kull, T. Silva Filho, P. Flach, AISTATS 2017). Unlike isotonic steps it tells
.6 and .8 apart even where no incident of the training lies between them.

What a reader may question: the three are pulled towards telling what was said, by a prior. Of several the narrowest is
taken that runs which the curve was not made from cannot tell from the best: by one standard error (L. Breiman et al.,
Classification and Regression Trees, 1984, 3.4.3). Made-up worlds are clearer than real ones, and few false suspicions
are in them: with a wide prior a table believes them whole.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

from pipeline.evaluate.calibrating.moments import Prediction

SPREADS: Final = (0.05, 0.1, 0.25, 0.5)
"""Standard deviations of each of the three numbers about telling what was said, the narrowest first."""

FOLDS: Final = 10
"""A curve is judged on runs that it was not made from: of each tenth of the runs by a curve of the other nine."""

LEAST: Final = 0.1
"""Neither slope is less, so that a table always rises."""

STEPS: Final = 100

GRID: Final = (
    *(-9_210, -6_907, -4_595, -2_944, -2_197, -1_735, -1_386, -1_099, -847, -405, 0),
    *(405, 847, 1_099, 1_386, 1_735, 2_197, 2_587, 2_944, 3_476, 3_892, 4_595, 6_907, 9_210, 16_000),
)
"""Log-odds at which the table has a row: .0001, .001, .01, .05, .1, .15, .2, .25, .3, .4, .5 and so on to .9999."""


class Beta(NamedTuple):
    """The three numbers; as they stand here they tell what was said."""

    a: float = 1.0
    b: float = 1.0
    c: float = 0.0

    def told(self, said_milli: int) -> float:
        """Log-odds as they are told, natural log.

        >>> [round(Beta().told(said), 6) for said in (-3_000, 0, 5_000)]
        [-3.0, 0.0, 5.0]
        """
        down, up = _features(said_milli / 1_000)
        return self.a * down + self.b * up + self.c


def _features(log_odds: float) -> tuple[float, float]:
    """The logarithms ln p and -ln(1 - p) of a probability p, without losing its last digits."""
    down = -math.log1p(math.exp(-log_odds)) if log_odds > -30.0 else log_odds
    up = math.log1p(math.exp(log_odds)) if log_odds < 30.0 else log_odds
    return down, up


def fitted(moments: Sequence[Prediction], spread: float = SPREADS[0]) -> Beta:
    """The three numbers that make moments, and the prior, likeliest: by Newton's steps, halved where one is too long.

    Args:
        moments: Forecasts; without any the prior alone decides, and what was said is told.
        spread: Standard deviation of the prior.

    >>> fitted([])
    Beta(a=1.0, b=1.0, c=0.0)
    """
    rows = [(*_features(said / 1_000), 1.0, float(real)) for said, real in moments]

    def loss(at: Sequence[float]) -> float:
        prior = sum((value - mean) ** 2 for value, mean in zip(at, Beta(), strict=True)) / (2 * spread**2)
        return prior + sum(_surprise(at[0] * x + at[1] * y + at[2], real) for x, y, _, real in rows)

    now, least = list(Beta()), loss(Beta())
    for _ in range(STEPS):
        step = _newton(now, rows, spread)
        now, before = _shortened(now, step, loss), least
        least = loss(now)
        if before - least < 1e-12:
            break
    return Beta(*now)


class Unseen(NamedTuple):
    """A forecast of a run, as a curve of other runs tells it: log-odds, natural log."""

    told: float
    real: bool


def unseen(runs: Sequence[Sequence[Prediction]], spread: float) -> list[list[Unseen]]:
    """All forecasts by run, each as it is told by a curve that is made from other runs.

    Args:
        runs: Forecasts by run, since those of one run share its weather.
        spread: Standard deviation of the prior.
    """
    curves = [
        fitted([moment for number, run in enumerate(runs) if number % FOLDS != fold for moment in run], spread)
        for fold in range(min(FOLDS, len(runs)))
    ]
    return [[Unseen(curves[number % FOLDS].told(said), real) for said, real in run] for number, run in enumerate(runs)]


def spread_for(runs: Sequence[Sequence[Prediction]]) -> float:
    """The narrowest prior that runs which were not seen cannot tell from the best.

    They are told apart by the logarithm of what was told of what came true, summed by run; as many runs as there are
    say how far that sum moves by chance.

    Args:
        runs: Forecasts by run.

    >>> spread_for([])
    0.05
    """
    losses = [[sum(_surprise(*told) for told in run) for run in unseen(runs, spread)] for spread in SPREADS]
    best = min(losses, key=lambda loss: round(sum(loss), 6))
    for spread, loss in zip(SPREADS, losses, strict=True):
        worse = [mine - least for mine, least in zip(loss, best, strict=True)]
        if sum(worse) <= math.sqrt(sum(value * value for value in worse)):
            return spread
    return SPREADS[-1]


def _surprise(log_odds: float, real: float) -> float:
    return (math.log1p(math.exp(-abs(log_odds))) + max(log_odds, 0.0)) - real * log_odds


def _shortened(now: Sequence[float], step: Sequence[float], loss: Callable[[Sequence[float]], float]) -> list[float]:
    least, part = loss(now), 1.0
    while part > 1e-6:
        tried = [value + part * change for value, change in zip(now, step, strict=True)]
        tried[:2] = [max(LEAST, value) for value in tried[:2]]
        if loss(tried) <= least:
            return tried
        part /= 2
    return list(now)


def _newton(now: Sequence[float], rows: Sequence[tuple[float, ...]], spread: float) -> list[float]:
    """The step to where the slope would vanish, were the loss a parabola."""
    slope = [(value - mean) / spread**2 for value, mean in zip(now, Beta(), strict=True)]
    bend = [[(i == j) / spread**2 for j in range(3)] for i in range(3)]
    for *features, real in rows:
        log_odds = sum(value * feature for value, feature in zip(now, features, strict=True))
        share = 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, log_odds))))
        for i in range(3):
            slope[i] += (share - real) * features[i]
            for j in range(3):
                bend[i][j] += share * (1.0 - share) * features[i] * features[j]
    return [-float(value) for value in np.linalg.solve(bend, slope)]


def rows_of(curve: Beta) -> tuple[tuple[int, int], ...]:
    """The table of a curve, in thousandths of a natural log; rounded, and always rising.

    >>> rows_of(Beta()) == tuple((said, said) for said in GRID)
    True
    """
    return tuple((said, round(1_000 * curve.told(said))) for said in GRID)

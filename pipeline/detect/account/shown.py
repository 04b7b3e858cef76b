"""The share of customers that figures show: what is told of how many are hit, once figures show an outage.

The hypotheses stand on a grid of steps of three, which is fine enough to ask whether there is an outage and too coarse
to say how many it hits: of half of the customers it says nearly all. A success ratio that falls from .99 to .45 says it
itself. So beside the belief goes the mean of what the figures of a place show, of the last minutes.

What a reader may question: a success ratio is taken for the share who are well, to within `RATIO_WITHIN`. Of any other
figure (milliseconds, packets lost) nobody knows how far it moves when all are hit. It is taken to move as far as it
may, so of several the one that shows most is believed, and the share may be three times as large.
"""

import math
from typing import Final, NamedTuple

import msgspec

from pipeline.detect.account.likelihood import FigureSeen, lost, mean_of, off_usual
from pipeline.detect.account.states import SHARES

KEPT_PER_MINUTE: Final = 0.7
"""What was shown counts so much less each minute: some three minutes count."""

FORGOTTEN_MINUTES: Final = 30
"""After so many nothing of it is left."""

RATIO_WITHIN: Final = 0.15
"""A success ratio tells the share of customers who are hit to within so much of it, one standard deviation: who fails
tries again, and some fail who never notice."""

OTHERS_LESS: Final = 1.5
OTHERS_MORE: Final = 3.0
"""Any other figure tells it to within so many times less and more."""

TENTH: Final = 1.2816
"""Standard deviations from the middle to the tenth and the ninetieth hundredth."""


class ShareShown(NamedTuple):
    """What one figure shows in a step.

    Attributes:
        share: Share of the customers who are hit, 0 to 1.
        direct: True of a success ratio, which says it itself.
    """

    share: float
    direct: bool


class Showing(msgspec.Struct):
    """What the figures of a place and service showed of late.

    Attributes:
        mean: Mean of the shares, 0 to 1.
        square: Mean of their squares.
        weight: Weight of the steps that count.
        direct: True if success ratios told it in the last step that told anything.
    """

    mean: float = 0.0
    square: float = 0.0
    weight: float = 0.0
    direct: bool = True


def share_shown(figure: FigureSeen) -> ShareShown:
    """The share of customers that a figure shows.

    >>> from pipeline.detect.account.likelihood import FigureSeen
    >>> [round(number, 2) for number in share_shown(FigureSeen(0.45, 0.99, 0.01, "down", "ratio"))]
    [0.55, 1]
    """
    loss = lost(figure)
    share = off_usual(figure) / loss if loss > 0.0 else 0.0
    return ShareShown(min(1.0, share), figure.unit == "ratio" and figure.bad == "down")


def shown_together(figures: list[ShareShown]) -> ShareShown:
    """What several figures show of a place and service: the mean of success ratios; without any, the most of the rest.

    Args:
        figures: One or more.
    """
    direct = [shown.share for shown in figures if shown.direct]
    return ShareShown(mean_of(direct) if direct else max(shown.share for shown in figures), bool(direct))


def take_shown(showing: Showing, shown: ShareShown, minutes: int) -> None:
    """Take in what a step showed.

    Args:
        showing: Changes in place; what figures of another kind showed is forgotten.
        shown: What this step showed.
        minutes: Since the last one, 1 or more.
    """
    weight = showing.weight if showing.direct == shown.direct else 0.0
    for _ in range(min(minutes, FORGOTTEN_MINUTES)):
        weight *= KEPT_PER_MINUTE
    whole = weight + 1.0
    showing.mean = (weight * showing.mean + shown.share) / whole
    showing.square = (weight * showing.square + shown.share * shown.share) / whole
    showing.weight, showing.direct = whole, shown.direct


def told_of(showing: Showing) -> tuple[float, float, float] | None:
    """Tenth hundredth, likely value and ninetieth hundredth of the share who are hit; None if figures show none.

    >>> [round(number, 2) for number in told_of(Showing(mean=0.5, square=0.25, weight=1.0)) or ()]
    [0.4, 0.5, 0.6]
    """
    mean = showing.mean
    if showing.weight <= 0.0 or mean < SHARES[0]:
        return None
    if not showing.direct:
        return mean / OTHERS_LESS, mean, min(1.0, mean * OTHERS_MORE)
    spread = max(0.0, showing.square - mean * mean) / showing.weight
    within = TENTH * math.sqrt(spread + RATIO_WITHIN * RATIO_WITHIN * mean * mean)
    return max(0.0, mean - within), mean, min(1.0, mean + within)

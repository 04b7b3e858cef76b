"""Drifting: do corrections that were right begin to be wrong, as customers talk of something else, or are labelled so?

Each lesson says what the corrected verdict cost more than the shipped one. River's Page-Hinkley test hears those
differences and sounds when they have risen for good, though corrections that win by less than they used to are no
worse than none (`learning` asks both). It adds, subtracts, multiplies and divides, so each machine gives
the same bytes; what it must remember is rounded to whole milli-nats at the end of a day, and kept in the file.

Source:
    E. S. Page, Biometrika 41 (1954), 100-115; J. Gama et al., "A survey on concept drift adaptation", ACM Computing
    Surveys 46 (2014), 44.
"""

from typing import Final, NamedTuple

from river.drift import PageHinkley

ALLOWANCE_NATS: Final = 0.02
"""A rise of the mean up to this is no drift."""

THRESHOLD_NATS: Final = 12.0
"""How much the lessons since the turn must have cost beyond what was usual; chosen on streams without a turn."""

WATCHED_MAX: Final = 2_000
"""Lessons that the usual difference is a mean of: an older past does not hold it fast."""

_MILLI: Final = 1_000


class OverNight(NamedTuple):
    """What is remembered from day to day, in whole numbers.

    Attributes:
        watched: Lessons heard, `WATCHED_MAX` at most.
        usual: Mean of what they cost more than by the shipped weights, in milli-nats.
        risen: How far the test has risen above its least, in milli-nats;
            nothing once it has sounded, so what goes on has to show anew.
    """

    watched: int = 0
    usual: int = 0
    risen: int = 0


class DriftWatch:
    """Hears the lessons of a day.

    Args:
        before: What the days before left.
    """

    def __init__(self, before: OverNight) -> None:
        self._test = PageHinkley(min_instances=1, delta=ALLOWANCE_NATS, threshold=THRESHOLD_NATS, alpha=1.0, mode="up")
        # with alpha 1 only the distance from the least counts, so three numbers are all that there is to remember
        self._test._x_mean.n, self._test._x_mean._mean = before.watched, before.usual / _MILLI
        self._test._sum_increase, self._test._min_increase = before.risen / _MILLI, 0.0
        self.has_drifted = False

    def hear(self, more_nats: float) -> None:
        """Hear of one lesson how much more it cost by the corrected weights, in nats."""
        self._test._drift_detected = False  # else it begins anew; whether anything is forgotten is for who asks
        self._test.update(more_nats)  # type: ignore[no-untyped-call]  # River says no types
        self.has_drifted = self.has_drifted or self._test.drift_detected

    @property
    def at_night(self) -> OverNight:
        """What the next day begins with."""
        test = self._test
        risen = 0.0 if self.has_drifted else test._sum_increase - min(test._min_increase, test._sum_increase)
        return OverNight(
            min(int(test._x_mean.n), WATCHED_MAX),
            round(test._x_mean.get() * _MILLI),
            round(max(risen, 0.0) * _MILLI),
        )

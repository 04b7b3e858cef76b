"""Vendors' habits: collectors that pause, and counters that begin anew.

Both come by chance at a mean rate, with chance of their own, so that a feed
with habits measures the same values as one without. They say nothing of the
network: a restart of the collector, an update of an agent, a full disk.
"""

from random import Random

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.simulate.spec.scenario import FeedIn


class Gaps:
    """Stretches in which a target sends nothing: as many a day as asked, on the mean.

    Each lasts between half of `gap_minutes` and one and a half times that. The time
    from the end of one to the start of the next is exponential, with the mean that
    makes the rate right.

    Args:
        feed: Says how often and how long.
        chance: Generator that draws the target's gaps and nothing else.
        from_ms: When the world begins; no gap is open then.

    Raises:
        ConfigError: If gaps of that length cannot come that often.
    """

    def __init__(self, feed: FeedIn, chance: Random, from_ms: int) -> None:
        self._chance, self._length_ms = chance, feed.gap_minutes * MINUTE_MS
        self._pause_ms = DAY_MS / feed.gaps_per_day - self._length_ms
        if not self._pause_ms > 0:
            raise ConfigError(
                f"feeds {feed.name!r}: gaps_per_day = {feed.gaps_per_day!r} of {feed.gap_minutes!r} min fill"
                " more than the day; take fewer or shorter ones"
            )
        self._next(from_ms)

    def _next(self, after_ms: float) -> None:
        chance = self._chance
        self._from_ms = after_ms + chance.expovariate(1 / self._pause_ms)
        self._until_ms = self._from_ms + self._length_ms * (0.5 + chance.random())

    def open(self, time_ms: int) -> bool:
        """Tell whether a time lies in a gap; ask in order of time."""
        while time_ms >= self._until_ms:
            self._next(self._until_ms)
        return time_ms >= self._from_ms


class Resets:
    """Times at which the counters of a target begin anew: a Poisson process.

    Args:
        per_day: How many a day, on the mean; above 0.
        chance: Generator that draws the target's resets and nothing else.
        from_ms: When the world begins.
    """

    def __init__(self, per_day: float, chance: Random, from_ms: int) -> None:
        self._chance, self._mean_ms = chance, DAY_MS / per_day
        self._next_ms = from_ms + chance.expovariate(1 / self._mean_ms)

    def last_before(self, time_ms: int) -> int | None:
        """Latest reset since the last question, in milliseconds; None if there was none.

        Calls must come in order of time.
        """
        last: float | None = None
        while self._next_ms <= time_ms:
            last = self._next_ms
            self._next_ms += self._chance.expovariate(1 / self._mean_ms)
        return None if last is None else int(last)

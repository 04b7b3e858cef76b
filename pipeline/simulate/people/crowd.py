"""How people react: a wave soon after the loss, a murmur while it lasts, relief when it is over.

Who loses service writes once after some minutes, or not at all (a gamma
distribution of shape 2: nobody writes in the first seconds). While it lasts,
some write again, less and less. Who sleeps writes nothing, nor does a desk
that is closed: below the average of a week, waves are thinned as the rhythm
is. The same law serves posts and tickets with other numbers. Such a wave
follows from two sums that fade, so a minute costs the same however long the
outage, and nothing is remembered.
"""

import math
from typing import NamedTuple

from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.simulate.spec.scenario import AreaIn, Reaction
from pipeline.simulate.world.outage import Outage

REACH = 8
"""After so many times the mean a wave is over: less than one in 100,000 is still to come."""


class ExpectedVoices(NamedTuple):
    """Messages expected in a minute: about the loss, and about the return."""

    complaints: float
    recoveries: float


class Crowd:
    """Those of one footprint whom an outage hits, as a source hears them.

    Args:
        outage: What hits them.
        area: Their footprint.
        reaction: How they make themselves heard.
    """

    def __init__(self, outage: Outage, area: AreaIn, reaction: Reaction) -> None:
        self._outage, self._area, self._reaction = outage, area, reaction
        self._people = outage.affected(area) * outage.spec.reaction
        self._hit = 0.0
        self._lost, self._regained = Wave(reaction.minutes), Wave(reaction.minutes)

    def minutes(self) -> range:
        """Starts of the minutes in which they may say something, in order."""
        first = self._outage.started_at - self._outage.started_at % MINUTE_MS
        return range(first, self._outage.ended_at + round(REACH * self._reaction.minutes * MINUTE_MS), MINUTE_MS)

    def voices(self, minute_ms: int, busy: float) -> ExpectedVoices:
        """Expected messages of the minute that begins at `minute_ms`; call it for every one of `minutes` in turn.

        Args:
            minute_ms: Start of the minute.
            busy: The rhythm's factor. It scales the murmur; the waves only below 1.
        """
        hit = self._outage.hit(self._area.operator, self._area.id, minute_ms)
        change, self._hit = hit - self._hit, hit
        awake = min(1.0, busy)
        first = self._reaction.first_wave * self._lost.after(max(0.0, change)) * awake
        back = self._reaction.back * self._regained.after(max(0.0, -change)) * awake
        later = 0.0
        if hit:
            hours = max(0.0, (minute_ms - self._outage.started_at) / HOUR_MS)
            later = self._reaction.per_hour / 60 * hit * math.exp(-hours / self._reaction.fade_hours) * busy
        return ExpectedVoices(self._people * (first + later), self._people * back)


class Wave:
    """What follows a change, minute by minute: gamma of shape 2, scaled to 1.

    The k-th minute after a change has a part in proportion to k q^k, and sums of q^k x and k q^k x follow from
    those of the minute before.

    >>> wave = Wave(8.0)
    >>> shares = [wave.after(1.0 if minute == 0 else 0.0) for minute in range(200)]
    >>> shares[0], round(sum(shares), 6), round(sum(at * share for at, share in enumerate(shares)), 1)
    (0.0, 1.0, 8.0)
    """

    def __init__(self, minutes_mean: float) -> None:
        self._keep = math.exp(-2 / minutes_mean)
        self._scale = (1 - self._keep) ** 2 / self._keep
        self._faded = self._risen = 0.0

    def after(self, change: float) -> float:
        """Take one minute's change in; what is heard of all changes so far in this minute."""
        self._risen = self._keep * (self._risen + self._faded)
        self._faded = self._keep * self._faded + change
        return self._scale * self._risen

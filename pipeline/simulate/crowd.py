"""How people react: a wave soon after the loss, a murmur while it lasts, relief when it is over.

Who loses service writes once after some minutes, or not at all (a gamma
distribution of shape 2: nobody writes in the first seconds). While it lasts,
some write again, less and less. The same law serves posts and tickets with
other numbers. It steps through a world minute by minute and keeps the last
two hours, so its memory does not grow with the world.
"""

import math
from collections import deque
from typing import NamedTuple

from pipeline.simulate.outage import MINUTE_MS
from pipeline.simulate.scenario import AreaIn, Reaction
from pipeline.simulate.world import World

REACH_MINUTES = 120
"""After this time a wave is over."""


class Voices(NamedTuple):
    """Messages expected in a minute: about the loss, and about the return."""

    complaints: float
    recoveries: float


SILENT = Voices(0.0, 0.0)


class Crowd:
    """The customers of one area, as a source hears them.

    Args:
        world: Where they live.
        area: Their footprint.
        reaction: How they make themselves heard.
    """

    def __init__(self, world: World, area: AreaIn, reaction: Reaction) -> None:
        self._world, self._area, self._people, self._reaction = world, area, area.people, reaction
        self._lost: deque[float] = deque(maxlen=REACH_MINUTES)
        self._regained: deque[float] = deque(maxlen=REACH_MINUTES)
        self._hits = [0.0] * len(world.outages)
        self._waves = wave(reaction.minutes)
        reach_ms = REACH_MINUTES * MINUTE_MS
        self._spans = [(o.started_at - MINUTE_MS, o.ended_at + reach_ms) for o in world.outages]

    def voices(self, minute_ms: int, busy: float) -> Voices:
        """Expected messages of the minute that begins at `minute_ms`; call it for every minute in turn.

        Args:
            minute_ms: Start of the minute.
            busy: The rhythm's factor; it scales the murmur, not the waves.
        """
        if not any(first <= minute_ms < last for first, last in self._spans):
            return SILENT
        lost = regained = murmur = 0.0
        for number, outage in enumerate(self._world.outages):
            hit = outage.hit(self._area.operator, self._area.id, minute_ms)
            change = hit - self._hits[number]
            self._hits[number] = hit
            lost += max(0.0, change)
            regained += max(0.0, -change)
            hours = (minute_ms - outage.started_at) / 3_600_000
            murmur += hit * math.exp(-max(0.0, hours) / self._reaction.fade_hours)
        self._lost.appendleft(lost)
        self._regained.appendleft(regained)
        reaction = self._reaction
        first = reaction.first_wave * _heard(self._lost, self._waves)
        later = reaction.per_hour / 60 * murmur * busy
        back = reaction.back * _heard(self._regained, self._waves)
        return Voices(self._people * (first + later), self._people * back)


def wave(minutes_mean: float) -> tuple[float, ...]:
    """Shares of a wave by minutes since the loss: gamma of shape 2, scaled to 1.

    >>> shares = wave(8.0)
    >>> round(sum(shares), 6), round(sum(at * share for at, share in enumerate(shares)), 1)
    (1.0, 8.0)
    """
    scale = minutes_mean / 2
    weights = [at * math.exp(-at / scale) for at in range(1, REACH_MINUTES + 1)]
    total = sum(weights)
    return (0.0, *(weight / total for weight in weights[:-1]))


def _heard(changes: deque[float], waves: tuple[float, ...]) -> float:
    return math.fsum(change * share for change, share in zip(changes, waves, strict=False) if change)

"""What a complaint is about at a time: talk comes and goes while an outage lasts."""

from collections.abc import Mapping
from random import Random

from pipeline.simulate.seeds import pick
from pipeline.simulate.spec.events import Talk
from pipeline.simulate.world.rhythm import LocalClock


class Topics:
    """What is said of one outage in one source.

    Args:
        clock: Reads the times of the talk.
        talk: Topics that take a share of what is written for a time.
        speaks: What complaints say, by weight; `complaint` if empty.
    """

    def __init__(self, clock: LocalClock, talk: tuple[Talk, ...], speaks: Mapping[str, float]) -> None:
        self._talk = [(clock.instant_of(t.starts_at), clock.instant_of(t.ends_at), t.share, t.kind) for t in talk]
        self._speaks = tuple(speaks.items()) or (("complaint", 1.0),)

    def draw(self, chance: Random, time_ms: int) -> str:
        """Choose what someone says at a time; one number is drawn, two if it is a complaint of several kinds."""
        at = chance.random()
        for starts_at, ends_at, share, kind in self._talk:
            if starts_at <= time_ms < ends_at:
                at -= share
                if at < 0:
                    return kind
        return self._speaks[0][0] if len(self._speaks) == 1 else pick(chance, self._speaks)

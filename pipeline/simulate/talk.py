"""What a complaint is about at a time: talk comes and goes while an outage lasts."""

from collections.abc import Iterable
from random import Random

from pipeline.simulate.events import Talk
from pipeline.simulate.world import World


def topic_of(world: World, chance: Random, talks: Iterable[tuple[Talk, ...]], time_ms: int, otherwise: str) -> str:
    """Choose a topic among those that are talked about at a time.

    Args:
        world: Its clock reads the topics' times.
        chance: The stream's generator; exactly one number is drawn.
        talks: The topics of each outage.
        time_ms: When it is written.
        otherwise: What the remaining share is about.
    """
    at = chance.random()
    for talk in talks:
        for topic in talk:
            if world.clock.instant_of(topic.starts_at) <= time_ms < world.clock.instant_of(topic.ends_at):
                at -= topic.share
                if at < 0:
                    return topic.kind
    return otherwise

"""Who writes a stream of messages, and how they reach Kafka: each takes a while, some are late, some come twice."""

from random import Random
from typing import Any

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.ids import content_id
from pipeline.simulate.seeds import delay_ms, generator_for
from pipeline.simulate.spec.scenario import Mentions, Tickets
from pipeline.simulate.world.world import Sent, World


class Writer:
    """What all who write the messages of one stream have in common: chance, ids that count up, and the way to Kafka.

    Args:
        world: The world in which the messages are written.
        source: How late and how often the messages of the source come.
        topic: Topic that the records are written to.
        names: The stream, from the general to the particular.
    """

    def __init__(self, world: World, source: Mentions | Tickets, topic: str, *names: str) -> None:
        self._world, self._source, self._topic, self._names = world, source, topic, names
        self.chance: Random = generator_for(world.seed, topic, *names)
        self._number = 0

    def next_id(self) -> str:
        """Name the next message of the stream: 12 hexadecimal digits that tell nothing of its place in it."""
        self._number += 1
        return content_id(self._world.seed, *self._names, self._number)[:12]

    def deliver(self, key: str, at: int, body: dict[str, Any]) -> list[Sent]:
        """Send a message, and at times the same again.

        Args:
            key: Key of the record: the id of the post or ticket.
            at: When it was written, in milliseconds.
            body: What it says.
        """
        chance, source, delay = self.chance, self._source, self._source.delay
        arrival = at + delay_ms(chance, delay.median_ms, delay.spread, delay.max_ms)
        if source.late_share and chance.random() < source.late_share:
            arrival += round(chance.random() * source.late_minutes * MINUTE_MS)
        records = [Sent(arrival, self._topic, key, body)]
        if chance.random() < source.duplicates:
            again = arrival + delay_ms(chance, delay.median_ms, delay.spread, delay.max_ms)
            records.append(Sent(again, self._topic, key, body))
        return records

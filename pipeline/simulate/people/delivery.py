"""On the way to Kafka: every message takes a while, some are late, some come twice."""

from random import Random
from typing import Any

from pipeline.records.clocks import MINUTE_MS
from pipeline.simulate.seeds import delay_ms
from pipeline.simulate.spec.scenario import Mentions, Tickets
from pipeline.simulate.world.world import Sent


def deliver(
    chance: Random, source: Mentions | Tickets, topic: str, key: str, at: int, body: dict[str, Any]
) -> list[Sent]:
    """Send a message, and at times the same again.

    Args:
        chance: The stream's generator.
        source: How late and how often the messages of the source come.
        topic: Where to.
        key: Its id.
        at: When it was written, in milliseconds.
        body: What it says.
    """
    delay = source.delay
    arrival = at + delay_ms(chance, delay.median_ms, delay.spread, delay.max_ms)
    if source.late_share and chance.random() < source.late_share:
        arrival += round(chance.random() * source.late_minutes * MINUTE_MS)
    records = [Sent(arrival, topic, key, body)]
    if chance.random() < source.duplicates:
        again = arrival + delay_ms(chance, delay.median_ms, delay.spread, delay.max_ms)
        records.append(Sent(again, topic, key, body))
    return records

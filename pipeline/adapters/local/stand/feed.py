"""The stand's feed: readings of three operators twice a second, and now and then a ticket and a post, all of now.

Nothing is wrong in what it sends; a drill asks it, by a file, to leave an operator out or to send it late.
Usage: python -m pipeline.adapters.local.stand.feed BOOTSTRAP WISHES
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pipeline.adapters.kafka.leaving import leave_for
from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.producers import start_plain
from pipeline.adapters.local.stand.records import LATE_SECONDS, OPERATORS, calm_post, calm_ticket, reading

PAUSE_SECONDS: Final = 0.5
PEOPLE_EVERY: Final = 10
"""A ticket and a post with each so many rounds of readings."""


def wished(path: Path) -> dict[str, list[str]]:
    """Operators to be left out (`muted`) and to be sent late (`late`)."""
    try:
        wishes: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return wishes


def round_of(number: int, wishes: dict[str, list[str]], now: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """Topics and records of one round.

    Args:
        number: Number of the round, from 0.
        wishes: See `wished`.
        now: Seconds since 1970.
    """
    for operator in OPERATORS:
        if operator not in wishes.get("muted", ()):
            ago = LATE_SECONDS if operator in wishes.get("late", ()) else 0
            yield "telemetry", reading(now - ago, operator=operator)
    if number % PEOPLE_EVERY == 0:
        yield "tickets", calm_ticket(now, f"feed-{now:.3f}")
        yield "mentions", calm_post(now, f"feed-{now:.3f}")


async def feed(bootstrap: str, wishes: Path) -> None:
    """Send until somebody ends it; what Kafka does not take in time is sent later."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it says of each retry what the alerts say better
    producer = await start_plain(Connection(bootstrap=bootstrap))
    number = 0
    while True:
        for topic, record in round_of(number, wished(wishes), time.time()):
            await producer.send(topic, json.dumps(record).encode())
        number += 1
        await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    try:
        asyncio.run(feed(sys.argv[1], Path(sys.argv[2])))
    except Exception as problem:  # noqa: BLE001 - Kafka stands still in a drill: the supervisor starts the feed again
        leave_for(problem, "feed: sends")

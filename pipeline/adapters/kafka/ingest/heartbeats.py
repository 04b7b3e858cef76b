"""Heartbeats: the log itself says that nothing happened.

A raw partition that was read to its end and stayed quiet gets a record without
content; its Kafka timestamp is its event time. It is obeyed only when it is
read back, so whoever reads the log - a replay too - sees the same time pass.
Backlog never looks like silence, since a partition with backlog gets none.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer, TopicPartition

from pipeline.records.raw.record import HEARTBEAT_HEADERS

HEARTBEAT_KEY = b"tocsin.heartbeat"
"""A compacted topic takes no record without a key; that a heartbeat then replaces the one before it does no harm."""


@dataclass(slots=True)
class Quiet:
    """How long one raw partition has been quiet.

    Attributes:
        since: Monotonic seconds of the last record read, or of the last heartbeat sent.
    """

    since: float


def is_due(quiet: Quiet, *, now: float, seconds: float, position: int | None, stable_end: int | None) -> bool:
    """Tell whether a partition needs a heartbeat.

    The end that counts is the last stable offset: behind it lies an open
    transaction at most, and an open transaction is not backlog.

    Args:
        quiet: Since when nothing was read.
        now: Monotonic seconds.
        seconds: How long quiet must last.
        position: Next offset to be read; None while unknown.
        stable_end: Last stable offset; None while unknown.
    """
    if position is None or stable_end is None or position < stable_end:
        return False
    return now - quiet.since >= seconds


async def send_heartbeat(producer: AIOKafkaProducer, partition: TopicPartition, sent: Callable[[], None]) -> None:
    """Append a heartbeat and await its acknowledgement.

    Args:
        producer: Writes outside of any transaction.
        partition: That was quiet.
        sent: Is called once Kafka has it.

    Raises:
        KafkaError: If Kafka does not take it.
    """
    await producer.send_and_wait(
        partition.topic, b"", key=HEARTBEAT_KEY, partition=partition.partition, headers=list(HEARTBEAT_HEADERS)
    )
    sent()

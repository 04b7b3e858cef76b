"""Committed offsets of INGEST, and the little that a lane must remember between two batches.

The metadata of a committed offset holds the epoch, the partition's clock, and what is
known of its steadily late feeds. It is written in the transaction that writes the envelopes, so they can
never disagree, and no store of its own has to be kept.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from pipeline.adapters.kafka.layout import Pinned
from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.topics import admin_client

COORDINATOR_SECONDS_MAX = 30.0
"""A group's coordinator that cannot be found for so long is down."""


class Mark(NamedTuple):
    """How far a partition is read.

    Attributes:
        offset: Offset of the next record.
        clock_ms: Clock of the partition; None if nothing was heard of it yet.
        pinned: The layout that it was read by; None if a version without layouts wrote it, or it is no raw partition.
        habits: What the lane knows of the partition's late feeds, as it wrote it; without a space.
    """

    offset: int
    clock_ms: int | None
    pinned: Pinned | None = None
    habits: str = ""


def write_mark(mark: Mark, epoch: int | None) -> OffsetAndMetadata:
    """A mark as Kafka keeps it.

    >>> write_mark(Mark(7, 1739350861234), epoch=1).metadata
    'epoch=1 clock=1739350861234'
    >>> write_mark(Mark(7, None, Pinned(1, 2, 3, 24)), epoch=1).metadata
    'epoch=1 layout=1 lane=2 lanes=3 signals=24'
    """
    clock = "" if mark.clock_ms is None else f" clock={mark.clock_ms}"
    pinned = "" if mark.pinned is None else "".join(f" {name}={n}" for name, n in mark.pinned._asdict().items())
    habits = f" habits={mark.habits}" if mark.habits else ""
    return OffsetAndMetadata(mark.offset, f"epoch={epoch}{pinned}{clock}{habits}")


def read_mark(committed: OffsetAndMetadata, epoch: int | None) -> Mark | None:
    """A mark as we wrote it; None if nothing was committed, or not under this epoch (None: any).

    >>> read_mark(OffsetAndMetadata(7, "epoch=1 clock=5"), epoch=1)
    Mark(offset=7, clock_ms=5, pinned=None, habits='')
    >>> read_mark(OffsetAndMetadata(7, "epoch=1 clock=5"), epoch=2) is None
    True
    """
    words = dict(word.split("=", 1) for word in committed.metadata.split() if "=" in word)
    if committed.offset < 0 or (epoch is not None and words.get("epoch") != str(epoch)):
        return None
    clock = words.get("clock")
    is_pinned = words.keys() >= set(Pinned._fields)
    pinned = Pinned(*(int(words[name]) for name in Pinned._fields)) if is_pinned else None
    return Mark(committed.offset, None if clock is None else int(clock), pinned, words.get("habits", ""))


async def read_marks(
    connection: Connection, group: str, epoch: int | None, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, Mark]:
    """Marks of a group, for those of the partitions that have one of this epoch.

    A coordinator that is still starting is waited for.

    Args:
        connection: To the brokers.
        group: Consumer group, with the deployment's prefix.
        epoch: Epoch of the topics, 1 or more; None takes marks of any.
        partitions: Whose marks are wanted.

    Raises:
        KafkaError: If there is no coordinator for 30 s, or for any other reason.
    """
    wanted = list(partitions)
    give_up = time.monotonic() + COORDINATOR_SECONDS_MAX
    async with admin_client(connection) as admin:
        while True:
            try:
                committed: Mapping[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(
                    group, partitions=wanted
                )
                break
            except (
                KafkaError,
                AttributeError,
            ) as error:  # AttributeError: aiokafka stumbles over its own error message
                if not getattr(error, "retriable", True) or time.monotonic() > give_up:
                    raise
                await asyncio.sleep(0.1)
    marks = {partition: read_mark(offset, epoch) for partition, offset in committed.items()}
    return {partition: mark for partition, mark in marks.items() if mark is not None}


async def commit_beginnings(
    connection: Connection,
    group: str,
    epoch: int | None,
    partitions: Iterable[TopicPartition],
    pinned: Callable[[TopicPartition], Pinned | None] = lambda _: None,
) -> list[TopicPartition]:
    """First start: commit the log's beginning for each partition without a mark of this epoch.

    Kafka takes such a commit only while the group has no members. When several
    processes start at once the first one does it for all; whoever comes after
    finds the marks, or looks again.

    Args:
        connection: To the brokers.
        group: Consumer group, with the deployment's prefix.
        epoch: Epoch of the topics, 1 or more; None asks for a mark of any.
        partitions: All that the group reads.
        pinned: What the offset of a partition is to say of the layout of lanes.

    Returns:
        The partitions that began here.

    Raises:
        KafkaError: If the group has members and marks are still missing.
    """
    wanted = list(partitions)
    marked = await read_marks(connection, group, epoch, wanted)
    fresh = [partition for partition in wanted if partition not in marked]
    if not fresh:
        return []
    consumer = AIOKafkaConsumer(**connection.client(), group_id=group, enable_auto_commit=False)
    consumer.assign(fresh)
    await consumer.start()
    try:
        beginnings = await consumer.beginning_offsets(fresh)
        await consumer.commit(
            {tp: write_mark(Mark(offset, None, pinned(tp)), epoch) for tp, offset in beginnings.items()}
        )
    except KafkaError:
        marked = await read_marks(connection, group, epoch, wanted)
        if any(partition not in marked for partition in fresh):
            raise
        return []
    finally:
        await consumer.stop()
    return fresh

"""Follow a topic of ours to the end of time: committed records only, without a group, so that nobody notices."""

import asyncio
import contextlib
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownTopicOrPartitionError

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.running import on_signals
from pipeline.records.errors import ConfigError
from pipeline.records.raw.record import RawRecord


async def follow(
    connection: Connection, noun: str, hear: Callable[[RawRecord], None], *, from_start: bool = True
) -> None:
    """Hand on the records of a topic until SIGINT or SIGTERM.

    Args:
        connection: To the brokers.
        noun: Of the topic.
        hear: Gets each record; in order within a partition.
        from_start: Begin at the start of the log, which for a compacted topic
            is the present state; otherwise with what arrives from now on.

    Raises:
        ConfigError: If there is no such topic.
        KafkaError: If the brokers cannot be reached.
    """
    consumer = AIOKafkaConsumer(
        connection.topic(noun),
        **connection.client(),
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest" if from_start else "latest",
    )
    try:
        await consumer.start()
        is_there = bool(consumer.partitions_for_topic(connection.topic(noun)))
    except UnknownTopicOrPartitionError:
        is_there = False
    except BaseException:
        await consumer.stop()
        raise
    if not is_there:
        await consumer.stop()
        raise ConfigError(f"topic {connection.topic(noun)} does not exist: make it with `tocsin topics create`")
    task = asyncio.create_task(_hand_on(consumer, hear))

    def stop() -> None:
        task.cancel()

    on_signals(stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        with contextlib.suppress(asyncio.CancelledError):  # aiokafka's own, if Kafka is away just now
            await consumer.stop()


async def _hand_on(consumer: AIOKafkaConsumer, hear: Callable[[RawRecord], None]) -> None:
    async for record in consumer:
        hear(record)

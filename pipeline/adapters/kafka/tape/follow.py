"""Follow a topic of ours to the end of time: committed records only, without a group, so that nobody notices."""

import asyncio
import contextlib
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer

from pipeline.adapters.kafka.header_names import take_any_header_name
from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.needed import Operation
from pipeline.adapters.kafka.running import on_signals
from pipeline.adapters.kafka.tape.record import partition_counts
from pipeline.records.errors import ConfigError
from pipeline.records.raw.record import RawRecord


async def follow(
    connection: Connection, noun: str, hear: Callable[[RawRecord], None], *, from_start: bool = True
) -> None:
    """Hand on the records of a topic until SIGINT or SIGTERM.

    Args:
        connection: To the brokers.
        noun: Noun of the topic.
        hear: Gets each record; in order within a partition.
        from_start: Begin at the start of the log, which for a compacted topic
            is the present state; otherwise with what arrives from now on.

    Raises:
        ConfigError: If there is no such topic, Kafka does not let us in, or the user may not read it.
        NoKafkaError: If no broker answers.
    """
    topic = connection.topic(noun)
    if (await partition_counts(connection, [topic], Operation.READ))[topic] is None:
        raise ConfigError(f"topic {topic} does not exist: make it with `tocsin topics create`")
    take_any_header_name()
    consumer = AIOKafkaConsumer(
        topic,
        **connection.client(),
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest" if from_start else "latest",
    )
    try:
        await consumer.start()
    except BaseException:
        await consumer.stop()
        raise
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

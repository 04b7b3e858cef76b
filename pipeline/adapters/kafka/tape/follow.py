"""Follow topics of ours to the end of time: committed records only, without a group, so that nobody notices."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer

from pipeline.adapters.kafka.header_names import take_any_header_name
from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.needed import Operation
from pipeline.adapters.kafka.running import on_signals
from pipeline.adapters.kafka.tape.record import partition_counts
from pipeline.records.errors import ConfigError
from pipeline.records.raw.record import RawRecord


class Followed(NamedTuple):
    """A topic that is followed.

    Attributes:
        noun: Noun of the topic.
        hear: Gets each record; in order within a partition.
        newest: Begin so many records before the present end of each partition; None is the start of the log,
            which for a compacted topic is the present state.
    """

    noun: str
    hear: Callable[[RawRecord], None]
    newest: int | None = None


async def follow(connection: Connection, topics: Sequence[Followed], *, from_start: bool = True) -> None:
    """Hand on the records of topics until SIGINT or SIGTERM.

    Args:
        connection: To the brokers.
        topics: What is followed, each topic once.
        from_start: Begin where each topic says; otherwise with what arrives from now on.

    Raises:
        ConfigError: If a topic does not exist, Kafka does not let us in, or the user may not read one.
        NoKafkaError: If no broker answers.
    """
    heard = {connection.topic(followed.noun): followed for followed in topics}
    counts = await partition_counts(connection, list(heard), Operation.READ)
    if missing := [topic for topic, count in counts.items() if count is None]:
        raise ConfigError(f"topic {', '.join(missing)} does not exist: make it with `tocsin topics create`")
    take_any_header_name()
    consumer = AIOKafkaConsumer(
        *heard,
        **connection.client(),
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest" if from_start else "latest",
    )
    try:
        await consumer.start()
        if from_start:
            await _begin(consumer, heard)
    except BaseException:
        await consumer.stop()
        raise
    task = asyncio.create_task(_hand_on(consumer, heard))

    def stop() -> None:
        task.cancel()

    on_signals(stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        with contextlib.suppress(asyncio.CancelledError):  # aiokafka's own, if Kafka is away just now
            await consumer.stop()


async def _begin(consumer: AIOKafkaConsumer, heard: Mapping[str, Followed]) -> None:
    """Go to the newest records of the topics of which only those are wanted."""
    places = [tp for tp in consumer.assignment() if heard[tp.topic].newest is not None]
    first, after = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    for tp in places:
        consumer.seek(tp, max(first[tp], after[tp] - (heard[tp.topic].newest or 0)))


async def _hand_on(consumer: AIOKafkaConsumer, heard: Mapping[str, Followed]) -> None:
    async for record in consumer:
        heard[record.topic].hear(record)

"""Transactional producers: one for each lane or input partition, named after it.

The name is what makes exactly-once hold. Whoever starts a producer with it
fences the former owner and aborts what that one left open, so only one
process can commit for a lane, whatever the group protocol believes.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka.options import REQUEST_BYTES_MAX, Connection
from pipeline.adapters.observing.observer import Observer

TRANSACTION_TIMEOUT_MS = 5_000
"""An open transaction of a dead process holds back every reader for so long: aiokafka's 60 s would be an outage."""

_RETRY_BACKOFF_MS = 20
"""Two transactions in a row meet a short "still finishing": aiokafka's 100 ms would be felt. At 5 ms a transaction
takes as long as at 20 (measured), but while the broker is away each producer burns 4 % of a core with retries."""

_BATCH_BYTES_MAX = 256 * 1024

Offsets = Mapping[TopicPartition, OffsetAndMetadata]


def transactional_id(group: str, epoch: int, number: int) -> str:
    """The name of the one producer that may commit for a lane or input partition.

    Two processes fence each other only if they use the same name, so a change
    of this form is a step of its own when a running deployment is upgraded:
    docs/operating.md says which.

    Args:
        group: Consumer group of the stage, the deployment's prefix included.
        epoch: Epoch of the input topics.
        number: Number of the lane or input partition, from 0.

    >>> transactional_id("prod.tocsin-ingest", 1, 0)
    'prod.tocsin-ingest-1-0'
    """
    return f"{group}-{epoch}-{number}"


async def start_transactional(
    connection: Connection, name: str, timeout_ms: int = TRANSACTION_TIMEOUT_MS
) -> AIOKafkaProducer:
    """Start a producer; when this returns, a former owner can commit no more.

    Args:
        connection: To the brokers.
        name: See `transactional_id`.
        timeout_ms: Kafka aborts a transaction that is open for so long, and its producer is fenced.
    """
    producer = AIOKafkaProducer(
        **connection.client(),
        transactional_id=name,
        transaction_timeout_ms=timeout_ms,
        linger_ms=0,
        retry_backoff_ms=_RETRY_BACKOFF_MS,
        max_request_size=REQUEST_BYTES_MAX,
        max_batch_size=_BATCH_BYTES_MAX,
    )
    await producer.start()
    return producer


async def start_plain(connection: Connection) -> AIOKafkaProducer:
    """Start a producer for records that belong to no transaction: heartbeats."""
    producer = AIOKafkaProducer(**connection.client(), enable_idempotence=True, linger_ms=0)
    await producer.start()
    return producer


class Committer:
    """Writes messages, and offsets with them, in one transaction.

    Args:
        connection: Whose prefix the topics get.
        producer: Transactional, started.
        stage: For the observer.
        observer: Hears of each commit.
        turns: Shared by committers that must not all have their transactions open at once; None lets them.
    """

    def __init__(
        self,
        connection: Connection,
        producer: AIOKafkaProducer,
        stage: str,
        observer: Observer,
        turns: asyncio.Semaphore | None = None,
    ) -> None:
        self._connection = connection
        self._producer = producer
        self._turns = turns or contextlib.nullcontext()
        self._stage = stage
        self._observer = observer
        self._name = f"{id(self):x}"

    async def commit(self, messages: Sequence[Message], offsets: Offsets | None = None, group: str = "") -> None:
        """Write all of it or nothing.

        All acknowledgements are awaited before the offsets are sent: else the
        broker's check of the transaction asks for a retry now and then, which
        costs 100 ms.

        Args:
            messages: In order, to topics without prefix.
            offsets: What is read, for the group.
            group: Consumer group of the offsets.

        Raises:
            KafkaError: Nothing was written, as far as a reader of committed
                records can see - or the answer was lost. Leave the process.
        """
        async with self._turns:
            await self._commit(messages, offsets, group)

    async def _commit(self, messages: Sequence[Message], offsets: Offsets | None, group: str) -> None:
        began = time.monotonic()
        self._observer.transaction(self._stage, self._name, "begun")
        try:
            async with self._producer.transaction():
                await asyncio.gather(*[await self._send(message) for message in messages])
                if offsets:
                    await self._producer.send_offsets_to_transaction(offsets, group)
        except BaseException as error:
            error.add_note(f"its transaction was open for {time.monotonic() - began:.1f} s")
            self._observer.transaction(self._stage, self._name, "aborted")
            raise
        self._observer.transaction(self._stage, self._name, "committed")
        self._observer.committed(self._stage, messages, time.monotonic() - began)

    async def _send(self, message: Message) -> "asyncio.Future[object]":
        acknowledged: asyncio.Future[object] = await self._producer.send(
            self._connection.topic(message.topic),
            message.value,
            key=message.key,
            partition=message.partition,
            headers=list(message.headers),
        )
        return acknowledged

    async def stop(self) -> None:
        """Stop the producer."""
        await self._producer.stop()

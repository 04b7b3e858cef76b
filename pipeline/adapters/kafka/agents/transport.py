"""Faust's Kafka transport, made safe for stages that work exactly once.

Three changes to what Faust does by itself. It reads committed records only.
After a rebalance it starts where the stage's state says, before any record is
handed out - Faust hands records out first and seeks afterwards, and lost some.
And every message knows the offset of the one before it, so that whatever Faust
loses on the way is seen by the agent, which then leaves the process.

This leans on internals of Faust 0.15.3: pyproject.toml pins it, and each
upgrade runs tests/kafka again.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.options import AgentOptions

REQUEST_TIMEOUT_MS = 40_000
"""A request of the consumer without an answer for so long has failed; joining a group takes less."""

_draining: contextvars.ContextVar[bool] = contextvars.ContextVar("draining", default=False)

TakeOver = Callable[[frozenset[int]], Awaitable[Mapping[int, int]]]


@dataclass(slots=True)
class Seat:
    """What the transport must know of the agent that it serves.

    Attributes:
        options: How the agent runs.
        topic: Full name of the input topic.
        take_over: Takes the partitions that this process owns now, fences their former owners, loads their
            states, and answers with the next offset of each.
    """

    options: AgentOptions
    topic: str
    take_over: TakeOver


class LinkedMessage(ConsumerMessage):
    """A message that knows the one before it.

    Attributes:
        record: As aiokafka gave it.
        previous_offset: Offset of the record before it in its partition, as far as it can be seen; one less than its
            own right after a seek.
    """

    __slots__ = ("previous_offset", "record")
    __hash__ = ConsumerMessage.__hash__
    previous_offset: int
    record: Any


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread in which aiokafka runs."""

    def __post_init__(self) -> None:
        """Begin with nothing read."""
        super().__post_init__()
        self.last_read: dict[TP, int] = {}

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        options = transport.seat.options
        self._assignor = RoundRobinPartitionAssignor
        return AIOKafkaConsumer(
            **options.connection.client(),
            group_id=options.group,
            group_instance_id=options.instance,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            partition_assignment_strategy=(self._assignor,),
            max_poll_records=self.app.conf.broker_max_poll_records,
            max_poll_interval_ms=int(options.request_seconds * 1_000),
            max_partition_fetch_bytes=4 * 1024 * 1024,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            session_timeout_ms=int(options.session_seconds * 1_000),
            rebalance_timeout_ms=int(options.session_seconds * 1_000),
            heartbeat_interval_ms=int(options.session_seconds * 1_000 / 6),
        )

    async def _fetch_records(self, *args: Any, **kwargs: Any) -> dict[TP, list[tuple[Any, int]]]:
        try:
            fetched = await super()._fetch_records(*args, **kwargs)
        except (asyncio.CancelledError, ConsumerStoppedError):
            raise
        except BaseException as error:  # noqa: BLE001 - Faust would restart the fetcher and carry on
            leaving.leave_for(error, "fetch")
        linked = {}
        for tp, records in fetched.items():
            if (previous := self.last_read.get(tp)) is not None:  # else fetched before the seek, which brings it back
                offsets = [previous, *(record.offset for record in records)]
                linked[tp] = list(zip(records, offsets, strict=False))
                self.last_read[tp] = offsets[-1]
        return linked

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Forget what was read: only a seek makes the next link true again."""
        self.last_read.clear()
        await super().on_partitions_revoked(revoked)

    async def start_at(self, positions: Mapping[TP, int]) -> None:
        """Seek; runs in the consumer's thread.

        Without an await between: a fetch lies wholly before or wholly after.
        """
        consumer = self._ensure_consumer()
        for tp, offset in positions.items():
            consumer.seek(driver.ensure_aiokafka_TP(tp), offset)
            self.last_read[tp] = offset - 1

    def read_ends(self) -> dict[int, tuple[int | None, int | None, int | None]]:
        """See `Consumer.read_ends`; integers only, so that another thread may look."""
        subscription = self._consumer._subscription.subscription if self._consumer else None
        assignment = subscription.assignment if subscription else None
        if assignment is None:
            return {}
        ends = {}
        for tp in assignment.tps:
            state = assignment.state_value(tp)
            position = state.position if state.has_valid_position else None
            ends[tp.partition] = (position, state.lso, self.last_read.get(TP(tp.topic, tp.partition)))
        return ends


class Consumer(driver.Consumer):
    """Faust's consumer, with positions from the state."""

    _thread: ConsumerThread
    transport: "Transport"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seeking = asyncio.Lock()

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: tuple[Any, int]) -> LinkedMessage:
        raw, previous = record
        message = LinkedMessage(
            raw.topic,
            raw.partition,
            raw.offset,
            raw.timestamp / 1_000,
            raw.timestamp_type,
            raw.headers,
            raw.key,
            raw.value,
            raw.checksum,
            raw.serialized_key_size,
            raw.serialized_value_size,
            tp,
            generation_id=self.app.consumer_generation_id,
        )
        message.record = raw
        message.previous_offset = previous
        return message

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        # Faust passes the record just read as the end of the gap before it; so each commit could pass one gap only.
        await super()._add_gap(tp, offset_from, offset_to - 1)

    async def _drain_messages(self, fetcher: Any) -> None:
        _draining.set(True)
        await super()._drain_messages(fetcher)

    async def perform_seek(self) -> None:
        """Take the assigned partitions over and stand where their states say."""
        if _draining.get():
            return  # Faust asks for a seek in the middle of a rebalance: at its end it asks again
        try:
            async with self._seeking:
                await self._take_over()
        except asyncio.CancelledError:
            raise  # another rebalance has begun
        except BaseException as error:  # noqa: BLE001 - Faust would log it and carry on
            leaving.leave_for(error, "take over")

    async def _take_over(self) -> None:
        seat: Seat = self.transport.seat
        mine = {tp for tp in self.assignment() if tp.topic == seat.topic}
        self.pause_partitions(mine)
        positions = {TP(seat.topic, n): o for n, o in (await seat.take_over(frozenset(tp[1] for tp in mine))).items()}
        await self._thread.call_thread(self._thread.start_at, positions)
        for tp, offset in positions.items():
            self._read_offset[tp] = offset
            self._committed_offset[tp] = offset or None
            self._acked[tp].clear()
            self._acked_index[tp].clear()
            self._gap[tp].clear()
        self.resume_partitions(mine)

    def read_ends(self) -> dict[int, tuple[int | None, int | None, int | None]]:
        """Of each assigned partition: next offset to be fetched, last stable offset, offset of the last record read."""
        return self._thread.read_ends()


class Producer(driver.Producer):
    """Faust's producer: it sends nothing of ours, but it connects, so it needs to know as whom."""

    transport: "Transport"

    def _settings_auth(self) -> Mapping[str, Any]:
        return dict(self.transport.seat.options.connection.security)


class Transport(driver.Transport):
    """Faust's transport with our consumer and producer.

    Args:
        seat: The agent that it serves.
    """

    Consumer = Consumer
    Producer = Producer

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat

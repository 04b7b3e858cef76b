"""A Kafka of a few lines that can fail, or stop the process, at each await.

Transactions, fencing and committed offsets as the shell needs them; no
network, no groups. Each await of a client is a step, before and after its
effect: a commit whose answer is lost has happened.
"""

import asyncio
from collections import defaultdict
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced


class Died(BaseException):
    """The process ended here."""


@dataclass(frozen=True)
class Record:
    """One committed record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass
class FakeKafka:
    """All logs, offsets and owners.

    Attributes:
        fails_at: At which step to raise; None for never.
        error: What to raise.
    """

    logs: dict[tuple[str, int], list[Record]] = field(default_factory=lambda: defaultdict(list))
    offsets: dict[TopicPartition, Any] = field(default_factory=dict)
    owners: dict[str, "FakeProducer"] = field(default_factory=dict)
    fails_at: int | None = None
    error: type[BaseException] = Died
    steps: int = 0
    is_dead: bool = False

    async def step(self) -> None:
        if self.is_dead:
            raise Died  # a dead process does nothing more
        self.steps += 1
        if self.steps == self.fails_at:
            self.is_dead = self.error is Died
            raise self.error("at step", self.steps)
        await asyncio.sleep(0)

    def start_again(self, fails_at: int | None = None) -> None:
        """A new process."""
        self.steps, self.is_dead, self.fails_at = 0, False, fails_at

    def append(self, topic: str, partition: int, key: bytes | None, value: bytes | None) -> None:
        log = self.logs[topic, partition]
        log.append(Record(topic, partition, len(log), key, value))

    async def start_transactional(self, _: object, name: str, timeout_ms: int = 0) -> "FakeProducer":
        del timeout_ms  # no time passes here
        await self.step()
        self.owners[name] = producer = FakeProducer(self, name)
        await self.step()
        return producer


class FakeProducer:
    """A transactional producer."""

    def __init__(self, kafka: FakeKafka, name: str) -> None:
        self.kafka, self.name = kafka, name
        self.sent: list[tuple[str, int, bytes | None, bytes | None]] = []
        self.offsets: dict[TopicPartition, Any] = {}

    def transaction(self) -> AbstractAsyncContextManager[None]:
        return _Transaction(self)

    async def send(
        self, topic: str, value: bytes | None, *, key: bytes | None, partition: int | None, headers: Any
    ) -> Any:
        assert isinstance(headers, list), "aiokafka takes a list"
        await self.kafka.step()
        self.sent.append((topic, partition or 0, key, value))
        acknowledged: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        acknowledged.set_result(None)
        return acknowledged

    async def send_offsets_to_transaction(self, offsets: dict[TopicPartition, Any], group: str) -> None:
        assert group
        await self.kafka.step()
        self.offsets.update(offsets)

    async def commit(self) -> None:
        await self.kafka.step()
        if self.kafka.owners[self.name] is not self:
            raise ProducerFenced
        for record in self.sent:
            self.kafka.append(*record)
        self.kafka.offsets.update(self.offsets)
        await self.kafka.step()

    async def stop(self) -> None:
        await self.kafka.step()


class _Transaction(AbstractAsyncContextManager[None]):
    def __init__(self, producer: FakeProducer) -> None:
        self.producer = producer

    async def __aenter__(self) -> None:
        await self.producer.kafka.step()
        self.producer.sent, self.producer.offsets = [], {}

    async def __aexit__(self, kind: object, *_: object) -> None:
        if kind is None:
            await self.producer.commit()

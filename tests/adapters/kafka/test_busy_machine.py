"""A machine that is short of CPU: a process takes its time to commit, and is not fenced by a transaction of its own."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from aiokafka.errors import ProducerFenced

from pipeline.adapters.kafka.agents import take_over
from pipeline.adapters.kafka.agents.take_over import COMMITS_AT_ONCE, Owner
from pipeline.adapters.kafka.leaving import Word, leave_for
from pipeline.adapters.kafka.options import AgentOptions
from pipeline.adapters.kafka.producers import TRANSACTION_TIMEOUT_MS
from pipeline.adapters.observing.observer import Observer
from tests.adapters.kafka.fake_kafka import FakeKafka, FakeProducer
from tests.adapters.kafka.test_every_await import CONNECTION, Counting, Left, kafka

__all__ = ["kafka"]  # the fixture

PARTITIONS = 24
STEP_SECONDS = 0.05
"""What each step of a client takes on a busy machine: all clients of a process have one core between them."""


class BusyProducer(FakeProducer):
    """A producer whose transactions Kafka aborts after their time."""

    open_most, open_now = 0, 0

    def __init__(self, kafka: FakeKafka, name: str, timeout_ms: int) -> None:
        super().__init__(kafka, name)
        self.timeout_ms, self.began = timeout_ms, 0

    def transaction(self) -> AbstractAsyncContextManager[None]:
        self.began = self.kafka.steps
        BusyProducer.open_now += 1
        BusyProducer.open_most = max(BusyProducer.open_most, BusyProducer.open_now)
        return super().transaction()

    async def commit(self) -> None:
        await super().commit()
        BusyProducer.open_now -= 1
        if (self.kafka.steps - self.began) * STEP_SECONDS * 1_000 > self.timeout_ms:
            raise ProducerFenced


@pytest.fixture
def busy(kafka: FakeKafka, monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    async def start_transactional(_: object, name: str, timeout_ms: int) -> BusyProducer:
        kafka.owners[name] = producer = BusyProducer(kafka, name, timeout_ms)
        return producer

    BusyProducer.open_most = BusyProducer.open_now = 0
    monkeypatch.setattr(take_over, "start_transactional", start_transactional)
    return kafka


async def test_partitions_that_commit_together_are_not_fenced_by_their_own_number(busy: FakeKafka) -> None:
    """All at once, each of the 24 transactions is open for as long as all take: 7 s here, and Kafka waits for 5 s."""
    options = AgentOptions(
        connection=CONNECTION, group="g", partitions=PARTITIONS, first_start=True, session_seconds=6.0
    )
    assert options.transaction_seconds == TRANSACTION_TIMEOUT_MS / 1_000
    owner = Owner(Counting(hold_back=True), options, Observer(), None)
    await owner.take_over(frozenset(range(PARTITIONS)))
    for number in range(PARTITIONS):
        busy.append("signals", number, b"k", b"0")
        await owner.partitions[number].take(busy.logs["signals", number][0], -1)
    began = busy.steps
    await asyncio.gather(*(partition.flush() for partition in owner.partitions.values()))
    assert (busy.steps - began) * STEP_SECONDS * 1_000 > TRANSACTION_TIMEOUT_MS, "too quick to show anything"
    assert BusyProducer.open_most == COMMITS_AT_ONCE
    for number in range(PARTITIONS):
        busy.append("signals", number, b"k", b"1")
        await owner.partitions[number].take(busy.logs["signals", number][1], 0)
    await owner.give_up(with_snapshot=True)
    assert BusyProducer.open_most == COMMITS_AT_ONCE
    assert len(busy.logs["anomalies", 0]) == 2 * PARTITIONS


@pytest.mark.parametrize(("session_seconds", "expected"), [(6.0, 5.0), (10.0, 5.0), (30.0, 15.0)])
def test_a_transaction_has_half_of_the_session_and_never_less_than_five_seconds(
    session_seconds: float, expected: float
) -> None:
    options = AgentOptions(connection=CONNECTION, group="g", session_seconds=session_seconds)
    assert options.transaction_seconds == expected


async def test_a_process_that_leaves_says_how_long_its_transaction_was_open(busy: FakeKafka) -> None:
    owner = Owner(
        Counting(hold_back=True),
        AgentOptions(connection=CONNECTION, group="g", partitions=1, first_start=True),
        Observer(),
        None,
    )
    await owner.take_over(frozenset([0]))
    busy.append("signals", 0, b"k", b"0")
    await owner.partitions[0].take(busy.logs["signals", 0][0], -1)
    busy.owners.clear()
    busy.owners["g-1-0"] = FakeProducer(busy, "another process")
    with pytest.raises(ProducerFenced) as fenced:
        await owner.give_up(with_snapshot=True)
    left: Any
    with pytest.raises(Left) as left:
        leave_for(fenced.value, "detect: task")
    word, detail = left.value.args
    assert word is Word.FENCED
    assert detail.endswith("its transaction was open for 0.0 s")

"""A process that ends, or a Kafka that fails, at any await: what is committed is the same, each once.

The shell around the rules is driven with a Kafka of our own that stops at the
n-th await, for every n; then a new process goes on from what is committed.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.agents import take_over
from pipeline.adapters.kafka.agents.snapshots import Snapshot, read_snapshot
from pipeline.adapters.kafka.agents.take_over import Log, Owner
from pipeline.adapters.kafka.committed import Mark, read_mark
from pipeline.adapters.kafka.ingest.lane import KafkaLane
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions
from pipeline.adapters.kafka.producers import Committer
from pipeline.adapters.observing.observer import Observer
from pipeline.records.raw.record import RawRecord
from tests.adapters.kafka.fake_kafka import Died, FakeKafka, Record

CONNECTION = Connection(bootstrap="nowhere:1")
RECORDS = 12
STEPS_MAX = 500
"""More awaits than any run here has: a run that never ends must fail."""


class Left(BaseException):
    """The process left with 70."""


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> FakeKafka:
    """A fake Kafka in the place of the clients of the shell."""
    fake = FakeKafka()

    def leave(word: object, detail: str, *, code: int = 70) -> NoReturn:
        assert code == 70, (word, detail)
        fake.is_dead = True
        raise Left(word, detail)

    async def log_bounds(_: object, topic: str, partitions: frozenset[int]) -> dict[int, Log]:
        await fake.step()
        return {number: Log(0, len(fake.logs[topic, number])) for number in partitions}

    async def load_snapshots(
        _: object, topic: str, partitions: frozenset[int], epoch: int
    ) -> dict[int, tuple[Snapshot, float]]:
        await fake.step()
        return {
            n: (read_snapshot([(r.key or b"", r.value) for r in fake.logs[topic, n]], epoch), 0.0) for n in partitions
        }

    monkeypatch.setattr(leaving, "leave", leave)
    monkeypatch.setattr(take_over, "start_transactional", fake.start_transactional)
    monkeypatch.setattr(take_over, "log_bounds", log_bounds)
    monkeypatch.setattr(take_over, "load_snapshots", load_snapshots)
    return fake


class Counting:
    """A stage that numbers all records, by their value."""

    name, source, ruleset = "detect", "signals", "r1"

    def __init__(self, *, hold_back: bool) -> None:
        self.hold_back = hold_back

    def new_state(self, partition: int) -> dict[str, int]:
        return self.load(partition, {})

    def apply(self, state: dict[str, int], record: RawRecord) -> list[Message]:
        state["n"] = state.get("n", 0) + 1
        said = json.dumps([state["n"], (record.value or b"").decode()]).encode()
        return [Message("anomalies", b"k", said, partition=0)] if state["n"] % 3 else []

    def slots(self, state: dict[str, int], *, all_slots: bool) -> dict[bytes, bytes | None]:
        del all_slots
        return {name.encode(): b"%d" % number for name, number in state.items()}

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> dict[str, int]:
        del partition
        return {name.decode(): int(number) for name, number in slots.items()}


async def work(kafka: FakeKafka, stage: Counting) -> None:
    """One process: take over, work to the end, stop as planned."""
    options = AgentOptions(
        connection=CONNECTION, group="g", partitions=1, first_start=True, flush_messages=3, snapshot_records=5
    )
    owner = Owner(stage, options, Observer(), None)
    at = (await owner.take_over(frozenset([0])))[0]
    for record in kafka.logs["signals", 0][at:]:
        await owner.partitions[0].take(record, record.offset - 1)
    await owner.give_up(with_snapshot=True)


async def died(kafka: FakeKafka, stage: Counting) -> bool:
    try:
        await work(kafka, stage)
    except (Died, Left, KafkaConnectionError):
        return True
    return False


def values(kafka: FakeKafka, topic: str) -> list[bytes | None]:
    return [record.value for record in kafka.logs[topic, 0]]


@pytest.mark.parametrize("error", [Died, KafkaConnectionError])
@pytest.mark.parametrize("hold_back", [True, False])
async def test_a_stage_that_ends_at_any_await_puts_out_each_output_once(
    kafka: FakeKafka, error: type[BaseException], *, hold_back: bool
) -> None:
    stage = Counting(hold_back=hold_back)
    expected = [json.dumps([n + 1, str(n)]).encode() for n in range(RECORDS) if (n + 1) % 3]
    for step in range(1, STEPS_MAX):
        kafka.logs.clear()
        for n in range(RECORDS):
            kafka.append("signals", 0, b"k", b"%d" % n)
        kafka.error = error
        kafka.start_again(fails_at=step)
        ended_early = await died(kafka, stage)
        kafka.start_again()
        await work(kafka, stage)
        assert values(kafka, "anomalies") == expected, f"after an end at await {step}"
        snapshot = read_snapshot([(r.key or b"", r.value) for r in kafka.logs["detect-state", 0]], 1)
        assert snapshot.slots == {b"n": b"%d" % RECORDS}
        assert snapshot.progress is not None
        assert snapshot.progress.offset == RECORDS - 1
        if not ended_early:
            assert step > 20, "the run has as many awaits as expected"
            return
    pytest.fail("the run has more awaits than it should")


@pytest.mark.parametrize("hold_back", [True, False])
async def test_two_ends_in_a_row_change_nothing_either(kafka: FakeKafka, *, hold_back: bool) -> None:
    stage = Counting(hold_back=hold_back)
    for first in range(1, 60, 3):
        for second in range(1, 60, 7):
            kafka.logs.clear()
            for n in range(RECORDS):
                kafka.append("signals", 0, b"k", b"%d" % n)
            for step in (first, second, None):
                kafka.start_again(fails_at=step)
                await died(kafka, stage)
            assert [json.loads(v or b"")[0] for v in values(kafka, "anomalies")] == [1, 2, 4, 5, 7, 8, 10, 11]


async def test_a_fenced_process_writes_nothing_more(kafka: FakeKafka) -> None:
    stage = Counting(hold_back=True)
    for n in range(RECORDS):
        kafka.append("signals", 0, b"k", b"%d" % n)
    options = AgentOptions(connection=CONNECTION, group="g", partitions=1, first_start=True)
    zombie = Owner(stage, options, Observer(), None)
    await zombie.take_over(frozenset([0]))
    await work(kafka, stage)
    before = values(kafka, "anomalies")
    for record in kafka.logs["signals", 0]:
        await zombie.partitions[0].take(record, record.offset - 1)
    with pytest.raises(Exception, match="newer producer"):
        await zombie.give_up(with_snapshot=True)
    assert values(kafka, "anomalies") == before


class Adding:
    """INGEST that keeps what it took, and remembers of a source how many records it has ever taken."""

    def __init__(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> None:
        self.number, self.clocks, self.count = number, dict(clocks), 0
        self.habits = dict(habits)
        self.taken: list[str] = []

    def take(self, source: str, records: Any, horizon_ms: int | None) -> int:
        del horizon_ms
        for record in records:
            self.taken.append((record.value or b"").decode())
            self.clocks[source] = record.timestamp
            self.habits[source] = str(int(self.habits.get(source, "0")) + 1)
            self.count += 1
        return len(records)

    def close(self) -> list[str]:
        taken, self.taken, self.count = self.taken, [], 0
        return taken


class AddingStage:
    """Says what a lane took, to one partition."""

    def new_lane(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> Adding:
        return Adding(number, clocks, habits)

    def messages(self, batch: list[str]) -> list[Message]:
        return [Message("signals", b"lane", json.dumps(batch).encode(), partition=p) for p in (0, 1)]

    def clocks(self, record: RawRecord) -> tuple[int, Mapping[str, int]]:
        raise NotImplementedError


TELEMETRY = TopicPartition("telemetry", 0)


async def run_lane(kafka: FakeKafka) -> None:
    """One process of INGEST: fence, read the mark, work to the end in batches that overlap their commits."""
    producer: Any = await kafka.start_transactional(None, "lane-0")
    options = IngestOptions(connection=CONNECTION, group="g", batch_records=3)
    mark = read_mark(kafka.offsets[TELEMETRY], 1) if TELEMETRY in kafka.offsets else Mark(0, None)
    assert mark is not None
    committer = Committer(CONNECTION, producer, "ingest", Observer())
    lane = KafkaLane(0, {TELEMETRY: mark}, committer, AddingStage(), options)
    log = kafka.logs["telemetry", 0]
    for at in range(mark.offset, len(log), 2):
        lane.take(TELEMETRY, log[at : at + 2], None)
        if lane.is_due(0.0):
            await lane.flushed()
            lane.start_flush()
    await lane.flushed()
    lane.start_flush()
    await lane.flushed()
    await committer.stop()


@pytest.mark.parametrize("error", [Died, KafkaConnectionError])
async def test_a_lane_that_ends_at_any_await_hands_on_each_record_once(
    kafka: FakeKafka, error: type[BaseException]
) -> None:
    for step in range(1, STEPS_MAX):
        kafka.logs.clear()
        kafka.offsets.clear()
        kafka.logs["telemetry", 0] = [Record("telemetry", 0, n, None, b"%d" % n, timestamp=n) for n in range(RECORDS)]
        kafka.error = error
        kafka.start_again(fails_at=step)
        ended_early = False
        try:
            await run_lane(kafka)
        except (Died, Left, KafkaConnectionError):
            ended_early = True
        kafka.start_again()
        await run_lane(kafka)
        for partition in (0, 1):
            said = [item for record in kafka.logs["signals", partition] for item in json.loads(record.value or b"")]
            assert said == [str(n) for n in range(RECORDS)], f"after an end at await {step}"
        marked = f"epoch=1 layout=1 lane=0 lanes=4 signals=24 clock={RECORDS - 1} habits={RECORDS}"
        assert kafka.offsets[TELEMETRY].metadata == marked
        if not ended_early:
            assert step > 20
            return
    pytest.fail("the run has more awaits than it should")

"""The pace of INGEST: whatever was fetched, the loop has its turn and a step has an end, and nothing is taken twice."""

import asyncio
import contextlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition

from pipeline.adapters.kafka.committed import Mark
from pipeline.adapters.kafka.ingest import lanes, pace
from pipeline.adapters.kafka.ingest.heartbeats import Quiet
from pipeline.adapters.kafka.ingest.lane import KafkaLane
from pipeline.adapters.kafka.ingest.lanes import Ingest
from pipeline.adapters.kafka.options import Connection, IngestOptions
from pipeline.ingest.apply import STRETCH_RECORDS
from pipeline.records.raw.record import RawRecord
from tests.adapters.kafka.fake_kafka import Record
from tests.adapters.kafka.test_every_await import AddingStage

POSTS = TopicPartition("mentions", 0)
FETCHED = 400
SECONDS_A_POST = 0.005


class Slow:
    """A lane whose records take their time, on a clock of the test's own."""

    def __init__(self, clock: list[float]) -> None:
        self.count = 0
        self.clocks: dict[str, int] = {}
        self.habits: dict[str, str] = {}
        self.offsets: list[int] = []
        self._clock = clock

    def take(self, source: str, records: Sequence[RawRecord], horizon_ms: int | None) -> int:  # noqa: ARG002 - of the contract
        self.offsets += [record.offset for record in records]
        self._clock[0] += SECONDS_A_POST * len(records)
        self.count += len(records)
        return len(records)

    def close(self) -> None:
        """Nothing is committed here."""


class SlowStage(AddingStage):
    """Makes slow lanes."""

    def __init__(self, clock: list[float]) -> None:
        super().__init__()
        self._clock = clock

    def new_lane(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> Any:  # noqa: ARG002 - of the contract
        return Slow(self._clock)


class Fetched:
    """A consumer that has fetched posts once, and notes which partition is paused."""

    def __init__(self, *records: Record) -> None:
        self.records = records
        self.paused: set[TopicPartition] = set()
        self.pause, self.resume = self.paused.add, self.paused.discard

    async def getmany(self, **_limits: int) -> dict[TopicPartition, Sequence[Record]]:
        records, self.records = self.records, ()
        return {POSTS: list(records)} if records else {}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    for module in (lanes, pace):
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def ingest_with_posts(clock: list[float]) -> tuple[Any, Slow, Fetched]:
    """An INGEST whose one lane has more in its fetch than a step has time for."""
    stage = SlowStage(clock)
    options = IngestOptions(connection=Connection(bootstrap="nowhere:1"), horizon_ms=None)
    ingest: Any = Ingest(options, stage)
    committer: Any = None
    ingest._lanes[0] = KafkaLane(0, {POSTS: Mark(0, None)}, committer, stage, options)
    ingest._quiet[POSTS] = Quiet(0.0)
    ingest._consumer = Fetched(*(Record("mentions", 0, n, None, b"") for n in range(FETCHED)))
    return ingest, ingest._lanes[0]._accumulator, ingest._consumer


async def test_the_loop_has_its_turn_after_each_slice_and_a_step_ends_in_time(clock: list[float]) -> None:
    ingest, lane, consumer = ingest_with_posts(clock)
    turns: list[float] = []

    async def probe() -> None:
        while True:
            turns.append(clock[0])
            await asyncio.sleep(0)

    watching = asyncio.create_task(probe())
    await ingest._step()
    waited = [after - before for before, after in itertools.pairwise(turns)]
    assert max(waited) <= 2 * pace.SLICE_SECONDS, "a probe and a heartbeat of the group wait for no more than a slice"
    assert pace.STEP_SECONDS <= clock[0] <= pace.STEP_SECONDS + pace.SLICE_SECONDS
    assert POSTS in consumer.paused, "what is in hand waits; no more is fetched meanwhile"
    while ingest._lanes[0].waiting:
        await ingest._step()
    assert lane.offsets == list(range(FETCHED)), "each once, in order, wherever a slice ended"
    assert not consumer.paused
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching


def test_a_slice_of_readings_is_made_of_whole_stretches() -> None:
    assert pace.slice_records("telemetry") % STRETCH_RECORDS == 0
    assert pace.slice_records("mentions") * SECONDS_A_POST <= pace.SLICE_SECONDS

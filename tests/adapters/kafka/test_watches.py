"""The watches: a process that stands still, or a partition that nobody runs, ends the process."""

import asyncio
from typing import Any, NoReturn

import pytest
from aiokafka import TopicPartition

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.agents import agent as agent_module
from pipeline.adapters.kafka.agents import snapshots
from pipeline.adapters.kafka.agents.agent import Agent
from pipeline.adapters.kafka.ingest import lanes
from pipeline.adapters.kafka.ingest.lanes import Ingest, fatal
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions
from pipeline.records.errors import StateError
from tests.adapters.kafka.test_every_await import AddingStage, Counting

CONNECTION = Connection(bootstrap="nowhere:1")


class Left(BaseException):
    """The process left."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A monotonic clock that a test moves, and a process that can only leave by raising."""
    now = [0.0]

    def leave(word: object, detail: str, *, code: int = 70) -> NoReturn:
        raise Left(word, code, detail)

    monkeypatch.setattr(leaving, "leave", leave)
    for module in (agent_module, lanes):
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


class Assigned:
    """A consumer that has partitions."""

    def __init__(self, *partitions: int) -> None:
        self.partitions = partitions

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition("telemetry", number) for number in self.partitions}


async def test_an_assigned_lane_that_does_not_run_for_ten_seconds_ends_the_process(clock: list[float]) -> None:
    ingest = Ingest(IngestOptions(connection=CONNECTION), AddingStage())
    ingest._consumer = Assigned(3)
    ingest._watch_lanes(0.0)
    ingest._watch_lanes(9.9)
    with pytest.raises(Left, match=r"lane 3 was assigned and has not run for 10\.0 s"):
        ingest._watch_lanes(10.0)
    assert clock


async def test_a_lane_that_comes_and_goes_begins_a_new_count(clock: list[float]) -> None:
    ingest = Ingest(IngestOptions(connection=CONNECTION), AddingStage())
    for now, assigned in ((0.0, (3,)), (8.0, ()), (9.0, (3,)), (18.0, (3,))):
        ingest._consumer = Assigned(*assigned)
        ingest._watch_lanes(now)
    assert clock


def agent() -> Agent:
    options = AgentOptions(connection=CONNECTION, group="g", stall_seconds=60, request_seconds=100)
    return Agent(Counting(hold_back=True), options)


class Partition:
    """An input partition as the watch sees it."""

    def __init__(self, done: int) -> None:
        self.done = done


@pytest.mark.parametrize(
    ("position", "stable_end", "last_read", "leaves"),
    [
        pytest.param(6, 6, 5, False, id="read_to_its_end"),
        pytest.param(6, 6, None, False, id="nothing_read_since_the_start"),
        pytest.param(9, 9, 5, False, id="behind_the_last_record_only_markers"),
        pytest.param(9, 9, 8, True, id="read_and_not_worked_on"),
        pytest.param(6, 9, 5, True, id="there_and_not_read"),
        pytest.param(None, None, None, False, id="not_asked_yet"),
    ],
)
async def test_an_agent_that_has_work_and_does_none_for_a_minute_ends(
    clock: list[float], position: int | None, stable_end: int | None, last_read: int | None, *, leaves: bool
) -> None:
    watched: Any = agent()
    watched._owner.partitions = {0: Partition(done=5)}
    for now in (0.0, 59.0):
        clock[0] = now
        watched._look_at(0, position, stable_end, last_read)
    clock[0] = 60.0
    if leaves:
        with pytest.raises(Left, match="nothing moved for 60"):
            watched._look_at(0, position, stable_end, last_read)
    else:
        watched._look_at(0, position, stable_end, last_read)


async def test_an_agent_that_moves_slowly_stays(clock: list[float]) -> None:
    watched: Any = agent()
    for now in range(0, 300, 30):
        clock[0] = float(now)
        watched._owner.partitions = {0: Partition(done=now)}
        watched._look_at(0, 1_000, 1_000, 999)


async def test_a_partition_that_is_never_taken_over_ends_the_process(clock: list[float]) -> None:
    watched: Any = agent()
    watched._look_at(0, None, None, None)
    clock[0] = 140.0
    with pytest.raises(Left, match="nothing moved for 140"):
        watched._look_at(0, None, None, None)


@pytest.mark.parametrize("error", [RuntimeError("broken"), asyncio.CancelledError(), KeyboardInterrupt()])
async def test_whatever_a_listener_raises_ends_the_process(clock: list[float], error: BaseException) -> None:
    @fatal
    async def listener() -> None:
        raise error

    with pytest.raises(Left, match="listener") as left:
        await listener()
    assert left.value.args[1] == 70
    assert clock


def test_a_snapshot_of_a_newer_program_is_refused() -> None:
    with pytest.raises(StateError, match="written in layout 2, this program reads up to 1: update it"):
        snapshots.read_snapshot([(b"~progress", b'{"codec": 2, "epoch": 1, "off": 3, "ruleset": "r"}')], 1)


def test_a_snapshot_is_what_the_last_words_of_each_key_say() -> None:
    records = [
        (b"a", b"1"),
        (b"b", b"1"),
        (b"~progress", b'{"codec": 1, "epoch": 1, "off": 3, "ruleset": "r"}'),
        (b"~emitted", b'{"epoch": 1, "off": 5}'),
        (b"a", b"2"),
        (b"b", None),
    ]
    snapshot = snapshots.read_snapshot(records, 1)
    assert snapshot.slots == {b"a": b"2"}
    assert snapshot.progress == snapshots.Progress(epoch=1, offset=3, ruleset="r")
    assert snapshot.emitted == 5
    of_another_epoch = snapshots.read_snapshot(records, 2)
    assert of_another_epoch.progress is None
    assert of_another_epoch.emitted == -1

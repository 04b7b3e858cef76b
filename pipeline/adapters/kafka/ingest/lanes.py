"""INGEST on Kafka: every raw record is worked on exactly once, whoever runs the lane.

A lane is at most one partition of each source, as `layout` has it. Kafka's group protocol shares
the lanes out; a transactional producer per lane fences a former owner; one
transaction per batch holds envelopes and offsets. Each clause below that looks
odd was found by a run that failed without it.

One lock is held while records are in hand and while a rebalance is at work:
records fetched under an old assignment are never counted under a new one.
"""

import asyncio
import contextlib
import functools
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, ParamSpec

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.committed import Mark, read_marks
from pipeline.adapters.kafka.ingest.clocks_follower import ClocksFollower, Horizon
from pipeline.adapters.kafka.ingest.heartbeats import Quiet, is_due, send_heartbeat
from pipeline.adapters.kafka.ingest.lane import KafkaLane
from pipeline.adapters.kafka.ingest.laying_out import leave_changed, newest
from pipeline.adapters.kafka.ingest.pace import Pace, slice_records
from pipeline.adapters.kafka.layout import lane_assignor
from pipeline.adapters.kafka.leaving import EXIT_SETTINGS, Word
from pipeline.adapters.kafka.options import IngestOptions
from pipeline.adapters.kafka.producers import Committer, start_plain, start_transactional, transactional_id
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import IngestStage

FETCH_WAIT_MS = 100
FETCH_SECONDS_MAX = 0.5
"""`getmany` ignores its own time-out while a rebalance runs, and the rebalance waits for our lock."""

SLOW_STEP_SECONDS = 0.2
"""Work that held up the loop for so long lets open transactions end first: Kafka aborts one after 5 s."""

METADATA_MS = 5_000
"""How old what is known of topics may be: a new partition is seen so soon, well within the lateness of telemetry."""

PARTITION_FETCH_BYTES = 4 * 1024 * 1024
LOOK_SECONDS = 0.25
"""How often the watch, the heartbeats and the gauges look round."""

P = ParamSpec("P")


def fatal(method: Callable[P, Awaitable[None]]) -> Callable[P, Coroutine[Any, Any, None]]:
    """Leave the process if a listener raises: aiokafka would swallow it and read on without a lane."""

    @functools.wraps(method)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await method(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - also a cancellation: half a rebalance is none
            leaving.leave_for(error, "rebalance listener", unexpected=Word.LISTENER)

    return guarded


class Ingest(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """One process of INGEST.

    Args:
        options: How it runs.
        stage: What records mean.
        observer: Hears what happens.
    """

    def __init__(self, options: IngestOptions, stage: IngestStage, observer: Observer | None = None) -> None:
        self._options = options
        self._stage = stage
        self._observer = observer or Observer()
        self._lanes: dict[int, KafkaLane] = {}
        self._quiet: dict[TopicPartition, Quiet] = {}
        self._lock = asyncio.Lock()
        self._layout = layout = options.laid_out
        absent = {(source, n): at for n in range(layout.lanes) for source, at in layout.absent(n).items()}
        self._horizon = Horizon(options.sources, layout.lanes, options.horizon_ms, absent)
        self._follower = ClocksFollower(options.connection, stage, self._horizon, self._observer)
        self._consumer: Any = None
        self._heartbeat_producer: AIOKafkaProducer | None = None
        self._laneless_since: dict[int, float] = {}
        self._is_taking_over = False
        self._stopping = False

    # -- life -----------------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Ask for a planned stop; `run` returns when it is done."""
        self._stopping = True

    async def run(self) -> None:
        """Work until `stop`; commits what is in hand before it returns.

        Raises:
            ConfigError: If the topics are not as the settings say.
        """
        await self._start()
        tasks = [
            asyncio.create_task(self._guarded(job)) for job in (self._follower.follow, self._watch, self._look_round)
        ]
        try:
            while not self._stopping:
                await self._step()
        finally:
            for task in tasks:
                task.cancel()
        await self._finish()

    async def _start(self) -> None:
        options = self._options
        await self._follower.start()
        marks = await read_marks(options.connection, options.group, options.epoch, self._layout.partitions)
        self._require_marks(self._layout.partitions, marks)
        self._hear(marks)
        if options.heartbeat_seconds is not None:
            self._heartbeat_producer = await start_plain(options.connection)
        self._consumer = self._new_consumer()
        await self._consumer.start()

    def _new_consumer(self) -> AIOKafkaConsumer:
        options = self._options
        consumer = AIOKafkaConsumer(
            **options.connection.client(),
            group_id=options.group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
            session_timeout_ms=int(options.session_seconds * 1_000),
            heartbeat_interval_ms=int(options.session_seconds * 1_000 / 6),
            rebalance_timeout_ms=int(options.session_seconds * 1_000),
            # One and no more: aiokafka joins the group once for each, every further join begins the round anew, and
            # members that are not in step keep each other from ever ending one.
            partition_assignment_strategy=(lane_assignor(self._layout),),
            metadata_max_age_ms=METADATA_MS,
        )
        consumer.subscribe(self._layout.names, listener=self)
        return consumer

    async def _finish(self) -> None:
        """Commit what is in hand and leave the group, within the time a planned stop may take."""
        try:
            async with asyncio.timeout(self._options.stop_seconds):
                async with self._lock:
                    await self._flush_all()
                await self._consumer.stop()
                await asyncio.gather(*(lane.committer.stop() for lane in self._lanes.values()), self._follower.stop())
                if self._heartbeat_producer is not None:
                    await self._heartbeat_producer.stop()
        except TimeoutError:
            leaving.leave(Word.STOP_DEADLINE, f"the planned stop took longer than {self._options.stop_seconds} s")

    async def _flush_all(self) -> None:
        lanes = list(self._lanes.values())
        await asyncio.gather(*(lane.flushed() for lane in lanes))
        for lane in lanes:
            lane.start_flush()
        await asyncio.gather(*(lane.flushed() for lane in lanes))

    async def _guarded(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - nobody else hears what a task raises
            leaving.leave_for(error, getattr(job, "__name__", "task").strip("_"))

    # -- lanes come and go ----------------------------------------------------------------------------------------

    @fatal
    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:  # noqa: ARG002 - all are
        """Give all lanes up: what is not committed is dropped, the next owner reads it again."""
        async with self._lock:
            lanes, self._lanes = self._lanes, {}
            self._quiet.clear()
            for lane in lanes.values():
                await lane.flushed()
            await asyncio.gather(*(lane.committer.stop() for lane in lanes.values()))

    @fatal
    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Take lanes over: fence the former owners first, and only then ask how far they came."""
        self._is_taking_over = True
        async with self._lock:
            await self._take_over(sorted(assigned))
        self._is_taking_over = False

    async def _take_over(self, partitions: list[TopicPartition]) -> None:
        numbers = sorted({self._lane_of(tp) for tp in partitions})
        if partitions != sorted(tp for number in numbers for tp in self._layout.of_lane(number)):
            leaving.leave(Word.LANE_SPLIT, f"assigned {partitions}: all partitions of a lane, or none")
        committers = await asyncio.gather(*(self._new_committer(number) for number in numbers))
        options = self._options
        marks = await read_marks(options.connection, options.group, options.epoch, partitions)
        self._require_marks(partitions, marks)
        await self._require_inside_log(marks)
        self._hear(marks)
        for number, committer in zip(numbers, committers, strict=True):
            own = {tp: marks[tp] for tp in self._layout.of_lane(number)}
            self._lanes[number] = KafkaLane(number, own, committer, self._stage, options)
        for tp in partitions:  # no await between the first seek and the last
            self._consumer.seek(tp, marks[tp].offset)
            self._quiet[tp] = Quiet(time.monotonic())
        self._observer.assigned("ingest", len(numbers))

    async def _new_committer(self, number: int) -> Committer:
        options = self._options
        name = transactional_id(options.group, options.epoch, number)
        producer = await start_transactional(options.connection, name)
        return Committer(options.connection, producer, "ingest", self._observer)

    def _lane_of(self, tp: TopicPartition) -> int:
        """Lane of a partition; one that is not laid out has none, and none of its records is worked on."""
        place = self._layout.place(tp)
        return -1 if place is None else place[1]

    def _require_marks(self, partitions: Iterable[TopicPartition], marks: Mapping[TopicPartition, Mark]) -> None:
        if missing := [f"{tp.topic}/{tp.partition}" for tp in partitions if tp not in marks]:
            leave_changed(f"{missing[0]} and {len(missing) - 1} more have no offset any more: made again, or forgotten")
        if (number := newest(marks)) != self._layout.number:
            words = f"lanes were laid out anew: layout {number} has begun, this process has {self._layout.number}"
            leaving.leave(Word.PARTITIONS_CHANGED, words)

    async def _require_inside_log(self, marks: Mapping[TopicPartition, Mark]) -> None:
        first = await self._consumer.beginning_offsets(list(marks))
        after = await self._consumer.end_offsets(list(marks))
        for tp, mark in sorted(marks.items()):
            if not first[tp] <= mark.offset <= after[tp]:
                leaving.leave(
                    Word.OFFSET_OUTSIDE_LOG,
                    f"{tp.topic}/{tp.partition}: offset {mark.offset} of group {self._options.group} is outside the"
                    f" log, which holds {first[tp]} to {after[tp]}: records expired unread, or the topic was made"
                    f" again: {leaving.GAP_FIX}",
                    code=EXIT_SETTINGS,
                )

    def _hear(self, marks: Mapping[TopicPartition, Mark]) -> None:
        for tp, mark in marks.items():
            if mark.clock_ms is not None:
                self._horizon.heard(self._layout.source(tp), self._layout.lane(tp), mark.clock_ms)

    # -- records --------------------------------------------------------------------------------------------------

    async def _step(self) -> None:
        async with self._lock:
            fetched = await self._fetch()
            began, pace = time.monotonic(), Pace()
            for tp, records in fetched.items():
                lane = self._lanes.get(self._lane_of(tp))
                if lane is not None:  # else fetched before the seek, which will bring them back
                    self._quiet[tp].since = time.monotonic()
                    await self._take(lane, tp, records, pace)
            await self._take_waiting(pace)
            is_slow = time.monotonic() - began > SLOW_STEP_SECONDS
            await self._flush_due()
            if is_slow:
                await asyncio.gather(*(lane.flushed() for lane in self._lanes.values()))
            self._observer.alive("ingest")
        await asyncio.sleep(0)  # lets a listener have the lock

    async def _fetch(self) -> Mapping[TopicPartition, list[Any]]:
        fetch = self._consumer.getmany(timeout_ms=FETCH_WAIT_MS, max_records=self._options.fetch_records)
        with contextlib.suppress(TimeoutError):
            fetched: Mapping[TopicPartition, list[Any]] = await asyncio.wait_for(fetch, FETCH_SECONDS_MAX)
            return fetched
        return {}

    async def _take(self, lane: KafkaLane, tp: TopicPartition, records: Any, pace: Pace) -> int:
        """Take records slice by slice, up to the horizon or to the end of the step's time; the rest waits."""
        source = self._layout.source(tp)
        most, was_waiting, taken = slice_records(source), tp in lane.waiting, 0
        while records:
            limit_ms = self._horizon.limit(source, lane.number, records[0].timestamp)
            part = lane.take(tp, records, limit_ms, most)
            taken += part
            if (clock_ms := lane.clocks.get(source)) is not None:
                self._horizon.heard(source, lane.number, clock_ms)
            records = lane.waiting.get(tp, ())
            await pace.turn()
            if part < most or pace.is_over:
                break
        if taken:
            self._observer.consumed("ingest", source, taken)
        if (is_waiting := tp in lane.waiting) != was_waiting:
            (self._consumer.pause if is_waiting else self._consumer.resume)(tp)
        return taken

    async def _take_waiting(self, pace: Pace) -> None:
        """Let those go on that wait, as long as each that moves lets another one move and the step has time."""
        taken = 1
        while taken and not pace.is_over:
            able = [lane for lane in self._lanes.values() if not lane.is_overfull]
            waiting = [(lane, tp, records) for lane in able for tp, records in lane.waiting.items()]
            taken = 0
            for lane, tp, records in waiting:
                taken += await self._take(lane, tp, records, pace)

    async def _flush_due(self) -> None:
        now = time.monotonic()
        for lane in self._lanes.values():
            if lane.is_overfull:  # bounds memory: two batches a lane
                await lane.flushed()
            if lane.is_due(now) and not lane.is_flushing:
                lane.start_flush()

    # -- what looks round -----------------------------------------------------------------------------------------

    async def _watch(self) -> None:  # a task of its own: nothing that waits for Kafka may hold it up
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._watch_lanes(time.monotonic())
            self._watch_partitions()

    async def _look_round(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._observer.paused(sum(len(lane.waiting) for lane in self._lanes.values()))
            await asyncio.gather(*(self._look_at(tp, quiet) for tp, quiet in list(self._quiet.items())))

    async def _look_at(self, tp: TopicPartition, quiet: Quiet) -> None:
        lane = self._lanes.get(self._lane_of(tp))
        if lane is None:
            return
        try:
            position = await self._consumer.position(tp)
            stable_end = self._consumer.last_stable_offset(tp)
        except IllegalStateError:  # a rebalance took it away meanwhile
            return
        source = self._layout.source(tp)
        if stable_end is not None:
            done = lane.next[tp] if tp in lane.waiting else position  # which has passed marks of transactions, too
            self._observer.lag(source, lane.number, max(0, stable_end - done))
        if (clock_ms := lane.clocks.get(source)) is not None:
            self._observer.clock(source, lane.number, clock_ms)
        seconds, now = self._options.heartbeat_seconds, time.monotonic()
        if seconds is None or self._heartbeat_producer is None or tp in lane.waiting:
            return
        if is_due(quiet, now=now, seconds=seconds, position=position, stable_end=stable_end):
            quiet.since = now
            await send_heartbeat(self._heartbeat_producer, tp, lambda: self._observer.heartbeat_sent(source))

    def _watch_lanes(self, now: float) -> None:
        laneless = {self._lane_of(tp) for tp in self._consumer.assignment()} - self._lanes.keys()
        self._laneless_since = {number: self._laneless_since.get(number, now) for number in laneless}
        patience = self._options.take_over_seconds if self._is_taking_over else self._options.watch_seconds
        for number, since in sorted(self._laneless_since.items()):
            if now - since >= patience:
                leaving.leave(Word.LANE_MISSING, f"lane {number} was assigned and has not run for {patience} s")

    def _watch_partitions(self) -> None:
        for topic in self._layout.topics:
            count = len(self._consumer.partitions_for_topic(topic.name) or ())
            if count > topic.partitions:
                leave_changed(
                    f"topic {topic.name} has {count} partitions, the lanes are laid out for {topic.partitions}"
                )

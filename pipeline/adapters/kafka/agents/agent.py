"""A stateful stage as a Faust agent: each record's effects are committed exactly once.

Faust brings the membership of a group, the flow of records and the life of a
worker. What it does with offsets, tables and transactions is not used: all that
lies in `take_over`, `input_partition` and `transport`. No exception leaves the
agent's body, for Faust would acknowledge the record and go on.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import faust
from aiokafka import TopicPartition
from yarl import URL

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.agents.input_partition import RulesetChanged
from pipeline.adapters.kafka.agents.take_over import Owner
from pipeline.adapters.kafka.agents.transport import Seat, Transport
from pipeline.adapters.kafka.committed import commit_beginnings
from pipeline.adapters.kafka.leaving import Word
from pipeline.adapters.kafka.options import AgentOptions
from pipeline.adapters.kafka.starting import check_agent
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import StatefulStage

LOOK_SECONDS = 1.0
"""How often the watch and the gauges look round."""


class _App(faust.App):
    def _create_directories(self) -> None:
        """Without tables nothing lies on disk."""


class Agent:
    """One process of a stateful stage.

    Args:
        stage: The rules, as bytes in and bytes out.
        options: How it runs.
        observer: Hears what happens.
        ruleset_changed: Makes the decision that says that the rules are other ones than before.
    """

    def __init__(
        self,
        stage: StatefulStage,
        options: AgentOptions,
        observer: Observer | None = None,
        ruleset_changed: RulesetChanged | None = None,
    ) -> None:
        self._stage = stage
        self._options = options
        self._observer = observer or Observer()
        self._owner = Owner(stage, options, self._observer, ruleset_changed)
        self._stop = asyncio.Event()
        self._unchanged: dict[int, tuple[object, float]] = {}

    def stop(self) -> None:
        """Ask for a planned stop; `run` returns when it is done."""
        self._stop.set()

    async def run(self) -> None:
        """Work until `stop`; commits a snapshot at the last output before it returns.

        Raises:
            ConfigError: If the topics are not as the settings say.
        """
        options = self._options
        await check_agent(options, self._stage.name, self._stage.source)
        await self._commit_for_faust()
        app = self._new_app()
        tasks = [asyncio.create_task(self._guarded(job)) for job in (self._flush_waiting, lambda: self._watch(app))]
        tasks.append(asyncio.create_task(self._guarded(lambda: self._run_app(app))))
        await self._stop.wait()
        try:
            async with asyncio.timeout(options.stop_seconds):
                await self._owner.give_up(with_snapshot=True)
                for task in tasks:
                    task.cancel()
                await app.stop()
        except TimeoutError:
            leaving.leave(Word.STOP_DEADLINE, f"the planned stop took longer than {options.stop_seconds} s")

    async def _run_app(self, app: Any) -> None:
        await app.start()
        await app.wait_until_stopped()
        if not self._stop.is_set():
            why = app.crash_reason or RuntimeError("no reason given")
            leaving.leave_for(why, f"{self._stage.name}: Faust stopped by itself")

    async def _commit_for_faust(self) -> None:
        """Aiokafka looks for a committed offset before our first seek, and has to find one; it is never used."""
        options = self._options
        topic = options.connection.topic(self._stage.source)
        tps = [TopicPartition(topic, number) for number in range(options.partitions)]
        await commit_beginnings(options.connection, options.group, None, tps)

    def _new_app(self) -> Any:
        options = self._options
        urls = [URL(f"kafka://{broker.strip()}") for broker in options.connection.bootstrap.split(",")]
        app = _App(
            options.group,
            broker=urls,
            loop=asyncio.get_running_loop(),
            store="memory://",
            web_enabled=False,
            topic_allow_declare=False,
            topic_disable_leader=True,
            topic_partitions=options.partitions,
            key_serializer="raw",
            value_serializer="raw",
            broker_commit_interval=1.0,
            broker_commit_every=500,
            broker_max_poll_records=500,
            broker_session_timeout=options.session_seconds,
            broker_rebalance_timeout=options.session_seconds,
            broker_request_timeout=options.request_seconds,
            broker_max_poll_interval=options.request_seconds,
            stream_buffer_maxsize=256,
            producer_linger=0,
            producer_acks=-1,
        )
        topic = options.connection.topic(self._stage.source)
        seat = Seat(options, topic, self._owner.take_over)
        app.transport = Transport(url=urls, app=app, loop=asyncio.get_running_loop(), seat=seat)
        app.producer_transport = app.transport
        source = app.topic(topic, key_type=bytes, value_type=bytes, partitions=options.partitions)
        app.agent(source, name=self._stage.name)(self._body)
        app.on_partitions_revoked.connect(self._on_revoked, weak=False)
        return app

    async def _body(self, stream: Any) -> None:
        async for event in stream.events():
            try:
                message = event.message
                partition = self._owner.partitions.get(message.partition)
                if partition is not None:  # else it is no longer ours, or not yet: the seek brings it back
                    await partition.take(message.record, message.previous_offset)
            except BaseException as error:  # noqa: BLE001 - whatever left here would be acknowledged
                leaving.leave_for(error, f"{self._stage.name}: record")

    async def _on_revoked(self, *_: Any, **__: Any) -> None:
        try:
            await self._owner.give_up(with_snapshot=True)
        except BaseException as error:  # noqa: BLE001 - Faust would call it a crash and wait for its end
            leaving.leave_for(error, f"{self._stage.name}: give up")

    async def _guarded(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - nobody else hears what a task raises
            leaving.leave_for(error, f"{self._stage.name}: task")

    async def _flush_waiting(self) -> None:
        while True:
            await asyncio.sleep(self._options.flush_seconds)
            due = [p for p in self._owner.partitions.values() if p.has_outputs or p.is_snapshot_due]
            await asyncio.gather(*(partition.flush() for partition in due))
            self._observer.alive(self._stage.name)

    async def _watch(self, app: Any) -> None:
        """A worker that stands still is worse than a dead one, which is started again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            ends = app.consumer.read_ends() if app.started else {}
            for number, (position, stable_end, last_read) in ends.items():
                self._look_at(number, position, stable_end, last_read)
            for gone in self._unchanged.keys() - ends.keys():
                del self._unchanged[gone]

    def _look_at(self, number: int, position: int | None, stable_end: int | None, last_read: int | None) -> None:
        """Leave if a partition has work, or should be taken over, and nothing moves for too long."""
        options, partition = self._options, self._owner.partitions.get(number)
        done = None if partition is None else partition.done
        if partition is not None and stable_end is not None:
            has_all = position is not None and partition.done >= (last_read or -1)
            following = (position or 0) if has_all else partition.done + 1  # the position has passed marks, too
            self._observer.lag(self._stage.source, number, max(0, stable_end - following))
        is_behind = done is None or done < (last_read or -1) or (position or 0) < (stable_end or 0)
        sight, now = (done, position, is_behind), time.monotonic()
        seen, since = self._unchanged.get(number, (None, now))
        if seen != sight or not is_behind:
            self._unchanged[number] = (sight, now)
            return
        patience = options.stall_seconds if done is not None else options.load_seconds_max + options.stall_seconds
        if now - since >= patience:
            leaving.leave(
                Word.STALLED,
                f"{self._stage.name}: {self._stage.source}/{number}: nothing moved for {patience} s: worked on {done},"
                f" read {last_read}, next {position}, log ends at {stable_end}",
            )

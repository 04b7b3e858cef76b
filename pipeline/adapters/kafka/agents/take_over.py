"""Taking an input partition over: fence, load, check, and only then begin.

Nothing starts at a guessed place. A partition without a state needs
`--first-start`, a position outside the log ends the process, and a state is
rebuilt only if the log still holds every record since the epoch began.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.agents.input_partition import InputPartition, RulesetChanged, state_topic
from pipeline.adapters.kafka.agents.snapshots import (
    PROGRESS,
    Progress,
    Snapshot,
    load_snapshots,
    progress_message,
    slot_messages,
)
from pipeline.adapters.kafka.leaving import EXIT_SETTINGS, Word
from pipeline.adapters.kafka.options import AgentOptions, Connection
from pipeline.adapters.kafka.producers import Committer, start_transactional, transactional_id
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import StatefulStage

COMMITS_AT_ONCE = 6
"""Transactions of a process that are open at a time. All of a process's transactions share its CPU, so 24 side by side
are each open for as long as all take: on a machine that was short of it, for longer than Kafka waits."""

FIRST_OFFSET = 0
"""Where an epoch begins: its topic was new."""


@dataclass(frozen=True, slots=True)
class Log:
    """What an input partition holds.

    Attributes:
        first: Offset of its first record.
        after: One more than that of its last committed one.
    """

    first: int
    after: int


async def log_bounds(connection: Connection, topic: str, partitions: frozenset[int]) -> dict[int, Log]:
    """First and last offsets of partitions, as a reader of committed records sees them.

    Args:
        connection: To the brokers.
        topic: Noun of the topic.
        partitions: Numbers of its partitions.
    """
    tps = [TopicPartition(connection.topic(topic), number) for number in sorted(partitions)]
    reader = AIOKafkaConsumer(**connection.client(), isolation_level="read_committed", enable_auto_commit=False)
    await reader.start()
    try:
        first, after = await reader.beginning_offsets(tps), await reader.end_offsets(tps)
    finally:
        await reader.stop()
    return {tp.partition: Log(first[tp], after[tp]) for tp in tps}


class Owner:
    """The input partitions that this process owns, and how it comes by them.

    Args:
        stage: The rules.
        options: How the agent runs.
        observer: Hears what happens.
        ruleset_changed: Makes the record that says that the rules are other ones now.
    """

    def __init__(
        self, stage: StatefulStage, options: AgentOptions, observer: Observer, ruleset_changed: RulesetChanged | None
    ) -> None:
        self.partitions: dict[int, InputPartition] = {}
        self._stage = stage
        self._options = options
        self._observer = observer
        self._ruleset_changed = ruleset_changed
        self._rebuilt: set[int] = set()
        self._turns = asyncio.Semaphore(COMMITS_AT_ONCE)

    async def take_over(self, numbers: frozenset[int]) -> Mapping[int, int]:
        """Own these partitions, and no other, from now on.

        Returns:
            The next offset of each.
        """
        self._observer.taking_over(self._stage.name, len(numbers))
        await self.give_up(with_snapshot=False)
        began: list[Committer] = []
        try:
            async with asyncio.timeout(self._options.load_seconds_max):
                self.partitions = await self._load(numbers, began)
        except TimeoutError:
            leaving.leave(
                Word.LOAD_DEADLINE,
                f"{self._stage.name}: the states of {len(numbers)} partitions took longer than"
                f" {self._options.load_seconds_max} s: give each process fewer, or raise request_seconds",
            )
        except asyncio.CancelledError:  # another rebalance has begun: leave no producer behind
            await asyncio.gather(*(committer.stop() for committer in began))
            raise
        self._observer.assigned(self._stage.name, len(numbers))
        return {number: partition.done + 1 for number, partition in self.partitions.items()}

    async def give_up(self, *, with_snapshot: bool) -> None:
        """Own nothing any more."""
        partitions, self.partitions = self.partitions, {}
        await asyncio.gather(*(partition.close(with_snapshot=with_snapshot) for partition in partitions.values()))

    async def _load(self, numbers: frozenset[int], began: list[Committer]) -> dict[int, InputPartition]:
        committers = dict(
            zip(
                sorted(numbers),
                await asyncio.gather(*(self._new_committer(n, began) for n in sorted(numbers))),
                strict=True,
            )
        )
        options = self._options
        logs = await log_bounds(options.connection, self._stage.source, numbers)
        loaded = await load_snapshots(options.connection, state_topic(self._stage), numbers, options.epoch)
        partitions = {}
        for number, (snapshot, seconds) in sorted(loaded.items()):
            self._observer.state_loaded(self._stage.name, len(snapshot.slots), seconds)
            await self._begin(number, snapshot, logs[number], committers[number])
            partitions[number] = InputPartition(
                number, self._stage, snapshot, committers[number], options, observer=self._observer
            )
            await asyncio.sleep(0)  # decoding a state takes time: here the deadline may strike
        return partitions

    async def _new_committer(self, number: int, began: list[Committer]) -> Committer:
        options = self._options
        name = transactional_id(options.group, options.epoch, number)
        timeout_ms = int(options.transaction_seconds * 1_000)
        # It fences: only now is the state final.
        producer = await start_transactional(options.connection, name, timeout_ms)
        committer = Committer(options.connection, producer, self._stage.name, self._observer, self._turns)
        began.append(committer)
        return committer

    async def _begin(self, number: int, snapshot: Snapshot, log: Log, committer: Committer) -> None:
        """Make the snapshot one that can be started from, or leave."""
        first_words: list[Message] = []
        if self._options.rebuild and number not in self._rebuilt:
            self._require_whole_log(number, log)
            first_words = self._start_over(number, snapshot, FIRST_OFFSET)
        elif snapshot.progress is None:
            self._require_first_start(number)
            first_words = self._start_over(number, snapshot, log.first)
        elif snapshot.progress.ruleset != self._stage.ruleset:
            first_words = self._say_ruleset_changed(number, snapshot, snapshot.progress)
        self._require_inside_log(number, snapshot, log)
        if first_words:
            await committer.commit(first_words)
        self._rebuilt.add(number)

    def _start_over(self, number: int, snapshot: Snapshot, offset: int) -> list[Message]:
        """Forget the slots, here and in the topic; what is out stays known as out."""
        topic = state_topic(self._stage)
        forgotten: dict[bytes, bytes | None] = dict.fromkeys(sorted(snapshot.slots))
        snapshot.slots.clear()
        snapshot.progress = Progress(epoch=self._options.epoch, offset=offset - 1, ruleset=self._stage.ruleset)
        return [*slot_messages(topic, number, forgotten), progress_message(topic, number, snapshot.progress)]

    def _say_ruleset_changed(self, number: int, snapshot: Snapshot, before: Progress) -> list[Message]:
        """The decision goes out in the transaction that writes the new ruleset, hence once."""
        topic = state_topic(self._stage)
        snapshot.progress = Progress(epoch=before.epoch, offset=before.offset, ruleset=self._stage.ruleset)
        words = [progress_message(topic, number, snapshot.progress)]
        if self._ruleset_changed is not None:
            words.append(self._ruleset_changed(number, before.ruleset, self._stage.ruleset))
        return words

    def _require_first_start(self, number: int) -> None:
        if not self._options.first_start:
            leaving.leave(
                Word.STATE_MISSING,
                f"{state_topic(self._stage)}/{number} holds no {PROGRESS.decode()} of epoch {self._options.epoch}:"
                " start once with --first-start to begin at the start of the log",
                code=EXIT_SETTINGS,
            )

    def _require_whole_log(self, number: int, log: Log) -> None:
        if log.first != FIRST_OFFSET:
            leaving.leave(
                Word.REBUILD_REFUSED,
                f"{self._stage.source}/{number} begins at offset {log.first}, the epoch began at {FIRST_OFFSET}:"
                " what is gone from the log cannot be rebuilt; restore a kept snapshot",
                code=EXIT_SETTINGS,
            )

    def _require_inside_log(self, number: int, snapshot: Snapshot, log: Log) -> None:
        position = snapshot.progress.offset + 1 if snapshot.progress else -1
        if not log.first <= position <= log.after:
            leaving.leave(
                Word.OFFSET_OUTSIDE_LOG,
                f"{self._stage.source}/{number}: the state goes on at offset {position}, the log holds {log.first} to"
                f" {log.after}: records expired unread, or the topic was made again: {leaving.GAP_FIX}",
                code=EXIT_SETTINGS,
            )

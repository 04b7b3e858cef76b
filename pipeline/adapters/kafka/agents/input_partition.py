"""One input partition of a stateful stage: its state, its outputs, its transactions.

The log is the truth, state is a cache of it. After a start the state is what
the last snapshot holds; the rest of the log is read again, and outputs up to
`~emitted` are thrown away, for they are out already, byte for byte the same.
A stage that does not hold back writes what changed into every transaction, so
that nothing is ever read again under other rules.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.agents.snapshots import (
    Progress,
    Snapshot,
    emitted_message,
    progress_message,
    slot_messages,
)
from pipeline.adapters.kafka.leaving import Word
from pipeline.adapters.kafka.options import AgentOptions
from pipeline.adapters.kafka.producers import Committer
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.kinds import state_noun_of
from pipeline.records.raw.record import RawRecord

RulesetChanged = Callable[[int, str, str], Message]
"""Partition, ruleset before, ruleset now: the record for `decisions` that says so."""


def state_topic(stage: StatefulStage) -> str:
    """Noun of the topic that holds a stage's state."""
    return state_noun_of(stage.name)


class InputPartition:
    """A partition that this process owns.

    Args:
        number: Which one.
        stage: The rules.
        snapshot: What its state topic holds; must have progress.
        committer: Its fenced producer.
        options: Limits and epoch.
        observer: Hears what happens.

    Attributes:
        done: Offset of the last record worked on.
        emitted: Offset up to which outputs are out.
        worked_at: Monotonic seconds of the last record worked on.
    """

    def __init__(
        self,
        number: int,
        stage: StatefulStage,
        snapshot: Snapshot,
        committer: Committer,
        options: AgentOptions,
        *,
        observer: Observer,
    ) -> None:
        if snapshot.progress is None:
            raise ValueError(f"partition {number}: no progress")
        self.number = number
        self.done = snapshot.progress.offset
        self.emitted = snapshot.emitted if stage.hold_back else max(snapshot.emitted, self.done)
        self.worked_at = self._snapshot_at = time.monotonic()
        self._stage = stage
        self._state: Any = stage.load(number, snapshot.slots)
        self._committer = committer
        self._options = options
        self._observer = observer
        self._outputs: list[Message] = []
        self._since_snapshot = 0
        self._committing = asyncio.Lock()
        self._closed = False

    async def take(self, record: RawRecord, previous_offset: int) -> None:
        """Work on a record, if it is the next one.

        Args:
            record: The record.
            previous_offset: Offset of the visible record before it. If it was not
                worked on, it was lost on its way here: the process leaves.
        """
        if self._closed or record.offset <= self.done:
            return
        if previous_offset > self.done:
            leaving.leave(
                Word.RECORD_LOST,
                f"{self._stage.name}: {record.topic}/{record.partition}: record {previous_offset} never came,"
                f" {record.offset} did, {self.done} was the last one",
            )
        outputs = self._stage.apply(self._state, record)
        self.done = record.offset
        self.worked_at = time.monotonic()
        self._since_snapshot += 1
        self._observer.consumed(self._stage.name, self._stage.source, 1)
        if record.offset > self.emitted:
            self._outputs += outputs
        if self.is_full:
            await self.flush()

    @property
    def is_full(self) -> bool:
        """Whether outputs or state must not wait longer."""
        return len(self._outputs) >= self._options.flush_messages or self.is_snapshot_due

    @property
    def is_snapshot_due(self) -> bool:
        """Whether enough was done since the last snapshot that a restart would take long."""
        if not self._since_snapshot:
            return False
        old = time.monotonic() - self._snapshot_at >= self._options.snapshot_seconds
        return old or self._since_snapshot >= self._options.snapshot_records

    @property
    def has_outputs(self) -> bool:
        """Whether outputs wait."""
        return bool(self._outputs)

    async def flush(self, *, with_snapshot: bool = False) -> None:
        """Commit waiting outputs, how far they go, and the state if it is due.

        Args:
            with_snapshot: Write the state also if it is not due: a planned stop.
        """
        async with self._committing:
            # Up to the first await nothing else runs: outputs, offset and slots are of one moment.
            outputs, self._outputs = self._outputs, []
            done = self.done
            messages = list(outputs)
            if self._writes_state(outputs, asked=with_snapshot):
                messages += self._state_messages(done)
            if done > self.emitted and messages:
                messages.append(emitted_message(state_topic(self._stage), self.number, self._options.epoch, done))
            if messages:
                await self._committer.commit(messages)
                self.emitted = max(self.emitted, done)

    def _writes_state(self, outputs: list[Message], *, asked: bool) -> bool:
        if not self._since_snapshot:
            return False
        return asked or self.is_snapshot_due or (bool(outputs) and not self._stage.hold_back)

    def _state_messages(self, done: int) -> list[Message]:
        slots = self._stage.slots(self._state, all_slots=False)
        self._since_snapshot = 0
        self._snapshot_at = time.monotonic()
        self._observer.snapshot(self._stage.name, len(slots), sum(len(value or b"") for value in slots.values()))
        progress = Progress(epoch=self._options.epoch, offset=done, ruleset=self._stage.ruleset)
        topic = state_topic(self._stage)
        return [*slot_messages(topic, self.number, slots), progress_message(topic, self.number, progress)]

    async def close(self, *, with_snapshot: bool) -> None:
        """Take no more records, commit what is in hand if asked to, and stop the producer."""
        self._closed = True
        if with_snapshot:
            await self.flush(with_snapshot=True)
        await self._committer.stop()

"""One lane of INGEST on Kafka: what it has read, what it holds, and its transactions.

While one batch is being committed the next one already grows: accumulator and
offsets are cut at the same place, before the first await of the transaction.
"""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.committed import Mark, write_mark
from pipeline.adapters.kafka.leaving import Word
from pipeline.adapters.kafka.options import IngestOptions
from pipeline.adapters.kafka.producers import Committer
from pipeline.adapters.stages.contracts import Accumulator, IngestStage


class KafkaLane:
    """A lane that this process owns.

    Args:
        number: Which lane; at most one partition of each source belongs to it.
        marks: Where each of its partitions stands.
        committer: Its fenced producer.
        stage: Makes the accumulator and encodes what it held.
        options: Batch limits, group, epoch.
    """

    def __init__(
        self,
        number: int,
        marks: Mapping[TopicPartition, Mark],
        committer: Committer,
        stage: IngestStage,
        options: IngestOptions,
    ) -> None:
        layout = options.laid_out
        self.number = number
        self.committer = committer
        self.next = {tp: mark.offset for tp, mark in marks.items()}
        self.waiting: dict[TopicPartition, Sequence[Any]] = {}
        self._sources = {tp: layout.source(tp) for tp in marks}
        self._pinned = {tp: layout.pinned(tp, options.partitions.signals) for tp in marks}
        self._stage = stage
        self._options = options
        clocks = {self._sources[tp]: mark.clock_ms for tp, mark in marks.items() if mark.clock_ms is not None}
        habits = {self._sources[tp]: mark.habits for tp, mark in marks.items() if mark.habits}
        self._accumulator: Accumulator = stage.new_lane(number, {**clocks, **layout.absent(number)}, habits)
        self._moved: set[TopicPartition] = set()
        self._since: float | None = None
        self._flushing: asyncio.Task[None] | None = None

    @property
    def clocks(self) -> Mapping[str, int]:
        """Source to clock, in ms, as far as it has read."""
        return self._accumulator.clocks

    @property
    def count(self) -> int:
        """Records taken since the last batch was cut."""
        return self._accumulator.count

    def take(self, tp: TopicPartition, records: Sequence[Any], limit_ms: int | None, most: int | None = None) -> int:
        """Take records of one partition; those past the limit, or too many for now, wait here.

        Args:
            tp: Where they were read.
            records: In the order of their offsets, at least one.
            limit_ms: Up to which event time; None for all.
            most: How many at most, 1 or more; None for all.

        Returns:
            How many were taken.
        """
        if records[0].offset < self.next[tp] or self.waiting.get(tp, records) is not records:
            leaving.leave(Word.OUT_OF_TURN, f"{tp}: read {records[0].offset} again, expected {self.next[tp]} or more")
        taken = self._take_up_to(self._sources[tp], records[:most], limit_ms)
        if taken:
            self.next[tp] = records[taken - 1].offset + 1
            self._moved.add(tp)
            if self._since is None:
                self._since = time.monotonic()
        if taken < len(records):
            self.waiting[tp] = records[taken:]
        else:
            self.waiting.pop(tp, None)
        return taken

    def _take_up_to(self, source: str, records: Sequence[Any], limit_ms: int | None) -> int:
        """Hand in no more than the limit surely allows: what comes back would have to be decoded once more.

        A clock is never ahead of the Kafka timestamps that it was read from.
        """
        if limit_ms is None or records[-1].timestamp <= limit_ms:
            return self._accumulator.take(source, records, limit_ms)
        allowed = bisect_right(records, limit_ms, key=lambda record: record.timestamp)
        return self._accumulator.take(source, records[:allowed], limit_ms) if allowed else 0

    def is_due(self, now: float) -> bool:
        """Tell whether the batch in hand is long or large enough."""
        if self._since is None:
            return False
        return self.count >= self._options.batch_records or now - self._since >= self._options.batch_seconds

    @property
    def is_flushing(self) -> bool:
        """Whether a transaction is under way."""
        return self._flushing is not None and not self._flushing.done()

    @property
    def is_overfull(self) -> bool:
        """Whether a second batch is complete while the first is still being committed."""
        return self.is_flushing and self.count >= self._options.batch_records

    def start_flush(self) -> None:
        """Cut the batch here and commit it in a task of its own; the former one must be done."""
        assert not self.is_flushing, "one transaction at a time"
        if self._since is None:
            return
        offsets = {tp: self._mark(tp) for tp in sorted(self._moved)}
        messages = self._stage.messages(self._accumulator.close())
        self._moved.clear()
        self._since = None
        self._flushing = asyncio.create_task(self._commit(messages, offsets), name=f"lane-{self.number}")

    def _mark(self, tp: TopicPartition) -> OffsetAndMetadata:
        source = self._sources[tp]
        habits = self._accumulator.habits.get(source, "")
        mark = Mark(self.next[tp], self.clocks.get(source), self._pinned[tp], habits)
        return write_mark(mark, self._options.epoch)

    async def _commit(self, messages: list[Message], offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        try:
            await self.committer.commit(messages, offsets, self._options.group)
        except BaseException as error:  # noqa: BLE001 - nobody else hears what a task raises
            leaving.leave_for(error, f"lane {self.number}: commit")

    async def flushed(self) -> None:
        """Wait until no transaction is under way."""
        if self._flushing is not None:
            await self._flushing

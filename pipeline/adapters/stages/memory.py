"""Replay: raw records in, published records out, in one process and without Kafka.

The stages are the same objects that the Kafka shells drive, and every record
between them takes its bytes' form, so nothing can pass here that could not
pass there. Only the order of work differs, which the stages do not see: a
batch ends after some records or some event time, so memory holds a batch and
the open state, never the recording.

A heartbeat moves its partition's clock and does nothing else, and a clock never
goes back. So of heartbeats with no other record of their partition between them
only the latest is handed to INGEST; the others are counted as used. That holds for recorded
heartbeats as for a `Lull`, which is nothing but such a run in every partition.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.recordings.heartbeats import Lull
from pipeline.adapters.stages.shell import Stages
from pipeline.flow import ANOMALIES, SIGNALS
from pipeline.ingest.apply import Lane
from pipeline.records.clocks import HOUR_MS, INSTANT_MAX_MS, SOURCES
from pipeline.records.partitioner import partition_for
from pipeline.records.raw.feeds import FeedCounts
from pipeline.records.raw.record import HEARTBEAT_HEADERS, RawRecord, is_heartbeat

BATCH_RECORDS: Final = 20_000
"""A batch ends after so many records of all lanes; some 10 MB."""

BATCH_MS: Final = 6 * HOUR_MS
"""Or after so much time by Kafka's timestamps: incidents show while a quiet recording runs, which takes some
50 ms for so long, and the steps that DETECT judges at once stay few."""


OnFeeds = Callable[[FeedCounts], None]


class Passed(msgspec.Struct, frozen=True):
    """A record on its way between two stages."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class _Waiting:
    """The records of a batch, by partition, without the heartbeats that say nothing new."""

    def __init__(self, lanes: int) -> None:
        self._records: list[list[list[RawRecord]]] = [[[] for _ in SOURCES] for _ in range(lanes)]
        self._told = [[_NEVER for _ in SOURCES] for _ in range(lanes)]
        self._passed_to = _NEVER
        self._left_out = 0

    def pass_time(self, lull: Lull) -> None:
        """Let time pass in all partitions; each is told before its next record, or at the end of the batch."""
        self._passed_to = max(self._passed_to, lull.pane_ends[-1])
        self._left_out += lull.heartbeats

    def add(self, record: RawRecord) -> None:
        """Take a record; a heartbeat right after another takes its place if it says more."""
        rank = _RANKS[record.topic]
        if self._told[record.partition][rank] < self._passed_to:
            self._tell(record.partition, rank)
        records = self._records[record.partition][rank]
        if not record.value and records and _is_usable(record) and _is_usable(records[-1]):
            self._left_out += 1
            if record.timestamp > records[-1].timestamp:
                records[-1] = record
            return
        records.append(record)

    def of(self, lane: int) -> Iterator[tuple[str, list[RawRecord]]]:
        """Hand out what waits for a lane, by source, and keep nothing of it."""
        for rank, source in enumerate(SOURCES):
            if self._told[lane][rank] < self._passed_to:
                self._tell(lane, rank)
            records = self._records[lane][rank]
            if records:
                self._records[lane][rank] = []
                yield source, records

    def left_out(self) -> int:
        """How many heartbeats were not handed out since the last call."""
        count, self._left_out = self._left_out, 0
        return count

    def _tell(self, lane: int, rank: int) -> None:
        self._told[lane][rank] = self._passed_to
        self._left_out -= 1
        beat = Passed(SOURCES[rank], lane, 0, self._passed_to, None, b"", HEARTBEAT_HEADERS)
        self._records[lane][rank].append(beat)


_NEVER: Final = -1
_RANKS: Final = {source: rank for rank, source in enumerate(SOURCES)}


def _is_usable(record: RawRecord) -> bool:
    """Is it a heartbeat that INGEST takes for one, and does not refuse for its time?"""
    return 0 <= record.timestamp <= INSTANT_MAX_MS and is_heartbeat(record)


def _cut(lull: Lull, batch_ms: int, began: int | None) -> Iterator[Lull]:
    """Cut a lull where batches end: with the first pane end that is so long after the batch's first record."""
    pane_ends = lull.pane_ends
    while pane_ends:
        first = pane_ends[0] if began is None else began
        count = max(1, len(range(pane_ends.start, first + batch_ms, pane_ends.step)) + 1)
        yield Lull(pane_ends[:count], lull.partitions)
        pane_ends, began = pane_ends[count:], None


class MemoryFlow:
    """All stages in one process.

    Args:
        stages: All stages, with compiled rules.
        publish: Gets every message for a result topic, in order.
        anomalies_partitions: Partitions of `anomalies`, as in Kafka; the number changes nothing but where state lies.
        first_clocks: Clocks that a lane begins with: those of sources that have no partition in it.
        on_feeds: Hears what became of each feed's records so far, before anything is published that follows.
    """

    def __init__(
        self,
        stages: Stages,
        publish: Callable[[Message], None],
        anomalies_partitions: int = 1,
        first_clocks: Callable[[int], Mapping[str, int]] = lambda _: {},
        on_feeds: OnFeeds = lambda _feeds: None,
    ) -> None:
        self._stages, self._publish, self._on_feeds = stages, publish, on_feeds
        config = stages.ingest.rules.config
        self._lanes: list[Lane] = [
            stages.ingest.new_lane(number, first_clocks(number), {}) for number in range(config.lanes)
        ]
        counts = {SIGNALS.noun: config.signals_partitions, ANOMALIES.noun: anomalies_partitions}
        self._readers = {
            stage.source: (stage, [stage.new_state(number) for number in range(counts[stage.source])])
            for stage in stages.keyed
        }
        self._offsets: dict[tuple[str, int], int] = {}
        self._waiting = _Waiting(config.lanes)
        self.quarantined = 0
        self.feeds = FeedCounts()
        self.used = 0

    def run(
        self, records: Iterable[RawRecord | Lull], *, batch_records: int = BATCH_RECORDS, batch_ms: int = BATCH_MS
    ) -> Iterator[int]:
        """Send raw records through.

        Args:
            records: In merged order; time passes with heartbeats or lulls.
            batch_records: Cut of a batch, 1 or more, heartbeats counted and lulls not; any gives the same results.
            batch_ms: Its length by Kafka's timestamps, 1 or more; any gives the same results.

        Yields:
            The Kafka timestamp that has been reached, after each batch, in ms.
        """
        held, began = 0, None
        timestamp = 0
        for told in records:
            for record in _cut(told, batch_ms, began) if isinstance(told, Lull) else (told,):
                if isinstance(record, Lull):
                    first, timestamp = record.pane_ends[0], record.pane_ends[-1]
                    self._waiting.pass_time(record)
                else:
                    first = timestamp = record.timestamp
                    self._waiting.add(record)
                    held += 1
                if began is None:
                    began = first
                if held >= batch_records or timestamp - began >= batch_ms:
                    self._work()
                    held, began = 0, None
                    yield timestamp
        if began is not None:
            self._work()
            yield timestamp

    def _work(self) -> None:
        for lane in self._lanes:
            for source, records in self._waiting.of(lane.number):
                lane.take(source, records, None)
            if lane.count:
                batch = lane.close()
                self.used += batch.used
                self.quarantined += len(batch.quarantined)
                self.feeds.merge(batch.feeds)
                self._on_feeds(self.feeds)
                for message in self._stages.ingest.messages(batch):
                    self._pass(message)
        self.used += self._waiting.left_out()

    def _pass(self, message: Message) -> None:
        """Hand a message to the stage that reads its topic, or out."""
        reader = self._readers.get(message.topic)
        if reader is None:
            self._publish(message)
            return
        stage, states = reader
        partition = message.partition
        if partition is None:
            partition = partition_for(message.key or b"", len(states))
        produced = stage.apply(states[partition], self._placed(message, partition))
        for following in produced:
            self._pass(following)

    def _placed(self, message: Message, partition: int) -> Passed:
        place = (message.topic, partition)
        offset = self._offsets.get(place, 0)
        self._offsets[place] = offset + 1
        return Passed(message.topic, partition, offset, 0, message.key, message.value, message.headers)

"""Replay: raw records in, published records out, in one process and without Kafka.

The stages are the same objects that the Kafka shells drive, and every record
between them takes its bytes' form, so nothing can pass here that could not
pass there. Only the order of work differs, which the stages do not see: a
batch ends after some records or some event time, so memory holds a batch and
the open state, never the recording.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.stages.shell import Stages
from pipeline.flow import ANOMALIES, SIGNALS
from pipeline.ingest.apply import Lane
from pipeline.records.clocks import SOURCES
from pipeline.records.partitioner import partition_for
from pipeline.records.raw.record import RawRecord

BATCH_RECORDS: Final = 20_000
"""A batch ends after so many records of all lanes; some 10 MB."""

BATCH_MS: Final = 600_000
"""Or after so much time by Kafka's timestamps, so that incidents show while a quiet recording runs."""


class Passed(msgspec.Struct, frozen=True):
    """A record on its way between two stages."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class MemoryFlow:
    """All stages in one process.

    Args:
        stages: Compiled.
        publish: Gets every message for a result topic, in order.
        anomalies_partitions: Of `anomalies`, as in Kafka; changes nothing but where state lies.
    """

    def __init__(self, stages: Stages, publish: Callable[[Message], None], anomalies_partitions: int = 1) -> None:
        self._stages, self._publish = stages, publish
        config = stages.ingest.rules.config
        self._lanes: list[Lane] = [stages.ingest.new_lane(number, {}) for number in range(config.lanes)]
        counts = {SIGNALS.noun: config.signals_partitions, ANOMALIES.noun: anomalies_partitions}
        self._readers = {
            stage.source: (stage, [stage.new_state(number) for number in range(counts[stage.source])])
            for stage in stages.keyed
        }
        self._offsets: dict[tuple[str, int], int] = {}
        self.quarantined = 0
        self.used = 0

    def run(self, records: Iterable[RawRecord], *, batch_records: int = BATCH_RECORDS) -> Iterator[int]:
        """Send raw records through.

        Args:
            records: In merged order, heartbeats included.
            batch_records: Cut of a batch; any gives the same results.

        Yields:
            The Kafka timestamp that has been reached, after each batch, in ms.
        """
        waiting: list[list[list[RawRecord]]] = [[[] for _ in SOURCES] for _ in self._lanes]
        numbers = {source: number for number, source in enumerate(SOURCES)}
        held, began = 0, None
        timestamp = 0
        for record in records:
            waiting[record.partition][numbers[record.topic]].append(record)
            held += 1
            timestamp = record.timestamp
            if began is None:
                began = timestamp
            if held >= batch_records or timestamp - began >= BATCH_MS:
                self._work(waiting)
                held, began = 0, None
                yield timestamp
        if held:
            self._work(waiting)
            yield timestamp

    def _work(self, waiting: list[list[list[RawRecord]]]) -> None:
        for lane, sources in zip(self._lanes, waiting, strict=True):
            for source, records in zip(SOURCES, sources, strict=True):
                if records:
                    lane.take(source, records, None)
                    records.clear()
            if lane.count:
                batch = lane.close()
                self.used += batch.used
                self.quarantined += len(batch.quarantined)
                for message in self._stages.ingest.messages(batch):
                    self._pass(message)

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

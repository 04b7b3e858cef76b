"""`tocsin record`: topics of a broker into a recording, without leaving a trace there.

Partitions are assigned, not subscribed: no group is joined, no offset
committed, so that recording cannot disturb who reads the same topics. The end
of each partition is taken first; what arrives later is not waited for.

The partitions are merged by timestamp on the way. One that runs ahead is
paused, so that memory is bounded by `BUFFER_RECORDS` a partition, not by how
differently the partitions are filled.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from pipeline.adapters.kafka.header_names import take_any_header_name
from pipeline.adapters.kafka.layout import Layout, layout_of
from pipeline.adapters.kafka.options import Connection, Login
from pipeline.adapters.kafka.rights.entering import entered
from pipeline.adapters.kafka.rights.needed import Operation, Resource, Right
from pipeline.adapters.kafka.rights.trying import ask_topics, missing_rights
from pipeline.adapters.recordings.format import (
    Manifest,
    RecordedRecord,
    RecordingError,
    TopicInfo,
    source_rank,
    stamp_of,
)
from pipeline.adapters.recordings.progress import OnProgress, Progress, ignore
from pipeline.adapters.recordings.writer import RecordingWriter, Written
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import ConfigError

BUFFER_RECORDS: Final = 5_000
"""Of one partition: a few fetches, so that the broker is never waited for."""

STALL_SECONDS_MAX: Final = 30.0
"""Silence of the broker after which recording gives up; a fetch takes a tenth of a second."""

KNOWN_SECONDS: Final = 0.3
"""A topic that is not known is asked for once more after so long."""

_POLL_MS = 500
_Place = tuple[int, tuple[int, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions:
    """What to record.

    Attributes:
        bootstrap: Address of the broker, host:port.
        out: The recording, ends in `.jsonl.zst`.
        created: Now, RFC 3339; written to the manifest.
        tool: Who records; written to the manifest.
        topics: Without the prefix.
        prefix: What the broker's names of them begin with; left out of the recording.
        raw: Source to the whole names of its topics, where they are those of others; what is recorded of them has the
            source's noun, and the lane as its partition.
        since_ms: Kafka timestamp of the first record; None for the start of the log.
        until_ms: Kafka timestamp before which it ends; None for the end of the log.
        read_committed: Leave out what aborted transactions wrote; a partition then
            ends before the first transaction that is still open.
        has_heartbeats: The topics tell their time themselves: true where INGEST
            reads them or a recording was played into them. Else the replay adds heartbeats.
        part_bytes: Size of a part before compression; None for one file.
        security: Settings for SASL and TLS, as aiokafka names them.
        login: The same, for messages.
    """

    bootstrap: str
    out: Path
    created: str
    tool: str = "tocsin record"
    topics: tuple[str, ...] = SOURCES
    prefix: str = ""
    raw: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since_ms: int | None = None
    until_ms: int | None = None
    read_committed: bool = True
    has_heartbeats: bool = True
    part_bytes: int | None = None
    security: Mapping[str, Any] = field(default_factory=dict)
    login: Login = field(default_factory=Login)


@dataclass(slots=True)
class _Partition:
    """One partition on its way into the merge."""

    topic: str
    number: int
    end: int
    buffer: deque[RecordedRecord] = field(default_factory=deque)
    stamp: int | None = None  # greatest so far: within a partition offsets decide
    paused: bool = False

    def head(self) -> _Place:
        """Where its next record stands in the merge."""
        stamp = stamp_of(self.buffer[0])
        self.stamp = stamp if self.stamp is None else max(self.stamp, stamp)
        return self.stamp, source_rank(self.topic), self.number


async def record(options: RecordOptions, progress: OnProgress = ignore) -> Written:
    """Record topics up to their ends as they are now.

    Cancelled, it closes the recording with what it has by then.

    Args:
        options: What to record.
        progress: Told after each fetch.

    Returns:
        What was written.

    Raises:
        RecordingError: If a topic does not exist, the file does, or the broker falls silent.
        ConfigError: If Kafka does not let us in, or the user may not read the topics.
        NoKafkaError: If no broker answers.
    """
    connection = Connection(
        bootstrap=options.bootstrap,
        security=options.security,
        prefix=options.prefix,
        login=options.login,
        raw=options.raw,
    )
    topics = connection.raw_topics(options.topics)
    counts = await partition_counts(connection, [name for names in topics.values() for name in names], Operation.READ)
    if missing := sorted(name for name, count in counts.items() if count is None):
        raise RecordingError(f"topic {missing[0]} does not exist at {options.bootstrap}: create it, or name others")
    take_any_header_name()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=options.bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed" if options.read_committed else "read_uncommitted",
        **options.security,
    )
    await consumer.start()
    try:
        layout = layout_of(topics, {name: count or 0 for name, count in counts.items()})
        places = layout.partitions
        starts, ends = await _bounds(consumer, places, options.since_ms)
        consumer.assign(places)
        for place in places:
            consumer.seek(place, starts[place])
        return await _write(consumer, options, _Logs(layout, starts, ends), progress)
    finally:
        await consumer.stop()


async def partition_counts(
    connection: Connection, topics: Sequence[str], operation: Operation
) -> dict[str, int | None]:
    """How many partitions each topic has.

    Args:
        connection: To the brokers.
        topics: Full names.
        operation: What is to be done with those that exist.

    Returns:
        A number for each topic, None for one that does not exist.

    Raises:
        ConfigError: If Kafka does not let us in, or the user lacks a right: all that are missing at once.
        NoKafkaError: If no broker answers.
    """
    async with entered(connection) as conn:
        found = await ask_topics(conn, topics)
        if found.missing:  # one that was made just now is known a moment later
            await asyncio.sleep(KNOWN_SECONDS)
            found = await ask_topics(conn, topics)
        wanted = [Right(operation, Resource.TOPIC, topic) for topic in topics]
        if lacking := await missing_rights(conn, found, wanted):
            raise ConfigError("\n".join(f"user {connection.login.user} lacks {right}" for right in lacking))
    return {topic: found.partitions.get(topic) for topic in topics}


async def _bounds(
    consumer: AIOKafkaConsumer, places: list[TopicPartition], since_ms: int | None
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    ends = await consumer.end_offsets(places)
    starts = await consumer.beginning_offsets(places)
    if since_ms is not None:
        found = await consumer.offsets_for_times(dict.fromkeys(places, since_ms))
        starts = {place: found[place].offset if found.get(place) else ends[place] for place in places}
    return starts, ends


class _Logs(NamedTuple):
    """Which partitions are recorded, and from where to where."""

    layout: Layout
    starts: Mapping[TopicPartition, int]
    ends: Mapping[TopicPartition, int]


def _manifest(options: RecordOptions, logs: _Logs) -> Manifest:
    topics = {}
    for topic in options.topics:
        lanes = {logs.layout.lane(tp): tp for tp in logs.layout.partitions if logs.layout.source(tp) == topic}
        topics[topic] = TopicInfo(
            partitions=len(lanes),
            start={lane: logs.starts[tp] for lane, tp in sorted(lanes.items())},
            end={lane: logs.ends[tp] for lane, tp in sorted(lanes.items())},
        )
    return Manifest(created=options.created, tool=options.tool, has_heartbeats=options.has_heartbeats, topics=topics)


async def _write(
    consumer: AIOKafkaConsumer,
    options: RecordOptions,
    logs: _Logs,
    progress: OnProgress,
) -> Written:
    manifest = _manifest(options, logs)
    partitions = {
        place: _Partition(logs.layout.source(place), logs.layout.lane(place), end)
        for place, end in logs.ends.items()
        if logs.starts[place] < end
    }
    with RecordingWriter(options.out, manifest, part_bytes=options.part_bytes) as writer:
        try:
            await _merge(consumer, partitions, writer, options.until_ms, progress)
        except asyncio.CancelledError:
            writer.close()
            raise
        return writer.close()


async def _merge(
    consumer: AIOKafkaConsumer,
    partitions: dict[TopicPartition, _Partition],
    writer: RecordingWriter,
    until_ms: int | None,
    progress: OnProgress,
) -> None:
    """Write the least head as long as every unfinished partition has one; fetch when one has none."""
    heads: list[tuple[_Place, TopicPartition]] = []
    empty = set(partitions)
    records = 0
    while empty or heads:
        if empty:
            for place in await _fetch(consumer, partitions, empty):
                heapq.heappush(heads, (partitions[place].head(), place))
            progress(Progress(records=records, time_ms=heads[0][0][0] // 2 if heads else None, last_ms=until_ms))
            continue
        head, place = heads[0]
        if until_ms is not None and head[0] // 2 >= until_ms:
            return
        partition = partitions[place]
        writer.write(partition.buffer.popleft())
        records += 1
        if partition.buffer:
            heapq.heapreplace(heads, (partition.head(), place))
        else:
            heapq.heappop(heads)
            empty.add(place)


async def _fetch(
    consumer: AIOKafkaConsumer, partitions: dict[TopicPartition, _Partition], empty: set[TopicPartition]
) -> list[TopicPartition]:
    """Poll until no partition is empty any more; those at their end leave for good.

    Returns:
        Which of the empty ones have records now.
    """
    filled = []
    quiet_seconds = 0.0
    while empty:
        for place in sorted(empty):
            if partitions[place].buffer:
                filled.append(place)
                empty.discard(place)
            elif await consumer.position(place) >= partitions[place].end:
                empty.discard(place)
        if not empty:
            break
        _throttle(consumer, partitions)
        fetched = await consumer.getmany(timeout_ms=_POLL_MS)
        quiet_seconds = 0.0 if fetched else quiet_seconds + _POLL_MS / 1000
        if quiet_seconds > STALL_SECONDS_MAX:
            raise RecordingError(
                f"{len(empty)} of {len(partitions)} partitions are not read to their end, and the broker has sent "
                f"nothing for {STALL_SECONDS_MAX:.0f} s: see whether it lives, then record again"
            )
        for place, records in fetched.items():
            partition = partitions[place]
            partition.buffer.extend(_recorded(partition, r) for r in records if r.offset < partition.end)
    return filled


def _throttle(consumer: AIOKafkaConsumer, partitions: dict[TopicPartition, _Partition]) -> None:
    for place, partition in partitions.items():
        if not partition.paused and len(partition.buffer) > BUFFER_RECORDS:
            consumer.pause(place)
            partition.paused = True
        elif partition.paused and len(partition.buffer) < BUFFER_RECORDS // 2:
            consumer.resume(place)
            partition.paused = False


def _recorded(partition: _Partition, record: Any) -> RecordedRecord:
    return RecordedRecord(
        partition.topic,
        partition.number,
        record.offset,
        record.timestamp,
        record.key,
        tuple(record.headers),
        record.value,
        record.timestamp_type,
    )

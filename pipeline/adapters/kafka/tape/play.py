"""`tocsin play`: a recording into topics of their own, as fast or as slowly as one likes.

Every record keeps partition, Kafka timestamp (the topics are CreateTime), key,
headers and value; heartbeats are those that the replay would add. So the
pipeline that reads these topics must say what the replay says, to the byte.

Topics that hold records are refused: a recording behind another one is late
from its first record to its last.
"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from pipeline.adapters.kafka.options import Connection, Login
from pipeline.adapters.kafka.rights.needed import Operation
from pipeline.adapters.kafka.tape.record import partition_counts
from pipeline.adapters.recordings.format import RecordedRecord, RecordingError
from pipeline.adapters.recordings.heartbeats import DRAIN_MS, playable
from pipeline.adapters.recordings.progress import OnProgress, Progress, ignore
from pipeline.adapters.recordings.reader import Contents, Recording
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import ConfigError
from pipeline.records.raw.record import is_heartbeat

TOPIC_CONFIG: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "CreateTime",
    "message.timestamp.before.max.ms": str(2**63 - 1),
    "message.timestamp.after.max.ms": str(2**63 - 1),
    "max.message.bytes": "2097152",
}
"""Of a topic that a recording is played into: old timestamps are kept, and kept for ever."""

FLUSH_RECORDS: Final = 10_000
"""At full speed: how far one partition's records may run ahead of another's."""

_BATCH_BYTES = 256 * 1024
_IN_FLIGHT_MAX = 64
_NAP_SECONDS = 0.02  # shortest sleep: what falls due meanwhile makes one batch
_PROGRESS_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayOptions:
    """How to play.

    Attributes:
        bootstrap: Address of the broker, host:port.
        prefix: Prefix of the topics' names, such as `replay.`.
        speed: Seconds of event time in one second, above 0; None for as fast as it goes.
        force: Play also into topics that hold records.
        drain_ms: How long heartbeats go on after the last record, in ms of event time.
        replication: Replication of topics that are created.
        security: Settings for SASL and TLS, as aiokafka names them.
        login: The same, for messages.
    """

    bootstrap: str
    prefix: str = "replay."
    speed: float | None = None
    force: bool = False
    drain_ms: int = DRAIN_MS
    replication: int = 1
    security: Mapping[str, Any] = field(default_factory=dict)
    login: Login = field(default_factory=Login)

    def __post_init__(self) -> None:
        """Refuse a speed that is none."""
        if self.speed is not None and not 0 < self.speed < float("inf"):
            raise ConfigError(f"speed = {self.speed}: must be above 0, or max; 1 is as it happened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was played.

    Attributes:
        topics: Full names.
        records: Heartbeats too.
        heartbeats: How many of them, recorded or added.
    """

    topics: tuple[str, ...]
    records: int
    heartbeats: int


async def play(path: Path, options: PlayOptions, progress: OnProgress = ignore) -> Played:
    """Play a recording into raw topics of its own.

    The recording is checked to its end before the first record is sent.
    Cancelled, it sends what it has begun to send and stops.

    Args:
        path: The recording.
        options: Where to, and how fast.
        progress: Told a few times a second, in event time.

    Returns:
        What was played.

    Raises:
        RecordingError: If the recording is damaged, a topic holds records or
            cannot take these.
        KafkaError: If the broker cannot be reached, or refuses a record.
    """
    recording = Recording(path)
    contents = recording.verify()
    if not recording.manifest.is_even:
        raise RecordingError("its sources have different numbers of partitions: that can be replayed, not played")
    topics = tuple(options.prefix + source for source in SOURCES)
    await _prepare(topics, recording.lanes, options)
    producer = AIOKafkaProducer(
        bootstrap_servers=options.bootstrap,
        enable_idempotence=True,
        acks="all",
        max_batch_size=_BATCH_BYTES,
        **options.security,
    )
    await producer.start()
    try:
        player = _Player(producer, options, contents, progress)
        await player.play(recording)
    finally:
        await producer.stop()
    return Played(topics=topics, records=player.sent, heartbeats=player.heartbeats)


class _Player:
    """Sends records in batches of its own making, one open batch a partition."""

    def __init__(
        self, producer: AIOKafkaProducer, options: PlayOptions, contents: Contents, progress: OnProgress
    ) -> None:
        self._producer = producer
        self._options = options
        self._contents = contents
        self._progress = progress
        self._batches: dict[tuple[str, int], Any] = {}
        self._in_flight: deque[asyncio.Future[Any]] = deque()
        self._told = time.monotonic()
        self.sent = self.heartbeats = 0

    async def play(self, recording: Recording) -> None:
        """Send all, at the speed that was asked for."""
        began = time.monotonic()
        latest = first = self._contents.first_ms or 0
        for record in playable(recording, drain_ms=self._options.drain_ms):
            latest = max(latest, record.timestamp)
            await self._keep_pace(began, latest - first, latest)
            await self._add(record)
            self.sent += 1
            self.heartbeats += not record.value and is_heartbeat(record)
            if self.sent % FLUSH_RECORDS == 0:
                await self._flush(latest)
        await self._flush(latest)
        while self._in_flight:
            await self._in_flight.popleft()
        self._tell(latest)

    async def _keep_pace(self, began: float, elapsed_ms: int, latest: int) -> None:
        speed = self._options.speed
        if speed is None:
            return
        due = began + elapsed_ms / 1000 / speed
        while (wait := due - time.monotonic()) > 0:
            await self._flush(latest)
            await asyncio.sleep(min(max(wait, _NAP_SECONDS), _PROGRESS_SECONDS))

    async def _add(self, record: RecordedRecord) -> None:
        where = (record.topic, record.partition)
        batch = self._batches.get(where)
        if batch is None or not _append(batch, record):
            if batch is not None:
                await self._send(where)
            batch = self._batches[where] = self._producer.create_batch()
            if not _append(batch, record):
                raise RecordingError(f"record {record.topic}/{record.partition}/{record.offset} is too large to send")

    async def _send(self, where: tuple[str, int]) -> None:
        topic, partition = where
        batch = self._batches.pop(where)
        batch.close()
        self._in_flight.append(
            await self._producer.send_batch(batch, self._options.prefix + topic, partition=partition)
        )
        while len(self._in_flight) > _IN_FLIGHT_MAX:
            await self._in_flight.popleft()

    async def _flush(self, latest: int) -> None:
        for where in list(self._batches):
            await self._send(where)
        if time.monotonic() - self._told > _PROGRESS_SECONDS:
            self._tell(latest)

    def _tell(self, latest: int) -> None:
        self._told = time.monotonic()
        contents = self._contents
        self._progress(
            Progress(records=self.sent, time_ms=latest, first_ms=contents.first_ms, last_ms=contents.last_ms)
        )


def _append(batch: Any, record: RecordedRecord) -> bool:
    return (
        batch.append(timestamp=record.timestamp, key=record.key, value=record.value, headers=list(record.headers))
        is not None
    )


async def _prepare(topics: tuple[str, ...], lanes: int, options: PlayOptions) -> None:
    connection = Connection(bootstrap=options.bootstrap, security=options.security, login=options.login)
    counts = await partition_counts(connection, topics, Operation.WRITE)
    missing = [name for name, count in counts.items() if count is None]
    there = [name for name, count in counts.items() if count is not None]
    for name in there:
        if counts[name] != lanes:
            raise RecordingError(
                f"topic {name} has {counts[name]} partitions, must have {lanes} as in the recording: "
                "play into topics of their own (--topic-prefix)"
            )
    admin = AIOKafkaAdminClient(bootstrap_servers=options.bootstrap, **options.security)
    await admin.start()
    try:
        if missing:
            await _create(admin, missing, lanes, options.replication)
        if there:
            await _check_timestamps(admin, there)
    finally:
        await admin.close()
    if there and not options.force:
        await _check_empty(there, lanes, options)


async def _create(admin: AIOKafkaAdminClient, topics: list[str], lanes: int, replication: int) -> None:
    answer = await admin.create_topics(
        [NewTopic(name, lanes, replication, topic_configs=TOPIC_CONFIG) for name in topics]
    )
    for name, code, *words in answer.topic_errors:
        if code:
            raise RecordingError(
                f"topic {name} could not be created: error {code} {words[0] if words else ''}; create it"
            )


async def _check_timestamps(admin: AIOKafkaAdminClient, topics: list[str]) -> None:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    for answer in await admin.describe_configs(resources):
        for _, _, _, name, entries in (resource[:5] for resource in answer.resources):
            kind = next((entry[1] for entry in entries if entry[0] == "message.timestamp.type"), "CreateTime")
            if kind != "CreateTime":
                raise RecordingError(
                    f"topic {name} has message.timestamp.type={kind}, must be CreateTime to keep the recording's "
                    "timestamps: play into topics of their own (--topic-prefix)"
                )


async def _check_empty(topics: list[str], lanes: int, options: PlayOptions) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=options.bootstrap, group_id=None, **options.security)
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(name, n) for name in topics for n in range(lanes)])
    finally:
        await consumer.stop()
    for place, end in sorted(ends.items()):
        if end > 0:
            raise RecordingError(
                f"topic {place.topic} already holds records (partition {place.partition} ends at {end}): "
                "play into topics of their own (--topic-prefix), or behind what is there with --force"
            )

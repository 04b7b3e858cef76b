"""What a recording is like: how much, how steady, how late, how often twice - counted in one pass.

Lateness is INGEST's own: its rule and settings, and its clocks, which move with
the heartbeats that a replay would add. So "late" here is what a replay would
refuse. Operators and areas are not checked, since that asks for a reference.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.adapters.recordings.care.tallies import Lengths, Names, Quiet, Recent
from pipeline.adapters.recordings.care.validating import event_time_of
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.passing import batches_of, decoded
from pipeline.adapters.recordings.progress import OnProgress, ignore
from pipeline.adapters.recordings.reader import Contents, open_recording
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.late.lateness import NEVER, Times, check_time
from pipeline.records.clocks import SOURCES, pane_of
from pipeline.records.errors import Reason, RecordError
from pipeline.records.raw.commands import Command
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.record import Heartbeat
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket

STEPS: Final = 48
"""Number of steps in which a topic's rate over time is told."""
QUIET_TIMES: Final = 20.0
"""A feed is quiet if it sends nothing for so many times its mean interval ..."""
QUIET_MS_MIN: Final = 300_000
"""... and for five minutes at least: collectors send in bursts."""
FEEDS_MAX: Final = 1_000

_OF_TIME: Final = {Reason.LATE: "late", Reason.FUTURE_TIMESTAMP: "future", Reason.STALE: "stale"}


@dataclass(slots=True)
class Partition:
    """One partition; times are Kafka's, bytes those of keys, headers and values."""

    records: int = 0
    bytes: int = 0
    first_ms: int = 0
    last_ms: int = 0


@dataclass(slots=True)
class Topic:
    """One topic.

    Attributes:
        partitions: By number.
        heartbeats: Among its records.
        refused: That do not fit their type or have no readable time.
        duplicates: Records whose id came before among the last 100,000.
        disordered: Records whose event time lies before one of an earlier record of their partition.
        behind: How far, of these.
        ahead: Records whose event time lies after their Kafka timestamp.
        delays: Kafka timestamp less event time, of the others.
        late, future, stale: What INGEST would refuse for its time.
        rate: Records in each of `STEPS` equal stretches of the recording.
    """

    partitions: dict[int, Partition] = field(default_factory=dict)
    heartbeats: int = 0
    refused: int = 0
    duplicates: int = 0
    disordered: int = 0
    behind: Lengths = field(default_factory=Lengths)
    ahead: int = 0
    delays: Lengths = field(default_factory=Lengths)
    late: int = 0
    future: int = 0
    stale: int = 0
    rate: list[int] = field(default_factory=lambda: [0] * STEPS)
    recent: Recent = field(default_factory=Recent)

    @property
    def records(self) -> int:
        """Number of records of all partitions."""
        return sum(partition.records for partition in self.partitions.values())

    @property
    def bytes(self) -> int:
        """Size of the records of all partitions."""
        return sum(partition.bytes for partition in self.partitions.values())


@dataclass(slots=True)
class Statistics:
    """A recording in numbers.

    Attributes:
        first_ms, last_ms: Kafka timestamps of the first and last record; None if there are none.
        feeds: By topic and name: `operator/collector`, `operator/intake`, or the platform.
        operators, vendors, languages: How many records name them.
    """

    first_ms: int | None
    last_ms: int | None
    topics: dict[str, Topic] = field(default_factory=dict)
    feeds: dict[tuple[str, str], Quiet] = field(default_factory=dict)
    operators: Names = field(default_factory=Names)
    vendors: Names = field(default_factory=Names)
    languages: Names = field(default_factory=Names)

    @property
    def step_ms(self) -> float:
        """Length of one of a topic's `rate`."""
        return max((self.last_ms or 0) - (self.first_ms or 0) + 1, STEPS) / STEPS

    def quiet(self) -> list[tuple[str, str, int, int]]:
        """Topic, feed, start and length of quiet stretches, the longest first."""
        found = []
        for (topic, feed), heard in self.feeds.items():
            bar = max(QUIET_TIMES * heard.mean_ms, QUIET_MS_MIN)
            found += [(topic, feed, start, length) for start, length in heard.longer_than(bar)]
        return sorted(found, key=lambda row: (-row[3], row))


def measure_recording(path: Path, config: IngestConfig, progress: OnProgress = ignore) -> Statistics:
    """Count a recording, in flat memory.

    Args:
        path: A recording.
        config: Settings of INGEST: which lateness, how far ahead or stale.
        progress: Told after each batch of records.

    Returns:
        All counts.

    Raises:
        RecordingError: If the file itself is damaged.
    """
    recording = open_recording(path)
    contents = recording.verify()
    counting = _Counting(config, contents, own_heartbeats=recording.manifest.has_heartbeats)
    for batch in batches_of(recording, contents, progress):
        for record in batch:
            counting.weigh(record)
        for record, outcome in decoded([record for record in batch if record.topic in SOURCES]):
            counting.judge(record, outcome)
    found = counting.found
    found.topics = dict(sorted(found.topics.items(), key=lambda pair: _rank(pair[0])))
    found.feeds = dict(sorted(found.feeds.items()))
    return found


def _rank(topic: str) -> tuple[int, str]:
    return (SOURCES.index(topic) if topic in SOURCES else len(SOURCES), topic)


class _Counting:
    """The pass: what must be remembered between records."""

    def __init__(self, config: IngestConfig, contents: Contents, *, own_heartbeats: bool) -> None:
        self.found = Statistics(contents.first_ms, contents.last_ms)
        self._config = config
        self._own_heartbeats = own_heartbeats
        self._times = Times()
        self._clocks: dict[tuple[str, int], int] = {}
        self._newest: dict[tuple[str, int], int] = {}

    def weigh(self, record: RecordedRecord) -> None:
        """Count a record as bytes."""
        topic = self.found.topics.setdefault(record.topic, Topic())
        partition = topic.partitions.setdefault(record.partition, Partition(first_ms=record.timestamp))
        partition.records += 1
        partition.bytes += len(record.key or b"") + len(record.value or b"")
        partition.bytes += sum(len(name) + len(value or b"") for name, value in record.headers)
        partition.last_ms = record.timestamp
        step = int((record.timestamp - (self.found.first_ms or 0)) / self.found.step_ms)
        topic.rate[min(max(step, 0), STEPS - 1)] += 1

    def judge(self, record: RecordedRecord, outcome: object) -> None:
        """Count a record as what it says."""
        topic = self.found.topics[record.topic]
        if isinstance(outcome, Heartbeat):
            topic.heartbeats += 1
            self._move(record, record.timestamp)
            return
        try:
            if isinstance(outcome, RecordError):
                raise outcome
            text = event_time_of(outcome)
            at = record.timestamp if text is None else self._times[text]
        except RecordError:
            topic.refused += 1
            return
        topic.duplicates += topic.recent.seen(_id_of(outcome))
        self._name(record, outcome)
        if text is not None:
            self._time(topic, record, outcome, at)

    def _name(self, record: RecordedRecord, outcome: Any) -> None:
        found = self.found
        found.operators.add(outcome.operator or "(none)")
        feed = _feed_of(outcome)
        if isinstance(outcome, Reading):
            found.vendors.add(outcome.vendor or "(none)")
        elif isinstance(outcome, Ticket | Mention):
            found.languages.add(outcome.lang or "(none)")
        place = (record.topic, feed)
        if feed and (place in found.feeds or len(found.feeds) < FEEDS_MAX):
            found.feeds.setdefault(place, Quiet()).add(record.timestamp)

    def _time(self, topic: Topic, record: RecordedRecord, outcome: object, at: int) -> None:
        delay = record.timestamp - at
        if delay < 0:
            topic.ahead += 1
        else:
            topic.delays.add(delay)
        where = (record.topic, record.partition)
        newest = self._newest.get(where, at)
        if at < newest:
            topic.disordered += 1
            topic.behind.add(newest - at)
        self._newest[where] = max(newest, at)
        config = self._config
        slow = isinstance(outcome, Reading) and outcome.vendor in config.slow_vendors
        if slow or record.topic in config.slow_sources:
            at = record.timestamp
        try:
            check_time(at, record.timestamp, self._clock(record), config)
        except RecordError as error:
            name = _OF_TIME[error.reason]
            setattr(topic, name, getattr(topic, name) + 1)
        else:
            self._move(record, at)

    def _clock(self, record: RecordedRecord) -> int:
        """The partition's clock, as a replay has it by now: heartbeats are added at the ends of panes."""
        clock = self._clocks.get((record.topic, record.partition), NEVER)
        if self._own_heartbeats:
            return clock
        beat = pane_of(record.timestamp)
        began = beat > (self.found.first_ms or 0)
        return max(clock, beat - self._config.lateness_ms[record.topic]) if began else clock

    def _move(self, record: RecordedRecord, at: int) -> None:
        where = (record.topic, record.partition)
        reached = min(at, record.timestamp) - self._config.lateness_ms[record.topic]
        self._clocks[where] = max(self._clocks.get(where, NEVER), reached)


def _id_of(outcome: object) -> Hashable:
    """What makes a record the same as another one."""
    if isinstance(outcome, Ticket):
        return outcome.operator, outcome.ticket_id
    if isinstance(outcome, Mention):
        counted = outcome.posted_at if outcome.kind == "engagement" else ""
        return outcome.platform, outcome.post_id, outcome.kind, counted
    if isinstance(outcome, Command):
        return outcome.market, outcome.command_id
    if not isinstance(outcome, Reading):
        return id(outcome)
    what = (outcome.operator, outcome.vendor, outcome.queue, outcome.metric, outcome.service, outcome.item)
    return *what, outcome.area, outcome.element, outcome.observed_at


def _feed_of(outcome: object) -> str:
    if isinstance(outcome, Reading):
        return f"{outcome.operator}/{outcome.vendor or outcome.queue or outcome.metric}"
    if isinstance(outcome, Ticket):
        return f"{outcome.operator}/{outcome.intake}"
    return outcome.platform if isinstance(outcome, Mention) else ""

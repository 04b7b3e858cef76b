"""Where the stages stand in their logs, and how a person gets them going again after something irregular.

Two things may happen to a log that no process mends by itself. Records may be gone
that were never read, since retention was quicker or a topic was made again; going on
means a gap, which is written to `decisions`. And raw topics may have other partitions
than the lanes are laid out for. Both are mended here, by moving what is committed.

Every move is one transaction of the producer that owns the place - which fences whoever
still works there - so it is safe while processes run, and can be repeated if it is cut short.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka.agents.snapshots import emitted_message, load_snapshots, progress_message
from pipeline.adapters.kafka.committed import Mark, write_mark
from pipeline.adapters.kafka.ingest.laying_out import marks_of, newest, require_signals
from pipeline.adapters.kafka.layout import Layout, layout_of
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions
from pipeline.adapters.kafka.producers import Committer, start_transactional, transactional_id
from pipeline.adapters.kafka.starting import check_agent, check_ingest
from pipeline.adapters.observing.observer import Observer
from pipeline.kinds import AnyKeyed
from pipeline.records.errors import ConfigError


class Bounds(NamedTuple):
    """What a partition holds.

    Attributes:
        first: Offset of its first record.
        after: One more than that of its last committed one.
    """

    first: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a stage is in a partition.

    Attributes:
        stage: Name of the stage.
        place: The partition.
        offset: Offset of the next record; None if nothing is remembered of it.
        log: What the partition holds.
    """

    stage: str
    place: TopicPartition
    offset: int | None
    log: Bounds

    @property
    def waiting(self) -> int:
        """Offsets that are to be read yet; some may be marks of transactions."""
        begins = self.log.first if self.offset is None else max(self.offset, self.log.first)
        return max(0, self.log.after - begins)

    @property
    def gap(self) -> tuple[int, int] | None:
        """First and last offset that were lost; None if reading can go on where it stands."""
        if self.offset is None or self.log.first <= self.offset <= self.log.after:
            return None
        if self.offset < self.log.first:
            return self.offset, self.log.first - 1
        return self.log.after, self.offset - 1

    @property
    def is_made_again(self) -> bool:
        """Whether the log ends before the place that was reached: then the topic is another one of the same name."""
        return self.offset is not None and self.offset > self.log.after

    def lost_words(self) -> str:
        """What was lost, in words; only for one with a gap."""
        assert self.gap is not None, "nothing was lost"
        first, last = self.gap
        name = f"{self.place.topic}/{self.place.partition}"
        if self.is_made_again:
            return (
                f"{name}: offset {self.offset} was reached, the log ends at {self.log.after}: the topic was made again,"
                f" and what the former one held behind {last} is not known"
            )
        return f"{name}: offsets {first} to {last} are gone unread, at most {last - first + 1} records"


@asynccontextmanager
async def _reader(connection: Connection) -> AsyncIterator[Any]:
    reader = AIOKafkaConsumer(**connection.client(), isolation_level="read_committed", enable_auto_commit=False)
    await reader.start()
    try:
        yield reader
    finally:
        await reader.stop()


async def bounds_of(connection: Connection, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, Bounds]:
    """What partitions hold, as a reader of committed records sees them."""
    tps = list(partitions)
    async with _reader(connection) as reader:
        first, after = await reader.beginning_offsets(tps), await reader.end_offsets(tps)
    return {tp: Bounds(first[tp], after[tp]) for tp in tps}


async def ingest_standings(options: IngestOptions) -> list[Standing]:
    """Where INGEST stands in every partition of its raw topics.

    Raises:
        ConfigError: If a topic is missing, or the user lacks a right.
        NoKafkaError: If no broker answers.
    """
    layout = await present_layout(options)
    marks, logs = await marks_of(options, layout), await bounds_of(options.connection, layout.partitions)
    return [
        Standing(stage="ingest", place=tp, offset=marks[tp].offset if tp in marks else None, log=logs[tp])
        for tp in layout.partitions
    ]


async def agent_standings(options: AgentOptions, stage: AnyKeyed) -> list[Standing]:
    """Where a stage that keeps state stands in every partition of its topic.

    Raises:
        ConfigError: If a topic is missing, or the user lacks a right.
        NoKafkaError: If no broker answers.
    """
    await check_agent(options, stage.name, stage.source.noun)
    topic = options.connection.topic(stage.source.noun)
    tps = [TopicPartition(topic, number) for number in range(options.partitions)]
    logs = await bounds_of(options.connection, tps)
    states = await load_snapshots(options.connection, stage.state_noun, range(options.partitions), options.epoch)
    found = []
    for tp in tps:
        progress = states[tp.partition][0].progress
        offset = None if progress is None else progress.offset + 1
        found.append(Standing(stage=stage.name, place=tp, offset=offset, log=logs[tp]))
    return found


async def present_layout(options: IngestOptions) -> Layout:
    """The layout that raw topics would have as they are now."""
    counts = await check_ingest(options)
    return layout_of(options.connection.raw_topics(options.sources), counts)


async def skip_lost_by_ingest(options: IngestOptions, decisions: Mapping[TopicPartition, Message]) -> None:
    """Let INGEST go on at the start of the log where what it would read next is gone.

    Args:
        options: Of INGEST.
        decisions: The partitions, each with the record for `decisions` that says what was lost.
    """
    layout = await present_layout(options)
    logs = await bounds_of(options.connection, decisions)
    for lane in sorted({layout.lane(tp) for tp in decisions}):
        own = [tp for tp in layout.of_lane(lane) if tp in decisions]
        async with _fenced(options, lane, "ingest") as committer:
            marks = await marks_of(options, layout)
            moved = {tp: write_mark(marks[tp]._replace(offset=logs[tp].first), options.epoch) for tp in own}
            await committer.commit([decisions[tp] for tp in own], moved, options.group)


async def skip_lost_by_agent(options: AgentOptions, stage: AnyKeyed, decisions: Mapping[int, Message]) -> None:
    """Let a stage that keeps state go on at the start of the log where what it would read next is gone.

    Its state stays as it is; outputs of what comes next are no repeats.

    Args:
        options: Of the stage.
        stage: Its row of the map.
        decisions: Numbers of partitions, each with the record for `decisions` that says what was lost.
    """
    topic = options.connection.topic(stage.source.noun)
    logs = await bounds_of(options.connection, [TopicPartition(topic, number) for number in decisions])
    for number, decision in sorted(decisions.items()):
        async with _fenced(options, number, stage.name) as committer:
            loaded = await load_snapshots(options.connection, stage.state_noun, [number], options.epoch)
            progress = loaded[number][0].progress
            if progress is None:
                continue
            before = logs[TopicPartition(topic, number)].first - 1
            moved = replace(progress, offset=before)
            words = [
                progress_message(stage.state_noun, number, moved),
                emitted_message(stage.state_noun, number, options.epoch, before),
            ]
            await committer.commit([*words, decision])


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """What laying lanes out anew did.

    Attributes:
        layout: The layout that begins.
        kept: Partitions that go on where they were.
        begun: Partitions that begin at the start of their logs.
    """

    layout: Layout
    kept: tuple[TopicPartition, ...]
    begun: tuple[TopicPartition, ...]


async def lay_out(options: IngestOptions) -> LaidOut | None:
    """Begin the next layout of lanes with the partitions that raw topics have now.

    Those that were read go on where they were, with their clocks; new ones begin at the start of
    their logs. One transaction a lane; what was cut short is finished by doing it once more.

    Returns:
        What was done; None if the layout that runs is that of the topics.

    Raises:
        ConfigError: If nothing was committed yet, a topic is missing, or the user lacks a right.
        NoKafkaError: If no broker answers.
    """
    layout = await present_layout(options)
    marks = await marks_of(options, layout)
    if not marks:
        raise ConfigError(
            f"group {options.group} has no offsets of epoch {options.epoch}: there is nothing to go on from; start"
            " INGEST once with --first-start"
        )
    require_signals(options, marks)
    signals = options.partitions.signals
    layout = replace(layout, number=newest(marks))
    if all(tp in marks and marks[tp].pinned in (None, layout.pinned(tp, signals)) for tp in layout.partitions):
        return None
    if not _is_half_done(layout, marks, signals):
        layout = replace(layout, number=layout.number + 1)
    begins = {tp: log.first for tp, log in (await bounds_of(options.connection, layout.partitions)).items()}
    former = max(mark.pinned.lanes if mark.pinned else tp.partition + 1 for tp, mark in marks.items())
    for lane in range(max(former, layout.lanes)):
        async with _fenced(options, lane, "ingest"):
            pass  # whoever worked by the old layout can commit no more; only then are its offsets final
    marks = await marks_of(options, layout)
    for lane in range(layout.lanes):
        async with _fenced(options, lane, "ingest") as committer:
            moved = {}
            for tp in layout.of_lane(lane):
                mark = marks.get(tp, Mark(begins[tp], None))
                moved[tp] = write_mark(mark._replace(pinned=layout.pinned(tp, signals)), options.epoch)
            await committer.commit([], moved, options.group)
    kept = tuple(tp for tp in layout.partitions if tp in marks)
    return LaidOut(layout=layout, kept=kept, begun=tuple(tp for tp in layout.partitions if tp not in marks))


def _is_half_done(layout: Layout, marks: Mapping[TopicPartition, Mark], signals: int) -> bool:
    """Whether the newest layout is this one, and was only begun."""
    of_newest = [tp for tp, mark in marks.items() if mark.pinned and mark.pinned.layout == layout.number]
    return bool(of_newest) and all(marks[tp].pinned == layout.pinned(tp, signals) for tp in of_newest)


@asynccontextmanager
async def _fenced(options: IngestOptions | AgentOptions, number: int, stage: str) -> AsyncIterator[Committer]:
    """The producer of a lane or input partition, for the length of a block; whoever had it can commit no more."""
    name = transactional_id(options.group, options.epoch, number)
    producer = await start_transactional(options.connection, name)
    committer = Committer(options.connection, producer, stage, Observer())
    try:
        yield committer
    finally:
        await committer.stop()

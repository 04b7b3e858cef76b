"""The layout that INGEST goes by: what Kafka has now, if that is what the committed offsets were read by.

Nobody lays lanes out anew in passing. A clock of DETECT belongs to a lane, and
records of a new partition that are worked on while older lanes run ahead would come
late. So a process stops as soon as it sees other partitions, within seconds, and
`tocsin offsets lay-out` begins the next layout where the last one ended.
"""

from collections.abc import Mapping
from dataclasses import replace

from aiokafka import TopicPartition

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.committed import Mark, commit_beginnings, read_marks
from pipeline.adapters.kafka.layout import Layout, layout_of
from pipeline.adapters.kafka.leaving import EXIT_SETTINGS, Word
from pipeline.adapters.kafka.options import IngestOptions
from pipeline.adapters.kafka.starting import check_ingest
from pipeline.records.errors import ConfigError

LAY_OUT_FIX = (
    "nothing is lost, what is in new ones waits: run `tocsin offsets lay-out`, which goes on with all of them, then"
    " start INGEST again"
)


async def settle(options: IngestOptions) -> IngestOptions:
    """Check all that INGEST needs, and find the layout that it goes by.

    With `first_start` the beginnings of the logs are committed where nothing is yet.

    Returns:
        The options, with the layout.

    Raises:
        ConfigError: If topics, rights or settings are wrong.
        NoKafkaError: If no broker answers.
    """
    counts = await check_ingest(options)
    layout = layout_of(options.connection.raw_topics(options.sources), counts)
    marks = await marks_of(options, layout)
    if not marks and options.first_start:
        signals = options.partitions.signals
        pinned = {tp: layout.pinned(tp, signals) for tp in layout.partitions}
        await commit_beginnings(options.connection, options.group, options.epoch, pinned, pinned.get)
        marks = await marks_of(options, layout)
    return replace(options, layout=require_layout(options, layout, marks))


async def marks_of(options: IngestOptions, layout: Layout) -> dict[TopicPartition, Mark]:
    """What is committed of the partitions of a layout, under the epoch of the options."""
    return await read_marks(options.connection, options.group, options.epoch, layout.partitions)


def newest(marks: Mapping[TopicPartition, Mark]) -> int:
    """Number of the newest layout that offsets were committed under; 1 for those of a version without layouts."""
    return max((mark.pinned.layout for mark in marks.values() if mark.pinned), default=1)


def require_layout(options: IngestOptions, layout: Layout, marks: Mapping[TopicPartition, Mark]) -> Layout:
    """Leave unless what Kafka has is what the offsets were read by.

    Args:
        options: Group, epoch, partitions of `signals`.
        layout: Layout of the topics as they are now.
        marks: What is committed of them.

    Returns:
        The layout, with its number.

    Raises:
        ConfigError: If `partitions.signals` is not what the epoch began with.
    """
    if not marks:
        first = layout.partitions[0]
        leaving.leave(
            Word.OFFSET_MISSING,
            f"group {options.group} has no offset of epoch {options.epoch} for {first.topic}/{first.partition} and"
            f" {len(layout.partitions) - 1} more: start once with --first-start to begin at the start of the log",
            code=EXIT_SETTINGS,
        )
    layout = replace(layout, number=newest(marks))
    require_signals(options, marks)
    for tp in layout.partitions:
        if tp not in marks:
            what = f"{tp.topic}/{tp.partition} is new, or its topic was made again"
            leave_changed(f"{what}: the lanes of epoch {options.epoch} are laid out without it")
    for tp, mark in sorted(marks.items()):
        if mark.pinned is not None and mark.pinned != layout.pinned(tp, options.partitions.signals):
            leave_changed(f"{tp.topic}/{tp.partition} was lane {mark.pinned.lane} of {mark.pinned.lanes}")
    return layout


def require_signals(options: IngestOptions, marks: Mapping[TopicPartition, Mark]) -> None:
    """Refuse another count of partitions of `signals` than the epoch began with.

    Args:
        options: What the settings say.
        marks: What is committed of the raw topics.

    Raises:
        ConfigError: If they differ.
    """
    for mark in marks.values():
        if mark.pinned is not None and mark.pinned.signals != options.partitions.signals:
            raise ConfigError(
                f"partitions.signals = {options.partitions.signals}: must be {mark.pinned.signals}, as when epoch"
                f" {options.epoch} began: the states of DETECT are so many, and stay so"
            )


def leave_changed(what: str) -> None:
    """Leave because raw topics have other partitions than the lanes are laid out for."""
    leaving.leave(Word.PARTITIONS_CHANGED, f"{what}: {LAY_OUT_FIX}", code=EXIT_SETTINGS)

"""Snapshots: the state of an input partition as slots of a compacted topic.

Slots belong to the stage: their keys and bytes are written and read back
unchanged, their versions are the stage's codec's business. Two keys are ours,
marked by a tilde: `~progress` says which part of the log the slots contain,
`~emitted` up to where outputs are out. Both name the epoch, since in a topic
that was made again the same offset is another record.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, TopicPartition

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka.options import Connection
from pipeline.records.errors import StateError

PROGRESS, EMITTED = b"~progress", b"~emitted"
LAYOUT = 1
"""Version of our two records and of how slots lie in the topic; the slots' own versions are the stage's."""

_FETCH_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What the slots contain.

    Attributes:
        epoch: Epoch of the input topic.
        offset: Last record that they contain; -1 for none.
        ruleset: Under which they were made.
    """

    epoch: int
    offset: int
    ruleset: str


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """What the state topic says of one input partition.

    Attributes:
        progress: None if there is no state of this epoch.
        emitted: Last record whose outputs are out; -1 for none, or if it was in another epoch.
        slots: The stage's, by key. Left over from another epoch if `progress` is None.
    """

    progress: Progress | None = None
    emitted: int = -1
    slots: dict[bytes, bytes] = field(default_factory=dict)


def progress_message(topic: str, partition: int, progress: Progress) -> Message:
    """`~progress` as a message.

    Args:
        topic: Noun of the state topic.
        partition: Number of the input partition.
        progress: What the slots contain.

    >>> progress_message("detect-state", 3, Progress(epoch=1, offset=41, ruleset="ab")).value
    b'{"codec": 1, "epoch": 1, "off": 41, "ruleset": "ab"}'
    """
    value = {"codec": LAYOUT, "epoch": progress.epoch, "off": progress.offset, "ruleset": progress.ruleset}
    return Message(topic, PROGRESS, json.dumps(value, sort_keys=True).encode(), partition=partition)


def emitted_message(topic: str, partition: int, epoch: int, offset: int) -> Message:
    """`~emitted` as a message.

    Args:
        topic: Noun of the state topic.
        partition: Number of the input partition.
        epoch: Epoch of the input topic, 1 or more.
        offset: Last record whose outputs are out; -1 for none.
    """
    value = json.dumps({"epoch": epoch, "off": offset}, sort_keys=True).encode()
    return Message(topic, EMITTED, value, partition=partition)


def slot_messages(topic: str, partition: int, slots: Mapping[bytes, bytes | None]) -> list[Message]:
    """Slots as messages; a slot that is None is deleted.

    Args:
        topic: Noun of the state topic.
        partition: Number of the input partition.
        slots: Encoded by the stage, by key.
    """
    return [Message(topic, key, value, partition=partition) for key, value in slots.items()]


def read_snapshot(records: Iterable[tuple[bytes, bytes | None]], epoch: int) -> Snapshot:
    """Add up what the state topic holds of one partition.

    Args:
        records: Key and value, in the order of the log.
        epoch: Epoch of the input topic. What another one left is not progress.

    Raises:
        StateError: If it was written by a newer program.
    """
    slots: dict[bytes, bytes] = {}
    for key, value in records:
        if value is None:
            slots.pop(key, None)
        else:
            slots[key] = value
    progress = _read_progress(slots.pop(PROGRESS, None), epoch)
    emitted = json.loads(slots.pop(EMITTED, b"{}"))
    return Snapshot(
        progress=progress, emitted=int(emitted["off"]) if emitted.get("epoch") == epoch else -1, slots=slots
    )


def _read_progress(value: bytes | None, epoch: int) -> Progress | None:
    if value is None:
        return None
    fields = json.loads(value)
    if fields["codec"] > LAYOUT:
        raise StateError(f"state was written in layout {fields['codec']}, this program reads up to {LAYOUT}: update it")
    if fields["epoch"] != epoch:
        return None
    return Progress(epoch=epoch, offset=int(fields["off"]), ruleset=fields["ruleset"])


async def load_snapshots(
    connection: Connection, topic: str, partitions: Iterable[int], epoch: int
) -> dict[int, tuple[Snapshot, float]]:
    """Read the state of input partitions, committed records only, to its end.

    Fence the former owner first: only then is the end the end. The position
    decides, not the last record: behind it transaction markers may lie.

    Args:
        connection: To the brokers.
        topic: Noun of the state topic.
        partitions: Which ones.
        epoch: See `read_snapshot`.

    Returns:
        For each partition its snapshot and the seconds it took.
    """
    began = time.monotonic()
    tps = [TopicPartition(connection.topic(topic), number) for number in sorted(partitions)]
    reader = AIOKafkaConsumer(
        **connection.client(),
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=_FETCH_BYTES,
    )
    await reader.start()
    try:
        reader.assign(tps)
        return {
            tp.partition: (read_snapshot(records, epoch), time.monotonic() - began)
            for tp, records in (await _read_to_end(reader, tps)).items()
        }
    finally:
        await reader.stop()


async def _read_to_end(
    reader: AIOKafkaConsumer, tps: list[TopicPartition]
) -> dict[TopicPartition, list[tuple[bytes, bytes | None]]]:
    found: dict[TopicPartition, list[tuple[bytes, bytes | None]]] = {tp: [] for tp in tps}
    if not tps:
        return found
    ends = await reader.end_offsets(tps)
    for tp, first in (await reader.beginning_offsets(tps)).items():
        reader.seek(tp, first)
    behind = set(tps)
    while behind := {tp for tp in behind if await reader.position(tp) < ends[tp]}:
        for tp, records in (await reader.getmany(timeout_ms=200)).items():
            found[tp] += [(record.key, record.value) for record in records]
    return found

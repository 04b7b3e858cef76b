"""Time for a recording that has none: a heartbeat in every partition at every pane end.

Live, INGEST appends heartbeats to quiet partitions. A recording that was
imported or simulated has no INGEST, so they are added here, and only here:
`import`, `play` and `replay` all take their sequence from `playable`, so all
three give the pipeline the same records at the same offsets.

They are made as they are needed. A gap of a month is two million heartbeats
in the sequence and none in memory; a longer gap than `GAP_MS_MAX` is refused,
since it is a wrong date more often than a silence.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.adapters.recordings.format import RecordedRecord, RecordingError
from pipeline.adapters.recordings.reader import Recording
from pipeline.records.clocks import DAY_MS, PANE_MS, SOURCES, format_instant
from pipeline.records.raw.record import HEARTBEAT_HEADERS, is_heartbeat

DRAIN_MS: Final = 30_000 + PANE_MS
"""Event time after the last record: the longest default lateness, and the rest of its pane."""

GAP_MS_MAX: Final = 400 * DAY_MS
"""400 days: longer than any outage, and than a year of records with a holiday in it."""

Offsets = dict[tuple[str, int], int]


def playable(recording: Recording, *, drain_ms: int = DRAIN_MS) -> Iterator[RecordedRecord]:
    """The sequence that play, replay and import make of a recording.

    Args:
        recording: Raw topics; records of other topics are left out.
        drain_ms: As in `with_heartbeats`; of no use where the log tells its time itself.

    Yields:
        Records in merged order, heartbeats among them, offsets counted from 0 in each partition.

    Raises:
        RecordingError: As `Recording.records` and `with_heartbeats`.
    """
    lanes = recording.lanes
    records = (record for record in recording.records() if record.topic in SOURCES)
    if recording.manifest.has_heartbeats:
        return renumbered(records)
    return with_heartbeats(records, lanes, drain_ms=drain_ms)


def renumbered(records: Iterable[RecordedRecord]) -> Iterator[RecordedRecord]:
    """Count offsets from 0 in each partition, as a new topic does.

    Yields:
        The same records, in the same order.
    """
    offsets: Offsets = {}
    for record in records:
        yield _placed(record, offsets)


def with_heartbeats(
    records: Iterable[RecordedRecord],
    lanes: int,
    pane_ms: int = PANE_MS,
    *,
    drain_ms: int = DRAIN_MS,
    gap_ms_max: int = GAP_MS_MAX,
) -> Iterator[RecordedRecord]:
    """Put a heartbeat into each partition of each raw topic at every pane end.

    The heartbeats of a pane end T come before the first record whose Kafka
    timestamp is T or later, and have T as theirs. After the last record they go
    on, so that its pane is sealed as well.

    Args:
        records: Raw records in merged order, without heartbeats.
        lanes: Partitions of each raw topic.
        pane_ms: Length of a pane in milliseconds.
        drain_ms: For how long they go on after the last record. With a lateness
            above 30 s the last panes need that much more.
        gap_ms_max: Longest time between two records.

    Yields:
        Records and heartbeats, offsets counted from 0 in each partition.

    Raises:
        RecordingError: If a gap is longer than that, a record is a heartbeat
            already, or lies outside the raw topics and lanes.
    """
    offsets: Offsets = {(topic, lane): 0 for topic in SOURCES for lane in range(lanes)}
    due: int | None = None  # the next pane end
    latest = 0
    for record in records:
        timestamp = record.timestamp
        if due is None:
            due, latest = timestamp - timestamp % pane_ms + pane_ms, timestamp
        if timestamp >= due:
            _check_gap(record, latest, gap_ms_max)
            yield from _beats(range(due, timestamp + 1, pane_ms), offsets)
            due = timestamp - timestamp % pane_ms + pane_ms
        if timestamp > latest:
            latest = timestamp
        if (record.topic, record.partition) not in offsets or not record.value:
            _check_record(record, lanes)
        yield _placed(record, offsets)
    if due is not None:
        yield from _beats(range(due, latest + drain_ms + 1, pane_ms), offsets)


def _beats(pane_ends: range, offsets: Offsets) -> Iterator[RecordedRecord]:
    for pane_end in pane_ends:
        for (topic, lane), offset in offsets.items():
            offsets[topic, lane] = offset + 1
            yield RecordedRecord(topic, lane, offset, pane_end, None, HEARTBEAT_HEADERS, b"")


def _placed(record: RecordedRecord, offsets: Offsets) -> RecordedRecord:
    where = (record.topic, record.partition)
    offset = offsets.get(where, 0)
    offsets[where] = offset + 1
    return RecordedRecord(
        record.topic,
        record.partition,
        offset,
        record.timestamp,
        record.key,
        record.headers,
        record.value,
        record.timestamp_type,
    )


def _check_gap(record: RecordedRecord, latest: int, gap_ms_max: int) -> None:
    if record.timestamp - latest > gap_ms_max:
        days = (record.timestamp - latest) // DAY_MS
        raise RecordingError(
            f"{_name(record)} has Kafka timestamp {_when(record.timestamp)}, {days} "
            f"days after the record before it; at most {gap_ms_max // DAY_MS} are allowed: correct its date"
        )


def _check_record(record: RecordedRecord, lanes: int) -> None:
    if record.topic not in SOURCES or record.partition >= lanes:
        raise RecordingError(f"{_name(record)} lies outside {', '.join(SOURCES)} with {lanes} partitions each")
    if is_heartbeat(record):
        raise RecordingError(
            f"{_name(record)} is a heartbeat, and the manifest says that there are none: "
            "record it again with has_heartbeats"
        )


def _name(record: RecordedRecord) -> str:
    return f"record {record.topic}/{record.partition}/{record.offset}"


def _when(timestamp: int) -> str:
    try:
        return format_instant(timestamp)
    except (ValueError, OverflowError, OSError):
        return str(timestamp)

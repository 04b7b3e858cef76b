"""Time for a recording that has none: a heartbeat in every partition at every pane end.

Live, INGEST appends heartbeats to quiet partitions. A recording that was
imported or simulated has no INGEST, so they are added here, and only here:
`import` and `play` take their sequence from `playable`, `replay` takes the same
one from `timed`, so all three give the pipeline the same records at the same offsets.

A topic needs its heartbeats as records, a replay does not: a heartbeat says what
time it is, and a run of them says no more than its last one. So `timed` tells such
a run as one `Lull`. A quarter of a year in four lanes is twelve million heartbeats
and, at most, as many lulls as there are records.

A longer gap than `GAP_MS_MAX` is refused, since it is a wrong date more often
than a silence.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeVar

from pipeline.adapters.recordings.format import RecordedRecord, RecordingError
from pipeline.adapters.recordings.reader import Recording
from pipeline.records.clocks import DAY_MS, INSTANT_MAX_MS, PANE_MS, SOURCES, format_instant
from pipeline.records.raw.record import HEARTBEAT_HEADERS, is_heartbeat

DRAIN_MS: Final = 30_000 + PANE_MS
"""Event time after the last record: the longest default lateness, and the rest of its pane."""

GAP_MS_MAX: Final = 400 * DAY_MS
"""400 days: longer than any outage, and than a year of records with a holiday in it."""

Offsets = dict[tuple[str, int], int]
_Told = TypeVar("_Told")


class Lull(NamedTuple):
    """Time that passes between two records: a heartbeat in every partition at each of these pane ends.

    Attributes:
        pane_ends: In ms, rising, at least one; each is a time that INGEST can use.
        partitions: Partitions of all raw topics together.
    """

    pane_ends: range
    partitions: int

    @property
    def heartbeats(self) -> int:
        """How many records it stands for."""
        return len(self.pane_ends) * self.partitions


def playable(recording: Recording, *, drain_ms: int = DRAIN_MS) -> Iterator[RecordedRecord]:
    """The sequence that play and import make of a recording.

    Args:
        recording: Raw topics; records of other topics are left out.
        drain_ms: How long heartbeats go on after the last record, in milliseconds; of no use where the log tells its
            time itself.

    Yields:
        Records in merged order, heartbeats among them, offsets counted from 0 in each partition.

    Raises:
        RecordingError: If the recording is damaged, or heartbeats cannot be made for it.
    """
    if recording.manifest.has_heartbeats:
        return renumbered(_raw(recording))
    return with_heartbeats(_raw(recording), recording.lanes, drain_ms=drain_ms)


def timed(recording: Recording) -> Iterator[RecordedRecord | Lull]:
    """The same sequence for a replay: heartbeats that nobody recorded are told as lulls.

    Args:
        recording: Raw topics; records of other topics are left out.

    Yields:
        Records in merged order, with the offsets that `playable` gives them; heartbeats only where the
        recording has them, or where their time is none that INGEST can use.

    Raises:
        RecordingError: If the recording is damaged, or its time cannot be told.
    """
    if recording.manifest.has_heartbeats:
        return renumbered(_raw(recording))
    return with_lulls(_raw(recording), recording.lanes)


def _raw(recording: Recording) -> Iterator[RecordedRecord]:
    return (record for record in recording.records() if record.topic in SOURCES)


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
    return _with_time(records, lanes, _beats, pane_ms, drain_ms, gap_ms_max)


def with_lulls(records: Iterable[RecordedRecord], lanes: int) -> Iterator[RecordedRecord | Lull]:
    """As `with_heartbeats` with its defaults, but each run of heartbeats is told as one lull.

    Args:
        records: Raw records in merged order, without heartbeats.
        lanes: Partitions of each raw topic, 1 or more.

    Yields:
        The same records with the same offsets, and what passes between them. A heartbeat outside the years
        1970 to 9998, which INGEST refuses, stays a record.

    Raises:
        RecordingError: If a record is a heartbeat already, or lies outside the raw topics and lanes, or a gap is
            too long.
    """
    return _with_time(records, lanes, _lulls, PANE_MS, DRAIN_MS, GAP_MS_MAX)


def _with_time(
    records: Iterable[RecordedRecord],
    lanes: int,
    tell: Callable[[range, Offsets], Iterator[_Told]],
    pane_ms: int,
    drain_ms: int,
    gap_ms_max: int,
) -> Iterator[RecordedRecord | _Told]:
    """Put time between records; `tell` yields what stands for a run of pane ends, and moves the offsets on."""
    offsets: Offsets = {(topic, lane): 0 for topic in SOURCES for lane in range(lanes)}
    due: int | None = None  # the next pane end
    latest = 0
    for record in records:
        timestamp = record.timestamp
        if due is None:
            due, latest = timestamp - timestamp % pane_ms + pane_ms, timestamp
        if timestamp >= due:
            _check_gap(record, latest, gap_ms_max)
            yield from tell(range(due, timestamp + 1, pane_ms), offsets)
            due = timestamp - timestamp % pane_ms + pane_ms
        if timestamp > latest:
            latest = timestamp
        if (record.topic, record.partition) not in offsets or not record.value:
            _check_record(record, lanes)
        yield _placed(record, offsets)
    if due is not None:
        yield from tell(range(due, latest + drain_ms + 1, pane_ms), offsets)


def _beats(pane_ends: range, offsets: Offsets) -> Iterator[RecordedRecord]:
    for pane_end in pane_ends:
        for (topic, lane), offset in offsets.items():
            offsets[topic, lane] = offset + 1
            yield RecordedRecord(topic, lane, offset, pane_end, None, HEARTBEAT_HEADERS, b"")


def _lulls(pane_ends: range, offsets: Offsets) -> Iterator[RecordedRecord | Lull]:
    step = pane_ends.step
    usable = range(max(pane_ends.start, 0), min(pane_ends.stop, INSTANT_MAX_MS + 1), step)
    yield from _beats(range(pane_ends.start, min(pane_ends.stop, 0), step), offsets)
    if usable:
        for place in offsets:
            offsets[place] += len(usable)
        yield Lull(usable, len(offsets))
    yield from _beats(pane_ends[len(range(pane_ends.start, INSTANT_MAX_MS + 1, step)) :], offsets)


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

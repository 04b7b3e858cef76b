"""One order for all, and time in it: the laws of merge and heartbeats."""

import itertools
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from pipeline.adapters.recordings.format import Manifest, RecordedRecord, RecordingError, raw_topics
from pipeline.adapters.recordings.heartbeats import (
    DRAIN_MS,
    Lull,
    playable,
    renumbered,
    timed,
    with_heartbeats,
    with_lulls,
)
from pipeline.adapters.recordings.merge import merge
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.records.clocks import INSTANT_MAX_MS, PANE_MS, SOURCES
from pipeline.records.raw.record import HEARTBEAT_HEADERS, is_heartbeat

LANES = 2
PLACES = [(source, lane) for source in SOURCES for lane in range(LANES)]

timestamps = st.lists(st.integers(0, 60_000) | st.sampled_from([10_000, 20_000]), max_size=6)
partitions_filled = st.tuples(*[timestamps for _ in PLACES])


def partitions_of(filled: tuple[list[int], ...]) -> list[list[RecordedRecord]]:
    """Timestamps may go back within a partition, as producers' clocks do."""
    return [
        [RecordedRecord(topic, lane, n, at, None, (), b"x") for n, at in enumerate(stamps)]
        for (topic, lane), stamps in zip(PLACES, filled, strict=True)
    ]


def by_place(records: list[RecordedRecord]) -> list[list[RecordedRecord]]:
    return [[r for r in records if (r.topic, r.partition) == place] for place in PLACES]


@given(filled=partitions_filled)
def test_merging_keeps_every_partition_as_it_was(filled: tuple[list[int], ...]) -> None:
    assert by_place(list(merge(partitions_of(filled)))) == partitions_of(filled)


@given(filled=partitions_filled, order=st.permutations(range(len(PLACES))))
def test_merge_does_not_depend_on_the_order_of_partitions(filled: tuple[list[int], ...], order: list[int]) -> None:
    partitions = partitions_of(filled)
    assert list(merge([partitions[n] for n in order])) == list(merge(partitions))


@given(filled=partitions_filled)
def test_a_record_comes_as_soon_as_the_greatest_timestamp_before_it_allows(filled: tuple[list[int], ...]) -> None:
    merged = list(merge(partitions_of(filled)))
    reached: dict[tuple[str, int], int] = {}
    places = []
    for record in merged:
        place = (record.topic, record.partition)
        reached[place] = max(reached.get(place, 0), record.timestamp)
        places.append((reached[place], SOURCES.index(record.topic), record.partition))
    assert places == sorted(places)


@given(filled=partitions_filled)
def test_merging_what_is_merged_changes_nothing_heartbeats_too(filled: tuple[list[int], ...]) -> None:
    beaten = list(with_heartbeats(merge(partitions_of(filled)), LANES))
    assert list(merge(by_place(beaten))) == beaten


@given(filled=partitions_filled)
def test_every_pane_end_comes_once_in_every_partition(filled: tuple[list[int], ...]) -> None:
    merged = list(merge(partitions_of(filled)))
    beats = [r for r in with_heartbeats(merged, LANES) if is_heartbeat(r)]
    if not merged:
        assert not beats
        return
    first = merged[0].timestamp // PANE_MS * PANE_MS + PANE_MS
    last = max(r.timestamp for r in merged) + DRAIN_MS
    expected = {(topic, lane, at): 1 for topic, lane in PLACES for at in range(first, last + 1, PANE_MS)}
    assert Counter((r.topic, r.partition, r.timestamp) for r in beats) == expected


@given(filled=partitions_filled)
def test_heartbeats_come_before_the_first_record_of_the_next_pane(filled: tuple[list[int], ...]) -> None:
    beaten = list(with_heartbeats(merge(partitions_of(filled)), LANES))
    reached = -1
    for record in beaten:
        if is_heartbeat(record):
            assert reached < record.timestamp, "a record of this timestamp or a later one was before it"
        else:
            reached = max(reached, record.timestamp)


@given(filled=partitions_filled)
def test_heartbeats_change_no_record_and_count_offsets_from_zero(filled: tuple[list[int], ...]) -> None:
    merged = list(merge(partitions_of(filled)))
    beaten = list(with_heartbeats(merged, LANES))
    kept = [(r.topic, r.partition, r.timestamp, r.value) for r in beaten if not is_heartbeat(r)]
    assert kept == [(r.topic, r.partition, r.timestamp, r.value) for r in merged]
    for partition in by_place(beaten):
        assert [r.offset for r in partition] == list(range(len(partition)))


def told_in_full(told: Iterable[RecordedRecord | Lull]) -> list[RecordedRecord]:
    """Each lull as the heartbeats that it stands for."""
    offsets = dict.fromkeys(PLACES, 0)
    records: list[RecordedRecord] = []
    for part in told:
        if isinstance(part, RecordedRecord):
            offsets[part.topic, part.partition] = part.offset + 1
            records.append(part)
            continue
        assert part.heartbeats == len(part.pane_ends) * len(PLACES) > 0
        for pane_end in part.pane_ends:
            for topic, lane in PLACES:
                place = RecordedRecord(topic, lane, offsets[topic, lane], pane_end, None, HEARTBEAT_HEADERS, b"")
                offsets[topic, lane] += 1
                records.append(place)
    return records


@given(filled=partitions_filled, shift=st.sampled_from([0, -30_000, -90_000, INSTANT_MAX_MS - 45_000]))
def test_lulls_are_the_heartbeats_that_nobody_made(filled: tuple[list[int], ...], shift: int) -> None:
    """To the offset; a heartbeat at a time that cannot be used is still told as a record."""
    log = [structs.replace(r, timestamp=r.timestamp + shift) for r in merge(partitions_of(filled))]
    told = list(with_lulls(log, LANES))
    assert told_in_full(told) == list(with_heartbeats(log, LANES))
    beats = [r for r in told if isinstance(r, RecordedRecord) and is_heartbeat(r)]
    assert not [beat for beat in beats if 0 <= beat.timestamp <= INSTANT_MAX_MS]
    lulls = [part for part in told if isinstance(part, Lull)]
    assert not lulls or 0 <= lulls[0].pane_ends[0] <= lulls[-1].pane_ends[-1] <= INSTANT_MAX_MS
    assert len(lulls) <= len(log) + 1


@settings(deadline=None)  # it writes files
@given(filled=partitions_filled, part_bytes=st.none() | st.integers(1, 1_000))
def test_play_and_replay_take_the_same_sequence_however_it_was_stored(
    filled: tuple[list[int], ...], part_bytes: int | None
) -> None:
    merged = list(merge(partitions_of(filled)))
    expected = list(with_heartbeats(merged, LANES))
    for has, records in ((False, merged), (True, expected)):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "a.jsonl.zst"
            manifest = Manifest(created="x", tool="test", topics=raw_topics(LANES), has_heartbeats=has)
            write_recording(path, manifest, records, part_bytes=part_bytes)
            assert list(playable(open_recording(path))) == expected
            assert told_in_full(timed(open_recording(path))) == expected


def test_the_last_pane_is_sealed_by_the_drain() -> None:
    record = RecordedRecord("tickets", 0, 0, 19_999, None, (), b"x")
    last = list(with_heartbeats([record], LANES))[-1]
    lateness_ms = 30_000
    assert last.timestamp - lateness_ms >= 20_000
    longer = list(with_heartbeats([record], LANES, drain_ms=60_000))[-1]
    assert longer.timestamp == 70_000


def test_long_gap_costs_no_memory() -> None:
    year_ms = 365 * 86_400_000
    ends = [RecordedRecord("tickets", 0, n, n * year_ms, None, (), b"x") for n in range(2)]
    beaten = with_heartbeats(ends, LANES)
    assert len(list(itertools.islice(beaten, 100))) == 100


@pytest.mark.parametrize(
    ("records", "says"),
    [
        pytest.param(
            [
                RecordedRecord("tickets", 0, 0, 0, None, (), b"x"),
                RecordedRecord("tickets", 0, 1, 2_000_000_000_000, None, (), b"x"),
            ],
            r"record tickets/0/1 has Kafka timestamp 2033-05-18T03:33:20.000Z, 23148 days after .* correct its date",
            id="gap_too_long",
        ),
        pytest.param(
            [RecordedRecord("tickets", 0, 0, 0, None, HEARTBEAT_HEADERS, b"")],
            "record tickets/0/0 is a heartbeat, and the manifest says that there are none",
            id="heartbeat",
        ),
        pytest.param([RecordedRecord("tickets", 2, 0, 0, None, (), b"x")], "lies outside .* 2 partitions", id="lane"),
        pytest.param([RecordedRecord("letters", 0, 0, 0, None, (), b"x")], "lies outside telemetry", id="topic"),
    ],
)
def test_sequence_that_cannot_be_timed_is_refused(records: list[RecordedRecord], says: str) -> None:
    with pytest.raises(RecordingError, match=says):
        list(with_heartbeats(records, LANES))


def test_records_of_other_topics_are_not_played(tmp_path: Path) -> None:
    incident = RecordedRecord("incidents", 0, 0, 5, None, (), b"x")
    ticket = RecordedRecord("tickets", 0, 7, 5, None, (), b"x")
    topics = raw_topics(1) | {"incidents": raw_topics(1)["tickets"]}
    manifest = Manifest(created="x", tool="test", topics=topics, has_heartbeats=True)
    write_recording(tmp_path / "a.jsonl.zst", manifest, [ticket, incident])
    assert list(playable(open_recording(tmp_path / "a.jsonl.zst"))) == list(renumbered([ticket]))

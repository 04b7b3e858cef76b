"""A recording in numbers: each figure from a case that can be counted by hand."""

import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.recordings.care.statistics import STEPS, Statistics, measure_recording
from pipeline.adapters.recordings.care.tallies import NAMES_MAX, STEP, Lengths, Names, Quiet, Recent
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, raw_topics
from pipeline.adapters.recordings.writer import write_recording
from pipeline.ingest.config import IngestConfig
from pipeline.records.clocks import format_instant

BEGAN: Final = 1_739_350_800_000
MINUTE: Final = 60_000


def post(at: int, arrived: int, number: int, offset: int, partition: int = 0) -> RecordedRecord:
    fields = {
        **{"post_id": f"p{number}", "platform": "x", "posted_at": format_instant(BEGAN + at)},
        **{"text": "weg", "lang": "de", "operator": "netcologne"},
    }
    return RecordedRecord("mentions", partition, offset, BEGAN + arrived, b"k", (), encode(fields))


def reading(at: int, offset: int, vendor: str = "access") -> RecordedRecord:
    fields = {
        **{"operator": "netcologne", "observed_at": format_instant(BEGAN + at), "metric": "latency_ms"},
        **{"value": 14, "unit": "ms", "area": "DE/NW/koeln", "vendor": vendor},
    }
    return RecordedRecord("telemetry", 0, offset, BEGAN + at + 500, None, (), encode(fields))


def measured(folder: Path, records: Iterable[RecordedRecord]) -> Statistics:
    path = folder / "given.jsonl.zst"
    write_recording(path, Manifest(created="now", tool="test", topics=raw_topics(2)), records)
    return measure_recording(path, IngestConfig())


def test_records_bytes_and_times_are_counted_by_partition(tmp_path: Path) -> None:
    records = [post(0, 1_000, 0, 0), post(0, 1_000, 1, 0, partition=1), post(5_000, 6_000, 2, 1)]
    topic = measured(tmp_path, records).topics["mentions"]
    assert {number: one.records for number, one in topic.partitions.items()} == {0: 2, 1: 1}
    assert topic.bytes == sum(len(one.value or b"") + 1 for one in records)
    assert (topic.partitions[0].first_ms, topic.partitions[0].last_ms) == (BEGAN + 1_000, BEGAN + 6_000)


def test_a_rate_adds_up_to_all_records(tmp_path: Path) -> None:
    topic = measured(tmp_path, [reading(n * MINUTE, n) for n in range(480)]).topics["telemetry"]
    assert topic.rate == [10] * STEPS


def test_repeats_disorder_delay_and_lateness_are_told_apart(tmp_path: Path) -> None:
    records = [
        post(0, 2_000, 0, 0),
        post(8_000, 10_000, 1, 1),
        post(5_000, 11_000, 2, 2),  # 3 s behind the newest: out of order, in time
        post(8_000, 12_000, 1, 3),  # the second one again
        post(-60_000, 13_000, 3, 4),  # a minute back: late
        post(20_000, 14_000, 4, 5),  # 6 s ahead
        post(400_000, 15_000, 5, 6),  # more than 5 minutes ahead
        post(-90_000_000, 16_000, 6, 7),  # more than a day back
    ]
    topic = measured(tmp_path, records).topics["mentions"]
    assert (topic.duplicates, topic.late, topic.future, topic.stale) == (1, 1, 1, 1)
    assert topic.ahead == 2
    assert topic.disordered == 3
    assert topic.delays.count == 6


def test_lateness_counts_as_a_replay_would_with_the_heartbeats_it_adds(tmp_path: Path) -> None:
    silent_for_a_minute = [post(0, 1_000, 0, 0), post(1_000, 70_000, 1, 1)]
    assert measured(tmp_path, silent_for_a_minute).topics["mentions"].late == 1


def test_records_that_do_not_fit_their_type_are_counted_and_used_for_nothing(tmp_path: Path) -> None:
    wrong = RecordedRecord("mentions", 0, 1, BEGAN + 2_000, None, (), b"{")
    no_time = RecordedRecord(
        "tickets", 0, 0, BEGAN + 2_000, None, (), b'{"ticket_id":"t","operator":"o","opened_at":"12.02.2025 at nine"}'
    )
    found = measured(tmp_path, [post(0, 1_000, 0, 0), no_time, wrong])
    assert [topic.refused for topic in found.topics.values()] == [1, 1]
    assert found.operators.by_count() == {"netcologne": 1}


def test_a_feed_that_stops_for_an_hour_is_named_and_its_neighbour_is_not(tmp_path: Path) -> None:
    def both() -> Iterator[RecordedRecord]:
        offset = 0
        for minute in range(600):
            if not 200 <= minute < 260:
                yield reading(minute * MINUTE, offset)
                offset += 1
            yield reading(minute * MINUTE, offset, "core")
            offset += 1

    quiet = measured(tmp_path, both()).quiet()
    assert quiet == [("telemetry", "netcologne/access", BEGAN + 199 * MINUTE + 500, 61 * MINUTE)]


def test_operators_vendors_and_languages_are_counted(tmp_path: Path) -> None:
    found = measured(tmp_path, [reading(0, 0), reading(1_000, 1, "core"), post(2_000, 3_000, 0, 0)])
    assert found.operators.by_count() == {"netcologne": 3}
    assert found.vendors.by_count() == {"access": 1, "core": 1}
    assert found.languages.by_count() == {"de": 1}


def test_an_empty_recording_has_statistics_too(tmp_path: Path) -> None:
    found = measured(tmp_path, [])
    assert (found.topics, found.quiet(), found.first_ms) == ({}, [], None)


@pytest.mark.parametrize("part", [0.01, 0.5, 0.9, 0.99, 1.0])
def test_percentiles_are_at_most_a_step_too_high(part: float) -> None:
    lengths = Lengths()
    values = sorted((n * 7_919) % 100_003 for n in range(2_000))
    for value in values:
        lengths.add(value)
    exact = values[max(round(part * len(values)) - 1, 0)]
    assert exact <= lengths.percentile(part) <= exact * STEP + 1


def test_a_length_of_nothing_is_nothing() -> None:
    lengths = Lengths()
    lengths.add(0)
    assert (lengths.percentile(0.5), lengths.most) == (0, 0)


def test_memory_does_not_grow_with_what_is_counted() -> None:
    recent, names, quiet, lengths = Recent(window=1_000), Names(), Quiet(), Lengths()

    def count(start: int) -> int:
        for n in range(start, start + 20_000):
            recent.seen(n)
            names.add(f"name {n}")
            quiet.add(n * n)
            lengths.add(n)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        first = count(0)
        assert count(20_000) < first * 1.2
    finally:
        tracemalloc.stop()
    assert len(names.counts) == NAMES_MAX + 1
    assert not recent.seen(0)

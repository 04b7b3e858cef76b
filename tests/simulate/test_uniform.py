"""The plain load: even, exact, streaming."""

import itertools
from collections import Counter

import msgspec

from pipeline.records.clocks import parse_instant
from pipeline.records.partitioner import partition_for
from pipeline.records.raw.telemetry import Reading
from pipeline.simulate.uniform import uniform_world

REGIONS = tuple(f"DE/NW/town-{number}" for number in range(7))


def test_readings_are_even_over_regions_and_time() -> None:
    records = list(uniform_world(70_000, REGIONS, per_second=1_000, lanes=4))
    assert Counter(record.key.decode() for record in records) == dict.fromkeys(REGIONS, 10_000)
    seconds = Counter(record.timestamp // 1_000 for record in records)
    assert set(seconds.values()) == {1_000}
    assert len(seconds) == 70


def test_readings_are_valid_and_as_large_as_promised() -> None:
    decoder = msgspec.json.Decoder(Reading)
    for record in uniform_world(2_000, REGIONS):
        reading = decoder.decode(record.value)
        assert 10 <= reading.value < 20
        assert reading.area == record.key.decode()
        assert record.timestamp - parse_instant(reading.observed_at) == 1_000
        assert record.partition == partition_for(record.key, 4)
        assert 120 <= len(record.value) <= 145


def test_ten_million_readings_can_be_begun_at_once() -> None:
    first = list(itertools.islice(uniform_world(10_000_000, REGIONS), 5))
    assert (first[0].offset, len(first)) == (0, 5)


def test_same_arguments_same_bytes() -> None:
    assert list(uniform_world(3_000, REGIONS)) == list(uniform_world(3_000, REGIONS))

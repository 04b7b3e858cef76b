"""A plain load for benchmarks: so many readings a second over so many regions, nothing ever wrong.

Made for speed, not for truth: values go through a fixed cycle, all readings of
a tick share one time, and JSON is written by hand. About 130 bytes a record,
as the telemetry of issue reports and collectors usually is.
"""

from collections.abc import Iterator

from pipeline.records.clocks import format_instant
from pipeline.records.partitioner import partition_for
from pipeline.simulate.simulate import SimulatedRecord

_TICK_MS = 100
_VALUES = tuple(f"{10 + 9.99 * ((step * 7_919) % 1_009) / 1_009:.2f}" for step in range(1_009))
"""A full cycle of 1,009 values, a prime, so that no number of regions divides it."""


def uniform_world(
    readings: int,
    regions: tuple[str, ...],
    *,
    per_second: int = 1_000,
    lanes: int = 4,
    operator: str = "netcologne",
    started_at: int = 1_739_318_400_000,
) -> Iterator[SimulatedRecord]:
    """Write a given number of readings, evenly over regions and time.

    Args:
        readings: How many.
        regions: Area ids; each is a key.
        per_second: Readings per second of event time, at least 10.
        lanes: Partitions of the topic.
        operator: Id of the operator whose readings are made.
        started_at: First event time in milliseconds; 2025-02-12T00:00:00Z if not given.

    Yields:
        Telemetry in order of Kafka timestamp, which is 1 s after the event time. Memory
        does not depend on `readings`.

    >>> world = list(uniform_world(3, ("DE/NW/koeln",), per_second=10, lanes=1))
    >>> [(record.offset, record.timestamp) for record in world]
    [(0, 1739318401000), (1, 1739318401100), (2, 1739318401200)]
    """
    places = [(area.encode(), partition_for(area.encode(), lanes), _head(area)) for area in regions]
    offsets = [0] * lanes
    tail = f'","operator":"{operator}","unit":"ms","value":'
    per_tick = max(1, per_second * _TICK_MS // 1_000)
    count, at, stamp = len(places), started_at, format_instant(started_at)
    for number in range(readings):
        if number and number % per_tick == 0:
            at += _TICK_MS
            stamp = format_instant(at)
        key, lane, head = places[number % count]
        value = f"{head}{stamp}{tail}{_VALUES[number % 1_009]}}}".encode()
        offset = offsets[lane]
        offsets[lane] = offset + 1
        yield SimulatedRecord("telemetry", lane, offset, at + 1_000, key, (), value)


def _head(area: str) -> str:
    return f'{{"area":"{area}","metric":"latency_ms","observed_at":"'

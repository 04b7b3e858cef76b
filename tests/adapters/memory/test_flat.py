"""A replay's memory is that of a batch and the open state: it does not grow with the recording."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator

import pytest

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.ingest.late import lateness
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.fixed_point import Exact
from pipeline.simulate.uniform import uniform_world
from tests.flows import arrived, morning, stages
from tests.ingest.world import TOWNS

SHORT, LONG = 50_000, 200_000
LANES = 2
PER_SECOND = 100


def recorded(readings: int, per_second: int) -> Iterator[RecordedRecord]:
    """A plain load, read one by one."""
    for record in uniform_world(readings, TOWNS, per_second=per_second, lanes=LANES):
        yield RecordedRecord(
            record.topic, record.partition, record.offset, record.timestamp, record.key, record.headers, record.value
        )


def replay(readings: int) -> None:
    """Send a load through, a thousand readings a batch, and keep nothing of what comes out."""
    published: Counter[str] = Counter()

    def count(message: Message) -> None:
        published[message.topic] += 1

    flow = MemoryFlow(stages(LANES), count)
    for _ in flow.run(with_heartbeats(recorded(readings, PER_SECOND), LANES), batch_records=1_000):
        pass
    assert flow.used >= readings
    assert flow.quarantined == 0
    assert published.total() < 10


def fill_memories() -> None:
    """Fill what is remembered of times and numbers: a full memory does not grow any more."""
    for number in range(70_000):
        instant = decoder(Instant).decode(encode(Instant(number * 1_000)))
        assert decoder(Exact).decode(encode(Exact(number))) == instant // 1_000


def peak_bytes(readings: int) -> int:
    """The most that a replay takes at once."""
    tracemalloc.start()
    try:
        fill_memories()
        replay(readings)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches have limits of their own, which a short recording does not reach: they are made small or filled."""
    monkeypatch.setattr(lateness, "_TIMES_MAX", 1_000)
    replay(LONG)
    short, long = peak_bytes(SHORT), peak_bytes(LONG)
    assert long / short < 1.3, f"{long:,} and {short:,} bytes"


def test_a_batch_ends_with_its_records_or_its_time_and_says_where_it_is() -> None:
    flow = MemoryFlow(stages(LANES), lambda _message: None)
    log = list(with_heartbeats(arrived(morning(1), 1, LANES), LANES))
    batch_ms = 600_000
    reached = list(flow.run(log, batch_records=10**9, batch_ms=batch_ms))
    assert reached == sorted(reached)
    assert reached[-1] == log[-1].timestamp
    begun = log[0].timestamp
    for timestamp in reached[:-1]:
        assert batch_ms <= timestamp - begun < batch_ms + PANE_MS + 1_000
        begun = timestamp
    assert len(list(MemoryFlow(stages(LANES), lambda _message: None).run(log, batch_records=1))) == len(log)


def test_nothing_is_said_of_nothing() -> None:
    published: list[Message] = []
    assert list(MemoryFlow(stages(LANES), published.append).run([])) == []
    assert published == []

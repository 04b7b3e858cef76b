"""Laws of time that passes without records: heartbeats written out and lulls give the same, byte for byte."""

import random
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import Lull, with_heartbeats, with_lulls
from pipeline.adapters.runs.folder import canonical
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.detect.config import DetectConfig
from pipeline.flow import RESULT_NOUNS
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, SOURCES
from pipeline.records.raw.record import is_heartbeat
from tests.flows import arrived, morning, orders, stages
from tests.ingest.world import NOON, Raw, command, post, ticket

EAGER = DetectConfig(markets=("DE",), warm_up_ms=3 * HOUR_MS, early_ms=30 * MINUTE_MS)
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def day_and_morning(seed: int) -> list[Raw]:
    """A day of a few towns, with pauses of minutes and of hours, and a morning with an outage at their end."""
    chance, at, records = random.Random(seed), NOON - 26 * HOUR_MS, list[Raw]()
    for number in range(1_000_000, 1_000_220):
        at += int(chance.expovariate(1) * chance.choice([20_000, MINUTE_MS, 20 * MINUTE_MS, 40 * MINUTE_MS]))
        if at >= NOON - MINUTE_MS:
            break
        town = chance.choice(["Koeln", "Bonn"])
        say = chance.choice([ticket, post])
        records.append(say(at, number, text=f"internet down in {town}"))
        if chance.random() < 0.05:
            until = "2025-02-12T10:00:00Z"
            records.append(command(at, number, kind="silence", target="netcologne", operator="netcologne", until=until))
    return records + morning(seed) + orders(at_minute=50)


def recorded(seed: int, lanes: int) -> list[RecordedRecord]:
    """As a broker got them; some come so late that they are refused."""
    chance, log = random.Random(seed), arrived(day_and_morning(seed), seed, lanes)
    late = [structs.replace(record, timestamp=record.timestamp + HOUR_MS) for record in chance.sample(log, 20)]
    return sorted([*log, *late], key=lambda record: (record.timestamp, SOURCES.index(record.topic), record.partition))


def told(
    log: list[RecordedRecord | Lull], lanes: int, batch_records: int, batch_ms: int
) -> tuple[dict[str, list[bytes]], int, int]:
    """What a replay publishes, quarantine with its offsets; how many records were used and how many were not."""
    published: list[Message] = []
    flow = MemoryFlow(stages(lanes, detect=EAGER), published.append)
    for _ in flow.run(log, batch_records=batch_records, batch_ms=batch_ms):
        pass
    found = {topic: canonical(topic, [m for m in published if m.topic == topic]) for topic in RESULT_NOUNS}
    offsets = sorted(repr((m.value, m.headers)).encode() for m in published if m.topic == "quarantine")
    return found | {"offsets": offsets}, flow.used, flow.quarantined


@cache
def written_out(seed: int, lanes: int) -> tuple[dict[str, list[bytes]], int, int]:
    """The same with every heartbeat as a record, in batches as a live run cuts them."""
    return told(list(with_heartbeats(recorded(seed, lanes), lanes)), lanes, 700, 10 * MINUTE_MS)


@SLOW
@given(
    seed=st.integers(0, 2),
    lanes=st.integers(1, 3),
    batch_records=st.integers(1, 5_000),
    batch_ms=st.sampled_from([10_000, 599_999, 3 * HOUR_MS, 100 * HOUR_MS]) | st.integers(60_000, 7_000_000),
)
def test_a_recording_gives_the_same_with_heartbeats_in_it_and_without(
    seed: int, lanes: int, batch_records: int, batch_ms: int
) -> None:
    expected, used, refused = written_out(seed, lanes)
    log = recorded(seed, lanes)
    assert told(list(with_lulls(log, lanes)), lanes, batch_records, batch_ms) == (expected, used, refused)
    assert used + refused == sum(1 for _ in with_heartbeats(log, lanes))


def test_the_day_holds_what_may_go_wrong() -> None:
    log = recorded(1, 2)
    found, used, refused = told(list(with_lulls(log, 2)), 2, 5_000, HOUR_MS)
    assert any(b'"state":"confirmed"' in line for line in found["incidents"])
    assert any(b"behind the clock" in line for line in found["quarantine"])
    assert refused > 20
    beats = sum(map(is_heartbeat, with_heartbeats(log, 2)))
    assert used == len(log) + beats - refused
    assert beats > 50_000


@given(seed=st.integers(0, 3), drop=st.floats(0.0, 1.0))
@settings(max_examples=6, deadline=None)
def test_heartbeats_that_go_back_or_come_twice_change_nothing(seed: int, drop: float) -> None:
    """A recording has the heartbeats that it has: some are missing, some twice, some out of order."""
    chance, log = random.Random(seed), list(with_heartbeats(arrived(morning(seed), seed), 2))
    doubled: list[RecordedRecord | Lull] = []
    for record in log:
        doubled.append(record)
        if is_heartbeat(record) and chance.random() < drop:
            doubled.append(
                structs.replace(record, timestamp=max(0, record.timestamp - chance.randrange(10 * MINUTE_MS)))
            )
    plain, used, refused = told(list(log), 2, 5_000, HOUR_MS)
    more, used_too, refused_too = told(doubled, 2, 5_000, HOUR_MS)
    assert more == plain
    assert (used_too - used, refused_too) == (len(doubled) - len(log), refused)

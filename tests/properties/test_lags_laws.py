"""Laws of steadily late feeds: no batch cut and no crash moves a record, and what is remembered is all that counts."""

import itertools
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.records.clocks import MINUTE_MS
from tests.ingest.world import NOON, TOWNS, Raw, by_source, reading, rules, ticket
from tests.properties.test_ingest_laws import merged_bytes, refused

Step = tuple[int, str, int, str, bool]
"""Seconds since the step before, metric, ms behind, area, and whether it is a ticket."""

steps = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from(["attach_success_ratio", "latency", "loss"]),
        st.sampled_from([0, 0, 20_000, 100_000, 150_000, 900_000, 3_000_000]),
        st.sampled_from(TOWNS),
        st.booleans(),
    ),
    max_size=80,
)


def log_of(made: Sequence[Step]) -> list[Raw]:
    """Records in the order of their Kafka timestamps, among them a clock that is always right."""
    records, now = [], NOON
    for number, (seconds, metric, behind_ms, area, is_ticket) in enumerate(made):
        now += seconds * 1_000
        records.append(reading(now, metric="session_success_ratio"))
        if is_ticket:
            records.append(ticket(now, number))
            records.append(ticket(now - behind_ms, number, timestamp=now, intake="app"))
        else:
            records.append(reading(now - behind_ms, timestamp=now, metric=metric, value=0.5, area=area))
    return records


def run(records: Sequence[Raw], cuts: Iterable[int], *, is_handed_on: bool) -> tuple[list[LaneBatch], Lane]:
    """Send records through a lane, closing a batch at each cut; after each another lane may take over."""
    lane, batches = Lane(0, rules(), {}), []
    edges = [0, *sorted(cuts), len(records)]
    for first, after in itertools.pairwise(edges):
        for source, part in by_source(records[first:after]).items():
            lane.take(source, part, None)
        batches.append(lane.close())
        if is_handed_on:
            lane = Lane(0, rules(), lane.clocks, lane.habits)
    return batches, lane


@given(made=steps, data=st.data(), is_handed_on=st.booleans())
def test_no_cut_and_no_crash_moves_a_late_feeds_records(
    made: list[Step], data: st.DataObject, *, is_handed_on: bool
) -> None:
    records = log_of(made)
    cuts = data.draw(st.lists(st.integers(0, len(records)), max_size=8))
    whole, one = run(records, [], is_handed_on=False)
    parts, other = run(records, cuts, is_handed_on=is_handed_on)
    assert merged_bytes(parts) == merged_bytes(whole)
    assert refused(parts) == refused(whole)
    assert (other.clocks, other.habits) == (one.clocks, one.habits)


@given(made=steps, horizon_s=st.integers(0, 20_000))
def test_a_record_that_waits_at_the_horizon_is_heard_once(made: list[Step], horizon_s: int) -> None:
    records = by_source(log_of(made)).get("telemetry", [])
    free, held = Lane(0, rules(), {}), Lane(0, rules(), {})
    free.take("telemetry", records, None)
    taken = held.take("telemetry", records, NOON + horizon_s * 1_000)
    held.take("telemetry", records[taken:], NOON + horizon_s * 1_000)
    taken += held.take("telemetry", records[taken:], None)
    assert taken == len(records)
    assert (held.clocks, held.habits) == (free.clocks, free.habits)
    assert merged_bytes([held.close()]) == merged_bytes([free.close()])


@given(lag_ms=st.integers(60_000, 1_500_000), jitter_ms=st.lists(st.integers(0, 20_000), min_size=30, max_size=60))
def test_a_feed_with_a_steady_lag_is_never_refused_whole(lag_ms: int, jitter_ms: list[int]) -> None:
    lane = Lane(0, rules(), {})
    for minute, jitter in enumerate(jitter_ms):
        now = NOON + minute * MINUTE_MS
        late = reading(now - lag_ms - jitter, timestamp=now, metric="loss", value=0.01)
        lane.take("telemetry", [reading(now), late], None)
    assert len(lane.close().quarantined) <= 6

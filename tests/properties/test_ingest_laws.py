"""Laws of INGEST: any batch cut and any order within lateness, the same sums; in = used + quarantined."""

import itertools
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.codecs.wire import encode
from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.records.clocks import SOURCES, Instant
from pipeline.records.errors import Reason
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.examples import EXAMPLES_MAX, Example
from pipeline.records.inner.partials import Partial, merged
from pipeline.records.inner.samples import SAMPLE_EXACT_MAX, add_to_sample, cardinality, prune
from pipeline.records.series import Series
from tests.ingest.world import NOON, TOWNS, Raw, by_source, command, heartbeat, post, reading, rules, ticket

times = st.integers(0, 120_000).map(lambda ms: NOON + ms)
raw_records = st.one_of(
    st.builds(
        lambda at, delay, value, area, attempts: reading(
            at, timestamp=at + delay, value=value, area=area, attempts=attempts
        ),
        times,
        st.integers(-400_000, 60_000),
        st.floats(-1e3, 1e18, allow_nan=False),
        st.sampled_from(TOWNS),
        st.integers(1, 5),
    ),
    st.builds(lambda at, n: ticket(at, n, timestamp=at + n), times, st.integers(0, 9)),
    st.builds(
        lambda at, n, text: post(at, n, timestamp=at, text=text),
        times,
        st.integers(0, 9),
        st.sampled_from(["down", "112 down", "Bonn internet down", "nice tariff", ""]),
    ),
    st.builds(lambda at, n: command(at, n), times, st.integers(0, 9)),
    st.builds(heartbeat, st.sampled_from(SOURCES), times),
)


def run(records: Sequence[Raw], cuts: Iterable[int]) -> tuple[list[LaneBatch], Lane]:
    """Send records through one lane, closing a batch at each cut."""
    lane = Lane(0, rules(), {})
    batches = []
    edges = [0, *sorted(cuts), len(records)]
    for first, after in itertools.pairwise(edges):
        for source, some in by_source(records[first:after]).items():
            lane.take(source, some, None)
        batches.append(lane.close())
    return batches, lane


def merged_bytes(batches: Sequence[LaneBatch]) -> bytes:
    """All that the batches say, merged, as bytes."""
    sums: dict[tuple[Series, Instant], list[Partial]] = {}
    whole: list[bytes] = []
    for batch in batches:
        for envelope in batch.envelopes:
            for item in envelope.partials:
                sums.setdefault((item.series, item.pane), []).append(item.partial)
            whole += map(encode, [*envelope.officials, *envelope.claims, *envelope.commands])
    parts = [encode([series, pane, merged(partials)]) for (series, pane), partials in sorted(sums.items())]
    return b"\n".join([*parts, *sorted(whole)])


def refused(batches: Sequence[LaneBatch]) -> list[tuple[Reason, str, bytes | None]]:
    """What went to quarantine, as a sorted list."""
    return sorted((q.reason, q.message, q.value) for batch in batches for q in batch.quarantined)


@given(records=st.lists(raw_records, max_size=60), data=st.data())
def test_no_sum_and_no_verdict_depends_on_where_batches_are_cut(records: list[Raw], data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(records)), max_size=6))
    whole, one = run(records, [])
    parts, other = run(records, cuts)
    assert merged_bytes(parts) == merged_bytes(whole)
    assert refused(parts) == refused(whole)
    assert other.clocks == one.clocks


@given(records=st.lists(raw_records, max_size=60))
def test_in_is_used_plus_quarantined(records: list[Raw]) -> None:
    (batch,), _ = run(records, [])
    assert batch.used + len(batch.quarantined) == len(records)


@given(
    at=st.lists(st.integers(0, 29_999), min_size=1, max_size=40),
    data=st.data(),
)
def test_any_order_within_lateness_gives_the_same_sums(at: list[int], data: st.DataObject) -> None:
    records = [
        make(NOON + ms, timestamp=NOON + 30_000)
        for n, ms in enumerate(at)
        for make in (lambda t, timestamp, n=n: post(t, n, timestamp=timestamp), reading)
    ]
    shuffled = data.draw(st.permutations(records))
    one, _ = run(records, [])
    other, _ = run(shuffled, [])
    assert not refused(one)
    assert merged_bytes(one) == merged_bytes(other)


partials = st.builds(
    lambda members, value: _partial(members, value),
    st.lists(st.tuples(st.integers(0, 600), st.sampled_from(["", "no_internet", "slow"])), min_size=1, max_size=400),
    st.integers(-(2**53), 2**53),
)


def _partial(members: list[tuple[int, str]], value: int) -> Partial:
    partial = Partial(count=len(members))
    partial.total = partial.least = partial.most = partial.weight = partial.weighted = Exact(value)
    partial.squares = Exact(value * value)
    for member, tag in members:
        add_to_sample(partial.ids, member * 7_919, tag)
        add_to_sample(partial.people, member)
        partial.examples = sorted([*partial.examples, Example(member % 9, member, Instant(NOON), str(member), tag)])
    prune(partial.ids)
    prune(partial.people)
    partial.examples = merged([partial, partial.copy()]).examples
    return partial


@given(some=st.lists(partials, min_size=1, max_size=5), data=st.data())
def test_partials_are_a_commutative_monoid(some: list[Partial], data: st.DataObject) -> None:
    at_once = merged(some)
    one_by_one = Partial()
    for partial in data.draw(st.permutations(some)):
        one_by_one.add(partial)
    assert encode(at_once) == encode(one_by_one)
    cut = data.draw(st.integers(0, len(some)))
    halves = [merged(half) for half in (some[:cut], some[cut:]) if half]
    assert encode(merged(halves)) == encode(at_once)
    assert len(at_once.examples) <= EXAMPLES_MAX


@given(st.sets(st.integers(0, 2**52 - 1), max_size=SAMPLE_EXACT_MAX))
def test_a_sample_is_exact_up_to_256(members: set[int]) -> None:
    partial = Partial()
    for member in members:
        add_to_sample(partial.ids, member)
    assert cardinality(partial.ids) == len(members)


MUTATIONS = 100_000


@pytest.mark.parametrize("source", SOURCES)
def test_no_bytes_whatsoever_stop_a_lane(source: str) -> None:
    chance = random.Random(f"mutants of {source}")
    seeds = [r.value or b"" for r in (reading(), ticket(), post(), command()) if r.topic == source]
    seeds += [json.dumps({"text": "x" * 3_000}).encode(), b"[" * 10_000, b'{"a":' * 5_000, b"\xff\xfe", b"null", b"0"]
    lane = Lane(0, rules(), {})
    counted: Counter[str] = Counter()
    for _ in range(MUTATIONS // 1_000):
        records = [Raw(source, NOON, mutated(chance, seeds), headers=headers(chance)) for _ in range(1_000)]
        assert lane.take(source, records, None) == len(records)
        batch = lane.close()
        assert batch.used + len(batch.quarantined) == len(records)
        for envelope in batch.envelopes:
            msgspec.json.decode(encode(envelope))
        counted.update(q.reason for q in batch.quarantined)
    assert set(counted) <= set(Reason)
    assert counted.total() > MUTATIONS // 2


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes | None:
    """A record gone wrong: bytes flipped, cut, doubled, spliced, or nothing but noise."""
    if chance.random() < 0.1:
        return chance.choice([None, b"", chance.randbytes(chance.randrange(200))])
    content = bytearray(chance.choice(seeds))
    for _ in range(chance.randrange(1, 4)):
        at, kind = chance.randrange(len(content) + 1), chance.randrange(5)
        if kind == 0:
            content[at:at] = chance.randbytes(chance.randrange(1, 5))
        elif kind == 1:
            del content[at : at + chance.randrange(1, 9)]
        elif kind == 2:
            content[at : at + 1] = chance.choice([b"1e308", b"NaN", b"-", b"\\ud800", b"0000", b"9999", b"[[[", b'"'])
        elif kind == 3:
            content[at:at] = content[max(0, at - 20) : at]
        else:
            content = content[:at]
    return bytes(content)


def headers(chance: random.Random) -> tuple[tuple[str, bytes], ...]:
    """Sometimes the headers are wrong, too."""
    if chance.random() < 0.8:
        return ()
    kind = chance.choice([b"application/cloudevents+json", b"application/json", b"\xff", b"text/plain", b""])
    return (("content-type", kind), ("ce_type", chance.randbytes(4)))

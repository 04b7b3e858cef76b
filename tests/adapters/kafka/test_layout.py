"""Lanes: a partition of each source at most, and a lane never in two hands."""

from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.kafka.layout import Layout, even_layout, lane_assignor, layout_of
from pipeline.records.clocks import INSTANT_MAX_MS, SOURCES


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    topics = {source: [f"{source}-{n}" for n in range(draw(st.integers(1, 3)))] for source in SOURCES}
    return layout_of(topics, {name: draw(st.integers(1, 5)) for names in topics.values() for name in names})


@given(layout=layouts())
def test_a_lane_has_one_partition_of_a_source_or_a_clock_that_nobody_waits_for(layout: Layout) -> None:
    seen = []
    for lane in range(layout.lanes):
        sources = [layout.source(tp) for tp in layout.of_lane(lane)]
        assert sources
        assert sorted([*sources, *layout.absent(lane)]) == sorted(SOURCES)
        assert set(layout.absent(lane).values()) <= {INSTANT_MAX_MS}
        seen += layout.of_lane(lane)
    assert sorted(seen) == sorted(layout.partitions)


@given(layout=layouts(), members=st.integers(1, 9))
def test_a_lane_goes_to_one_process_whole_and_every_lane_to_one(layout: Layout, members: int) -> None:
    names = [f"m{n}" for n in range(members)]
    cluster: Any = SimpleNamespace()
    shares = lane_assignor(layout).assign(cluster, dict.fromkeys(names))
    owner = {
        TopicPartition(topic, partition): member
        for member, share in shares.items()
        for topic, partitions in share.assignment
        for partition in partitions
    }
    assert owner.keys() == set(layout.partitions)
    assert all(len({owner[tp] for tp in layout.of_lane(lane)}) == 1 for lane in range(layout.lanes))
    lanes_of = [len({layout.lane(tp) for tp, member in owner.items() if member == name}) for name in names]
    assert max(lanes_of) - min(lanes_of) <= 1


def test_even_topics_have_the_lanes_that_they_always_had() -> None:
    layout = even_layout({source: (source,) for source in SOURCES}, 4)
    assert {tp: layout.lane(tp) for tp in layout.partitions} == {tp: tp.partition for tp in layout.partitions}
    assert layout.absent(3) == {}
    assert layout.place(TopicPartition("tickets", 4)) is None

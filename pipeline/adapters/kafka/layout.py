"""The layout of lanes: which partition of which raw topic is which lane.

A source may have several topics, each with a count of its own and any name. Its
partitions lie side by side, topic after topic, and their places are the lanes: so a
lane holds at most one partition of each source, and its clock is the clock of one log.
There are as many lanes as the source with the most partitions has. Where another
source has none, its clock stands at the end of time: nothing is waited for.

A layout is fixed once records were read by it, for clocks and fencing hang on its
lanes. It is remembered where the offsets are: each committed offset names the lane, the
number of lanes and the number of the layout. A partition more begins the next one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka import TopicPartition
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

from pipeline.records.clocks import INSTANT_MAX_MS, SOURCES


class Pinned(NamedTuple):
    """What a committed offset says of the layout that its record was read by.

    Attributes:
        layout: Number of the layout, from 1.
        lane: Which lane the partition is.
        lanes: How many lanes there are.
        signals: How many partitions `signals` has.
    """

    layout: int
    lane: int
    lanes: int
    signals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTopic:
    """A topic that a source is read from.

    Attributes:
        name: Its name in Kafka.
        source: Noun of the source.
        partitions: Their number, 1 or more.
    """

    name: str
    source: str
    partitions: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All raw topics, in the order in which a source's partitions lie side by side.

    Attributes:
        topics: The topics.
        number: Counts layouts of an epoch, from 1.
    """

    topics: tuple[RawTopic, ...]
    number: int = 1
    _places: Mapping[TopicPartition, tuple[str, int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ends: dict[str, int] = {}
        places: dict[TopicPartition, tuple[str, int]] = {}
        for topic in self.topics:
            first = ends.get(topic.source, 0)
            ends[topic.source] = first + topic.partitions
            for partition in range(topic.partitions):
                places[TopicPartition(topic.name, partition)] = (topic.source, first + partition)
        object.__setattr__(self, "_places", places)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the topics."""
        return tuple(topic.name for topic in self.topics)

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return 1 + max(lane for _, lane in self._places.values())

    @property
    def partitions(self) -> list[TopicPartition]:
        """All partitions, topic after topic."""
        return list(self._places)

    def place(self, tp: TopicPartition) -> tuple[str, int] | None:
        """Source and lane of a partition; None for one that is not laid out."""
        return self._places.get(tp)

    def source(self, tp: TopicPartition) -> str:
        """Source of a partition that is laid out."""
        return self._places[tp][0]

    def lane(self, tp: TopicPartition) -> int:
        """Lane of a partition that is laid out."""
        return self._places[tp][1]

    def of_lane(self, lane: int) -> list[TopicPartition]:
        """The partitions of a lane, one of each source that has so many."""
        return [tp for tp, place in self._places.items() if place[1] == lane]

    def absent(self, lane: int) -> dict[str, int]:
        """Clocks of the sources that have no partition in a lane: nothing of them is waited for."""
        there = {self.source(tp) for tp in self.of_lane(lane)}
        return {source: INSTANT_MAX_MS for source in SOURCES if source not in there}

    def pinned(self, tp: TopicPartition, signals: int) -> Pinned:
        """What the committed offset of a partition is to say.

        Args:
            tp: A partition that is laid out.
            signals: How many partitions `signals` has.
        """
        return Pinned(self.number, self.lane(tp), self.lanes, signals)


def even_layout(topics: Mapping[str, Iterable[str]], partitions: int) -> Layout:
    """A layout of topics that all have as many partitions.

    Args:
        topics: Source to the names of its topics.
        partitions: Of each topic, 1 or more.

    >>> even_layout({"telemetry": ["a", "b"], "tickets": ["c"]}, 2).place(TopicPartition("b", 1))
    ('telemetry', 3)
    """
    counts = {name: partitions for names in topics.values() for name in names}
    return layout_of(topics, counts)


def layout_of(topics: Mapping[str, Iterable[str]], counts: Mapping[str, int], number: int = 1) -> Layout:
    """A layout of topics as they are.

    Args:
        topics: Source to the names of its topics.
        counts: Name of a topic to the number of its partitions.
        number: Of the layout, from 1.
    """
    laid = [RawTopic(name=name, source=source, partitions=counts[name]) for source in topics for name in topics[source]]
    return Layout(topics=tuple(laid), number=number)


def lane_assignor(layout: Layout) -> type[RangePartitionAssignor]:
    """How a group shares lanes out: a lane goes to one process with all of its partitions.

    aiokafka's own ways share out the partitions of each topic by themselves, which splits lanes as soon as
    counts differ. Partitions that are not laid out go to nobody.

    Args:
        layout: Of the process that asks; all processes of a group have the same.
    """

    class LaneAssignor(RangePartitionAssignor):  # type: ignore[misc]  # aiokafka has no types
        name = "tocsin-lanes"

        @classmethod
        def assign(
            cls,
            cluster: ClusterMetadata,  # noqa: ARG003 - what is not laid out yet is nobody's
            members: Mapping[str, ConsumerProtocolMemberMetadata],
        ) -> dict[str, ConsumerProtocolMemberAssignment]:
            names, shares = sorted(members), dict[str, dict[str, list[int]]]()
            for tp in layout.partitions:
                member = names[layout.lane(tp) * len(names) // layout.lanes]
                shares.setdefault(member, {}).setdefault(tp.topic, []).append(tp.partition)
            return {
                member: ConsumerProtocolMemberAssignment(cls.version, sorted(shares.get(member, {}).items()), b"")
                for member in names
            }

    return LaneAssignor

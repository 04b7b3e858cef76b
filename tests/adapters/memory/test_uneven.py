"""Sources with different numbers of partitions: what is published does not depend on partitions that nobody has."""

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, TopicInfo
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.flow import RESULT_NOUNS
from tests.flows import arrived, morning, orders, stages

SEED, LANES = 7, 3
COUNTS = {"telemetry": 3, "tickets": 1, "mentions": 2, "commands": 1}


def published(log: list[RecordedRecord], manifest: Manifest) -> dict[str, list[bytes]]:
    """What the flow says of a log that has its heartbeats."""
    said: list[Message] = []
    flow = MemoryFlow(stages(LANES), said.append, first_clocks=manifest.absent)
    for _ in flow.run(log):
        pass
    return {noun: canonical(noun, [message for message in said if message.topic == noun]) for noun in RESULT_NOUNS}


def test_a_source_with_fewer_partitions_gives_what_it_gives_with_quiet_ones_beside_it() -> None:
    sent = arrived(morning(SEED) + orders(at_minute=50), SEED, LANES)
    few = [msgspec.structs.replace(record, partition=record.partition % COUNTS[record.topic]) for record in sent]
    even = list(with_heartbeats(few, LANES))
    uneven = [record for record in even if record.partition < COUNTS[record.topic]]
    assert len(uneven) < len(even)
    topics = {name: TopicInfo(partitions=count) for name, count in COUNTS.items()}
    manifest = Manifest(created="t", tool="t", has_heartbeats=True, topics=topics)
    assert manifest.lanes == LANES
    whole = Manifest(created="t", tool="t", topics={name: TopicInfo(partitions=LANES) for name in COUNTS})
    expected = published(even, whole)
    assert all(expected[noun] for noun in ("incidents", "notices", "decisions"))
    assert published(uneven, manifest) == expected

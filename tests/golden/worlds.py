"""The golden worlds: five small worlds of the simulator, through all stages with the real reference.

Each begins a few hours before its event and ends soon after it, and the
detectors are warm after two hours, so that five of them take a minute. The
recordings are not kept, since a seed makes them again to the byte; what the
flow publishes of them is.
"""

from collections.abc import Iterator
from itertools import takewhile
from typing import Final, NamedTuple

from pipeline.adapters.cli.offline.simulate import load, records_of
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.compose import compose
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import renumbered, with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.adapters.settings import load_settings
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.flow import RESULT_NOUNS
from pipeline.simulate.simulate import truth
from pipeline.simulate.spec.parse import Scenario

HOUR_MS: Final = 3_600_000
DAY_HOURS: Final = 24


class SmallWorld(NamedTuple):
    """Which world, how long before its event it begins, and when it ends.

    Attributes:
        hours_after: After the event's end; an incident is then resolved, or at least recovering.
    """

    scenario: str
    seed: int
    hours_before: float
    hours_after: float


WORLDS: Final = {
    "emergency": SmallWorld("emergency-only", 7, 5, 1),
    "five-minutes": SmallWorld("five-minutes", 7, 5, 1),
    "channel-black": SmallWorld("live-tv", 7, 5, 0.5),
    "rumour": SmallWorld("rumour", 7, 5, 0.5),
    "dead-feed": SmallWorld("dead-feed", 7, 5, 0.5),
}
"""Three outages and two traps; the seeds are used for nothing else."""


def world_results(small: SmallWorld, *, batch_records: int = 5_000) -> dict[str, list[bytes]]:
    """Run a small world through all stages and give what it published, in canonical form."""
    scenario: Scenario = load(small.scenario, small.seed)
    lanes, warm_ms = scenario.file.lanes, 2 * HOUR_MS
    options = {"partitions.lanes": lanes, "detect.warm_up_ms": warm_ms, "detect.early_ms": warm_ms}
    stages = compose(load_settings(environment={}, options=options).settings, lambda: 0)
    published: list[Message] = []
    flow = MemoryFlow(stages, published.append)
    log = with_heartbeats(renumbered(_records(scenario, small)), lanes)
    for _ in flow.run(log, batch_records=batch_records):
        pass
    return {topic: canonical(topic, [m for m in published if m.topic == topic]) for topic in RESULT_NOUNS}


def _records(scenario: Scenario, small: SmallWorld) -> Iterator[RecordedRecord]:
    """The records from a few hours before the event to soon after it, in merged order."""
    true = truth(scenario, small.seed)
    outages = [(outage.started_at, outage.ended_at) for outage in true.outages]
    events = outages + [(trap.started_at, trap.ended_at) for trap in true.traps]
    first, last = min(began for began, _ in events), max(ended for _, ended in events)
    hours = (true.ended_at - first) / HOUR_MS + small.hours_before
    until_ms = last + small.hours_after * HOUR_MS
    records = records_of(scenario, small.seed, hours / DAY_HOURS)
    return takewhile(lambda record: record.timestamp < until_ms, records)

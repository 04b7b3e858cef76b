"""The whole flow in memory on a small world: a morning of telemetry, tickets and posts with an outage in it."""

import dataclasses
import random
from collections.abc import Iterable, Sequence

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.adapters.stages.contracts import JudgingStage
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.adapters.stages.shell import IngestCodec, KeyedCodec, Run, Stages
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.detect.config import DetectConfig
from pipeline.detect.known.reference import DetectReference
from pipeline.flow import CORRELATE, DETECT, KEYED, RESULT_NOUNS, CorrelateRules, DetectRules
from pipeline.ingest.config import IngestConfig
from pipeline.ingest.text.refused import QuarantineKeeps
from pipeline.records.clocks import SOURCES
from pipeline.records.partitioner import partition_for
from pipeline.respond.config import RespondConfig, RespondRules
from tests.correlate.stories import OPERATORS, distance_km, name_of
from tests.ingest.world import NOON, Raw, command, post, reading, rules, ticket
from tests.wording.shipped import WORDING

MINUTE_MS = 60_000
LATENESS_MS = 30_000
EAGER = DetectConfig(markets=("DE",), warm_up_ms=30 * MINUTE_MS, early_ms=30 * MINUTE_MS)
"""Warm after half an hour: the laws tested here do not depend on how long a detector learns."""


def stages(
    lanes: int = 2,
    partitions: int = 2,
    detect: DetectConfig = EAGER,
    quarantine: QuarantineKeeps = QuarantineKeeps.MASKED,
) -> Stages:
    """All stages on the small world; the wall clock stands still."""
    config = IngestConfig(lanes=lanes, signals_partitions=partitions, quarantine=quarantine)
    known = dataclasses.replace(rules(config), market_of={"netcologne": "DE", "alpha": "DE"})

    def standing() -> int:
        return 0

    run = Run(ruleset="test", epoch=1, recorded_ms=standing)
    reference = CorrelateReference(operators=OPERATORS, distance_km=distance_km, name_of=name_of, wording=WORDING)
    correlating = CorrelateRules(
        config=CorrelateConfig(), reference=reference, respond=RespondRules(config=RespondConfig(), wording=WORDING)
    )
    made: dict[str, JudgingStage] = {
        DETECT.name: KeyedCodec(
            DETECT, DetectRules(config=detect, market_of=known.market_of, known=DetectReference()), run
        ),
        CORRELATE.name: KeyedCodec(CORRELATE, correlating, run),
    }
    return Stages(
        ingest=IngestCodec(rules=known, recorded_ms=standing),
        keyed=tuple(made[stage.name] for stage in KEYED),
    )


def morning(seed: int, minutes: int = 75, outage_at: int = 45) -> list[Raw]:
    """What happened, in order of event time: quiet, then an outage of twenty minutes, with claims and orders.

    Some records will be useless, and some late: they belong to a normal morning.
    """
    chance = random.Random(seed)
    records: list[Raw] = []
    number = 0
    for minute in range(minutes):
        begin = NOON + minute * MINUTE_MS
        down = outage_at <= minute < outage_at + 20
        for second in range(0, 60, 10):
            for town in ("DE/NW/koeln", "DE/NW/bonn"):
                value = 0.4 if down else 0.985 + chance.random() / 100
                records.append(reading(begin + second * 1_000, area=town, value=value, service="broadband"))
        for _ in range(chance.randrange(9, 14) if down else chance.randrange(2)):
            number += 1
            at = begin + chance.randrange(MINUTE_MS)
            text = "112 down in Koeln" if down and chance.random() < 0.05 else "internet down in Koeln"
            records.append(ticket(at, number, text=text))
            records.append(post(at, number, text=chance.choice(["internet down in Bonn", "down!!", "new tariff"])))
        if chance.random() < 0.1:
            records.append(reading(begin, operator="nobody"))
    records.append(post(NOON + (outage_at + 9) * MINUTE_MS, 900_000, official=True, text="Wir arbeiten daran."))
    return sorted(records, key=lambda record: record.timestamp)


def arrived(
    records: Iterable[Raw], seed: int, lanes: int = 2, delay_ms_max: int = LATENESS_MS - 1
) -> list[RecordedRecord]:
    """The records as a broker got them: each delayed a little, so in another order for each seed.

    Commands come at their own time, since their time is their arrival.
    """
    chance = random.Random(seed)
    delayed = sorted(
        (record.timestamp + (0 if record.topic == "commands" else chance.randrange(delay_ms_max)), n, record)
        for n, record in enumerate(records)
    )
    offsets: dict[tuple[str, int], int] = {}
    log = []
    for timestamp, number, record in delayed:
        lane = partition_for(b"%d" % number, lanes)
        place = (record.topic, lane)
        offsets[place] = offsets.get(place, -1) + 1
        log.append(
            RecordedRecord(
                topic=record.topic,
                partition=lane,
                offset=offsets[place],
                timestamp=timestamp,
                key=None,
                value=record.value,
                headers=record.headers,
            )
        )
    return sorted(log, key=lambda r: (r.timestamp, SOURCES.index(r.topic), r.partition))


def orders(*, at_minute: int) -> list[Raw]:
    """What people order meanwhile."""
    begin = NOON + at_minute * MINUTE_MS
    window = {"kind": "silence", "target": "netcologne", "operator": "netcologne", "reason": "drill"}
    until = "2025-02-12T23:00:00Z"
    return [command(begin, 1, **window, until=until), command(begin + 5, 2, kind="acknowledge", target="nothing")]


def results(
    log: Sequence[RecordedRecord], *, lanes: int = 2, partitions: int = 2, batch_records: int = 5_000, markets: int = 1
) -> dict[str, list[bytes]]:
    """Run the flow over a log and give what it published, in canonical form."""
    published: list[Message] = []
    flow = MemoryFlow(stages(lanes, partitions), published.append, markets)
    for _ in flow.run(with_heartbeats(log, lanes), batch_records=batch_records):
        pass
    return {topic: canonical(topic, [m for m in published if m.topic == topic]) for topic in RESULT_NOUNS}

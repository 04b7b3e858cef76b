"""Noise through the whole flow: nothing stops it, everything is accounted for, and what is refused moves nothing."""

import random
from collections import Counter

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.raw import decode_batch
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.flow import RESULT_NOUNS
from pipeline.ingest.text.refused import QuarantineKeeps
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import Reason, RecordError
from pipeline.records.published.quarantine import read_errors
from tests.flows import arrived, morning, orders, stages
from tests.ingest.world import NOON, Raw, command, post, reading, ticket
from tests.properties.test_ingest_laws import headers, mutated

LANES = 2
HOUR_MS = 3_600_000
NOISE = 100_000
BATCH = 5_000


Log = list[RecordedRecord]


class Told:
    """What a run of the flow published, and its accounts; refused records are kept whole, so that they can be compared.

    Args:
        log: Heartbeats included.
        batch_records: Cut of its batches.
    """

    def __init__(self, log: Log, batch_records: int = BATCH) -> None:
        self.messages: list[Message] = []
        self.flow = MemoryFlow(stages(LANES, quarantine=QuarantineKeeps.WHOLE), self.messages.append)
        for _ in self.flow.run(log, batch_records=batch_records):
            pass

    def of(self, topic: str) -> list[bytes]:
        """Canonical lines of a topic."""
        return canonical(topic, [message for message in self.messages if message.topic == topic])

    def refused(self) -> Counter[tuple[str, bytes | None]]:
        """Reason and content of all that was refused."""
        found = [message for message in self.messages if message.topic == "quarantine"]
        return Counter((read_errors(message.headers)["reason"], message.value) for message in found)

    def reasons(self) -> Counter[str]:
        """How often each reason was given."""
        found: Counter[str] = Counter()
        for (reason, _), times in self.refused().items():
            found[reason] += times
        return found


def honest() -> Log:
    """A morning with an outage, tickets, posts, orders and heartbeats."""
    return list(with_heartbeats(arrived(morning(1) + orders(at_minute=50), 1, LANES), LANES))


def noise(number: int, *, only_refused: bool) -> Log:
    """Mutated and random bytes for all topics and lanes; heartbeats are none of it.

    Args:
        number: How many.
        only_refused: Only what the door surely refuses; its timestamps are then as wild as its content.
    """
    chance = random.Random(f"noise {number}")
    seeds = {r.topic: [r.value or b"", b"[" * 10_000, b"null"] for r in (reading(), ticket(), post(), command())}
    made: Log = []
    while len(made) < number:
        source = chance.choice(SOURCES)
        value = mutated(chance, seeds[source])
        some = Raw(source, 0, value, headers=headers(chance))
        refused = isinstance(decode_batch(source, [some])[0], RecordError)
        if refused or not only_refused:
            at = chance.choice([-1, 0, NOON, NOON + HOUR_MS, 2**62]) if refused else NOON + chance.randrange(HOUR_MS)
            key = chance.choice([None, b"", b"\xff", b"key"])
            made.append(RecordedRecord(source, chance.randrange(LANES), 0, at, key, some.headers, value))
    return made


def mixed(log: Log, more: Log) -> Log:
    """Both; the records of each stay in their order."""
    chance = random.Random(len(more))
    places = sorted(chance.randrange(len(log) + 1) for _ in more)
    records = list(log)
    for place, record in reversed(list(zip(places, more, strict=True))):
        records.insert(place, record)
    return records


def test_a_hundred_thousand_records_of_noise_stop_nothing_and_all_are_accounted_for() -> None:
    log = mixed(honest(), noise(NOISE, only_refused=False))
    told = Told(log)
    reasons = told.reasons()
    assert told.flow.used + told.flow.quarantined == len(log) > NOISE
    assert reasons.total() == told.flow.quarantined > NOISE // 2
    assert set(reasons) <= set(Reason)
    assert {"malformed_json", "schema_mismatch", "empty_record", "malformed_event", "late"} <= set(reasons)
    assert "late_partial" not in reasons
    assert told.of("incidents")


def test_noise_that_is_refused_moves_nothing() -> None:
    log, more = honest(), noise(NOISE // 10, only_refused=True)
    alone, together = Told(log), Told(mixed(log, more))
    assert together.flow.used == alone.flow.used
    for topic in set(RESULT_NOUNS) - {"quarantine"}:
        assert together.of(topic) == alone.of(topic), topic
    assert any(b'"state":"confirmed"' in line for line in together.of("incidents"))
    added = together.refused() - alone.refused()
    assert alone.refused() <= together.refused(), "what is refused without noise is refused with it"
    assert Counter(value for _, value in added.elements()) == Counter(record.value for record in more)


def test_what_is_late_is_late_in_every_run() -> None:
    """Some honest records are held up on their way: the same ones are refused, however the batches are cut."""
    chance = random.Random(7)
    held_up = [
        msgspec.structs.replace(record, timestamp=record.timestamp + chance.randrange(30_000, 90_000))
        if chance.random() < 0.05
        else record
        for record in arrived(morning(1), 1, LANES)
    ]
    log = list(with_heartbeats(sorted(held_up, key=lambda record: record.timestamp), LANES))
    whole = Told(log)
    assert whole.reasons()["late"] > 20
    assert "late_partial" not in whole.reasons()
    for cut in (1, 7, 100, 1_009):
        assert Told(log, cut).refused() == whole.refused()

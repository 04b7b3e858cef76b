"""The laws of a stage that keeps state, written once and run over every such stage of the map.

What a stage gets is what a small morning with an outage sends it, two lanes and
two partitions wide, so that there are interleavings to permute. A new stage must
say who writes its input (`WRITERS`), and is then held to all of these.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.runs.folder import canonical
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.adapters.stages.memory import MemoryFlow, Passed
from pipeline.flow import ANOMALIES, BY_NOUN, KEYED
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.signals import Envelope
from tests.flows import arrived, morning, orders, stages

LANES: Final = 2
SOME = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES: Final = [stage.name for stage in KEYED]

WRITERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    "detect": lambda value: decoder(Envelope).decode(value).lane,
    "correlate": lambda value: decoder(Sealed).decode(value).partition,
}
"""Who wrote a record of a stage's input: records of one writer stay in order, those of several interleave freely."""


class _Tapped(MemoryFlow):
    """A flow that remembers what each partition of each stage was given."""

    def __init__(self) -> None:
        super().__init__(stages(LANES, LANES), lambda _message: None)
        self.given: dict[tuple[str, int], list[Passed]] = {}

    def _placed(self, message: Message, partition: int) -> Passed:
        passed = super()._placed(message, partition)
        self.given.setdefault((message.topic, partition), []).append(passed)
        return passed


@cache
def inputs() -> dict[tuple[str, int], list[Passed]]:
    """What each partition of each stage is given on the morning."""
    flow = _Tapped()
    log = arrived(morning(1) + orders(at_minute=50), 1, lanes=LANES)
    for _ in flow.run(with_heartbeats(log, LANES), batch_records=300):
        pass
    return flow.given


def busiest(name: str) -> list[Passed]:
    """The input of that partition of a stage which has most to do."""
    source = stages(LANES, LANES).named(name).source
    return max((given for (noun, _), given in inputs().items() if noun == source), key=total_bytes)


def total_bytes(records: Sequence[Passed]) -> int:
    return sum(len(record.value or b"") for record in records)


def partition_of(records: Sequence[Passed]) -> int:
    return records[0].partition


def outputs_of(stage: StatefulStage, records: Sequence[Passed]) -> list[Message]:
    state = stage.new_state(partition_of(records))
    return [message for record in records for message in stage.apply(state, record)]


def merged(messages: Iterable[Message]) -> dict[str, list[bytes]]:
    """What was put out, however it was cut: sealed panes one by one, everything else in canonical form."""
    told: dict[str, list[bytes]] = {}
    by_topic: dict[str, list[Message]] = {}
    for message in messages:
        by_topic.setdefault(message.topic, []).append(message)
    for topic, lines in by_topic.items():
        told[topic] = panes_of(lines) if topic == ANOMALIES.noun else canonical(topic, lines)
    return told


def panes_of(messages: Iterable[Message]) -> list[bytes]:
    panes: list[bytes] = []
    for message in messages:
        sealed = decoder(Sealed).decode(message.value or b"")
        panes += [message.key + msgspec.json.encode(pane, enc_hook=str) for pane in sealed.panes if message.key]
    return sorted(panes)


def interleaved(name: str, records: Sequence[Passed], seed: int) -> list[Passed]:
    """The records in another order: those of one writer stay in theirs."""
    chance = random.Random(seed)
    queues: dict[object, list[Passed]] = {}
    for record in records:
        queues.setdefault(WRITERS[name](record.value or b""), []).append(record)
    shuffled: list[Passed] = []
    while waiting := [queue for queue in queues.values() if queue]:
        shuffled.append(chance.choice(waiting).pop(0))
    return shuffled


def test_every_stage_that_keeps_state_is_held_to_these_laws() -> None:
    assert set(WRITERS) == set(NAMES), "say who writes the input of the new stage"


@pytest.mark.parametrize("name", NAMES)
def test_there_is_something_to_hold_the_laws_against(name: str) -> None:
    records = busiest(name)
    writers = {WRITERS[name](record.value or b"") for record in records}
    assert len(writers) == LANES
    assert outputs_of(stages(LANES, LANES).named(name), records)


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_is_a_function_of_its_records(name: str) -> None:
    records = busiest(name)
    kept = [msgspec.msgpack.encode(record) for record in records]
    first = outputs_of(stages(LANES, LANES).named(name), records)
    assert outputs_of(stages(LANES, LANES).named(name), records) == first
    assert [msgspec.msgpack.encode(record) for record in records] == kept, "an input was changed"


@pytest.mark.parametrize("name", NAMES)
@SOME
@given(seed=st.integers(0, 1_000_000))
def test_no_interleaving_of_writers_changes_what_comes_out(name: str, seed: int) -> None:
    records = busiest(name)
    stage = stages(LANES, LANES).named(name)
    assert merged(outputs_of(stage, interleaved(name, records, seed))) == merged(outputs_of(stage, records))


@pytest.mark.parametrize("name", NAMES)
@SOME
@given(data=st.data())
def test_no_restart_from_a_saved_state_changes_a_byte(name: str, data: st.DataObject) -> None:
    records = busiest(name)
    crashes = data.draw(st.sets(st.integers(0, len(records) - 1), max_size=4))
    stage = stages(LANES, LANES).named(name)
    state: Any = stage.new_state(partition_of(records))
    got: list[Message] = []
    for number, record in enumerate(records):
        if number in crashes:
            saved = {key: value for key, value in stage.slots(state, all_slots=True).items() if value is not None}
            stage = stages(LANES, LANES).named(name)
            state = stage.load(partition_of(records), saved)
        got += stage.apply(state, record)
    assert got == outputs_of(stages(LANES, LANES).named(name), records)


@pytest.mark.parametrize("name", NAMES)
def test_a_state_is_the_same_after_it_was_written_and_read(name: str) -> None:
    stage = stages(LANES, LANES).named(name)
    state = stage.new_state(partition_of(busiest(name)))
    for record in busiest(name):
        stage.apply(state, record)
    saved = stage.slots(state, all_slots=True)
    loaded = stage.load(partition_of(busiest(name)), {key: value for key, value in saved.items() if value is not None})
    assert saved
    assert stage.slots(loaded, all_slots=True) == saved


@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_piece_by_piece_is_the_whole_state(name: str) -> None:
    stage = stages(LANES, LANES).named(name)
    state, kept = stage.new_state(partition_of(busiest(name))), dict[bytes, bytes | None]()
    for number, record in enumerate(busiest(name)):
        stage.apply(state, record)
        if number % 7 == 0:
            kept.update(stage.slots(state, all_slots=False))
    kept.update(stage.slots(state, all_slots=False))
    assert {key: value for key, value in kept.items() if value is not None} == stage.slots(state, all_slots=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_record_that_is_rubbish_is_refused_and_changes_nothing(name: str) -> None:
    stage = stages(LANES, LANES).named(name)
    records = busiest(name)
    rubbish = msgspec.structs.replace(records[0], value=b'{"nonsense": ')
    state = stage.new_state(partition_of(records))
    got: list[Message] = []
    for record in records:
        refused = stage.apply(state, rubbish)
        assert [message.topic for message in refused] == ["quarantine"]
        got += stage.apply(state, record)
    assert got == outputs_of(stages(LANES, LANES).named(name), records)


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_writes_where_the_map_says_and_nowhere_else(name: str) -> None:
    row = next(stage for stage in KEYED if stage.name == name)
    written = {message.topic for message in outputs_of(stages(LANES, LANES).named(name), busiest(name))}
    assert written <= {topic.noun for topic in row.to}
    assert written <= set(BY_NOUN)

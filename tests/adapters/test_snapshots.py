"""Snapshots: a stage that starts from one goes on as if it had never stopped, whatever codec version wrote it."""

from collections.abc import Callable

import msgspec
import pytest
import zstandard

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.slots import VERSIONS, decode_slot, encode_slot
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.adapters.stages.memory import MemoryFlow, Passed
from pipeline.detect.detectors.remembered import Floats, LevelState
from pipeline.detect.detectors.seasons import CELLS
from pipeline.flow import DETECT
from pipeline.records.clocks import Instant
from pipeline.records.errors import StateError
from pipeline.records.fixed_point import Exact
from tests.flows import arrived, morning, orders, stages


class Tapped(MemoryFlow):
    """A flow that remembers what each stateful stage was given."""

    def __init__(self, given: dict[str, list[Passed]]) -> None:
        super().__init__(stages(lanes=1, partitions=1), lambda _message: None)
        self._given = given

    def _placed(self, message: Message, partition: int) -> Passed:
        passed = super()._placed(message, partition)
        self._given.setdefault(message.topic, []).append(passed)
        return passed


@pytest.fixture(scope="module")
def given() -> dict[str, list[Passed]]:
    """The inputs of DETECT and CORRELATE on a morning with an outage."""
    log = arrived(morning(1) + orders(at_minute=50), 1, lanes=1)
    inputs: dict[str, list[Passed]] = {}
    for _ in Tapped(inputs).run(with_heartbeats(log, 1), batch_records=300):
        pass
    return inputs


def in_version(slots: dict[bytes, bytes | None], version: int) -> dict[bytes, bytes]:
    """The same snapshot as an older program wrote it."""
    packed = {key: zstandard.ZstdDecompressor().decompress(data[1:]) for key, data in slots.items() if data}
    return {key: encode_slot(msgspec.Raw(data), version) for key, data in packed.items()}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "make", [lambda: stages(1, 1).named("detect"), lambda: stages(1, 1).named("correlate")], ids=["detect", "correlate"]
)
def test_a_restart_from_a_snapshot_changes_no_output(
    make: Callable[[], StatefulStage], version: int, given: dict[str, list[Passed]]
) -> None:
    stage = make()
    records = given[stage.source]
    undisturbed, through = stage.new_state(0), [0, len(records) // 3, len(records) // 2, len(records) - 5]
    expected = [message for record in records for message in stage.apply(undisturbed, record)]
    got: list[Message] = []
    held = stage.new_state(0)
    for number, record in enumerate(records):
        if number in through:
            stage = make()
            held = stage.load(0, in_version(stage.slots(held, all_slots=True), version))
        got += stage.apply(held, record)
    assert got == expected
    assert stage.slots(held, all_slots=True) == stage.slots(undisturbed, all_slots=True)
    assert expected, "a test that compares nothing cannot fail"


def test_changed_slots_alone_add_up_to_the_whole_state(given: dict[str, list[Passed]]) -> None:
    stage = stages(1, 1).named("detect")
    held, kept = stage.new_state(0), {}
    for number, record in enumerate(given["signals"]):
        stage.apply(held, record)
        if number % 7 == 0:
            kept.update(stage.slots(held, all_slots=False))
    kept.update(stage.slots(held, all_slots=False))
    assert {key: data for key, data in kept.items() if data is not None} == stage.slots(held, all_slots=True)


def test_exact_numbers_of_any_size_survive() -> None:
    value = [Exact(3**200), Exact(-5)]
    assert decode_slot(encode_slot(value), list[Exact]) == value
    assert decode_slot(encode_slot(value, 1), list[Exact]) == value
    assert type(decode_slot(encode_slot([Instant(5)]), list[Instant])[0]) is Instant


@pytest.mark.parametrize("version", VERSIONS)
def test_profiles_of_any_version_are_read_to_the_bit_and_the_newest_is_as_small(version: int) -> None:
    state = LevelState(base=0.1)
    state.offsets[5], state.visits[95] = 1 / 3, 5e-324
    packed = encode_slot(state, version)
    back = decode_slot(packed, LevelState)
    assert (back, type(back.offsets)) == (state, Floats)
    assert len(encode_slot(state)) <= len(packed)


@pytest.mark.parametrize("profile", [bytes(8 * CELLS - 1), bytes(8 * CELLS - 8), b"", [0.0] * (CELLS + 1)])
def test_a_profile_without_a_number_for_each_cell_is_refused(profile: bytes | list[float]) -> None:
    with pytest.raises(StateError, match=r"offsets.*--rebuild"):
        decode_slot(encode_slot({"offsets": profile}), LevelState)


@pytest.mark.parametrize(
    "data", [b"", b"\x09abc", b"\x01\xff\xff", b"\x02not zstd", b"\x02" + zstandard.compress(b"\xc1")]
)
def test_a_snapshot_that_cannot_be_read_stops_the_process_and_names_the_fix(data: bytes) -> None:
    with pytest.raises(StateError, match="--rebuild"):
        decode_slot(data, dict[str, int])


def test_a_snapshot_of_a_scope_in_another_layout_is_refused_and_not_half_read() -> None:
    older = encode_slot({"operator": "o2", "area": "DE", "counts": {"series": {}}, "levels": {}})
    with pytest.raises(StateError, match=r"counts.*--rebuild"):
        decode_slot(older, DETECT.slot("o2|DE"))

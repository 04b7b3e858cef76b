"""The stages behind one face for every shell: bytes in, messages out.

The Kafka shell and the memory shell both drive these classes, so what they
write cannot differ. A record of our own topics that cannot be read goes to
quarantine like any other; a broken state leaves as `StateError`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.outputs import SCHEMA_BASE, message_of, refused_part
from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.stages.contracts import JudgingStage, OnJudged
from pipeline.flow import INGEST
from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.ingest.rules import IngestRules
from pipeline.kinds import C, Keyed, R, S
from pipeline.records.effects import Refused
from pipeline.records.errors import Reason, RecordError
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.raw.record import RawRecord

WallClock = Callable[[], int]
"""Milliseconds since 1970; a replay hands in one that stands still."""

_ENVELOPES: Final = decoder(Envelope)
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestCodec:
    """INGEST for a shell: makes lanes, writes their batches, reads clocks back."""

    rules: IngestRules
    recorded_ms: WallClock
    schema_base: str = SCHEMA_BASE

    def new_lane(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> Lane:
        """A lane that begins where another one, or nothing, has left off.

        Args:
            number: Partition number, 0 or more.
            clocks: Source to clock, in ms since 1970; a source not heard yet is missing.
            habits: Source to what its forerunner knew of late feeds, as it wrote it; may be empty.
        """
        return INGEST.lane(number, self.rules, clocks, habits)

    def messages(self, batch: LaneBatch) -> list[Message]:
        """What a closed batch says."""
        now = self.recorded_ms()
        records = (*batch.envelopes, *batch.quarantined)
        return [message_of(record, INGEST.name, "raw", now, self.schema_base) for record in records]

    def clocks(self, record: RawRecord) -> tuple[int, Mapping[str, int]]:
        """Lane and clocks that a record of `signals` carries; none if it is not the last part of its batch.

        Raises:
            RecordError: If it is no envelope; DETECT quarantines the same one.
        """
        try:
            envelope = _ENVELOPES.decode(record.value or b"")
        except _UNREADABLE as error:
            raise RecordError(_reason(error), f"{type(error).__name__}: {str(error)[:200]}") from None
        return envelope.lane, envelope.clocks


@dataclass(slots=True)
class Held(Generic[S]):
    """A stage's state in a shell's hands.

    Attributes:
        state: The stage's own.
        unsaved: Names of the slots that changed since they were last encoded.
    """

    state: S
    unsaved: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is the same for all stages of a process.

    Attributes:
        ruleset: Hash of code, settings and reference files.
        epoch: Epoch of the topics.
        recorded_ms: Wall clock for `recordedtime`.
        schema_base: Absolute URI before the name of each schema's file.
    """

    ruleset: str
    epoch: int
    recorded_ms: WallClock
    schema_base: str = SCHEMA_BASE


class KeyedCodec(Generic[S, R, C]):
    """A stage that keeps state, for a shell: a record in, a step, messages out.

    Args:
        stage: Its row of the map.
        rules: What it knows beforehand.
        run: What is the same for all stages of this process.

    Attributes:
        on_judged: Hears what was judged; for reports.
    """

    def __init__(self, stage: Keyed[S, R, C], rules: C, run: Run) -> None:
        self._stage, self._rules, self._run = stage, rules, run
        self._decoder = decoder(stage.record)
        self.name: str = stage.name
        self.source = stage.source.noun
        self.hold_back = stage.holds_back
        self.ruleset = run.ruleset
        self.on_judged: OnJudged | None = None

    def new_state(self, partition: int) -> Held[S]:
        """A state that has seen nothing."""
        return Held(self._stage.beginning(partition))

    def apply(self, held: Held[S], record: RawRecord) -> list[Message]:
        """Change the state in place.

        Raises:
            StateError: If our own state is broken.
        """
        origin = f"{self.source}/{self._run.epoch}/{record.partition}/{record.offset}"
        now, schemas = self._run.recorded_ms(), self._run.schema_base
        try:
            step = self._stage.apply(held.state, self._decoder.decode(record.value or b""), self._rules)
        except _UNREADABLE as error:
            refused = _unreadable(record, self.name, error)
            return [message_of(refused, self.name, origin, now, schemas)]
        held.unsaved |= step.changed
        if self.on_judged and step.judged:
            self.on_judged(step.judged)  # type: ignore[arg-type]  # DETECT judges, and only DETECT
        outputs = (refused_part(o, self.name, record) if isinstance(o, Refused) else o for o in step.outputs)
        return [message_of(output, self.name, origin, now, schemas) for output in outputs]

    def slots(self, held: Held[S], *, all_slots: bool) -> dict[bytes, bytes | None]:
        """Encode the slots that changed since the last call, or all; clears the marks."""
        slots = held.state.slots
        names = set(slots) if all_slots else held.unsaved
        held.unsaved = set()
        return {name.encode(): encode_slot(slots[name]) if name in slots else None for name in sorted(names)}

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> Held[S]:
        """The state that these slots hold."""
        stage = self._stage
        kept = {name: decode_slot(data, stage.slot(name)) for name, data in _named(slots)}
        return Held(stage.restored(partition, kept))


def _named(slots: Mapping[bytes, bytes]) -> Iterator[tuple[str, bytes]]:
    return ((key.decode(), data) for key, data in slots.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """All stages of the map, compiled.

    Attributes:
        ingest: The stage that adds raw records up.
        keyed: The stages that keep state, in the order of the map.
    """

    ingest: IngestCodec
    keyed: tuple[JudgingStage, ...]

    @property
    def ruleset(self) -> str:
        """Hash of code, settings and reference files: the same for all."""
        return self.keyed[0].ruleset

    def hear_judged(self, on_judged: OnJudged | None) -> None:
        """Let somebody hear what is judged; None ends it."""
        for stage in self.keyed:
            stage.on_judged = on_judged

    def named(self, name: str) -> JudgingStage:
        """The stage that keeps state and has this name."""
        return next(stage for stage in self.keyed if stage.name == name)


def _reason(error: Exception) -> Reason:
    return Reason.SCHEMA_MISMATCH if isinstance(error, msgspec.ValidationError) else Reason.MALFORMED_JSON


def _unreadable(record: RawRecord, stage: str, error: Exception) -> Quarantined:
    return Quarantined(
        reason=_reason(error),
        stage=stage,  # type: ignore[arg-type]  # one of the closed list, by the class
        message=f"{type(error).__name__}: {str(error)[:200]}",
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )

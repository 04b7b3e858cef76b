"""The stages behind one face for every shell: bytes in, messages out.

The Kafka shell and the memory shell both drive these classes, so what they
write cannot differ. A record of our own topics that cannot be read goes to
quarantine like any other; a broken state leaves as `StateError`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.outputs import message_of, refused_part
from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.codecs.wire import decoder
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import CorrelateState, MarketState
from pipeline.detect.apply import apply as detect
from pipeline.detect.config import DetectConfig
from pipeline.detect.state import DetectState
from pipeline.detect.state import slot_type as detect_slot_type
from pipeline.flow import correlate_and_respond
from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.ingest.rules import IngestRules
from pipeline.records.errors import Reason
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.judgements import Judgement
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.raw.record import RawRecord
from pipeline.records.step import Refused, Step
from pipeline.respond.config import RespondConfig

WallClock = Callable[[], int]
"""Milliseconds since 1970; a replay hands in one that stands still."""

_ENVELOPES: Final = decoder(Envelope)
_SEALED: Final = decoder(Sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestCodec:
    """INGEST for a shell: makes lanes, writes their batches, reads clocks back."""

    rules: IngestRules
    recorded_ms: WallClock

    def new_lane(self, number: int, clocks: Mapping[str, int]) -> Lane:
        """A lane that begins where these clocks stand."""
        return Lane(number, self.rules, clocks)

    def messages(self, batch: LaneBatch) -> list[Message]:
        """What a closed batch says."""
        now = self.recorded_ms()
        records = (*batch.envelopes, *batch.quarantined)
        return [message_of(record, "ingest", "raw", now) for record in records]

    def clocks(self, record: RawRecord) -> tuple[int, Mapping[str, int]]:
        """Lane and clocks that a record of `signals` carries; none if it is not the last part of its batch."""
        envelope = _ENVELOPES.decode(record.value or b"")
        return envelope.lane, envelope.clocks


@dataclass(slots=True)
class Held:
    """A stage's state in a shell's hands.

    Attributes:
        state: The stage's own.
        unsaved: Names of the slots that changed since they were last encoded.
    """

    state: Any
    unsaved: set[str] = field(default_factory=set)


class _Keyed:
    """What DETECT and CORRELATE have in common: a record in, a step, messages out."""

    name: str
    source: str
    hold_back: bool

    def __init__(self, ruleset: str, epoch: int, recorded_ms: WallClock) -> None:
        self.ruleset, self._epoch, self._recorded_ms = ruleset, epoch, recorded_ms
        self.on_judged: Callable[[Sequence[Judgement]], None] | None = None

    def step(self, state: Any, value: bytes) -> Step:
        """Decode the record and apply the stage's rules."""
        raise NotImplementedError

    def apply(self, held: Held, record: RawRecord) -> list[Message]:
        """Change the state in place.

        Raises:
            StateError: If our own state is broken.
        """
        origin = f"{self.source}/{self._epoch}/{record.partition}/{record.offset}"
        now = self._recorded_ms()
        try:
            step = self.step(held.state, record.value or b"")
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            refused = _unreadable(record, self.name, error)
            return [message_of(refused, self.name, origin, now)]
        held.unsaved |= step.changed
        if self.on_judged and step.judged:
            self.on_judged(step.judged)  # type: ignore[arg-type]  # DETECT judges, and only DETECT
        outputs = (refused_part(o, self.name, record) if isinstance(o, Refused) else o for o in step.outputs)
        return [message_of(output, self.name, origin, now) for output in outputs]

    def slots(self, held: Held, *, all_slots: bool) -> dict[bytes, bytes | None]:
        """Encode the slots that changed since the last call, or all; clears the marks."""
        slots = held.state.slots
        names = set(slots) if all_slots else held.unsaved
        held.unsaved = set()
        return {name.encode(): encode_slot(slots[name]) if name in slots else None for name in sorted(names)}


class DetectCodec(_Keyed):
    """DETECT for a shell: snapshots now and then, outputs held back when records are read again."""

    name = "detect"
    source = "signals"
    hold_back = True

    def __init__(self, config: DetectConfig, market_of: Mapping[str, str], **shell: Any) -> None:
        super().__init__(**shell)
        self._config, self._market_of = config, market_of

    def new_state(self, partition: int) -> Held:
        """A state that has seen nothing."""
        return Held(DetectState(partition))

    def step(self, state: Any, value: bytes) -> Step:
        """Decode an envelope and judge what it completes."""
        return detect(state, _ENVELOPES.decode(value), self._config, self._market_of)

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> Held:
        """The state that these slots hold."""
        state = DetectState(partition)
        for key, data in slots.items():
            name = key.decode()
            state.slots[name] = decode_slot(data, detect_slot_type(name))
        return Held(state)


class CorrelateCodec(_Keyed):
    """CORRELATE and RESPOND for a shell: what changed is committed with every output."""

    name = "correlate"
    source = "anomalies"
    hold_back = False

    def __init__(
        self, config: CorrelateConfig, reference: CorrelateReference, respond: RespondConfig, **shell: Any
    ) -> None:
        super().__init__(**shell)
        self._config, self._reference, self._respond = config, reference, respond

    def new_state(self, partition: int) -> Held:
        """A state that has seen nothing."""
        return Held(CorrelateState(partition))

    def step(self, state: Any, value: bytes) -> Step:
        """Decode a sealed stretch of time and work it."""
        return correlate_and_respond(state, _SEALED.decode(value), self._config, self._reference, self._respond)

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> Held:
        """The state that these slots hold."""
        state = CorrelateState(partition)
        for key, data in slots.items():
            name = key.decode()
            state.slots[name] = decode_slot(data, MarketState)
        return Held(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The three stages, compiled."""

    ingest: IngestCodec
    detect: DetectCodec
    correlate: CorrelateCodec


def _unreadable(record: RawRecord, stage: str, error: Exception) -> Quarantined:
    reason = Reason.SCHEMA_MISMATCH if isinstance(error, msgspec.ValidationError) else Reason.MALFORMED_JSON
    return Quarantined(
        reason=reason,
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

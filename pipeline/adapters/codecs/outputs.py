"""From a record that a stage put out to the message that Kafka gets.

One row per record type says its key, its id and its time; the rest is the same
for all: sorted JSON, CloudEvents headers in binary mode, and `origin`, so that
a person can walk back to the record that caused it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pipeline.adapters.codecs.cloudevents import binary_headers
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import encode
from pipeline.records.anomalies import Sealed
from pipeline.records.clocks import format_instant
from pipeline.records.decisions import Decision
from pipeline.records.errors import StateError
from pipeline.records.failovers import Failover
from pipeline.records.followups import Followup
from pipeline.records.ids import content_id
from pipeline.records.incidents import Incident
from pipeline.records.notices import Notice
from pipeline.records.quarantine import Quarantined, error_headers
from pipeline.records.raw import RawRecord
from pipeline.records.signals import Envelope
from pipeline.records.step import Refused


@dataclass(frozen=True, slots=True)
class Form:
    """How records of one type are written.

    Attributes:
        topic: Noun of the topic.
        key: Of the Kafka record.
        id: Names the event for ever; None is "a hash of its content".
        time_ms: When it happened.
        extra: Further headers.
    """

    topic: str
    key: Callable[[Any], str]
    id: Callable[[Any], str] | None
    time_ms: Callable[[Any], int]
    extra: Callable[[Any], tuple[tuple[str, bytes], ...]] = lambda _record: ()


def _clock_of(envelope: Envelope) -> int:
    return max(envelope.clocks.values(), default=0)


def _incident_headers(incident: Incident) -> tuple[tuple[str, bytes], ...]:
    return (("revision", str(incident.revision).encode()), ("state", incident.state.encode()))


FORMS: Final[dict[type, Form]] = {
    Envelope: Form("signals", lambda r: f"lane-{r.lane}", None, _clock_of),
    Sealed: Form("anomalies", lambda r: r.market, None, lambda r: r.sealed_to),
    Incident: Form(
        "incidents",
        lambda r: r.incident_id,
        lambda r: f"{r.incident_id}-{r.revision}",
        lambda r: r.updated_at,
        _incident_headers,
    ),
    Notice: Form("notices", lambda r: r.incident_id, lambda r: r.notice_id, lambda r: r.drafted_at),
    Failover: Form("failovers", lambda r: r.target, lambda r: f"{r.failover_id}-{r.revision}", lambda r: r.decided_at),
    Followup: Form(
        "followups", lambda r: r.incident_id, lambda r: f"{r.followup_id}-{r.revision}", lambda r: r.created_at
    ),
    Decision: Form("decisions", lambda r: r.subject, lambda r: r.decision_id, lambda r: r.at),
}
"""Record type to form. The type of an event is `tocsin.<topic>.v1`."""


def message_of(record: object, stage: str, origin: str, recorded_ms: int) -> Message:
    """Write one record.

    Args:
        record: Of a type in `FORMS`, or `Quarantined`.
        stage: Who wrote it.
        origin: topic/epoch/partition/offset of the record that caused it.
        recorded_ms: Wall time of writing; the only thing here that differs between runs, beside `origin`.

    Returns:
        The message, to be sent to the partition of its key; an envelope to its own.

    Raises:
        StateError: If nothing says how to write this type.
    """
    if isinstance(record, Quarantined):
        return _quarantine(record)
    form = FORMS.get(type(record))
    if form is None:
        raise StateError(f"{stage} put out a {type(record).__name__}, which belongs to no topic")
    value = encode(record)
    headers = binary_headers(
        id=form.id(record) if form.id else content_id(value.decode()),
        source=f"/tocsin/{stage}",
        type=f"tocsin.{form.topic}.v1",
        time_ms=form.time_ms(record),
        subject=form.key(record),
        extensions={"recordedtime": format_instant(recorded_ms)},
    )
    headers = (*headers, *form.extra(record), ("origin", origin.encode()))
    partition = record.partition if isinstance(record, Envelope) else None
    return Message(form.topic, form.key(record).encode(), value, headers, partition)


def _quarantine(record: Quarantined) -> Message:
    """The original bytes and headers, with the reason beside them."""
    key = record.key if record.key is not None else record.topic.encode()
    return Message("quarantine", key, record.value, (*record.headers, *error_headers(record)))


def refused_part(part: Refused, stage: str, record: RawRecord) -> Quarantined:
    """Put a part of one of our own records into quarantine, with the place of the whole."""
    return Quarantined(
        reason=part.reason,
        stage=stage,  # type: ignore[arg-type]  # one of the closed list, by the caller
        message=part.message,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=encode(part.content),
    )

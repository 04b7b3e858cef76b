"""From a record that a stage put out to the message that Kafka gets.

The map says the key, the id and the time of each record; the rest is the same
for all: sorted JSON, CloudEvents headers in binary mode, and `origin`, so that
a person can walk back to the record that caused it.
"""

from typing import Final, TypeVar

import msgspec

from pipeline.adapters.codecs.cloudevents import binary_headers
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import encode
from pipeline.flow import BY_RECORD, QUARANTINE
from pipeline.records.clocks import format_instant
from pipeline.records.effects import Refused
from pipeline.records.errors import StateError
from pipeline.records.ids import content_id
from pipeline.records.inner.signals import Envelope
from pipeline.records.published.incidents import Incident
from pipeline.records.published.quarantine import Quarantined, error_headers
from pipeline.records.raw.record import RawRecord
from pipeline.records.vocabulary import PUBLISHED_BYTES_MAX

SCHEMA_BASE: Final = "urn:tocsin:schema:"
"""Before the name of each schema's file, unless a setting says otherwise: CloudEvents want an absolute URI."""

_S = TypeVar("_S", bound=msgspec.Struct)


def message_of(record: object, stage: str, origin: str, recorded_ms: int, schema_base: str = SCHEMA_BASE) -> Message:
    """Write one record.

    Args:
        record: A record of a type that the map (`pipeline.flow`) names.
        stage: Who wrote it.
        origin: topic/epoch/partition/offset of the record that caused it.
        recorded_ms: Wall time of writing; the only thing here that differs between runs, beside `origin`.
        schema_base: Absolute URI that the names of schema files are put behind; the setting of the same name.

    Returns:
        The message, to be sent to the partition of its key; an envelope to its own.

    Raises:
        StateError: If nothing says how to write this type.
    """
    if isinstance(record, Quarantined):
        return _quarantine(record)
    topic = BY_RECORD.get(type(record))
    if topic is None or topic.named is None:
        raise StateError(f"{stage} put out a {type(record).__name__}, which belongs to no topic that we write")
    value = encode(record)
    if isinstance(record, Incident) and len(value) > PUBLISHED_BYTES_MAX:
        value = encode(slimmed(record))
    named = topic.named(record)
    headers = binary_headers(
        id=named.id or content_id(value.decode()),
        source=f"/tocsin/{stage}",
        type=topic.event_type,
        time_ms=named.time_ms,
        subject=named.key,
        dataschema=schema_base + topic.schema,
        extensions={"recordedtime": format_instant(recorded_ms)},
    )
    headers = (*headers, *named.headers, ("origin", origin.encode()))
    partition = record.partition if isinstance(record, Envelope) else None
    return Message(topic.noun, named.key.encode(), value, headers, partition)


def slimmed(incident: Incident) -> Incident:
    """Shorten an incident until it fits a published record.

    Examples go first, then the tails of its longest lists, last those of every list that is counted; of a
    history the first entry and the latest ones stay.

    Args:
        incident: Too large as it is.

    Returns:
        The same incident, with what was left out counted; identical input, identical output.

    Raises:
        StateError: If it does not fit even then: a rule writes what has no limit.
    """
    bare = tuple(
        msgspec.structs.replace(item, examples=(), examples_omitted=item.examples_omitted + len(item.examples))
        for item in incident.evidence
    )
    incident = msgspec.structs.replace(incident, evidence=bare)
    for names, keep in _CUTS:
        if len(encode(incident)) <= PUBLISHED_BYTES_MAX:
            return incident
        incident = _cut(incident, names, keep)
    if len(encode(incident)) > PUBLISHED_BYTES_MAX:
        raise StateError(
            f"incident {incident.incident_id} takes more than {PUBLISHED_BYTES_MAX} bytes, lists cut short"
        )
    return incident


def _counted(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Names of lists that have a count of what was left out."""
    return tuple(name.removesuffix("_omitted") for name in kind.__struct_fields__ if name.endswith("_omitted"))


def _cut(record: _S, names: tuple[str, ...], keep: int) -> _S:
    changed: dict[str, object] = {}
    for name in names:
        items = getattr(record, name)
        if isinstance(items, msgspec.Struct):
            changed[name] = _cut(items, _counted(type(items)), keep)
        elif items is not None and len(items) > keep:
            latest = items[len(items) - keep + 1 :] if name in _HISTORIES else ()
            changed[name] = items[: keep - len(latest)] + latest
            changed[f"{name}_omitted"] = getattr(record, f"{name}_omitted") + len(items) - keep
    return msgspec.structs.replace(record, **changed)


_HISTORIES: Final = frozenset({"state_history", "resolution_curve", "estimated_end_history"})
_LONGEST: Final = ("evidence", "areas", "resolution_curve", "estimated_end_history", "state_history")
_ALL: Final = (*_counted(Incident), "links", "references")
_CUTS: Final = ((_LONGEST, 24), (_LONGEST, 12), (_LONGEST, 6), (_LONGEST, 3), (_ALL, 3), (_ALL, 1))


def _quarantine(record: Quarantined) -> Message:
    """The original bytes and headers, with the reason beside them."""
    return Message(QUARANTINE.noun, record.key, record.value, (*record.headers, *error_headers(record)))


def refused_part(part: Refused, stage: str, record: RawRecord) -> Quarantined:
    """Put a part of one of our own records into quarantine, with the place of the whole.

    Args:
        part: What could not be used, and why.
        stage: Name of the stage that refused it.
        record: The record that held the part.
    """
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

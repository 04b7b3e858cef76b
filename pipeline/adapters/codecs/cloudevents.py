"""CloudEvents 1.0 on Kafka: what we write is binary, what we read may be binary, structured or bare JSON.

In binary mode the value is the data and the event's attributes ride in headers,
so a reader that has never heard of CloudEvents sees plain JSON. Hence reading
costs one look at the headers: only a structured event is opened.

We map by hand, since the SDK takes five times as long for the same bytes; in
the tests the SDK is the judge of both directions.

Source:
    CloudEvents 1.0.2, Kafka protocol binding, sections 3.2 and 3.3; JSON
    format, section 3.1; Confluent wire format (a zero byte and a schema id of
    four bytes before the value).
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from pipeline.records.clocks import format_instant
from pipeline.records.errors import Reason, RecordError, StateError

CONTENT_TYPE: Final = b"application/json"
STRUCTURED: Final = b"application/cloudevents"
STRUCTURED_JSON: Final = b"application/cloudevents+json"
CONFLUENT_PREFIX_BYTES: Final = 5
_EXTENSION_NAME: Final = re.compile(r"[a-z0-9]{1,20}\Z")

Headers = tuple[tuple[str, bytes], ...]


class _Structured(msgspec.Struct):
    """Envelope of a structured event; the data stays as it is."""

    specversion: str
    id: str
    source: str
    type: str
    data: msgspec.Raw = msgspec.Raw()
    data_base64: str | None = None


_ENVELOPE = msgspec.json.Decoder(_Structured)


def binary_headers(  # noqa: PLR0913 - the attributes of the standard, each by its name
    *,
    id: str,
    source: str,
    type: str,
    time_ms: int,
    subject: str | None = None,
    dataschema: str | None = None,
    partitionkey: str | None = None,
    extensions: Mapping[str, str] | None = None,
) -> Headers:
    """Write the headers of an event in binary mode.

    Args:
        id: Unique with `source`: what a reader drops repeats by.
        source: URI reference of who wrote it.
        type: Such as `tocsin.incident.v1`.
        time_ms: When it happened, milliseconds since 1970.
        subject: What it is about within the source.
        dataschema: URI of the schema.
        partitionkey: The record's key, where readers need it in the event.
        extensions: Further attributes; written sorted by name.

    Returns:
        Headers in a fixed order: the same event has the same bytes.

    Raises:
        StateError: If an extension's name is not 1 to 20 of `a-z0-9`.

    >>> binary_headers(id="1", source="/t", type="tocsin.notice.v1", time_ms=0)[-1]
    ('ce_type', b'tocsin.notice.v1')
    """
    attributes = dict(extensions or {})
    for name in attributes:
        if not _EXTENSION_NAME.match(name):
            raise StateError(f"CloudEvents extension {name!r}: a name is 1 to 20 of a-z and 0-9")
    attributes.update(id=id, source=source, specversion="1.0", time=format_instant(time_ms), type=type)
    optional = {"subject": subject, "dataschema": dataschema, "partitionkey": partitionkey}
    attributes.update({name: text for name, text in optional.items() if text is not None})
    written = [("ce_" + name, attributes[name].encode()) for name in sorted(attributes)]
    return (("content-type", CONTENT_TYPE), *written)


def unwrap(headers: Sequence[tuple[str, bytes]], value: bytes | None) -> bytes:
    """Find the data of an event, whatever its mode.

    Args:
        headers: As read from Kafka.
        value: As read; a Confluent prefix is taken off.

    Returns:
        The bytes of the data; empty if there are none.

    Raises:
        RecordError: `malformed_event`, for a structured event that is not one.

    >>> unwrap([("content-type", b"application/cloudevents+json")],
    ...     b'{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"a":1}}')
    b'{"a":1}'
    """
    if not value:
        return b""
    data = value[CONFLUENT_PREFIX_BYTES:] if value[0] == 0 else value
    for name, content in headers:
        if name == "content-type":
            if content and content[: len(STRUCTURED)].lower() == STRUCTURED:
                return _open(content, data)
            break
    return data


def _open(content_type: bytes, value: bytes) -> bytes:
    form = content_type.lower().partition(b";")[0].strip()
    if form != STRUCTURED_JSON:
        raise _malformed(f"content-type {content_type[:60]!r}: only {STRUCTURED_JSON.decode()} can be read")
    try:
        event = _ENVELOPE.decode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _malformed(f"not a structured event: {str(error)[:200]}") from None
    if event.specversion != "1.0":
        raise _malformed(f"specversion {event.specversion[:16]!r} is not 1.0")
    if not (event.id and event.source and event.type):
        raise _malformed("id, source and type must not be empty")
    if event.data_base64 is None:
        return bytes(event.data)
    if bytes(event.data):
        raise _malformed("has both data and data_base64")
    try:
        return b64decode(event.data_base64, validate=True)
    except (binascii.Error, ValueError):
        raise _malformed("data_base64 is not base64") from None


def _malformed(message: str) -> RecordError:
    return RecordError(Reason.MALFORMED_EVENT, f"CloudEvent: {message}")

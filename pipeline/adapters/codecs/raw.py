"""Raw records from bytes: a batch in, a list of records, refusals and heartbeats out.

A sender's mistake is a value here, not an exception: the rules see it in its
turn, so that "late" and "malformed" are decided in the order of the log.
CloudEvents come in binary or structured mode, or there is bare JSON. Records
that are nested deeper than `NESTING_MAX` are refused by counting: the decoder
itself gives up where Python's stack ends, which differs from process to process.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from pipeline.adapters.codecs.cloudevents import unwrap
from pipeline.flow import COMMANDS, INGEST
from pipeline.records.errors import Reason, RecordError
from pipeline.records.limits import RECORD_BYTES_MAX, TEXT_CHARS_MAX
from pipeline.records.raw.cutting import cut
from pipeline.records.raw.record import HEARTBEAT, RawRecord, is_heartbeat

NESTING_MAX: Final = 256
"""Deepest nesting that is read; our own records need three, Python's stack allows about 900."""

BRACKETS_MAX: Final = 16_384
"""Most opening brackets of a record, those in its texts included: twice as many as its longest text has characters."""

_NO_BRACKETS: Final = bytes(sorted(set(range(256)) - set(b'[]{}"')))

_SHORT_BYTES: Final = 2 * NESTING_MAX
"""A record shorter than this cannot be nested too deep: most are, and need not be looked through."""

_REASONS: Final = {
    "$.service": Reason.UNKNOWN_SERVICE,
    "$.unit": Reason.UNKNOWN_UNIT,
    "$.kind": Reason.UNKNOWN_COMMAND,
    "$.value": Reason.OUT_OF_RANGE,
}
"""Which field gives which reason, where the general word would say too little."""


Outcome = object
"""A record type, `HEARTBEAT`, or a `RecordError`."""

_DECODE: Final[dict[str, Callable[[bytes], object]]] = {
    topic.noun: msgspec.json.Decoder(topic.record).decode for topic in INGEST.reads
}


_WORDS_MAX: Final = 300
"""Characters of the decoder's words that a refusal repeats."""


def decode_batch(source: str, records: Sequence[RawRecord]) -> list[Outcome]:
    """Decode records of one source, in order.

    Args:
        source: Noun of a topic that INGEST reads.
        records: As Kafka or a recording gives them.

    Returns:
        One outcome a record: its type, `HEARTBEAT`, or the `RecordError` that refuses it.
    """
    decode = _DECODE[source]
    outcomes: list[Outcome] = []
    append = outcomes.append
    for record in records:
        value = record.value
        try:
            if record.headers or not value or len(value) >= _SHORT_BYTES or value[0] == 0:
                append(_decode_with_care(decode, record))
            else:
                append(decode(value))
        except RecordError as error:
            append(error)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            append(_refusal(error, source))
    return outcomes


def _decode_with_care(decode: Callable[[bytes], object], record: RawRecord) -> Outcome:
    value = record.value
    if not value:
        if is_heartbeat(record):
            return HEARTBEAT
        raise RecordError(Reason.EMPTY_RECORD, "no content, and no header ce_type that makes it a heartbeat")
    if len(value) > RECORD_BYTES_MAX:
        raise RecordError(Reason.TOO_LARGE, f"{len(value)} bytes: must be at most {RECORD_BYTES_MAX}")
    _require_shallow(value)
    outcome = decode(_unframed(record, value))
    return cut(outcome) if len(value) > TEXT_CHARS_MAX else outcome


def _require_shallow(value: bytes) -> None:
    """Refuse what is nested deeper than is read.

    Raises:
        RecordError: `malformed_json`.
    """
    if (brackets := value.count(b"[") + value.count(b"{")) > NESTING_MAX:
        if brackets > BRACKETS_MAX:
            raise RecordError(Reason.MALFORMED_JSON, f"{brackets} opening brackets: must be at most {BRACKETS_MAX}")
        if _too_deep(value):
            raise RecordError(Reason.MALFORMED_JSON, f"nested deeper than {NESTING_MAX} levels")


def _unframed(record: RawRecord, value: bytes) -> bytes:
    """The content of a record, which may have headers, or begin as a schema registry's records do.

    Raises:
        RecordError: `empty_record` or `malformed_event`.
    """
    if not record.headers and value[0]:
        return value
    data = unwrap(record.headers, value)
    if not data:
        words = "no content inside its frame: a prefix of a schema registry, or an event"
        raise RecordError(Reason.EMPTY_RECORD, words)
    return data


def _too_deep(value: bytes) -> bool:
    """Is JSON text nested deeper than is read? Quotes are respected; the scan ends at the first level too many.

    What is neither bracket nor quote goes first, at C's speed, and so do quotes side by side, with nothing between
    them: what is left to walk through is about as long as there are brackets.
    """
    bare = value.replace(b"\\\\", b"").replace(b'\\"', b"").translate(None, _NO_BRACKETS).replace(b'""', b"")
    depth = 0
    quoted = False
    for byte in bare:
        if byte == 0x22:
            quoted = not quoted
        elif quoted:
            continue
        elif byte in b"[{":
            depth += 1
            if depth > NESTING_MAX:
                return True
        else:
            depth -= 1
    return False


def _refusal(error: Exception, source: str) -> RecordError:
    """Turn the decoder's words into a reason of the closed list."""
    if isinstance(error, msgspec.ValidationError):
        text = str(error)
        path = text.rpartition("at `")[2].rstrip("`")
        reason = _REASONS.get(path, Reason.SCHEMA_MISMATCH)
        if reason is Reason.UNKNOWN_COMMAND and source != COMMANDS.noun:
            reason = Reason.SCHEMA_MISMATCH
        if reason is Reason.OUT_OF_RANGE and "out of range" not in text:
            reason = Reason.SCHEMA_MISMATCH
        return RecordError(reason, f"{source}: {_shortened(text)}")
    return RecordError(Reason.MALFORMED_JSON, f"{source}: {type(error).__name__}: {str(error)[:200]}")


def _shortened(text: str) -> str:
    """The decoder's words without the middle of what they quote: a wrong value may be as long as a record.

    >>> len(_shortened("Invalid enum value '" + "x" * 9_000 + "' - at `$.service`"))
    281
    """
    return text if len(text) <= _WORDS_MAX else f"{text[:200]}…{text[-80:]}"

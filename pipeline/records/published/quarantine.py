"""A quarantined record: what could not be used, and why.

Key, value, headers and Kafka timestamp are what INGEST kept of the record (the
setting `privacy.quarantine`: all of it, or what is not of people), and the
reason rides in headers of its own, in the fashion of Kafka Connect's dead
letters. So a record can be played back once the cause is mended.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from pipeline.records.errors import Reason
from pipeline.records.vocabulary import Stage

ERROR_PREFIX: Final = "tocsin.errors."
"""What our headers start with."""

CONNECT_PREFIX: Final = "__connect.errors."
"""What Kafka Connect's start with; the same words follow."""

MESSAGE_CHARS_MAX: Final = 1_000
"""A longer message is cut: it is for people."""


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """One unusable record and where it came from.

    Attributes:
        reason: Reason of the closed list; it labels the metric.
        stage: Which stage refused it.
        message: Text that says which thing it was, what it was and what it must be.
        topic: Topic from which the record was read.
        partition: Partition from which the record was read.
        offset: Offset at which the record was read.
        timestamp: Kafka timestamp of the record, in milliseconds.
        key: Key of the record, as it came or as it was kept.
        value: Value of the record, as it came or as it was kept.
        headers: Headers of the record, as they came or as they were kept.
        origin: For a part of an envelope: the raw record's place, if known, as topic/epoch/partition/offset.
    """

    reason: Reason
    stage: Stage
    message: str
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    origin: str | None = None


def error_headers(record: Quarantined) -> tuple[tuple[str, bytes], ...]:
    """The headers that say why, in a fixed order; the original headers go before them.

    >>> refused = Quarantined(reason=Reason.LATE, stage="ingest", message="m", topic="tickets", partition=1, offset=7,
    ...     timestamp=5)
    >>> [name for name, _ in error_headers(refused)][:3]
    ['tocsin.errors.topic', 'tocsin.errors.partition', 'tocsin.errors.offset']
    """
    words = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "stage": record.stage,
        "reason": str(record.reason),
        "exception.message": record.message[:MESSAGE_CHARS_MAX],
    }
    if record.origin is not None:
        words["origin"] = record.origin
    return tuple((ERROR_PREFIX + name, text.encode("utf-8", "replace")) for name, text in words.items())


def read_errors(headers: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """What the headers of a dead letter say, ours or Kafka Connect's.

    Args:
        headers: All headers of the record.

    Returns:
        Words by name, without the prefix; of two with one name the later counts,
        since a record that is refused again gets its headers at the end.

    >>> read_errors([("__connect.errors.topic", b"tickets"), ("tocsin.errors.reason", b"late")])
    {'topic': 'tickets', 'reason': 'late'}
    """
    words = {}
    for name, value in headers:
        for prefix in (ERROR_PREFIX, CONNECT_PREFIX):
            if name.startswith(prefix):
                words[name.removeprefix(prefix)] = (value or b"").decode("utf-8", "replace")
    return words

"""A raw record as a rule sees it: Kafka's fields, and nothing of Kafka."""

from collections.abc import Sequence
from typing import Final, Protocol

HEARTBEAT_TYPE = "tocsin.heartbeat.v1"
"""`ce_type` of a record without content that moves a clock."""


class Heartbeat:
    """A record without content, decoded; its event time is its Kafka timestamp."""


HEARTBEAT: Final = Heartbeat()
"""The one heartbeat: it has no content that could differ."""

HEARTBEAT_HEADERS: tuple[tuple[str, bytes], ...] = (("ce_type", HEARTBEAT_TYPE.encode()),)


class RawRecord(Protocol):
    """One record of a raw topic; aiokafka's and a recording's both fit.

    Attributes:
        timestamp: Kafka timestamp in milliseconds.
    """

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


def is_heartbeat(record: RawRecord) -> bool:
    """Tell a heartbeat from a record that lost its content."""
    return not record.value and any(h[0] == "ce_type" and h[1] == HEARTBEAT_HEADERS[0][1] for h in record.headers)

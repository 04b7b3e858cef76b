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
    """One record of a raw topic; aiokafka's and a recording's both fit."""

    @property
    def topic(self) -> str:
        """Name of the topic."""
        ...

    @property
    def partition(self) -> int:
        """Number of the partition."""
        ...

    @property
    def offset(self) -> int:
        """Place in the partition."""
        ...

    @property
    def timestamp(self) -> int:
        """Kafka timestamp, ms."""
        ...

    @property
    def key(self) -> bytes | None:
        """As sent."""
        ...

    @property
    def value(self) -> bytes | None:
        """As sent; empty for a heartbeat."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """As sent, in order."""
        ...


def is_heartbeat(record: RawRecord) -> bool:
    """Tell a heartbeat from a record that lost its content."""
    return not record.value and any(h[0] == "ce_type" and h[1] == HEARTBEAT_HEADERS[0][1] for h in record.headers)

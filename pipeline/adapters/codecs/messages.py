"""A message: what a Kafka producer is told to send."""

import msgspec


class Message(msgspec.Struct, frozen=True):
    """One record to be written.

    Attributes:
        topic: Noun of the topic, without the deployment's prefix.
        partition: Where it must go; None lets the key decide (murmur2).
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None

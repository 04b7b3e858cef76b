"""Several observers as one: metrics, health and log all hear the same."""

from collections.abc import Sequence

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.observer import Observer


class Together:
    """Passes everything on, in order.

    Args:
        observers: Who hears it.
    """

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def consumed(self, stage: str, topic: str, records: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.consumed(stage, topic, records)

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """Pass it on."""
        for one in self._observers:
            one.committed(stage, messages, seconds)

    def clock(self, source: str, lane: int, time_ms: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.clock(source, lane, time_ms)

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.lag(topic, partition, messages)

    def heartbeat_sent(self, source: str) -> None:
        """Pass it on."""
        for one in self._observers:
            one.heartbeat_sent(source)

    def paused(self, partitions: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.paused(partitions)

    def taking_over(self, stage: str, partitions: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.taking_over(stage, partitions)

    def assigned(self, stage: str, partitions: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.assigned(stage, partitions)

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """Pass it on."""
        for one in self._observers:
            one.state_loaded(stage, slots, seconds)

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """Pass it on."""
        for one in self._observers:
            one.snapshot(stage, slots, size_bytes)

    def alive(self, stage: str) -> None:
        """Pass it on."""
        for one in self._observers:
            one.alive(stage)

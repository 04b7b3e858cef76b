"""What the Kafka shell tells whoever counts: one method a fact, so that no metrics library is needed here."""

from collections.abc import Sequence
from typing import Protocol

from pipeline.adapters.codecs.messages import Message


class Observer(Protocol):
    """Hears what happens; must neither block nor raise. Stages are named `ingest`, `detect`, `correlate`."""

    def consumed(self, stage: str, topic: str, records: int) -> None:
        """Records of a topic (its noun) were worked on; not committed yet."""

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """A transaction with these messages was committed; it took so long. Quarantined ones are among them."""

    def clock(self, source: str, lane: int, time_ms: int) -> None:
        """The clock of a raw partition stands here."""

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """So many messages of a topic (its noun) wait to be read."""

    def heartbeat_sent(self, source: str) -> None:
        """A heartbeat was appended to a raw partition."""

    def paused(self, partitions: int) -> None:
        """So many raw partitions wait since they are ahead of the least clock."""

    def taking_over(self, stage: str, partitions: int) -> None:
        """A rebalance gave this process so many input partitions; their states are about to be read."""

    def assigned(self, stage: str, partitions: int) -> None:
        """A rebalance ended; this process now owns so many lanes or input partitions."""

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """The state of one input partition was read."""

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """So much state was written."""

    def alive(self, stage: str) -> None:
        """The stage's loop came round."""


class NoObserver:
    """Hears nothing."""

    def consumed(self, stage: str, topic: str, records: int) -> None:
        """Do nothing."""

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """Do nothing."""

    def clock(self, source: str, lane: int, time_ms: int) -> None:
        """Do nothing."""

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """Do nothing."""

    def heartbeat_sent(self, source: str) -> None:
        """Do nothing."""

    def paused(self, partitions: int) -> None:
        """Do nothing."""

    def taking_over(self, stage: str, partitions: int) -> None:
        """Do nothing."""

    def assigned(self, stage: str, partitions: int) -> None:
        """Do nothing."""

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """Do nothing."""

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """Do nothing."""

    def alive(self, stage: str) -> None:
        """Do nothing."""

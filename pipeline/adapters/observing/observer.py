"""What the Kafka shell tells whoever counts: one method a fact, so that no metrics library is needed here."""

from collections.abc import Sequence

from pipeline.adapters.codecs.messages import Message


class Observer:
    """Hears what happens; must neither block nor raise. Stages are named `ingest`, `detect`, `correlate`.

    By itself it does nothing: who listens overrides the methods of the facts that it is about.
    """

    def consumed(self, stage: str, topic: str, records: int) -> None:
        """Records of a topic (its noun) were worked on; not committed yet.

        Args:
            stage: Name of the stage.
            topic: Noun of the topic that they were read from.
            records: How many, 1 or more.
        """

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """A transaction with these messages was committed; it took so long. Quarantined ones are among them.

        Args:
            stage: Name of the stage.
            messages: All of the transaction, in order.
            seconds: From its begin to the answer of its end.
        """

    def transaction(self, stage: str, producer: str, state: str) -> None:
        """A transaction entered a state.

        Args:
            stage: Name of the stage.
            producer: Names the producer among those of the process; it has one transaction at a time.
            state: `begun`, `committed` or `aborted`.
        """

    def clock(self, source: str, lane: int, time_ms: int) -> None:
        """The clock of a raw partition stands here.

        Args:
            source: Noun of the raw topic.
            lane: Number of the partition.
            time_ms: Event time, in ms since 1970.
        """

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """So many messages of a topic (its noun) wait to be read.

        Args:
            topic: Noun of the topic.
            partition: Number of the partition.
            messages: How many wait, 0 or more.
        """

    def heartbeat_sent(self, source: str) -> None:
        """A heartbeat was appended to a raw partition."""

    def paused(self, partitions: int) -> None:
        """So many raw partitions wait since they are ahead of the least clock."""

    def skipped(self, stage: str, place: str, why: str) -> None:
        """A record (topic/partition/offset) that this stage only looks at could not be read and was passed over.

        Args:
            stage: Name of the stage.
            place: Topic, partition and offset of the record, with slashes between them.
            why: What is wrong with it.
        """

    def taking_over(self, stage: str, partitions: int) -> None:
        """A rebalance gave this process so many input partitions; their states are about to be read."""

    def assigned(self, stage: str, partitions: int) -> None:
        """A rebalance ended; this process now owns so many lanes or input partitions."""

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """The state of one input partition was read.

        Args:
            stage: Name of the stage.
            slots: How many slots it has.
            seconds: How long it took, fencing not counted.
        """

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """A snapshot of a stage's state was written.

        Args:
            stage: Name of the stage.
            slots: How many slots had changed.
            size_bytes: Their size.
        """

    def alive(self, stage: str) -> None:
        """The stage's loop came round."""


FACTS = tuple(name for name, value in vars(Observer).items() if callable(value) and not name.startswith("_"))
"""Names of all that an observer can hear."""

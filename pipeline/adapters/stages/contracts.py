"""What the Kafka shell asks of a stage: bytes in, bytes out, and nothing of Kafka.

The shell owns offsets, transactions and crashes; a stage owns what a record
means. These faces are all that the two know of each other, so a toy stage of
twenty lines tests the whole shell.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pipeline.adapters.codecs.messages import Message
from pipeline.records.inner.judgements import Judgement
from pipeline.records.raw.record import RawRecord

OnJudged = Callable[[Sequence[Judgement]], None]
"""Hears what was judged."""


class Accumulator(Protocol):
    """One lane of INGEST between two transactions: `pipeline.ingest.apply.Lane`."""

    @property
    def count(self) -> int:
        """Records taken since the last close."""

    @property
    def clocks(self) -> dict[str, int]:
        """Source to clock, in ms; a source not heard yet is missing. They outlive `close`."""

    @property
    def habits(self) -> Mapping[str, str]:
        """Source to what else a lane must remember of it, without a space; a source with nothing is missing."""

    def take(self, source: str, records: Sequence[RawRecord], horizon_ms: int | None) -> int:
        """Take records in order, up to the first that lies past the horizon.

        Args:
            source: The raw topic that they are of.
            records: Records of one lane, in order of offset.
            horizon_ms: Event time past which nothing is taken yet, in milliseconds; None is no limit.

        Returns:
            How many were taken.
        """

    def close(self) -> Any:
        """What was added up; the lane starts anew."""


class IngestStage(Protocol):
    """INGEST behind one face."""

    def new_lane(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> Accumulator:
        """A lane that begins where another one, or nothing, has left off.

        Args:
            number: Partition number, 0 or more.
            clocks: Source to clock, in ms since 1970; a source not heard yet is missing.
            habits: Source to what its forerunner knew of late feeds, as it wrote it; may be empty.
        """

    def messages(self, batch: Any) -> list[Message]:
        """What a closed batch says: envelopes to partitions of `signals`, quarantined records, decisions."""

    def clocks(self, record: RawRecord) -> tuple[int, Mapping[str, int]]:
        """Lane and clocks that a record of `signals` carries; no clocks if it is not the last part of its batch.

        Raises:
            RecordError: If it cannot be read.
        """


class StatefulStage(Protocol):
    """DETECT or CORRELATE behind one face; `pipeline.adapters.stages.shell.KeyedCodec` implements it.

    Attributes:
        name: Name of the stage.
        source: Noun of the input topic.
        hold_back: Snapshots come now and then, and outputs that are out already are thrown away when records
            are read again. False: what changed goes into every transaction, and nothing is ever read again.
        ruleset: Hash of code, settings and reference files.
    """

    name: str
    source: str
    hold_back: bool
    ruleset: str

    def new_state(self, partition: int) -> Any:
        """A state that has seen nothing."""

    def apply(self, state: Any, record: RawRecord) -> list[Message]:
        """Change the state in place and answer what follows; raises StateError only."""

    def slots(self, state: Any, *, all_slots: bool) -> dict[bytes, bytes | None]:
        """Encode what changed since the last call, or all; None deletes. Clears the marks of change."""

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> Any:
        """The state that these slots hold."""


class JudgingStage(StatefulStage, Protocol):
    """A stateful stage whose judgements somebody may hear.

    Attributes:
        on_judged: Hears what was judged; None is nobody.
    """

    on_judged: OnJudged | None

"""Does every record of a recording fit its type? The decoders are INGEST's own, so the answer is its answer.

What depends on reference or settings - operators, areas, lateness - is not
asked here: a recording must be judged the same on any machine.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.passing import batches_of, decoded
from pipeline.adapters.recordings.progress import OnProgress, ignore
from pipeline.adapters.recordings.reader import open_recording
from pipeline.ingest.late.lateness import Times
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import Reason, RecordError
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket

EXAMPLES_MAX: Final = 3
"""Most examples that are kept of each topic and reason: the first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One record that was refused; `message` says why and may quote it."""

    partition: int
    offset: int
    message: str


@dataclass(slots=True)
class Refusals:
    """Records of one topic refused for one reason."""

    count: int = 0
    examples: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class Validation:
    """What was found.

    Attributes:
        records: Records of the raw topics, heartbeats too.
        other: Records of other topics; they are not judged.
        refused: By topic and reason, sorted.
    """

    records: int = 0
    other: int = 0
    refused: dict[tuple[str, Reason], Refusals] = field(default_factory=dict)

    @property
    def refusals(self) -> int:
        """How many records were refused in all."""
        return sum(kind.count for kind in self.refused.values())


def validate_recording(path: Path, progress: OnProgress = ignore) -> Validation:
    """Decode every record, as INGEST does.

    Args:
        path: A recording.
        progress: Told after each batch of records.

    Returns:
        How many are refused, and the first of each kind.

    Raises:
        RecordingError: If the file itself is damaged.
    """
    recording = open_recording(path)
    found, times = Validation(), Times()
    for batch in batches_of(recording, recording.verify(), progress):
        raw = [record for record in batch if record.topic in SOURCES]
        found.records += len(raw)
        found.other += len(batch) - len(raw)
        for record, outcome in decoded(raw):
            if error := _error_of(outcome, times):
                _note(found, record, error)
    found.refused = dict(sorted(found.refused.items()))
    return found


def event_time_of(outcome: object) -> str | None:
    """When it happened, as the record says; None for what has no time but Kafka's."""
    if isinstance(outcome, Reading):
        return outcome.observed_at
    if isinstance(outcome, Ticket):
        return outcome.opened_at
    return outcome.posted_at if isinstance(outcome, Mention) else None


def _error_of(outcome: object, times: Times) -> RecordError | None:
    if isinstance(outcome, RecordError):
        return outcome
    text = event_time_of(outcome)
    try:
        if text is not None:
            times[text]
    except RecordError as error:
        return error
    return None


def _note(found: Validation, record: RecordedRecord, error: RecordError) -> None:
    kind = found.refused.setdefault((record.topic, error.reason), Refusals())
    kind.count += 1
    if len(kind.examples) < EXAMPLES_MAX:
        kind.examples.append(Refusal(partition=record.partition, offset=record.offset, message=error.message))

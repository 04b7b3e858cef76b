"""One pass over a recording: some records at a time, each with what INGEST makes of its bytes.

Redaction, statistics and validation all go once from the first record to the
last. A batch is what they hold in memory; nothing else of the file stays.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from pipeline.adapters.codecs.raw import decode_batch
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.recordings.progress import OnProgress, Progress
from pipeline.adapters.recordings.reader import Contents, Recording
from pipeline.records.clocks import SOURCES

BATCH_RECORDS: Final = 2_000
"""Held at once: a few MB at most."""


def batches_of(recording: Recording, contents: Contents, progress: OnProgress) -> Iterator[list[RecordedRecord]]:
    """All records, some at a time.

    Args:
        recording: The recording that is read.
        contents: What `verify` found in the recording, for the progress.
        progress: Told after each batch was used.

    Yields:
        At most `BATCH_RECORDS` records, in order.

    Raises:
        RecordingError: If the recording is damaged.
    """
    records, count = recording.records(), 0
    while batch := list(islice(records, BATCH_RECORDS)):
        yield batch
        count += len(batch)
        last = batch[-1].timestamp
        progress(Progress(records=count, time_ms=last, first_ms=contents.first_ms, last_ms=contents.last_ms))


def decoded(records: Sequence[RecordedRecord]) -> Iterator[tuple[RecordedRecord, object]]:
    """Decode records of raw topics, in order.

    Yields:
        Each with its type, `HEARTBEAT`, or the `RecordError` that refuses it.
    """
    outcomes: dict[int, object] = {}
    for topic in SOURCES:
        places = [place for place, record in enumerate(records) if record.topic == topic]
        outcomes.update(zip(places, decode_batch(topic, [records[place] for place in places]), strict=True))
    for place, record in enumerate(records):
        yield record, outcomes[place]

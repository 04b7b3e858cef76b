"""Sort more records than fit in memory: sorted runs on disk, then merged.

A run is a recording of its own, so that nothing is lost on the way and damage
shows here too.
"""

import contextlib
import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from pipeline.adapters.recordings.format import Manifest, RecordedRecord, source_rank
from pipeline.adapters.recordings.reader import Recording
from pipeline.adapters.recordings.writer import RecordingWriter

RUN_RECORDS: Final = 200_000
"""Records in memory at once: about 150 MB of posts. 10 million records make 50 runs."""


def sort_records(
    records: Iterable[RecordedRecord], manifest: Manifest, folder: Path, *, run_records: int = RUN_RECORDS
) -> Iterator[RecordedRecord]:
    """Bring records into merged order.

    Args:
        records: In any order; the offset says in which order records of one
            partition and one timestamp come.
        manifest: Names their topics.
        folder: Where runs are kept meanwhile; nothing stays.
        run_records: Records that are sorted in memory at once, 1 or more.

    Yields:
        Records by timestamp, source, partition, offset.
    """
    unsorted = iter(records)
    with contextlib.ExitStack() as stack:
        scratch: Path | None = None
        runs: list[Recording] = []
        while run := sorted(islice(unsorted, run_records), key=_place):
            if not runs and len(run) < run_records:
                yield from run
                return
            if scratch is None:
                scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=".sorting-")))
            path = scratch / f"{len(runs)}.jsonl.zst"
            with RecordingWriter(path, manifest, level=1) as writer:
                writer.write_all(run)
            runs.append(Recording(path))
        yield from heapq.merge(*(run.records() for run in runs), key=_place)


def _place(record: RecordedRecord) -> tuple[int, tuple[int, str], int, int]:
    return record.timestamp, source_rank(record.topic), record.partition, record.offset

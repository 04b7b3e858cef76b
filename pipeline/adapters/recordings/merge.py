"""One sequence out of many partitions: by Kafka timestamp, source and partition.

Within a partition the offsets decide, whatever the timestamps say: producers'
clocks go back, logs do not. So a record counts from the greatest timestamp
that its partition has reached. At one timestamp heartbeats go first: a pane
ends before the next one begins, in all partitions. That makes the merged order total, and merging
what is merged already changes nothing.
"""

import heapq
from collections.abc import Iterable, Iterator

from pipeline.adapters.recordings.format import RecordedRecord, source_rank, stamp_of

_Keyed = tuple[tuple[int, tuple[int, str], int, int], RecordedRecord]


def merge(partitions: Iterable[Iterable[RecordedRecord]]) -> Iterator[RecordedRecord]:
    """Merge partitions, each in the order of its offsets.

    Costs the logarithm of the number of partitions for each record; holds one
    record of each.

    Args:
        partitions: One iterable per partition; each is read as it is needed.

    Yields:
        All records; of equal timestamps the earlier source first, then the lower partition.

    >>> early, late = (RecordedRecord("telemetry", n, 0, n, None, (), b"") for n in (1, 2))
    >>> [record.partition for record in merge([[late], [early]])]
    [1, 2]
    """
    keyed = [_keyed(partition, number) for number, partition in enumerate(partitions)]
    for _, record in heapq.merge(*keyed, key=_key):
        yield record


def _key(keyed: _Keyed) -> tuple[int, tuple[int, str], int, int]:
    return keyed[0]


def _keyed(partition: Iterable[RecordedRecord], number: int) -> Iterator[_Keyed]:
    stamp = None
    for record in partition:
        stamp = stamp_of(record) if stamp is None else max(stamp, stamp_of(record))
        yield (stamp, source_rank(record.topic), record.partition, number), record

"""Names of headers may be any bytes to Kafka; aiokafka insists on UTF-8, and one record would stop a lane for good.

A record whose header has such a name is as good as any other, since nothing of ours
is called so. But aiokafka raises in the middle of a fetch, and would meet the same record
after every start. So what was fetched is kept until it is read, and where a name
cannot be decoded the rest of that fetch is read once more, slowly, with an escape
written for each byte that is no UTF-8. Other records take the way they always took.

This leans on internals of aiokafka 0.14, which pyproject.toml pins; tests/kafka runs it.
"""

from collections.abc import Iterator
from typing import Any, SupportsIndex, overload

from aiokafka.consumer import fetcher
from aiokafka.record import default_records, memory_records

_Plain = fetcher.PartitionRecords
_FastRecords = memory_records.MemoryRecords


class _Bytes(bytearray):
    """Bytes whose text is always found."""

    @overload
    def __getitem__(self, place: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, place: slice, /) -> bytearray: ...
    def __getitem__(self, place: SupportsIndex | slice, /) -> int | bytearray:
        found = super().__getitem__(place)
        return _Bytes(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)


class _SlowBatch(default_records._DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka has no types
    """A batch that reads names of headers with patience."""

    _buffer: Any

    def __iter__(self) -> Any:
        batch = super().__iter__()
        self._buffer = _Bytes(self._buffer)
        return batch


class _Fetched:
    """Batches of one fetch, and the bytes that they were read from.

    Args:
        data: As the broker sent it.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._records = _FastRecords(data)
        self.size_in_bytes = self._records.size_in_bytes
        self.has_next = self._records.has_next
        self.next_batch = self._records.next_batch


class _SlowFetched:
    """The same batches, to be read slowly."""

    def __init__(self, data: bytes) -> None:
        self._slices = _slices(data)
        self._next = next(self._slices, None)

    def has_next(self) -> bool:
        return self._next is not None

    def next_batch(self) -> _SlowBatch:
        batch, self._next = _SlowBatch(self._next), next(self._slices, None)
        return batch


_LENGTH_AT, _OVERHEAD_BYTES = 8, 12


def _slices(data: bytes) -> Iterator[bytes]:
    """The bytes of each whole batch; a fetch may end in the middle of one."""
    at = 0
    while at + _OVERHEAD_BYTES <= len(data):
        length = int.from_bytes(data[at + _LENGTH_AT : at + _OVERHEAD_BYTES], "big")
        end = at + _OVERHEAD_BYTES + length
        if end > len(data):
            return
        yield data[at:end]
        at = end


class _Records(_Plain):  # type: ignore[misc, valid-type]  # aiokafka has no types
    """Records of one fetch of one partition; those with strange names of headers, too."""

    _records: Any
    _aborted_producers: set[int]

    def __init__(self, tp: Any, records: Any, aborted_transactions: Any, *rest: Any, **named: Any) -> None:
        super().__init__(tp, records, aborted_transactions, *rest, **named)
        self._fetched, self._aborted = records, list(aborted_transactions or ())

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except UnicodeDecodeError:
            if not isinstance(self._records, _Fetched):
                raise
        self._records = _SlowFetched(self._fetched.data)
        self._aborted_transactions = sorted(self._aborted, key=lambda aborted: aborted[1])
        self._aborted_producers = set()
        self._records_iterator = self._unpack_records()  # it passes over what was handed out already
        return super().__next__()


def take_any_header_name() -> None:
    """Let every consumer of this process read records whose headers have names that are no UTF-8."""
    fetcher.MemoryRecords, fetcher.PartitionRecords = _Fetched, _Records

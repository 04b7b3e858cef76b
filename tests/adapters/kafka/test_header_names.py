"""Names of headers that are no UTF-8: aiokafka's own reader stops at them, ours goes on."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy as Builder

from pipeline.adapters.kafka.header_names import take_any_header_name

PLACE = TopicPartition("t", 0)
READ_COMMITTED = 1


class NoText(str):
    """A name of a header that aiokafka writes as bytes that are no UTF-8."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:  # noqa: ARG002
        return b"\xff\xfek"


@pytest.fixture(autouse=True)
def reader() -> Iterator[None]:
    former = fetcher.MemoryRecords, fetcher.PartitionRecords
    take_any_header_name()
    yield
    fetcher.MemoryRecords, fetcher.PartitionRecords = former


def batch(first_offset: int, names: list[str], *, producer: int = -1, compression: int = 0) -> bytes:
    """A batch of records with a header each."""
    transactional = producer >= 0
    builder = Builder(2, compression, transactional, producer, 0, 0, 100_000)
    for n, name in enumerate(names):
        builder.append(n, timestamp=1, key=None, value=b"%d" % (first_offset + n), headers=[(name, b"\xff")])
    data = bytearray(builder.build())
    data[:8] = first_offset.to_bytes(8, "big")
    return bytes(data)


def read(data: bytes, *, start: int = 0, aborted: list[tuple[int, int]] | None = None) -> list[tuple[int, str]]:
    """Offset and name of the header of each record that is handed out."""
    records: Any = fetcher.PartitionRecords(
        PLACE, fetcher.MemoryRecords(data), aborted, start, None, None, False, READ_COMMITTED
    )
    return [(record.offset, record.headers[0][0]) for record in records]


@pytest.mark.parametrize("compression", [0, 1], ids=["plain", "gzip"])
def test_each_record_is_handed_out_once_whatever_its_headers_are_called(compression: int) -> None:
    data = batch(0, ["a", NoText(), "b"], compression=compression) + batch(3, [NoText(), "c"], compression=compression)
    assert read(data) == [(0, "a"), (1, r"\xff\xfek"), (2, "b"), (3, r"\xff\xfek"), (4, "c")]


def test_records_before_the_position_are_not_read_again() -> None:
    assert read(batch(0, ["a", NoText(), "b"]), start=2) == [(2, "b")]


def test_what_an_aborted_transaction_wrote_stays_hidden() -> None:
    data = batch(0, ["kept"]) + batch(1, [NoText("x"), "x"], producer=7) + batch(3, [NoText()])
    assert read(data, aborted=[(7, 1)]) == [(0, "kept"), (3, r"\xff\xfek")]


def test_the_end_of_a_fetch_may_be_half_a_batch() -> None:
    assert read(batch(0, [NoText()]) + batch(1, ["a"])[:40]) == [(0, r"\xff\xfek")]

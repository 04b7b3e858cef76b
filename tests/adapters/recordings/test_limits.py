"""Files of strangers have limits: what unpacks without end, lines without end, encodings that are none."""

import contextlib
import gzip
import hashlib
import json
import tracemalloc
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.codecs import unpacking
from pipeline.adapters.codecs.unpacking import UnpackError, unpacked
from pipeline.adapters.recordings.format import Manifest, RecordingError, Trailer, raw_topics
from pipeline.adapters.recordings.intake.tables import LINE_MAX, TEXT_CHARS_MAX, Fault, RowError, rows_of
from pipeline.adapters.recordings.reader import open_recording
from pipeline.records.errors import ConfigError

GIGABYTE: Final = 1 << 30
MEMORY_BYTES_MAX: Final = 200 * 1024 * 1024
"""Of Python's own objects while a hostile file is read: some pieces, never the gigabyte."""


def zeros(size: int, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """A zstd file of a few kB that unpacks to so many zeros."""
    stream = zstandard.ZstdCompressor(level=1).compressobj()
    block = bytes(1 << 24)
    parts = [stream.compress(before), *(stream.compress(block) for _ in range(size // len(block)))]
    return b"".join([*parts, stream.compress(after), stream.flush()])


@pytest.fixture
def memory() -> Iterator[Callable[[], int]]:
    """Greatest memory of Python's objects since the test began, in bytes."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_recording_that_unpacks_to_one_line_of_a_gigabyte_is_refused(
    tmp_path: Path, memory: Callable[[], int]
) -> None:
    path = tmp_path / "bomb.jsonl.zst"
    path.write_bytes(zeros(GIGABYTE))
    assert path.stat().st_size < 200_000
    tracemalloc.reset_peak()
    with pytest.raises(RecordingError, match=r"bomb\.jsonl\.zst: "):
        open_recording(path)
    assert memory() < MEMORY_BYTES_MAX


@pytest.mark.parametrize("suffix", [".csv.zst", ".jsonl.zst", ".jsonl.gz"])
def test_a_table_that_unpacks_to_one_line_of_a_gigabyte_costs_one_row_or_the_file_and_little_memory(
    suffix: str, tmp_path: Path, memory: Callable[[], int]
) -> None:
    path = tmp_path / f"bomb{suffix}"
    packed = zeros(GIGABYTE // 4, before=b"a,b\n", after=b"\n1,2\n")
    path.write_bytes(packed if suffix.endswith("zst") else gzip.compress(bytes(GIGABYTE // 4) + b'\n{"a":1}\n', 6))
    tracemalloc.reset_peak()  # what follows is measured, not the making of the file
    try:
        rows = list(rows_of(path))
    except RecordingError as error:
        assert "unpack" in str(error)  # noqa: PT017 - either end is right: the ratio refuses, or the line is passed over
    else:
        assert [row.fields.fault for row in rows if isinstance(row.fields, RowError)] == [Fault.TOO_LONG]
        assert len(rows) == 2
    assert memory() < MEMORY_BYTES_MAX


def test_a_line_that_is_too_long_costs_its_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"n":1}\n{"text":"' + b"x" * (LINE_MAX + 7) + b'"}\n{"n":3}\n')
    first, second, third = rows_of(path)
    assert (first.fields, third.fields) == ({"n": 1}, {"n": 3})
    assert isinstance(second.fields, RowError)
    assert second.fields.fault is Fault.TOO_LONG
    assert len(second.text) <= TEXT_CHARS_MAX


def test_a_csv_line_that_is_too_long_costs_its_row_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n1,2\n" + "x" * (LINE_MAX + 7) + ",3\n4,5\n")
    first, second, third = rows_of(path)
    assert (first.fields, third.fields) == ({"a": "1", "b": "2"}, {"a": "4", "b": "5"})
    assert isinstance(second.fields, RowError)
    assert second.fields.fault is Fault.TOO_LONG


def test_what_is_kept_of_a_rejected_row_is_short(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("a,b\n" + "y" * 900_000 + "\n")
    (row,) = rows_of(path)
    assert isinstance(row.fields, RowError)
    assert len(row.text) <= TEXT_CHARS_MAX


@pytest.mark.parametrize("encoding", ["rot13", "base64", "hex", "idna", "punycode", "no-such-encoding", "x" * 5_000])
def test_an_encoding_that_is_none_of_texts_is_a_mistake_of_usage(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ConfigError, match="try utf-8") as caught:
        list(rows_of(path, encoding=encoding))
    assert len(str(caught.value)) < 200


def test_utf_16_that_is_cut_off_within_a_letter_costs_its_last_row(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_bytes("a,b\n1,2\n3,4".encode("utf-16-le") + b"\xd8")
    first, second = rows_of(path, encoding="utf-16-le")
    assert first.fields == {"a": "1", "b": "2"}
    assert isinstance(second.fields, RowError)
    assert second.fields.fault is Fault.NOT_UTF8


@pytest.mark.parametrize("cut", [3, 12, 30, -5, -1])
def test_a_damaged_gzip_is_told_in_one_line(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    whole = gzip.compress(b'{"n":1}\n' * 500)
    path.write_bytes(whole[:cut] + b"\xff" * 9 + whole[cut:])
    with pytest.raises(RecordingError, match=r"posts\.jsonl\.gz: (is|goes on)"):
        list(rows_of(path))


def recording_of(lines: list[bytes]) -> bytes:
    """A recording whose checksum is right, whatever its lines are."""
    body = b"".join(line + b"\n" for line in lines)
    manifest = Manifest(created="2026-01-01T00:00:00Z", tool="test", topics=raw_topics(1))
    trailer = Trailer(records=len(lines), heartbeats=0, sha256=hashlib.sha256(body).hexdigest(), more=False)
    text = json.dumps(_plain(manifest)).encode() + b"\n" + body + json.dumps(_plain(trailer)).encode() + b"\n"
    return zstandard.compress(text)


def _plain(struct: object) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(struct)
    return plain


@pytest.mark.parametrize("rubbish", [b"{}", b"[]", b"null", b"no json", b'{"topic":1}', b"[" * 3_000])
def test_a_first_or_last_line_that_is_no_record_is_told_though_the_checksum_is_right(
    rubbish: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "rubbish.jsonl.zst"
    path.write_bytes(recording_of([rubbish]))
    with pytest.raises(RecordingError, match="holds no record"):
        open_recording(path).verify()


@given(data=st.binary(max_size=4_000), cuts=st.integers(1, 3))
def test_what_was_packed_comes_out_again(data: bytes, cuts: int) -> None:
    size = -(-len(data) // cuts) or 1
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    for suffix, pack in ((".zst", zstandard.compress), (".gz", gzip.compress)):
        packed = b"".join(pack(part) for part in parts) or pack(b"")
        assert b"".join(unpacked(BytesIO(packed), suffix)) == data
    assert b"".join(unpacked(BytesIO(data), ".jsonl")) == data


@given(data=st.binary(min_size=1, max_size=300), suffix=st.sampled_from([".zst", ".gz"]))
def test_rubbish_is_refused_and_never_anything_else(data: bytes, suffix: str) -> None:
    with contextlib.suppress(UnpackError):
        b"".join(unpacked(BytesIO(data), suffix))


def test_more_than_the_ratio_is_refused_by_its_figures() -> None:
    assert unpacking.RATIO_FREE_BYTES < GIGABYTE
    with pytest.raises(UnpackError, match="unpack it first"):
        for _piece in unpacked(BytesIO(zeros(GIGABYTE)), ".zst"):
            pass


@pytest.mark.parametrize("line", [b'{"":"","tool":"\x93', b'{"tool":"\xff"}', b'{"x":' + b"[" * 5_000])
def test_a_first_line_that_is_no_text_or_nested_too_deep_is_told_as_no_manifest(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "odd.jsonl.zst"
    path.write_bytes(zstandard.compress(line + b"\n"))
    with pytest.raises(RecordingError, match="line 1 is not the manifest"):
        open_recording(path).verify()

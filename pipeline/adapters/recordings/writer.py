"""Write a recording: records in, one file or several out.

The order is checked, not made: records must come merged (see `merge`), so that
every reader sees one sequence. A file has its final name only when it is
complete; until then it ends in `.partial`.

Parts are measured before compression: a limit on compressed bytes would make
the cut, and so the files, depend on the version of zstd.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import msgspec
import zstandard

from pipeline.adapters.recordings.format import (
    SUFFIX,
    TIMESTAMP_TYPES,
    Manifest,
    RecordedRecord,
    RecordingError,
    Trailer,
    headers_part,
    key_part,
    source_rank,
    stamp_of,
    value_part,
)
from pipeline.records.raw.record import is_heartbeat

LEVEL_DEFAULT: Final = 3
"""zstd's own default: 204,000 records/s at a seventh of the size; level 10 is four times slower for a tenth less."""

_BLOCK_BYTES = 1 << 20
_KIND_OF_TIME = tuple(name.encode() for name in TIMESTAMP_TYPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a writer has made.

    Attributes:
        paths: The parts, in order.
        records: In all parts, heartbeats too.
        heartbeats: How many of them.
    """

    paths: tuple[Path, ...]
    records: int
    heartbeats: int


def part_path(path: Path, part: int) -> Path:
    """Name of one part of a recording.

    >>> part_path(Path("july.jsonl.zst"), 12).name
    'july.012.jsonl.zst'
    """
    return path.with_name(f"{path.name.removesuffix(SUFFIX)}.{part:03d}{SUFFIX}")


class RecordingWriter:
    """Writes records to a recording; a context manager.

    Left in order, it closes the recording; left by an exception, it removes the
    part that was not finished.

    Args:
        path: Ends in `.jsonl.zst`; with `part_bytes` the parts are named
            `name.000.jsonl.zst` and so on.
        manifest: Its `part` and `previous` are filled in here.
        part_bytes: Size after which a new part begins, in bytes before
            compression (a tenth of it afterwards, about); None for one file.
        level: Level of zstd's compression, 1 to 19.

    Raises:
        RecordingError: If the name ends otherwise, or the file exists.
    """

    def __init__(
        self, path: Path, manifest: Manifest, *, part_bytes: int | None = None, level: int = LEVEL_DEFAULT
    ) -> None:
        if not path.name.endswith(SUFFIX):
            raise RecordingError(f"{path}: the name of a recording must end in {SUFFIX}")
        self.path = path
        self._manifest = manifest
        self._part_bytes = part_bytes
        self._level = level
        self._starts = {
            (topic, partition): b'{"topic":%b,"partition":%d,"offset":' % (msgspec.json.encode(topic), partition)
            for topic, info in manifest.topics.items()
            for partition in range(info.partitions)
        }
        self._ranks = {where: (source_rank(where[0]), where[1]) for where in self._starts}
        self._latest: dict[tuple[str, int], int] = {}
        self._last: tuple[int, tuple[tuple[int, str], int]] | None = None
        self._paths: list[Path] = []
        self._records = self._heartbeats = 0
        self._open_part(None)

    def write_all(self, records: Iterable[RecordedRecord]) -> None:
        """Write records, in merged order.

        Raises:
            RecordingError: If a record's topic or partition is not in the
                manifest, or it comes before one that is written already.
        """
        for record in records:
            self.write(record)

    def write(self, record: RecordedRecord) -> None:
        """Write one record; see `write_all`."""
        where = (record.topic, record.partition)
        self._check_order(where, stamp_of(record))
        if not record.value and is_heartbeat(record):
            self._part_heartbeats += 1
        line = b'%b%d,"timestamp":%d,"ts_type":"%b","key":%b,"value":%b,"headers":%b}\n' % (
            self._starts[where],
            record.offset,
            record.timestamp,
            _KIND_OF_TIME[record.timestamp_type],
            key_part(record.key),
            value_part(record.value),
            headers_part(record.headers) if record.headers else b"[]",
        )
        self._lines.append(line)
        self._part_records += 1
        self._waiting += len(line)
        if self._part_bytes is not None and self._size + self._waiting >= self._part_bytes:
            self._open_part(self._finish_part(more=True))
        elif self._waiting >= _BLOCK_BYTES:
            self._flush()

    def close(self) -> Written:
        """Finish the last part.

        Returns:
            What was written in all.
        """
        self._finish_part(more=False)
        return Written(paths=tuple(self._paths), records=self._records, heartbeats=self._heartbeats)

    def abandon(self) -> None:
        """Give up: remove the part that is not finished."""
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, or give up if an exception passes."""
        if kind is not None:
            self.abandon()
        elif not self._file.closed:
            self.close()

    def _check_order(self, where: tuple[str, int], stamp: int) -> None:
        latest = self._latest.get(where, stamp)
        if where not in self._starts:
            known = sorted(self._manifest.topics)
            raise RecordingError(
                f"{self.path}: record of {where[0]}/{where[1]}: the manifest has only {known} and "
                f"partitions {[self._manifest.topics[name].partitions for name in known]}"
            )
        stamp = max(latest, stamp)  # within a partition offsets decide, whatever the timestamps
        place = (stamp, self._ranks[where])
        if self._last is not None and place < self._last:
            number = self._records + self._part_records
            raise RecordingError(
                f"{self.path}: record {number} ({where[0]}/{where[1]} at {stamp // 2}) comes before one that is "
                f"written already (at {self._last[0] // 2}): merge the partitions first"
            )
        self._latest[where] = stamp
        self._last = place

    def _open_part(self, previous: str | None) -> None:
        number = len(self._paths)
        final = self.path if self._part_bytes is None else part_path(self.path, number)
        if final.exists():
            raise RecordingError(f"{final}: exists already; delete it or choose another name")
        self._partial = final.with_name(final.name + ".partial")
        self._paths.append(final)
        self._file: BinaryIO = self._partial.open("wb")
        self._stream = zstandard.ZstdCompressor(level=self._level, write_checksum=True).compressobj()
        self._sha = hashlib.sha256()
        self._lines: list[bytes] = []
        self._waiting = self._size = self._part_records = self._part_heartbeats = 0
        manifest = msgspec.structs.replace(self._manifest, part=number, previous=previous)
        self._file.write(self._stream.compress(msgspec.json.encode(manifest) + b"\n"))

    def _flush(self) -> None:
        block = b"".join(self._lines)
        self._sha.update(block)
        self._file.write(self._stream.compress(block))
        self._size += len(block)
        self._lines.clear()
        self._waiting = 0

    def _finish_part(self, *, more: bool) -> str:
        self._flush()
        digest = self._sha.hexdigest()
        trailer = Trailer(records=self._part_records, heartbeats=self._part_heartbeats, sha256=digest, more=more)
        self._file.write(self._stream.compress(msgspec.json.encode(trailer) + b"\n"))
        self._file.write(self._stream.flush())
        self._file.close()
        self._partial.rename(self._paths[-1])
        self._records += self._part_records
        self._heartbeats += self._part_heartbeats
        return digest


def write_recording(
    path: Path, manifest: Manifest, records: Iterable[RecordedRecord], *, part_bytes: int | None = None
) -> Written:
    """Write a whole recording.

    Args:
        path: Path of the new file; it ends in `.jsonl.zst`.
        manifest: What the recording says of itself.
        records: Records in merged order.
        part_bytes: Size of a part before compression; None for one file.

    Returns:
        What was written.

    Raises:
        RecordingError: If the name ends otherwise, the file exists, or a record does not fit.
    """
    with RecordingWriter(path, manifest, part_bytes=part_bytes) as writer:
        writer.write_all(records)
        return writer.close()

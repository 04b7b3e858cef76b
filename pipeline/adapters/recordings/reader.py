"""Read a recording: streaming, in flat memory, and sure of what was read.

Records are handed on before the checksum at the end is known. Who must not act
on a damaged file (`play`) calls `verify` first, which parses nothing and is
several times faster than reading.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from pipeline.adapters.codecs.unpacking import UnpackError, unpacked
from pipeline.adapters.recordings.format import (
    SUFFIX,
    Manifest,
    RecordedRecord,
    RecordingError,
    Trailer,
    line_decoder,
    record_of,
)
from pipeline.adapters.recordings.writer import part_path

LINE_BYTES_MAX: Final = 32 * 1024 * 1024
"""Longest line, the manifest's too: above six times the largest record of Kafka, all of it escaped."""

_PART_NAME = re.compile(r"^(?P<base>.+)\.(?P<part>\d{3,})" + re.escape(SUFFIX) + "$")
_manifest_decoder = msgspec.json.Decoder(Manifest)
_trailer_decoder = msgspec.json.Decoder(Trailer)
_AGAIN = "copy or make it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a verified recording holds.

    Attributes:
        parts: Number of files.
        records: In all parts, heartbeats too.
        heartbeats: How many of them.
        first_ms: Kafka timestamp of the first record; None if there is none.
        last_ms: Kafka timestamp of the last record, ms.
    """

    parts: int
    records: int
    heartbeats: int
    first_ms: int | None
    last_ms: int | None


class _Block(NamedTuple):
    lines: bytes
    first_line: int


class Recording:
    """A recording on disk, all parts of it.

    Args:
        path: A file, its first part, or the name without the part's number.

    Raises:
        RecordingError: If it is missing, no recording, or not the first part.
    """

    def __init__(self, path: Path) -> None:
        self.path = _first_part(path)
        self.manifest = _Part(self.path).manifest()
        if self.manifest.part != 0:
            raise RecordingError(
                f"{self.path}: is part {self.manifest.part}; open part 000, the rest is found from there"
            )

    @property
    def lanes(self) -> int:
        """Partitions of each raw topic; RecordingError if they differ."""
        return self.manifest.lanes

    def records(self) -> Iterator[RecordedRecord]:
        """All records, in merged order.

        Yields:
            Records; the last of them are out before the checksum is known.

        Raises:
            RecordingError: At the place where the file is cut off or damaged.
        """
        for part in self._parts():
            topics = {name: name for name in part.manifest().topics}
            for block in part.blocks():
                yield from _records_of(block, topics, part.path)
            part.check()

    def verify(self) -> Contents:
        """Check every part against its checksum, without parsing the records.

        Returns:
            What it holds.

        Raises:
            RecordingError: If a part is missing, cut off or damaged.
        """
        first: _Block | None = None
        last: _Block | None = None
        trailers = []
        for part in self._parts():
            for last in part.blocks():
                first = first or last
            trailers.append(part.check())
        return Contents(
            parts=len(trailers),
            records=sum(trailer.records for trailer in trailers),
            heartbeats=sum(trailer.heartbeats for trailer in trailers),
            first_ms=_timestamp_of(first.lines[: first.lines.index(b"\n")], self.path, "first") if first else None,
            last_ms=_timestamp_of(last.lines[last.lines[:-1].rfind(b"\n") + 1 :], self.path, "last") if last else None,
        )

    def _parts(self) -> Iterator["_Part"]:
        part, number = _Part(self.path), 0
        yield part
        while part.trailer is not None and part.trailer.more:
            number += 1
            path = _numbered(self.path, number)
            if not path.is_file():
                raise RecordingError(f"{path}: is missing, {part.path.name} says that it follows; {_AGAIN}")
            before, part = part.trailer, _Part(path)
            manifest = part.manifest()
            if manifest.part != number or manifest.previous != before.sha256:
                raise RecordingError(
                    f"{path}: is part {manifest.part} after {manifest.previous}, must be part {number} after "
                    f"{before.sha256}: it belongs to another recording; {_AGAIN}"
                )
            yield part


def open_recording(path: Path) -> Recording:
    """Open a recording; see `Recording`."""
    return Recording(path)


class _Part:
    """One file: manifest, blocks of whole lines, trailer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trailer: Trailer | None = None
        self._lines = 0
        self._sha = hashlib.sha256()

    def manifest(self) -> Manifest:
        pieces = _decompressed(self.path)
        text = b""
        while b"\n" not in text:
            piece = next(pieces, None)
            if piece is None:
                raise RecordingError(f"{self.path}: is cut off in its first line; {_AGAIN}")
            text += piece
            if len(text) > LINE_BYTES_MAX and b"\n" not in text:
                raise _too_long(self.path, 1)
        try:
            return _manifest_decoder.decode(text[: text.index(b"\n")])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RecordingError(f"{self.path}: line 1 is not the manifest of a recording: {error}") from None

    def blocks(self) -> Iterator[_Block]:
        """Blocks of record lines; the last line of all is kept back, it must be the trailer."""
        held, line, seen_manifest = b"", 2, False
        for piece in _decompressed(self.path):
            held += piece
            if not seen_manifest:
                if b"\n" not in held:
                    if len(held) > LINE_BYTES_MAX:
                        raise _too_long(self.path, 1)
                    continue
                held, seen_manifest = held[held.index(b"\n") + 1 :], True
            cut = held.rfind(b"\n", 0, max(held.rfind(b"\n"), 0)) + 1
            if cut:
                block, held = held[:cut], held[cut:]
                self._sha.update(block)
                count = block.count(b"\n")
                yield _Block(block, line)
                line += count
            elif len(held) > LINE_BYTES_MAX:
                raise _too_long(self.path, line)
        self._lines = line - 2
        self.trailer = self._trailer(held)

    def check(self) -> Trailer:
        """Compare what was read with what the trailer says."""
        trailer = self.trailer
        if trailer is None:
            raise RecordingError(f"{self.path}: was not read to its end")
        if trailer.records != self._lines or trailer.sha256 != self._sha.hexdigest():
            raise RecordingError(
                f"{self.path}: has {self._lines} records with sha256 {self._sha.hexdigest()}, the trailer says "
                f"{trailer.records} with {trailer.sha256}: it is damaged; {_AGAIN}"
            )
        return trailer

    def _trailer(self, line: bytes) -> Trailer:
        if line.endswith(b"\n") and line.count(b"\n") == 1:
            try:
                return _trailer_decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                pass
        raise RecordingError(
            f"{self.path}: is cut off after line {self._lines + 1}: its last line is not the trailer; {_AGAIN}"
        )


def _timestamp_of(line: bytes, path: Path, which: str) -> int:
    """Kafka timestamp of a record's line; the file may have the right checksum and hold no records all the same."""
    try:
        return line_decoder.decode(line).timestamp
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordingError(f"{path}: its {which} record line holds no record: {error}; {_AGAIN}") from None


def _too_long(path: Path, line: int) -> RecordingError:
    return RecordingError(f"{path}: line {line} is longer than {LINE_BYTES_MAX:,} bytes: no record is; {_AGAIN}")


def _records_of(block: _Block, topics: dict[str, str], path: Path) -> Iterator[RecordedRecord]:
    at = block.first_line
    try:
        for line in line_decoder.decode_lines(block.lines):
            yield record_of(line, topics)
            at += 1
    except (msgspec.DecodeError, ValueError, KeyError, RecursionError):
        raise _first_wrong_line(block, topics, path) from None


def _first_wrong_line(block: _Block, topics: dict[str, str], path: Path) -> RecordingError:
    for number, text in enumerate(block.lines[:-1].split(b"\n"), block.first_line):
        try:
            record_of(line_decoder.decode(text), topics)
        except KeyError as error:
            return RecordingError(f"{path}: line {number}: topic {error} is not in the manifest; {_AGAIN}")
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            return RecordingError(f"{path}: line {number} is damaged: {error}; {_AGAIN}")
    return RecordingError(f"{path}: line {block.first_line} or after it is damaged; {_AGAIN}")


def _decompressed(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from unpacked(file, ".zst", one_frame=True)
    except UnpackError as error:
        raise RecordingError(f"{path}: {error}; {_AGAIN}") from None
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}") from None


def _first_part(path: Path) -> Path:
    for candidate in (path, _numbered(path, 0)):
        if candidate.is_file():
            return candidate
    raise RecordingError(f"{path}: there is no such recording")


def _numbered(path: Path, part: int) -> Path:
    match = _PART_NAME.match(path.name)
    return part_path(path.with_name(match["base"] + SUFFIX) if match else path, part)

"""Lines into a compressed file, one at a time: memory holds a block, never the file."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import zstandard

from pipeline.adapters.codecs.unpacking import unpacked

SUFFIX: Final = ".jsonl.zst"
_LEVEL: Final = 3
_BLOCK_BYTES: Final = 1 << 16


class LineWriter:
    """Writes lines to a zstd file; a context manager. `zstdcat` reads it.

    Args:
        path: Replaced if it exists.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._stream = zstandard.ZstdCompressor(level=_LEVEL).stream_writer(self._file, closefd=False)
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, line: bytes) -> None:
        """Add a line, without its end."""
        self._waiting.append(line + b"\n")
        self._size += len(line)
        if self._size >= _BLOCK_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what waits, and the end of the frame."""
        self._flush()
        self._stream.flush(zstandard.FLUSH_FRAME)
        self._file.close()

    def _flush(self) -> None:
        self._stream.write(b"".join(self._waiting))
        self._waiting, self._size = [], 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def each_line(path: Path) -> Iterator[bytes]:
    """The lines of a file of any size, one at a time, plain or compressed by its name; without their ends."""
    rest = b""
    with path.open("rb") as file:
        for piece in unpacked(file, path.suffix):
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
    if rest:
        yield rest


def read_lines(path: Path) -> list[bytes]:
    """All lines of a small file, plain or compressed by its name."""
    with path.open("rb") as file:
        return b"".join(unpacked(file, path.suffix)).splitlines()

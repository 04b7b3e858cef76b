"""Compressed bytes unpacked a bounded piece at a time, whoever made them.

A few bytes of zstd can stand for 128 KB, so 32 KB of a hostile file would unpack
to a gigabyte in one call. Therefore the decompressor is fed little by little, and
a file that unpacks to more than `RATIO_MAX` times its size is refused: logs of
any kind shrink to a tenth or a hundredth, not to a thousandth.
"""

import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, Protocol, cast

import zstandard

RATIO_MAX: Final = 2_000
"""Unpacked bytes for each compressed one; a recording of nothing but heartbeats stays below 100."""

RATIO_FREE_BYTES: Final = 64 * 1024 * 1024
"""So much may be unpacked before the ratio counts: a small file of zeros does no harm."""

PIECE_BYTES: Final = 1 << 18
"""A piece is handed on as soon as it has so many bytes."""

_READ_BYTES: Final = 1 << 15
_FED_BYTES: Final = 1 << 10
"""Compressed bytes for one call of zstd: at most 32 MB come out."""


class UnpackError(ValueError):
    """Compressed bytes cannot be unpacked; says why, in words that follow the name of the file."""


class _Unpacker(Protocol):
    """One frame or member: zstd's and zlib's objects have these in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def unpacked(file: BinaryIO, suffix: str, *, one_frame: bool = False) -> Iterator[bytes]:
    """Unpack a file.

    Args:
        file: Open at its beginning.
        suffix: `.zst` or `.gz`; anything else is handed on as it is.
        one_frame: Refuse what follows the first frame (zstd) or member (gzip); else they are joined.

    Yields:
        Pieces of about `PIECE_BYTES`, at most 32 MB.

    Raises:
        UnpackError: If the bytes are damaged or cut off, go on where they must not, or unpack to too much.
    """
    if suffix not in {".zst", ".gz"}:
        while plain := file.read(PIECE_BYTES):
            yield plain
        return
    waiting: list[bytes] = []
    held = packed = total = 0
    for fed, piece in _fed(file, suffix, one_frame=one_frame):
        packed += fed
        total += len(piece)
        held += len(piece)
        if total > RATIO_FREE_BYTES and total > packed * RATIO_MAX:
            raise UnpackError(
                f"unpacks to {total:,} bytes from the first {packed:,}, more than {RATIO_MAX:,} times as many:"
                " that is no log; if it is one, unpack it first"
            )
        waiting.append(piece)
        if held >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, held = [], 0
    if held:
        yield b"".join(waiting)


def _fed(file: BinaryIO, suffix: str, *, one_frame: bool) -> Iterator[tuple[int, bytes]]:
    """Compressed bytes used and what came out of them, call by call."""
    unpacker: _Unpacker | None = _new(suffix)
    try:
        while compressed := file.read(_READ_BYTES):
            for start in range(0, len(compressed), _FED_BYTES):
                data = compressed[start : start + _FED_BYTES]
                fed = len(data)
                while data:
                    if unpacker is None:
                        if one_frame:
                            raise UnpackError("goes on after its end")
                        unpacker = _new(suffix)
                    piece = unpacker.decompress(data)
                    data = unpacker.unused_data if unpacker.eof else b""
                    unpacker = None if unpacker.eof else unpacker
                    yield fed, piece
                    fed = 0
    except (zstandard.ZstdError, zlib.error) as error:
        raise UnpackError(f"is damaged or not compressed as its name says: {error}") from None
    if unpacker is not None:
        raise UnpackError("is cut off: its compression does not end")


def _new(suffix: str) -> _Unpacker:
    if suffix == ".gz":
        return cast("_Unpacker", zlib.decompressobj(wbits=31))  # 31: with gzip's header
    return cast("_Unpacker", zstandard.ZstdDecompressor().decompressobj())


class UnpackedFile(io.RawIOBase):
    """Unpacked bytes as a file that can be read once; put an `io.BufferedReader` before it.

    Args:
        file: The compressed file, open at its beginning.
        suffix: End of the file's name, `.zst` or `.gz`; anything else is handed on as it is.
    """

    def __init__(self, file: BinaryIO, suffix: str) -> None:
        super().__init__()
        self._pieces = unpacked(file, suffix)
        self._held = memoryview(b"")

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer has this form
        """Fill a buffer; returns the number of bytes, 0 at the end."""
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._held = memoryview(piece)
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

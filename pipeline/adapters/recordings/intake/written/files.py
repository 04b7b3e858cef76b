"""A foreign file as text: unpacked, and in the encoding that it is written in.

Nobody knows the encoding of an export by heart. Marks at the beginning (BOM)
are sure; zeros in every second byte are UTF-16; bytes that are valid UTF-8 in
more places than they are not are UTF-8 with a few broken rows. What is left is
cp1252, the habit of Western offices, which is a guess and is told as one.

The whole file is looked at, since the first umlaut may stand on its last line;
therefore a pipe, which can be read only once, is copied to a temporary file.
"""

import codecs
import contextlib
import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self, cast

from pipeline.adapters.codecs.unpacking import UnpackedFile, UnpackError
from pipeline.adapters.recordings.format import RecordingError
from pipeline.records.errors import ConfigError

AUTO: Final = "auto"
_PIECE: Final = 1 << 18
_HEAD: Final = 4_096
_BROKEN: Final = "tocsin.broken"
_UNSEEN: Final = re.compile("[\udc00-\udcff]")
_NO_TABLES: Final = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})
"""Encodings of Python in which nobody writes a table."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32 with BOM"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 LE with BOM"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 BE with BOM"),
)
_PACKED: Final = ((b"\x1f\x8b", ".gz"), (b"\x28\xb5\x2f\xfd", ".zst"))
_OFFICE: Final = "is a workbook or an archive, not a table: save it as CSV (UTF-8), or unpack it first"
_FOREIGN: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_NOT_CP1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_LOOKS_WRONG: Final = "a guess, as it is not UTF-8; if letters look wrong, name it with --encoding, such as cp850"


class Encoding(NamedTuple):
    """How a file's bytes become text.

    Attributes:
        name: As Python names it.
        words: As people name it, and how it was found.
    """

    name: str
    words: str


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Let broken bytes through as surrogates, which no text has: their row is refused by name, and no other."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_BROKEN, _escaped)


def check_encoding(encoding: str) -> None:
    """Refuse an encoding that is none of texts; `auto` is found by looking.

    Raises:
        ConfigError: If Python does not know it, or it turns no bytes into a table's text (rot13, base64, idna).
    """
    if encoding == AUTO:
        return
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        raise ConfigError(f"encoding {encoding[:40]!r}: is not known; try utf-8, utf-16, cp1252 or latin-1") from None
    if found.name in _NO_TABLES or not getattr(found, "_is_text_encoding", True):
        raise ConfigError(f"encoding {encoding!r}: is none of texts; try utf-8, utf-16, cp1252 or latin-1")


class ForeignFile:
    """A file that may be read several times; a context manager.

    Args:
        path: Plain, or packed with gzip or zstd, whatever its name; or a pipe.

    Raises:
        RecordingError: If it cannot be opened, or is no table at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._copy: BinaryIO | None = None
        self._stack = contextlib.ExitStack()
        try:
            if path.exists() and not path.is_file() and not path.is_dir():
                copy = self._stack.enter_context(contextlib.closing(tempfile.TemporaryFile()))  # noqa: SIM115
                self._copy = cast("BinaryIO", copy)
                with path.open("rb") as pipe:
                    shutil.copyfileobj(pipe, self._copy)
            with self._plain() as file:
                head = file.read(8)
        except OSError as error:
            raise RecordingError(f"{path}: cannot be read: {error}") from None
        if head.startswith(_FOREIGN):
            raise RecordingError(f"{path}: {_OFFICE}")
        by_name = path.suffix if path.suffix in {".gz", ".zst"} else ""
        self._suffix = next((suffix for mark, suffix in _PACKED if head.startswith(mark)), by_name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @contextlib.contextmanager
    def _plain(self) -> Iterator[BinaryIO]:
        if self._copy is None:
            with self.path.open("rb") as file:
                yield file
        else:
            self._copy.seek(0)
            yield self._copy

    @contextlib.contextmanager
    def bytes(self) -> Iterator[BinaryIO]:
        """The unpacked bytes, from the beginning.

        Raises:
            RecordingError: If they cannot be read or unpacked.
        """
        try:
            with self._plain() as file:
                if not self._suffix:
                    yield file
                    return
                packed = io.BufferedReader(UnpackedFile(file, self._suffix))
                yield cast("BinaryIO", packed)
        except UnpackError as error:
            raise RecordingError(f"{self.path}: {error}") from None
        except OSError as error:
            raise RecordingError(f"{self.path}: cannot be read: {error}") from None

    @contextlib.contextmanager
    def text(self, encoding: str) -> Iterator[io.TextIOWrapper]:
        """The text, from the beginning, line ends as they are; broken bytes stand in it as surrogates.

        Args:
            encoding: As Python names it.
        """
        with self.bytes() as file:
            text = io.TextIOWrapper(file, encoding=encoding, errors=_BROKEN, newline="")
            try:
                yield text
            except UnicodeError as error:
                raise RecordingError(
                    f"{self.path}: is not written in {encoding}: {error}; name its encoding with --encoding"
                ) from None
            finally:
                with contextlib.suppress(OSError, ValueError, UnpackError):
                    text.detach()

    def encoding(self, wanted: str = AUTO) -> Encoding:
        """Find the encoding by looking at the whole file.

        Args:
            wanted: What the caller says; `auto` to find out.

        Raises:
            ConfigError: If that is no encoding of texts.
            RecordingError: If the file cannot be read.
        """
        check_encoding(wanted)
        if wanted != AUTO:
            plain = codecs.lookup(wanted).name
            return Encoding("utf-8-sig" if plain == "utf-8" else wanted, f"{wanted} as said")
        with self.bytes() as file:
            head = file.read(_HEAD)
            for mark, name, words in _MARKS:
                if head.startswith(mark):
                    return Encoding(name, words)
            return _by_zeros(head) or _by_validity(head, file)


def _by_zeros(head: bytes) -> Encoding | None:
    """UTF-16 without a mark: Latin letters have a zero in every second byte."""
    half = len(head) // 2
    if half < 2:
        return None
    zeros = head[0::2].count(0), head[1::2].count(0)
    if zeros[1] * 3 > half and zeros[0] * 10 < half:
        return Encoding("utf-16-le", "UTF-16 LE without BOM")
    if zeros[0] * 3 > half and zeros[1] * 10 < half:
        return Encoding("utf-16-be", "UTF-16 BE without BOM")
    return None


def _by_validity(head: bytes, file: BinaryIO) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")(_BROKEN)
    good = broken = 0
    is_cp1252 = True
    piece = head
    while piece:
        is_cp1252 = is_cp1252 and (piece.isascii() or _NOT_CP1252.search(piece) is None)
        text = decoder.decode(piece)
        if not text.isascii():
            wrong = len(_UNSEEN.findall(text))
            broken += wrong
            good += len(text) - len(text.encode("ascii", "ignore")) - wrong
        piece = file.read(_PIECE)
    broken += len(decoder.decode(b"", final=True))
    if not broken:
        return Encoding("utf-8-sig", "UTF-8" if good else "ASCII")
    if good > broken:
        return Encoding("utf-8-sig", f"UTF-8, with {broken:,} broken bytes")
    name = "cp1252" if is_cp1252 else "latin-1"
    return Encoding(name, f"{name} ({_LOOKS_WRONG})")

"""Things that take long to make, kept on disk by what they are made of.

What is kept is a pickle, since it holds compiled search tables; and a pickle can run
code when it is read. So a file is read only if it and its folder belong to the user
who runs the program and nobody else can write there, as with Python's own compiled
files; otherwise, or if it is damaged, the thing is made anew. A home that cannot be
written keeps nothing and is no mistake.
"""

import contextlib
import gc
import hashlib
import os
import pickle
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar, cast

import zstandard

T = TypeVar("T")

KEYS_MAX: Final = 3
"""Sets of kept things beside one another: today's, yesterday's, and that of another checkout."""

UNPACKED_BYTES_MAX: Final = 1 << 30
"""Largest size of one thing, unpacked; the rules of a language have 50 MB."""

_LEVEL: Final = 1
_DIGEST_BYTES: Final = 32
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class Kept:
    """A folder of kept things that were all made of the same.

    Args:
        folder: Parent of one folder for each key; made when something is kept.
        key: Fingerprint of all that the things are made of; a file name.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._parent, self._folder = folder, folder / key

    def get(self, name: str, make: Callable[[], T]) -> T:
        """The thing of this name: read if it is kept, else made and kept.

        Args:
            name: Name of the thing, used as a file name.
            make: Makes it.
        """
        path = self._folder / name
        data = self._read(path)
        if data is not None:
            with contextlib.suppress(Exception), _uncollected():  # what another version makes of it: make it anew
                return cast("T", pickle.loads(data))  # noqa: S301 - our own file, see above
        made = make()
        self._write(path, made)
        return made

    def _read(self, path: Path) -> bytes | None:
        try:
            if not (_is_ours(self._parent) and _is_ours(self._folder) and _is_ours(path)):
                return None
            packed = path.read_bytes()
            sum_said, packed = packed[:_DIGEST_BYTES], packed[_DIGEST_BYTES:]
            if hashlib.blake2b(packed, digest_size=_DIGEST_BYTES).digest() != sum_said:
                return None
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=UNPACKED_BYTES_MAX)
        except (OSError, zstandard.ZstdError):
            return None

    def _write(self, path: Path, made: object) -> None:
        try:
            packed = zstandard.ZstdCompressor(level=_LEVEL).compress(pickle.dumps(made, protocol=5))
        except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(hashlib.blake2b(packed, digest_size=_DIGEST_BYTES).digest() + packed)
            Path(file.name).replace(path)
            self._forget_the_oldest()
        except OSError:
            return

    def _forget_the_oldest(self) -> None:
        folders = sorted(self._parent.iterdir(), key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
        for folder in folders[KEYS_MAX:]:
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    """Whether a file or folder belongs to this user, and only this user can write it."""
    found = path.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Let the cycle collector rest: of a million objects that all stay it would look at each over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

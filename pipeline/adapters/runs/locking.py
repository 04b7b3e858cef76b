"""One run at a time in a folder of results: two that write to one folder would damage each other's files.

The folder itself is locked and no file in it, so nothing is left behind, and the lock of a process that was
killed is gone with it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.records.errors import ConfigError


def made(folder: Path) -> Path:
    """A folder of results, made if it does not exist.

    Raises:
        ConfigError: If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}; name a folder that can be written with --out") from error
    return folder


@contextmanager
def locked(folder: Path, other: str = "another run writes to") -> Iterator[None]:
    """Keep others out of a folder for the length of a with block.

    Args:
        folder: Made if it does not exist.
        other: Who has it, in the words of the refusal.

    Raises:
        ConfigError: If another has it, or it cannot be made.
    """
    handle = os.open(made(folder), os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(f"{folder}: {other} this folder: wait for it, or name another with -o") from None
        yield
    finally:
        os.close(handle)

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


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder for the length of a with block.

    Args:
        folder: Made if it does not exist.

    Raises:
        ConfigError: If another run writes to it, or nobody can.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}; name a folder that can be written with --out") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            words = "another run writes to this folder: wait for it, or name another with -o"
            raise ConfigError(f"{folder}: {words}") from None
        yield
    finally:
        os.close(handle)

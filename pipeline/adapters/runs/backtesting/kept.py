"""A folder of runs kept by what made them, so that nothing is computed twice.

The name of a run's folder is a hash of the recording's bytes, the ruleset and
the version: the same question finds the same answer, whatever the files are
called. A run is written under another name and renamed when it is whole, so a
folder with a run's name is always complete; what a killed process left behind
is removed by the next one. One backtest at a time works in a folder: the
kernel drops its lock when it dies, however it dies.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipeline.adapters.recordings.reader import Recording
from pipeline.adapters.runs.folder import truth_beside
from pipeline.adapters.runs.locking import locked
from pipeline.adapters.shipped import CODE

_FORM: Final = "1"
"""Form of what a kept run holds; another form is another key."""
_CARRIERS: Final = (
    *("runs/replaying.py", "runs/backtesting/work.py", "runs/folder.py", "runs/curves.py", "stages/memory.py"),
    *("recordings/format.py", "recordings/heartbeats.py", "recordings/reader.py"),
)
"""Our files that records pass through, and that the ruleset does not cover."""
_PART: Final = re.compile(r"\.(\d{3,})\.jsonl\.zst$")
_UNFINISHED: Final = ".unfinished"


class KeptRuns:
    """The folder; use `locked` while anything is written.

    Args:
        path: Made if it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._runs = path / "runs"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others out for the length of a with block, and clear up what a killed one left.

        Raises:
            ConfigError: If another backtest works in this folder.
        """
        with locked(self.path, "another backtest works in"):
            self._runs.mkdir(exist_ok=True)
            self._clear()
            try:
                yield
            finally:
                self._clear()

    def folder(self, key: str) -> Path:
        """Where a run lies, or will."""
        return self._runs / key

    def has(self, key: str) -> bool:
        """Whether this run is there, whole."""
        return (self.folder(key) / "run.json").is_file()

    def _clear(self) -> None:
        for left in self._runs.glob(f"*{_UNFINISHED}"):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """A folder to write to, which gets its name when the with block ends well, and else is removed.

    Args:
        folder: Its name in the end; if a whole run is there by then, that one stays.

    Yields:
        The folder to write to.
    """
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}{_UNFINISHED}")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        if not (folder / "run.json").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def bring_truth(recording: Path, folder: Path) -> Path | None:
    """Put the truth that lies beside a recording into its run's folder, as it is today.

    Returns:
        Its place in the folder; None if there is no truth.
    """
    truth, kept = truth_beside(recording), folder / "truth.json"
    if not truth.is_file():
        kept.unlink(missing_ok=True)
        return None
    if not kept.is_file() or kept.read_bytes() != truth.read_bytes():
        shutil.copyfile(truth, kept)
    return kept


def key_of(recording_sha256: str, ruleset: str) -> str:
    """Name of the run that this recording gives under this ruleset; 24 hexadecimal characters.

    Args:
        recording_sha256: From `sha256_of`.
        ruleset: From `ruleset_of`: rules, settings, reference.
    """
    words = "\0".join((_FORM, recording_sha256, ruleset, version("tocsin"), _carriers()))
    return hashlib.blake2b(words.encode(), digest_size=12).hexdigest()


def sha256_of(recording: Recording) -> str:
    """Hash of a recording's bytes, all parts of it."""
    total = hashlib.sha256()
    for part in parts_of(recording.path):
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def parts_of(first: Path) -> list[Path]:
    """The files of a recording, the first one named.

    >>> parts_of(Path("may.jsonl.zst"))
    [PosixPath('may.jsonl.zst')]
    """
    match = _PART.search(first.name)
    if match is None:
        return [first]
    base, digits, parts = first.name[: match.start()], len(match[1]), [first]
    while (following := first.with_name(f"{base}.{len(parts):0{digits}d}.jsonl.zst")).is_file():
        parts.append(following)
    return parts


@cache
def _carriers() -> str:
    total = hashlib.sha256()
    for name in _CARRIERS:
        total.update(name.encode() + b"\0" + (CODE / "adapters" / name).read_bytes())
    return total.hexdigest()

"""What a process left behind at its ends, for the next one to show: counts by word, in a small file.

Whoever starts a process again rarely tells why it ended, and the one that ended can answer no
scrape. So each end is written into a file before the process is gone, and the next start shows the counts. An
end without a word - killed, out of memory - is what a start finds that ended without one.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.families import Families

STOPPED: Final = "stopped"
"""A planned stop."""

KILLED: Final = "killed"
"""No word was left: SIGKILL, no memory, or the machine went down."""

_RUNNING: Final = "running"


class ExitBook:
    """The file, and what it says.

    Args:
        path: File of this process alone, which must outlive the process; None remembers nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._counts = _read(path)

    def begin(self, families: Families, stage: str, words: Iterable[str] = ()) -> None:
        """Show the ends so far, and note that the process runs.

        Args:
            families: Families of metrics that the counts are added to.
            stage: Name of the stage.
            words: Words that stand at zero if no end had them.
        """
        if self._path is None:
            return
        if self._counts.pop(_RUNNING, 0):
            self._add(KILLED)
        for word in sorted({*map(str, words), *self._counts}):
            families.counter(d.EXITS).labels(stage, word).inc(self._counts.get(word, 0))
        self._write({**self._counts, _RUNNING: 1})

    def end(self, word: str) -> None:
        """Note that the process ends, and with which word.

        Args:
            word: Word of the closed list of `leaving.Word`, or `STOPPED`.
        """
        if self._path is not None:
            self._counts.pop(_RUNNING, None)
            self._add(word)
            self._write(self._counts)

    def _add(self, word: str) -> None:
        self._counts[word] = self._counts.get(word, 0) + 1

    def _write(self, counts: dict[str, int]) -> None:
        assert self._path is not None, "only a book with a file is written"
        with contextlib.suppress(OSError):  # a full disk must not change how a process ends
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(counts), "utf-8")
            os.replace(fresh, self._path)


def _read(path: Path | None) -> dict[str, int]:
    """What the file says; nothing if there is none, or if it was written by nobody of ours."""
    try:
        found = json.loads(path.read_text("utf-8")) if path is not None else {}
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(word): count for word, count in found.items() if isinstance(count, int) and count >= 0}

"""One job in a process of its own: a recording under one ruleset, into a folder.

Compiling the rules takes seconds and half a gigabyte, so a process keeps the
stages that it compiled last: they hold no state between runs.
"""

import os
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Final

from pipeline.adapters.compose import compose
from pipeline.adapters.recordings.progress import Progress
from pipeline.adapters.runs.backtesting.kept import written_whole
from pipeline.adapters.runs.replaying import ReplayOptions, replay
from pipeline.adapters.settings import Loaded
from pipeline.adapters.stages.shell import Stages
from pipeline.records.errors import StateError, TocsinError

TOLD_SECONDS: Final = 0.2
"""Least time between two words of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A recording under one ruleset.

    Attributes:
        key: Key of the run.
        folder: Folder where the run is written.
        loaded: Settings, with the lanes of the recording.
    """

    key: str
    folder: Path
    recording: Path
    loaded: Loaded
    ruleset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a job ended.

    Attributes:
        seconds: Wall time, with compiling.
        problem: What is wrong with the recording or the settings; empty if nothing is.
        is_ours: The mistake is ours, not the recording's.
    """

    key: str
    records: int = 0
    seconds: float = 0.0
    problem: str = ""
    is_ours: bool = False


Report = tuple[str, float]
"""Key of a job, and which part of it is done, 0 to 1."""

_reports: "SimpleQueue[Report] | None" = None
_compiled: tuple[str, Stages] | None = None


def begin(reports: "SimpleQueue[Report]") -> None:
    """Set a new process up: it goes when its parent goes, however that ends.

    Args:
        reports: Where to tell progress.
    """
    global _reports
    _reports = reports
    threading.Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def work(job: Job) -> Done:
    """Do a job; never raises, so that one recording cannot stop the others."""
    began = time.monotonic()
    try:
        records = run(job, _tell)
    except StateError as error:
        return Done(key=job.key, problem=str(error), is_ours=True)
    except (TocsinError, OSError) as error:
        return Done(key=job.key, problem=str(error), is_ours=isinstance(error, OSError))
    except Exception:  # noqa: BLE001 - told with its trace; the other recordings go on
        return Done(key=job.key, problem=traceback.format_exc(), is_ours=True)
    return Done(key=job.key, records=records, seconds=time.monotonic() - began)


def _tell(key: str, part: float) -> None:
    if _reports is not None:
        _reports.put((key, part))


def run(job: Job, tell: Callable[[str, float], None]) -> int:
    """Replay a job's recording into its folder.

    Args:
        job: What to do.
        tell: Hears how far it is.

    Returns:
        Raw records, heartbeats too.

    Raises:
        RecordingError: If the recording is damaged.
        ConfigError: If settings or reference are wrong.
    """
    told = 0.0

    def progress(made: Progress) -> None:
        nonlocal told
        if (now := time.monotonic()) - told >= TOLD_SECONDS:
            told = now
            tell(job.key, made.part)

    with written_whole(job.folder) as unfinished:
        options = ReplayOptions(recording=job.recording, out=unfinished, loaded=job.loaded)
        return replay(options, progress=progress, stages=_stages(job)).records


def _stages(job: Job) -> Stages:
    """The stages of this ruleset; those of another are dropped first, as both would fill the memory."""
    global _compiled
    if _compiled is None or _compiled[0] != job.ruleset:
        _compiled = None
        _compiled = job.ruleset, compose(job.loaded.settings, lambda: 0)
    return _compiled[1]

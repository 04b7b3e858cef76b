"""The backtest itself: which runs are asked for, which are there, and processes for the others.

Broken recordings are named and the others go on: a folder of last year's
outages always holds one that was cut off. Only a process that dies - killed
for its memory, as a rule - stops the whole, since each of the others would
die the same way; what is done is kept, so the next attempt goes on from there.
"""

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.adapters.compose import ruleset_of
from pipeline.adapters.recordings.format import RecordingError
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.runs.backtesting.bar import OnPart, ignore
from pipeline.adapters.runs.backtesting.kept import KeptRuns, bring_truth, key_of, sha256_of
from pipeline.adapters.runs.backtesting.work import Done, Job, Report, begin, work
from pipeline.adapters.settings import Loaded
from pipeline.records.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOK_SECONDS: Final = 0.2

Say = Callable[[str], None]
"""Tells the user, in a line, what is wrong or takes a while."""
LoadFor = Callable[[int], Loaded]
"""Settings for a recording with so many lanes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the settings that are compared."""

    name: str
    load: LoadFor


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a backtest does.

    Attributes:
        folder: Where runs are kept.
        jobs: Processes at a time, 1 or more; each takes half a gigabyte.
    """

    sides: Sequence[Side]
    recordings: Sequence[Path]
    folder: Path
    jobs: int


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of one recording.

    Attributes:
        sha256: Hash of the recording's bytes; empty if it cannot be opened.
        runs: Folder of each side's run, by the name of the side; only those that are whole.
        rulesets: Ruleset of each side.
        records: Replayed now, by side; none if the run was kept.
        problems: What is wrong with it.
        is_ours: One of the problems is a mistake of ours.
    """

    recording: Path
    sha256: str = ""
    runs: dict[str, Path] = field(default_factory=dict)
    rulesets: dict[str, str] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_ours: bool = False


def backtest(plan: Plan, on_part: OnPart = ignore, say: Say = lambda _: None) -> list[Outcome]:
    """Run every side over every recording, as far as that is not kept already.

    Args:
        plan: What to do.
        on_part: Hears how far it is.
        say: Hears what takes a while, and which recording is broken as soon as that is known.

    Returns:
        For each recording, in the order of the plan, what became of it.

    Raises:
        ConfigError: If settings or reference are wrong, or another backtest works in the folder.
        StateError: If a process died.
    """
    kept = KeptRuns(plan.folder)
    with kept.locked():
        outcomes, jobs = _asked_for(plan, kept, say)
        missing = {key: job for key, (job, _) in jobs.items() if not kept.has(key)}
        if jobs and len(missing) < len(jobs):
            say(f"{len(jobs) - len(missing)} of {len(jobs)} runs are kept from before")
        ended = _run_all(list(missing.values()), plan.jobs, on_part, say) if missing else {}
    for key, (job, asked) in jobs.items():
        for outcome, side in asked:
            _put_down(outcome, side, job, ended.get(key))
    return outcomes


Asked = dict[str, tuple[Job, list[tuple[Outcome, str]]]]


def _asked_for(plan: Plan, kept: KeptRuns, say: Say) -> tuple[list[Outcome], Asked]:
    """Every run that is asked for, once, and who asks."""
    outcomes: list[Outcome] = []
    jobs: Asked = {}
    settings: dict[tuple[str, int], tuple[Loaded, str]] = {}
    for path in plan.recordings:
        outcome = Outcome(recording=path)
        outcomes.append(outcome)
        try:
            recording = open_recording(path)
            lanes, outcome.sha256 = recording.lanes, sha256_of(recording)
        except (RecordingError, OSError) as error:
            outcome.problems.append(str(error))
            say(str(error))
            continue
        for side in plan.sides:
            if (side.name, lanes) not in settings:
                found = side.load(lanes)
                settings[side.name, lanes] = found, ruleset_of(found.settings)
            loaded, ruleset = settings[side.name, lanes]
            outcome.rulesets[side.name] = ruleset
            key = key_of(outcome.sha256, ruleset)
            job = Job(key=key, folder=kept.folder(key), recording=recording.path, loaded=loaded, ruleset=ruleset)
            jobs.setdefault(key, (job, []))[1].append((outcome, side.name))
    return outcomes, jobs


def _put_down(outcome: Outcome, side: str, job: Job, done: Done | None) -> None:
    if done is not None and done.problem:
        if done.problem not in outcome.problems:
            outcome.problems.append(done.problem)
        outcome.is_ours |= done.is_ours
        return
    if done is not None:
        outcome.records[side] = done.records
    bring_truth(outcome.recording, job.folder)
    outcome.runs[side] = job.folder


def _run_all(jobs: list[Job], processes: int, on_part: OnPart, say: Say) -> dict[str, Done]:
    """Do jobs in processes; those of one ruleset together, the largest first, so that none is compiled twice."""
    jobs.sort(key=lambda job: (job.ruleset, -job.recording.stat().st_size, job.key))
    context = multiprocessing.get_context("spawn")  # a fork would copy whatever our caller has open
    reports: SimpleQueue[Report] = context.SimpleQueue()
    ended: dict[str, Done] = {}
    said: set[str] = set()
    parts = dict.fromkeys((job.key for job in jobs), 0.0)
    with _processes(min(processes, len(jobs)), context, reports) as executor:
        with _interrupts_held():
            waiting: set[Future[Done]] = {executor.submit(work, job) for job in jobs}
        while waiting:
            finished, waiting = wait(waiting, timeout=_LOOK_SECONDS)
            while not reports.empty():
                key, part = reports.get()
                parts[key] = part
            for future in finished:
                done = _result(future, len(ended), len(jobs))
                ended[done.key] = done
                parts[done.key] = 1.0
                if done.problem and done.problem not in said:
                    said.add(done.problem)
                    say(done.problem)
            on_part(sum(parts.values()), len(jobs), len(ended))
    return ended


def _result(future: "Future[Done]", ended: int, jobs: int) -> Done:
    try:
        return future.result()
    except BrokenProcessPool:
        words = "a process died, as if for want of memory"
        raise StateError(
            f"{words}: {ended} of {jobs} runs are kept; do the same again with --jobs 1 to go on"
        ) from None


@contextmanager
def _interrupts_held() -> "Iterator[None]":
    """Ctrl-C waits for the length of a with block; processes that are started in it never hear it: we end them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _processes(
    count: int, context: multiprocessing.context.SpawnContext, reports: "SimpleQueue[Report]"
) -> "Iterator[ProcessPoolExecutor]":
    """Processes that end with the with block: in peace if it ends well, at once if it does not."""
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=begin, initargs=(reports,))
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
            process.join()
        raise
    executor.shutdown()

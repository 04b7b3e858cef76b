"""How far many jobs are, as one bar on a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LINE_SECONDS: Final = 10.0
"""Between two lines of progress."""

OnPart = Callable[[float, int, int], None]
"""Hears how many jobs are done, parts of jobs too; how many there are; and how many are whole."""


def ignore(_done: float, _jobs: int, _whole: int) -> None:
    """Show no progress, for callers that do not want to know.

    Args:
        _done: Jobs that are done, in parts of one job.
        _jobs: Jobs in all.
        _whole: Jobs that are done wholly.
    """


def _in_lines(what: str) -> OnPart:
    """Progress for who is no terminal: a plain line now and then."""
    told = time.monotonic()

    def show(done: float, jobs: int, whole: int) -> None:
        """Say how far the jobs are, unless that was said a moment ago.

        Args:
            done: Jobs that are done, in parts of one job.
            jobs: Jobs in all.
            whole: Jobs that are done wholly.
        """
        nonlocal told
        if time.monotonic() - told >= LINE_SECONDS:
            told = time.monotonic()
            sys.stderr.write(f"{what}: {whole} of {jobs} done, {done / max(1, jobs):.0%}\n")
            sys.stderr.flush()

    return show


@contextmanager
def bar(what: str, *, quiet: bool = False) -> Iterator[OnPart]:
    """A progress bar on standard error, for the length of a with block.

    Args:
        what: What is done.
        quiet: Show nothing.

    Yields:
        What to tell the progress to: a bar on a terminal, else a line every `LINE_SECONDS`.
    """
    if quiet:
        yield ignore
        return
    if not sys.stderr.isatty():
        yield _in_lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), TextColumn("{task.fields[whole]} of {task.fields[jobs]}"))
    times = (TimeElapsedColumn(), TextColumn("to go:"), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, *times, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as shown:
        task = shown.add_task(what, total=None, whole=0, jobs="?")
        yield lambda done, jobs, whole: shown.update(task, completed=done, total=jobs, whole=whole, jobs=jobs)

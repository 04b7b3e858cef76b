"""What a person or a script sees: data on standard output, everything else on standard error.

With `--format json` standard output holds JSON lines and nothing else, so that
a pipe can trust it. Colour, and a progress bar, are for terminals only; elsewhere
progress is a plain line now and then.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pipeline.adapters.cli.harmless import COLOURS, harmless, harmless_json
from pipeline.adapters.cli.streams import escaped_for
from pipeline.adapters.recordings.progress import OnProgress, Progress, ignore


class Format(StrEnum):
    """How a command answers."""

    TABLE = "table"
    JSON = "json"


LINE_SECONDS = 10.0
"""Between two lines of progress."""


class Terminal:
    """One command's voice.

    Args:
        form: What goes to standard output.
        quiet: Say nothing beside the data.
        lines: Tell progress as a line now and then, not as a bar: others write to this terminal too.
    """

    def __init__(self, form: Format = Format.TABLE, *, quiet: bool = False, lines: bool = False) -> None:
        self.is_json = form is Format.JSON
        self._quiet = quiet
        self._lines = lines
        self._colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, line: str) -> None:
        """Tell how the work goes."""
        if not self._quiet:
            sys.stderr.write(harmless(line) + "\n")
            sys.stderr.flush()

    def data(self, value: Any) -> None:
        """Put out a line of JSON, if JSON was asked for."""
        if self.is_json:
            from pipeline.adapters.codecs.wire import encode

            line = harmless_json(encode(value).decode())
            sys.stdout.write(escaped_for(sys.stdout.encoding, line) + "\n")
            sys.stdout.flush()

    def text(self, line: str = "") -> None:
        """Put out a line for people, unless JSON was asked for."""
        if not self.is_json:
            sys.stdout.write(harmless(line) + "\n")
            sys.stdout.flush()

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Put out rows with their columns aligned; the first row is the heading."""
        if self.is_json or not rows:
            return
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for number, row in enumerate(rows):
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            self.text(self.painted(line, "dim") if number == 0 else line)

    def painted(self, text: str, colour: str) -> str:
        """Text in a colour, on a terminal."""
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self._colours else text

    @contextmanager
    def progress(self, what: str) -> Iterator[OnProgress]:
        """A progress bar in event time on standard error, for the length of a with block.

        Yields:
            What to tell the progress to: a bar on a terminal, else a line every `LINE_SECONDS`.
        """
        if self._quiet:
            yield ignore
            return
        if self._lines or not sys.stderr.isatty():
            yield self._told_in_lines(what)
            return
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        # A redirected standard output must not be drawn into the bar's terminal.
        with Bar(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
            task = bar.add_task(what, total=None)

            def show(progress: Progress) -> None:
                if progress.time_ms is None:
                    return
                first, last = progress.first_ms, progress.last_ms
                known = first is not None and last is not None and last > first
                bar.update(
                    task,
                    description=f"{what} {minute_of(progress.time_ms)} UTC",
                    total=last - first if known and last is not None and first is not None else None,
                    completed=progress.time_ms - first if first is not None else 0,
                )

            yield show

    def _told_in_lines(self, what: str) -> OnProgress:
        told = time.monotonic()

        def show(progress: Progress) -> None:
            nonlocal told
            if progress.time_ms is not None and time.monotonic() - told >= LINE_SECONDS:
                told = time.monotonic()
                self.say(self.painted(f"{what} {minute_of(progress.time_ms)} UTC", "dim"))

        return show


def minute_of(time_ms: int) -> str:
    """A time for a progress bar, to the minute, in UTC.

    >>> minute_of(1739350861234)
    '2025-02-12 09:01'
    """
    return datetime.fromtimestamp(time_ms / 1_000, UTC).strftime("%Y-%m-%d %H:%M")

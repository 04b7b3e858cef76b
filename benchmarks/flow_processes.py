"""All stages as processes that an operator starts, and what each says of itself: CPU, memory, lag, state."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.loads import ROOT

STAGES: Final = {"ingest": ("ingest",), "detect": ("agents", "detect"), "correlate": ("agents", "correlate")}
START_SECONDS_MAX: Final = 180.0
_SAMPLE: Final = re.compile(r"^(\w+)(?:\{[^}]*\})? (\S+)$")

Figures = Mapping[str, float]


class StageProcess:
    """One process of a stage.

    Args:
        stage: `ingest`, `detect` or `correlate`.
        environment: Settings.
        log: File that its logs are added to.
    """

    def __init__(self, stage: str, environment: Mapping[str, str], log: Path) -> None:
        self.stage = stage
        self._environment, self._log = environment, log
        self.start()

    def start(self) -> None:
        """Start it, on a port that is free."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        with self._log.open("ab") as log:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "pipeline", *STAGES[self.stage], "--first-start"],
                env={**os.environ, **self._environment, "TOCSIN__WEB__PORT": str(self.port)},
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return self._popen.poll() is None

    @property
    def last_words(self) -> str:
        """The last line of its log."""
        lines = self._log.read_text().splitlines()
        return lines[-1] if lines else "it said nothing"

    def stop(self) -> float:
        """Stop it as an operator does; seconds that it took."""
        began = time.monotonic()
        self._popen.send_signal(signal.SIGTERM)
        self._popen.wait(30)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it."""
        self._popen.kill()
        self._popen.wait()

    @property
    def is_ready(self) -> bool:
        """Whether it says that it works."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def await_ready(self) -> float:
        """Wait until it works; seconds that it took.

        Raises:
            SystemExit: If it ends, or takes too long; names its log.
        """
        began = time.monotonic()
        while not self.is_ready:
            if not self.is_running or time.monotonic() - began > START_SECONDS_MAX:
                raise SystemExit(f"{self.stage} does not start: {self._log.read_text()[-1_000:]}")
            time.sleep(0.2)
        return time.monotonic() - began

    def figures(self) -> Figures:
        """Its metrics by name, summed over labels; none if it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
                text = answer.read().decode()
        except OSError:
            return {}
        sums: dict[str, float] = defaultdict(float)
        for line in text.splitlines():
            if found := _SAMPLE.match(line):
                sums[found[1]] += float(found[2])
        return sums


@contextlib.contextmanager
def flow_processes(environment: Mapping[str, str], count: int, logs: Path) -> Iterator[list[StageProcess]]:
    """Processes of all stages for the length of a block, ready to work.

    Args:
        environment: Settings.
        count: Of each stage.
        logs: Folder for their logs.
    """
    running = [
        StageProcess(stage, environment, logs / f"{stage}-{number}.log") for stage in STAGES for number in range(count)
    ]
    try:
        for process in running:
            process.await_ready()
        yield running
    finally:
        for process in running:
            process.kill()

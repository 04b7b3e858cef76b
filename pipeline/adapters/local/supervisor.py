"""The supervisor of `make run`: starts the processes of the flow, and starts again those that leave.

Exit 70 says that a new start may help, and so does 3: there is no Kafka just
now. It follows after a pause that doubles up to ten seconds, and is short again
once a process has run for a minute. Any other end is final and ends the whole: 2 says that the settings are wrong.

Nothing is left behind, whatever happens: each child is a process group of its
own, so that Ctrl-C reaches the supervisor alone and it stops them in order;
should the supervisor itself be killed, the kernel ends its children.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from pipeline.adapters.kafka.leaving import EXIT_CONNECTION, EXIT_INFRASTRUCTURE

STOP_SECONDS = 4.5
"""Between SIGTERM and SIGKILL; with the rest a stop takes less than 5 s."""

PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.2, 10.0
STEADY_SECONDS = 60.0
_STARTS_AGAIN = frozenset({EXIT_CONNECTION, EXIT_INFRASTRUCTURE})
_LOOK_SECONDS = 0.05
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep running.

    Attributes:
        name: For people.
        command: Program and arguments.
        environment: Added to that of the supervisor.
        is_done_by_itself: Its exit 0 is its end and nobody else's: a recording was played.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_done_by_itself: bool = False


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_seconds: float = PAUSE_SECONDS_MIN
    start_at: float = 0.0
    is_done: bool = False
    starts: int = 0


class Supervisor:
    """Keeps programs running until a signal, or until one ends for good.

    Args:
        programs: What to run; started in this order, all at once.
        say: Is told of starts and ends, a line each.
        what_is_gone: Names what the programs lean on and cannot come back; '' if it is all there.
        started: Is told the name and process id of each start.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        say: Callable[[str], None] | None = None,
        what_is_gone: Callable[[], str] = str,
        started: Callable[[str, int], None] | None = None,
    ) -> None:
        self._started = started
        self._what_is_gone = what_is_gone
        self._children = [_Child(program) for program in programs]
        self._say = say or (lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201 - its own voice
        self._stopping = False

    def stop(self) -> None:
        """Ask for the end; `run` returns when all is quiet."""
        self._stopping = True

    def run(self) -> int:
        """Run until SIGINT, SIGTERM, `stop`, or the final end of a program; call it from the main thread.

        Returns:
            0 after a stop that was asked for, else the exit code of the program that ended.
        """
        former = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return self._watch()
        finally:
            self._stop_all()
            for number, handler in former.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stop()

    def _watch(self) -> int:
        while not self._stopping:
            if gone := self._what_is_gone():
                self._say(f"{gone} ended: stopping all")
                for child in self._children:
                    if child.process is not None:
                        _send(child.process, signal.SIGKILL)  # they could neither commit nor leave their groups
                return EXIT_INFRASTRUCTURE
            for child in self._children:
                if (code := self._look_at(child)) is not None:
                    return code
            time.sleep(_LOOK_SECONDS)
        return 0

    def _look_at(self, child: _Child) -> int | None:
        """Start or restart a child if it is time; an exit code if all must end."""
        now = time.monotonic()
        if child.process is None:
            if not child.is_done and now >= child.start_at:
                self._start(child, now)
            return None
        code = child.process.poll()
        if code is None:
            return None
        child.process = None
        if code == 0 and child.program.is_done_by_itself:
            child.is_done = True
            self._say(f"{child.program.name}: done")
            return None
        if code not in _STARTS_AGAIN and code >= 0:
            self._say(f"{child.program.name}: ended with {code}: stopping all")
            return code
        if now - child.started_at >= STEADY_SECONDS:
            child.pause_seconds = PAUSE_SECONDS_MIN
        child.start_at = now + child.pause_seconds
        self._say(f"{child.program.name}: ended with {code}, starts again in {child.pause_seconds:.1f} s")
        child.pause_seconds = min(2 * child.pause_seconds, PAUSE_SECONDS_MAX)
        return None

    def _start(self, child: _Child, now: float) -> None:
        child.process = subprocess.Popen(  # noqa: S603 - the caller's own programs
            list(child.program.command),
            env={**os.environ, **child.program.environment},
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=die_with_parent,
        )
        child.started_at = now
        child.starts += 1
        if self._started is not None:
            self._started(child.program.name, child.process.pid)

    def _stop_all(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            _send(process, signal.SIGTERM)
            _send(process, signal.SIGCONT)  # one that is paused could not hear it
        give_up = time.monotonic() + STOP_SECONDS
        while time.monotonic() < give_up and any(process.poll() is None for process in running):
            time.sleep(_LOOK_SECONDS)
        for process in running:
            _send(process, signal.SIGKILL)  # the group: also what a child left behind
            process.wait()
        for child in self._children:
            child.process = None


def _send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def die_with_parent() -> None:
    """In a child, before its program starts: let the kernel end it when the thread that started it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

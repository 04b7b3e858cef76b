"""Exit codes, and how an error becomes one: a line that names the fix, never a traceback for others' mistakes."""

import functools
import logging
import re
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Final, NoReturn, ParamSpec

from pipeline.adapters.cli.harmless import harmless
from pipeline.adapters.cli.streams import silence
from pipeline.adapters.observing.repeats import OncePerWhile
from pipeline.records.errors import StateError, TocsinError

P = ParamSpec("P")

_OF_PATHS: Final = FileNotFoundError | FileExistsError | IsADirectoryError | NotADirectoryError | PermissionError
_HOST_AND_PORT: Final = re.compile(r"\('([^']+)', (\d+)")


class Exit(IntEnum):
    """What a command answers."""

    OK = 0
    FINDING = 1
    USAGE = 2
    CONNECTION = 3
    INFRASTRUCTURE = 70
    INTERRUPTED = 130


class FindingError(Exception):
    """A check found something: the command did its work, and the answer is "no"."""


def fail(message: str, code: Exit) -> NoReturn:
    """Say why, on the error stream, and leave.

    Raises:
        SystemExit: Always.
    """
    sys.stderr.write(f"tocsin: {harmless(message)}\n")
    raise SystemExit(int(code))


def with_exit_codes(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a command raises into its exit code and a message."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        if logging.lastResort is not None:  # who writes as long as no logs are set up
            logging.lastResort.addFilter(OncePerWhile())
        for name in ("aiokafka", "aiokafka.cluster"):
            logging.getLogger(name).addFilter(_is_news)
        try:
            command(*args, **kwargs)
        except BrokenPipeError:  # who read our output has gone: `| head`
            silence()
            raise SystemExit(int(Exit.OK)) from None
        except KeyboardInterrupt:
            fail("interrupted", Exit.INTERRUPTED)
        except Exception as error:
            if (code := code_for(error)) is None:
                raise
            fail(words_for(error), code)

    return guarded


def code_for(error: BaseException) -> Exit | None:
    """The exit code that an error stands for; None for a mistake of ours, which is shown as it is.

    The errors of Kafka are known by name: their library must not be loaded to say "usage".

    >>> code_for(StateError("slot 3"))
    <Exit.INFRASTRUCTURE: 70>
    """
    name = type(error).__name__
    if isinstance(error, FindingError):
        return Exit.FINDING
    if isinstance(error, StateError) or name == "BrokerError":
        return Exit.INFRASTRUCTURE
    if isinstance(error, TocsinError | _OF_PATHS):
        return Exit.USAGE
    if "Authorization" in name or "Authentication" in name:
        return Exit.USAGE
    if isinstance(error, ConnectionError | TimeoutError) or "KafkaConnection" in name or "NodeNotReady" in name:
        return Exit.CONNECTION
    return Exit.INFRASTRUCTURE if _is_of_kafka(error) or isinstance(error, OSError) else None


def words_for(error: BaseException) -> str:
    """One line, or several mistakes below each other."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    lines = str(error).splitlines() or [type(error).__name__]
    if code_for(error) is Exit.CONNECTION:
        if hosts := [f"{host}:{port}" for host, port in _HOST_AND_PORT.findall(str(error))]:
            lines = [f"no Kafka answers at {', '.join(hosts)}"]
        lines = [f"{'; '.join(lines)}: start it, or name another with --bootstrap or kafka.bootstrap"]
    head = f"{len(lines)} mistakes:\n  " if len(lines) > 1 and not isinstance(error, FindingError) else ""
    return head + "\n  ".join(lines)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of aiokafka's is not what our own last line says anyway."""
    return not str(record.msg).startswith(('Unable connect to "', "Topic %s not found in"))


def _is_of_kafka(error: BaseException) -> bool:
    return any(kind.__name__ == "KafkaError" for kind in type(error).__mro__)

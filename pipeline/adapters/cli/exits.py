"""Exit codes, and how an error becomes one: a line that names the fix, never a traceback for others' mistakes."""

import functools
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn, ParamSpec

from pipeline.records.errors import ConfigError, StateError, TocsinError

P = ParamSpec("P")


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
    print(f"tocsin: {message}", file=sys.stderr)
    raise SystemExit(int(code))


def with_exit_codes(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a command raises into its exit code and a message."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FindingError as error:
            fail(str(error), Exit.FINDING)
        except ConfigError as error:
            lines = str(error).splitlines() or ["settings are wrong"]
            head = "" if len(lines) == 1 else f"{len(lines)} mistakes:\n  "
            fail(head + "\n  ".join(lines), Exit.USAGE)
        except StateError as error:
            fail(str(error), Exit.INFRASTRUCTURE)
        except TocsinError as error:
            fail(str(error), Exit.USAGE)
        except KeyboardInterrupt:
            fail("interrupted", Exit.INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(int(Exit.OK)) from None
        except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
            fail(f"{error.filename}: {error.strerror}", Exit.USAGE)

    return guarded

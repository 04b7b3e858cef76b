"""How tests share the cores: which stay together in one process, which go first, and who has right of way.

Tests of one file share what its fixtures have built, so a file is one piece of
work. Tests that start processes and wait for them - above all those on Kafka -
are one piece together: they need one broker, they would disturb each other's
deadlines, and as they mostly wait, the other processes have the cores
meanwhile. They are the longest piece, so they go first; they have right of
way, so that a process that must answer within seconds is not held up by
computations next door.

A file without shared fixtures whose tests take long is cut into its tests.
"""

import os
from collections.abc import Iterable
from typing import Any, Final

import pytest

WAITING: Final = (
    "tests/kafka/",
    "tests/adapters/cli/test_run.py",
    "tests/adapters/kafka/test_supervisor.py",
    "tests/benchmarks/test_benchmarks.py",
)
"""Folders and files whose tests start processes and wait for them."""

CUT: Final = ("tests/mutants/", "tests/properties/", "tests/golden/", "tests/shipping/")
"""Folders whose tests take long and share no fixture."""

COURTESY: Final = 10
"""How far computing tests stand back, in steps of `nice`: about a tenth of the core when both want it."""


def piece_of(test: str) -> str:
    """The piece of work that a test belongs to; a piece is done in one process.

    Args:
        test: pytest's name of it, with slashes.
    """
    if test.startswith(WAITING):
        return "waiting"
    if test.startswith(CUT):
        return test
    return test.split("::", 1)[0]


def turn_of(test: str) -> int:
    """Long pieces first, so that no process is left with one at the end; else the order of the folders."""
    if test.startswith(WAITING):
        return 0
    return 1 if test.startswith((*CUT, "tests/adapters/cli/")) else 2


def scheduler(config: pytest.Config, log: Any) -> object:
    """Hands out pieces in the order in which the tests were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class Pieces(LoadScopeScheduling):  # type: ignore[misc]  # xdist says nothing of its types
        def _split_scope(self, nodeid: str) -> str:
            return piece_of(nodeid)

    config.option.loadscopereorder = False
    return Pieces(config, log)


def give_way(test: str) -> None:
    """Let processes of waiting tests go before this one, once it is done with such tests itself."""
    if not test.startswith(WAITING) and os.nice(0) < COURTESY:
        os.nice(COURTESY - os.nice(0))


def mark_what_needs_kafka(items: Iterable[pytest.Item]) -> None:
    """Mark the tests of the folder `kafka`, and see that whatever else is marked so waits with them.

    Raises:
        pytest.UsageError: Names the tests that would start a second broker beside the first.
    """
    astray = []
    for item in items:
        if item.nodeid.startswith("tests/kafka/"):
            item.add_marker("kafka")
        elif item.get_closest_marker("kafka") and not item.nodeid.startswith(WAITING):
            astray.append(item.nodeid)
    if astray:
        raise pytest.UsageError(f"marked kafka, but not in WAITING of tests/sharing.py: {', '.join(astray)}")

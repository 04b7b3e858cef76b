"""How tests share the cores: which stay together in one process, which go first, and who has right of way.

Tests of one file share what its fixtures have built, so a file is one piece of
work. Tests that start processes and wait for them - above all those on Kafka -
are two pieces, each with a broker of its own: they need little of the cores,
but minutes of waiting do not add up where they overlap. They are the longest
pieces, so they go first; and they have right of way, so that a process that
must answer within seconds is not held up by computations next door.

A file without shared fixtures whose tests take long is cut into its tests, but
for what differs in the last parameter alone: the topics of one story.
"""

import os
from collections.abc import Iterable
from typing import Any, Final

import pytest

WAITING: Final = {
    "tests/kafka/test_chaos.py": "chaos",
    "tests/kafka/test_drills.py": "chaos",
    "tests/kafka/test_three_brokers.py": "chaos",
    "tests/kafka/": "processes",
    "tests/deploy/test_container.py": "chaos",
    "tests/adapters/cli/test_run.py": "processes",
    "tests/adapters/kafka/test_supervisor.py": "processes",
    "tests/benchmarks/test_benchmarks.py": "processes",
}
"""Files and folders whose tests start processes and wait for them, and the piece that they belong to: the first counts.

The two pieces take some ten minutes each. Drills and three brokers bring up more programs than two cores can serve
beside a broker whose clients are killed all the time, so they are in one piece with these.
"""

CUT: Final = ("tests/mutants/", "tests/properties/", "tests/golden/", "tests/shipping/")
"""Folders whose tests take long and share no fixture."""

COURTESY: Final = 10
"""How far computing tests stand back, in steps of `nice`: about a tenth of the core when both want it."""


def piece_of(test: str) -> str:
    """The piece of work that a test belongs to; a piece is done in one process.

    Args:
        test: pytest's name of it, with slashes.

    >>> piece_of("tests/golden/test_golden.py::test_story[quiet-incidents]")
    'tests/golden/test_golden.py::test_story[quiet'
    >>> piece_of("tests/kafka/test_time.py::test_a_clock")
    'processes'
    """
    if waits(test):
        return next(piece for place, piece in WAITING.items() if test.startswith(place))
    if test.startswith(CUT):
        return test.rsplit("-", 1)[0]
    return test.split("::", 1)[0]


def waits(test: str) -> bool:
    """Whether a test starts processes and waits for them."""
    return test.startswith(tuple(WAITING))


def turn_of(test: str) -> int:
    """Long pieces first, so that no process is left with one at the end; else the order of the folders."""
    if waits(test):
        return 0
    return 1 if test.startswith((*CUT, "tests/adapters/")) else 2


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
    if not waits(test) and os.nice(0) < COURTESY:
        os.nice(COURTESY - os.nice(0))


def mark_what_needs_kafka(items: Iterable[pytest.Item]) -> None:
    """Mark the tests of the folder `kafka`, and see that whatever else is marked so waits with them.

    Raises:
        pytest.UsageError: Names the tests that would start a broker in the midst of computations.
    """
    astray = []
    for item in items:
        if item.nodeid.startswith("tests/kafka/"):
            item.add_marker("kafka")
        elif item.get_closest_marker("kafka") and not waits(item.nodeid):
            astray.append(item.nodeid)
    if astray:
        raise pytest.UsageError(f"marked kafka, but not in WAITING of tests/sharing.py: {', '.join(astray)}")

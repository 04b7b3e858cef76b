"""Settings of all tests: a slow machine is no failure; unattended, the same inputs are tried each time.

`make test` runs the tests in several processes (pytest-xdist). `tests/sharing.py`
says which tests stay together and which go first.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import sharing

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("here", PATIENT)
settings.register_profile("unattended", PATIENT, derandomize=True)
settings.load_profile("unattended" if os.environ.get("CI") else "here")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Asked by pytest-xdist alone, so that tests run without it as well."""
    return sharing.scheduler(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` picks by marks; in one process or in several, the order of tests is the same."""
    sharing.mark_what_needs_kafka(items)
    items.sort(key=lambda item: sharing.turn_of(item.nodeid))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        sharing.give_way(item.nodeid)

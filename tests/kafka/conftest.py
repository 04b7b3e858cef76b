"""A real Apache Kafka for the tests of this folder: one broker a session, started by the tests themselves."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pipeline.adapters.local.broker import Broker, BrokerError
from tests.kafka.harness import Flow
from tests.kafka.secured import Secured, running_secured


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The session's broker: `.bootstrap`, `.restart()`, `.kill()`, `.start()`, `.pause()`, `.resume()`.

    A missing java or mvn fails, it never skips: without Kafka nothing of what these tests say is proven.
    """
    folder: Path = tmp_path_factory.mktemp("broker")
    try:
        with Broker(folder) as running:
            yield running
    except BrokerError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The session's broker with users, rights and certificates."""
    try:
        with running_secured(tmp_path_factory.mktemp("secured")) as running:
            yield running
    except BrokerError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
async def flow(broker: Broker, tmp_path: Path) -> AsyncIterator[Flow]:
    """The topics of a toy flow; its processes are ended afterwards."""
    toy = Flow(broker.bootstrap, tmp_path)
    await toy.create()
    yield toy
    await toy.stop()

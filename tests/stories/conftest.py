"""The run that checks of stories are asked about."""

import pytest

from pipeline.adapters.runs.reading import read_run
from pipeline.views.run import Run
from tests.adapters.pages.world import write_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run with one outage, as it is read from its folder."""
    return read_run(write_run(tmp_path_factory.mktemp("run")))

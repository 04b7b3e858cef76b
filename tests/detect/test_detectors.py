"""The laws of detectors, over all rows of the registry and over an estimator of River that is a row as well."""

import pytest

from pipeline.detect.detectors.registry import DETECTORS
from tests.detect.detector_contract import Case, DetectorContract, RiverContract, cases_of
from tests.detect.river_example import GAUSSIAN

CASES = cases_of((*DETECTORS, GAUSSIAN))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
class TestEveryDetector(DetectorContract):
    """A row that is added is here without a line."""


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
class TestEveryDetectorUnderRiversInterface(RiverContract):
    """For tools that speak River."""


def test_every_row_is_tried() -> None:
    tried = {case.row.name for case in CASES}
    assert tried >= {row.name for row in DETECTORS}


def test_a_case_names_its_row_and_its_stream() -> None:
    case = CASES[0]
    assert isinstance(case, Case)
    assert case.row.name in case.name

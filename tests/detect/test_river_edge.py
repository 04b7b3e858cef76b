"""River at the edge: what is inside an estimator goes into a snapshot and back, or is refused."""

from typing import Any

import pytest
from river.anomaly import GaussianScorer, HalfSpaceTrees

from pipeline.detect.detectors.river_edge import put_back, river_family, take_out


def test_an_estimator_goes_on_from_its_plain_values_to_the_bit() -> None:
    scorer: Any = GaussianScorer  # River's constructors have no types
    learnt, fresh = scorer(grace_period=5), scorer(grace_period=5)
    for number in range(50):
        learnt.learn_one({}, 0.1 * number)
    put_back(fresh, take_out(learnt))
    assert fresh.score_one({}, 7.7) == learnt.score_one({}, 7.7)
    learnt.learn_one({}, 3.3)
    fresh.learn_one({}, 3.3)
    assert take_out(fresh) == take_out(learnt)


def test_an_estimator_that_grows_objects_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="HalfSpaceTrees"):
        river_family(name="trees", judges=("measured",), build=HalfSpaceTrees, tail=lambda score: 1.0 - score)

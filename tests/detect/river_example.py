"""A worked example: River's Gaussian scorer as a row of the registry. It runs in tests only.

Its score is 2 |CDF - 1/2|, so that 1 - score is the tail probability on both sides.
"""

from river.anomaly import GaussianScorer

from pipeline.detect.detectors.river_edge import river_family

GAUSSIAN = river_family(
    name="river_gaussian",
    judges=("measured",),
    build=GaussianScorer,
    tail=lambda score: 1.0 - score,
)

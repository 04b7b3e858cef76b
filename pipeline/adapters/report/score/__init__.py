"""The page of a score: how good some runs were, and the worst cases drawn.

wording.py says figures in words, cases.py chooses and draws the worst,
diagrams.py draws calibration and delays, page.py renders.
"""

from pipeline.adapters.report.score.page import build

__all__ = ["build"]

"""The report of a run: one self-contained HTML file, for the engineer and for the head of the NOC.

reading.py reads a run's folder, stories.py tells each incident, drawing.py and
panels.py draw curves, timeline.py and cards.py arrange, page.py renders.
"""

from pipeline.adapters.report.page import build

__all__ = ["build"]

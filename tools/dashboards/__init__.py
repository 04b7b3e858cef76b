"""The dashboards of deploy/grafana; `python -m tools.dashboards` writes them from the tables of this folder."""

from pathlib import Path
from typing import Final

from tools.dashboards.feeds import FEEDS
from tools.dashboards.incidents import INCIDENTS
from tools.dashboards.pages import page_of
from tools.dashboards.pipeline import PIPELINE
from tools.dashboards.tables import Dashboard

__all__ = ["DASHBOARDS", "FOLDER", "Dashboard", "page_of"]

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "grafana"
DASHBOARDS: Final = (PIPELINE, INCIDENTS, FEEDS)

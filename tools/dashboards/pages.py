"""Pages of Grafana, written from short tables.

A panel is a title, a sentence that says what to see in it, a unit and its queries; all the rest that
Grafana wants is the same for every panel. In a query `{S}` stands for the job and the instances that were chosen, and
`{S,reason="late"}` narrows them; `[R]` is the interval that fits the width of the panel.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from tools.dashboards.tables import Dashboard, Panel, Query

CHOSEN: Final = 'job="tocsin", instance=~"$instance"'
PANEL_WIDTH, PANEL_HEIGHT, ROW_WIDTH = 8, 8, 24
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
OTHER_PAGES: Final = {
    "type": "dashboards",
    "tags": ["tocsin"],
    "title": "Tocsin",
    "tooltip": "The other dashboards of Tocsin, at the same time and of the same processes",
    "icon": "external link",
    "asDropdown": False,
    "includeVars": True,
    "keepTime": True,
    "targetBlank": False,
}


def _target(query: Query, number: int) -> dict[str, Any]:
    asked = (
        query.asked.replace("{S}", f"{{{CHOSEN}}}").replace("{S,", f"{{{CHOSEN}, ").replace("[R]", "[$__rate_interval]")
    )
    return {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": asked, "legendFormat": query.legend}


def _panels(panels: tuple[Panel, ...]) -> Iterator[dict[str, Any]]:
    a_row = ROW_WIDTH // PANEL_WIDTH
    for number, panel in enumerate(panels):
        yield {
            "id": number + 1,
            "type": panel.kind,
            "title": panel.title,
            "description": panel.says,
            "datasource": SOURCE,
            "gridPos": {
                "x": number % a_row * PANEL_WIDTH,
                "y": number // a_row * PANEL_HEIGHT,
                "w": PANEL_WIDTH,
                "h": PANEL_HEIGHT,
            },
            "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
            "options": {"legend": {"showLegend": True}} if panel.kind == "timeseries" else {},
            "targets": [_target(query, place) for place, query in enumerate(panel.queries)],
        }


def page_of(dashboard: Dashboard) -> str:
    """The file of a dashboard, as Grafana reads it."""
    variables = [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
        {
            "name": "instance",
            "label": "Process",
            "type": "query",
            "datasource": SOURCE,
            "query": 'label_values(tocsin_build_info{job="tocsin"}, instance)',
            "includeAll": True,
            "allValue": ".+",
            "multi": True,
            "refresh": 2,
            "current": {"text": "All", "value": "$__all"},
        },
    ]
    page = {
        "uid": f"tocsin-{dashboard.name}",
        "title": dashboard.title,
        "description": dashboard.says,
        "tags": ["tocsin"],
        "editable": False,
        "schemaVersion": 39,
        "timezone": "utc",
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": variables},
        "links": [OTHER_PAGES],
        "panels": list(_panels(dashboard.panels)),
    }
    return json.dumps(page, indent=1, ensure_ascii=False) + "\n"

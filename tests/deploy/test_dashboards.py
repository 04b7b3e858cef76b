"""Dashboards: what Grafana needs is there, and each panel says what to see in it.

The rules are those of Grafana's dashboard-linter, which cannot be installed by `go install`. That
every query answers is shown on a running flow: tests/kafka/test_alerts_live.py.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.adapters.observing.metrics.definitions import DEFINITIONS, MetricKind
from pipeline.adapters.shipped import ROOT
from tools.dashboards import DASHBOARDS, FOLDER, Dashboard, page_of

PAGES: Final = sorted(FOLDER.glob("*.json"))
UNITS: Final = {"short", "s", "ops", "bytes", "Bps", "percentunit"}
COUNTERS: Final = {definition.name for definition in DEFINITIONS if definition.kind is MetricKind.COUNTER}


def read(path: Path) -> dict[str, Any]:
    page: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return page


def queries(page: dict[str, Any]) -> list[tuple[str, str]]:
    """Title of the panel and PromQL, of all targets."""
    return [(panel["title"], target["expr"]) for panel in page["panels"] for target in panel["targets"]]


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.name)
def test_the_file_is_what_the_tables_say(dashboard: Dashboard) -> None:
    written = (FOLDER / f"{dashboard.name}.json").read_text("utf-8")
    assert written == page_of(dashboard), "python -m tools.dashboards"


def test_there_is_no_dashboard_that_no_table_makes() -> None:
    assert {path.stem for path in PAGES} == {dashboard.name for dashboard in DASHBOARDS}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_dashboard_works_with_any_prometheus_and_cannot_be_changed_by_accident(path: Path) -> None:
    page = read(path)
    first = page["templating"]["list"][0]
    assert (first["name"], first["type"], first["query"]) == ("datasource", "datasource", "prometheus")
    assert page["editable"] is False
    for panel in page["panels"]:
        sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        assert all(source["uid"] == "${datasource}" for source in sources), panel["title"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_panel_has_a_title_a_sentence_a_unit_and_a_place_of_its_own(path: Path) -> None:
    panels = read(path)["panels"]
    for panel in panels:
        assert panel["title"], panel
        assert panel["description"].endswith((".", "?")), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
    for key in ("id", "title"):
        assert len({panel[key] for panel in panels}) == len(panels), key
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_query_asks_for_the_chosen_processes_and_never_for_a_bare_counter(path: Path) -> None:
    names = {definition.name for definition in DEFINITIONS}
    for title, asked in queries(read(path)):
        selectors = re.findall(r"((?:tocsin|process)_\w+)(\{[^}]*\})?", asked)
        assert selectors, title
        for metric, chosen in selectors:
            assert 'job="tocsin"' in chosen, f"{title}: {metric}"
            assert 'instance=~"$instance"' in chosen, f"{title}: {metric}"
            assert metric.startswith("process_") or re.sub(r"_(bucket|count|sum)$", "", metric) in names, title
            if metric in COUNTERS or metric.endswith(("_bucket", "_count", "_sum", "process_cpu_seconds_total")):
                assert re.search(rf"(rate|increase)\({metric}\{{", asked), f"{title}: {metric} without rate"
        for window in re.findall(r"\[([^\]]+)\]", asked):
            assert window in ("$__rate_interval", "1h", "1d"), f"{title}: [{window}]"


def test_each_metric_is_on_a_dashboard_or_in_an_alert() -> None:
    texts = [path.read_text("utf-8") for path in PAGES]
    texts += [path.read_text("utf-8") for path in (ROOT / "deploy" / "prometheus" / "rules").glob("*.yml")]
    everything = "\n".join(texts)
    unused = [definition.name for definition in DEFINITIONS if definition.name not in everything]
    assert unused == [
        "tocsin_messages_committed_total",
        "tocsin_state_loaded_entries",
        "tocsin_state_snapshot_bytes",
        "tocsin_state_recovery_seconds",
    ], "what nobody looks at need not be counted; the four are for sizing"

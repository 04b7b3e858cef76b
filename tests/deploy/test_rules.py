"""Alerts: valid, unit-tested each in both directions, and with a runbook that exists."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from pipeline.adapters.cli.app import app
from pipeline.adapters.kafka.leaving import Word
from pipeline.adapters.local.programs import find_program
from pipeline.adapters.observing.metrics.definitions import DEFINITIONS, MetricKind
from pipeline.adapters.observing.metrics.exits import KILLED
from pipeline.adapters.settings import load_settings, values_of
from pipeline.adapters.shipped import ROOT
from pipeline.records.errors import Reason

HERE: Final = Path(__file__).parent
DEPLOY: Final = ROOT / "deploy"
RULES: Final = DEPLOY / "prometheus" / "rules"
RUNBOOKS: Final = DEPLOY / "runbooks"
UNIT_TESTS: Final = ("alerts.test.yml", "days.test.yml")


def promtool(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(find_program("promtool")), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rules() -> Iterator[dict[str, Any]]:
    for path in sorted(RULES.glob("*.yml")):
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            yield from group["rules"]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def test_promtool_finds_nothing_to_object_to() -> None:
    checked = promtool("check", "rules", "--lint=all", *sorted(RULES.glob("*.yml")))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_prometheus_takes_the_configuration() -> None:
    checked = promtool("check", "config", DEPLOY / "prometheus" / "prometheus.yml")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("name", UNIT_TESTS)
def test_alerts_fire_when_they_must_and_only_then(name: str) -> None:
    tested = promtool("test", "rules", HERE / name)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_alert_is_tested_both_when_it_fires_and_when_it_is_quiet() -> None:
    seen: dict[str, set[bool]] = {}
    for name in UNIT_TESTS:
        for test in yaml.safe_load((HERE / name).read_text("utf-8"))["tests"]:
            for expectation in test.get("promql_expr_test", ()):
                named = re.search(r'alertname="(\w+)"', expectation["expr"])
                assert named, expectation
                seen.setdefault(named[1], set()).add("exp_samples" in expectation)
    assert seen == {alert["alert"]: {True, False} for alert in alerts()}


def test_an_alert_says_what_it_is_how_urgent_and_where_to_read_on() -> None:
    for alert in alerts():
        name = alert["alert"]
        assert alert["labels"]["severity"] in ("page", "ticket"), name
        assert {"summary", "description", "runbook_url"} == set(alert["annotations"]), name
        assert alert["annotations"]["runbook_url"].endswith(f"/alerts/{name}.md"), name
        assert re.fullmatch(r"Tocsin[A-Za-z]+", name), name


def test_what_follows_from_a_cause_waits_for_alerts_that_there_are() -> None:
    path = DEPLOY / "prometheus" / "alertmanager.yml"
    checked = subprocess.run(
        [str(find_program("amtool")), "check-config", str(path)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    named = re.findall(r"Tocsin\w+", path.read_text("utf-8"))
    assert named
    assert set(named) <= {alert["alert"] for alert in alerts()}


def test_rules_ask_for_metrics_and_labels_that_there_are() -> None:
    known = {"up", "process_start_time_seconds"}
    for definition in DEFINITIONS:
        ends = ("_bucket", "_count", "_sum") if definition.kind is MetricKind.HISTOGRAM else ("",)
        known |= {definition.name + end for end in ends}
    known |= {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        asked = set(re.findall(r"[\w:]*(?:tocsin|process)_[\w:]+", rule["expr"]))
        assert asked <= known, f"{rule.get('alert') or rule.get('record')}: no such metric: {asked - known}"


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        pytest.param("alerts", {alert["alert"] for alert in alerts()}, id="alerts"),
        pytest.param("exits", {*map(str, Word), KILLED}, id="words_of_an_exit"),
        pytest.param("quarantine", set(map(str, Reason)), id="reasons_of_quarantine"),
    ],
)
def test_there_is_a_runbook_for_each_and_none_too_many(folder: str, names: set[str]) -> None:
    assert {page.stem for page in (RUNBOOKS / folder).glob("*.md")} == names


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*/*.md")), ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_runbook_says_what_it_means_what_to_look_at_and_what_to_do(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.stem}\n")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["What it means", "Look", "Do", "Over when"]
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_a_runbook_names_commands_and_metrics_that_there_are() -> None:
    metrics = {definition.name for definition in DEFINITIONS}
    for page in sorted(RUNBOOKS.glob("*/*.md")):
        text = page.read_text("utf-8")
        asked = {re.sub(r"_(bucket|count|sum)$", "", name) for name in re.findall(r"\btocsin_\w+", text)}
        asked = {name for name in asked if name not in metrics}
        recorded = {rule["record"].split(":")[0] for rule in rules() if "record" in rule}
        assert asked <= recorded, f"{page}: no such metric: {asked}"


def test_a_runbook_names_commands_and_settings_that_there_are() -> None:
    commands = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    settings = {name for name, _ in values_of(load_settings(environment={}).settings)}
    sections = {name.partition(".")[0] for name in settings}
    for page in sorted(RUNBOOKS.glob("*/*.md")):
        text = page.read_text("utf-8")
        for command in re.findall(r"`tocsin ([a-z]+)", text):
            assert command in commands, f"{page}: tocsin {command}"
        for name in re.findall(r"`([a-z]+\.[a-z_]+)`", text):
            if name.partition(".")[0] in sections:
                assert name in settings, f"{page}: {name}"


def test_a_runbook_names_fields_of_records_that_there_are() -> None:
    fields = {
        name for schema in (ROOT / "schemas").glob("*.v1.json") for name in _properties(json.loads(schema.read_text()))
    }
    known = fields | {*map(str, Word), *map(str, Reason)}
    for page in sorted(RUNBOOKS.glob("*/*.md")):
        named = set(re.findall(r"`((?!tocsin_|process_)[a-z]+(?:_[a-z]+)+)`", page.read_text("utf-8")))
        assert named <= known, f"{page}: no such field: {named - known}"


def _properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for part in schema.values():
            yield from _properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _properties(part)


def test_the_list_of_runbooks_links_each() -> None:
    text = (RUNBOOKS / "README.md").read_text("utf-8")
    pages = {str(page.relative_to(RUNBOOKS)) for page in RUNBOOKS.glob("*/*.md")}
    assert set(re.findall(r"\]\(([^)]+)\)", text)) == pages

"""The list of faults: one for each alert, word of an exit and reason of quarantine, and each of them has a runbook."""

import json
import re
from typing import Final

import pytest

from pipeline.adapters.compose import Parts
from pipeline.adapters.kafka.options import Partitions
from pipeline.adapters.local.stand import causing
from pipeline.adapters.local.stand.faults import FAULTS, Fault, Killed, find_fault
from pipeline.adapters.local.stand.page import answer_to
from pipeline.adapters.local.stand.place import Stand
from pipeline.adapters.local.stand.records import REFUSED, Sent, order, reading
from pipeline.adapters.recordings.format import RecordedRecord
from pipeline.adapters.settings.sections import Settings
from pipeline.adapters.shipped import ROOT
from pipeline.ingest.apply import Lane
from pipeline.records.errors import ConfigError, Reason
from tests.deploy.test_rules import RUNBOOKS, alerts

NOW: Final = 1_780_000_000
CAUSED = [fault for fault in FAULTS if fault.act is not None]
STAND = Stand(
    bootstrap="127.0.0.1:9092",
    broker_pid=1,
    stages={"ingest": "127.0.0.1:9101", "detect": "127.0.0.1:9102", "correlate": "127.0.0.1:9103"},
    prometheus="127.0.0.1:9090",
    alertmanager="127.0.0.1:9093",
    page="127.0.0.1:9100",
    folder="/nowhere",
    minute_seconds=60,
)


def test_faults_alerts_and_runbooks_are_one_list() -> None:
    pages = [str(page.relative_to(RUNBOOKS).with_suffix("")) for page in RUNBOOKS.glob("*/*.md")]
    assert sorted(fault.page for fault in FAULTS) == sorted(pages)
    assert {fault.name for fault in FAULTS if fault.page.startswith("alerts/")} == {rule["alert"] for rule in alerts()}


@pytest.mark.parametrize("fault", CAUSED, ids=lambda fault: fault.page)
def test_a_fault_is_told_by_an_alert_with_labels_that_it_can_have(fault: Fault) -> None:
    rules = [rule for rule in alerts() if rule["alert"] == fault.alert]
    assert rules
    for name, text in fault.labels:
        fixed = {rule["labels"][name] for rule in rules if name in rule["labels"]}
        assert text in fixed or any(name in rule["expr"] for rule in rules), f"{name}={text}"
    if fault.page.startswith("alerts/"):
        assert fault.alert == fault.name


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.act is None], ids=lambda fault: fault.page)
def test_who_asks_for_a_fault_that_cannot_be_caused_is_told_why(fault: Fault) -> None:
    with pytest.raises(ConfigError, match="cannot be caused here") as refusal:
        find_fault(fault.page)
    assert fault.says in str(refusal.value)
    for named in re.findall(r"tests/[\w/]+\.py", fault.says):
        assert fault.name in (ROOT / named).read_text("utf-8").lower(), f"{named} says nothing of it"


def test_each_reason_that_a_sender_can_cause_has_a_record() -> None:
    assert set(REFUSED) == set(Reason) - {Reason.LATE_PARTIAL}


@pytest.fixture(scope="module")
def lane() -> Lane:
    settings = Settings(partitions=Partitions(lanes=1))
    return Parts(settings, lambda: 0).ingest(live=True).new_lane(0, {}, {})


@pytest.mark.parametrize("reason", sorted(REFUSED))
def test_a_record_is_refused_for_the_reason_that_it_stands_for(reason: Reason, lane: Lane) -> None:
    def at(sent: Sent) -> RecordedRecord:
        return RecordedRecord(
            topic=sent.topic,
            partition=0,
            offset=0,
            timestamp=NOW * 1_000,
            key=None,
            value=sent.value,
            headers=sent.headers,
        )

    calm = [
        Sent("telemetry", json.dumps(reading(NOW)).encode()),
        Sent("commands", json.dumps(order(NOW, "confirm")).encode()),
    ]
    for sent in calm:
        lane.take(sent.topic, [at(sent)], None)
    assert not lane.close().quarantined
    sent = REFUSED[reason](NOW)
    lane.take(sent.topic, [at(sent)], None)
    assert [refused.reason for refused in lane.close().quarantined] == [reason]


def test_the_page_names_every_place_and_every_panel() -> None:
    found = answer_to("/", STAND)
    assert found is not None
    text = found[1].decode()
    for place in (STAND.bootstrap, *STAND.stages.values(), STAND.prometheus, STAND.alertmanager):
        assert place in text
    panels = sum(path.read_text("utf-8").count('"gridPos"') for path in (ROOT / "deploy" / "grafana").glob("*.json"))
    assert text.count("/graph?g0.expr=") == panels


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        pytest.param("/grafana/feeds.json", True, id="a_dashboard"),
        pytest.param("/runbooks/../../pyproject.toml", False, id="outside_of_its_folders"),
        pytest.param("/runbooks/alerts/TocsinBrokerGone.md", True, id="the_link_of_an_alert"),
    ],
)
def test_the_page_leads_to_runbooks_and_dashboards_and_nowhere_else(path: str, is_there: bool) -> None:
    assert (answer_to(path, STAND) is not None) == is_there


async def test_a_stage_is_killed_once_for_each_start_that_prometheus_has_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start is told up to a second too early: compared with the clock, a quick one would never be killed again."""
    seen = iter(["100.2", "100.2", "", "100.4", "100.4", "101.1"])
    kills: list[int] = []

    async def ask(address: str, query: str) -> list[dict[str, object]]:
        assert (address, query) == (STAND.prometheus, 'process_start_time_seconds{instance="127.0.0.1:9103"}')
        start = next(seen)
        return [{"value": [200.0, start]}] if start else []

    monkeypatch.setattr(causing, "ask", ask)
    monkeypatch.setattr(Stand, "pid", lambda _, name: {"correlate": 7}[name])
    monkeypatch.setattr("os.kill", lambda pid, _: kills.append(pid))
    counts = []
    async with causing.caused(Killed("correlate"), STAND) as keep_up:
        for _ in range(6):
            await keep_up()
            counts.append(len(kills))
    assert counts == [1, 1, 1, 2, 2, 3]
    assert set(kills) == {7}

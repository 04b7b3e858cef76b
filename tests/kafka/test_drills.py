"""`tocsin run --all` and drills on it: each alert fires and clears, Alertmanager hears of it, Ctrl-C ends all.

A minute of the alerts takes six seconds. More drills would test the same program again; the whole list runs by hand.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.local.stand.place import Stand, find_stand
from tests.adapters.cli.test_run import descendants, is_running
from tests.kafka.harness import until

TOCSIN = str(Path(sys.executable).with_name("tocsin"))
READY_SECONDS = 60.0

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def stand_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("stand")
    place = folder / "stand.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN__")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [TOCSIN, "run", "--all", "--minute", "6", "--stand", str(place), "--set", "partitions.signals=2"],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
        )
    yield place
    started = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0, (folder / "log").read_text()
    assert not [pid for pid in started if is_running(pid)]
    assert not place.exists()


@pytest.fixture
async def stand(stand_file: Path) -> Stand:
    await until(stand_file.exists, READY_SECONDS, "the stand says where it is")
    return find_stand(stand_file)


def drilled(name: str, place: Path) -> subprocess.CompletedProcess[str]:
    command = [TOCSIN, "drill", name, "--stand", str(place)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - an address of the stand
        content: bytes = answer.read()
    return content


@pytest.mark.parametrize("name", ["TocsinBrokerGone", "TocsinEmergencyUnacknowledged", "TocsinStageDown"])
async def test_a_fault_is_told_and_its_end_too(name: str, stand: Stand, stand_file: Path) -> None:
    run = drilled(name, stand_file)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " fires after " in run.stdout
    assert " is clear after " in run.stdout
    assert ("Alertmanager: receiver page" in run.stdout) == bool(stand.alertmanager)


async def test_the_page_is_there_and_its_links_lead_somewhere(stand: Stand) -> None:
    for path in ("/", "/runbooks/alerts/TocsinBrokerGone.md", "/grafana/pipeline.json"):
        assert fetched(f"http://{stand.page}{path}")
    active = json.loads(fetched(f"http://{stand.prometheus}/api/v1/alertmanagers"))["data"]["activeAlertmanagers"]
    assert len(active) == bool(stand.alertmanager)


def test_a_drill_without_a_stand_says_how_to_start_one(tmp_path: Path) -> None:
    run = drilled("TocsinBrokerGone", tmp_path / "stand.json")
    assert run.returncode == 2
    assert "make run ALL=1" in run.stderr

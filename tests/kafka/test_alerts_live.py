"""A real flow, a real Prometheus, real faults: alerts are pending, fire and clear, and no panel is empty.

The rules are those of deploy/prometheus with seconds for minutes. The faults overlap, since each takes
as long as its alert waits.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.producers import start_plain
from pipeline.adapters.kafka.topics import admin_client, create_topics, plan
from pipeline.adapters.local.broker import Broker
from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.language import CORRECTIONS, read_lexicon, weights_file
from pipeline.records.clocks import Instant, format_instant
from pipeline.reference.learnt.corrections import LESSONS_MIN, Corrections, corrections_written, fingerprint
from tests.kafka.harness import ROOT, until
from tests.kafka.scraping import Prometheus, free_ports
from tools.dashboards import DASHBOARDS, page_of

PARTITIONS: Final = Partitions(lanes=1, signals=2, anomalies=1, incidents=1, others=1)
STAGES: Final = (("ingest",), ("agents", "detect"), ("agents", "correlate"))
HEALTHY, DYING, LATE = "vodafone-de", "netcologne", "telekom"
SETTINGS: Final = """
[kafka]
bootstrap = "{bootstrap}"
prefix = "{prefix}"
session_seconds = 6.0
[partitions]
lanes = 1
signals = 2
anomalies = 1
incidents = 1
others = 1
[ingest]
batch_seconds = 0.2
lateness_ms = {{ telemetry = 1000, tickets = 1000, mentions = 1000, commands = 0 }}
steady_lag_ms_max = 0
[logs]
level = "warning"
[reference]
learnt = "{learnt}"
learnt_frozen = true
"""
SEEN_SECONDS: Final = 30.0
"""A fault is told, and its end, well within this time on an idle machine."""


def now_text(seconds_ago: int = 0) -> str:
    """The time on the wall, as senders write it."""
    return format_instant(Instant(int((time.time() - seconds_ago) * 1_000)))


def write_corrections(folder: Path) -> None:
    """What an operator's posts have taught of German, enough to be used, as `tocsin learn` writes it."""
    folder.mkdir()
    weights = read_lexicon(reference_folder() / "lexicon").weights["de"]
    learnt = Corrections(fingerprint(weights), int(time.time()) // 86_400, LESSONS_MIN)
    weights_file(folder, "de", CORRECTIONS).write_text(corrections_written(learnt), encoding="utf-8")


class LiveFlow:
    """All stages as processes of their own, as an operator starts them.

    Args:
        connection: Where Kafka is, and the prefix of the topics.
        folder: Keeps settings, logs and books of ends.
    """

    def __init__(self, connection: Connection, folder: Path) -> None:
        self.connection, self._folder = connection, folder
        self.ports = dict(zip((words[-1] for words in STAGES), free_ports(len(STAGES)), strict=True))
        self._settings = folder / "tocsin.toml"
        write_corrections(folder / "learnt")
        self._settings.write_text(
            SETTINGS.format(bootstrap=connection.bootstrap, prefix=connection.prefix, learnt=folder / "learnt")
        )
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.muted: set[str] = set()
        self.late: set[str] = set()

    def start(self, stage: str) -> None:
        words = next(words for words in STAGES if words[-1] == stage)
        with (self._folder / f"{stage}.log").open("ab") as log:
            self._running[stage] = subprocess.Popen(
                [sys.executable, "-m", "pipeline", *words, "-c", str(self._settings), "--first-start"],
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "TOCSIN__WEB__PORT": str(self.ports[stage]),
                    "TOCSIN__WEB__EXITS_FILE": str(self._folder / f"{stage}.json"),
                },
            )

    def instance(self, stage: str) -> str:
        return f"127.0.0.1:{self.ports[stage]}"

    async def stop(self, stage: str) -> None:
        process = self._running.pop(stage)
        process.send_signal(signal.SIGTERM)
        await until(lambda: process.poll() is not None, SEEN_SECONDS, f"{stage} stops")

    def kill(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    async def feed(self) -> None:
        """Readings of three operators twice a second, until cancelled; none of the muted, and old ones of the late."""
        producer = await start_plain(self.connection)
        try:
            while True:
                for operator in {HEALTHY, DYING, LATE} - self.muted:
                    reading = {
                        "operator": operator,
                        "observed_at": now_text(7_200 if operator in self.late else 0),
                        "area": "DE/NW/koeln",
                        "metric": "attach_success_ratio",
                        "value": 0.99,
                        "unit": "ratio",
                    }
                    await producer.send_and_wait(self.connection.topic("telemetry"), json.dumps(reading).encode())
                await asyncio.sleep(0.5)
        finally:
            await producer.stop()

    async def send(self, noun: str, record: dict[str, Any]) -> None:
        producer = await start_plain(self.connection)
        await producer.send_and_wait(self.connection.topic(noun), json.dumps(record).encode())
        await producer.stop()


@pytest.fixture
async def live(broker: Broker, tmp_path: Path) -> AsyncIterator[LiveFlow]:
    connection = Connection(bootstrap=broker.bootstrap, prefix=f"t{os.urandom(4).hex()}.")
    await create_topics(connection, PARTITIONS)
    flow = LiveFlow(connection, tmp_path)
    for words in STAGES:
        flow.start(words[-1])
    feeding = asyncio.create_task(flow.feed())
    yield flow
    feeding.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await feeding
    flow.kill()
    async with admin_client(connection) as admin:
        await admin.delete_topics([connection.topic(topic.noun) for topic in plan(PARTITIONS)])


def emergency_ticket() -> dict[str, Any]:
    return {
        "ticket_id": "e-1",
        "operator": HEALTHY,
        "opened_at": now_text(),
        "area": "DE/NW/koeln",
        "service": "emergency",
        "text": "Der Notruf 112 ist nicht erreichbar, ich komme nicht durch.",
        "lang": "de",
    }


async def shows(prometheus: Prometheus, query: str) -> bool:
    return bool(await prometheus.ask(query))


async def test_faults_are_told_and_their_ends_too(live: LiveFlow, tmp_path: Path) -> None:
    async def told(alert: str, *, fires: bool = True, **labels: str) -> None:
        async def is_so() -> bool:
            return await prometheus.is_firing(alert, **labels) == fires

        await until(is_so, SEEN_SECONDS, f"{alert} {labels} {'fires' if fires else 'clears'}", every=0.2)

    with Prometheus(tmp_path / "prometheus", list(live.ports.values())) as prometheus:
        heard = f'tocsin_feed_last_used_timestamp_seconds{{operator=~"{DYING}|{LATE}"}}'
        await until(lambda: shows(prometheus, f"count({heard}) == 2"), SEEN_SECONDS, "all feeds are heard", every=0.2)
        live.muted, live.late = {DYING}, {LATE}
        await live.send("tickets", emergency_ticket())
        await told("TocsinFeedRefused", operator=LATE, source="telemetry")
        await told("TocsinFeedDead", operator=DYING, source="telemetry")
        await told("TocsinEmergencyUnacknowledged")
        assert not await prometheus.is_firing("TocsinFeedDead", operator=HEALTHY)
        assert not await prometheus.is_firing("TocsinFeedRefused", operator=HEALTHY)
        await every_panel_shows_something(prometheus)

        await live.stop("detect")
        await told("TocsinStageDown", instance=live.instance("detect"))
        live.start("detect")
        live.muted, live.late = set(), set()
        await told("TocsinFeedDead", fires=False, operator=DYING)
        await told("TocsinFeedRefused", fires=False, operator=LATE)
        await told("TocsinStageDown", fires=False, instance=live.instance("detect"))
        assert await prometheus.value('tocsin_process_exits_total{stage="detect", word="stopped"}') == 1
        await live.send("commands", acknowledgement())
        await told("TocsinEmergencyUnacknowledged", fires=False)
        for alert in ("TocsinFeedDead", "TocsinFeedRefused", "TocsinStageDown", "TocsinEmergencyUnacknowledged"):
            assert await prometheus.was_pending(alert), alert


def acknowledgement() -> dict[str, Any]:
    """A person takes note of the only incident."""
    return {
        "command_id": "c-1",
        "market": "DE",
        "target": f"{HEALTHY}@DE/NW/koeln",
        "kind": "acknowledge",
        "by": "noc.anna",
    }


async def every_panel_shows_something(prometheus: Prometheus) -> None:
    empty = []
    for dashboard in DASHBOARDS:
        for panel in json.loads(page_of(dashboard))["panels"]:
            for target in panel["targets"]:
                asked = target["expr"].replace("$instance", ".+").replace("$__rate_interval", "20s")
                if not await prometheus.ask(asked):
                    empty.append(f"{dashboard.name}: {panel['title']}: {asked}")
    assert not empty, "\n".join(empty)

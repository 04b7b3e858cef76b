"""What docs/operating.md tells operators to do, done by the words that it gives, on real processes and a small world.

Upgrades while a recording is played, a restore from what was recorded, a state made anew, another epoch: after each
of them what is published is what a replay of the recording publishes. How long each took is printed (`pytest -s`).
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from pipeline.adapters.kafka.options import Partitions
from pipeline.adapters.kafka.topics import admin_client, create_topics, plan
from pipeline.adapters.local.broker import Broker
from pipeline.adapters.runs.folder import canonical
from pipeline.flow import FLOW, RESULT_NOUNS
from tests.adapters.cli.world import LANES, write_world
from tests.kafka.harness import ROOT, Flow, Process, until
from tests.kafka.scraping import free_ports
from tests.kafka.test_live_equals_replay import published

PARTITIONS: Final = Partitions(lanes=LANES, signals=2, anomalies=1, incidents=1, others=1)
STAGES: Final = {"ingest": ("ingest",), "detect": ("agents", "detect"), "correlate": ("agents", "correlate")}
READERS_FIRST: Final = ("correlate", "detect", "ingest")
"""The order of an upgrade: whoever reads is newer than whoever writes."""
SETTINGS: Final = """
epoch = {epoch}
[kafka]
bootstrap = "{bootstrap}"
prefix = "{prefix}"
session_seconds = 6.0
[partitions]
lanes = 2
signals = 2
anomalies = 1
incidents = 1
others = 1
[ingest]
heartbeats = false
[correlate.borders]
radius_km = {radius_km}
[logs]
level = "warning"
"""
OTHER_RADIUS_KM: Final = 66.0
"""A rule that this world never asks for: another ruleset, the same incidents."""
SPEED: Final = "60"
LAG: Final = r'^tocsin_consumer_lag_messages\{{.*topic="{topic}".*\}} (\S+)$'

pytestmark = pytest.mark.timeout(1500)


class Deployment(Flow):
    """Topics, settings in a file, and stages as an operator starts them."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        super().__init__(bootstrap, folder)
        self.running: dict[str, Process] = {}
        self.ports = dict(zip(STAGES, free_ports(len(STAGES)), strict=True))
        self.write_settings()

    def write_settings(self, *, epoch: int = 1, radius_km: float = 65.0) -> None:
        said = SETTINGS.format(
            epoch=epoch, bootstrap=self.connection.bootstrap, prefix=self.connection.prefix, radius_km=radius_km
        )
        (self.folder / "tocsin.toml").write_text(said)

    async def make_topics(self) -> None:
        """As `tocsin run` does: timestamps of a recording are kept."""
        await create_topics(self.connection, PARTITIONS, playback=True)

    async def delete_topics(self) -> None:
        async with admin_client(self.connection) as admin:
            await admin.delete_topics([self.connection.topic(topic.noun) for topic in plan(PARTITIONS)])

    def start(self, stage: str, *words: str) -> Process:  # type: ignore[override]  # words of the command, not options
        process = Process.__new__(Process)
        process.stage, process.log = stage, self.folder / f"{stage}-{len(self.processes)}.log"
        web = {"TOCSIN__WEB__PORT": str(self.ports[stage])}
        process.popen = self._begin(process.log, *STAGES[stage], *words, **web)
        self.processes.append(process)
        self.running[stage] = process
        return process

    def play(self, recording: Path) -> subprocess.Popen[bytes]:
        where = ("--speed", SPEED, "--topic-prefix", self.connection.prefix, "--quiet")
        return self._begin(self.folder / "play.log", "play", str(recording), *where)

    def _begin(self, log: Path, *words: str, **more: str) -> subprocess.Popen[bytes]:
        with log.open("ab") as said:
            return subprocess.Popen(
                self._command(*words), stdout=said, stderr=said, cwd=ROOT, env={**self._environment(), **more}
            )

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "pipeline", *words, "-c", str(self.folder / "tocsin.toml")]

    @staticmethod
    def _environment() -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN")}

    def tocsin(self, *words: str) -> str:
        """What a command prints; fails if it fails."""
        command = self._command(*words)
        if words[0] in ("diff", "recordings"):  # they need no settings
            command = command[:-2]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=self._environment(), timeout=500
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    async def stop_stage(self, stage: str) -> None:
        self.running[stage].send(signal.SIGTERM)
        assert await self.running[stage].ended(10) == 0, self.running[stage].said

    async def has_worked_off(self, stage: str) -> None:
        """Wait until a stage has nothing left to do."""
        said = self.running[stage]
        await until(lambda: self.has_nothing_left(stage), 60, lambda: f"{stage} is done: {said.said[-500:]}", every=0.5)

    async def is_ready(self, stage: str) -> None:
        """Wait until a stage says that it works."""
        said = self.running[stage]
        await until(lambda: self._says_ready(stage), 60, lambda: f"{stage} is ready: {said.said[-500:]}", every=0.2)

    def _says_ready(self, stage: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[stage]}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def has_nothing_left(self, stage: str) -> bool:
        """Whether a stage that keeps a state has worked off its topic, as its own metrics say."""
        (source,) = next(row.reads for row in FLOW if row.name == stage)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[stage]}/metrics", timeout=10) as answer:
                told = re.findall(LAG.format(topic=source.noun), answer.read().decode(), re.MULTILINE)
        except OSError:
            return False
        return len(told) == PARTITIONS.of(source) and not any(float(lag) for lag in told)


@pytest.fixture
async def live(broker: Broker, tmp_path: Path) -> AsyncIterator[Deployment]:
    deployment = Deployment(broker.bootstrap, tmp_path)
    await deployment.make_topics()
    yield deployment
    await deployment.stop()


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"rehearsed: {what}: {time.monotonic() - began:.1f} s")  # noqa: T201 - for docs/operating.md


def lines(path: Path) -> dict[str, list[bytes]]:
    return {noun: (path / f"{noun}.jsonl").read_bytes().splitlines() for noun in RESULT_NOUNS}


async def is_out(flow: Deployment, expected: dict[str, list[bytes]]) -> None:
    """Wait until as much was published as a replay says, and compare it; changes of rules are told besides."""

    async def all_out() -> bool:
        return all([len(await flow.read(noun)) >= len(expected[noun]) for noun in RESULT_NOUNS])

    await until(all_out, 120, lambda: f"all is out; {[p.said[-500:] for p in flow.running.values()]}", every=1.0)
    for noun in RESULT_NOUNS:
        found = [line for line in canonical(noun, await published(flow, noun)) if not _of_upgrade(line)]
        assert found == expected[noun], noun


def _of_upgrade(line: bytes) -> bool:
    value = json.loads(line)["value"]
    return isinstance(value, dict) and value.get("reason") == "ruleset_changed"


async def _rolling(flow: Deployment) -> None:
    for stage in READERS_FIRST:
        await flow.stop_stage(stage)
        flow.start(stage)
        await flow.is_ready(stage)


async def _drained(flow: Deployment) -> None:
    await flow.stop_stage("ingest")
    for stage in ("detect", "correlate"):
        await flow.has_worked_off(stage)
        await flow.stop_stage(stage)
    for stage in READERS_FIRST:
        flow.start(stage)
    for stage in READERS_FIRST:
        await flow.is_ready(stage)


async def _has_written(flow: Deployment, noun: str, count: int) -> None:
    async def enough() -> bool:
        return len(await flow.read(noun)) >= count

    await until(enough, 60, lambda: f"{count} of {noun}; {[p.said[-500:] for p in flow.processes]}", every=0.5)


async def test_what_operators_are_told_to_do_changes_nothing_that_is_published(
    live: Deployment, tmp_path: Path
) -> None:
    recording = write_world(tmp_path / "night.jsonl.zst")
    live.tocsin("replay", str(recording), "-o", str(tmp_path / "told"), "--no-report", "-q")
    told = lines(tmp_path / "told")
    assert told["incidents"]

    for stage in STAGES:
        live.start(stage, "--first-start")
    playing = live.play(recording)
    await _has_written(live, "anomalies", 2)
    with timed("upgrade, rolling"):
        live.write_settings(radius_km=OTHER_RADIUS_KM)
        await _rolling(live)
    await _has_written(live, "incidents", 2)
    with timed("upgrade, drained"):
        live.write_settings()
        await _drained(live)
    await until(lambda: playing.poll() == 0, 90, "all is played", every=0.5)
    await is_out(live, told)
    changed = [
        value for record in await live.read("decisions") if _of_upgrade(b'{"value":%s}' % (value := record.value))
    ]
    assert len(changed) == 2 * (PARTITIONS.signals + PARTITIONS.anomalies), "there and back, once for each partition"

    with timed("restore from a recording"):
        kept = tmp_path / "kept.jsonl.zst"
        live.tocsin("record", "-o", str(kept), "-q")
        live.tocsin("recordings", "verify", str(kept))
        live.tocsin("replay", str(kept), "-o", str(tmp_path / "restored"), "--no-report", "-q")
        live.tocsin("diff", str(tmp_path / "told"), str(tmp_path / "restored"))
    assert lines(tmp_path / "restored") == told

    for stage in ("correlate", "detect"):
        with timed(f"state of {stage} made anew"):
            await live.stop_stage(stage)
            live.start(stage, "--rebuild")
            await live.is_ready(stage)
            await live.has_worked_off(stage)
    await is_out(live, told)

    with timed("another epoch"):
        for stage in STAGES:
            await live.stop_stage(stage)
        await live.delete_topics()
        live.write_settings(epoch=2)
        await live.make_topics()
        for stage in STAGES:
            live.start(stage, "--first-start")
        for stage in STAGES:
            await live.is_ready(stage)
    playing = live.play(recording)
    await until(lambda: playing.poll() == 0, 90, "all is played again", every=0.5)
    live.tocsin("replay", str(recording), "-o", str(tmp_path / "second"), "--no-report", "-q")
    await is_out(live, lines(tmp_path / "second"))

"""The container, rehearsed: built by the steps of the Dockerfile, started by deploy/compose.yaml, its root read-only.

The broker is Apache Kafka with the settings, the secrets and the rights of deploy/compose;
in place of ports that may be taken on this machine there are free ones, and
nothing else is changed.
"""

import os
import re
import shlex
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.local.broker import deploy_folder, fetch_jars, find_java, free_port
from tests.deploy.container import ROOT, Image, build, steps_of
from tests.kafka.harness import until
from tests.kafka.secured import give, read_acls

DEPLOY = ROOT / "deploy"
STAGES = ("ingest", "detect", "correlate")
PORTS = ("9092", "29092", "29093")
pytestmark = pytest.mark.kafka


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(tmp_path_factory.mktemp("image"))


def test_the_image_is_small_steps_that_a_reader_can_check() -> None:
    first, last = steps_of((ROOT / "Dockerfile").read_text("utf-8"))
    assert first[0].rest == last[0].rest.replace("-slim", "") + " AS build", "it runs on what it was built for"
    assert "RUN" not in {step.word for step in last}
    assert "--require-hashes -r locks/run.txt" in " ".join(step.rest for step in first)
    assert all(int(number) >= 10_000 for step in last if step.word == "USER" for number in step.rest.split(":"))


def test_what_the_image_copies_is_let_in_and_nothing_else_is() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    first, _ = steps_of((ROOT / "Dockerfile").read_text("utf-8"))
    copied = {word for step in first if step.word == "COPY" for word in step.rest.split()[:-1]}
    assert lines[1] == "*"
    assert let_in == copied


def test_the_program_runs_as_a_nobody_with_no_home_and_writes_nowhere_but_to_tmp(image: Image) -> None:
    said = image.run("tocsin", "version").stdout
    assert said.startswith("tocsin ")
    assert "compiled core" in said
    who = image.run("python", "-c", "import os; print(os.getuid(), os.getgid(), os.environ.get('HOME'))")
    assert who.stdout.split() == ["10001", "10001", "None"]
    for place in ("/x", "/opt/tocsin/x", "/var/lib/tocsin/x", "/usr/x"):
        refused = image.run("python", "-c", f"open({place!r}, 'w')")
        assert "Read-only file system" in refused.stderr, place
    assert image.run("python", "-c", "open('/tmp/x', 'w')").returncode == 0
    assert image.run("python", "-m", "pip", "--version").returncode == 1, "what installs is not in the image"


class Rehearsal:
    """What deploy/compose.yaml starts, with free ports in place of its own.

    Args:
        image: Of the stages.
        folder: An empty one, for secrets, volumes and logs.
    """

    def __init__(self, image: Image, folder: Path) -> None:
        self.image, self.folder = image, folder
        self.ports = {port: str(free_port()) for port in PORTS}
        self.document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
        subprocess.run([DEPLOY / "compose" / "make-secrets", folder / "secrets"], check=True, capture_output=True)
        (folder / "data").mkdir()
        (folder / "hosts").write_text("127.0.0.1 localhost kafka\n", "utf-8")

    @property
    def administrator(self) -> Connection:
        return Connection(bootstrap=f"127.0.0.1:{self.ports['29092']}")

    def with_ports(self, name: str) -> Path:
        """A file of deploy/compose with the free ports."""
        text = (DEPLOY / "compose" / name).read_text("utf-8")
        text = re.sub(rf":({'|'.join(PORTS)})\b", lambda found: f":{self.ports[found[1]]}", text)
        (self.folder / name).write_text(text, "utf-8")
        return self.folder / name

    def secrets(self, service: str) -> dict[str, Path]:
        """Place in the container to file."""
        files = {name: self.document["secrets"][name]["file"] for name in self.document["services"][service]["secrets"]}
        return {f"/run/secrets/{name}": self.folder / "secrets" / Path(file).name for name, file in files.items()}

    def kafka(self) -> Iterator[list[str]]:
        """Command lines that make the broker's data folder, and that run it."""
        said = self.document["services"]["kafka"]["environment"]
        empty = self.folder / "root-of-kafka"
        empty.mkdir()
        image = Image(files=empty, interpreter=self.image.interpreter, user="1000:1000")
        jars = fetch_jars()
        mounts = {**self.secrets("kafka"), "/server.properties": self.with_ports("server.properties")}
        mounts |= {"/jars": jars, "/log4j2.yaml": deploy_folder() / "log4j2.yaml", "/etc/hosts": self.folder / "hosts"}
        java = [
            find_java(),
            "-Xmx256m",
            said["KAFKA_OPTS"],
            "-Dlog4j2.configurationFile=/log4j2.yaml",
            "-cp",
            "/jars/*",
        ]
        volumes = {"/var/lib/kafka/data": self.folder / "data"}
        formatting = ["kafka.tools.StorageTool", "format", "-t", "rehearsal-of-compose-00", "-c", "/server.properties"]
        for words in (formatting, ["kafka.Kafka", "/server.properties"]):
            yield image.command([*java, *words], {}, mounts, volumes)

    def stage(self, service: str, web_port: int) -> list[str]:
        """The command line of a service of ours."""
        said = self.document["services"][service]
        mounts = {**self.secrets(service), "/etc/tocsin/tocsin.toml": self.with_ports("tocsin.toml")}
        mounts |= {"/etc/hosts": self.folder / "hosts"}
        volume = self.folder / f"volume-{service}"
        volume.mkdir()
        environment = {**said["environment"], "TOCSIN__WEB__PORT": str(web_port)}
        words = [*self.image.entry, *shlex.split(said["command"].replace("${FIRST_START:-}", "--first-start"))]
        return self.image.command(words, environment, mounts, {"/var/lib/tocsin": volume})

    @contextmanager
    def running(self, name: str, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A process for the length of a block; what it says is in a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")[-2_000:]

    async def give_rights(self) -> None:
        """What the service `rights` does: every line of rights.sh."""
        for line in (DEPLOY / "compose" / "rights.sh").read_text("utf-8").splitlines():
            if not line.startswith("#"):
                user = line.split("User:")[1].split()[0]
                await give(self.administrator, user, read_acls(line, user))


def _answers(port: int, page: str, word: str = "") -> bool:
    """Whether a stage is there and well, and its page has the word."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=5) as answer:
            return word in str(answer.read(), "utf-8")
    except (urllib.error.URLError, OSError):
        return False


def _is_ready(stage: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the stage says so; True as well if it has ended, since then nobody need wait."""
    return stage.poll() is not None or _answers(port, "readyz")


def _done(command: list[str]) -> str:
    """What a command that must succeed printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_compose_starts_with_users_rights_and_tls_and_every_stage_becomes_ready(
    image: Image, tmp_path: Path
) -> None:
    rehearsal = Rehearsal(image, tmp_path)
    formatting, broker = rehearsal.kafka()
    _done(formatting)
    with ExitStack() as stack:
        stack.enter_context(rehearsal.running("kafka", broker))
        await until(lambda: "Kafka Server started" in rehearsal.said("kafka"), 60, lambda: rehearsal.said("kafka"))
        await rehearsal.give_rights()
        assert _done(rehearsal.stage("topics", 0)).startswith("made: telemetry")
        ports = {stage: free_port() for stage in STAGES}
        running = {
            stage: stack.enter_context(rehearsal.running(stage, rehearsal.stage(stage, port)))
            for stage, port in ports.items()
        }
        for stage, port in ports.items():
            await until(partial(_is_ready, running[stage], port), 60, partial(rehearsal.said, stage))
            assert running[stage].poll() is None, rehearsal.said(stage)
            assert _answers(port, "metrics", "tocsin_build_info"), stage
        for stage, process in running.items():
            _stop(process)
            assert process.wait(30) == 0, rehearsal.said(stage)
            assert '"stopped": 1' in (tmp_path / f"volume-{stage}" / f"{stage}.json").read_text("utf-8")


def _stop(sandbox: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the program in the sandbox, as Docker sends it to the first process of a container."""
    children = Path(f"/proc/{sandbox.pid}/task/{sandbox.pid}/children").read_text("utf-8").split()
    for child in children:
        for program in Path(f"/proc/{child}/task/{child}/children").read_text("utf-8").split():
            os.kill(int(program), signal.SIGTERM)

"""A Kafka broker of our own: one node, for `make run` and for the tests.

Jars come from Maven Central through deploy/kafka/pom.xml, are checked against
deploy/kafka/checksums.txt and kept in the cache folder, so that the second
start needs no network. It is a real Apache Kafka on purpose: the guarantees
of this project lean on transactions, fencing and the group protocol, and no
imitation has them all.

The broker is bound to the thread that starts it: when that thread ends, by
whatever means, the kernel ends the broker too, and nothing is left behind.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from pipeline.adapters.local.supervisor import die_with_parent
from pipeline.adapters.shipped import cache_folder, shipped
from pipeline.records.errors import ConfigError

KAFKA_VERSION = "4.1.1"
JAVA_MAJOR_MIN = 17
START_SECONDS_MAX = 60.0
STARTED = "Kafka Server started"
"""What KafkaRaftServer logs once clients are served."""


class BrokerError(Exception):
    """The broker cannot be had; the message is one line and says what to do."""


class BrokerMissingError(BrokerError, ConfigError):
    """The broker cannot be had before somebody installs or repairs something: another start ends the same way."""


def deploy_folder() -> Path:
    """Where pom.xml, checksums.txt, server.properties and log4j2.yaml are."""
    return shipped("kafka", in_checkout="deploy/kafka")


def fetch_jars() -> Path:
    """Have Kafka's jars, download them if need be, and check every one.

    Returns:
        The folder that holds them.

    Raises:
        BrokerError: If Maven is missing or fails, or a jar is not the one that
            checksums.txt names.
    """
    folder = cache_folder() / f"kafka-{KAFKA_VERSION}"
    if not folder.is_dir():
        _download(folder)
    if wrong := _differences(folder):
        raise BrokerMissingError(f"{folder}: {wrong}; delete the folder and start again")
    return folder


def _download(folder: Path) -> None:
    if shutil.which("mvn") is None:
        raise BrokerMissingError(
            "mvn is missing: install Maven (apt-get install maven), Kafka's jars come from Maven Central"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = f"{folder.parent}: {error.strerror}; set TOCSIN_CACHE to a folder that can be written"
        raise BrokerMissingError(words) from error
    with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
        command = ["mvn", "-q", "-B", "-f", str(deploy_folder() / "pom.xml"), "dependency:copy-dependencies"]
        jars = Path(fresh) / "jars"
        run = subprocess.run(  # noqa: S603 - a fixed command
            [*command, "-DincludeScope=runtime", f"-DoutputDirectory={jars}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise BrokerError(f"mvn could not fetch Kafka's jars: {_last_line(run.stdout + run.stderr)}")
        with contextlib.suppress(OSError):  # another process was faster: its folder is as good, and checked as well
            jars.rename(folder)


def _differences(folder: Path) -> str:
    expected = {}
    for line in (deploy_folder() / "checksums.txt").read_text().splitlines():
        digest, name = line.split()
        expected[name] = digest
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
    if missing := sorted(expected.keys() - found.keys()):
        return f"{missing[0]} is missing"
    if extra := sorted(found.keys() - expected.keys()):
        return f"{extra[0]} is not in checksums.txt"
    if wrong := sorted(name for name in expected if expected[name] != found[name]):
        return f"{wrong[0]} has sha256 {found[wrong[0]]}, must have {expected[wrong[0]]}"
    return ""


def find_java() -> str:
    """The java command.

    Raises:
        BrokerError: If there is none, or it is older than 17.
    """
    java = shutil.which("java")
    if java is None:
        raise BrokerMissingError("java is missing: install Java 17 (apt-get install openjdk-17-jre-headless)")
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    words = run.stderr.split('"')
    major = words[1].split(".")[0] if len(words) > 1 else "?"
    if not major.isdigit() or int(major) < JAVA_MAJOR_MIN:
        raise BrokerMissingError(
            f"java is version {major}, must be {JAVA_MAJOR_MIN} or newer for Kafka {KAFKA_VERSION}"
        )
    return java


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_or_another(port: int) -> int:
    """A port of the loopback interface if nobody listens on it, else one that is free."""
    try:
        _require_free(port)
    except ConfigError:
        return free_port()
    return port


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Kafka: one that was just closed is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError(f"port {port}: cannot listen on 127.0.0.1: {error.strerror}; name another") from None


class Broker:
    """One broker process and its data folder.

    Ports and data outlive a stop, so that `start` after `stop` or `kill` is
    the same broker again to its clients.

    Args:
        data: Folder for logs and the generated settings; made if need be. One
            that an earlier broker left behind is taken over.
        port: Where clients connect, on 127.0.0.1; None takes a free one.
        settings: Settings of the broker, over those of server.properties; `{port}` and
            its like are filled in as there.
        users: Name to password, of users that log in by SCRAM-SHA-512; made with the data folder.
        heap_mb: Java's largest heap, in MB.
        cluster: Name of a cluster of several brokers, 22 letters and digits that all of them share, with
            `controller.quorum.voters` in the settings; None for a broker that is alone.

    Raises:
        BrokerError: If java or the jars cannot be had.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        users: Mapping[str, str] | None = None,
        heap_mb: int = 1_024,
        cluster: str | None = None,
    ) -> None:
        self.data = data
        self._more = dict(settings or {})
        self._users = dict(users or {})
        self._heap_mb = heap_mb
        self._cluster = cluster
        self.port = port or free_port()
        self._controller_port = free_port()
        self._java = find_java()
        self._jars = fetch_jars()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """Address for clients, host:port."""
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the broker printed."""
        return self.data / "broker.log"

    @property
    def is_running(self) -> bool:
        """Whether the process is there; a paused one is."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The broker's process id; BrokerError if it does not run."""
        if self._process is None:
            raise BrokerError("the broker is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the broker and wait until it serves clients (2 to 4 s).

        Raises:
            BrokerError: If it ends or is silent for 60 s; names its log.
            ConfigError: If somebody else listens on its port.
        """
        _require_free(self.port)
        self.data.mkdir(parents=True, exist_ok=True)
        settings = self._write_settings()
        if not (self.data / "kafka" / "meta.properties").is_file():
            self._format(settings)
        seen = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                [*self._command(f"-Xmx{self._heap_mb}m"), "kafka.Kafka", str(settings)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the supervisor, which stops its broker last
                preexec_fn=die_with_parent,
            )
        self._await_started(seen)

    def stop(self) -> None:
        """End the broker in order, at most 20 s, then by force; nothing if it does not run."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
        self.kill()

    def kill(self) -> None:
        """End the broker as a power cut would (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Stop and start again, with the same address and data."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the broker (SIGSTOP); `resume` thaws it."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Thaw a paused broker."""
        os.kill(self.pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _command(self, heap: str) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={deploy_folder() / 'log4j2.yaml'}"
        return [self._java, heap, "-XX:+UseSerialGC", logging, "-cp", f"{self._jars}/*"]

    def _write_settings(self) -> Path:
        more = "".join(f"{name}={value}\n" for name, value in self._more.items())
        text = (deploy_folder() / "server.properties").read_text() + more
        for name, value in {
            "port": self.port,
            "controller_port": self._controller_port,
            "data": self.data.resolve() / "kafka",
        }.items():
            text = text.replace("{" + name + "}", str(value))
        settings = self.data / "server.properties"
        settings.write_text(text)
        return settings

    def _format(self, settings: Path) -> None:
        cluster = self._cluster or hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:22]
        tool = [*self._command("-Xmx128m"), "kafka.tools.StorageTool", "format"]
        if self._cluster is None:
            tool.append("--standalone")
        for name, password in self._users.items():
            tool += ["--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]"]
        run = subprocess.run(  # noqa: S603 - a fixed command
            [*tool, "-t", cluster, "-c", str(settings)],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise BrokerError(f"{self.data}: Kafka could not format it: {_last_line(run.stdout + run.stderr)}")

    def _await_started(self, seen: int) -> None:
        process, give_up = self._process, time.monotonic() + START_SECONDS_MAX
        while process is not None and process.poll() is None and time.monotonic() < give_up:
            with self.log.open("rb") as log:
                log.seek(seen)
                if STARTED.encode() in log.read():
                    return
            time.sleep(0.05)
        self.kill()
        raise BrokerError(
            f"Kafka did not start at {self.bootstrap}: {_last_line(self.log.read_text())} (all in {self.log})"
        )


@contextlib.contextmanager
def running_broker(data: Path | None = None, *, port: int | None = None) -> Iterator[Broker]:
    """A broker for the length of a with block.

    Args:
        data: Its data folder; None takes a temporary one that goes with it.
        port: Where clients connect; None takes a free one.

    Yields:
        The running broker.

    Raises:
        BrokerError: If it cannot be had.
    """
    with contextlib.ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-kafka-")))
        yield stack.enter_context(Broker(folder, port=port))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"

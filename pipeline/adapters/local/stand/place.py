"""Where everything of the stand is: a file that its processes and `tocsin drill` read."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipeline.adapters.shipped import ROOT
from pipeline.records.errors import ConfigError

STAND_FILE: Final = ROOT / ".build" / "stand.json"
"""Where a stand says that it runs, unless told otherwise; gone once it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A stand that runs.

    Attributes:
        bootstrap: Kafka, host:port.
        broker_pid: Kafka's process.
        stages: Name of a stage to host:port of its probes and metrics.
        prometheus: Host:port.
        alertmanager: Host:port; empty where it cannot run.
        page: Host:port of the page that lists all this.
        folder: What the processes keep: configuration, data, process ids; it goes with the stand.
        minute_seconds: Seconds that a minute of the alerts takes, 60 unless they are hastened.
    """

    bootstrap: str
    broker_pid: int
    stages: dict[str, str]
    prometheus: str
    alertmanager: str
    page: str
    folder: str
    minute_seconds: int

    @property
    def wishes(self) -> Path:
        """What the feed is asked to leave out or to send late."""
        return Path(self.folder) / "wishes.json"

    def pid_file(self, name: str) -> Path:
        """Keeps the process id of a program, rewritten with each start."""
        return Path(self.folder) / f"{name}.pid"

    def pid(self, name: str) -> int:
        """The process id of a program, or of `kafka`."""
        return self.broker_pid if name == "kafka" else int(self.pid_file(name).read_text())

    def note_start(self, name: str, pid: int) -> None:
        """Keep the process id of a program that has just started."""
        fresh = self.pid_file(name).with_suffix(".new")
        fresh.write_text(str(pid))
        fresh.replace(self.pid_file(name))  # whoever reads meanwhile finds the old one or the new one, whole

    def write(self, path: Path) -> None:
        """Say that it runs."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1), "utf-8")


def find_stand(path: Path) -> Stand:
    """The stand that runs.

    Args:
        path: File in which it says so.

    Raises:
        ConfigError: If there is none.
    """
    try:
        return Stand(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no stand runs here: start one with `make run ALL=1`, then try again") from None

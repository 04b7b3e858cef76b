"""`tocsin run` on a Kafka of its own: incidents arrive, Ctrl-C ends it, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

"""Five are promised; the machine that tests may be busy with other tests."""

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]


def descendants(pid: int) -> set[int]:
    """Process ids of all that a process has started, by the parents that /proc names."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, open_ends = set(), [pid]
    while open_ends:
        for child in children.get(open_ends.pop(), []):
            found.add(child)
            open_ends.append(child)
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_run_tells_incidents_and_ctrl_c_leaves_no_process(night: Path, tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("tocsin")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN__")}
    few = ("--set", "partitions.signals=2", "--set", "partitions.anomalies=1")
    with (tmp_path / "errors").open("w") as errors:
        process = subprocess.Popen(
            [str(script), "run", str(night), "--speed", "max", *few],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=tmp_path,
            env=environment,
        )
    guard = threading.Timer(200, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "opened" in first, (tmp_path / "errors").read_text()
        started = descendants(process.pid)
        assert len(started) >= 5, "Kafka, three stages and the teller"
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
        assert not [pid for pid in started if is_running(pid)]
    finally:
        guard.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()

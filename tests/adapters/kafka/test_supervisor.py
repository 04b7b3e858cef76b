"""The supervisor: restarts what asks for it, stops for everything else, leaves nothing behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.adapters.local.supervisor import Program, Supervisor

WAIT = "import time; time.sleep(100_000)"
"""Whoever is not stopped outlives the test's own time limit."""
SECONDS_MAX = 120
"""Nobody needs as long, however busy the machine is."""


def python(name: str, code: str, *, is_done_by_itself: bool = False) -> Program:
    return Program(name=name, command=[sys.executable, "-c", code], is_done_by_itself=is_done_by_itself)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return b"State:\tZ" not in Path(f"/proc/{pid}/status").read_bytes()


def wait_for(path: Path) -> str:
    give_up = time.monotonic() + SECONDS_MAX
    while time.monotonic() < give_up:
        if path.exists() and (text := path.read_text().strip()):
            return text
        time.sleep(0.02)
    pytest.fail(f"{path.name} was never written")


def signal_when_written(path: Path, number: signal.Signals) -> None:
    wait_for(path)
    os.kill(os.getpid(), number)


def wait_for_end(pid: int) -> None:
    give_up = time.monotonic() + SECONDS_MAX
    while is_alive(pid) and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_exit_70_is_started_again_and_exit_2_ends_all_with_2(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    code = f"import sys; p = {str(log)!r}; open(p, 'a').write('x'); sys.exit(70 if len(open(p).read()) < 3 else 2)"
    said: list[str] = []
    assert Supervisor([python("ingest", code), python("other", WAIT)], said.append).run() == 2
    assert log.read_text() == "xxx"
    assert said == [
        "ingest: ended with 70, starts again in 0.2 s",
        "ingest: ended with 70, starts again in 0.4 s",
        "ingest: ended with 2: stopping all",
    ]


def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    code = (
        f"import os, signal, sys; p = {str(log)!r}; open(p, 'a').write('x');"
        " sys.exit(2) if len(open(p).read()) > 1 else os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert Supervisor([python("detect", code)], lambda _: None).run() == 2
    assert log.read_text() == "xx"


def test_a_program_that_is_done_by_itself_ends_nobody_else(tmp_path: Path) -> None:
    said: list[str] = []
    heard = tmp_path / "heard"

    def hear(line: str) -> None:
        said.append(line)
        heard.touch()

    code = f"import pathlib, time\nwhile not pathlib.Path({str(heard)!r}).exists(): time.sleep(0.02)\nexit(4)"
    programs = [python("play", "pass", is_done_by_itself=True), python("ingest", code)]
    assert Supervisor(programs, hear).run() == 4
    assert said == ["play: done", "ingest: ended with 4: stopping all"]


def test_no_kafka_just_now_is_no_reason_to_give_up(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    code = f"import sys; p = {str(log)!r}; open(p, 'a').write('x'); sys.exit(3 if len(open(p).read()) < 2 else 2)"
    assert Supervisor([python("ingest", code)], lambda _: None).run() == 2
    assert log.read_text() == "xx"


def test_what_cannot_come_back_ends_all_with_70(tmp_path: Path) -> None:
    started, said = tmp_path / "started", list[str]()
    code = f"open({str(started)!r}, 'w').write('x'); {WAIT}"
    assert Supervisor([python("a", code)], said.append, lambda: "Kafka" if started.exists() else "").run() == 70
    assert said == ["Kafka ended: stopping all"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_even_the_deaf(tmp_path: Path, number: signal.Signals) -> None:
    pids = [tmp_path / "deaf", tmp_path / "grandchild"]
    deaf = (
        "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"child = subprocess.Popen([sys.executable, '-c', {WAIT!r}]);"
        f"open({str(pids[1])!r}, 'w').write(str(child.pid)); open({str(pids[0])!r}, 'w').write(str(os.getpid()));"
        f"{WAIT}"
    )
    threading.Thread(target=signal_when_written, args=(pids[0], number)).start()
    assert Supervisor([python("deaf", deaf), python("good", WAIT)], lambda _: None).run() == 0
    for path in pids:
        wait_for_end(int(path.read_text()))


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    child = f"import os; open({str(pid)!r}, 'w').write(str(os.getpid())); {WAIT}"
    code = (
        "from pipeline.adapters.local.supervisor import *; import sys;"
        f"Supervisor([Program(name='a', command=[sys.executable, '-c', {child!r}])]).run()"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    number = int(wait_for(pid))
    supervisor.kill()
    supervisor.wait()
    wait_for_end(number)

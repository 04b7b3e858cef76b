"""Probes: alive is a loop that goes round, ready is work that is owned with its state; also over HTTP."""

import contextlib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from pipeline.adapters.observing.metrics.families import CONTENT_TYPE, Families
from pipeline.adapters.web.health import LOOP_SECONDS_MAX, START_SECONDS_MAX, Health
from pipeline.adapters.web.server import Server
from pipeline.records.errors import ConfigError


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_process_that_starts_is_alive_but_not_ready() -> None:
    health = Health(Clock())
    assert health.live().is_ok
    assert not health.ready().is_ok


def test_a_start_may_not_last_for_ever() -> None:
    clock = Clock()
    health = Health(clock)
    clock.now = START_SECONDS_MAX + 1
    assert not health.live().is_ok


def test_no_process_is_ready_while_it_loads_states_neither_first_nor_later() -> None:
    health = Health(Clock())
    for _ in range(2):
        health.taking_over("detect", 3)
        health.state_loaded("detect", 7, 0.1)
        assert health.ready() == (False, "states are being loaded")
        assert health.live().is_ok
        health.assigned("detect", 3)
        assert health.ready().is_ok


def test_a_spare_process_that_owns_nothing_is_ready() -> None:
    health = Health(Clock())
    health.assigned("detect", 0)
    assert health.ready().is_ok


def test_a_loop_that_stands_still_is_neither_alive_nor_ready() -> None:
    clock = Clock()
    health = Health(clock)
    health.assigned("ingest", 4)
    health.alive("ingest")
    clock.now = LOOP_SECONDS_MAX
    assert health.live().is_ok
    clock.now += 1
    assert not health.live().is_ok
    assert not health.ready().is_ok


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def server(health: Health) -> Iterator[Server]:
    server = Server(health, Families().page, CONTENT_TYPE)
    server.start("127.0.0.1", 0)
    yield server
    server.stop()


def answer(server: Server, path: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=120) as got:
            return got.status, got.read().decode(), got.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers["Content-Type"]


def test_probes_answer_over_http(server: Server, health: Health) -> None:
    assert answer(server, "/livez")[0] == 200
    code, why, _ = answer(server, "/readyz")
    assert (code, why) == (503, "no assignment yet\n")
    health.assigned("ingest", 2)
    assert answer(server, "/readyz")[:2] == (200, "owns 2 partitions\n")
    assert answer(server, "/other")[0] == 404


def test_metrics_answer_over_http(server: Server) -> None:
    code, page, kind = answer(server, "/metrics")
    assert code == 200
    assert "tocsin_build_info" in page
    assert kind == CONTENT_TYPE


@pytest.fixture
def hasty() -> Iterator[Server]:
    server = Server(Health(), Families().page, CONTENT_TYPE, seconds_max=0.3)
    server.start("127.0.0.1", 0)
    yield server
    server.stop()


SLOW = (b"", b"GET /livez HTTP/1.1\r\nHost:", b"POST /livez HTTP/1.1\r\nContent-Length: 9\r\n\r\nx")


@pytest.mark.parametrize("sent", SLOW)
def test_who_never_ends_a_request_is_shown_out(hasty: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=120) as slow:
        slow.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            while slow.recv(65_536):  # a time-out of the socket fails the test
                pass


def test_a_header_of_five_megabytes_is_refused_without_a_word_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as client, contextlib.suppress(OSError):
        client.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 5_000_000 + b"\r\n\r\n")
        while client.recv(65_536):
            pass
    assert answer(server, "/livez")[0] == 200
    assert caplog.records == []


CROWDED = """
import os, resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
from pipeline.adapters.observing.metrics.families import CONTENT_TYPE, Families
from pipeline.adapters.web.health import Health
from pipeline.adapters.web.server import Server
server = Server(Health(), Families().page, CONTENT_TYPE)
server.start("127.0.0.1", 0)
print(server.port, flush=True)
sys.stdin.readline()
taken = [socket.socket() for _ in range(150)]  # Kafka's brokers
print(len(taken), flush=True)
sys.stdin.readline()
"""


def test_four_hundred_idle_clients_take_neither_the_probe_away_nor_the_sockets_of_kafka() -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", CROWDED], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    port = int(process.stdout.readline())
    with contextlib.ExitStack() as idle:
        for _ in range(400):
            idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=120))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=120) as got:
            assert got.status == 200
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "150\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=120) as got:
            assert got.status == 200
    _, said = process.communicate("\n", timeout=120)
    assert said == ""


def test_a_port_that_is_taken_is_a_mistake_of_settings(server: Server, health: Health) -> None:
    with pytest.raises(ConfigError, match=f"web.port = {server.port}: cannot listen"):
        Server(health, Families().page, CONTENT_TYPE).start("127.0.0.1", server.port)

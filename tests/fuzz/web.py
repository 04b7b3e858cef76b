"""The door of the probes: bytes of anybody on a real socket; whatever they are, the probe answers afterwards."""

import socket
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.adapters.web.health import Health
from pipeline.adapters.web.server import Server
from tests.fuzz.door import Door

REQUESTS: Final = (
    b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd",
    b"GET /readyz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
)
_ANSWER_BYTES_MAX: Final = 1 << 20
_PATIENCE_SECONDS: Final = 60.0


@cache
def _port() -> int:
    """A server of this process, which goes with it."""
    server = Server(Health(), lambda: b"tocsin_up 1\n", "text/plain")
    server.start("127.0.0.1", 0)
    return server.port


def _answered(data: bytes, *, is_whole: bool = False) -> bytes:
    """What the server answers; after a request that may be half the client says that no more will come."""
    with socket.create_connection(("127.0.0.1", _port()), timeout=_PATIENCE_SECONDS) as client:
        answer = b""
        try:
            client.sendall(data)
            if not is_whole:
                client.shutdown(socket.SHUT_WR)
            while len(answer) < _ANSWER_BYTES_MAX and (piece := client.recv(1 << 16)):
                answer += piece
        except ConnectionError:  # the server may hang up in the middle of a bad request
            pass
        return answer


def _requested(_folder: Path, data: bytes) -> None:
    answer = _answered(data)
    if answer and not answer.startswith(b"HTTP/"):
        raise AssertionError(f"answered {answer[:80]!r}")
    if answer[9:12] == b"500":
        raise AssertionError("answered 500: an error of ours")
    if not _answered(REQUESTS[0], is_whole=True).startswith(b"HTTP/1."):
        raise AssertionError("the probe does not answer any more")


def doors() -> dict[str, Door]:
    """The door, by name."""
    return {"http": Door(REQUESTS, _requested)}

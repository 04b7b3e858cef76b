"""The door of the web server: how many may stand in it, and for how long.

Probes are answered in milliseconds, so whoever needs seconds is slow, idle or
hostile. Each connection carries one request and ends after ten seconds. When
all places are taken, the guest who came first goes, not the one who comes: a
crowd of idle clients then never keeps a probe out, and never takes the
descriptors that Kafka's sockets need.
"""

import asyncio
import socket
from typing import Final

from aiohttp import web

GUESTS_MAX: Final = 32
"""Connections held at a time; a kubelet and a few Prometheus servers need less than ten."""

ACCEPTED_AT_ONCE: Final = 16
"""Connections that asyncio takes from the system before it asks the door for the first of them."""

BACKLOG: Final = 128
"""Connections that wait in the system, without a descriptor of ours; one that finds no room there waits a second."""

SECONDS_MAX: Final = 10.0
"""From the connection to the last byte of the answer; a page of metrics takes a tenth of a second."""


class Door:
    """A protocol factory for `asyncio`'s servers that bounds what aiohttp's server may hold.

    Args:
        server: aiohttp's; makes the protocol of each connection.
        loop: In which it runs.
        seconds_max: Life of a connection, above 0.
    """

    def __init__(self, server: web.Server, loop: asyncio.AbstractEventLoop, seconds_max: float) -> None:
        self._server, self._loop, self._seconds_max = server, loop, seconds_max

    async def open(self, listening: socket.socket) -> asyncio.Server:
        """Serve who comes to a socket that listens."""
        serving = await self._loop.create_server(self, sock=listening, backlog=ACCEPTED_AT_ONCE)
        listening.listen(BACKLOG)  # asyncio has one number for both
        return serving

    def __call__(self) -> web.RequestHandler:
        """The protocol of a new connection; makes room for it first."""
        held = [guest for guest in self._server.connections if not _is_gone(guest)]
        for guest in held[: max(0, len(held) - GUESTS_MAX + 1)]:
            _show_out(guest)
        newcomer = self._server()
        self._loop.call_later(self._seconds_max, _show_out, newcomer)
        return newcomer


def _is_gone(guest: web.RequestHandler) -> bool:
    return guest.transport is None or guest.transport.is_closing()


def _show_out(guest: web.RequestHandler) -> None:
    if guest.transport is not None:
        guest.transport.abort()

"""Probes and metrics over HTTP: /livez, /readyz, /metrics; on loopback unless the settings say otherwise.

A thread with an event loop of its own: it answers while the stage's loop is
busy or stuck, which is when the answer matters. It ends with the process.
"""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from typing import Final

from aiohttp import web

from pipeline.adapters.web.door import SECONDS_MAX, Door
from pipeline.adapters.web.health import Health, Verdict
from pipeline.records.errors import ConfigError

START_SECONDS_MAX: Final = 10.0

_QUIET: Final = logging.getLogger("tocsin.web")
"""What aiohttp says of single requests: a sender's mistake is answered with 400, and is no event of ours."""
_QUIET.setLevel(logging.CRITICAL)


class Server:
    """Serves one process's probes and metrics.

    Args:
        health: Answers the probes.
        page: The metrics.
        content_type: Content type of the metrics.
        seconds_max: From a connection to the last byte of its answer.
    """

    def __init__(
        self, health: Health, page: Callable[[], bytes], content_type: str, seconds_max: float = SECONDS_MAX
    ) -> None:
        self._health, self._page, self._content_type = health, page, content_type
        self._seconds_max = seconds_max
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="web", daemon=True)
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self.port = 0

    def start(self, host: str, port: int) -> None:
        """Listen; `self.port` is the one that was taken.

        Args:
            host: Name or address of the interface.
            port: 0 takes a free one.

        Raises:
            ConfigError: If the port cannot be had.
        """
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(host, port), self._loop).result(START_SECONDS_MAX)
        except OSError as error:
            self.stop()
            raise ConfigError(f"web.port = {port}: cannot listen on {host}: {error.strerror}; name another") from None

    def stop(self) -> None:
        """Stop listening, at once."""
        if self._listener is not None:
            self._loop.call_soon_threadsafe(self._listener.close)
        if self._runner is not None:
            with contextlib.suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(1.0)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(1.0)
        if not self._thread.is_alive():
            self._loop.close()

    async def _listen(self, host: str, port: int) -> None:
        app = web.Application()
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(
            app, access_log=None, logger=_QUIET, handle_signals=False, shutdown_timeout=0.5, keepalive_timeout=0
        )
        await self._runner.setup()
        assert self._runner.server is not None, "setup makes it"
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        self.port = int(listening.getsockname()[1])
        self._listener = await Door(self._runner.server, self._loop, self._seconds_max).open(listening)

    async def _live(self, request: web.Request) -> web.Response:
        del request
        return _answer(self._health.live())

    async def _ready(self, request: web.Request) -> web.Response:
        del request
        return _answer(self._health.ready())

    async def _metrics(self, request: web.Request) -> web.Response:
        del request
        return web.Response(body=self._page(), headers={"Content-Type": self._content_type})


def _answer(verdict: Verdict) -> web.Response:
    return web.Response(text=verdict.why + "\n", status=200 if verdict.is_ok else 503)

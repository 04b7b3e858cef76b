"""How a fault is caused on the stand, kept up until its alert fires, and ended."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.producers import start_plain
from pipeline.adapters.local.stand.asking import ask
from pipeline.adapters.local.stand.faults import Act, Claimed, Killed, Paused, Refused, Wished
from pipeline.adapters.local.stand.place import Stand
from pipeline.adapters.local.stand.records import REFUSED, Sent, emergency_ticket, order

PAUSE_SECONDS = 0.33
"""Between two times that a fault is kept up."""

WAIT_SECONDS_MIN = 45.0
"""A record that waits for 30 s misses the objective."""

KeepUp = Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def caused(act: Act, stand: Stand) -> AsyncIterator[KeepUp]:
    """Cause a fault for the length of the block.

    Args:
        act: What to do.
        stand: The stand on which it is done.

    Yields:
        Keeps the fault up; to be called every `PAUSE_SECONDS`.
    """
    if isinstance(act, Paused):
        cause = _paused(act, stand)
    elif isinstance(act, Killed):
        cause = _killed(act, stand)
    elif isinstance(act, Wished):
        cause = _wished(act, stand)
    elif isinstance(act, Refused):
        cause = _refused(act, stand)
    else:
        cause = _claimed(act, stand)
    async with cause as keep_up:
        yield keep_up


async def _nothing() -> None:
    """There is nothing to be kept up."""


@contextlib.asynccontextmanager
async def _standing_still(program: str, stand: Stand) -> AsyncIterator[None]:
    pid = stand.pid(program)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextlib.asynccontextmanager
async def _paused(act: Paused, stand: Stand) -> AsyncIterator[KeepUp]:
    async with _standing_still(act.program, stand):
        if act.minutes_min:
            await asyncio.sleep(max(WAIT_SECONDS_MIN, act.minutes_min * stand.minute_seconds))
        else:
            yield _nothing
    if act.minutes_min:  # what waited is told once it is worked on
        yield _nothing


@contextlib.asynccontextmanager
async def _killed(act: Killed, stand: Stand) -> AsyncIterator[KeepUp]:
    began, killed = f'process_start_time_seconds{{instance="{stand.stages[act.program]}"}}', ""

    async def kill() -> None:
        """Kill it if Prometheus has seen another start since the last time: one that nobody saw would not be counted.

        Starts are told apart and not compared with a clock: Linux tells them up to a second too early.
        """
        nonlocal killed
        for sample in await ask(stand.prometheus, began):
            if (start := str(sample["value"][1])) != killed:
                killed = start
                os.kill(stand.pid(act.program), signal.SIGKILL)

    if not act.without_kafka:
        yield kill
        return
    async with _standing_still("kafka", stand):
        os.kill(stand.pid(act.program), signal.SIGKILL)
        yield _nothing


@contextlib.asynccontextmanager
async def _wished(act: Wished, stand: Stand) -> AsyncIterator[KeepUp]:
    stand.wishes.write_text(json.dumps({act.how: [act.operator]}), "utf-8")
    try:
        yield _nothing
    finally:
        stand.wishes.unlink()


@contextlib.asynccontextmanager
async def _sending(stand: Stand) -> AsyncIterator[Callable[[Sent], Awaitable[None]]]:
    producer = await start_plain(Connection(bootstrap=stand.bootstrap))

    async def send(sent: Sent) -> None:
        await producer.send_and_wait(sent.topic, sent.value, headers=list(sent.headers))

    try:
        yield send
    finally:
        await producer.stop()


@contextlib.asynccontextmanager
async def _refused(act: Refused, stand: Stand) -> AsyncIterator[KeepUp]:
    async with _sending(stand) as send:

        async def once_more() -> None:
            await send(REFUSED[act.reason](time.time()))

        yield once_more


@contextlib.asynccontextmanager
async def _claimed(act: Claimed, stand: Stand) -> AsyncIterator[KeepUp]:
    async with _sending(stand) as send:

        async def tell(kind: str) -> None:
            await send(Sent("commands", json.dumps(order(time.time(), kind, act.operator)).encode()))

        last = 0.0

        async def once_more() -> None:
            nonlocal last
            if act.order and time.monotonic() - last > 10:
                last = time.monotonic()
                await tell(act.order)

        await send(Sent("tickets", json.dumps(emergency_ticket(time.time(), act.operator)).encode()))
        try:
            yield once_more
        finally:
            await tell(act.ends_with)

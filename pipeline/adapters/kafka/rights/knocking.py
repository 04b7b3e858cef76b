"""One connection to one broker, whose socket is closed whatever becomes of it.

aiokafka closes a connection that is turned away and does not wait for the end of
it. Over TLS the end takes a word of the broker: a loop that stops before leaves
the socket open until the memory is collected.
"""

import asyncio
import contextlib
from typing import Any

from aiokafka.conn import create_conn

_CLOSE_SECONDS_MAX = 5.0


async def knock(host: str, port: int, **arguments: Any) -> Any:  # aiokafka's connection has no types
    """Connect and log in.

    Args:
        host: Of the broker.
        port: Of the broker, 1 to 65535.
        arguments: As aiokafka's `create_conn` takes them.

    Returns:
        aiokafka's connection, to be ended by `leave`.

    Raises:
        Exception: What TLS, SASL or the socket raise; nothing is left open then.
    """
    closing: list[Any] = []
    try:
        return await create_conn(host, port, on_close=lambda conn, _: closing.append(conn), **arguments)
    except BaseException:
        for conn in closing:
            await leave(conn)
        raise


async def leave(conn: Any) -> None:
    """Close a connection and wait for its end, which a broker that hangs does not hold up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS_MAX):
            await conn.close()

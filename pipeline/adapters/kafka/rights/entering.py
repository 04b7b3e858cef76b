"""The first word with Kafka: a connection that is logged in, or the cause why not.

Every process and every command comes in here first, before aiokafka's clients:
those try for ever, and each try with a wrong password counts towards the lock
of an account.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.conn import collect_hosts
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.causes import cause_of
from pipeline.adapters.kafka.rights.knocking import knock, leave
from pipeline.records.errors import ConfigError

REQUEST_MS_MAX = 10_000
"""A broker answers a first word in milliseconds; one that hangs is told as one that is away."""


class TurnedAwayError(ConfigError):
    """Kafka is there and does not let us in, for a reason that a new start does not mend."""


class NoKafkaError(ConnectionError):
    """Nobody answers where Kafka should be."""


@asynccontextmanager
async def entered(connection: Connection) -> AsyncIterator[Any]:  # aiokafka's connection has no types
    """A connection to the first broker of the bootstrap list that lets us in, for the length of a block.

    The other brokers that it names are tried, too: their names and
    certificates are met by the clients later, when nobody looks.

    Raises:
        TurnedAwayError: If a broker refuses us for a reason that a new start does not mend.
        NoKafkaError: If no broker answers.
    """
    refusals: list[str] = []
    for host, port, _ in collect_hosts(connection.bootstrap, randomize=False):
        try:
            conn, brokers = await _enter(connection, host, port)
        except Exception as error:  # noqa: BLE001 - TLS and SASL raise what they like; the cause decides
            refusals += await _refusal(error, host, port, connection)
            continue
        try:
            await _try_others(connection, [broker for broker in brokers if broker != (host, port)])
            yield conn
        finally:
            await leave(conn)
        return
    if refusals:
        raise TurnedAwayError("\n".join(dict.fromkeys(refusals)))
    raise NoKafkaError(f"no Kafka answers at {connection.bootstrap}")


async def _enter(connection: Connection, host: str, port: int) -> tuple[Any, list[tuple[str, int]]]:
    arguments = {name: value for name, value in connection.client().items() if name != "bootstrap_servers"}
    conn = await knock(host, port, request_timeout_ms=REQUEST_MS_MAX, **arguments)
    try:
        metadata = await conn.send(MetadataRequest([]))
    except BaseException:
        await leave(conn)
        raise
    return conn, [(broker[1], broker[2]) for broker in metadata.brokers]


async def _try_others(connection: Connection, brokers: list[tuple[str, int]]) -> None:
    """Refuse to go on if a broker turns us away for good; one that is down just now does no harm."""

    async def refusal(host: str, port: int) -> list[str]:
        try:
            conn, _ = await _enter(connection, host, port)
        except Exception as error:  # noqa: BLE001 - as above
            return await _refusal(error, host, port, connection)
        await leave(conn)
        return []

    refusals = await asyncio.gather(*(refusal(host, port) for host, port in brokers))
    if found := [line for lines in refusals for line in lines]:
        raise TurnedAwayError("\n".join(found))


async def _refusal(error: Exception, host: str, port: int, connection: Connection) -> list[str]:
    if not isinstance(error, KafkaError | OSError | TimeoutError | EOFError | ValueError):
        raise error
    cause = await cause_of(error, host, port, connection)
    return [] if cause is None else [f"Kafka at {host}:{port}: {cause}"]

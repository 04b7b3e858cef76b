"""Try all rights at once, without doing anything with them.

What a missing right breaks may come days later: the first bad record that
cannot be written to `quarantine`. So at its start a process asks for all of
them. Kafka tells a user's rights on topics by itself; for groups and
transactional ids it is asked for something that it must refuse anyway, a
heartbeat of no member and offsets of no producer: the right is looked at first,
nothing changes, and nobody who runs is fenced.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import RequestStruct, Response
from aiokafka.protocol.group import HeartbeatRequest
from aiokafka.protocol.transaction import AddOffsetsToTxnRequest
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from pipeline.adapters.kafka.rights.needed import Operation, Resource, Right
from pipeline.records.errors import ConfigError

_UNKNOWN_TOPIC, _NO_TOPIC_RIGHT, _NO_GROUP_RIGHT, _NO_TRANSACTIONAL_RIGHT = 3, 29, 30, 53
_CODES: Mapping[Operation, int] = {Operation.READ: 3, Operation.WRITE: 4, Operation.CREATE: 5, Operation.DESCRIBE: 8}
"""Kafka's AclOperation numbers: bits of `authorized_operations`."""

_NOT_TOLD = -(2**31)
"""What a broker without an authorizer may answer instead of rights."""

_NOBODY = -1


class MetadataResponse_v8(Response):  # type: ignore[misc]  # noqa: N801 - aiokafka has no types, and names so
    """What a broker knows of topics, and what this user may do with them."""

    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(("node_id", Int32), ("host", String("utf-8")), ("port", Int32), ("rack", String("utf-8"))),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class MetadataRequest_v8(RequestStruct):  # type: ignore[misc]  # noqa: N801 - as above
    """aiokafka ends at version 5; rights are told since version 8, of Kafka 2.3."""

    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = MetadataResponse_v8
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )

    def prepare(self, versions: Mapping[int, tuple[int, int]]) -> "MetadataRequest_v8":
        """What aiokafka's connection asks of a request: the form that this broker understands."""
        least, most = versions.get(self.API_KEY, (0, 0))
        if not least <= self.API_VERSION <= most:
            raise ConfigError("this Kafka is older than 2.3 and cannot tell rights: update it")
        return self


class Found:
    """What a broker tells of topics.

    Attributes:
        partitions: Topic to number of partitions, of those that may be seen and exist.
        missing: Topics that do not exist.
        hidden: Topics that this user may not see; they may exist or not.
    """

    def __init__(self, topics: Iterable[Any]) -> None:
        self.partitions: dict[str, int] = {}
        self.missing: set[str] = set()
        self.hidden: set[str] = set()
        self._operations: dict[str, int] = {}
        for code, name, _, partitions, operations in topics:
            if code == _NO_TOPIC_RIGHT:
                self.hidden.add(name)
            elif code == _UNKNOWN_TOPIC:
                self.missing.add(name)
            elif not code:
                self.partitions[name] = len(partitions)
                self._operations[name] = operations

    def lacks(self, right: Right) -> bool:
        """Whether the user lacks a right on a topic; of one that does not exist nothing is known."""
        if right.name in self.hidden:
            return True
        told = self._operations.get(right.name, _NOT_TOLD)
        return told != _NOT_TOLD and not told & (1 << _CODES[right.operation])


async def ask_topics(conn: Any, topics: Iterable[str]) -> Found:
    """What there is of these topics and what may be done with them.

    Args:
        conn: aiokafka's connection, logged in.
        topics: Full names.
    """
    names = sorted(set(topics))
    if not names:
        return Found([])
    return Found((await conn.send(MetadataRequest_v8(names, False, False, True))).topics)


async def missing_rights(conn: Any, found: Found, rights: Iterable[Right]) -> list[Right]:
    """Those of the rights that the user does not have, in the order in which they are needed.

    Args:
        conn: aiokafka's connection, logged in.
        found: Of the topics that the rights are about.
        rights: On topics, groups and transactional ids.
    """
    return [right async for right in _missing(conn, found, rights)]


async def _missing(conn: Any, found: Found, rights: Iterable[Right]) -> AsyncIterator[Right]:
    for right in rights:
        if right.resource is Resource.TOPIC:
            lacks = found.lacks(right)
        elif right.resource is Resource.GROUP:
            answer = await conn.send(HeartbeatRequest(right.name, _NOBODY, ""))
            lacks = answer.error_code == _NO_GROUP_RIGHT
        else:
            lacks = await _may_not_transact(conn, right)
        if lacks:
            yield right


async def _may_not_transact(conn: Any, right: Right) -> bool:
    name = right.name + ("0" if right.is_prefix else "")  # of the first lane
    try:
        answer = await conn.send(AddOffsetsToTxnRequest(name, _NOBODY, _NOBODY, right.name))
    except IncompatibleBrokerVersion:  # no transactions at all: the producer will say so
        return False
    return bool(answer.error_code == _NO_TRANSACTIONAL_RIGHT)

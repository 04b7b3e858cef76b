"""The topics: made with the settings they need, and checked before anything is read.

A partition count of ours that differs from the settings is refused, not adapted to:
keys and states hang on it. Raw topics may have any number of partitions, and may be
those of others (`kafka.raw_topics`): which partition is which lane, `layout` says.
"""

import asyncio
import time
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError

from pipeline.adapters.kafka.options import Connection, Partitions
from pipeline.adapters.kafka.rights.entering import NoKafkaError, entered
from pipeline.adapters.kafka.rights.needed import RIGHTS_FIX, Operation, Resource, Right
from pipeline.adapters.kafka.rights.trying import Found, ask_topics, missing_rights
from pipeline.flow import INGEST, KEYED, TOPICS
from pipeline.kinds import Topic, Use
from pipeline.records.clocks import DAY_MS
from pipeline.records.errors import ConfigError

LARGE_BYTES_MAX = 32 * 1024 * 1024
"""Largest slot of a state."""

KNOWN_SECONDS_MAX = 5.0
"""A topic that is not known so long after it was made does not exist."""

_COUNT_FIX = (
    "if the settings are new or were changed, correct partitions.*; if the topic was changed, docs/operating.md says"
    " how to move on, under More partitions"
)
_RAW = frozenset(topic.noun for topic in INGEST.reads)
_ALREADY_EXISTS = 36
_NO_RIGHT = 29
_ENDLESS = str(2**63 - 1)
_PLAYBACK = {
    "message.timestamp.type": "CreateTime",
    "message.timestamp.before.max.ms": _ENDLESS,
    "message.timestamp.after.max.ms": _ENDLESS,
    "retention.ms": "-1",
}
_STATE = {
    "cleanup.policy": "compact",
    "max.message.bytes": str(LARGE_BYTES_MAX),
    "segment.ms": str(10 * 60 * 1_000),
    "min.cleanable.dirty.ratio": "0.05",
}


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """One topic as it must be.

    Attributes:
        noun: Name without the deployment's prefix.
        partitions: Their number.
        settings: Kafka's topic settings, by Kafka's names.
        name: Its whole name, if it is a raw topic of others: those are not made here.
    """

    noun: str
    partitions: int
    settings: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None

    def full_name(self, connection: Connection) -> str:
        """Its name in Kafka."""
        return self.name or connection.topic(self.noun)

    @property
    def expected(self) -> int | None:
        """The number of partitions that it must have; None = any, as a raw topic may."""
        return None if self.noun in _RAW else self.partitions


def plan(partitions: Partitions, *, playback: bool = False) -> list[TopicPlan]:
    """All topics of the flow.

    Args:
        partitions: Their counts.
        playback: Raw topics hold a recording that is played: they keep its
            timestamps, and nothing expires, since by them it is old.

    Returns:
        Those of the map in the order in which records travel, then those of the stages' states.
    """
    plans = [
        TopicPlan(topic.noun, partitions.of(topic), _settings(topic, playback=playback and topic.use is Use.INPUT))
        for topic in TOPICS
    ]
    states = [TopicPlan(stage.state_noun, partitions.of(stage.source), dict(_STATE)) for stage in KEYED]
    return plans + states


def plan_of(connection: Connection, partitions: Partitions, *, playback: bool = False) -> list[TopicPlan]:
    """All topics of the flow in a deployment; a source that is read from topics of others has one plan for each.

    Args:
        connection: Says which topics are those of others.
        partitions: Counts of those that Tocsin makes.
        playback: See `plan`.
    """
    return [
        named
        for made in plan(partitions, playback=playback)
        for named in ([replace(made, name=name) for name in connection.raw.get(made.noun, ())] or [made])
    ]


def _settings(topic: Topic, *, playback: bool) -> dict[str, str]:
    """Kafka's settings of a topic; a raw one that is played into keeps the recording's times, and everything."""
    policies = ["compact"] * topic.is_compacted + ["delete"] * (topic.retention_days is not None)
    settings = {"cleanup.policy": ",".join(policies)}
    if topic.retention_days is not None:
        settings["retention.ms"] = str(topic.retention_days * DAY_MS)
    if topic.bytes_max is not None:
        settings["max.message.bytes"] = str(topic.bytes_max)
    if playback:
        return settings | _PLAYBACK
    return settings | ({"message.timestamp.type": "LogAppendTime"} if topic.use is Use.INPUT else {})


def durable(replication: int) -> dict[str, str]:
    """Kafka's settings of a topic with so many copies that a write which was confirmed outlives a broker.

    Args:
        replication: Copies, 1 or more; one copy less must confirm each write.
    """
    return {"min.insync.replicas": str(max(1, replication - 1)), "unclean.leader.election.enable": "false"}


@asynccontextmanager
async def admin_client(connection: Connection) -> Any:  # an async iterator of AIOKafkaAdminClient, which has no types
    """A Kafka admin client for the length of an async with block; NoKafkaError if no broker answers."""
    admin = AIOKafkaAdminClient(**connection.client())
    try:
        await admin.start()
    except (KafkaConnectionError, OSError) as error:
        raise NoKafkaError(f"no Kafka answers at {connection.bootstrap}") from error
    try:
        yield admin
    finally:
        await admin.close()


async def create_topics(
    connection: Connection, partitions: Partitions, *, replication: int = 1, playback: bool = False
) -> list[str]:
    """Make the topics that do not exist yet; leave the others as they are.

    Args:
        connection: To the brokers.
        partitions: Counts of the new ones.
        replication: Copies of each, 3 in production; one copy less must
            confirm each write.
        playback: See `plan`.

    Returns:
        Nouns of the topics made.

    Raises:
        ConfigError: If Kafka refuses one, or an existing one has another count.
    """
    plans = plan_of(connection, partitions, playback=playback)
    wanted = [
        NewTopic(
            p.full_name(connection), p.partitions, replication, topic_configs={**p.settings, **durable(replication)}
        )
        for p in plans
        if p.name is None
    ]
    async with entered(connection), admin_client(connection) as admin:
        answer = await admin.create_topics(wanted, timeout_ms=30_000)
    made, refused = [], []
    for topic, code, *message in answer.topic_errors:
        if not code:
            made.append(connection.noun(topic))
        elif code == _NO_RIGHT:
            right = Right(Operation.CREATE, Resource.TOPIC, topic)
            refused.append(f"user {connection.login.user} lacks {right}: {RIGHTS_FIX}")
        elif code != _ALREADY_EXISTS:
            refused.append(f"topic {topic}: Kafka refused to make it: error {code} {message[0] if message else ''}")
    if refused:
        raise ConfigError("\n".join(refused))
    await verify_plans(connection, plans)
    return made


async def verify_plans(connection: Connection, plans: Iterable[TopicPlan]) -> None:
    """Refuse to go on if a topic of a plan is missing, or has another number of partitions than it must.

    Args:
        connection: To the brokers.
        plans: Of `plan_of`.

    Raises:
        ConfigError: All mistakes at once.
        NoKafkaError: If no broker answers.
    """
    plans = list(plans)
    counts = {p.noun: p.partitions for p in plans if p.expected is not None}
    seen = [Right(Operation.DESCRIBE, Resource.TOPIC, p.full_name(connection)) for p in plans]
    await verify_topics(connection, counts, seen)


async def verify_topics(
    connection: Connection, expected: Mapping[str, int], rights: Iterable[Right] = ()
) -> dict[str, int]:
    """Refuse to go on if we may not in, a topic is missing or has another number of partitions, or a right is missing.

    A topic that was made just now is not known to every broker at once: a
    missing one is looked for again for some seconds.

    Args:
        connection: To the brokers.
        expected: Noun to number of partitions, of topics that must have so many.
        rights: What this user must be allowed to do; the topics among them must exist, too.

    Returns:
        Whole name of each topic to the number of its partitions.

    Raises:
        ConfigError: All mistakes at once.
        NoKafkaError: If no broker answers: to a stage this is the first word with Kafka.
    """
    rights = list(rights)
    named = [right.name for right in rights if right.resource is Resource.TOPIC]
    topics = dict.fromkeys([connection.topic(noun) for noun in expected] + named)
    give_up = time.monotonic() + KNOWN_SECONDS_MAX
    async with entered(connection) as conn:
        while True:
            found = await ask_topics(conn, topics)
            if not found.missing or time.monotonic() > give_up:
                break
            await asyncio.sleep(0.1)
        counts = {connection.topic(noun): count for noun, count in expected.items()}
        of_others = {name for names in connection.raw.values() for name in names}
        mistakes = [line for topic in topics for line in _mistakes(found, topic, counts.get(topic), of_others)]
        seen = [Right(Operation.DESCRIBE, Resource.TOPIC, topic) for topic in topics if topic not in named]
        lacking = await missing_rights(conn, found, [*seen, *rights])
    mistakes += [f"user {connection.login.user} lacks {right}: {RIGHTS_FIX}" for right in lacking]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return found.partitions


def _mistakes(found: Found, topic: str, expected: int | None, of_others: Container[str]) -> Iterator[str]:
    if topic in found.missing and topic in of_others:
        yield f"topic {topic} does not exist: kafka.raw_topics names it: correct that, or have its owner make it"
    elif topic in found.missing:
        yield f"topic {topic} does not exist: make it with `tocsin topics create`"
    elif expected is not None and (count := found.partitions.get(topic, expected)) != expected:
        yield f"topic {topic} has {count} partitions, the settings say {expected}: {_COUNT_FIX}"

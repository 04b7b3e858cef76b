"""What Tocsin does not like about the settings of topics that others made, or changed.

A partition count stops a process at its start; a setting does harm later, and
without a word: a state that expires, records that compaction takes away unread, a
codec that this installation cannot unpack. So `tocsin topics check` asks Kafka for
the settings of every topic and compares them with what the topic is for.

Two weights: what is wrong loses data or stops a stage; what is a remark may be
meant so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aiokafka import codec
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.topics import TopicPlan, admin_client
from pipeline.flow import INGEST
from pipeline.records.clocks import DAY_MS

_NO_RIGHT: Final = 29
_RAW: Final = frozenset(topic.noun for topic in INGEST.reads)
_ENDLESS: Final = -1
_CAN_READ: Final = {"snappy": codec.has_snappy, "lz4": codec.has_lz4, "zstd": codec.has_zstd}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing about one topic.

    Attributes:
        words: Which topic, which setting, what it is, what it must be and why.
        is_wrong: It loses data or stops a stage; else it may be meant so.
    """

    words: str
    is_wrong: bool


async def objections(connection: Connection, plans: Iterable[TopicPlan]) -> list[Objection]:
    """Ask Kafka for the settings of topics, and say what is not liked.

    Args:
        connection: To the brokers.
        plans: The topics as Tocsin would make them, and those of others that stand in their place.

    Raises:
        NoKafkaError: If no broker answers.
    """
    plans = list(plans)
    resources = [ConfigResource(ConfigResourceType.TOPIC, plan.full_name(connection)) for plan in plans]
    found: dict[str, Mapping[str, str] | None] = {}
    async with admin_client(connection) as admin:
        for answer in await admin.describe_configs(resources):
            for code, _, _, name, entries in (resource[:5] for resource in answer.resources):
                found[name] = None if code else {entry[0]: entry[1] for entry in entries}
                if code == _NO_RIGHT:
                    found[name] = {}
    return [objection for plan in plans for objection in _of_topic(plan.full_name(connection), plan, found)]


def _of_topic(name: str, plan: TopicPlan, found: Mapping[str, Mapping[str, str] | None]) -> Iterator[Objection]:
    settings = found.get(name)
    if settings is None:
        return
    if not settings:
        words = "its settings were not looked at: this user lacks DESCRIBE_CONFIGS on it"
        yield Objection(words=f"topic {name}: {words}", is_wrong=False)
        return
    for words, is_wrong in _disliked(plan, settings):
        yield Objection(words=f"topic {name}: {words}", is_wrong=is_wrong)


def _disliked(plan: TopicPlan, settings: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    yield from _cleaning(plan, settings.get("cleanup.policy", "delete"))
    yield from _sizes(plan, settings)
    yield from _packing(settings.get("compression.type", "producer"))
    yield from _safety(settings)
    if plan.noun in _RAW and settings.get("message.timestamp.type") == "CreateTime":
        words = (
            "message.timestamp.type=CreateTime: what is late, stale or from the future is judged by the clocks of its"
            " senders; LogAppendTime judges by Kafka's, unless a recording is played into it"
        )
        yield words, False


def _cleaning(plan: TopicPlan, policy: str) -> Iterator[tuple[str, bool]]:
    planned = plan.settings["cleanup.policy"]
    if "compact" in policy and "compact" not in planned:
        words = f"cleanup.policy={policy}, must be {planned}: compaction takes records away before they are read"
        yield words, True
    elif "delete" in policy and "delete" not in planned:
        yield f"cleanup.policy={policy}, must be {planned}: what must be kept for ever would expire", True
    elif "compact" in planned and "compact" not in policy:
        yield f"cleanup.policy={policy}, is made as {planned}: it grows without an end", False


def _sizes(plan: TopicPlan, settings: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    largest, planned = int(settings.get("max.message.bytes", 0)), int(plan.settings.get("max.message.bytes", 0))
    if 0 < largest < planned and plan.noun not in _RAW:
        words = f"max.message.bytes={largest}, must be {planned} or more: a stage stops at its first larger record"
        yield words, True
    kept_ms, planned_ms = int(settings.get("retention.ms", _ENDLESS)), int(plan.settings.get("retention.ms", 0))
    if kept_ms != _ENDLESS and kept_ms < planned_ms:
        words = (
            f"retention.ms={kept_ms}, is made as {planned_ms} ({planned_ms // DAY_MS} days): who stands still for"
            " longer than that finds records gone"
        )
        yield words, False


def _packing(kind: str) -> Iterator[tuple[str, bool]]:
    can_read = _CAN_READ.get(kind)
    if can_read is not None and not can_read():
        yield f"compression.type={kind}: this installation cannot unpack it: install the package cramjam", True


def _safety(settings: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    if settings.get("unclean.leader.election.enable") == "true":
        yield "unclean.leader.election.enable=true: what was acknowledged may be lost with a broker", False

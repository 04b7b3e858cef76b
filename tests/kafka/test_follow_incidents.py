"""The downstream service of examples/: committed records, higher revisions, restart from the compacted topic."""

import asyncio
import contextlib
import json
import uuid
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from examples.follow_incidents import Incidents, changes
from pipeline.adapters.local.broker import Broker

SECONDS_MAX = 120


def incident(name: str, revision: int) -> tuple[bytes, bytes]:
    """A record of the topic, as small as the service may expect."""
    content = {
        "incident_id": name,
        "revision": revision,
        "state": "confirmed",
        "updated_at": "2025-02-12T08:05:00.000Z",
    }
    return name.encode(), json.dumps(content).encode()


@pytest.fixture
async def topic(broker: Broker) -> str:
    """A topic of its own, compacted like `incidents`."""
    name = f"incidents-{uuid.uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    compacted = {"cleanup.policy": "compact"}
    await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1, topic_configs=compacted)])
    await admin.close()
    return name


async def publish(producer: AIOKafkaProducer, topic: str, *records: tuple[bytes, bytes | None]) -> None:
    """Write records in one transaction."""
    async with producer.transaction():
        for key, value in records:
            await producer.send_and_wait(topic, value, key=key)


async def follow(broker: Broker, topic: str, last: str) -> tuple[Incidents, list[tuple[str, int]]]:
    """Run the service until it has seen the incident that ends the test."""
    incidents: Incidents = {}
    seen: list[tuple[str, int]] = []

    async def run() -> None:
        async with contextlib.aclosing(changes(broker.bootstrap, topic, incidents)) as following:
            async for change in following:
                seen.append((change["incident_id"], change["revision"]))
                if change["incident_id"] == last:
                    return

    await asyncio.wait_for(run(), SECONDS_MAX)
    return incidents, seen


async def test_the_service_applies_committed_records_and_higher_revisions_only(broker: Broker, topic: str) -> None:
    producer: Any = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=topic)
    await producer.start()
    try:
        await publish(producer, topic, incident("a", 1), incident("a", 3), incident("a", 2), incident("b", 1))
        await producer.begin_transaction()
        await producer.send_and_wait(topic, incident("a", 9)[1], key=b"a")
        await producer.abort_transaction()
        await publish(producer, topic, incident("c", 1), (b"c", None))
        await publish(producer, topic, incident("end", 1))
    finally:
        await producer.stop()
    incidents, seen = await follow(broker, topic, "end")
    assert seen == [("a", 1), ("a", 3), ("b", 1), ("c", 1), ("end", 1)]
    assert {name: known["revision"] for name, known in incidents.items()} == {"a": 3, "b": 1, "end": 1}
    restarted, _ = await follow(broker, topic, "end")
    assert restarted == incidents

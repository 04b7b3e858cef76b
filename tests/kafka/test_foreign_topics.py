"""Topics and records as others make them: every codec, strange headers, settings that do harm later."""

import signal
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from pipeline.adapters.kafka.topic_settings import objections
from pipeline.adapters.kafka.topics import admin_client, plan
from tests.kafka.harness import Flow, until
from tests.kafka.toy_process import PARTITIONS
from tests.kafka.toys import expected_incidents

CODECS = ("gzip", "snappy", "lz4", "zstd")
OUT_SECONDS = 40.0


async def set_topics(flow: Flow, nouns: list[str], settings: dict[str, str]) -> None:
    """Change settings of topics, as somebody with Kafka's tools would."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, flow.connection.topic(noun), settings) for noun in nouns]
    async with admin_client(flow.connection) as admin:
        await admin.alter_configs(resources)


async def test_every_codec_is_read_on_raw_topics_and_on_our_own(flow: Flow) -> None:
    kept = {"cleanup.policy": "compact", "max.message.bytes": str(32 * 1024 * 1024)}
    await set_topics(flow, ["signals"], {"compression.type": "zstd"})
    await set_topics(flow, ["anomalies"], {"compression.type": "snappy"})
    await set_topics(flow, ["incidents"], {"compression.type": "lz4"})
    await set_topics(flow, ["detect-state", "correlate-state"], {**kept, "compression.type": "gzip"})
    numbers: dict[str, list[int]] = {}
    for at, codec in enumerate(CODECS):
        producer = AIOKafkaProducer(**flow.connection.client(), compression_type=codec, linger_ms=20)
        await producer.start()
        values = [f"k{4 * at} {n}".encode() for n in range(200)]
        acks = [await producer.send(flow.connection.topic("telemetry"), value, partition=at) for value in values]
        for ack in acks:
            await ack
        await producer.stop()
        numbers[f"k{4 * at}"] = list(range(200))
    for stage in ("ingest", "detect", "correlate"):
        flow.start(stage)
    await until(all_are_out(flow, 800), OUT_SECONDS, "what was packed is out")
    assert await flow.incidents() == expected_incidents(numbers)
    for process in flow.processes:
        process.send(signal.SIGTERM)
        assert await process.ended(10) == 0
    again = [flow.start(stage, first_start=False) for stage in ("ingest", "detect", "correlate")]  # from packed states
    await flow.send([("k0", 200)])
    numbers["k0"].append(200)
    await until(all_are_out(flow, 801), OUT_SECONDS, "one more is out")
    assert await flow.incidents() == expected_incidents(numbers)
    assert all(process.is_running for process in again)


def all_are_out(flow: Flow, number: int) -> Any:
    async def out() -> bool:
        return sum(map(len, (await flow.incidents()).values())) >= number

    return out


async def test_check_says_what_would_do_harm_later_and_what_may_be_meant_so(flow: Flow) -> None:
    plans = plan(PARTITIONS)
    assert await objections(flow.connection, plans) == []
    await set_topics(flow, ["telemetry"], {"cleanup.policy": "compact", "message.timestamp.type": "CreateTime"})
    await set_topics(flow, ["detect-state"], {"cleanup.policy": "delete"})
    await set_topics(flow, ["signals"], {"max.message.bytes": "1000", "retention.ms": "3600000"})
    found = await objections(flow.connection, plans)
    topic = flow.connection.topic
    wrong = [objection.words for objection in found if objection.is_wrong]
    remarks = [objection.words for objection in found if not objection.is_wrong]
    assert [words.partition("=")[0] for words in wrong] == [
        f"topic {topic('telemetry')}: cleanup.policy",
        f"topic {topic('signals')}: max.message.bytes",
        f"topic {topic('detect-state')}: cleanup.policy",
        f"topic {topic('detect-state')}: max.message.bytes",
    ]
    assert any(words.startswith(f"topic {topic('telemetry')}: message.timestamp.type=CreateTime") for words in remarks)
    assert any(words.startswith(f"topic {topic('signals')}: retention.ms=3600000") for words in remarks)

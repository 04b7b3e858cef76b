"""Topics and records as others make them: every codec, strange headers, settings that do harm later."""

import asyncio
import os
import signal
import sys
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from pipeline.adapters.kafka.tape.record import RecordOptions, record
from pipeline.adapters.kafka.topic_settings import Objection, objections
from pipeline.adapters.kafka.topics import admin_client, plan
from pipeline.adapters.recordings.reader import Recording
from pipeline.records.raw.record import is_heartbeat
from tests.kafka.harness import Flow, until
from tests.kafka.test_failures import left_with
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
    found: list[Objection] = []

    async def told() -> bool:  # a change of settings is seen a moment later
        found[:] = await objections(flow.connection, plans)
        return len(found) >= 6

    await until(told, OUT_SECONDS, lambda: str(found))
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


async def test_a_compacted_raw_topic_gets_heartbeats_too(flow: Flow) -> None:
    """Kafka takes no record without a key there: the process would end for a heartbeat, after every start."""
    await set_topics(flow, ["telemetry"], {"cleanup.policy": "compact"})
    process = flow.start("ingest", heartbeat_seconds=0.5)

    async def beaten() -> bool:
        return len(await flow.read("telemetry")) >= PARTITIONS.lanes

    await until(beaten, OUT_SECONDS, lambda: process.said)
    assert process.is_running
    assert all(is_heartbeat(record) for record in await flow.read("telemetry"))


async def test_a_topic_of_others_that_does_not_exist_is_not_ours_to_make(flow: Flow) -> None:
    process = flow.start("ingest", kafka={"raw_topics": {"tickets": ["crm.nowhere"]}})
    detail = await left_with(process, 2, "settings")
    assert "topic crm.nowhere does not exist: kafka.raw_topics names it" in detail
    assert "topics create" not in detail


def unreadable_header(topic: str) -> list[str]:
    """A program that sends three records, the second with a header whose name is no UTF-8."""
    text = f"""
import asyncio, sys
from aiokafka import AIOKafkaProducer
class NoText(str):
    def encode(self, *_): return b"\\xff\\xfek"
async def main():
    producer = AIOKafkaProducer(bootstrap_servers=sys.argv[1], linger_ms=500)
    await producer.start()
    sent = []
    for n, name in enumerate(["a", NoText("b"), "c"]):
        headers = [(name, bytes(range(256))), ("null", None)]
        sent.append(await producer.send("{topic}", b"k0 %d" % n, partition=0, headers=headers))
    await asyncio.gather(*sent)
    await producer.stop()
asyncio.run(main())
"""
    return [sys.executable, "-c", text]


async def test_a_header_whose_name_is_no_text_stops_nobody(flow: Flow) -> None:
    command = unreadable_header(flow.connection.topic("telemetry"))
    environment = {**os.environ, "AIOKAFKA_NO_EXTENSIONS": "1"}  # else the sender itself refuses the name
    sender = await asyncio.create_subprocess_exec(*command, flow.connection.bootstrap, env=environment)
    assert await sender.wait() == 0
    await flow.send([("k0", 3)])
    for stage in ("ingest", "detect", "correlate"):
        flow.start(stage)
    await until(all_are_out(flow, 4), OUT_SECONDS, lambda: flow.processes[0].said)
    assert await flow.incidents() == expected_incidents({"k0": range(4)})
    out = flow.folder / "recorded.jsonl.zst"
    bootstrap, prefix = flow.connection.bootstrap, flow.connection.prefix
    await record(RecordOptions(bootstrap=bootstrap, out=out, created="t", prefix=prefix, topics=("telemetry",)))
    names = [recorded.headers[0][0] for recorded in Recording(out).records() if recorded.headers]
    assert names == ["a", r"\xff\xfek", "c"]

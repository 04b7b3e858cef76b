"""Lanes of topics as others have them, more partitions later, and going on behind what is gone."""

import asyncio
import json
import signal
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewPartitions, NewTopic, RecordsToDelete

from pipeline.adapters.kafka.committed import commit_beginnings, read_marks
from pipeline.adapters.kafka.offsets import agent_standings, ingest_standings, lay_out
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions, group_of
from pipeline.adapters.kafka.tape.record import RecordOptions, record
from pipeline.adapters.kafka.topics import admin_client, create_topics
from pipeline.adapters.recordings.reader import Recording
from pipeline.flow import DETECT
from tests.kafka.harness import Flow, Process, until
from tests.kafka.test_failures import cut_log, last_words, left_with, some_signals
from tests.kafka.test_foreign_topics import all_are_out
from tests.kafka.test_orders import Said
from tests.kafka.toy_process import PARTITIONS
from tests.kafka.toys import expected_incidents

SECONDS = 40.0


def ingest_options(connection: Connection) -> IngestOptions:
    return IngestOptions(connection=connection, group=group_of("ingest", connection.prefix), partitions=PARTITIONS)


async def send_to(connection: Connection, places: Mapping[str, tuple[str, int]], numbers: range) -> None:
    """Write numbers of each key to the one partition of the key."""
    producer = AIOKafkaProducer(**connection.client(), enable_idempotence=True, linger_ms=5)
    await producer.start()
    for number in numbers:
        for key, (topic, partition) in places.items():
            await producer.send(topic, f"{key} {number}".encode(), partition=partition)
    await producer.stop()


async def add_partitions(connection: Connection, topic: str, count: int) -> None:
    """Add partitions, and wait until the broker tells a newcomer of them: it answers before it knows them itself."""

    async def are_known() -> bool:
        return len((await admin.describe_topics([topic]))[0]["partitions"]) == count

    async with admin_client(connection) as admin:
        await admin.create_partitions({topic: NewPartitions(count)})
        await until(are_known, SECONDS, f"{topic} has {count} partitions")


async def stopped(processes: list[Process]) -> None:
    for process in processes:
        process.send(signal.SIGTERM)
    for process in processes:
        assert await process.ended(10) == 0, process.said


async def test_topics_of_others_with_counts_of_their_own_are_read_once_under_kills(flow: Flow) -> None:
    names = [f"{flow.connection.prefix}{name}" for name in ("oss.kpi", "probes", "crm")]
    counts = dict(zip(names, (3, 2, 1), strict=True))
    raw = {"telemetry": tuple(names[:2]), "tickets": (names[2],)}
    async with admin_client(flow.connection) as admin:
        await admin.create_topics([NewTopic(name, count, 1) for name, count in counts.items()])
    connection = replace(flow.connection, raw=raw)
    await create_topics(connection, PARTITIONS)
    posts = connection.topic("mentions")
    places = {f"{name[-3:]}{n}": (name, n) for name, count in {**counts, posts: 4}.items() for n in range(count)}
    await send_to(connection, places, range(50))
    kafka = {"raw_topics": {source: list(topics) for source, topics in raw.items()}}
    workers = [flow.start("ingest", kafka=kafka) for _ in range(2)]
    for stage in ("detect", "correlate"):
        flow.start(stage, kafka=kafka)
    await until(lambda: "owns" in workers[0].said and "owns" in workers[1].said, SECONDS, lambda: workers[1].said)
    await send_to(connection, places, range(50, 100))
    workers[0].send(signal.SIGKILL)
    await send_to(connection, places, range(100, 150))
    await until(all_are_out(flow, 150 * len(places)), SECONDS, lambda: workers[1].said[-2_000:])
    assert await flow.incidents() == expected_incidents({key: range(150) for key in places})
    standings = await ingest_standings(ingest_options(connection))
    assert [standing.waiting for standing in standings] == [0] * (3 + 2 + 1 + 4 + 4)
    out = flow.folder / "recorded.jsonl.zst"
    bootstrap, prefix = connection.bootstrap, connection.prefix
    await record(RecordOptions(bootstrap=bootstrap, out=out, created="t", prefix=prefix, raw=raw))
    recording = Recording(out)
    assert {name: info.partitions for name, info in recording.manifest.topics.items()} == {
        **{"telemetry": 5, "tickets": 1},
        **{"mentions": 4, "commands": 4},
    }
    recorded = [(r.topic, r.partition) for r in recording.records() if (r.value or b"").startswith(b"bes1 ")]
    assert recorded == [("telemetry", 4)] * 150  # the second partition of the second topic


async def test_more_partitions_stop_ingest_at_once_and_one_command_goes_on_with_all(flow: Flow) -> None:
    topic = flow.connection.topic("telemetry")
    places = {f"k{n}": (topic, n) for n in range(4)}
    await send_to(flow.connection, places, range(20))
    first = flow.start("ingest")
    for stage in ("detect", "correlate"):
        flow.start(stage)
    await until(all_are_out(flow, 80), SECONDS, "the first records are out")
    await add_partitions(flow.connection, topic, 6)
    detail = await left_with(first, 2, "partitions_changed")
    assert f"topic {topic} has 6 partitions, the lanes are laid out for 4" in detail
    assert "tocsin offsets lay-out" in detail
    places |= {"k4": (topic, 4), "k5": (topic, 5)}
    await send_to(flow.connection, places, range(20, 40))
    for again in (flow.start("ingest"), flow.start("ingest", first_start=False)):  # neither guesses
        assert f"{topic}/4 is new" in await left_with(again, 2, "partitions_changed")
    where = ("--set", "partitions.signals=4", "--set", "partitions.anomalies=2", "--set", "partitions.lanes=4")
    said = await Said(flow, "offsets", "lay-out", *where).run()
    assert said.code == 0, said.err
    assert "layout 2: 6 lanes; 16 partitions go on where they were" in said.out
    assert f"{topic}/5 is lane 5 of telemetry" in said.out
    again = flow.start("ingest", first_start=False)
    numbers = {key: range(20, 40) if key in ("k4", "k5") else range(40) for key in places}
    await until(all_are_out(flow, 200), SECONDS, lambda: again.said[-2_000:])
    assert await flow.incidents() == expected_incidents(numbers)
    assert (
        await Said(flow, "offsets", "lay-out", *where).run()
    ).out == "the lanes are as the topics are: nothing to do\n"
    assert again.is_running


async def test_lanes_are_laid_out_under_a_running_process_without_a_loss(flow: Flow) -> None:
    """Who works by the old layout is fenced: what it had in hand is done by the next one, once."""
    topic = flow.connection.topic("telemetry")
    places = {f"k{n}": (topic, n) for n in range(4)}
    await send_to(flow.connection, places, range(20))
    paused = flow.start("ingest", batch_seconds=30.0, batch_records=10**6)
    await until(lambda: "owns 4" in paused.said, SECONDS, lambda: paused.said)
    paused.send(signal.SIGSTOP)
    await add_partitions(flow.connection, topic, 5)
    done = await lay_out(ingest_options(flow.connection))
    assert done is not None
    assert (done.layout.number, done.layout.lanes, done.begun) == (2, 5, (TopicPartition(topic, 4),))
    for stage in ("ingest", "detect", "correlate"):
        flow.start(stage, first_start=stage != "ingest")
    await until(all_are_out(flow, 80), SECONDS, "all is out")
    paused.send(signal.SIGCONT)
    assert await paused.ended(SECONDS) in (2, 70)
    await send_to(flow.connection, {**places, "k4": (topic, 4)}, range(20, 30))
    await until(all_are_out(flow, 130), SECONDS, "all is out")
    numbers = {key: range(30) for key in places} | {"k4": range(20, 30)}
    assert await flow.incidents() == expected_incidents(numbers)


async def test_a_raw_topic_that_was_made_again_begins_at_its_start_by_the_same_command(flow: Flow) -> None:
    """Kafka forgets the offsets of a topic that is deleted; the other topics go on where they were."""
    topic, other = flow.connection.topic("telemetry"), flow.connection.topic("tickets")
    places = {"k0": (topic, 0), "k1": (other, 0)}
    await send_to(flow.connection, places, range(10))
    first = flow.start("ingest")
    for stage in ("detect", "correlate"):
        flow.start(stage)
    await until(all_are_out(flow, 20), SECONDS, "the first records are out")
    await stopped([first])
    async with admin_client(flow.connection) as admin:
        await admin.delete_topics([topic])

        async def made() -> bool:
            answer = await admin.create_topics([NewTopic(topic, 4, 1)])
            return not answer.topic_errors[0][1]

        await until(made, SECONDS, "the topic is made again")
    assert "tocsin offsets lay-out" in await left_with(flow.start("ingest"), 2, "partitions_changed")
    done = await lay_out(ingest_options(flow.connection))
    assert done is not None
    assert {tp.topic for tp in done.begun} == {topic}
    await send_to(flow.connection, places, range(10, 20))
    again = flow.start("ingest", first_start=False)
    await until(all_are_out(flow, 40), SECONDS, lambda: again.said[-2_000:])
    assert await flow.incidents() == expected_incidents({key: range(20) for key in places})


async def test_offsets_of_a_version_without_layouts_are_gone_on_from(flow: Flow) -> None:
    await flow.send([("k0", n) for n in range(5)])
    options = ingest_options(flow.connection)
    await commit_beginnings(flow.connection, options.group, 1, options.laid_out.partitions)
    process = flow.start("ingest", first_start=False)
    for stage in ("detect", "correlate"):
        flow.start(stage)
    await until(all_are_out(flow, 5), SECONDS, lambda: process.said)
    await stopped([process])
    marks = await read_marks(flow.connection, options.group, 1, options.laid_out.partitions)
    assert marks[options.laid_out.partitions[0]].pinned == (1, 0, 4, 4)


async def test_another_count_of_signals_is_refused_before_an_envelope_says_so(flow: Flow) -> None:
    await flow.send([("k0", 1)])
    first = flow.start("ingest")
    await until(lambda: "owns 4" in first.said, SECONDS, lambda: first.said)
    await stopped([first])
    await add_partitions(flow.connection, flow.connection.topic("signals"), 6)
    refused = await Said(flow, "offsets", "lay-out", "--set", "partitions.signals=6").run()
    assert refused.code == 2
    assert "partitions.signals = 6: must be 4, as when epoch 1 began" in refused.err


async def test_ingest_goes_on_behind_records_that_expired_and_the_gap_is_a_decision(flow: Flow) -> None:
    await flow.send([("k0", n) for n in range(20)])
    first = flow.start("ingest")
    for stage in ("detect", "correlate"):
        flow.start(stage)
    await until(all_are_out(flow, 20), SECONDS, "the first records are out")
    await stopped([first])
    await flow.send([("k0", n) for n in range(20, 40)])
    await cut_log(flow, "telemetry", 30)
    where = ("--set", "partitions.signals=4", "--set", "partitions.anomalies=2")
    shown = await Said(flow, "offsets", "show", *where).run()
    place = f"{flow.connection.topic('telemetry')}/0"
    assert shown.code == 1
    assert f"{place}: offsets 20 to 29 are gone unread, at most 10 records" in shown.err
    assert (await Said(flow, "offsets", "skip-lost", *where).run()).code == 0
    again = flow.start("ingest", first_start=False)
    await until(all_are_out(flow, 30), SECONDS, lambda: again.said[-2_000:])
    assert await flow.incidents() == expected_incidents({"k0": [*range(20), *range(30, 40)]})
    (gap,) = [json.loads(record.value) for record in await flow.read("decisions")]
    assert (gap["kind"], gap["reason"], gap["stage"], gap["subject"]) == ("reset", "expired", "ingest", place)
    assert (gap["details"]["from"], gap["details"]["to"], gap["details"]["goes_on_at"]) == ("20", "29", "30")
    assert (await Said(flow, "offsets", "skip-lost", *where).run()).out == "nothing was lost: all stages can go on\n"


async def test_a_stage_with_a_state_goes_on_behind_a_gap_and_keeps_its_state(flow: Flow) -> None:
    await some_signals(flow)
    first = flow.start("detect")
    flow.start("ingest")  # what it would read is there, too
    await until(has(flow, "anomalies", 5), SECONDS, "five anomalies")
    await stopped([first])
    await some_signals(flow)
    await cut_log(flow, "signals", 8)
    where = ("--set", "partitions.signals=4", "--set", "partitions.anomalies=2")
    said = await Said(flow, "offsets", "skip-lost", *where).run()
    assert "detect: " in said.out, said.err
    again = flow.start("detect", first_start=False)
    await until(has(flow, "anomalies", 7), SECONDS, lambda: again.said[-2_000:])
    assert [json.loads(record.value)["nth"] for record in await flow.read("anomalies")] == [1, 2, 3, 4, 5, 6, 7]


async def test_a_topic_that_was_made_again_is_a_gap_too(flow: Flow) -> None:
    await some_signals(flow)
    first = flow.start("detect")
    await until(has(flow, "anomalies", 5), SECONDS, "five anomalies")
    await stopped([first])
    topic = flow.connection.topic("signals")
    async with admin_client(flow.connection) as admin:
        await admin.delete_topics([topic])

        async def made() -> bool:
            answer = await admin.create_topics([NewTopic(topic, PARTITIONS.signals, 1)])
            return not answer.topic_errors[0][1]

        await until(made, SECONDS, "the topic is made again")
    options = AgentOptions(
        connection=flow.connection, group=group_of("detect", flow.connection.prefix), partitions=PARTITIONS.signals
    )
    lost = [standing for standing in await agent_standings(options, DETECT) if standing.gap]
    assert [standing.place.partition for standing in lost] == [0]
    assert "the topic was made again" in lost[0].lost_words()
    assert "tocsin offsets skip-lost" in await left_with(flow.start("detect"), 2, "offset_outside_log")


def has(flow: Flow, noun: str, number: int) -> Any:
    async def enough() -> bool:
        return len(await flow.read(noun)) >= number

    return enough


async def test_a_log_that_is_cut_under_a_running_process_ends_it_with_the_way_on(flow: Flow) -> None:
    await flow.send([("k0", n) for n in range(10)])
    process = flow.start("ingest")
    await until(lambda: "owns 4" in process.said, SECONDS, lambda: process.said)
    process.send(signal.SIGSTOP)
    await flow.send([("k0", n) for n in range(10, 3_000)])
    async with admin_client(flow.connection) as admin:
        tp = TopicPartition(flow.connection.topic("telemetry"), 0)
        await admin.delete_records({tp: RecordsToDelete(before_offset=2_990)})
    await asyncio.sleep(0)
    process.send(signal.SIGCONT)
    code = await process.ended(SECONDS)
    assert code in (2, 70), process.said
    if code == 70:  # it was fenced or thrown out of its group first: the next start says it
        process = flow.start("ingest", first_start=False)
        assert await process.ended(SECONDS) == 2
    assert "tocsin offsets skip-lost" in last_words(process)["detail"]

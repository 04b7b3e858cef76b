"""A recording goes into Kafka and comes out again, the same to the byte; on a real broker."""

import asyncio
import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.kafka.rights.needed import Operation
from pipeline.adapters.kafka.tape.play import Played, PlayOptions, play
from pipeline.adapters.kafka.tape.record import RecordOptions, partition_counts, record
from pipeline.adapters.local.broker import Broker
from pipeline.adapters.recordings.format import Manifest, RecordedRecord, RecordingError, raw_topics
from pipeline.adapters.recordings.heartbeats import playable
from pipeline.adapters.recordings.progress import Progress
from pipeline.adapters.recordings.reader import open_recording
from pipeline.adapters.recordings.writer import write_recording
from pipeline.records.clocks import SOURCES

CREATED = "2025-02-12T09:00:00.000Z"
START_MS = 1_739_350_800_000
LANES = 2
_runs = count()


def prefix() -> str:
    """Topics of its own for each test."""
    return f"t{os.getpid()}-{next(_runs)}."


def recording_of(path: Path, records: Iterable[RecordedRecord]) -> Path:
    write_recording(path, Manifest(created=CREATED, tool="test", topics=raw_topics(LANES)), records)
    return path


def some_records(number: int = 60) -> list[RecordedRecord]:
    """Two a second, in all sources and lanes, of all kinds of bytes."""
    values = [b'{"a":1}', b"\xff\x00", b"", None, "größer 📵".encode()]
    keys = [b"k", None, b"\xfe", b""]
    headers = [(), (("ce_type", b"x"), ("ce_type", b"\xff")), (("empty", b""),)]
    made = [
        RecordedRecord(
            SOURCES[n % 4], n // 4 % LANES, n, START_MS + n * 500, keys[n % 4], headers[n % 3], values[n % 5]
        )
        for n in range(number)
    ]
    return sorted(made, key=lambda r: (r.timestamp, SOURCES.index(r.topic), r.partition))


async def record_all(broker: Broker, out: Path, of: str, **more: object) -> list[RecordedRecord]:
    options = RecordOptions(bootstrap=broker.bootstrap, out=out, created=CREATED, prefix=of, **more)  # type: ignore[arg-type]
    await record(options)
    return list(open_recording(out).records())


async def test_played_and_recorded_again_it_is_the_same(broker: Broker, tmp_path: Path) -> None:
    source = recording_of(tmp_path / "a.jsonl.zst", some_records())
    expected = list(playable(open_recording(source)))
    first, second = prefix(), prefix()
    told: list[Progress] = []
    played = await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=first), told.append)
    assert await record_all(broker, tmp_path / "b.jsonl.zst", first) == expected
    assert played == Played(
        topics=tuple(first + s for s in SOURCES), records=len(expected), heartbeats=len(expected) - 60
    )
    assert told[-1].records == len(expected)
    assert told[-1].time_ms == expected[-1].timestamp

    again = await play(tmp_path / "b.jsonl.zst", PlayOptions(bootstrap=broker.bootstrap, prefix=second))
    assert await record_all(broker, tmp_path / "c.jsonl.zst", second) == expected
    assert again.records == len(expected), "a recording with heartbeats must not get more of them"


async def test_speed_is_event_time_in_a_second(broker: Broker, tmp_path: Path) -> None:
    source = recording_of(tmp_path / "a.jsonl.zst", some_records())  # 29.5 s, and 40 s of heartbeats after them
    began = asyncio.get_running_loop().time()
    await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=prefix(), speed=50.0))
    took = asyncio.get_running_loop().time() - began
    assert 1.2 <= took < 10


async def test_topic_that_holds_records_is_refused_unless_forced(broker: Broker, tmp_path: Path) -> None:
    source = recording_of(tmp_path / "a.jsonl.zst", some_records(4))
    into = prefix()
    first = await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=into))
    with pytest.raises(RecordingError) as refusal:
        await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=into))
    end = len([r for r in playable(open_recording(source)) if (r.topic, r.partition) == ("commands", 0)])
    assert str(refusal.value) == (
        f"topic {into}commands already holds records (partition 0 ends at {end}): "
        "play into topics of their own (--topic-prefix), or behind what is there with --force"
    )
    await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=into, force=True))
    assert len(await record_all(broker, tmp_path / "b.jsonl.zst", into)) == 2 * first.records


@pytest.mark.parametrize(
    ("partitions", "config", "words"),
    [
        pytest.param(3, {}, "has 3 partitions, must have 2", id="other_number_of_lanes"),
        pytest.param(LANES, {"message.timestamp.type": "LogAppendTime"}, "must be CreateTime", id="broker_stamps"),
    ],
)
async def test_unfit_topic_is_refused_before_anything_is_sent(
    broker: Broker, tmp_path: Path, partitions: int, config: dict[str, str], words: str
) -> None:
    source = recording_of(tmp_path / "a.jsonl.zst", some_records(4))
    into = prefix()
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(into + "tickets", partitions, 1, topic_configs=config)])
    await admin.close()
    with pytest.raises(RecordingError, match=words):
        await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=into, force=True))


async def test_damaged_recording_is_refused_before_anything_is_sent(broker: Broker, tmp_path: Path) -> None:
    source = recording_of(tmp_path / "a.jsonl.zst", some_records())
    source.write_bytes(source.read_bytes()[:-20])
    into = prefix()
    with pytest.raises(RecordingError, match="cut off"):
        await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=into))
    topics = [into + s for s in SOURCES]
    assert await partition_counts(Connection(bootstrap=broker.bootstrap), topics, Operation.READ) == dict.fromkeys(
        topics
    )


async def test_cancelled_play_leaves_whole_records_in_order(broker: Broker, tmp_path: Path) -> None:
    source = recording_of(tmp_path / "a.jsonl.zst", some_records())
    expected = list(playable(open_recording(source)))
    into = prefix()
    some_sent = asyncio.Event()

    def tell(done: Progress) -> None:
        if done.records > 20:
            some_sent.set()

    task = asyncio.create_task(play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=into, speed=10.0), tell))
    await some_sent.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    got = await record_all(broker, tmp_path / "b.jsonl.zst", into)
    assert 20 < len(got) < len(expected)
    for place in {(r.topic, r.partition) for r in got}:
        mine = [r for r in got if (r.topic, r.partition) == place]
        assert mine == [r for r in expected if (r.topic, r.partition) == place][: len(mine)]


async def test_recording_leaves_out_aborted_records_and_what_came_after_it_began(
    broker: Broker, tmp_path: Path
) -> None:
    of = prefix()
    await play(
        recording_of(tmp_path / "a.jsonl.zst", some_records(8)), PlayOptions(bootstrap=broker.bootstrap, prefix=of)
    )
    before = await record_all(broker, tmp_path / "b.jsonl.zst", of)
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=of)
    await producer.start()
    for value, commit in ((b"aborted", False), (b"committed", True), (b"aborted too", False)):
        await producer.begin_transaction()
        await producer.send_and_wait(of + "tickets", value, partition=0, timestamp_ms=START_MS + 3_600_000)
        await (producer.commit_transaction() if commit else producer.abort_transaction())
    await producer.stop()
    after = await record_all(broker, tmp_path / "c.jsonl.zst", of)
    assert [r.value for r in after[len(before) :]] == [b"committed"], (
        "aborted ones must not show, nor stop the recording"
    )
    everything = await record_all(broker, tmp_path / "d.jsonl.zst", of, read_committed=False)
    assert len(everything) == len(before) + 3


async def test_recording_can_be_bounded_in_time(broker: Broker, tmp_path: Path) -> None:
    of = prefix()
    await play(
        recording_of(tmp_path / "a.jsonl.zst", some_records()), PlayOptions(bootstrap=broker.bootstrap, prefix=of)
    )
    everything = await record_all(broker, tmp_path / "b.jsonl.zst", of)
    since, until = START_MS + 5_000, START_MS + 15_000
    got = await record_all(broker, tmp_path / "c.jsonl.zst", of, since_ms=since, until_ms=until)
    assert got == [r for r in everything if since <= r.timestamp < until]
    manifest = open_recording(tmp_path / "c.jsonl.zst").manifest
    assert all(sorted(info.end) == sorted(info.start) == [0, 1] for info in manifest.topics.values())


async def test_recording_joins_no_group_and_commits_nothing(broker: Broker, tmp_path: Path) -> None:
    of = prefix()
    await play(
        recording_of(tmp_path / "a.jsonl.zst", some_records(4)), PlayOptions(bootstrap=broker.bootstrap, prefix=of)
    )
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    groups = await admin.list_consumer_groups()
    await record_all(broker, tmp_path / "b.jsonl.zst", of)
    assert await admin.list_consumer_groups() == groups
    await admin.close()


async def test_recording_a_topic_that_does_not_exist_names_it(broker: Broker, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl.zst"
    with pytest.raises(RecordingError, match=r"commands does not exist"):
        await record(RecordOptions(bootstrap=broker.bootstrap, out=out, created=CREATED, prefix=prefix()))
    with pytest.raises(RecordingError, match="no such recording"):
        open_recording(out)


async def test_one_partition_far_ahead_does_not_fill_the_memory(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.adapters.kafka.tape.record.BUFFER_RECORDS", 100)
    many = [
        RecordedRecord("tickets", n // 2_000, n, START_MS + n, None, (), b"x" * 500) for n in range(4_000)
    ]  # partition 1 begins where partition 0 ends
    of = prefix()
    await play(recording_of(tmp_path / "a.jsonl.zst", many), PlayOptions(bootstrap=broker.bootstrap, prefix=of))
    got = await record_all(broker, tmp_path / "b.jsonl.zst", of)
    assert got == list(playable(open_recording(tmp_path / "a.jsonl.zst")))


async def test_played_timestamps_are_what_a_consumer_sees(broker: Broker, tmp_path: Path) -> None:
    of = prefix()
    await play(
        recording_of(tmp_path / "a.jsonl.zst", some_records(8)), PlayOptions(bootstrap=broker.bootstrap, prefix=of)
    )
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(of + "telemetry", 0)])
    first = await asyncio.wait_for(consumer.getone(), 120)
    await consumer.stop()
    assert (first.timestamp, first.timestamp_type, first.value) == (START_MS, 0, b'{"a":1}')


async def test_recording_ends_before_a_transaction_that_is_open(broker: Broker, tmp_path: Path) -> None:
    of = prefix()
    source = recording_of(tmp_path / "a.jsonl.zst", some_records(8))
    await play(source, PlayOptions(bootstrap=broker.bootstrap, prefix=of))
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=of)
    await producer.start()
    try:
        await producer.begin_transaction()
        await producer.send_and_wait(of + "tickets", b"open", partition=0, timestamp_ms=START_MS + 3_600_000)
        got = await record_all(broker, tmp_path / "b.jsonl.zst", of)
        await producer.abort_transaction()
    finally:
        await producer.stop()
    assert got == list(playable(open_recording(source)))


async def test_broker_that_falls_silent_ends_the_recording_with_a_clear_word(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.adapters.kafka.tape.record.STALL_SECONDS_MAX", 3.0)
    many = [RecordedRecord("tickets", 0, n, START_MS + n, None, (), b"x" * 2_000) for n in range(4_000)]
    of = prefix()
    await play(recording_of(tmp_path / "a.jsonl.zst", many), PlayOptions(bootstrap=broker.bootstrap, prefix=of))
    options = RecordOptions(bootstrap=broker.bootstrap, out=tmp_path / "b.jsonl.zst", created=CREATED, prefix=of)
    try:
        with pytest.raises(RecordingError, match=r"1 of 8 partitions are not read to their end"):
            await record(options, lambda _: broker.pause())
    finally:
        broker.resume()
    with pytest.raises(RecordingError, match="no such recording"):
        open_recording(options.out)

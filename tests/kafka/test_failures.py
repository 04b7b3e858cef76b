"""What must end a process does, with one clear line: no failure passes without a word."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import RecordsToDelete

from pipeline.adapters.kafka.options import Partitions
from pipeline.adapters.kafka.topics import admin_client, create_topics
from pipeline.records.errors import ConfigError, Reason
from pipeline.records.published.quarantine import Quarantined, error_headers
from tests.kafka.harness import ROOT, Flow, Process, until
from tests.kafka.toy_process import PARTITIONS
from tests.kafka.toys import expected_incidents

LEAVES_SECONDS = 30.0
"""Python's start included, on a busy machine."""


def last_words(process: Process) -> dict[str, Any]:
    words = [json.loads(line) for line in process.said.splitlines() if line.startswith('{"event": "leaving"')]
    assert len(words) == 1, process.said
    return dict(words[0])


async def left_with(process: Process, code: int, word: str) -> str:
    assert await process.ended(LEAVES_SECONDS) == code, process.said
    words = last_words(process)
    assert (words["word"], words["exit_code"]) == (word, code)
    return str(words["detail"])


async def some_signals(flow: Flow, number: int = 5) -> None:
    producer = await flow.producer()
    for n in range(number):
        value = json.dumps({"lane": 0, "clocks": {}, "items": [["k0", str(n)]]}).encode()
        await producer.send_and_wait(flow.connection.topic("signals"), value, partition=0)


async def cut_log(flow: Flow, noun: str, before: int) -> None:
    """What retention does: the log begins later than it did."""
    async with admin_client(flow.connection) as admin:
        tp = TopicPartition(flow.connection.topic(noun), 0)
        await admin.delete_records({tp: RecordsToDelete(before_offset=before)})


async def test_a_record_lost_between_consumer_and_agent_is_seen(flow: Flow) -> None:
    await some_signals(flow)
    detail = await left_with(flow.start("detect", inject="lost"), 70, "record_lost")
    assert "signals/0: record 2 never came, 3 did, 1 was the last one" in detail


async def test_after_a_loss_a_new_start_does_the_lost_record(flow: Flow) -> None:
    await some_signals(flow)
    await left_with(flow.start("detect", inject="lost"), 70, "record_lost")
    flow.start("detect")
    numbers: list[int] = []

    async def all_out() -> bool:
        numbers[:] = [json.loads(record.value)["nth"] for record in await flow.read("anomalies")]
        return len(numbers) >= 5

    await until(all_out, LEAVES_SECONDS, "five anomalies")
    assert numbers == [1, 2, 3, 4, 5]


async def test_a_listener_that_raises_ends_the_process(flow: Flow) -> None:
    assert "a broken listener" in await left_with(flow.start("ingest", inject="listener"), 70, "listener")


async def test_who_takes_a_lane_over_slowly_is_not_taken_for_one_without_it(flow: Flow) -> None:
    process = flow.start("ingest", inject="slow", watch_seconds=0.5)
    await until(lambda: "owns 4" in process.said, LEAVES_SECONDS, "its lanes")
    assert process.is_running


async def test_a_take_over_without_an_end_ends_the_process(flow: Flow) -> None:
    process = flow.start("ingest", inject="slow", watch_seconds=10.0, take_over_seconds=1.0)
    assert "has not run for 1.0 s" in await left_with(process, 70, "lane_missing")


async def test_a_state_that_loads_too_long_ends_the_process(flow: Flow) -> None:
    process = flow.start("detect", seconds_per_load=2.0, request_seconds=7.0, session_seconds=6.0)
    assert "took longer than 5.6" in await left_with(process, 70, "load_deadline")


async def test_without_first_start_nothing_begins_at_a_guessed_place(flow: Flow) -> None:
    processes = [flow.start(stage, first_start=False) for stage in ("ingest", "detect", "correlate")]
    assert "--first-start" in await left_with(processes[0], 2, "offset_missing")
    assert "detect-state/0 holds no ~progress of epoch 1" in await left_with(processes[1], 2, "state_missing")
    assert "--first-start" in await left_with(processes[2], 2, "state_missing")


async def test_an_offset_outside_the_log_ends_ingest_by_name(flow: Flow) -> None:
    await flow.send([("k0", n) for n in range(20)])
    first = flow.start("ingest")
    await until(has_records(flow, "signals", 1), 30, "a first batch")
    first.send(signal.SIGTERM)
    assert await first.ended(10) == 0
    await flow.send([("k0", n) for n in range(20)])
    await cut_log(flow, "telemetry", 30)
    detail = await left_with(flow.start("ingest", first_start=False), 2, "offset_outside_log")
    assert "telemetry/0: offset 20" in detail
    assert "30 to 40" in detail
    assert "tocsin offsets skip-lost" in detail


async def test_an_offset_outside_the_log_ends_an_agent_by_name(flow: Flow) -> None:
    await some_signals(flow)
    first = flow.start("detect")
    await until(has_records(flow, "anomalies", 5), 30, "five anomalies")
    first.send(signal.SIGTERM)
    assert await first.ended(10) == 0
    await some_signals(flow)
    await cut_log(flow, "signals", 8)
    detail = await left_with(flow.start("detect", first_start=False), 2, "offset_outside_log")
    assert "signals/0: the state goes on at offset 5, the log holds 8 to 10" in detail


def has_records(flow: Flow, noun: str, number: int) -> Any:
    async def enough() -> bool:
        return len(await flow.read(noun)) >= number

    return enough


async def test_partition_counts_unlike_the_settings_are_refused(flow: Flow) -> None:
    other = Partitions(lanes=PARTITIONS.lanes + 1, signals=PARTITIONS.signals + 1, anomalies=3, incidents=2, others=1)
    with pytest.raises(ConfigError) as refusal:
        await create_topics(flow.connection, other)
    assert f"topic {flow.connection.topic('signals')} has 4 partitions, the settings say 5" in str(refusal.value)
    assert str(refusal.value).count("the settings say") == 4  # all at once: two topics, two states; raw ones have any
    process = flow.start("detect", **{"prefix": "nowhere."})
    assert "topic nowhere.signals does not exist" in await left_with(process, 2, "settings")


async def test_an_aborted_transaction_is_never_seen(flow: Flow) -> None:
    producer = AIOKafkaProducer(**flow.connection.client(), transactional_id=f"{flow.connection.prefix}x")
    await producer.start()
    kept = []
    for n in range(30):
        await producer.begin_transaction()
        await producer.send_and_wait(flow.connection.topic("telemetry"), f"k0 {n}".encode(), partition=0)
        await producer.send_and_wait(
            flow.connection.topic("signals"),
            json.dumps({"lane": 0, "clocks": {}, "items": [["k1", str(n)]]}).encode(),
            partition=1,
        )
        if n % 5:
            await producer.commit_transaction()
            kept.append(n)
        else:
            await producer.abort_transaction()
    await producer.stop()
    for stage in ("ingest", "detect", "correlate"):
        flow.start(stage)
    expected = expected_incidents({"k0": kept, "k1": kept})

    async def all_out() -> bool:
        return sum(map(len, (await flow.incidents()).values())) >= 2 * len(kept)

    await until(all_out, 40, "what was committed is out")
    assert await flow.incidents() == expected


async def test_a_dead_lanes_open_transaction_does_not_hold_the_flow_for_kafkas_minute(flow: Flow) -> None:
    """Nobody takes the lane over: the broker itself must end the transaction."""
    await flow.send([("k0", 1)])
    dead = flow.start("ingest", inject="open")
    await until(lambda: "transaction is open" in dead.said, 30, "a transaction is open")
    dead.send(signal.SIGKILL)
    await some_signals(flow, 1)  # behind the open transaction, in the same partition
    await until(has_records(flow, "signals", 1), 10, "what lies behind the open transaction is seen")


async def test_a_start_with_other_rules_says_so_once_for_each_partition(flow: Flow) -> None:
    await some_signals(flow)
    for ruleset in ("r1", "r2", "r2"):
        process = flow.start("detect", ruleset=ruleset)
        await until(has_records(flow, "anomalies", 5), 30, "five anomalies")
        await until(owned(process), 30, "it owns its partitions")
        process.send(signal.SIGTERM)
        assert await process.ended(10) == 0
    decisions = sorted(record.value for record in await flow.read("decisions"))
    assert decisions == [f"{n} r1 r2".encode() for n in range(PARTITIONS.signals)]


def owned(process: Process) -> Callable[[], bool]:
    return lambda: "owns 4" in process.said


async def test_a_rebuild_gives_the_same_state_and_doubles_nothing(flow: Flow) -> None:
    await some_signals(flow, 40)
    first = flow.start("detect")
    await until(has_records(flow, "anomalies", 40), 30, "all anomalies")
    first.send(signal.SIGTERM)
    assert await first.ended(10) == 0
    before = await slots(flow)
    assert before[b"k0"] == b"40"
    rebuilt = flow.start("detect", rebuild=True)
    await until(owned(rebuilt), 30, "it owns its partitions")
    await some_signals(flow, 2)
    await until(has_records(flow, "anomalies", 42), 30, "two more")
    rebuilt.send(signal.SIGTERM)
    assert await rebuilt.ended(10) == 0
    after = await slots(flow)
    assert after == {**before, b"k0": b"42", b"~progress": after[b"~progress"], b"~emitted": after[b"~emitted"]}
    assert [json.loads(r.value)["nth"] for r in await flow.read("anomalies")] == list(range(1, 43))
    await cut_log(flow, "signals", 3)
    detail = await left_with(flow.start("detect", rebuild=True), 2, "rebuild_refused")
    assert "signals/0 begins at offset 3" in detail


async def slots(flow: Flow) -> dict[bytes, bytes]:
    kept: dict[bytes, bytes] = {}
    for record in await flow.read("detect-state"):
        if record.partition == 0 and record.value is None:
            kept.pop(record.key, None)
        elif record.partition == 0:
            kept[record.key] = record.value
    return kept


async def test_a_planned_stop_leaves_a_snapshot_at_the_last_record(flow: Flow) -> None:
    await some_signals(flow, 7)
    process = flow.start("detect", snapshot_seconds=600.0, snapshot_records=10**6)
    await until(has_records(flow, "anomalies", 7), 30, "all anomalies")
    process.send(signal.SIGTERM)
    assert await process.ended(5) == 0
    assert json.loads((await slots(flow))[b"~progress"])["off"] == 6


async def test_another_epoch_forgets_the_state_of_the_one_before(flow: Flow) -> None:
    await some_signals(flow, 3)
    for epoch, number in ((1, 3), (2, 6)):
        process = flow.start("detect", epoch=epoch)
        await until(has_records(flow, "anomalies", number), 30, f"{number} anomalies")
        process.send(signal.SIGTERM)
        assert await process.ended(10) == 0
    assert [json.loads(r.value)["nth"] for r in await flow.read("anomalies")] == [1, 2, 3, 1, 2, 3]


async def test_a_rubbish_record_on_signals_is_told_and_ingest_goes_on(flow: Flow) -> None:
    process = flow.start("ingest", horizon_ms=300_000)
    await until(lambda: "owns 4" in process.said, LEAVES_SECONDS, "it owns its lanes")
    producer = await flow.producer()
    stopped_clock = json.dumps({"lane": 99, "clocks": {"telemetry": 0}, "items": []}).encode()
    for rubbish in (b"\xff rubbish", b"", stopped_clock):
        await producer.send_and_wait(flow.connection.topic("signals"), rubbish, partition=0)
    await until(lambda: process.said.count("skipped") == 3, LEAVES_SECONDS, lambda: process.said)
    assert f"skipped {flow.connection.topic('signals')}/0/" in process.said
    assert "clock of telemetry/99: there is no such lane" in process.said
    before = len(await flow.read("signals"))
    await flow.send([("k0", 1)])
    await until(has_records(flow, "signals", before + 1), LEAVES_SECONDS, "it goes on")
    assert process.is_running


def start_follow(flow: Flow) -> "subprocess.Popen[bytes]":
    """`tocsin follow`, as a person starts it."""
    where = ("--bootstrap", flow.connection.bootstrap, "--set", f"kafka.prefix={flow.connection.prefix}")
    command = [sys.executable, "-m", "pipeline", "follow", *where]
    with (flow.folder / "follow.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)})


async def test_follow_tells_what_is_refused_beside_the_incidents(flow: Flow) -> None:
    producer = await flow.producer()
    topic = flow.connection.topic("quarantine")
    for number in range(12):
        refused = Quarantined(
            reason=Reason.UNKNOWN_OPERATOR,
            stage="ingest",
            message=f"ticket T{number}: operator 'netkolonge' is not known",
            topic="crm.cases",
            partition=0,
            offset=number,
            timestamp=0,
        )
        await producer.send_and_wait(topic, b"", headers=list(error_headers(refused)), partition=0)
    following = start_follow(flow)
    said = (flow.folder / "follow.log").read_text
    await until(lambda: "10 records" in said(), LEAVES_SECONDS, said)
    following.send_signal(signal.SIGINT)
    await until(lambda: following.poll() is not None, 10, said)
    first, fix, tenth, total = said().splitlines()
    assert first == "refused: a record of crm.cases, unknown operator: ticket T0: operator 'netkolonge' is not known"
    assert "operators.toml" in fix
    assert tenth.startswith("refused: 10 records of crm.cases, unknown operator: ticket T9")
    assert total == "refused meanwhile: 12 of crm.cases, unknown operator"
    assert following.poll() == 0


async def test_a_rubbish_record_on_incidents_is_told_and_follow_goes_on(flow: Flow) -> None:
    producer = await flow.producer()
    incident = next((ROOT / "schemas/examples/incidents/accept").glob("*.json")).read_bytes()
    for value in (b"\x00rubbish", b"{}", incident):
        await producer.send_and_wait(flow.connection.topic("incidents"), value, key=b"x", partition=0)
    following = start_follow(flow)
    said = (flow.folder / "follow.log").read_text
    await until(lambda: "opened" in said(), LEAVES_SECONDS, said)
    following.send_signal(signal.SIGTERM)
    await until(lambda: following.poll() is not None, 10, said)
    lines = said().splitlines()
    topic = flow.connection.topic("incidents")
    passed_over = [number for number, line in enumerate(lines) if "passed over" in line]
    opened = next(number for number, line in enumerate(lines) if "opened" in line)
    assert max(passed_over) < opened, said()
    assert [lines[number].partition(": no incident of ours")[0] for number in passed_over] == [
        f"{topic}/0/0",
        f"{topic}/0/1",
    ]
    assert following.poll() == 0

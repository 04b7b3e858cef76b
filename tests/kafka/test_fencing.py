"""A process that was paused, and whose place was taken meanwhile, can commit no more: it is fenced, and leaves."""

import signal

import pytest

from pipeline.adapters.kafka.options import group_of
from pipeline.adapters.kafka.producers import start_transactional, transactional_id
from tests.kafka.harness import Flow, Process, until
from tests.kafka.test_failures import left_with, some_signals
from tests.kafka.test_foreign_topics import all_are_out
from tests.kafka.toys import expected_incidents

SECONDS = 30.0


async def take_all(flow: Flow, process: Process, lanes: int) -> None:
    """Take every lane or partition of a stage over while its process is paused, as another process would."""
    process.send(signal.SIGSTOP)
    group = group_of(process.stage, flow.connection.prefix)
    for number in range(lanes):
        await (await start_transactional(flow.connection, transactional_id(group, 1, number))).stop()
    process.send(signal.SIGCONT)


@pytest.mark.parametrize("stage", ["ingest", "detect"])
async def test_a_paused_process_is_fenced_and_what_it_had_in_hand_is_done_once(flow: Flow, stage: str) -> None:
    patient = {"batch_seconds": 4.0} if stage == "ingest" else {"flush_seconds": 4.0, "flush_messages": 10**6}
    process = flow.start(stage, **patient)
    await until(lambda: "owns 4" in process.said, SECONDS, lambda: process.said)
    if stage == "ingest":
        await flow.send([("k0", n) for n in range(5)])
    else:
        await some_signals(flow)
    await take_all(flow, process, 4)
    assert "Fenced" in await left_with(process, 70, "fenced")
    for again in ("ingest", "detect", "correlate"):
        flow.start(again)
    await until(all_are_out(flow, 5), SECONDS, lambda: flow.processes[-1].said)
    assert await flow.incidents() == expected_incidents({"k0": range(5)})

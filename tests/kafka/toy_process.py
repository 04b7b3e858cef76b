"""One process of the toy flow: `python -m tests.kafka.toy_process STAGE OPTIONS`, the options as JSON."""

import asyncio
import json
import os
import sys
from typing import Any

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka.agents.input_partition import InputPartition
from pipeline.adapters.kafka.ingest.lanes import Ingest
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions, Partitions, group_of
from pipeline.adapters.kafka.producers import Committer
from pipeline.adapters.kafka.running import run_agent, run_ingest
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.settings import load_settings
from pipeline.records.raw.record import RawRecord
from tests.kafka.toys import ANOMALIES, LANES, SIGNALS, ToyCorrelate, ToyDetect, ToyIngest

PARTITIONS = Partitions(lanes=LANES, signals=SIGNALS, anomalies=ANOMALIES, incidents=2, others=1)


class Voice(Observer):
    """Says on standard error what tests wait for."""

    def assigned(self, stage: str, partitions: int) -> None:  # noqa: ARG002 - a process has one stage
        os.write(2, f"owns {partitions}\n".encode())

    def skipped(self, stage: str, place: str, why: str) -> None:  # noqa: ARG002
        os.write(2, f"skipped {place}: {why}\n".encode())

    def paused(self, partitions: int) -> None:
        if partitions:
            os.write(2, f"paused {partitions}\n".encode())


def ruleset_changed(partition: int, before: str, now: str) -> Message:
    return Message("decisions", b"ruleset", f"{partition} {before} {now}".encode())


def lose_one_record() -> None:
    """Faust loses the third record on its way to the agent."""
    take, seen = InputPartition.take, iter(range(10**9))

    async def losing(partition: InputPartition, record: RawRecord, previous_offset: int) -> None:
        if next(seen) != 2:
            await take(partition, record, previous_offset)

    setattr(InputPartition, "take", losing)  # noqa: B010 - on purpose, in a process of its own


def raise_in_listener() -> None:
    """The rebalance listener of INGEST raises; aiokafka alone would swallow it."""

    async def raising(*_: object) -> None:
        raise RuntimeError("a broken listener")

    setattr(Ingest, "_require_inside_log", raising)  # noqa: B010


def take_over_slowly() -> None:
    """The broker answers slowly while a lane is taken over."""
    require = Ingest._require_inside_log

    async def slow(ingest: Ingest, *given: Any) -> None:
        await asyncio.sleep(4 * ingest._options.watch_seconds)
        await require(ingest, *given)

    setattr(Ingest, "_require_inside_log", slow)  # noqa: B010


def keep_transactions_open() -> None:
    """The process dies with its transaction open: it stops for ever before the commit."""

    async def never(committer: Committer, *_: object) -> None:
        await committer._producer.begin_transaction()
        await committer._producer.send_and_wait(committer._connection.topic("signals"), b"open", partition=0)
        os.write(2, b"transaction is open\n")
        await asyncio.sleep(10**6)

    setattr(Committer, "commit", never)  # noqa: B010


INJECTIONS = {
    "lost": lose_one_record,
    "listener": raise_in_listener,
    "slow": take_over_slowly,
    "open": keep_transactions_open,
}


def connection_of(given: dict[str, Any]) -> Connection:
    """Where Kafka is, and as whom the settings log in there."""
    address = {"bootstrap": given.pop("bootstrap"), "prefix": given.pop("prefix")}
    named = {f"kafka.{name}": value for name, value in {**address, **given.pop("kafka", {})}.items()}
    return load_settings(environment={}, options=named).settings.connection()


def main(stage: str, given: dict[str, Any]) -> None:
    if injection := given.pop("inject", None):
        INJECTIONS[injection]()
    connection = connection_of(given)
    group = group_of(stage, connection.prefix)
    ruleset, load = given.pop("ruleset", "r1"), given.pop("seconds_per_load", 0.0)
    if stage == "ingest":
        run_ingest(
            IngestOptions(connection=connection, group=group, partitions=PARTITIONS, **given),
            lambda _: ToyIngest(),
            Voice(),
        )
    elif stage == "detect":
        options = AgentOptions(connection=connection, group=group, partitions=SIGNALS, **given)
        run_agent(options, ToyDetect(ruleset, load), Voice(), ruleset_changed)
    else:
        options = AgentOptions(connection=connection, group=group, partitions=ANOMALIES, **given)
        run_agent(options, ToyCorrelate(ruleset, load), Voice(), ruleset_changed)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))

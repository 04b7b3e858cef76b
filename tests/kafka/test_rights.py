"""One user a stage with exactly the printed rights: everything runs; one right less, one clear line."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from pipeline.adapters.kafka.options import AgentOptions, IngestOptions, group_of
from pipeline.adapters.kafka.rights.entering import entered
from pipeline.adapters.kafka.rights.listing import all_rights
from pipeline.adapters.kafka.rights.needed import Operation, Resource, Right
from pipeline.adapters.kafka.rights.trying import ask_topics
from pipeline.adapters.kafka.starting import check_agent, check_ingest
from pipeline.adapters.kafka.tape.follow import Followed, follow
from pipeline.adapters.kafka.tape.record import RecordOptions, record
from pipeline.adapters.kafka.topics import create_topics, verify_topics
from pipeline.flow import ANOMALIES, FLOW, SIGNALS
from pipeline.records.errors import ConfigError
from tests.kafka.harness import Flow, until
from tests.kafka.secured import Secured, connection_of
from tests.kafka.test_failures import last_words, left_with
from tests.kafka.toy_process import PARTITIONS
from tests.kafka.toys import expected_incidents

STAGES: list[str] = [stage.name for stage in FLOW]
FOLLOWED = [Followed(noun, lambda _: None) for noun in ("incidents", "quarantine")]
RUNS_SECONDS = 60.0
SETTLES_SECONDS = 10.0


class Deployment:
    """Topics under a prefix of their own, and a user with the printed rights for each stage."""

    def __init__(self, secured: Secured, folder: Path) -> None:
        self.secured = secured
        self.flow = Flow(secured.connection("plain").bootstrap, folder)
        self.prefix = self.flow.connection.prefix
        self.rights = all_rights(self.prefix, 1, sends_heartbeats=False)

    def kafka(self, user: str) -> dict[str, str]:
        return self.secured.kafka("sasl_tls", user, prefix=self.prefix)

    def check(self, stage: str) -> Awaitable[object]:
        """What the stage's process does first."""
        connection, group = connection_of(self.kafka(stage)), group_of(stage, self.prefix)
        if stage == "ingest":
            options = IngestOptions(connection=connection, group=group, partitions=PARTITIONS, heartbeat_seconds=None)
            return check_ingest(options)
        source = {"detect": SIGNALS, "correlate": ANOMALIES}[stage]
        agent = AgentOptions(connection=connection, group=group, partitions=PARTITIONS.of(source))
        return check_agent(agent, stage, source.noun)


async def settled(made: Deployment) -> bool:
    """Whether the broker knows the rights; a right on what does not exist yet is one that does."""
    async with entered(connection_of(made.kafka("topics"))) as conn:
        found = await ask_topics(conn, [right.name for right in made.rights["topics"]])
    return not found.hidden


@pytest.fixture
async def deployed(secured: Secured, tmp_path: Path) -> AsyncIterator[Deployment]:
    made = Deployment(secured, tmp_path)
    for user, rights in made.rights.items():
        await secured.grant(user, rights)
    await until(lambda: settled(made), SETTLES_SECONDS, "the rights are known")
    await create_topics(connection_of(made.kafka("topics")), PARTITIONS)
    yield made
    await made.flow.stop()


async def test_with_the_printed_rights_everything_runs_and_the_check_disturbs_nobody(deployed: Deployment) -> None:
    flow = deployed.flow
    processes = [flow.start(stage, kafka=deployed.kafka(stage)) for stage in STAGES]
    numbers = {f"k{at}": list(range(20)) for at in range(8)}
    await flow.send((key, number) for number in range(20) for key in numbers)
    expected = expected_incidents(numbers)

    async def all_out() -> bool:
        for stage in STAGES:
            await deployed.check(stage)  # a second process starts, and fences nobody
        return await flow.incidents() == expected

    await until(all_out, RUNS_SECONDS, lambda: "all incidents are out: " + "".join(p.said for p in processes))
    assert [process.said for process in processes if not process.is_running] == []
    for process in processes:
        process.send(signal.SIGTERM)
    assert [await process.ended(10) for process in processes] == [0, 0, 0]


@pytest.mark.parametrize("stage", STAGES)
async def test_a_right_less_is_one_line_that_names_it(deployed: Deployment, stage: str) -> None:
    for right in deployed.rights[stage]:
        await deployed.secured.take(stage, right)
        line = f"user {stage} lacks {right}: `tocsin topics acl` prints all that each stage needs"
        await until(lambda wanted=line: says(deployed, stage, wanted), SETTLES_SECONDS, line)
        await deployed.secured.grant(stage, [right])
        await until(lambda: says(deployed, stage, ""), SETTLES_SECONDS, f"{right} is back")


async def says(deployed: Deployment, stage: str, wanted: str) -> bool:
    """Whether the check of a stage says this and nothing else; a broker hears of rights a little later."""
    try:
        await deployed.check(stage)
    except ConfigError as error:
        return str(error) == wanted
    return not wanted


async def test_all_that_is_missing_is_told_at_once_and_the_process_leaves_with_2(
    secured: Secured, deployed: Deployment
) -> None:
    process = deployed.flow.start("ingest", kafka=secured.kafka("sasl_tls", "nobody", prefix=deployed.prefix))
    detail = await left_with(process, 2, "settings")
    lacking = [right for right in deployed.rights["ingest"] if f"user nobody lacks {right}: " in detail]
    assert lacking == list(deployed.rights["ingest"])
    assert "does not exist" not in detail


@pytest.mark.parametrize(
    ("stage", "operation", "name"),
    [
        pytest.param("ingest", Operation.READ, "tickets", id="a_source"),
        pytest.param("ingest", Operation.WRITE, "tocsin-ingest-1-", id="transactions"),
        pytest.param("detect", Operation.WRITE, "anomalies", id="an_output"),
        pytest.param("detect", Operation.READ, "tocsin-detect", id="the_group"),
        pytest.param("correlate", Operation.WRITE, "correlate-state", id="its_state"),
    ],
)
async def test_a_right_that_is_taken_from_a_running_stage_ends_it_with_2_and_its_name(
    deployed: Deployment, stage: str, operation: Operation, name: str
) -> None:
    flow = deployed.flow
    process = flow.start(stage, kafka=deployed.kafka(stage))
    await until(lambda: "owns" in process.said, RUNS_SECONDS, "it owns its partitions")
    [right] = [
        right
        for right in deployed.rights[stage]
        if (right.operation, right.name) == (operation, deployed.prefix + name)
    ]
    await deployed.secured.take(stage, right)
    number = 0

    async def left() -> bool:
        nonlocal number
        number += 1
        await send_to(flow, stage, number)
        return not process.is_running

    await until(left, RUNS_SECONDS, lambda: f"{stage} leaves: {process.said}", every=0.5)
    assert process.popen.wait() == 2, process.said
    words = last_words(process)
    assert words["word"] == "rights"
    assert f"user {stage} lacks {right}: " in words["detail"]


async def send_to(flow: Flow, stage: str, number: int) -> None:
    """A record for every partition that the stage reads."""
    if stage == "ingest":
        await flow.send((f"k{at}", number) for at in range(16))
        return
    source = {"detect": SIGNALS, "correlate": ANOMALIES}[stage]
    said = {"lane": 0, "clocks": {}, "items": [["k0", str(number)]], "key": "k0", "number": number, "nth": number}
    producer = await flow.producer()
    for partition in range(PARTITIONS.of(source)):
        await producer.send_and_wait(flow.connection.topic(source.noun), json.dumps(said).encode(), partition=partition)


async def test_a_topic_that_may_not_be_seen_is_not_told_as_missing(secured: Secured, tmp_path: Path) -> None:
    made = Deployment(secured, tmp_path)
    topics = [right.name for right in made.rights["topics"] if right.operation is Operation.CREATE]
    await secured.grant("topics", [Right(Operation.CREATE, Resource.TOPIC, topic) for topic in topics])
    lines: list[str] = []

    async def refused() -> bool:
        with pytest.raises(ConfigError) as refusal:
            await create_topics(connection_of(made.kafka("topics")), PARTITIONS)
        lines[:] = str(refusal.value).splitlines()
        return "CREATE" not in str(refusal.value)

    await until(refused, SETTLES_SECONDS, "the rights are known")
    assert sorted(lines) == sorted(
        f"user topics lacks DESCRIBE on topic {topic}: `tocsin topics acl` prints all that each stage needs"
        for topic in topics
    )
    await verify_topics(made.flow.connection, {"signals": PARTITIONS.signals})  # it made them nevertheless
    await made.flow.stop()


async def test_who_may_not_create_topics_is_told_so(secured: Secured, tmp_path: Path) -> None:
    made = Deployment(secured, tmp_path)
    kafka = secured.kafka("sasl_tls", "nobody", prefix=made.prefix)
    with pytest.raises(ConfigError) as refusal:
        await create_topics(connection_of(kafka), PARTITIONS)
    lines = str(refusal.value).splitlines()
    assert f"user nobody lacks CREATE on topic {made.prefix}signals: " in "\n".join(lines)
    assert len(lines) == len(made.rights["topics"]) / 2


async def test_who_follows_or_records_needs_to_read(deployed: Deployment, secured: Secured, tmp_path: Path) -> None:
    nobody = connection_of(secured.kafka("sasl_tls", "nobody", prefix=deployed.prefix))
    with pytest.raises(ConfigError, match=f"user nobody lacks READ on topic {deployed.prefix}incidents"):
        await follow(nobody, FOLLOWED)
    options = RecordOptions(
        bootstrap=nobody.bootstrap,
        out=tmp_path / "a.jsonl.zst",
        created="2025-02-12T08:00:00Z",
        prefix=deployed.prefix,
        security=nobody.security,
        login=nobody.login,
    )
    with pytest.raises(ConfigError) as refusal:
        await record(options)
    assert len(str(refusal.value).splitlines()) == 4
    follower = connection_of(deployed.kafka("follow"))
    task = asyncio.create_task(follow(follower, FOLLOWED))
    asyncio.get_running_loop().call_later(1.0, os.kill, os.getpid(), signal.SIGTERM)
    await task

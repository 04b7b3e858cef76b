"""Which schema a record names: an absolute URI, on everything that is written, by whomever."""

import pytest
from aiokafka import TopicPartition

from pipeline.adapters.cli.live import offsets, stages
from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.compose import compose, ruleset_of
from pipeline.adapters.kafka.offsets import Bounds, Standing
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.settings import Settings, load_settings
from pipeline.adapters.stages.memory import MemoryFlow
from pipeline.flow import BY_NOUN, CORRELATE
from pipeline.records.errors import ConfigError
from tests.flows import arrived, morning

OURS = "https://schemas.example.org/tocsin/"
MINE = load_settings(None, {}, {"schema_base": OURS, "partitions.lanes": 1, "partitions.signals": 1}).settings


def schema_named(message: Message) -> str:
    return dict(message.headers)["ce_dataschema"].decode()


def test_everything_that_a_run_writes_names_its_schema_behind_the_base_of_the_settings() -> None:
    written: list[Message] = []

    class Tap(MemoryFlow):
        def _pass(self, message: Message) -> None:
            written.append(message)
            super()._pass(message)

    flow = Tap(compose(MINE, lambda: 0), lambda _message: None)
    for _ in flow.run(with_heartbeats(arrived(morning(1), 1, lanes=1), 1), batch_records=500):
        pass
    named = {message.topic: schema_named(message) for message in written if message.topic != "quarantine"}
    assert named == {noun: OURS + BY_NOUN[noun].schema for noun in named}
    assert {"signals", "anomalies", "incidents"} <= set(named)


def test_decisions_of_commands_and_of_a_start_with_other_rules_do_so_too() -> None:
    standing = Standing(stage="ingest", place=TopicPartition("telemetry", 0), offset=5, log=Bounds(9, 20))
    assert schema_named(offsets._decision(standing, MINE)) == OURS + "decisions.v1.json"
    changes = stages._Changes(CORRELATE, MINE.epoch, MINE.schema_base)
    assert schema_named(changes.message(0, "before", "now")) == OURS + "decisions.v1.json"


def test_where_schemas_lie_decides_nothing() -> None:
    assert ruleset_of(Settings(schema_base=OURS)) == ruleset_of(Settings())


@pytest.mark.parametrize("base", ["incidents/", "//host/x", "https://host/#", "urn:a b:", "urn:", "urn:é:"])
def test_a_base_that_is_no_absolute_uri_is_refused(base: str) -> None:
    with pytest.raises(ConfigError, match=r"schema_base = .*: must be an absolute URI"):
        load_settings(None, {}, {"schema_base": base})

"""The map: what it says holds for the schemas, for Kafka's topics, for the stages and for what others were promised."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Final, get_args

import pytest
import yaml
from typer.testing import CliRunner

from pipeline.adapters.cli.app import app
from pipeline.adapters.kafka.options import Partitions
from pipeline.adapters.kafka.topics import plan
from pipeline.flow import BY_NOUN, BY_RECORD, FLOW, INGEST, KEYED, RESULTS, TOPICS
from pipeline.kinds import Keyed, Order, Topic, Use
from pipeline.records.clocks import SOURCES
from pipeline.records.vocabulary import Stage as StageName
from tests.schemas.contracts import RAW, WRITTEN

SCHEMAS: Final = Path(__file__).parents[1] / "schemas"
DOCUMENT: Final = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text("utf-8"))


TRAVELS: Final = {
    "telemetry": ([], ["ingest"]),
    "tickets": ([], ["ingest"]),
    "mentions": ([], ["ingest"]),
    "commands": ([], ["ingest"]),
    "signals": (["ingest"], ["detect"]),
    "anomalies": (["detect"], ["correlate"]),
    "incidents": (["correlate"], []),
    "notices": (["correlate"], []),
    "failovers": (["correlate"], []),
    "followups": (["correlate"], []),
    "decisions": (["detect", "correlate"], []),
    "quarantine": (["ingest", "detect", "correlate"], []),
}
"""Who writes and who reads each topic, said a second time on purpose: the map must not change by an oversight."""


def noun_of(topic: Topic) -> str:
    return topic.noun


@pytest.mark.parametrize("topic", TOPICS, ids=noun_of)
def test_every_topic_has_a_schema_and_examples(topic: Topic) -> None:
    schema = json.loads((SCHEMAS / topic.schema).read_text("utf-8"))
    assert schema["$schema"].endswith("2020-12/schema")
    for kind in ("accept", "refuse"):
        assert list((SCHEMAS / "examples" / topic.noun / kind).glob("*.json")), f"no example to {kind}"


def test_the_map_holds_what_the_contracts_name_and_nothing_else() -> None:
    assert [topic.noun for topic in TOPICS] == [*RAW, *WRITTEN, "quarantine"]
    assert {noun: BY_NOUN[noun].record for noun in WRITTEN} == WRITTEN
    assert len(BY_RECORD) == len(TOPICS), "two topics hold the same record type"


@pytest.mark.parametrize("topic", TOPICS, ids=noun_of)
def test_what_others_were_promised_of_a_topic_is_what_the_map_says(topic: Topic) -> None:
    channel = DOCUMENT["channels"][topic.noun]
    assert [tag["name"] for tag in channel["tags"]] == [topic.use]
    assert channel["description"].startswith(topic.holds)
    promised = channel["bindings"]["kafka"]["topicConfiguration"]
    assert promised.get("max.message.bytes") == topic.bytes_max
    assert ("compact" in promised["cleanup.policy"]) == topic.is_compacted
    assert ("delete" in promised["cleanup.policy"]) == (topic.retention_days is not None)


@pytest.mark.parametrize(("noun", "travels"), TRAVELS.items())
def test_a_topic_is_written_and_read_by_the_stages_that_others_rely_on(
    noun: str, travels: tuple[list[str], list[str]]
) -> None:
    writers = [stage.name for stage in FLOW if BY_NOUN[noun] in stage.to]
    readers = [stage.name for stage in FLOW if BY_NOUN[noun] in stage.reads]
    assert (writers, readers) == travels


@pytest.mark.parametrize("noun", TRAVELS)
def test_a_topic_that_others_rely_on_is_made(noun: str) -> None:
    assert noun in {made.noun for made in plan(Partitions())}


def test_raw_topics_are_the_sources_in_the_order_that_breaks_ties() -> None:
    assert tuple(topic.noun for topic in TOPICS if topic.use is Use.INPUT) == SOURCES
    assert tuple(topic.noun for topic in INGEST.reads) == SOURCES


def test_records_travel_down_the_map() -> None:
    known = {topic.noun for topic in TOPICS if topic.use is Use.INPUT}
    for stage in FLOW:
        assert {topic.noun for topic in stage.reads} <= known, f"{stage.name} reads what nobody wrote before it"
        known |= {topic.noun for topic in stage.to}
    assert known == set(BY_NOUN), "a topic that no stage writes, or one that is not on the map"


def test_what_is_between_stages_is_read_once_and_what_others_consume_is_read_by_none() -> None:
    read = [topic.noun for stage in FLOW for topic in stage.reads]
    assert len(read) == len(set(read))
    assert {topic.noun for topic in TOPICS if topic.use is not Use.OUTPUT} == set(read)


@pytest.mark.parametrize("stage", KEYED, ids=lambda stage: stage.name)
def test_a_stage_that_keeps_state_reads_one_topic_of_its_record_type(stage: Keyed) -> None:  # type: ignore[type-arg]
    assert len(stage.reads) == 1
    assert stage.source.record is stage.record


def test_stages_have_the_names_that_records_may_carry() -> None:
    assert {stage.name for stage in FLOW} <= set(get_args(StageName))


def test_every_count_of_partitions_that_the_settings_know_is_used_and_no_other() -> None:
    assert {topic.partitions for topic in TOPICS} == {field.name for field in fields(Partitions)}


def test_kafka_gets_every_topic_of_the_map_and_a_state_topic_for_each_stage_that_keeps_one() -> None:
    planned = {made.noun: made.partitions for made in plan(Partitions())}
    expected = {topic.noun: Partitions().of(topic) for topic in TOPICS}
    assert planned == expected | {stage.state_noun: Partitions().of(stage.source) for stage in KEYED}


def test_histories_are_keyed_by_what_they_are_the_history_of() -> None:
    keys = {topic.noun: topic.key for topic in RESULTS if topic.order is Order.HISTORY}
    assert keys == {
        "incidents": "incident id",
        "notices": "incident id",
        "failovers": "target",
        "followups": "incident id",
    }


def test_only_states_that_replace_one_another_are_compacted() -> None:
    assert {topic.noun for topic in TOPICS if topic.is_compacted} == {"incidents", "failovers"}


def test_the_command_line_tells_all_topics_and_has_a_command_for_each_stage_that_keeps_state() -> None:
    listed = CliRunner().invoke(app, ["topics", "list", "--format", "json"])
    told = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [(row["topic"], row["written_by"], row["read_by"]) for row in told] == [
        (noun, writers or ["others"], readers or ["others"]) for noun, (writers, readers) in TRAVELS.items()
    ]
    helped = CliRunner().invoke(app, ["agents", "--help"])
    assert all(f" {name} " in helped.stdout for name in ("detect", "correlate"))

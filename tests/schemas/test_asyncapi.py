"""The AsyncAPI document: parsed by the official parser, and true to the topics that we make.

The parser is an npm package: see `tests/npm.py`. A contract that was not checked is not a contract.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
import yaml

from pipeline.adapters.codecs.outputs import message_of
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.kafka.options import Partitions
from pipeline.adapters.kafka.topics import plan
from pipeline.records.published.incidents import Incident
from tests import npm
from tests.schemas.contracts import RAW, SCHEMAS, TOPICS, WRITTEN, schema

HERE: Final = Path(__file__).parent / "asyncapi"


def parse(document: Path) -> tuple[int, Any]:
    done = npm.node(HERE, "parse.mjs", document)
    if not done.stdout:
        pytest.fail(f"the AsyncAPI parser did not start\n{done.stderr[-1_000:]}", pytrace=False)
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="session")
def parser() -> None:
    """The parser, installed as the lock file says."""
    npm.install(HERE)


@pytest.fixture(scope="session")
def parsed(parser: None) -> Any:  # noqa: ARG001 - asked for so that it is installed
    """What the official parser makes of our document."""
    exit_code, found = parse(SCHEMAS / "asyncapi.yaml")
    assert found["diagnostics"] == []
    assert exit_code == 0
    return found


def test_every_topic_of_the_flow_is_a_channel_and_nothing_else_is(parsed: Any) -> None:
    assert [channel["address"] for channel in parsed["channels"]] == list(TOPICS)
    assert {f"send {topic}" for topic in WRITTEN} <= set(parsed["operations"])
    assert {f"receive {topic}" for topic in RAW} <= set(parsed["operations"])


def test_every_message_refers_to_the_schema_of_its_topic(parsed: Any) -> None:
    for channel in parsed["channels"]:
        topic, message = channel["address"], channel["messages"][0]
        if topic == "quarantine":
            assert set(message["headers"]) == set(schema("quarantine")["properties"])
        else:
            assert message["payload"] == schema(topic)["title"]
        assert message["key"] == "string"
        if topic in RAW:
            assert channel["messages"][1]["name"] == "heartbeat"


def test_a_mistake_in_the_document_is_found(parser: None, tmp_path: Path) -> None:  # noqa: ARG001 - installed first
    for file in SCHEMAS.glob("*.v1.json"):
        shutil.copy(file, tmp_path)
    text = (SCHEMAS / "asyncapi.yaml").read_text()
    (tmp_path / "asyncapi.yaml").write_text(text.replace("./incidents.v1.json", "./incident.v1.json"))
    exit_code, found = parse(tmp_path / "asyncapi.yaml")
    assert exit_code == 1
    assert any(said["severity"] == 0 for said in found["diagnostics"])


def test_topics_are_made_with_the_retention_that_the_document_promises() -> None:
    document = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text())
    for made in plan(Partitions()):
        if made.noun.endswith("-state"):
            continue  # a state topic belongs to one stage: nobody else may read or write it
        kafka = document["channels"][made.noun]["bindings"]["kafka"]
        promised = kafka["topicConfiguration"]
        assert kafka["bindingVersion"] == "0.5.0"
        assert set(promised["cleanup.policy"]) == set(made.settings["cleanup.policy"].split(","))
        for name in ("retention.ms", "max.message.bytes"):
            assert str(promised.get(name)) == str(made.settings.get(name)), f"{made.noun}: {name}"


def test_headers_of_an_incident_are_as_the_document_says() -> None:
    example = SCHEMAS / "examples/incidents/accept/netcologne_in_all_fields.json"
    incident = decoder(Incident).decode(example.read_bytes())
    message = message_of(incident, "correlate", "anomalies/1/0/7", 1_739_350_800_000)
    headers = {name: value.decode() for name, value in message.headers}
    common = jsonschema_rs.Registry([("json-schema:///common.v1.json", schema("common"))])
    said = jsonschema_rs.Draft202012Validator(
        {"$ref": "./common.v1.json#/$defs/incident_headers"}, registry=common, validate_formats=True
    )
    assert [error.message for error in said.iter_errors(headers)] == []
    assert (headers["revision"], headers["state"]) == ("41", "resolved")
    assert headers["ce_type"] == "tocsin.incidents.v1"
    described = schema("common")["$defs"]
    names = set(described["event_headers"]["properties"]) | set(described["incident_headers"]["properties"])
    assert set(headers) <= names, "a header that nobody described"

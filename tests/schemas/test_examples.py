"""Examples: what each schema accepts and refuses, the reason beside each refusal."""

import json
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import PUBLISHED_BYTES_MAX
from tests.schemas.contracts import RAW, SCHEMAS, TOPICS, WRITTEN, schema, schema_errors, type_error

EXAMPLES: Final = SCHEMAS / "examples"


def files(kind: str, topics: tuple[str, ...] = TOPICS) -> list[Any]:
    found = [(topic, file) for topic in topics for file in sorted((EXAMPLES / topic / kind).glob("*.json"))]
    return [pytest.param(topic, file, id=f"{topic}-{file.stem}") for topic, file in found]


@pytest.mark.parametrize(("topic", "file"), files("accept"))
def test_an_example_is_accepted_by_schema_and_type(topic: str, file: Path) -> None:
    record = json.loads(file.read_text())
    assert schema_errors(topic, record) == []
    if topic != "quarantine":
        assert type_error(topic, record) is None


@pytest.mark.parametrize(("topic", "file"), files("refuse"))
def test_an_example_is_refused_where_and_why_it_says(topic: str, file: Path) -> None:
    example = json.loads(file.read_text())
    assert example["reason"]
    assert (example["keyword"], example["path"]) in schema_errors(topic, example["record"])
    if topic in RAW:
        assert str(type_error(topic, example["record"])).startswith(example["refused_as"] + ":")


@pytest.mark.parametrize(("topic", "file"), files("refuse", tuple(WRITTEN)))
def test_a_refused_example_of_ours_is_refused_by_its_type_too(topic: str, file: Path) -> None:
    record = json.loads(file.read_text())["record"]
    if "commands" in record:  # a command that rides along was checked when it came in
        assert type_error("commands", record["commands"][0]["command"]) is not None
    else:
        assert type_error(topic, record) is not None


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_schema_and_examples(topic: str) -> None:
    assert schema(topic)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert len(files("accept", (topic,))) >= 3
    assert len(files("refuse", (topic,))) >= 3


def test_one_incident_has_every_field_filled() -> None:
    record = json.loads((EXAMPLES / "incidents/accept/netcologne_in_all_fields.json").read_text())
    incident = decoder(Incident).decode(json.dumps(record).encode())
    assert set(record) == set(msgspec.structs.asdict(incident)), "a new field belongs in this example"
    empty = {name for name, value in record.items() if value is None}
    assert empty == {"estimated_end"}, "an incident that is over has no estimated end; all else is filled"
    assert len(encode(incident)) < PUBLISHED_BYTES_MAX


def descriptions_missing(part: Any, at: str) -> list[str]:
    missing = []
    for name, sub in part.get("properties", {}).items():
        if not sub.get("description"):
            missing.append(f"{at}/{name}")
        missing += descriptions_missing(sub, f"{at}/{name}")
    for name, sub in part.get("$defs", {}).items():
        missing += descriptions_missing(sub, f"{at}#{name}") if sub.get("description") else [f"{at}#{name}"]
    return missing


@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("*.v1.json")), ids=lambda file: file.name)
def test_every_field_is_described_and_every_reference_is_relative(file: Path) -> None:
    text = file.read_text()
    assert descriptions_missing(json.loads(text), file.name) == []
    assert '"$ref": "http' not in text
    assert '"additionalProperties": false' not in text, "outputs stay open, or no field can ever be added"


def unlimited(part: Any, at: str) -> list[str]:
    if not isinstance(part, dict):
        return []
    found = []
    kinds = part.get("type", [])
    if "string" in kinds and not {"maxLength", "pattern", "enum", "format"} & part.keys():
        found.append(at)
    if "array" in kinds and "maxItems" not in part:
        found.append(at)
    for name, sub in part.items():
        if name not in {"if", "then", "else", "anyOf", "allOf"} or "properties" not in part:
            branches = sub if isinstance(sub, list) else [sub]
            for branch in branches:
                found += unlimited(branch, f"{at}/{name}")
    return found


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic not in {"signals", "anomalies"}])
def test_every_text_and_list_that_outsiders_send_or_read_has_a_limit(topic: str) -> None:
    assert unlimited(schema(topic), topic) == []

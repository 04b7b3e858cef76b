"""FULL compatibility: old records pass the new schema, new records pass each old one.

So a producer and a consumer may be upgraded in any order. What is allowed is to
add an optional field, and to describe better; all else needs a new schema file.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

from tests.schemas.contracts import SCHEMAS, WRITTEN, schema, schema_errors
from tests.schemas.snapshot import HISTORY, PUBLIC, samples

GOLDEN: Final = Path(__file__).parents[1] / "golden"
WORDS_ONLY: Final = {"description", "title", "default", "$comment"}
ADVICE: Final = "; if this version is not released yet: python -m tests.schemas.snapshot VERSION"

versions = pytest.mark.parametrize("version", sorted(HISTORY.iterdir()), ids=lambda folder: folder.name)
topics = pytest.mark.parametrize("topic", PUBLIC)


def breaking(old: Any, new: Any, at: str = "") -> list[str]:
    """Where a schema differs from an older one by more than an added field or other words."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [] if old == new else [f"{at}: {old!r} became {new!r}"]
    found = []
    of_fields = at.endswith(("/properties", "/$defs"))
    for key in sorted({*old, *new}):
        if of_fields and key in old and key in new:
            found += breaking(old[key], new[key], f"{at}/{key}")
        elif of_fields:
            found += [f"{at}/{key} is gone"] if key in old else []
        elif key not in WORDS_ONLY:
            found += breaking(old.get(key), new.get(key), f"{at}/{key}")
    return found


@versions
@topics
def test_records_of_a_release_pass_the_schema_of_today(version: Path, topic: str) -> None:
    lines = (version / f"{topic}.samples.jsonl").read_text().splitlines()
    assert lines
    for line in lines:
        assert schema_errors(topic, json.loads(line)) == [], ADVICE


@versions
@topics
def test_records_of_today_pass_the_schema_of_every_release(version: Path, topic: str) -> None:
    for record in samples(topic):
        assert schema_errors(topic, record, version) == [], ADVICE


@versions
@pytest.mark.parametrize("topic", [topic for topic in PUBLIC if topic in WRITTEN])
def test_a_consumer_of_a_release_can_read_all_that_the_golden_runs_write(version: Path, topic: str) -> None:
    """The consumer validates with the schemas of its own release, as a downstream service does."""
    read = 0
    for file in sorted(GOLDEN.glob(f"*/expected.{topic}.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            if line.startswith("{") and (value := json.loads(line)["value"]) is not None:
                read += 1
                objections = schema_errors(topic, value, version)
                assert objections == [], (
                    f"{file.parent.name}/{file.name}:{number}: {version.name} refuses {objections[:3]}"
                )
    assert read > 0 or topic in {"failovers", "followups"}, "the golden runs write nothing of it"


@versions
@pytest.mark.parametrize("name", ["common", *PUBLIC])
def test_since_a_release_fields_were_added_and_nothing_else(version: Path, name: str) -> None:
    assert breaking(schema(name, version), schema(name)) == [], ADVICE


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        pytest.param({"properties": {"weather": {"type": "string"}}}, True, id="an_optional_field"),
        pytest.param({"description": "other words"}, True, id="other_words"),
        pytest.param({"required": ["incident_id", "weather"]}, False, id="a_required_field"),
        pytest.param({"properties": {"revision": {"type": "string"}}}, False, id="another_type"),
        pytest.param({"properties": {"nature": {"enum": ["technical"]}}}, False, id="a_shorter_list"),
        pytest.param({"additionalProperties": False}, False, id="a_closed_door"),
        pytest.param({"properties": {"team": None}}, False, id="a_field_that_is_gone"),
    ],
)
def test_the_comparison_knows_what_breaks_a_reader(change: dict[str, Any], allowed: bool) -> None:
    old = schema("incidents")
    new = json.loads(json.dumps(old))
    for key, value in change.items():
        if key == "properties":
            new[key] |= value
            new[key] = {name: field for name, field in new[key].items() if field is not None}
        else:
            new[key] = value
    assert (breaking(old, new) == []) == allowed


def test_a_record_that_an_old_reader_refuses_is_found(tmp_path: Path) -> None:
    for file in SCHEMAS.glob("*.v1.json"):
        shutil.copy(file, tmp_path)
    narrow = schema("notices") | {"required": [*schema("notices")["required"], "rumour_id"]}
    (tmp_path / "notices.v1.json").write_text(json.dumps(narrow))
    refused = [record for record in samples("notices") if schema_errors("notices", record, tmp_path)]
    assert len(refused) == len(samples("notices")) - 1, "one sample has the field, the others lack it"

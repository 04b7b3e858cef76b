"""Which fields of an incident no rule fills yet, and how large an incident can get.

The list is checked against the code of CORRELATE and RESPOND: a field is filled
if a call that makes its record, or replaces a part of it, names it. So a new
rule must strike its field from the list, and a rule that goes must put it back.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_type_hints

import msgspec
import pytest

from pipeline.adapters.codecs.outputs import slimmed
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.correlate.life.recovery import CURVE_KEPT
from pipeline.correlate.tell.series import EXAMPLES_OF
from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import EmergencyImpact
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import Communication, Posts
from pipeline.records.vocabulary import PUBLISHED_BYTES_MAX, IncidentState, Severity
from tests.schemas.contracts import parts_of, schema, schema_errors

ROOT: Final = Path(__file__).parents[2]

REPLACED: Final = (Incident, Communication, EmergencyImpact, Posts)
"""Records of which RESPOND writes some fields into what CORRELATE wrote."""

NOT_FILLED_YET: Final = {
    "care.hotline_reachable",
    "emergency.calls_affected",
    "estimated_end.stated_by",
    "estimated_end_history.stated_by",
    "external_references",
    "operators.confidence_ppm",
    "resolution_curve.activity_ppm",
    "segments",
    "suspected_element.confidence_ppm",
}
"""Dotted paths; the parts of a listed field are not listed again."""


def minimal() -> Incident:
    return Incident(
        incident_id="4f6a1c7be09d33215f00",
        revision=1,
        updated_at=Instant(1_739_347_330_000),
        market="DE",
        state=IncidentState.SUSPECTED,
        severity=Severity.MINOR,
        opened_at=Instant(1_739_347_330_000),
    )


def named_in_calls() -> dict[str, set[str]]:
    """Name of what is called to the keywords it is given, in the rules that make incidents; `*` is "all"."""
    named: dict[str, set[str]] = {}
    for folder in ("wording", "correlate", "respond"):
        for file in sorted((ROOT / "pipeline" / folder).rglob("*.py")):
            nodes = list(ast.walk(ast.parse(file.read_text())))
            imports = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
            real = {alias.asname or alias.name: alias.name for alias in imports}
            for node in nodes:
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    named.setdefault(real.get(name, name), set()).update(word.arg or "*" for word in node.keywords)
    return named


def not_filled(kind: type[msgspec.Struct], named: dict[str, set[str]], path: str = "") -> Iterator[str]:
    """Dotted paths of the fields that no call names."""
    given = named.get(kind.__name__, set()) | (named.get("replace", set()) if kind in REPLACED else set())
    hints = get_type_hints(kind, include_extras=True)
    for field in kind.__struct_fields__:
        if field not in given and "*" not in named.get(kind.__name__, set()):
            yield path + field
            continue
        for part in parts_of(hints[field]):
            yield from not_filled(part, named, f"{path}{field}.")


def value_at(record: Any, path: list[str]) -> list[Any]:
    """All values at a dotted path; lists are walked through."""
    if isinstance(record, list):
        return [value for item in record for value in value_at(item, path)]
    if not path or record is None:
        return [record]
    return value_at(record[path[0]], path[1:])


def test_the_list_of_fields_that_no_rule_fills_is_true() -> None:
    silent = {path for path in not_filled(Incident, named_in_calls()) if not path.endswith("_omitted")}
    assert silent == NOT_FILLED_YET, "a rule came or went: mend the list"


@pytest.mark.parametrize("path", sorted(NOT_FILLED_YET))
def test_what_no_rule_fills_is_null(path: str) -> None:
    golden = sorted((ROOT / "tests").rglob("expected.incidents.jsonl"))
    published = [json.loads(line)["value"] for file in golden for line in file.read_text().splitlines()]
    for record in [json.loads(encode(minimal())), *published]:
        assert all(value is None for value in value_at(record, path.split(".")))


def test_an_incident_is_made_of_seven_facts_and_the_schema_accepts_it() -> None:
    record = json.loads(encode(minimal()))
    assert schema_errors("incidents", record) == []
    assert set(record) == set(schema("incidents")["properties"]), "nulls are written, not left out"
    assert len(schema("incidents")["required"]) == 7


USUAL_LENGTHS: Final = {
    40: 40,
    64: 20,
    80: 30,
    100: 24,
    128: 20,
    160: 36,
    200: 100,
    240: 240,
    400: 60,
    1000: 400,
    16: 5,
}
"""Limit of a text to the length that it has in a bad case: keys are words, ids that we make have 20 letters."""


def heavy(part: dict[str, Any], file: str = "incidents") -> Any:
    """A record with every list full and every text as long as in a bad case."""
    if "$ref" in part:
        name, _, pointer = part["$ref"].partition("#/$defs/")
        target = "common" if "common" in name else file
        return "2025-02-12T09:00:00.000Z" if pointer == "time" else heavy(schema(target)["$defs"][pointer], target)
    if "anyOf" in part or "enum" in part:
        choices = part.get("enum") or [heavy(choice, file) for choice in part["anyOf"]]
        return max(choices, key=lambda value: len(json.dumps(value)) if value is not None else 0)
    kind = part["type"] if isinstance(part["type"], str) else part["type"][0]
    if kind == "object":
        fields = part.get("properties") or {"nl": part["additionalProperties"]}  # a text in one more language
        return {name: heavy(sub, file) for name, sub in fields.items()}
    if kind == "array":
        return [heavy(part["items"], file) for _ in range(part["maxItems"])]
    if kind == "string":
        return _heavy_text(part)
    return {"boolean": False, "integer": min(part.get("maximum", 0), 10**9), "null": None}[kind]


def _heavy_text(part: dict[str, Any]) -> str:
    shapes = {r"^[A-Z]{2}$": "DE", r"^[A-Z]{3}$": "EUR", r"^[0-9]{2,6}$": "112"}
    pattern = part.get("pattern", "")
    if pattern in shapes:
        return shapes[pattern]
    length = USUAL_LENGTHS[part["maxLength"]]
    return "1" * 12 if "0|[1-9]" in pattern else "DE/" + "x" * (length - 3)


def test_an_incident_with_all_lists_full_fits_in_a_published_record_and_loses_nothing_but_examples() -> None:
    record = heavy(schema("incidents"))
    for item in record["evidence"][EXAMPLES_OF:]:
        item["examples"] = []
    record["resolution_curve"] = record["resolution_curve"][:CURVE_KEPT]
    assert all(item["examples"] for item in record["evidence"][:EXAMPLES_OF]), "each place of a list is an object"
    assert schema_errors("incidents", record) == []
    full = decoder(Incident).decode(json.dumps(record).encode())
    fits = slimmed(full)
    by_field = sorted(((len(json.dumps(part)), name) for name, part in record.items()), reverse=True)
    assert len(encode(fits)) <= PUBLISHED_BYTES_MAX, f"{len(encode(full))} bytes: {by_field[:12]}"
    assert bare(fits) == bare(full), "a list was cut: make room for it, or say in its comment why it may be"


def bare(incident: Incident) -> Incident:
    """Without examples, and how many there were."""
    rows = tuple(msgspec.structs.replace(row, examples=(), examples_omitted=0) for row in incident.evidence)
    return msgspec.structs.replace(incident, evidence=rows)

"""Every field, limit and closed list stands in the type and in the schema alike: compared one by one, not by trial."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest
from msgspec import inspect

from pipeline.records.raw.commands import Command
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from tests.schemas.contracts import RAW, WRITTEN, schema
from tests.schemas.strategies import PATTERNS

TYPES: Final[dict[str, type]] = {
    "telemetry": Reading,
    "tickets": Ticket,
    "mentions": Mention,
    "commands": Command,
    **WRITTEN,
}


def resolved(part: dict[str, Any], file: str) -> tuple[dict[str, Any], str]:
    """A schema part with its reference followed, and the file that it stands in."""
    if "anyOf" in part and "properties" not in part:
        return resolved(part["anyOf"][0], file)
    if "$ref" not in part:
        return part, file
    name, _, pointer = part["$ref"].partition("#/$defs/")
    target = name.removeprefix("./").removesuffix(".v1.json") or file
    return resolved(schema(target)["$defs"][pointer] if pointer else schema(target), target)


def apart(kind: inspect.Type, part: dict[str, Any], file: str, at: str) -> list[str]:
    """Where a type and its schema differ."""
    part, file = resolved(part, file)
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    compare = _COMPARE.get(type(kind))
    return compare(kind, part, file, at) if compare else []  # bool and our own number types have no limits


def _structs_apart(kind: inspect.StructType, part: dict[str, Any], file: str, at: str) -> list[str]:
    fields = {field.name: field for field in kind.fields}
    required = {name for name, field in fields.items() if field.required}
    found = [f"{at}.{name}: only one of them has it" for name in sorted(set(fields) ^ set(part["properties"]))]
    found += [f"{at}.{name}: one requires it" for name in sorted(required ^ set(part.get("required", ())))]
    for name in sorted(set(fields) & set(part["properties"])):
        found += apart(fields[name].type, part["properties"][name], file, f"{at}.{name}")
    return found


def _texts_apart(kind: inspect.StrType, part: dict[str, Any], _file: str, at: str) -> list[str]:
    found = _unlike(at, (kind.min_length, kind.max_length), part, ("minLength", "maxLength"))
    pattern = part.get("pattern")
    if "format" not in part and pattern not in PATTERNS:  # what INGEST checks after the type
        ours = kind.pattern.replace(r"\Z", "$") if kind.pattern else None
        found += [] if ours == pattern else [f"{at}: pattern {ours} and {pattern}"]
    return found


def _arrays_apart(kind: inspect.ListType | inspect.VarTupleType, part: dict[str, Any], file: str, at: str) -> list[str]:
    limits = _unlike(at, (kind.min_length, kind.max_length), part, ("minItems", "maxItems"))
    return limits + apart(kind.item_type, part["items"], file, at + "[]")


def _maps_apart(kind: inspect.DictType, part: dict[str, Any], file: str, at: str) -> list[str]:
    names = [] if file == "signals" else apart(kind.key_type, part.get("propertyNames", {}), file, at + "{}")
    return names + apart(kind.value_type, part["additionalProperties"], file, at + "{}")


def _numbers_apart(kind: inspect.IntType | inspect.FloatType, part: dict[str, Any], _file: str, at: str) -> list[str]:
    return _unlike(at, (kind.ge, kind.le), part, ("minimum", "maximum"))


def _lists_apart(kind: inspect.LiteralType | inspect.EnumType, part: dict[str, Any], _file: str, at: str) -> list[str]:
    words: set[Any] = {one.value for one in kind.cls} if isinstance(kind, inspect.EnumType) else set(kind.values)
    listed = {word for word in part["enum"] if word is not None}
    return [] if listed == words else [f"{at}: only one of them lists {sorted(listed ^ words)}"]


def _unlike(at: str, limits: tuple[Any, Any], part: dict[str, Any], keywords: tuple[str, str]) -> list[str]:
    said = tuple(part.get(keyword) for keyword in keywords)
    return [] if said == limits else [f"{at}: the type says {limits}, the schema {said}"]


_COMPARE: Final[dict[type, Callable[[Any, dict[str, Any], str, str], list[str]]]] = {
    inspect.StructType: _structs_apart,
    inspect.ListType: _arrays_apart,
    inspect.VarTupleType: _arrays_apart,
    inspect.DictType: _maps_apart,
    inspect.StrType: _texts_apart,
    inspect.IntType: _numbers_apart,
    inspect.FloatType: _numbers_apart,
    inspect.LiteralType: _lists_apart,
    inspect.EnumType: _lists_apart,
}


@pytest.mark.parametrize("topic", [*RAW, *WRITTEN])
def test_a_schema_says_of_every_field_what_its_type_says(topic: str) -> None:
    assert apart(inspect.type_info(TYPES[topic]), schema(topic), topic, topic) == []


class _Grown(msgspec.Struct):
    """A decision with another field and another limit."""

    decision_id: str
    colour: str = ""


def test_a_field_or_limit_that_only_one_of_them_has_is_found() -> None:
    found = apart(inspect.type_info(_Grown), schema("decisions"), "decisions", "it")
    assert "it.colour: only one of them has it" in found
    assert "it.text: one requires it" in found
    assert "it.decision_id: the type says (None, None), the schema (1, 128)" in found

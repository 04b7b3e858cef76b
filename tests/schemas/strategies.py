"""Records to try on types and schemas: made from a schema, then damaged.

Only the keywords that our schemas use are understood; another one raises, so
that a new keyword cannot slip past the comparison.
"""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from tests.schemas.contracts import schema

Strategy = st.SearchStrategy[Any]

PATTERNS: Final = {
    r"^([^\p{C}\p{Z}]| )*$": st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20),
}
"""Patterns that Python's `re` cannot read, and texts that match them."""

DESCRIBING: Final = {"description", "title", "default", "$schema", "$defs", "if", "then", "else", "allOf", "format"}

texts = st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=12)

times = st.builds(
    "{:04d}-{:02d}-{:02d}{}{:02d}:{:02d}:{:02d}{}{}".format,
    st.one_of(st.integers(1, 1968), st.integers(1971, 9997), st.just(9999)),
    st.integers(1, 12),
    st.integers(2, 31),
    st.sampled_from("TTTt"),
    st.integers(0, 24),
    st.integers(0, 59),
    st.integers(0, 60),
    st.sampled_from(["", ".5", ".123", ".123456789"]),
    st.sampled_from(["Z", "z", "+01:00", "-05:30", "+23:59", "+24:00", ""]),
)
"""Times, many of them of no calendar. The last day of 1969 and the first of 1970, and those of 9998 and 9999, are
left out: there an offset decides what the year is, and a pattern cannot reckon."""

good_times = st.builds(
    "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}{}{}".format,
    st.integers(1971, 9997),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.sampled_from(["", ".5", ".123456"]),
    st.sampled_from(["Z", "+01:00", "-05:30"]),
)

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, -1, 1, 2.5, 1e-300, 2**53, 2**53 + 1, 2**31, 1_000_001, 86_401]),
    texts,
    times,
    st.sampled_from(["", "x" * 65, "x" * 161, "ä" * 1001, "x" * 8001, "DE", "DE\n", "de", "DE/NW/koeln", "3.50", "-0"]),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
)
"""Values that fit somewhere and seldom here."""


@cache
def records(topic: str) -> Strategy:
    """Records that the schema of a topic describes (most of its if-then rules are not looked at)."""
    made = _of(schema(topic), topic)
    return made.map(_COMPLETIONS[topic]) if topic in _COMPLETIONS else made


def _placed(reading: dict[str, Any]) -> dict[str, Any]:
    """A reading needs one of area and element."""
    return reading if reading.get("area") or reading.get("element") else {**reading, "area": "DE/NW"}


def _bounded(command: dict[str, Any]) -> dict[str, Any]:
    """A silence needs a reason and an end, what is usual from now on a dismissal of what is real, and a reason."""
    if command.get("usual"):
        real = {key: value for key, value in command.items() if key != "exercise"}
        return {**real, "kind": "dismiss", "reason": command.get("reason") or "works"}
    if command["kind"] not in {"silence", "maintenance", "exercise"}:
        return command
    return {
        **command,
        "reason": command.get("reason") or "works",
        "until": command.get("until") or "9000-01-02T00:00:00Z",
    }


_COMPLETIONS: Final = {"telemetry": _placed, "commands": _bounded}


def _of(part: dict[str, Any], file: str) -> Strategy:
    part = {key: value for key, value in part.items() if key not in DESCRIBING}
    if "$ref" in part:
        return _referred(part, file)
    if "const" in part:
        return st.just(part["const"])
    if "enum" in part:
        return st.sampled_from(part["enum"])
    if "anyOf" in part and "properties" not in part:
        return st.one_of([_of(choice, file) for choice in part["anyOf"]])
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    return st.one_of([_of_type(kind, part, file) for kind in kinds])


def _referred(part: dict[str, Any], file: str) -> Strategy:
    if "pattern" in part:
        return PATTERNS[part["pattern"]]
    name, _, pointer = part["$ref"].partition("#")
    target = file if not name else name.removeprefix("./").removesuffix(".v1.json")
    if not pointer:
        return records(target)
    return good_times if pointer == "/$defs/time" else _defined(target, pointer.removeprefix("/$defs/"))


@cache
def _defined(file: str, name: str) -> Strategy:
    return _of(schema(file)["$defs"][name], file)


def _of_type(kind: str, part: dict[str, Any], file: str) -> Strategy:
    makers: dict[str, Callable[[], Strategy]] = {
        "null": st.none,
        "boolean": st.booleans,
        "integer": lambda: st.integers(part.get("minimum", -(2**63)), part.get("maximum", 2**63 - 1)),
        "number": lambda: st.floats(-1e9, 1e9, allow_nan=False),
        "string": lambda: _string(part),
        "array": lambda: _array(part, file),
        "object": lambda: _object(part, file),
    }
    return makers[kind]()


def _array(part: dict[str, Any], file: str) -> Strategy:
    return st.lists(
        _of(part["items"], file), min_size=part.get("minItems", 0), max_size=min(2, part.get("maxItems", 2))
    )


def _string(part: dict[str, Any]) -> Strategy:
    least, most = part.get("minLength", 0), part.get("maxLength", 20)
    pattern = part.get("pattern")
    if pattern in PATTERNS:
        return PATTERNS[pattern]
    if pattern is not None:
        return st.from_regex(pattern.removesuffix("$") + r"\Z").filter(lambda text: least <= len(text) <= most)
    return st.text(st.characters(exclude_categories=["Cs", "Cn"]), min_size=least, max_size=max(least, min(most, 12)))


def _object(part: dict[str, Any], file: str) -> Strategy:
    if "properties" not in part:
        pattern = part.get("propertyNames", {}).get("pattern")
        whole = None if pattern is None else rf"\A{pattern.removeprefix('^').removesuffix('$')}\Z"
        keys = st.text("ab", min_size=1) if whole is None else st.from_regex(whole)
        return st.dictionaries(keys, _of(part["additionalProperties"], file), max_size=2)
    properties = {name: _of(sub, file) for name, sub in part["properties"].items()}
    required = set(part.get("required", ()))
    return st.fixed_dictionaries(
        {name: strategy for name, strategy in properties.items() if name in required},
        optional={name: strategy for name, strategy in properties.items() if name not in required},
    )


def places(record: Any) -> list[tuple[Any, Any]]:
    """All (container, key) pairs within a record, but for those of a command that rides along.

    What a command must hold is checked when it comes in, and tested there.
    """
    pairs = list(record.items()) if isinstance(record, dict) else list(enumerate(record))
    found: list[tuple[Any, Any]] = []
    for key, value in pairs:
        found.append((record, key))
        if isinstance(value, dict | list) and key != "command":
            found += places(value)
    return found


@st.composite
def damaged(draw: st.DrawFn, topic: str) -> Any:
    """A record of a topic with up to two places changed, dropped or added."""
    record = copy.deepcopy(draw(records(topic)))
    for _ in range(draw(st.integers(0, 2))):
        spots = places(record)
        if not spots:
            break
        container, key = draw(st.sampled_from(spots))
        if isinstance(container, dict) and draw(st.booleans()) and draw(st.booleans()):
            del container[key]
        else:
            container[key] = draw(junk)
    return record

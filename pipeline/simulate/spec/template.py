"""Scenarios as templates: bases laid under a file, draws made by the seed, expressions worked out.

A scenario tells what happens, not when exactly: the seed draws the time of
day, the towns, the share. What a draw decides is written once, in `[draw]`,
and used by name, so that an outage, its statements and the words about it
move together. Each draw has a generator of its own: a new one leaves every
other as it was.

    [draw]
    t = { day = "2025-03-12", between = ["09:00", "18:00"] }
    length = { between = [3, 6], whole = true }
    towns = { some_of = ["FR/A", "FR/B", "FR/C"], count = 2 }
    town = { one_of = "$towns" }            # of what was drawn above
    brand = ["Bluetone", "bluetone"]        # a plain value: always the same

    starts_at = "$t.day - 36 h"             # $t.day is the midnight before t; a list has $towns.first and .last
    ends_at = "$t + 0.5 $length min + 2 h"
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from pipeline.simulate.seeds import generator_for

_UNITS: Final = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
_TERM: Final = re.compile(r"(?:(\d+(?:\.\d+)?) ?)?(?:\$([a-z][a-z0-9_]*)(?:\.(day|first|last))?)?(?: ?(s|min|h|d))?")
_SIGNS: Final = re.compile(r" ([+-]) ")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class _TemplateError(ValueError):
    """A draw or an expression that cannot be worked out; its text is the end of the sentence."""


def laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one document over another: tables are merged, however deep; everything else is replaced.

    >>> laid_over({"a": {"x": 1, "y": [1, 2]}}, {"a": {"y": [3]}})
    {'a': {'x': 1, 'y': [3]}}
    """
    result = dict(under)
    for name, value in over.items():
        below = result.get(name)
        if isinstance(below, Mapping) and isinstance(value, Mapping) and not (_is_draw(below) or _is_draw(value)):
            value = laid_over(below, value)
        result[name] = value
    return result


def drawn(document: Mapping[str, Any], seed: int, problems: list[str]) -> dict[str, Any]:
    """Make the draws of a document and work its expressions out.

    Args:
        document: A scenario with its bases under it; `[draw]` says what is drawn.
        seed: Which world of the scenario.
        problems: Takes a sentence for each mistake. What is wrong stays as it was written.

    Returns:
        The document without `[draw]`; no string in it begins with a dollar, unless it is wrong.
    """
    draws = document.get("draw", {})
    if not isinstance(draws, Mapping):
        problems.append(f"scenario.draw = {draws!r:.60}: must be a table")
        draws = {}
    values: dict[str, Any] = {}
    for name, spec in draws.items():
        try:
            values[name] = _draw(spec, values, generator_for(seed, "draw", name))
        except (_TemplateError, ValueError) as error:
            problems.append(f"scenario.draw.{name} = {spec!r:.100}: {error}")
            values[name] = None
    rest = {name: value for name, value in document.items() if name != "draw"}
    return {name: _worked_out(value, values, f"scenario.{name}", problems) for name, value in rest.items()}


def _is_draw(value: Any) -> bool:
    return isinstance(value, Mapping) and bool({"between", "one_of", "some_of"} & set(value))


def _draw(spec: Any, values: Mapping[str, Any], chance: Random) -> Any:
    if not isinstance(spec, Mapping):
        return _sum(spec, values) if _is_expression(spec) else spec
    spec = {key: _sum(part, values) if _is_expression(part) else part for key, part in spec.items()}
    kinds = {
        frozenset({"between"}): _number,
        frozenset({"between", "whole"}): _number,
        frozenset({"day", "between"}): _moment,
        frozenset({"one_of"}): _one,
        frozenset({"some_of", "count"}): _some,
    }
    make = kinds.get(frozenset(spec))
    if make is None:
        message = "must be { between }, { between, whole }, { day, between }, { one_of } or { some_of, count }"
        raise _TemplateError(message)
    return make(spec, chance)


def _number(spec: Mapping[str, Any], chance: Random) -> float:
    low, high = _pair(spec["between"], (int, float))
    if not spec.get("whole", False):
        return round(chance.uniform(low, high), 4)
    if not isinstance(low, int) or not isinstance(high, int):
        message = "with whole = true, between must hold whole numbers"
        raise _TemplateError(message)
    return chance.randint(low, high)


def _moment(spec: Mapping[str, Any], chance: Random) -> datetime:
    days = spec["day"] if isinstance(spec["day"], list) else [spec["day"]]
    if not days:
        message = "day must name at least one day"
        raise _TemplateError(message)
    day = date.fromisoformat(str(chance.choice(days)))
    clocks = [_CLOCK.fullmatch(text) for text in _pair(spec["between"], str)]
    minutes = [int(clock[1]) * 60 + int(clock[2]) for clock in clocks if clock is not None]
    if len(minutes) != 2 or minutes[0] > minutes[1]:
        message = 'between must be two times of the day in order, such as ["09:00", "18:00"]'
        raise _TemplateError(message)
    first, last = minutes
    return datetime.combine(day, time()) + timedelta(seconds=chance.randint(first * 60, last * 60))


def _one(spec: Mapping[str, Any], chance: Random) -> Any:
    return chance.choice(_choices(spec["one_of"]))


def _some(spec: Mapping[str, Any], chance: Random) -> list[Any]:
    choices = _choices(spec["some_of"])
    low, high = _pair(spec["count"], int) if isinstance(spec["count"], list) else (spec["count"],) * 2
    if not 0 <= low <= high <= len(choices):
        message = f"count must lie between 0 and {len(choices)}"
        raise _TemplateError(message)
    return [choices[at] for at in sorted(chance.sample(range(len(choices)), chance.randint(low, high)))]


def _choices(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        message = "there must be a list to choose from"
        raise _TemplateError(message)
    return value


def _pair(value: Any, kind: type | tuple[type, ...]) -> Any:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(entry, kind) for entry in value):
        message = "between and count must be a list of two: the lowest and the highest"
        raise _TemplateError(message)
    if value[0] > value[1]:
        message = "the lowest must not be above the highest"
        raise _TemplateError(message)
    return value


def _worked_out(value: Any, values: Mapping[str, Any], where: str, problems: list[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _worked_out(entry, values, f"{where}.{name}", problems) for name, entry in value.items()}
    if isinstance(value, list):
        return [_worked_out(entry, values, f"{where}[{at}]", problems) for at, entry in enumerate(value)]
    if not _is_expression(value):
        return value
    try:
        return _sum(value, values)
    except _TemplateError as error:
        problems.append(f"{where} = {value!r}: {error}")
        return value


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("$")


def _sum(text: str, values: Mapping[str, Any]) -> Any:
    """Add the terms of an expression up: a time and distances, numbers, lists, or one value of any kind."""
    first, *others = _SIGNS.split(text)
    total = _term(first, values)
    for sign, term in zip(others[::2], others[1::2], strict=True):
        value = _term(term, values)
        if not _can_be_added(total, value, sign):
            message = "numbers can be added to numbers, lists to lists, and distances such as 35 min to times"
            raise _TemplateError(message)
        total = total + value if sign == "+" else total - value
    if isinstance(total, timedelta):
        message = "is a distance; it must be added to a time"
        raise _TemplateError(message)
    return total


def _can_be_added(total: Any, value: Any, sign: str) -> bool:
    if isinstance(total, list):
        return isinstance(value, list) and sign == "+"
    number = isinstance(total, int | float) and isinstance(value, int | float)
    return number or (isinstance(total, datetime | timedelta) and isinstance(value, timedelta))


def _term(text: str, values: Mapping[str, Any]) -> Any:
    found = _TERM.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        message = f"cannot read {text!r}; a term is such as $t, $t.day, $towns.first or 0.5 $length min"
        raise _TemplateError(message)
    factor, name, part, unit = found.groups()
    if name is not None and name not in values:
        message = f"nothing is drawn as {name!r}; drawn are {', '.join(sorted(values))}"
        raise _TemplateError(message)
    value = values[name] if name is not None else 1
    if part is not None:
        value = _midnight(value) if part == "day" else _end(value, part)
    if factor is None and unit is None:
        return value
    if not isinstance(value, int | float):
        message = f"{text!r}: only numbers have a factor or a unit"
        raise _TemplateError(message)
    number = value * float(factor) if factor is not None and "." in factor else value * int(factor or 1)
    return number if unit is None else timedelta(seconds=round(number * _UNITS[unit]))


def _midnight(value: Any) -> datetime:
    if not isinstance(value, datetime):
        message = ".day needs a time"
        raise _TemplateError(message)
    return datetime.combine(value.date(), time())


def _end(value: Any, which: str) -> Any:
    if not isinstance(value, list) or not value:
        message = f".{which} needs a list"
        raise _TemplateError(message)
    return value[0 if which == "first" else -1]

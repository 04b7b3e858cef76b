"""Draws and expressions: each draw by its own name, all mistakes told, nothing left to work out."""

from datetime import datetime
from typing import Any

import pytest

from pipeline.simulate.spec.template import drawn, laid_over

local = datetime.fromisoformat  # without zone, as scenarios have it
DRAWS: dict[str, Any] = {
    "t": {"day": ["2025-03-12", "2025-03-18"], "between": ["09:00", "18:00"]},
    "share": {"between": [0.2, 0.5]},
    "length": {"between": [3, 6], "whole": True},
    "towns": {"some_of": ["A", "B", "C", "D"], "count": [2, 3]},
    "town": {"one_of": "$towns"},
    "brand": ["Bluetone", "bluetone"],
    "noon": local("2025-03-12T12:30"),
    "forty": 40,
    "zero": 0,
}


def made(document: dict[str, Any], seed: int = 1) -> dict[str, Any]:
    problems: list[str] = []
    result = drawn(document, seed, problems)
    assert problems == []
    return result


def values(seed: int) -> dict[str, Any]:
    return made({"draw": DRAWS} | {name: f"${name}" for name in DRAWS}, seed)


def mistakes(document: dict[str, Any]) -> list[str]:
    problems: list[str] = []
    drawn(document, 1, problems)
    return problems


def test_draws_lie_in_their_bounds_and_reach_all_of_them() -> None:
    worlds = [values(seed) for seed in range(200)]
    assert {world["length"] for world in worlds} == {3, 4, 5, 6}
    assert all(0.2 <= world["share"] <= 0.5 for world in worlds)
    assert {world["t"].day for world in worlds} == {12, 18}
    assert all(9 * 60 <= world["t"].hour * 60 + world["t"].minute <= 18 * 60 for world in worlds)
    assert {len(world["towns"]) for world in worlds} == {2, 3}
    assert all(world["towns"] == sorted(world["towns"]) for world in worlds), "in the order given"
    assert all(world["town"] in world["towns"] for world in worlds)
    assert all(world["brand"] == ["Bluetone", "bluetone"] for world in worlds)


def test_the_same_seed_draws_the_same() -> None:
    assert values(7) == values(7)
    assert values(7) != values(8)


def test_a_new_draw_leaves_every_other_as_it_was() -> None:
    more = {"first": {"between": [0, 9]}, **DRAWS}
    assert made({"draw": more, "t": "$t", "share": "$share"}, 5) == made(
        {"draw": DRAWS, "t": "$t", "share": "$share"}, 5
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("$noon + 35 min", local("2025-03-12T13:05"), id="later"),
        pytest.param("$noon - 2 h", local("2025-03-12T10:30"), id="earlier"),
        pytest.param("$noon + $forty min", local("2025-03-12T13:10"), id="drawn_length"),
        pytest.param("$noon + 0.5 $forty min + 30 s", local("2025-03-12T12:50:30"), id="half_of_it"),
        pytest.param("$noon.day - 36 h", local("2025-03-10T12:00"), id="from_midnight"),
        pytest.param("$noon.day + 1 d", local("2025-03-13T00:00"), id="next_midnight"),
        pytest.param("$forty", 40, id="number"),
        pytest.param("$zero + 2 $forty + 5", 85, id="whole_sum"),
        pytest.param("$zero + 0.25 $forty", 10.0, id="part"),
        pytest.param("$brand", ["Bluetone", "bluetone"], id="list"),
        pytest.param("$brand.first", "Bluetone", id="first_of_a_list"),
        pytest.param("$brand.last", "bluetone", id="last_of_a_list"),
        pytest.param("$brand + $brand", ["Bluetone", "bluetone"] * 2, id="lists_add_up"),
    ],
)
def test_expressions_are_worked_out(text: str, value: object) -> None:
    result = made({"draw": DRAWS, "deep": [{"x": text}]})["deep"][0]["x"]
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("$tt + 5 min", "nothing is drawn as 'tt'", id="unknown_name"),
        pytest.param("$noon + 5", "distances such as 35 min to times", id="number_to_time"),
        pytest.param("$forty min", "is a distance; it must be added to a time", id="distance_alone"),
        pytest.param("$noon * 2", "cannot read '$noon * 2'", id="no_term"),
        pytest.param("$noon min", "only numbers have a factor or a unit", id="time_with_a_unit"),
        pytest.param("$forty.day", ".day needs a time", id="day_of_a_number"),
        pytest.param("$forty.first", ".first needs a list", id="first_of_a_number"),
        pytest.param("$brand - $brand", "lists to lists", id="list_less_list"),
    ],
)
def test_a_wrong_expression_is_named_with_its_place(text: str, said: str) -> None:
    (told,) = mistakes({"draw": DRAWS, "outages": [{"at": text}]})
    assert told.startswith(f"scenario.outages[0].at = {text!r}: ")
    assert said in told


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        pytest.param({"betwen": [1, 2]}, "must be { between }", id="misspelt"),
        pytest.param({"between": [5, 2]}, "the lowest must not be above the highest", id="out_of_order"),
        pytest.param({"between": [1]}, "a list of two", id="one_bound"),
        pytest.param({"between": [1, 2.5], "whole": True}, "must hold whole numbers", id="whole_with_fractions"),
        pytest.param({"one_of": []}, "a list to choose from", id="nothing_to_choose"),
        pytest.param({"some_of": ["a"], "count": 2}, "count must lie between 0 and 1", id="too_many"),
        pytest.param({"day": "2025-02-30", "between": ["09:00", "10:00"]}, "day is out of range", id="no_such_day"),
        pytest.param({"day": "2025-02-03", "between": ["09:00", "25:00"]}, "two times of the day", id="no_such_time"),
        pytest.param({"one_of": "$later"}, "nothing is drawn as 'later'", id="drawn_below_only"),
    ],
)
def test_a_wrong_draw_is_named(spec: dict[str, Any], said: str) -> None:
    (told,) = mistakes({"draw": {"x": spec, "later": [1]}})
    assert told.startswith("scenario.draw.x = ")
    assert said in told


def test_all_mistakes_are_told_at_once() -> None:
    told = mistakes({"draw": {"x": {"one_of": []}, "y": {"between": "wide"}}, "a": "$z", "b": ["$w + 5 min"]})
    assert [line.split(" = ")[0] for line in told] == [
        "scenario.draw.x",
        "scenario.draw.y",
        "scenario.a",
        "scenario.b[0]",
    ]


def test_tables_are_merged_and_all_else_replaced() -> None:
    under = {"mentions": {"share": 0.3, "platforms": ["x"]}, "draw": {"t": {"between": [1, 2]}}, "lanes": 4}
    over = {"mentions": {"platforms": ["y", "z"]}, "draw": {"t": {"one_of": [5]}, "u": 1}}
    assert laid_over(under, over) == {
        "mentions": {"share": 0.3, "platforms": ["y", "z"]},
        "draw": {"t": {"one_of": [5]}, "u": 1},
        "lanes": 4,
    }
    assert under["mentions"] == {"share": 0.3, "platforms": ["x"]}, "the base stays as it was"

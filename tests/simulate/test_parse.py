"""A scenario file's mistakes are told all at once, each with its place."""

import copy
from typing import Any

import pytest

from pipeline.records.errors import ConfigError
from pipeline.simulate.parse import load_scenario, scenario_of
from tests.simulate.conftest import Document, document_of, read, texts_of


def change(document: Document, path: str, value: Any) -> None:
    """Set what a path such as `outages.0.cause` names; None takes it away."""
    at: Any = document
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value


def mistakes(document: Document, texts: Document | None = None) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        scenario_of(document, texts or texts_of())
    return str(refused.value).splitlines()


def test_the_bundled_scenario_reads() -> None:
    scenario = load_scenario("netcologne-2025", read)
    assert scenario.file.market == "DE"
    assert sum(area.people for area in scenario.file.areas) == 470_000


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        pytest.param("lanes", 0, "scenario.lanes = 0: expected `int` >= 1", id="out_of_range"),
        pytest.param("market", None, "scenario.market: is missing", id="missing"),
        pytest.param("mentions.delai", {}, "scenario.mentions.delai: is not known here", id="unknown_key"),
        pytest.param(
            "feeds.0.metrics.0.unit", "furlong", "scenario.feeds[0].metrics[0].unit = 'furlong'", id="wrong_word"
        ),
        pytest.param("time_zone", "Mars/Olympus", "is no IANA time zone", id="time_zone"),
        pytest.param("areas.1.id", "DE/NW/koeln", "scenario.areas: 'DE/NW/koeln' stands there twice", id="twice"),
        pytest.param("areas.0.operator", "telecom", "operator 'telecom' is not in operators", id="area_operator"),
        pytest.param("operators.1.role", "primary", "2 have the role primary", id="two_primaries"),
        pytest.param("feeds.0.rhythm", "waltz", "rhythm 'waltz' is not in rhythms", id="rhythm"),
        pytest.param("outages.0.areas.0.area", "DE/NW/essen", "area: 'DE/NW/essen' is not in areas", id="outage_area"),
        pytest.param("outages.0.curve.0.share", 0.5, "must begin and end with share = 0.0", id="curve_begin"),
        pytest.param("outages.0.elements", ["core-9"], "element: 'core-9' is not in elements", id="outage_element"),
        pytest.param("outages.0.talk.0.kind", "weather", "mentions.weather is needed", id="texts_missing"),
        pytest.param("care", None, "per_answered_call needs a [care]", id="phone_without_care"),
        pytest.param("areas.0.customers", {}, "has no customers", id="nobody_lives_there"),
    ],
)
def test_a_mistake_is_named_with_its_place(path: str, value: Any, said: str) -> None:
    document = copy.deepcopy(document_of())
    change(document, path, value)
    assert any(said in line for line in mistakes(document)), mistakes(document)


def test_all_mistakes_are_told_at_once() -> None:
    document = copy.deepcopy(document_of())
    for path, value in (
        ("lanes", "many"),
        ("outages.0.cause", "gremlins"),
        ("tickets.share", 7),
        ("areas.2.postcodes", []),
    ):
        change(document, path, value)
    texts = copy.deepcopy(texts_of())
    texts["pools"]["mentions.price"] = ["{nothing_of_this_name}"]
    told = "\n".join(mistakes(document, texts))
    for part in ("lanes", "outages[0].cause", "tickets.share", "areas[2].postcodes", "nothing_of_this_name"):
        assert part in told


def test_a_curve_out_of_order_is_refused() -> None:
    document = copy.deepcopy(document_of())
    curve = document["outages"][0]["curve"]
    curve[1], curve[2] = curve[2], curve[1]
    assert any("each point must be later" in line for line in mistakes(document))


def test_broken_toml_names_the_file() -> None:
    with pytest.raises(ConfigError, match=r"scenarios/broken\.toml"):
        load_scenario("broken", lambda _: "name = ")


def test_texts_cannot_lead_out_of_their_folder() -> None:
    with pytest.raises(ConfigError, match="must name a file in texts/"):
        load_scenario("x", lambda _: 'texts = "../../secret"')

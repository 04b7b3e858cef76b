"""A scenario file's mistakes are told all at once, each with its place."""

import copy
from datetime import datetime
from typing import Any

import pytest

from pipeline.records.errors import ConfigError
from pipeline.simulate.spec.parse import load_document, load_scenario, load_texts, scenario_of
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


def fibre_cut(path: str, value: Any) -> list[str]:
    """Mistakes after a change of a scenario that has bases, draws, towns and feeds."""
    document = copy.deepcopy(load_document("fibre-cut", read))
    change(document, path, value)
    return mistakes(document, load_texts("fr", read))


NOON = datetime.fromisoformat("2025-03-12T12:00:00")
PLANTED = {"source": "mentions", "kind": "complaint", "count": 1, "starts_at": "$t", "ends_at": "$t + 1 h"}
SURGE = {"id": "s", "starts_at": "$t", "ends_at": "$t + 1 h"}
FAULT = {"id": "f", "kind": "dead", "feed": "access", "starts_at": "$t", "ends_at": "$t + 1 h"}
TRAP = {"id": "x", "kind": "rumour", "starts_at": "$t", "ends_at": "$t + 1 h"}
THREAD = {
    "kind": "rumour",
    "at": "$t",
    "platform": "x",
    "area": "$dark.first",
    "replies": 1,
    "reposts": 1,
    "minutes": 9,
}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        pytest.param(
            "towns", ["FR/IDF/75/atlantis"], "scenario.towns: 'FR/IDF/75/atlantis' is not in places", id="town"
        ),
        pytest.param("towns", [], "has a reach, but the world has no towns", id="reach_without_towns"),
        pytest.param("operators.0.reach", {}, "is primary and has no customers", id="primary_without_customers"),
        pytest.param("operators.1.host", "sfr2", "host 'sfr2' is no other of the operators", id="host"),
        pytest.param("holidays", "XX", "'XX': is no calendar", id="calendar"),
        pytest.param(
            "feeds.0.operators", ["free"], "operator: 'free' is not one that has customers", id="feed_operator"
        ),
        pytest.param("feeds.0.metrics.0.item", "TV9", "item: 'TV9' is not a channel", id="feed_item"),
        pytest.param("tickets.operators", ["free"], "tickets.operators: 'free' is not one", id="desk_operator"),
        pytest.param("outages.0.where", ["FR/IDF/99"], "where 'FR/IDF/99': no operator that is down", id="where"),
        pytest.param("outages.0.where", [], "must have either areas or where", id="nowhere"),
        pytest.param("outages.0.operators", ["numericable"], "operator: 'numericable' is not", id="down_operator"),
        pytest.param("outages.0.services", {"sms": 1.0}, "service 'sms': nobody who is hit has it", id="service"),
        pytest.param("outages.0.items", ["TV9"], "item: 'TV9' is not a channel", id="outage_item"),
        pytest.param("outages.0.blamed", ["free"], "blamed: 'free' is not in operators", id="blamed"),
        pytest.param(
            "outages.0.collateral",
            [{"operator": "red-by-sfr", "share": 0.1}],
            "is not healthy",
            id="collateral_is_down",
        ),
        pytest.param("outages.0.speaks", {"sonnets": 1.0}, "mentions.sonnets is needed", id="speaks"),
        pytest.param("outages.0.ticket_speaks", {"sonnets": 1.0}, "app.sonnets is needed", id="ticket_speaks"),
        pytest.param("outages.0.planted", [PLANTED | {"areas": ["FR/X"]}], "area 'FR/X' is not", id="planted_area"),
        pytest.param("outages.0.planted", [PLANTED | {"intake": "bot"}], "intake 'bot' is no desk", id="planted_desk"),
        pytest.param("outages.0.planted", [PLANTED | {"ends_at": "$t"}], "must end after", id="planted_never"),
        pytest.param(
            "threads", [THREAD | {"platform": "myspace"}], "'myspace' is not in mentions.platforms", id="thread"
        ),
        pytest.param("threads", [THREAD | {"operator": "free"}], "'free' has no customers in", id="thread_operator"),
        pytest.param("threads", [THREAD | {"kind": "sonnet"}], "mentions.sonnet_root is needed", id="thread_kind"),
        pytest.param("surges", [SURGE | {"where": ["FR/XX"]}], "no customers in 'FR/XX'", id="surge_where"),
        pytest.param("surges", [SURGE | {"posts": {"sonnets": 9}}], "mentions.sonnets is needed", id="surge_posts"),
        pytest.param("surges", [SURGE | {"tickets": {"sonnets": 9}}], "chat.sonnets is needed", id="surge_tickets"),
        pytest.param("surges", [SURGE | {"ends_at": "$t + 9 d"}], "must lie between", id="surge_too_late"),
        pytest.param("faults", [FAULT | {"feed": "radio"}], "feed 'radio' is not in feeds", id="fault_feed"),
        pytest.param("faults", [FAULT | {"metric": "jitter_ms"}], "'jitter_ms' is not one of feed", id="fault_metric"),
        pytest.param("faults", [FAULT | {"targets": ["dns-1"]}], "target 'dns-1' is not measured", id="fault_target"),
        pytest.param(
            "shifts", [{"at": NOON, "feed": "access", "metric": "mood", "factor": 2.0}], "'mood' is not", id="shift"
        ),
        pytest.param(
            "traps", [TRAP | {"operators": ["free"]}], "operator 'free' is not in operators", id="trap_operator"
        ),
        pytest.param("traps", [TRAP, TRAP], "scenario.traps: 'x' stands there twice", id="trap_twice"),
        pytest.param("traps", [TRAP | {"starts_at": "$when"}], "nothing is drawn as 'when'", id="expression"),
    ],
)
def test_what_is_named_must_exist(path: str, value: Any, said: str) -> None:
    told = fibre_cut(path, value)
    assert any(said in line for line in told), told


def test_an_expression_that_fails_is_told_once() -> None:
    document = copy.deepcopy(load_document("fibre-cut", read))
    change(document, "outages.0.share", "$shar")
    change(document, "lanes", 0)
    told = mistakes(document, load_texts("fr", read))
    assert [line.split(" = ")[0] for line in told] == ["scenario.outages[0].share", "scenario.lanes"]


def test_every_operator_with_a_reach_has_customers_in_every_town() -> None:
    file = load_scenario("fibre-cut", read).file
    population = {place.id: place.population for place in file.places}
    assert [(area.operator, area.id) for area in file.areas] == [
        (operator.id, town) for operator in file.operators for town in file.towns
    ]
    for area in file.areas:
        reach = next(operator.reach for operator in file.operators if operator.id == area.operator)
        assert area.customers == {service: round(population[area.id] * share) for service, share in reach.items()}


def test_a_later_base_lies_over_an_earlier_one_and_the_scenario_over_both() -> None:
    files = {
        "scenarios/x.toml": 'bases = ["bases/a", "bases/b"]\ntitle = "x"',
        "bases/a.toml": 'bases = ["bases/c"]\ntitle = "a"\nlanes = 1\nname = "a"',
        "bases/b.toml": "lanes = 2",
        "bases/c.toml": 'market = "DE"\nname = "c"',
    }
    assert load_document("x", files.__getitem__) == {"title": "x", "lanes": 2, "name": "a", "market": "DE"}


@pytest.mark.parametrize("base", ["../secret", "bases/../../x", "texts/de", "bases/x"])
def test_bases_cannot_lead_out_of_their_folders_nor_in_a_circle(base: str) -> None:
    with pytest.raises(ConfigError, match="must name a file such as"):
        load_document("x", lambda _: f'bases = ["{base}"]')


def test_texts_lie_over_their_base_word_by_word() -> None:
    files = {
        "texts/en-xx.toml": 'base = "en"\n[words]\nhello = ["howdy"]',
        "texts/en.toml": '[words]\nhello = ["hello"]\nbye = ["bye"]\n[pools]\n"mentions.x" = ["{hello}"]',
    }
    assert load_texts("en-xx", files.__getitem__) == {
        "words": {"hello": ["howdy"], "bye": ["bye"]},
        "pools": {"mentions.x": ["{hello}"]},
    }


def test_texts_cannot_be_their_own_base() -> None:
    with pytest.raises(ConfigError, match="must name another file in texts/"):
        load_texts("en", lambda _: 'base = "en"')


def test_a_base_that_is_not_there_is_named() -> None:
    def read(name: str) -> str:
        if name == "scenarios/own.toml":
            return 'bases = ["bases/nowhere"]'
        raise FileNotFoundError(name)

    with pytest.raises(ConfigError, match=r"bases/nowhere\.toml: there is no such file"):
        load_document("own", read)


def test_a_wrong_word_is_answered_by_the_words_that_are_known() -> None:
    document = document_of()
    change(document, "outages.0.severity", "huge")
    assert any("'huge'" in line and "known are critical, major, minor" in line for line in mistakes(document))

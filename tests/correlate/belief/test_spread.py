"""Where customers live of whom only a nation's number is stated, or none."""

from dataclasses import replace

import pytest

from pipeline.correlate.belief.customers import customers_affected, customers_in_area
from pipeline.correlate.belief.extent import extent_of
from pipeline.correlate.belief.spread import customers_living, inhabitants_served, is_regional
from pipeline.correlate.parts import AreaSeen
from pipeline.correlate.reference import CorrelateReference
from pipeline.reference.operators import Operator, Operators
from tests.correlate.made import AACHEN, BONN, CONFIG, KOELN, dossier
from tests.correlate.stories import REFERENCE, at

PEOPLE = {
    "DE": 80_000_000,
    "DE/NW": 18_000_000,
    "DE/HB": 600_000,
    "DE/HB/bremen": 500_000,
    "DE/HH": 1_800_000,
    "DE/NI": 8_000_000,
    BONN: 400_000,
    KOELN: 1_000_000,
    AACHEN: 250_000,
}


MEASURED = (BONN, KOELN, AACHEN, "DE/HB/bremen")


def reference(**measured: dict[str, list[str]]) -> CorrelateReference:
    """`beta` has four million lines somewhere in the nation; of `nobody`'s customers nothing is known."""
    rows = [
        Operator(id="beta", name="Beta", market="DE", services=("broadband",), customers={"DE": 4_000_000}),
        Operator(id="nobody", name="Nobody", market="DE", services=("broadband",)),
        Operator(id="guest", name="Guest", market="DE", services=("broadband",), hosted_on="beta"),
    ]
    operators = Operators.from_rows(rows, list(REFERENCE.operators.markets.values()))
    return replace(REFERENCE, operators=operators, inhabitants_of=lambda area: PEOPLE.get(area, 0)).where(measured)


def half(area: str, *operators: str) -> object:
    """What is hit where half of an area's customers are, by its own figures."""
    seen = AreaSeen(since=at(0), last_at=at(1), hit_ppm=(500_000, 500_000, 500_000), measured=True)
    return dossier(areas={area: seen}, operators=dict.fromkeys(operators, 1), services=["broadband"])


@pytest.mark.parametrize(
    ("places", "regional"),
    [
        pytest.param({}, False, id="nothing_is_known"),
        pytest.param({BONN: [""], KOELN: [""]}, True, id="one_region_of_the_nation"),
        pytest.param({BONN: [""], "DE/HH/hamburg": [""]}, True, id="two_regions_with_less_than_a_quarter_of_it"),
        pytest.param({BONN: [""], "DE/NI/emden": [""]}, False, id="two_regions_with_more"),
        pytest.param({"DE/HH/a": [""], "DE/HB/b": [""], "DE/SL/c": [""]}, False, id="three_regions"),
        pytest.param({"DE/SL/c": [""]}, False, id="nobody_knows_who_lives_there"),
    ],
)
def test_who_is_measured_in_few_regions_may_be_there_alone(places: dict[str, list[str]], *, regional: bool) -> None:
    known = reference(beta=places)
    assert is_regional("beta", "DE", known) is regional
    assert is_regional("guest", "DE", known) is regional, "a guest is where its host is"


def test_whose_towns_are_stated_is_where_they_are() -> None:
    koelner = Operator(id="koelner", name="K", market="DE", services=("broadband",), customers={BONN: 9, KOELN: 90})
    known = reference(koelner={BONN: [""], KOELN: [""]})
    markets = list(known.operators.markets.values())
    known = replace(known, operators=Operators.from_rows([koelner], markets))
    assert not is_regional("koelner", "DE", known)


def test_of_an_operator_of_the_whole_nation_a_town_has_its_part() -> None:
    assert customers_living("beta", BONN, None, reference()) == (13_333, 20_000, 30_000)
    assert customers_living("nobody", BONN, None, reference()) is None


def test_of_one_that_may_be_in_one_region_alone_a_town_has_up_to_as_many_as_anybody_has_anywhere() -> None:
    known = reference(beta={BONN: [""], KOELN: [""]})
    assert customers_living("beta", BONN, None, known) == (13_333, 56_568, 160_000), "the geometric middle of both"
    fewest, likely, most = customers_living("beta", BONN, "broadband", known) or (0, 0, 0)
    assert (fewest, likely, most) == (18_666, 66_932, 160_000), "lines are in some towns and not in others"


def test_nowhere_live_more_than_there_are() -> None:
    rows = [Operator(id="beta", name="Beta", market="DE", services=("broadband",), customers={"DE": 50_000})]
    operators = Operators.from_rows(rows, list(REFERENCE.operators.markets.values()))
    known = replace(reference(beta={BONN: [""]}), operators=operators)
    assert customers_living("beta", BONN, None, known) == (166, 3_535, 50_000)


def test_the_fewest_of_a_region_are_those_of_its_measured_towns() -> None:
    known = reference(beta={BONN: [""], AACHEN: [""], "DE/NI/emden": [""]})
    fewest, likely, most = customers_living("beta", "DE/NW", None, known) or (0, 0, 0)
    assert (fewest, likely, most) == (600_000 * 650_000 // 18_000_000, 900_000, 1_350_000)


def test_a_regional_operators_town_is_told_by_an_interval_that_holds_many_and_few() -> None:
    everywhere = customers_in_area(half(BONN, "beta"), BONN, reference())  # type: ignore[arg-type]
    regional = customers_in_area(half(BONN, "beta"), BONN, reference(beta={BONN: [""]}))  # type: ignore[arg-type]
    assert everywhere is not None
    assert regional is not None
    assert (everywhere.low, everywhere.likely, everywhere.high) == (9_333, 14_000, 21_000)
    assert (regional.low, regional.likely, regional.high) == (9_333, 33_466, 80_000)


def test_a_nation_of_which_one_region_is_measured_is_no_nation() -> None:
    nation = half("DE", "beta")
    everywhere = customers_affected(nation, reference(), "general")  # type: ignore[arg-type]
    assert everywhere is not None
    assert everywhere.basis == "share of the nation's customers shown by telemetry"
    told = half("DE", "nobody")
    people = customers_affected(told, reference(nobody={BONN: [""], KOELN: [""]}), "general")  # type: ignore[arg-type]
    assert people is not None
    assert (people.low, people.likely, people.high) == (14_000, None, 280_000), "of those who live in two towns"
    assert inhabitants_served("nobody", "DE", reference()) == 80_000_000, "of all, where nothing is known"


def test_who_is_measured_in_few_regions_is_told_by_its_towns_however_far_it_reaches() -> None:
    seen = AreaSeen(since=at(0), last_at=at(1), hit_ppm=(500_000, 500_000, 500_000), measured=True)
    told = dossier(areas={"DE": seen, BONN: seen}, operators={"beta": 1}, services=["broadband"])
    known = reference(beta={BONN: [""], KOELN: [""]})
    assert customers_affected(told, known, "general") == customers_affected(told, known, "localised")
    assert customers_affected(told, reference(), "general") != customers_affected(told, reference(), "localised")


@pytest.mark.parametrize(
    ("down", "places", "reach"),
    [
        pytest.param((BONN, KOELN, AACHEN), MEASURED, "general", id="most_of_four_measured_places"),
        pytest.param(("DE/NW", AACHEN), MEASURED, "localised", id="one_of_four"),
        pytest.param((BONN, KOELN, AACHEN), MEASURED[:3], "localised", id="all_of_three_which_may_be_a_part"),
        pytest.param((KOELN,), (KOELN, "DE/NW/a", "DE/HB/b", "DE/HB/c"), "localised", id="nobody_knows_the_others"),
    ],
)
def test_of_who_states_no_customers_most_measured_places_are_most_of_it(
    down: tuple[str, ...], places: tuple[str, ...], reach: str
) -> None:
    known = reference(nobody={place: ["broadband"] for place in places})
    seen = {area: AreaSeen(since=at(0), last_at=at(1), measured=True) for area in down}
    told = dossier(areas=seen, operators={"nobody": 1}, services=["broadband"])
    assert extent_of(told, "DE", sorted(down), CONFIG, known) == reach


def test_what_is_remembered_of_a_pane_is_forgotten_with_it() -> None:
    known = reference(beta={BONN: [""]})
    assert [is_regional("beta", "DE", known) for _ in range(2)] == [True, True]
    later = known.where({"beta": {BONN: [""], "DE/NI/emden": [""]}})
    assert not is_regional("beta", "DE", later)
    assert later.measured_in("beta", "DE") == (BONN, "DE/NI/emden")
    assert known.measured_in("beta", "DE") == (BONN,)

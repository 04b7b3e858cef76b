"""Who is hit: intervals that add up, each customer once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.belief.customers import (
    counted_areas,
    customers_affected,
    customers_in_area,
    customers_in_areas,
)
from pipeline.correlate.parts import AreaSeen, EmergencyClaims
from pipeline.correlate.reference import CorrelateReference
from pipeline.reference.operators import Operator, Operators
from tests.correlate.made import AACHEN, BONN, KOELN, dossier, said, series
from tests.correlate.stories import REFERENCE, at


def shown(*ppm: int, measured: bool = True, back: float = 0) -> AreaSeen:
    """An area of whose customers so many are hit, by its own figures or by what people say."""
    return AreaSeen(
        since=at(0), last_at=at(1), back_at=at(back) if back else 0, hit_ppm=ppm or (0, 0, 0), measured=measured
    )


def national_reference() -> CorrelateReference:
    """`beta` has ten million customers in the nation, and nobody knows how many of them in which town."""
    row = Operator(id="beta", name="Beta", market="DE", services=("broadband",), customers={"DE": 10_000_000})
    rows = [row, Operator(id="nobody", name="Nobody", market="DE", services=("broadband",))]
    rows += [Operator(id="guest", name="Guest", market="DE", services=("broadband",), hosted_on="beta")]
    people = {"DE": 80_000_000, BONN: 400_000}
    operators = Operators.from_rows(rows, list(REFERENCE.operators.markets.values()))
    return replace(REFERENCE, operators=operators, inhabitants_of=lambda area: people.get(area, 0))


def test_without_a_share_all_may_be_hit_and_none_is_sure() -> None:
    hit = customers_in_area(dossier(KOELN), KOELN, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.likely, hit.high) == (0, None, 250_000)


@pytest.mark.parametrize(
    ("seen", "numbers"),
    [
        pytest.param(shown(300_000, 400_000, 1_000_000), (74_505, 100_000, 250_083), id="figures_tell_how_many"),
        pytest.param(
            shown(10_000, 60_000, 300_000, measured=False),
            (1_445, None, 129_750),
            id="talk_tells_a_range_of_whole_steps_only",
        ),
        pytest.param(
            AreaSeen(since=at(0), last_at=at(1), share_ppm=999_999), (0, None, 250_000), id="no_account_no_share"
        ),
    ],
)
def test_the_accounts_share_says_how_many_are_hit(seen: AreaSeen, numbers: tuple[int, int | None, int]) -> None:
    hit = customers_in_area(dossier(areas={KOELN: seen}), KOELN, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.likely, hit.high) == numbers


def test_customers_fall_with_the_areas_that_are_back() -> None:
    half = shown(300_000, 500_000, 1_000_000)
    both = customers_affected(dossier(areas={KOELN: half, BONN: half}), REFERENCE)
    one = customers_affected(dossier(areas={KOELN: shown(500_000, 500_000, 500_000, back=9), BONN: half}), REFERENCE)
    none = customers_affected(dossier(areas={KOELN: shown(back=9), BONN: shown(back=9)}), REFERENCE)
    assert both is not None
    assert one is not None
    assert none is not None
    assert (both.low, both.likely, both.high) == (104_905, 165_000, 314_265), "not both are off to the same side"
    assert (one.low, one.likely, one.high) == (23_876, 40_000, 80_049)
    assert (none.low, none.likely, none.high) == (0, 0, 0)


def test_all_operators_of_the_incident_count() -> None:
    hit = customers_in_area(dossier(KOELN, operators={"netcologne": 3, "alpha": 1}), KOELN, REFERENCE)
    assert hit is not None
    assert hit.high == 1_150_000


@pytest.mark.parametrize(
    ("areas", "counted"),
    [
        pytest.param((KOELN, "DE/NW"), [KOELN], id="a_region_above_a_city_adds_nobody"),
        pytest.param((KOELN, "DE/NW/koeln/kalk"), [KOELN], id="a_quarter_without_numbers_is_counted_by_its_city"),
        pytest.param(("DE/NW/koeln/kalk",), ["DE/NW/koeln/kalk"], id="a_quarter_alone_stays"),
        pytest.param((KOELN, BONN), [BONN, KOELN], id="two_cities"),
    ],
)
def test_which_areas_are_added_up(areas: tuple[str, ...], counted: list[str]) -> None:
    assert counted_areas(dossier(*areas), REFERENCE) == counted


@given(
    cities=st.lists(st.sampled_from((KOELN, BONN, AACHEN)), min_size=1, unique=True),
    wide=st.lists(st.sampled_from(("DE/NW", "DE", "DE/NW/koeln/kalk")), unique=True),
)
def test_each_customer_counts_once_whatever_else_stands_out(cities: list[str], wide: list[str]) -> None:
    customers = {KOELN: 250_000, BONN: 80_000, AACHEN: 40_000}
    beside = [area for area in wide if not area.startswith(KOELN) or KOELN in cities]
    hit = customers_affected(dossier(*cities, *beside), REFERENCE)
    assert hit is not None
    assert hit.high == sum(customers[city] for city in cities)


def test_a_part_that_people_name_takes_nothing_from_a_town_whose_figures_show_it() -> None:
    reference = replace(REFERENCE, inhabitants_of=lambda area: 120_000 if area == f"{KOELN}/nippes" else 0)
    town, part = shown(800_000, 900_000, 1_000_000), shown(10_000, 60_000, 300_000, measured=False)
    alone = customers_affected(dossier(areas={KOELN: town}), reference)
    named = customers_affected(dossier(areas={KOELN: town, f"{KOELN}/nippes": part}), reference)
    assert named == alone
    back = structs.replace(town, back_at=at(9))
    assert counted_areas(dossier(areas={KOELN: back, f"{KOELN}/nippes": part}), reference) == [f"{KOELN}/nippes"]


def test_where_no_number_is_known_those_who_complain_stand_for_it() -> None:
    told = dossier("DE/BY/muenchen", operators={"beta": 1}, witnesses={"public": said(7), "care": said(2)})
    hit = customers_affected(told, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.high) == (0, 9_000)
    assert customers_affected(dossier("DE/BY/muenchen", operators={"beta": 1}), REFERENCE) is None


def test_where_only_the_nations_customers_are_stated_its_inhabitants_share_them_out() -> None:
    reference = national_reference()
    told = dossier(areas={BONN: shown(300_000, 500_000, 1_000_000)}, operators={"beta": 1}, services=["broadband"])
    hit = customers_in_area(told, BONN, reference)
    assert hit is not None
    assert (hit.low, hit.likely, hit.high) == (16_776, 35_000, 74_131), "50,000 in the town, and more where lines are"
    by_talk = {BONN: shown(10_000, 60_000, 300_000, measured=False)}
    talked = customers_in_area(dossier(areas=by_talk, operators={"beta": 1}), BONN, reference)
    assert talked is not None
    assert talked.likely is None, "what people say tells a range only"


def test_of_a_nation_its_own_figures_tell_how_many_and_not_the_towns_that_somebody_measures() -> None:
    reference, third = national_reference(), shown(300_000, 310_000, 300_000)
    told = dossier(areas={"DE": third, BONN: third}, operators={"beta": 1})
    hit = customers_affected(told, reference, "not_geographic")
    assert hit is not None
    towns = customers_affected(told, reference, "localised")
    assert towns is not None
    assert towns.high < 100_000
    assert towns.low < hit.low < (towns.likely or 0), "at least those of measured towns, which are all in half of cases"
    assert (hit.likely, hit.high) == (3_100_000, 3_203_333)
    back = dossier(areas={"DE": shown(300_000, 310_000, 300_000, back=9), BONN: third}, operators={"beta": 1})
    assert customers_affected(back, reference, "not_geographic") == customers_affected(back, reference)


def test_a_likely_number_lies_within_its_interval_whatever_the_steps_of_shares() -> None:
    hit = customers_in_area(dossier(areas={KOELN: shown(300_000, 310_000, 300_000)}), KOELN, REFERENCE)
    assert hit is not None
    assert hit.low <= (hit.likely or -1) <= hit.high


def test_a_guest_of_which_nobody_stated_any_leaves_its_hosts_customers_as_they_were() -> None:
    reference, areas = national_reference(), {BONN: shown(300_000, 500_000, 1_000_000)}
    alone = customers_in_area(dossier(areas=areas, operators={"beta": 1}), BONN, reference)
    both = customers_in_area(dossier(areas=areas, operators={"beta": 1, "guest": 1}), BONN, reference)
    assert alone is not None
    assert both == alone


def test_an_operator_of_which_nobody_stated_any_is_not_shared_out() -> None:
    reference = national_reference()
    told = dossier(areas={BONN: shown(300_000, 500_000, 1_000_000)}, operators={"beta": 1, "nobody": 1})
    hit = customers_in_area(told, BONN, reference)
    assert hit is not None
    assert "inhabitants; no customer numbers" in (hit.basis or "")


def test_who_has_lines_has_more_than_its_part_where_a_fault_shows_them_and_radio_has_its_part() -> None:
    reference, areas = national_reference(), {BONN: shown(500_000, 500_000, 500_000)}
    fixed, mobile = (
        customers_in_area(dossier(areas=areas, operators={"beta": 1}, services=[service]), BONN, reference)
        for service in ("broadband", "mobile_data")
    )
    assert fixed is not None
    assert mobile is not None
    assert (fixed.likely, mobile.likely) == (35_000, 25_000)


def test_of_a_service_that_nobody_counted_those_stand_for_it_who_have_another_of_the_same_network() -> None:
    row = Operator(id="beta", name="Beta", market="DE", services=("broadband", "fixed_voice"))
    row = structs.replace(row, customers={"DE": {"broadband": 8_000_000, "mobile_data": 20_000_000}})
    operators = Operators.from_rows([row], list(REFERENCE.operators.markets.values()))
    reference = replace(national_reference(), operators=operators)
    told = dossier(areas={BONN: shown(500_000, 500_000, 500_000)}, operators={"beta": 1}, services=["fixed_voice"])
    hit = customers_in_area(told, BONN, reference)
    assert hit is not None
    assert hit.likely == 28_000, "eight million of the nation, and not twenty; nor nobody knows how many"


def test_of_a_nation_of_which_nothing_tells_a_share_no_number_is_told() -> None:
    told = dossier("DE", operators={"beta": 1}, services=["broadband"])
    assert customers_affected(told, national_reference()) is None


def test_how_many_cannot_call_for_help_is_not_told_by_how_much_people_say() -> None:
    by_talk = {BONN: shown(10_000, 20_000, 30_000, measured=False)}
    claims = EmergencyClaims(first_at=0, last_at=0, claims=1)
    hit = customers_in_area(dossier(areas=by_talk, emergency=claims), BONN, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.high) == (0, 80_000)


def test_where_calls_for_help_fail_at_most_everybody_who_lives_there_is_hit() -> None:
    claims = EmergencyClaims(first_at=at(5), last_at=at(20), claims=2)
    seen = {KOELN: shown(100_000, 120_000, 140_000), BONN: shown(100_000, 120_000, 140_000)}
    told = dossier(areas=seen, emergency=claims, series=[series(KOELN, measure="emergency_claims", kind="public")])
    there, elsewhere = (customers_in_area(told, area, REFERENCE) for area in (KOELN, BONN))
    assert there is not None
    assert elsewhere is not None
    assert there.likely == 30_000, "figures show who lost calls"
    assert there.high >= 250_000
    assert elsewhere.high < 20_000


def test_areas_that_are_asked_together_are_told_the_same_as_each_alone() -> None:
    claims = EmergencyClaims(first_at=at(5), last_at=at(20), claims=2)
    areas = {KOELN: shown(100_000, 120_000, 140_000), BONN: shown(), AACHEN: shown(200_000, 300_000, 400_000)}
    told = dossier(areas=areas, emergency=claims, series=[series(KOELN, measure="emergency_claims", kind="public")])
    alone = {area: customers_in_area(told, area, REFERENCE) for area in areas}
    assert customers_in_areas(told, areas, REFERENCE) == alone

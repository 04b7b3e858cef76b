"""Who is hit: intervals that add up, each customer once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.customers import counted_areas, customers_affected, customers_in_area
from pipeline.correlate.parts import AreaSeen
from tests.correlate.made import AACHEN, BONN, KOELN, dossier, said
from tests.correlate.stories import REFERENCE, at


def test_without_a_ratio_all_may_be_hit_and_none_is_sure() -> None:
    hit = customers_in_area(dossier(KOELN), KOELN, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.likely, hit.high) == (0, None, 250_000)


def test_a_ratio_says_how_many_are_likely_hit() -> None:
    told = dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(1), share_ppm=400_000)})
    hit = customers_in_area(told, KOELN, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.likely, hit.high) == (50_000, 100_000, 250_000)


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


def test_where_no_number_is_known_those_who_complain_stand_for_it() -> None:
    told = dossier("DE/BY/muenchen", operators={"beta": 1}, witnesses={"public": said(7), "care": said(2)})
    hit = customers_affected(told, REFERENCE)
    assert hit is not None
    assert (hit.low, hit.high) == (0, 9_000)
    assert customers_affected(dossier("DE/BY/muenchen", operators={"beta": 1}), REFERENCE) is None

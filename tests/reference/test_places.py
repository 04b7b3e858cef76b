"""Finding a place by path, postcode, position and a few words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reference.gazetteer import Place, Postcode
from pipeline.reference.places import PlaceName, Places
from pipeline.reference.placing.quarters import PART_POPULATION_MAX


def place(area: str, name: str, population: int = 0, kind: str = "town", *, at: tuple[float, float] = (0, 0)) -> Place:
    return Place(area=area, name=name, kind=kind, lat=at[0], lon=at[1], population=population)


def named(row: Place, *names: str, other: tuple[str, ...] = ()) -> Place:
    return Place(
        area=row.area,
        name=row.name,
        kind=row.kind,
        lat=row.lat,
        lon=row.lon,
        population=row.population,
        names=names,
        other_names=other,
    )


ROWS = [
    named(place("DE", "Deutschland", 84_000_000, "nation"), "Germany", other=("DE",)),
    named(place("DE/NW", "Nordrhein-Westfalen", 18_000_000, "region"), "NRW"),
    place("DE/HE", "Hessen", 6_000_000, "region"),
    place("DE/NI/hessen", "Hessen", 1_200),
    named(place("DE/NW/koeln", "Köln", 1_000_000, at=(50.93, 6.95)), "Cologne", "Kölle", other=("Keulen",)),
    named(place("DE/NW/koeln/porz", "Porz", 113_000, "part"), "Köln Porz"),
    place("DE/NW/bonn", "Bonn", 330_000, at=(50.73, 7.1)),
    place("DE/NW/rhein-sieg-kreis", "Rhein-Sieg-Kreis", 600_000, "district"),
    place("DE/NW/rhein-sieg-kreis/siegburg", "Siegburg", 39_000, at=(50.8, 7.21)),
    named(place("DE/HE/frankfurt-am-main", "Frankfurt am Main", 650_000), "Frankfurt"),
    named(place("DE/BB/frankfurt-oder", "Frankfurt (Oder)", 57_000), "Frankfurt"),
    place("DE/RP/neustadt", "Neustadt", 53_000),
    place("DE/NI/neustadt", "Neustadt", 44_000),
    place("FR", "France", 68_000_000, "nation"),
    place("FR/IDF/75/paris", "Paris", 2_100_000),
    named(place("FR/IDF/75/paris/paris-15", "Paris 15 Vaugirard", 230_000, "part"), "Paris 15", "Paris 15e"),
    place("FR/OCC/32/cologne", "Cologne", 728),
    named(place("GB", "United Kingdom", 67_000_000, "nation"), "UK"),
    place("GB/ENG/leeds", "Leeds", 536_000),
    place("US", "United States", 331_000_000, "nation"),
    named(place("US/TX", "Texas", 29_000_000, "region"), other=("TX",)),
    named(place("US/IN", "Indiana", 6_700_000, "region"), other=("IN",)),
    place("US/TX/paris", "Paris", 24_000),
    place("US/TX/earth", "Earth", 1_000),
    place("US/OH/toronto", "Toronto", 5_000),
    place("CA", "Canada", 0, "abroad"),
]
CODES = [
    Postcode(market="DE", code="50667", area="DE/NW/koeln"),
    Postcode(market="DE", code="75015", area="DE/NW/bonn"),
    Postcode(market="FR", code="75015", area="FR/IDF/75/paris/paris-15"),
]
PLACES = Places.from_rows(ROWS, CODES)


@pytest.mark.parametrize(
    ("text", "market", "area"),
    [
        pytest.param("Köln-Ehrenfeld", "DE", "DE/NW/koeln", id="an_unknown_part_of_a_known_city"),
        pytest.param("KOELN", "DE", "DE/NW/koeln", id="spelt_out_and_shouted"),
        pytest.param("#koln", None, "DE/NW/koeln", id="hashtag_without_umlaut"),
        pytest.param("Keulen", "DE", "DE/NW/koeln", id="a_foreign_name_in_a_place_field"),
        pytest.param("Köln-Porz", "DE", "DE/NW/koeln/porz", id="a_known_part"),
        pytest.param("Porz", "DE", "DE/NW/koeln/porz", id="a_part_alone"),
        pytest.param("50667 Köln", None, "DE/NW/koeln", id="postcode_and_name_agree"),
        pytest.param("50667", "DE", "DE/NW/koeln", id="postcode_of_a_known_market"),
        pytest.param("50667", None, None, id="postcode_of_no_market_is_no_opinion"),
        pytest.param("75015 Paris", None, "FR/IDF/75/paris/paris-15", id="the_name_tells_whose_postcode"),
        pytest.param("Paris 15e", "FR", "FR/IDF/75/paris/paris-15", id="arrondissement"),
        pytest.param("Paris", None, "FR/IDF/75/paris", id="most_populous_of_all_markets"),
        pytest.param("Paris", "US", "US/TX/paris", id="the_market_limits"),
        pytest.param("Paris, Texas", None, "US/TX/paris", id="a_region_limits"),
        pytest.param("Paris TX", None, "US/TX/paris", id="a_code_beside_a_town_limits"),
        pytest.param("Paris, France", "DE", None, id="a_place_in_another_market_is_none_of_this"),
        pytest.param("Leeds, UK", "GB", "GB/ENG/leeds", id="nation_after_town"),
        pytest.param("Cologne", "DE", "DE/NW/koeln", id="exonym"),
        pytest.param("Cologne", "FR", "FR/OCC/32/cologne", id="the_markets_own_village"),
        pytest.param("Frankfurt", "DE", "DE/HE/frankfurt-am-main", id="a_clear_leader_among_namesakes"),
        pytest.param("Frankfurt (Oder)", "DE", "DE/BB/frankfurt-oder", id="full_name"),
        pytest.param("Neustadt", "DE", "DE", id="equal_namesakes_give_what_they_share"),
        pytest.param("Hessen", "DE", "DE/HE", id="a_region_hides_a_village_of_its_name"),
        pytest.param("NRW", "DE", "DE/NW", id="region_alone"),
        pytest.param("Germany", None, "DE", id="nation_alone"),
        pytest.param("Köln / Bonn", "DE", "DE/NW", id="two_homes"),
        pytest.param("Siegburg, Köln", "DE", "DE/NW/rhein-sieg-kreis/siegburg", id="near_its_container"),
        pytest.param("Neustadt, Köln", "DE", "DE/NW/koeln", id="an_unknown_quarter_named_like_far_towns"),
        pytest.param("Toronto, Canada", "US", None, id="abroad"),
        pytest.param("Planet Earth", None, None, id="a_village_called_like_a_word"),
        pytest.param("Earth", None, None, id="a_village_alone_without_market"),
        pytest.param("somewhere in Leeds", None, "GB/ENG/leeds", id="end_of_a_phrase"),
        pytest.param("live laugh love", None, None, id="no_place"),
        pytest.param("in", "US", None, id="a_code_alone_is_a_word"),
        pytest.param("", "DE", None, id="empty"),
        pytest.param("🏠💻", "DE", None, id="emoji"),
    ],
)
def test_a_short_text_means_the_smallest_sure_area(text: str, market: str | None, area: str | None) -> None:
    assert PLACES.resolve(text, market) == area


@given(st.text(max_size=300), st.sampled_from(["DE", "FR", "GB", "US", "XX", None]))
def test_any_text_gives_a_known_area_of_the_market_or_none(text: str, market: str | None) -> None:
    area = PLACES.resolve(text, market)
    assert area is None or (area.partition("/")[0] == market if market else area)


@given(st.permutations(ROWS))
def test_the_order_of_rows_changes_no_answer(rows: list[Place]) -> None:
    shuffled = Places.from_rows(rows, CODES)
    for text in ("Frankfurt", "Neustadt", "Paris", "Cologne", "Hessen", "Köln / Bonn", "Paris, Texas"):
        assert shuffled.resolve(text) == PLACES.resolve(text)


def test_a_later_row_replaces_an_earlier_one() -> None:
    places = Places.from_rows([*ROWS, place("DE/NW/koeln", "Köln", 1_084_831)], [*CODES, CODES[0]])
    found = places.get("DE/NW/koeln")
    assert found is not None
    assert found.population == 1_084_831
    assert places.resolve("Cologne", "DE") is None, "the old row's names are gone with it"


def test_the_tree_is_walked_by_paths() -> None:
    siegburg = PLACES.get("DE/NW/rhein-sieg-kreis/siegburg")
    assert siegburg is not None
    assert (siegburg.parent, siegburg.market) == ("DE/NW/rhein-sieg-kreis", "DE")
    assert [p.area for p in PLACES.ancestors(siegburg.area)] == ["DE/NW/rhein-sieg-kreis", "DE/NW", "DE"]
    assert PLACES.children("DE/NW") == ("DE/NW/bonn", "DE/NW/koeln", "DE/NW/rhein-sieg-kreis")
    assert PLACES.children("") == ("DE", "FR", "GB", "US")
    assert "CA" not in PLACES, "a country without a market is no area"


def test_postcodes_may_be_written_in_several_ways() -> None:
    assert PLACES.by_postcode("DE", "D-50667") == PLACES.by_postcode("DE", " 50667 ") == "DE/NW/koeln"
    assert PLACES.by_postcode("GB", "50667") is None


def test_distance_and_nearest_town() -> None:
    assert PLACES.distance_km("DE/NW/koeln", "DE/NW/bonn") == pytest.approx(24.6, abs=0.5)
    assert PLACES.distance_km("DE/NW/koeln", "DE/XX") is None
    assert PLACES.nearest(50.75, 7.08) == "DE/NW/bonn"
    assert PLACES.nearest(50.93, 6.95, km_max=1.0) == "DE/NW/koeln"
    assert PLACES.nearest(45.0, 0.0) is None


def test_names_to_look_for_leave_out_foreign_spellings_and_take_parts_alone_for_small() -> None:
    names = list(PLACES.names())
    assert PlaceName("Kölle", "DE/NW/koeln", 1_000_000, "DE") in names
    assert {name.name for name in names}.isdisjoint({"Keulen", "Canada"})
    assert all(name.population <= PART_POPULATION_MAX for name in names if name.name == "Porz")
    assert {"Porz", "Köln Porz"} <= {name.name for name in names}


def test_postcodes_to_look_for_have_the_area_of_their_market() -> None:
    assert list(PLACES.postcode_names())[:2] == [
        PlaceName("50667", "DE/NW/koeln", 1_000_000, "DE"),
        PlaceName("75015", "DE/NW/bonn", 330_000, "DE"),
    ]

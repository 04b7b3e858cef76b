"""How towns get their paths and names."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reference.gazetteer import (
    Town,
    area_of_postcode,
    common_area,
    fold,
    foldings,
    name_towns,
    other_names,
    parts_of,
    slug,
)


def town(name: str, population: int, suffix: str, under: str = "DE/NI", lat: float = 52.0, rank: int = 0) -> Town:
    return Town(under=under, name=name, lat=lat, lon=9.0, population=population, suffix=suffix, rank=rank)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Köln", "koeln", id="umlauts_become_two_letters"),
        pytest.param("Weißenfels", "weissenfels", id="sharp_s_becomes_two"),
        pytest.param("Saint-Étienne", "saint-etienne", id="accents_go"),
        pytest.param("L'Haÿ-les-Roses", "l-hay-les-roses", id="apostrophes_part_words"),
        pytest.param("Œting", "oeting", id="ligatures_open"),
        pytest.param("Frankfurt (Oder)", "frankfurt-oder", id="brackets_go"),
        pytest.param("東京", "", id="what_has_no_latin_letter_has_no_slug"),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_the_most_populous_namesake_has_the_plain_path_whatever_the_order_of_rows() -> None:
    rows = [town("Neustadt", 900, "11"), town("Neustadt", 44_000, "22"), town("Neustadt", 44_000, "33")]
    for seed in range(6):
        random.Random(seed).shuffle(rows)
        named = name_towns(rows, parts={})
        assert {suffix: place.area for suffix, place in named.items()} == {
            "22": "DE/NI/neustadt",
            "33": "DE/NI/neustadt-33",
            "11": "DE/NI/neustadt-11",
        }


def test_rows_that_only_some_builds_have_change_no_other_path() -> None:
    common = [town("Neustadt", 900, "11"), town("Bevern", 4_000, "12")]
    richer = [*common, town("Neustadt", 50_000, "03254", rank=1)]
    few, many = name_towns(common, parts={}), name_towns(richer, parts={})
    assert {suffix: many[suffix] for suffix in few} == few
    assert many["03254"].area == "DE/NI/neustadt-03254"


def test_a_town_does_not_take_the_path_of_a_district() -> None:
    named = name_towns([town("Hameln", 57_000, "1")], parts={}, taken=["DE/NI/hameln"])
    assert named["1"].area == "DE/NI/hameln-1"


def test_places_of_an_area_that_is_one_city_are_its_parts() -> None:
    rows = [town("Berlin", 3_400_000, "1", "DE/BE"), town("Kreuzberg", 153_000, "2", "DE/BE", 52.1)]
    parts = parts_of(rows, ["DE/BE"])
    assert parts == {"2": "1"}
    part = name_towns(rows, parts=parts)["2"]
    assert (part.area, part.kind, part.names) == ("DE/BE/berlin/kreuzberg", "part", ("Berlin Kreuzberg",))


def test_a_near_place_named_after_a_big_city_is_its_part_and_a_far_one_is_not() -> None:
    rows = [
        town("Marseille", 877_000, "1", "FR/PAC/13", 43.3),
        town("Marseille 13", 89_000, "2", "FR/PAC/13", 43.32),
        town("Marseille-en-Beauvaisis", 1_000, "3", "FR/PAC/13", 49.5),
    ]
    assert parts_of(rows, []) == {"2": "1"}
    assert name_towns(rows, parts={"2": "1"})["2"].names == ("Marseille 13", "Marseille 13e", "Marseille 13ème")


def test_transliterations_codes_and_known_spellings_are_no_names() -> None:
    alternates = ["CGN", "kolon", "Кёльн", "科隆", "Koeln", "Cologne", "Lungsod ng Cologne", "Keulen"]
    assert other_names(alternates, 1_000_000, ["Köln", "Cologne"]) == ("Keulen",)
    assert other_names(alternates, 4_999, ["Köln"]) == ()


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="äöüßÄÖÜabcXYZ -'.", max_size=20))
def test_a_name_is_found_in_capitals_and_with_umlauts_spelt_out(name: str) -> None:
    assert fold(name.upper()) in foldings(name)
    spelt = name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    assert fold(spelt) in foldings(name) or any(sign in name for sign in "ÄÖÜ")


@pytest.mark.parametrize(
    ("shares", "area"),
    [
        pytest.param([("DE/NW/a", 10)], "DE/NW/a", id="one_town"),
        pytest.param([("DE/NW/a", 10), ("DE/NW/b", 10)], "DE/NW/b", id="half_is_enough"),
        pytest.param([("DE/NW/a", 4), ("DE/NW/b", 3), ("DE/NW/c", 3)], "DE/NW", id="no_majority_gives_the_region"),
        pytest.param([("DE/NW/a", 0), ("DE/NW/b", 0)], "DE/NW", id="unknown_sizes_decide_nothing"),
        pytest.param([("DE/NW/a", 0), ("FR/IDF/b", 0)], None, id="nothing_in_common"),
    ],
)
def test_what_a_postcode_means(shares: list[tuple[str, int]], area: str | None) -> None:
    assert area_of_postcode(shares) == area


def test_common_area_goes_by_segments_not_by_letters() -> None:
    assert common_area(["DE/NW/bonn", "DE/NW/bonn-2"]) == "DE/NW"
    assert common_area(["DE/NW", "DE/NW-x", "DE/NW/bonn"]) == "DE"
    assert common_area([]) is None

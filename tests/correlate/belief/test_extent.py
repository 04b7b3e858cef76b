"""How far it reaches: by areas, by customers, by shares."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.extent import customers_share_ppm, extent_of
from pipeline.correlate.evidence.areas import explaining
from pipeline.correlate.parts import AreaSeen, Dossier
from tests.correlate.made import AACHEN, BONN, CONFIG, KOELN, dossier, said, series
from tests.correlate.stories import REFERENCE, at

HAMBURG, MUENCHEN, BERLIN = "DE/HH/hamburg", "DE/BY/muenchen", "DE/BE/berlin"


def extent(told: Dossier) -> str:
    return extent_of(told, "DE", explaining(told.areas, CONFIG.borders), CONFIG, REFERENCE)


def shared(**share_ppm_by_area: int) -> dict[str, AreaSeen]:
    return {
        area.replace("_", "/"): AreaSeen(since=at(0), last_at=at(1), share_ppm=ppm)
        for area, ppm in share_ppm_by_area.items()
    }


@pytest.mark.parametrize(
    ("told", "reach"),
    [
        pytest.param(dossier(areas={}), "unknown", id="no_place_at_all"),
        pytest.param(dossier(BONN, witnesses={"public": said(10)}), "isolated", id="ten_people_of_a_town"),
        pytest.param(dossier(BONN, witnesses={"public": said(11)}), "localised", id="eleven"),
        pytest.param(dossier(BONN, AACHEN), "localised", id="two_towns"),
        pytest.param(
            dossier(BONN, series=[series(BONN, element="olt-1"), series(BONN, element="olt-2")]),
            "localised",
            id="two_elements_of_a_town",
        ),
        pytest.param(dossier("DE/BY", operators={"alpha": 1}), "localised", id="a_region_is_no_single_place"),
        pytest.param(dossier(KOELN), "general", id="half_of_its_customers"),
        pytest.param(
            dossier(HAMBURG, MUENCHEN, BERLIN, "DE/SN/leipzig", "DE/HE/kassel", operators={"beta": 1}),
            "general",
            id="five_regions_of_a_nation",
        ),
        pytest.param(dossier(HAMBURG, MUENCHEN, BERLIN, operators={"beta": 1}), "localised", id="three_cities"),
        pytest.param(dossier(HAMBURG, MUENCHEN, operators={"beta": 1}), "localised", id="two_regions"),
        pytest.param(
            dossier(BONN, services=["tv"], series=[series("DE", service="tv", element="headend-1", item="arte")]),
            "general",
            id="a_channel_that_fails_where_it_is_sent",
        ),
        pytest.param(
            dossier(
                BONN, AACHEN, services=["tv"], series=[series("DE/NW", service="tv", element="olt-1", item="arte")]
            ),
            "localised",
            id="a_channel_that_fails_where_it_is_handed_out",
        ),
        pytest.param(dossier("DE"), "unknown", id="a_nation_of_which_people_only_talk"),
        pytest.param(dossier("DE", series=[series("DE")]), "general", id="a_nation_that_was_measured"),
        pytest.param(dossier(areas=shared(DE=333_333)), "not_geographic", id="one_in_three_everywhere"),
        pytest.param(
            dossier(areas=shared(DE=250_000, DE_BY_muenchen=620_000, DE_BE_berlin=610_000, DE_SN_leipzig=600_000)),
            "localised",
            id="three_cities_of_a_nation_that_is_spared",
        ),
        pytest.param(
            dossier(areas=shared(DE=300_000, DE_BY_muenchen=320_000, DE_BE_berlin=310_000, DE_SN_leipzig=300_000)),
            "not_geographic",
            id="three_cities_like_the_nation",
        ),
        *(
            pytest.param(
                dossier(
                    areas=shared(DE_BY_muenchen=320_000, DE_BE_berlin=310_000),
                    operators={"alpha": 1},
                    series=[
                        series("DE", element=element, started_at=at(began)),
                        series(MUENCHEN, started_at=at(1)),
                        series(BERLIN, started_at=at(1)),
                    ],
                ),
                reach,
                id=name,
            )
            for element, began, reach, name in (
                ("hlr-1", 0, "not_geographic", "two_cities_served_by_a_register_that_failed"),
                ("", 0, "localised", "two_cities_alike_and_no_element"),
                ("hlr-1", 5, "localised", "a_register_that_fell_after_them"),
            )
        ),
        pytest.param(
            dossier(HAMBURG, MUENCHEN, BERLIN, services=["tv"]),
            "general",
            id="a_channel_in_three_regions",
        ),
        pytest.param(dossier(areas=shared(DE=900_000), series=[series("DE")]), "general", id="nine_in_ten_everywhere"),
    ],
)
def test_how_far_an_outage_reaches(told: Dossier, reach: str) -> None:
    assert extent(told) == reach


@given(areas=st.lists(st.sampled_from((KOELN, BONN, AACHEN, "DE/NW/bielefeld")), min_size=1, unique=True))
def test_the_share_of_customers_is_that_of_the_places(areas: list[str]) -> None:
    customers = {KOELN: 250_000, BONN: 80_000, AACHEN: 40_000}
    share = customers_share_ppm(dossier(*areas), "netcologne", "DE", REFERENCE)
    assert share == sum(customers.get(area, 0) for area in areas) * 1_000_000 // 470_000


def test_an_area_that_holds_another_adds_no_customers() -> None:
    facts: dict[str, Any] = {"operator": "netcologne", "market": "DE", "reference": REFERENCE}
    assert customers_share_ppm(dossier(KOELN, "DE/NW"), **facts) == customers_share_ppm(dossier(KOELN), **facts)
    assert customers_share_ppm(dossier(KOELN), "beta", "DE", REFERENCE) is None

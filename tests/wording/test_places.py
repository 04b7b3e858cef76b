"""Which places a text names: the smallest, or a whole that its own figures show."""

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import AreaShare
from pipeline.wording.places import areas_named, places_down

NW, KOELN, NIPPES, BONN = "DE/NW", "DE/NW/koeln", "DE/NW/koeln/nippes", "DE/NW/bonn"


def area(path: str, share_ppm: int | None = None, *, back: bool = False) -> AreaShare:
    return AreaShare(area=path, share_ppm=share_ppm, back_at=Instant(1) if back else None)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        pytest.param([area(NW), area(KOELN), area(BONN)], [KOELN, BONN], id="the_smallest"),
        pytest.param([area(NW, 800_000), area(KOELN, 900_000), area(NIPPES)], [KOELN], id="a_town_for_its_districts"),
        pytest.param([area(KOELN, 100_000), area(NIPPES)], [KOELN], id="a_town_of_which_little_is_hit"),
        pytest.param([area(KOELN, 200_000), area(NIPPES, 990_000)], [NIPPES], id="a_district_with_figures"),
        pytest.param([area(KOELN), area(NIPPES)], [NIPPES], id="a_town_without_figures"),
        pytest.param([area(NW, 300_000), area(KOELN)], [KOELN], id="a_region_of_which_little_is_hit"),
        pytest.param([area(NW, 700_000), area(KOELN), area(BONN)], [NW], id="a_region_for_what_people_tell"),
        pytest.param([area(NW, 700_000), area(KOELN, 700_000), area(BONN)], [KOELN, BONN], id="towns_with_figures"),
        pytest.param([area(KOELN, 900_000, back=True), area(NIPPES)], [NIPPES], id="a_part_that_is_not_back"),
        pytest.param([area(KOELN, 900_000, back=True), area(NIPPES, back=True)], [KOELN], id="all_is_back"),
    ],
)
def test_a_whole_is_named_for_its_parts_where_its_own_figures_show_it(rows: list[AreaShare], named: list[str]) -> None:
    assert [row.area for row in areas_named(rows)] == named


def test_what_is_back_is_named_once_nothing_is_down() -> None:
    rows = [area(KOELN, 900_000, back=True), area(NIPPES, back=True), area(BONN, 400_000)]
    assert [row.area for row in places_down(rows)] == [BONN]
    assert [row.area for row in places_down(rows[:2])] == [KOELN]

"""Where people say that it is, when only their nation's sum stands out."""

import pytest

from pipeline.correlate.evidence.dossier import absorb
from pipeline.correlate.evidence.places import NAMED_MAX, areas_hit, nation_told_all_over, place_named
from pipeline.correlate.parts import AreaSeen, Dossier
from pipeline.records.inner.anomalies import Anomaly
from tests.correlate.made import BONN, CONFIG, KOELN, dossier, heard
from tests.correlate.stories import at, end_of, talk


def taken(*anomalies: Anomaly) -> Dossier:
    evidence = Dossier(last_at=at(0))
    for minute, anomaly in enumerate(anomalies):
        absorb(evidence, heard(anomaly), int(end_of(minute)), CONFIG)
    return evidence


def nation(minute: int, people: int, **places: int) -> Anomaly:
    """The nation's sum stands out; some of its people name towns."""
    named = {f"DE/NW/{town}": number for town, number in places.items()}
    return talk(minute, people, area="DE", scope_area="DE", places=named)


@pytest.mark.parametrize(
    ("named", "place"),
    [
        pytest.param({"DE": 10, KOELN: 9}, KOELN, id="nine_in_ten"),
        pytest.param({"DE": 10, KOELN: 8}, None, id="eight_in_ten"),
        pytest.param({"DE": 3, KOELN: 3}, None, id="three_people"),
        pytest.param({"DE": 10, KOELN: 5, BONN: 4}, "DE/NW", id="two_towns_of_a_region"),
        pytest.param({"DE": 10, f"{KOELN}/kalk": 5, KOELN: 4}, KOELN, id="a_town_and_a_part_of_it"),
        pytest.param({"DE": 10, KOELN: 5, "DE/HH/hamburg": 5}, None, id="two_regions"),
    ],
)
def test_the_smallest_place_that_nearly_all_name(named: dict[str, int], place: str | None) -> None:
    assert place_named(named, CONFIG.borders) == place


def test_an_incident_is_where_people_say_though_nobody_complained_there_before() -> None:
    evidence = taken(*(nation(minute, 1, koeln=1) for minute in range(5)))
    assert set(evidence.areas) == {"DE", KOELN}


def test_places_that_stand_out_by_themselves_are_not_overruled() -> None:
    evidence = taken(talk(0, 5, area=BONN), *(nation(minute, 2, koeln=2) for minute in range(1, 5)))
    assert set(evidence.areas) == {"DE", BONN}


def test_people_are_counted_at_the_widest_sum_alone() -> None:
    evidence = Dossier(last_at=at(0))
    parts = (nation(0, 6, koeln=6), talk(0, 4, area="DE", scope_area="DE", service="tv", places={KOELN: 4}))
    absorb(evidence, heard(*parts), int(end_of(0)), CONFIG)
    assert evidence.named == {"DE": 6, KOELN: 6}


def test_places_named_are_bounded_and_the_nation_stays() -> None:
    evidence = taken(*(nation(number, 1, **{f"ort-{number}": 1}) for number in range(NAMED_MAX + 9)))
    assert len(evidence.named) == NAMED_MAX
    assert evidence.named["DE"] == NAMED_MAX + 9


HAMBURG, MUENCHEN = "DE/HH/hamburg", "DE/BY/muenchen"
LEEDS, LEEDS_PART, BATH, EDINBURGH = "GB/ENG/leeds", "GB/ENG/leeds/headingley", "GB/ENG/bath", "GB/SCT/edinburgh"


@pytest.mark.parametrize(
    ("named", "whole"),
    [
        pytest.param({KOELN: 8, HAMBURG: 2, MUENCHEN: 2}, "DE", id="one_in_three_is_elsewhere"),
        pytest.param({KOELN: 9, HAMBURG: 2, MUENCHEN: 2}, "", id="less"),
        pytest.param({KOELN: 4, HAMBURG: 1, MUENCHEN: 1}, "", id="two_people_are_everyday_talk"),
        pytest.param({KOELN: 4, BONN: 2, HAMBURG: 2}, "", id="two_regions_may_be_chance"),
        pytest.param({f"{KOELN}/kalk": 9, HAMBURG: 1, MUENCHEN: 1}, "", id="a_part_of_a_town_is_no_elsewhere"),
        pytest.param({}, "", id="nobody_says_where"),
    ],
)
def test_a_town_explains_its_nation_unless_people_tell_of_it_all_over(named: dict[str, int], whole: str) -> None:
    evidence = dossier("DE", KOELN, named={"DE": 40, **named})
    evidence.nationwide = nation_told_all_over(evidence, CONFIG.borders)
    assert evidence.nationwide == whole
    assert areas_hit(evidence, CONFIG.borders) == ["DE", KOELN] if whole else [KOELN]


def test_where_figures_say_where_it_is_people_from_elsewhere_do_not() -> None:
    evidence = dossier("DE", KOELN, named={"DE": 40, KOELN: 4, HAMBURG: 4, MUENCHEN: 4})
    evidence.areas[KOELN] = AreaSeen(since=at(0), last_at=at(5), measured=True)
    assert not nation_told_all_over(evidence, CONFIG.borders)


@pytest.mark.parametrize(
    ("named", "whole"),
    [
        pytest.param({LEEDS: 4, BATH: 4, LEEDS_PART: 4, EDINBURGH: 2}, "GB", id="as_many_elsewhere_as_live_there"),
        pytest.param({LEEDS: 6, BATH: 6, EDINBURGH: 1}, "GB", id="three_towns"),
        pytest.param({LEEDS: 7, BATH: 7, EDINBURGH: 1}, "", id="hardly_anybody_elsewhere"),
        pytest.param({LEEDS: 12, EDINBURGH: 2}, "", id="two_places_may_be_chance"),
    ],
)
def test_where_most_of_a_nation_lives_is_no_part_that_explains_it(named: dict[str, int], whole: str) -> None:
    evidence = dossier("GB", "GB/ENG", named={"GB": 40, **named})
    living = {"GB": 67, "GB/ENG": 57, "GB/SCT": 5}
    assert nation_told_all_over(evidence, CONFIG.borders, lambda area: living.get(area, 0)) == whole
    assert not nation_told_all_over(evidence, CONFIG.borders)


def test_the_towns_of_one_conurbation_are_no_nation() -> None:
    towns = {f"GB/ENG/{name}": 4 for name in ("manchester", "salford", "bury")}
    evidence = dossier("GB", "GB/ENG/manchester", named={"GB": 40, **towns})
    assert not nation_told_all_over(evidence, CONFIG.borders, lambda area: {"GB": 67, "GB/ENG": 57}.get(area, 0))

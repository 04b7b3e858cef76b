"""What the places of an outage say together, and what that means for each area."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.evidence.account import (
    BEGINS_FROM_MILLI,
    HOT_MILLI,
    is_hot,
    joint,
    named,
    of_incident,
    probability_of,
    speak_of,
    take_weighings,
)
from pipeline.correlate.held import NEVER_MILLI
from pipeline.correlate.parts import AreaSeen
from pipeline.records.clocks import Instant
from pipeline.records.inner.weighings import Weighing
from pipeline.reference.belief import BeliefTable
from tests.correlate.accounts import POSSIBLE_CHATTER, POSSIBLE_PROBE, SURE, cooled, weighing
from tests.correlate.made import AACHEN, BONN, KOELN, dossier
from tests.correlate.stories import at

KALK = "DE/NW/koeln/kalk"


def lie(area: str = KOELN, service: str = "broadband") -> Weighing:
    """A figure that falls alone."""
    return weighing(at(5), area, service, probability=POSSIBLE_PROBE, disturbed=SURE, added=["network"], rival="probe")


def well(area: str = KOELN, service: str = "broadband") -> Weighing:
    """People who complain, of a service whose figures are well."""
    loud = weighing(at(5), area, service, probability=POSSIBLE_CHATTER, added=["public"], rival="campaign")
    return structs.replace(loud, added_milli={"network": -5_000, **loud.added_milli})


def talked(area: str = KOELN, probability: float = POSSIBLE_CHATTER) -> Weighing:
    """People who complain where no figure is known."""
    return weighing(at(5), area, probability=probability, added=["public"], rival="chatter")


def chance(*weighings: Weighing) -> float:
    """Probability of an outage by these together."""
    said = joint(weighings)
    assert said is not None
    return probability_of(said.odds_milli)


@pytest.mark.parametrize(
    ("weighings", "least", "most"),
    [
        pytest.param([lie()], 0.5, 0.7, id="one_figure_may_be_a_lying_probe"),
        pytest.param([lie(), lie(BONN)], 0.9, 1.0, id="two_places_do_not_lie_at_once"),
        pytest.param([lie(), lie(service="fixed_voice")], 0.9, 1.0, id="nor_do_two_services"),
        pytest.param([lie(), lie("DE/NW"), lie("DE")], 0.5, 0.7, id="a_place_and_what_holds_it_are_one_witness"),
        pytest.param([talked(probability=0.3)], 0.2, 0.4, id="people_who_may_be_talking_of_something_else"),
        pytest.param([talked(), talked(BONN)], 0.6, 0.8, id="people_of_two_places_are_in_the_nation_already"),
        pytest.param([lie(service=""), lie(BONN, "")], 0.9, 1.0, id="figures_of_no_service_are_figures"),
        pytest.param([well(), well(BONN), well(AACHEN)], 0.6, 0.8, id="figures_that_are_well_add_no_place"),
        pytest.param([lie(), well(BONN)], 0.6, 0.8, id="nor_do_they_say_that_another_one_does_not_lie"),
        pytest.param([lie(), talked(probability=0.01)], 0.5, 0.7, id="whose_figures_are_known_is_weighed_by_them"),
        pytest.param([lie(), cooled(lie(BONN), at(5))], 0.5, 0.7, id="a_healthy_place_does_not_agree"),
    ],
)
def test_places_of_one_outage_add_up_and_one_witness_counts_once(
    weighings: list[Weighing], least: float, most: float
) -> None:
    assert least <= chance(*weighings) <= most


def doubted(area: str = KOELN, service: str = "broadband", since: float = 4) -> Weighing:
    """A figure that falls alone, at night: three in five are lies."""
    known = weighing(at(5), area, service, probability=0.4, disturbed=SURE, added=["network"], rival="probe")
    return structs.replace(known, since=Instant(at(since)))


FOUR_TOWNS = [doubted(), doubted(BONN), doubted(AACHEN), doubted("DE/NW/bielefeld")]


@pytest.mark.parametrize(
    ("weighings", "beside", "least", "most"),
    [
        pytest.param(FOUR_TOWNS[:2], [], 0.8, 0.9, id="two_towns_of_one_service"),
        pytest.param(FOUR_TOWNS, [], 0.8, 0.9, id="one_collector_may_lie_of_all_its_towns"),
        pytest.param([doubted(), doubted(service="tv")], [], 0.96, 1.0, id="two_instruments_do_not_lie_at_once"),
        pytest.param([doubted(), doubted(service="tv", since=-20)], [], 0.8, 0.9, id="one_may_lie_hours_before"),
        pytest.param([doubted()], [doubted(BONN)], 0.8, 0.9, id="another_incident_of_the_same_service"),
        pytest.param([doubted()], [doubted(BONN, "tv")], 0.96, 1.0, id="another_incident_that_began_at_once"),
        pytest.param([doubted()], [doubted(BONN, since=-20)], 0.3, 0.5, id="another_incident_that_began_before"),
        pytest.param([doubted()], [doubted("DE/NW"), doubted("DE")], 0.3, 0.5, id="what_holds_it_is_no_other"),
        pytest.param([doubted()], [well(BONN, "tv")], 0.3, 0.5, id="who_is_well_beside_it_says_nothing"),
        pytest.param([doubted()], [doubted()], 0.3, 0.5, id="itself_is_no_other"),
    ],
)
def test_what_falls_at_once_is_no_lie_and_one_collector_is_one_witness(
    weighings: list[Weighing], beside: list[Weighing], least: float, most: float
) -> None:
    said = joint(weighings, beside)
    assert said is not None
    assert least <= probability_of(said.odds_milli) <= most


def test_nothing_weighed_says_nothing() -> None:
    assert joint([]) is None


believed = st.builds(
    weighing,
    st.just(at(5)),
    st.sampled_from((KOELN, BONN, AACHEN, KALK, "DE/NW", "DE")),
    st.sampled_from(("", "broadband", "mobile_voice")),
    probability=st.floats(0.0001, 0.9999),
    disturbed=st.floats(0.0001, 0.9999),
)
many = st.lists(believed, max_size=8).map(lambda rows: list(named(rows).values()))


@given(weighings=many, data=st.data())
def test_the_order_of_places_does_not_matter(weighings: list[Weighing], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(weighings))
    assert joint(shuffled) == joint(weighings)
    told, other = dossier(KOELN, "DE/NW"), dossier(KOELN, "DE/NW")
    take_weighings(told, weighings, at(6))
    take_weighings(other, shuffled, at(6))
    assert told == other


@given(weighings=many)
def test_together_they_are_at_least_as_sure_as_the_surest(weighings: list[Weighing]) -> None:
    said = joint(weighings)
    if said is not None:
        assert said.odds_milli >= min(max(known.odds_milli for known in weighings), 16_000) - 1
        assert said.disturbed_milli >= -16_000


@pytest.mark.parametrize(
    ("weighings", "speaks"),
    [
        pytest.param([lie()], True, id="the_place_itself"),
        pytest.param([lie(KALK)], True, id="what_lies_in_it"),
        pytest.param([lie("DE")], True, id="what_holds_it"),
        pytest.param([lie(BONN)], False, id="another_place"),
        pytest.param([lie("DE"), lie(BONN)], False, id="what_holds_it_is_hot_for_another_place"),
        pytest.param([lie("DE", "tv"), lie(BONN)], True, id="another_place_explains_no_other_service"),
        pytest.param([talked("DE"), lie(BONN)], False, id="people_of_a_nation_speak_of_any_service"),
        pytest.param([lie("DE"), lie(KOELN), lie(BONN)], True, id="it_is_hot_itself_beside_another_place"),
        pytest.param([lie("DE"), cooled(lie(BONN), at(5))], True, id="who_has_cooled_explains_nothing"),
        pytest.param([cooled(lie(), at(5))], False, id="who_has_cooled_says_nothing"),
    ],
)
def test_a_nation_that_is_hot_for_two_towns_speaks_of_no_third(weighings: list[Weighing], speaks: bool) -> None:
    assert speak_of(weighings, KOELN) is speaks


def test_in_its_first_minute_a_place_that_is_hardly_suspected_speaks_for_itself() -> None:
    first = weighing(at(5), KOELN, "broadband", probability=0.012, disturbed=0.02, added=["network"])
    assert speak_of([first], KOELN, BEGINS_FROM_MILLI)
    assert not speak_of([first], KOELN)
    assert not speak_of([first], BONN, BEGINS_FROM_MILLI)
    assert not speak_of([structs.replace(first, disturbed_milli=-4_700, odds_milli=-4_800)], KOELN, BEGINS_FROM_MILLI)


def test_one_bad_minute_of_many_figures_is_a_suspicion_and_no_fact() -> None:
    def together(disturbed: float) -> float:
        towns = [f"DE/NW/town{number}" for number in range(8)]
        bad = [
            weighing(at(5), town, "tv", probability=0.8 * disturbed, disturbed=disturbed, added=()) for town in towns
        ]
        said = joint([structs.replace(known, added_milli={"network": 8_000}) for known in bad])
        assert said is not None
        return probability_of(said.odds_milli)

    assert 0.5 < together(0.2) < 0.76
    assert together(0.3) > 0.9


def test_what_holds_an_area_speaks_for_it_only_where_it_has_no_figures_of_its_own() -> None:
    told = dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(5), measured=True)})
    assert of_incident([lie("DE/NW")], told) == []
    assert of_incident([lie("DE/NW")], dossier(KOELN)) == [lie("DE/NW")]
    assert of_incident([lie(KALK)], told) == [lie(KALK)]


def test_an_account_keeps_its_peak_and_cools_when_nothing_is_told_of_it() -> None:
    told = dossier(KOELN)
    take_weighings(told, [], at(5))
    assert told.account is None
    take_weighings(told, [lie(), lie(BONN)], at(6))
    assert told.account is not None
    peak = told.account.peak_milli
    assert peak == told.account.odds_milli
    take_weighings(told, [], at(7))
    assert told.account.peak_milli == peak
    assert told.account.odds_milli < HOT_MILLI
    assert told.account.hot_at == told.last_at == at(6)


@pytest.mark.parametrize(
    ("weighings", "is_alone"),
    [
        pytest.param([lie()], True, id="one_figure"),
        pytest.param([lie(), lie("DE/NW"), well(BONN)], True, id="its_region_and_a_town_that_is_well"),
        pytest.param([lie(), lie(BONN)], False, id="another_town"),
        pytest.param([lie(), lie(service="tv")], False, id="another_service"),
        pytest.param([well()], False, id="people_alone"),
    ],
)
def test_a_figure_is_alone_if_nothing_makes_a_lie_less_likely(weighings: list[Weighing], is_alone: bool) -> None:
    said = joint(weighings)
    assert said is not None
    assert said.is_alone is is_alone


def test_an_account_remembers_the_step_before_however_often_it_is_asked() -> None:
    told, later = dossier(KOELN), structs.replace(lie(), ended_at=Instant(at(6)), odds_milli=2_000)
    first = joint([lie()])
    assert first is not None
    for weighed, before in ((lie(), NEVER_MILLI), (later, first.told_milli)):
        for _ in range(2):
            take_weighings(told, [weighed], int(weighed.ended_at))
            assert told.account is not None
            assert told.account.before_milli == before


def test_areas_stay_alive_while_they_are_hot_and_no_longer() -> None:
    told = dossier(KOELN, BONN, minute=5)
    take_weighings(told, [lie(), cooled(lie(BONN), at(9))], at(9))
    assert told.areas[KOELN].last_at == at(9)
    assert told.areas[BONN].last_at == at(5)


def test_an_area_without_figures_is_not_back_before_its_whole() -> None:
    told = dossier(KALK, "DE/NW", minute=5)
    take_weighings(told, [lie("DE/NW")], at(30))
    assert told.areas[KALK].last_at == at(30)


def test_an_area_with_figures_is_back_by_its_own_though_its_whole_is_down() -> None:
    told = dossier(KOELN, "DE/NW", minute=5)
    take_weighings(told, [lie(), lie("DE/NW")], at(6))
    take_weighings(told, [cooled(lie(), at(7)), lie("DE/NW")], at(7))
    assert told.areas[KOELN].last_at == at(6)
    assert told.areas["DE/NW"].last_at == at(7)


def test_an_area_that_was_back_is_down_again_once_it_is_hot() -> None:
    told = dossier(areas={KOELN: AreaSeen(since=at(0), last_at=at(5), back_at=at(5))})
    take_weighings(told, [lie()], at(30))
    assert told.areas[KOELN].back_at == 0


def test_the_share_of_an_area_is_that_of_its_own_figures() -> None:
    told = dossier(KOELN)
    figures = weighing(at(5), KOELN, "broadband", shares_ppm=(100_000, 330_000, 1_000_000))
    take_weighings(told, [talked(probability=SURE), figures], at(5))
    seen = told.areas[KOELN]
    assert (seen.hit_ppm, seen.measured) == ((100_000, 330_000, 1_000_000), True)
    take_weighings(told, [cooled(figures, at(9))], at(9))
    assert told.areas[KOELN].hit_ppm == (100_000, 330_000, 1_000_000)


def test_a_share_is_told_as_it_falls_and_rises_though_its_figure_alone_may_lie() -> None:
    told = dossier(KOELN)
    figures = weighing(
        at(5), KOELN, "broadband", probability=0.05, disturbed=SURE, added=["network"], shares_ppm=(1, 2, 3)
    )
    take_weighings(told, [figures], at(5))
    later = structs.replace(figures, share_low_ppm=400_000, share_ppm=500_000, share_high_ppm=600_000)
    take_weighings(told, [later], at(6))
    assert told.areas[KOELN].hit_ppm == (400_000, 500_000, 600_000)
    take_weighings(told, [cooled(structs.replace(later, share_ppm=0), at(9))], at(9))
    assert told.areas[KOELN].hit_ppm == (400_000, 500_000, 600_000), "what is back shows no share"


def test_the_number_goes_through_the_table_once_and_what_is_hot_is_asked_of_the_account() -> None:
    table = BeliefTable(told=((-1_000, -2_000), (1_000, 0), (9_000, 8_000)))
    bare, said = joint([lie()]), joint([lie()], table=table)
    assert bare is not None
    assert said is not None
    assert bare.told_milli == bare.odds_milli == said.odds_milli
    assert said.told_milli == said.odds_milli - 1_000
    dark = dossier(KOELN)
    take_weighings(dark, [lie()], at(5), table=table)
    assert dark.account is not None
    assert (dark.account.odds_milli, dark.account.peak_milli) == (said.told_milli, said.told_milli)
    assert is_hot(said) == is_hot(bare)

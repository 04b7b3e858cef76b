"""What else would explain what is seen, with numbers; and what would be believed had a source said nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.evidence.account import joint, probability_of
from pipeline.correlate.evidence.explanations import GROUP_OF, alone_of, by_source, unheard
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import PPM
from tests.correlate.accounts import SURE, weighing
from tests.correlate.made import BONN, KOELN
from tests.correlate.stories import at

RIVALS = {"normal": 20_000, "chatter": 30_000, "probe": 350_000}


def falls(area: str = KOELN, **facts: object) -> Weighing:
    """A figure that falls alone: two in five are lies, and a few in a hundred talk."""
    known = weighing(at(5), area, "broadband", probability=0.6, disturbed=0.95, added=["network"], rival="probe")
    return structs.replace(known, rivals_ppm=RIVALS, **facts)


def told(*weighings: Weighing) -> dict[str, int]:
    """The other explanations of an incident, and an outage."""
    said = joint(weighings)
    assert said is not None
    return {"outage": round(PPM * probability_of(said.told_milli)), **said.rivals_ppm}


def test_all_explanations_together_are_certain() -> None:
    for weighings in ([falls()], [falls(), falls(BONN)], [falls(disturbed_milli=500)]):
        assert sum(told(*weighings).values()) == pytest.approx(PPM, abs=4)


def test_a_second_place_that_falls_makes_a_lie_unlikely_and_not_talk() -> None:
    alone, both = told(falls()), told(falls(), falls(BONN))
    assert list(alone)[:2] == ["outage", "probe"]
    assert both["probe"] < alone["probe"] / 4
    assert both["outage"] > alone["outage"]


def test_the_likeliest_explanation_is_the_rival() -> None:
    said = joint([falls()])
    assert said is not None
    assert said.rival == next(iter(said.rivals_ppm)) == "probe"


def test_of_a_place_that_told_no_numbers_its_rival_is_known() -> None:
    said = joint([structs.replace(falls(), rivals_ppm={})])
    assert said is not None
    assert (said.rival, said.rivals_ppm) == ("probe", {})


@given(
    network=st.integers(-3_000, 30_000),
    care=st.integers(-3_000, 30_000),
    public=st.integers(-3_000, 30_000),
    alone=st.dictionaries(st.sampled_from(["tickets", "calls"]), st.integers(-3_000, 9_000)),
)
def test_sources_add_up_to_what_the_groups_added(network: int, care: int, public: int, alone: dict[str, int]) -> None:
    added = by_source({"network": network, "care": care, "public": public}, alone)
    assert sum(added.values()) == network + care + public
    assert added["tickets"] + added["calls"] == care


def test_tickets_and_calls_that_say_the_same_share_it_and_neither_is_missed() -> None:
    same = weighing(at(5), probability=SURE, added=["care"])
    same = structs.replace(same, alone_milli={"tickets": 4_000, "calls": 4_000})
    assert by_source(same.added_milli, same.alone_milli)["calls"] == 2_000
    assert unheard(same, "calls").odds_milli == pytest.approx(same.odds_milli, abs=1)
    assert unheard(same, "care").odds_milli == pytest.approx(same.odds_milli - 4_000, abs=1)


def test_without_figures_neither_an_outage_nor_a_lie_is_left() -> None:
    left = unheard(falls(added_milli={"network": 9_000}), "telemetry")
    assert left.added_milli["network"] == 0
    assert probability_of(left.odds_milli) < 0.01
    assert probability_of(left.disturbed_milli) < 0.01


def test_without_people_a_lie_is_as_likely_as_before_against_the_rest() -> None:
    known = falls(added_milli={"network": 9_000, "public": 2_000})
    left = unheard(known, "mentions")
    shares = [probability_of(one.disturbed_milli) - probability_of(one.odds_milli) for one in (known, left)]
    rests = [1 - probability_of(one.disturbed_milli) for one in (known, left)]
    assert shares[1] / rests[1] == pytest.approx(shares[0] / rests[0], rel=0.01)


@given(source=st.sampled_from(sorted(GROUP_OF)), odds=st.integers(-27_000, 27_000), added=st.integers(-3_000, 60_000))
def test_who_said_nothing_is_not_missed_and_odds_stay_numbers(source: str, odds: int, added: int) -> None:
    known = structs.replace(
        falls(), odds_milli=odds, disturbed_milli=odds + 1, added_milli={"network": 0, "care": 0, "public": 0}
    )
    assert unheard(known, source).odds_milli == pytest.approx(odds, abs=2)
    loud = structs.replace(known, added_milli={GROUP_OF[source]: added})
    assert -120_000 < unheard(loud, source).odds_milli < 120_000


def test_tickets_and_calls_are_told_of_where_they_are_loudest() -> None:
    quiet = falls(added_milli={"care": 1}, alone_milli={"tickets": 1})
    loud = falls(BONN, added_milli={"care": 2}, alone_milli={"tickets": 7})
    assert alone_of([quiet, loud]) == alone_of([loud, quiet]) == {"tickets": 7}


def test_of_hours_in_which_all_sources_said_enough_none_is_missed() -> None:
    loud = {"care": 30_000, "network": 300_000, "public": 60_000}
    hours = structs.replace(falls(), odds_milli=15_000, disturbed_milli=15_500, rivals_ppm={}, added_milli=loud)
    assert [unheard(hours, source).odds_milli for source in GROUP_OF] == pytest.approx([15_000] * 4, abs=1)

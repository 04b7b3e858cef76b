"""The card of an incident: contributions that add up, rivals with their numbers, and what each source is worth."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.evidence.account import take_weighings
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.tell.card import card_of
from pipeline.records.inner.weighings import Weighing
from pipeline.records.published.evidence_card import EvidenceCard
from pipeline.reference.belief import BeliefTable
from tests.correlate.accounts import weighing
from tests.correlate.made import BONN, KOELN, dossier, incident, pane
from tests.correlate.stories import at

MILD = BeliefTable(told=((-8_000, -7_000), (8_000, 7_000)))

milli = st.integers(-3_000, 20_000)
places = st.lists(
    st.builds(
        lambda area, odds, more, network, care, public, alone: structs.replace(
            weighing(at(5), area, "broadband"),
            odds_milli=odds,
            disturbed_milli=odds + more,
            added_milli={"care": care, "network": network, "public": public},
            alone_milli=alone,
            rivals_ppm={"normal": 400_000, "probe": 1_000, "chatter": 50},
        ),
        st.sampled_from([KOELN, BONN]),
        st.integers(-9_000, 16_000),
        st.integers(0, 4_000),
        milli,
        milli,
        milli,
        st.one_of(st.just({}), st.fixed_dictionaries({"tickets": milli, "calls": milli})),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda known: known.area,
)


def card(*weighings: Weighing, settled: str = "", table: BeliefTable = MILD) -> EvidenceCard:
    """The card of an incident of which this is believed."""
    case = incident(dossier(KOELN, BONN))
    case.course.settled = settled
    return card_at(case, weighings, table)


def card_at(case: OpenIncident, weighings: tuple[Weighing, ...], table: BeliefTable = MILD) -> EvidenceCard:
    """The card after a pane in which this was weighed."""
    work = pane(5, case)
    work.reference = replace(work.reference, belief=table)
    work.market.weighings = {known.area + known.service: known for known in weighings}
    take_weighings(case.dossier, list(weighings), work.at, table=table)
    told = card_of(case, work)
    assert told is not None
    return told


def in_parts(told: EvidenceCard) -> int:
    """The sum of its parts and sources."""
    return sum(part.added_milli for part in told.base) + sum(part.added_milli for part in told.sources)


@given(weighings=places)
def test_contributions_add_up_whatever_is_believed(weighings: list[Weighing]) -> None:
    told = card(*weighings)
    assert told.log_odds_milli == told.base_milli + sum(part.added_milli for part in told.contributions)
    assert told.log_odds_milli == in_parts(told)


@given(weighings=places)
def test_explanations_stand_in_order_and_are_no_more_than_certain(weighings: list[Weighing]) -> None:
    told = card(*weighings)
    shares = [known.share_ppm for known in told.rivals]
    assert shares == sorted(shares, reverse=True)
    assert (told.outage_ppm or 0) + sum(shares) <= 1_000_003
    assert all(share >= 1_000 for share in shares)


def test_without_figures_no_place_agrees_any_more() -> None:
    figures = {"care": 0, "network": 9_000, "public": 500}
    first = structs.replace(
        weighing(at(5), KOELN, "broadband", probability=0.7, disturbed=0.99), added_milli=figures, alone_milli={}
    )
    fall = [first, structs.replace(first, area=BONN)]
    told = card(*fall)
    without = {part.source: part.without_ppm for part in told.sources}
    assert (told.outage_ppm or 0) > 900_000
    assert without["telemetry"] < 20_000
    assert without["mentions"] > 850_000
    assert "tickets" not in without


def test_the_places_that_agree_and_the_table_have_parts_of_their_own() -> None:
    one = weighing(at(5), KOELN, "broadband", probability=0.6, disturbed=0.999, added=["network"])
    alone, both = (card(one, *more) for more in ((), (structs.replace(one, area=BONN),)))
    parts = [{part.name: part.added_milli for part in told.base} for told in (alone, both)]
    assert parts[0].get("places", 0) < 300 < parts[1]["places"]
    assert all(part["prior"] == -7_000 and part["table"] < 0 for part in parts)


def test_who_settled_it_has_added_nothing_and_without_him_the_account_counts() -> None:
    mild = weighing(at(5), KOELN, "broadband", probability=0.6)
    for settled, source in (("command", "commands"), ("official_word", "official")):
        last = card(mild, settled=settled, table=BeliefTable()).sources[-1]
        assert (last.source, last.added_milli) == (source, 0)
        assert 599_000 < last.without_ppm < 601_000
    assert {part.source for part in card(mild, settled="corroborated").sources} == {"telemetry", "mentions"}


def test_once_nothing_is_hot_all_is_well_and_the_sum_still_holds() -> None:
    case = incident(dossier(KOELN, BONN))
    card_at(case, (weighing(at(5), KOELN, "broadband"),))
    told = card_at(case, ())
    assert [known.rival for known in told.rivals] == ["normal"]
    assert told.log_odds_milli == in_parts(told)
    assert all(part.without_ppm < 2_000 for part in told.sources)


def test_an_incident_of_which_nothing_was_weighed_has_no_card() -> None:
    case = incident(dossier(KOELN))
    assert card_of(case, pane(5, case)) is None

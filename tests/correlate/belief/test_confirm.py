"""What makes a suspicion a fact: at each bar, and just below it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.correlate.belief.confirm import is_official_word, verdict
from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.parts import Dossier, SeriesEvidence, Witness
from pipeline.records.clocks import MINUTE_MS
from tests.correlate.made import BONN, KOELN, dossier, said, series
from tests.correlate.stories import at

CONFIG = ConfirmConfig()


def tickets(measure: str, records: int, usual: int, area: str = KOELN) -> SeriesEvidence:
    """Tickets, and how many come anyway."""
    row = series(area, source="tickets", measure=measure, unit="count", kind="care", records=records)
    return structs.replace(row, usual_milli=1_000 * usual)


@pytest.mark.parametrize(
    ("witnesses", "reason"),
    [
        pytest.param({"care": said(19)}, None, id="one_kind_alone_is_no_fact"),
        pytest.param({"care": said(8), "public": said(8)}, "corroborated", id="two_kinds_at_once_are"),
        pytest.param({"care": said(8), "public": said(7)}, None, id="unless_the_second_are_few"),
        pytest.param({"care": said(8), "public": said(99, excess_milli=7_999)}, None, id="who_speak_anyway_are_none"),
        pytest.param({"care": said(8), "public": said(8, first=35, last=36)}, "corroborated", id="thirty_minutes"),
        pytest.param({"care": said(8), "public": said(8, first=35.2, last=36)}, None, id="more_than_half_an_hour"),
        pytest.param({"public": said(8, first=35, last=36), "care": said(8)}, "corroborated", id="whoever_was_first"),
        pytest.param({"network": said(0), "public": said(99)}, None, id="a_network_whose_figures_say_little"),
        pytest.param({"public": said(200, last=30)}, "strong_single_source", id="two_hundred_authors_for_half_an_hour"),
        pytest.param({"public": said(199, last=30)}, None, id="fewer_authors_of_no_place"),
        pytest.param({"public": said(200, last=29)}, None, id="authors_of_no_place_for_too_short_a_time"),
    ],
)
def test_who_speaks_decides_whether_it_is_a_fact(witnesses: dict[str, Witness], reason: str | None) -> None:
    told = dossier("DE", series=[tickets("complaints", 5, 1)], witnesses=witnesses)
    found = verdict(told, CONFIG)
    assert (found.value if found else None) == reason


@pytest.mark.parametrize(
    ("areas", "people", "minutes", "is_fact"),
    [
        pytest.param((KOELN, BONN), 50, 15, True, id="fifty_authors_in_two_places"),
        pytest.param((KOELN,), 50, 15, False, id="in_one_place"),
        pytest.param((KOELN, "DE/NW"), 50, 15, False, id="a_region_is_no_second_place"),
        pytest.param(("DE", "FR"), 50, 15, False, id="nations_are_no_places"),
        pytest.param((KOELN, BONN), 49, 15, False, id="forty_nine"),
        pytest.param((KOELN, BONN), 50, 14, False, id="in_fourteen_minutes"),
    ],
)
def test_posts_alone_must_be_many_lasting_and_of_two_places(
    areas: tuple[str, ...], people: int, minutes: int, is_fact: bool
) -> None:
    told = dossier(*areas, witnesses={"public": said(people, last=minutes)})
    assert (verdict(told, CONFIG) is not None) == is_fact


@pytest.mark.parametrize(
    ("people", "minutes", "contacts", "is_fact"),
    [
        pytest.param(20, 5, (), True, id="twenty_customers_in_five_minutes"),
        pytest.param(19, 5, (), False, id="nineteen_customers"),
        pytest.param(20, 4.9, (), False, id="twenty_customers_at_once"),
        pytest.param(20, 5, [tickets("contacts", 25, 10)], True, id="contacts_grow_less_than_half_as_much"),
        pytest.param(20, 5, [tickets("contacts", 26, 10)], False, id="customers_have_more_of_everything_to_say"),
        pytest.param(
            20, 5, [tickets("contacts", 2, 0, BONN), tickets("contacts", 20, 10)], True, id="few_count_little"
        ),
    ],
)
def test_tickets_alone_must_be_many_and_a_greater_share_of_what_customers_say(
    people: int, minutes: float, contacts: list[SeriesEvidence], is_fact: bool
) -> None:
    rows = [tickets("complaints", 5, 1), *contacts]
    told = dossier(KOELN, series=rows, witnesses={"care": said(people, last=minutes)})
    assert (verdict(told, CONFIG) is not None) == is_fact


@pytest.mark.parametrize(
    ("rows", "is_fact"),
    [
        pytest.param([tickets("complaints", 5, 1)], True, id="tickets_that_complain"),
        pytest.param([series(kind="care", measure="calls_offered", unit="count")], False, id="callers_say_not_why"),
        pytest.param([tickets("complaints", 5, 1), tickets("contacts", 9, 1)], False, id="all_have_more_to_say"),
    ],
)
def test_posts_and_customers_confirm_each_other_if_customers_complain(
    rows: list[SeriesEvidence], is_fact: bool
) -> None:
    told = dossier(KOELN, series=rows, witnesses={"care": said(9), "public": said(9)})
    assert (verdict(told, CONFIG) is not None) == is_fact


@pytest.mark.parametrize(
    ("row", "kind", "people", "is_fact"),
    [
        pytest.param(series(), "public", 3, True, id="three_people"),
        pytest.param(series(), "public", 2, False, id="two_people"),
        pytest.param(series(), "care", 3, True, id="three_customers"),
        pytest.param(series(evidence_milli=5_999), "public", 99, False, id="little_evidence"),
        pytest.param(series(surprise_milli=300_000, evidence_milli=5_999), "care", 99, False, id="one_odd_reading"),
        pytest.param(series(last_at=at(1.9)), "public", 99, False, id="a_short_time"),
        pytest.param(series(learnt_hours=0), "public", 99, False, id="figures_of_this_hour"),
    ],
)
def test_the_network_and_people_confirm_each_other_if_both_carry_weight(
    row: SeriesEvidence, kind: str, people: int, is_fact: bool
) -> None:
    told = dossier(KOELN, series=[row], witnesses={"network": said(0), kind: said(people)})
    assert (verdict(told, CONFIG) is not None) == is_fact


@pytest.mark.parametrize(
    ("rows", "is_fact"),
    [
        pytest.param([series(KOELN), series(BONN)], True, id="two_places"),
        pytest.param([series(KOELN), series(KOELN, measure="latency_ms")], True, id="two_figures"),
        pytest.param([series(KOELN), series("DE/NW")], False, id="a_place_and_what_holds_it"),
        pytest.param([series(KOELN), series(BONN, evidence_milli=5_999)], False, id="the_second_has_little_evidence"),
        pytest.param([series(KOELN), series(BONN, last_at=at(1.9))], False, id="the_second_was_short"),
        pytest.param([series(KOELN), series(BONN, learnt_hours=0)], False, id="the_second_is_hardly_known"),
        pytest.param([series(KOELN), series(BONN, kind="resource")], False, id="a_resource_is_no_witness"),
    ],
)
def test_telemetry_alone_must_be_strong_in_two_places_or_figures(rows: list[SeriesEvidence], is_fact: bool) -> None:
    told = dossier(KOELN, BONN, series=rows, witnesses={"network": said(0)})
    assert (verdict(told, CONFIG) is not None) == is_fact


witnesses = st.builds(said, st.integers(0, 300), st.integers(0, 60), st.integers(60, 120))
dossiers = st.builds(
    lambda areas, kinds: dossier(*areas, witnesses=kinds),
    st.lists(st.sampled_from((KOELN, BONN, "DE/NW", "DE")), min_size=1, unique=True),
    st.dictionaries(st.sampled_from(("network", "care", "public")), witnesses),
)


@given(told=dossiers, more=st.integers(0, 200), later=st.integers(0, 60), kind=st.sampled_from(("care", "public")))
def test_more_people_for_longer_never_take_a_fact_back(told: Dossier, more: int, later: int, kind: str) -> None:
    before = verdict(told, CONFIG)
    if before is None or kind not in told.witnesses:
        return
    known = told.witnesses[kind]
    said_more = said(known.people + more, first=0, last=0)
    told.witnesses[kind] = structs.replace(
        said_more, first_at=known.first_at, last_at=known.last_at + later * MINUTE_MS
    )
    assert verdict(told, CONFIG) is not None


@pytest.mark.parametrize(
    ("text", "admits"),
    [
        pytest.param("Aktuell kommt es zu einer STÖRUNG im Netz.", True, id="german_in_capitals"),
        pytest.param("Le service est rétabli à Lyon.", True, id="french"),
        pytest.param("We know of an outage in Leeds.", True, id="english"),
        pytest.param("Guten Morgen, Köln!", False, id="a_greeting"),
    ],
)
def test_an_operator_admits_a_fault_in_three_languages(text: str, admits: bool) -> None:
    assert is_official_word(text, CONFIG) == admits

"""What makes a suspicion a fact: at each bar, and just below it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.confirm import is_official_word, verdict
from pipeline.correlate.config import ConfirmConfig
from pipeline.correlate.parts import Dossier, SeriesEvidence, Witness
from tests.correlate.made import BONN, KOELN, dossier, said, series
from tests.correlate.stories import at

CONFIG = ConfirmConfig()


@pytest.mark.parametrize(
    ("witnesses", "reason"),
    [
        pytest.param({"network": said()}, None, id="one_kind_alone_is_no_fact"),
        pytest.param({"network": said(), "public": said()}, "corroborated", id="two_kinds_at_once_are"),
        pytest.param({"care": said(last=5), "public": said(first=35, last=36)}, "corroborated", id="thirty_minutes"),
        pytest.param({"care": said(last=5), "public": said(first=35.2, last=36)}, None, id="more_than_half_an_hour"),
        pytest.param({"public": said(first=35, last=36), "care": said(last=5)}, "corroborated", id="whoever_was_first"),
        pytest.param({"care": said(20, last=5)}, "strong_single_source", id="twenty_customers_in_five_minutes"),
        pytest.param({"care": said(19, last=5)}, None, id="nineteen_customers"),
        pytest.param({"care": said(20, last=4.9)}, None, id="twenty_customers_at_once"),
        pytest.param({"public": said(200, last=30)}, "strong_single_source", id="two_hundred_authors_for_half_an_hour"),
        pytest.param({"public": said(199, last=30)}, None, id="fewer_authors_of_no_place"),
        pytest.param({"public": said(200, last=29)}, None, id="authors_of_no_place_for_too_short_a_time"),
    ],
)
def test_who_speaks_decides_whether_it_is_a_fact(witnesses: dict[str, Witness], reason: str | None) -> None:
    found = verdict(dossier("DE", witnesses=witnesses), CONFIG)
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
    ("rows", "is_fact"),
    [
        pytest.param([series(KOELN), series(BONN)], True, id="two_places"),
        pytest.param([series(KOELN), series(KOELN, measure="latency_ms")], True, id="two_figures"),
        pytest.param([series(KOELN), series("DE/NW")], False, id="a_place_and_what_holds_it"),
        pytest.param([series(KOELN), series(BONN, surprise_milli=5_999)], False, id="the_second_is_no_surprise"),
        pytest.param([series(KOELN), series(BONN, last_at=at(2.9))], False, id="the_second_was_short"),
        pytest.param([series(KOELN), series(BONN, learnt_hours=71)], False, id="the_second_is_hardly_known"),
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
    grown: dict[str, Any] = {"people": known.people + more, "records": known.records + more}
    told.witnesses[kind] = Witness(**grown, first_at=known.first_at, last_at=known.last_at + later * 60_000)
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

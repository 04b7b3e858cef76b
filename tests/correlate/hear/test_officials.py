"""The operator's own words: each counted once, for the incidents that they can be about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import OFFICIALS_MAX
from pipeline.correlate.hear.officials import OFFICIAL_IDS_MAX, count_word, hear_officials, recall_officials
from pipeline.correlate.tell.ledger import communication_of
from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import BONN, dossier, incident, pane
from tests.correlate.stories import at, official


def test_a_word_that_admits_a_fault_confirms_the_operators_suspicion() -> None:
    mine, theirs = incident(name="mine"), incident(dossier(operators={"alpha": 1}), name="theirs")
    work = pane(3, mine, theirs)
    hear_officials([official(2)], work)
    states = {case.incident_id: case.state for case in work.market.incidents}
    assert states == {"mine": IncidentState.CONFIRMED, "theirs": IncidentState.SUSPECTED}


@pytest.mark.parametrize("kind", ["apology_other", "chatter", "help_reply", "planned"])
def test_what_tells_of_no_outage_is_no_word_of_it(kind: str) -> None:
    work = pane(3, incident())
    hear_officials([official(2, "Alles Gute!", kind=kind)], work)
    (case,) = work.market.incidents
    assert (case.state, case.officials.count) == (IncidentState.SUSPECTED, 0)


@pytest.mark.parametrize("kind", ["all_clear", "deny"])
def test_an_all_clear_and_a_denial_are_words_that_confirm_nothing(kind: str) -> None:
    work = pane(3, incident())
    hear_officials([official(2, kind=kind)], work)
    (case,) = work.market.incidents
    assert (case.state, case.officials.count) == (IncidentState.SUSPECTED, 1)


@pytest.mark.parametrize(
    ("services", "facts", "confirmed"),
    [
        (["broadband"], {"area": BONN}, False),
        (["broadband"], {"area": "DE/NW"}, True),
        (["broadband"], {"services": ["fixed_voice"]}, True),
        (["broadband"], {"services": ["mobile_data", "broadband"]}, True),
        (["broadband"], {"services": ["tv"]}, False),
        ([], {"services": ["tv"]}, True),
    ],
)
def test_a_word_counts_for_its_place_and_service_only(
    services: list[str], facts: dict[str, Any], confirmed: bool
) -> None:
    work = pane(3, incident(dossier(services=services)))
    hear_officials([official(2, **facts)], work)
    (case,) = work.market.incidents
    assert (case.state == IncidentState.CONFIRMED, case.officials.count) == (confirmed, int(confirmed))


def test_replies_to_single_customers_add_up() -> None:
    work = pane(5, incident())
    hear_officials([official(minute, kind="outage_reply") for minute in (1, 2)], work)
    (case,) = work.market.incidents
    assert case.state == IncidentState.SUSPECTED
    hear_officials([official(3, kind="outage_reply")], work)
    assert work.market.incidents[0].state == IncidentState.CONFIRMED


@pytest.mark.parametrize("kind", ["all_clear", "deny", "outage_reply", "update"])
def test_what_is_told_to_one_customer_is_no_word_to_everybody(kind: str) -> None:
    case = incident(state=IncidentState.CONFIRMED)
    work = pane(5, case)
    hear_officials([official(2, kind=kind, in_reply_to=7, promised_end_at=Instant(at(60)))], work)
    (heard,) = work.market.incidents
    assert heard.state == IncidentState.CONFIRMED
    assert communication_of(heard, at(5)).first_official_at is None
    assert communication_of(heard, at(5)).promised_end_at is None
    hear_officials([official(4)], work)
    (heard,) = work.market.incidents
    assert communication_of(heard, at(5)).first_official_at == at(4), "the first word to everybody starts the clock"


def test_the_end_that_was_promised_last_is_kept() -> None:
    case = incident()
    count_word(case, official(5, promised_end_at=Instant(at(90))))
    count_word(case, official(4, promised_end_at=Instant(at(60))))
    count_word(case, official(6))
    assert case.officials.promised_end_at == at(90)
    assert communication_of(case, at(7)).promised_end_at == at(90)


def test_a_word_from_before_the_outage_is_about_another() -> None:
    case = incident(opened=5)
    assert not count_word(case, official(4))
    assert count_word(case, official(5))


def test_a_repeated_post_counts_once() -> None:
    case = incident()
    assert count_word(case, official(5))
    assert not count_word(case, official(5))
    assert case.officials.count == 1


def test_an_incident_that_opens_later_finds_the_first_word() -> None:
    work = pane(1)
    hear_officials([official(1)], work)
    work.market.incidents = [incident(dossier(found={"mentions": [at(0), at(2)]}), opened=2)]
    recall_officials("i1", {"netcologne"}, work)
    (case,) = work.market.incidents
    assert (case.state, case.officials.first_at) == (IncidentState.CONFIRMED, at(1))


@given(minutes=st.lists(st.integers(0, 200), max_size=90), data=st.data())
def test_each_post_counts_once_whatever_the_order(minutes: list[int], data: st.DataObject) -> None:
    def counted(order: list[int]) -> Any:
        case = incident()
        for minute in order:
            count_word(case, official(minute))
        return case.officials

    distinct = list(dict.fromkeys(minutes))[:OFFICIAL_IDS_MAX]
    officials = counted(distinct)
    assert officials.count == len(distinct)
    mixed = counted(data.draw(st.permutations(distinct)))
    assert (officials.first_at, officials.last_at) == (mixed.first_at, mixed.last_at)
    if distinct:
        assert (officials.first_at, officials.last_at) == (at(min(distinct)) or 0, at(max(distinct)))


def test_the_memory_of_words_is_bounded() -> None:
    work, case = pane(500), incident()
    hear_officials([official(minute, "Guten Morgen!") for minute in range(OFFICIALS_MAX + 20)], work)
    assert len(work.market.officials) == OFFICIALS_MAX
    for minute in range(OFFICIAL_IDS_MAX + 20):
        count_word(case, official(minute))
    assert len(case.officials.ids) == OFFICIAL_IDS_MAX

"""The operator's own words: each counted once, for the incidents that they can be about."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import OFFICIALS_MAX
from pipeline.correlate.hear.officials import OFFICIAL_IDS_MAX, count_word, hear_officials, recall_officials
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import dossier, incident, pane
from tests.correlate.stories import at, official


def test_a_word_that_admits_a_fault_confirms_the_operators_suspicion() -> None:
    mine, theirs = incident(name="mine"), incident(dossier(operators={"alpha": 1}), name="theirs")
    work = pane(3, mine, theirs)
    hear_officials([official(2)], work)
    states = {case.incident_id: case.state for case in work.market.incidents}
    assert states == {"mine": IncidentState.CONFIRMED, "theirs": IncidentState.SUSPECTED}


def test_a_greeting_is_counted_and_confirms_nothing() -> None:
    work = pane(3, incident())
    hear_officials([official(2, "Guten Morgen!")], work)
    (case,) = work.market.incidents
    assert (case.state, case.officials.count) == (IncidentState.SUSPECTED, 1)


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

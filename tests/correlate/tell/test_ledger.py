"""Who knew first, and when the operator spoke."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.parts import OfficialWords
from pipeline.correlate.tell.ledger import communication_of, leads_of
from tests.correlate.made import dossier, incident, said
from tests.correlate.stories import at

SOURCES = ("telemetry", "tickets", "mentions")
founds = st.dictionaries(st.sampled_from(SOURCES), st.integers(0, 100).map(lambda minute: [at(minute), at(101)]))


@given(found=founds)
def test_the_earliest_comes_first_with_its_lead_over_the_next(found: dict[str, list[int]]) -> None:
    leads = leads_of(incident(dossier(found=found)))
    assert {lead.source for lead in leads} == set(found)
    times = [int(lead.first_evidence_at) for lead in leads]
    assert times == sorted(times)
    assert sum(lead.lead_seconds or 0 for lead in leads) * 1_000 == (max(times) - min(times) if times else 0)
    assert [lead.lead_seconds is None for lead in leads] == [False] * (len(leads) - 1) + [True] * bool(leads)


@pytest.mark.parametrize(
    ("minute", "grade"),
    [
        pytest.param(14.9, "A", id="within_a_quarter"),
        pytest.param(15, "B", id="within_half_an_hour"),
        pytest.param(30, "C", id="within_two_hours"),
        pytest.param(120, "D", id="within_four_hours"),
        pytest.param(240, "F", id="after_four_hours"),
    ],
)
def test_the_first_word_is_graded(minute: float, grade: str) -> None:
    case = incident(dossier(found={"mentions": [at(0), at(1)]}))
    case.officials = OfficialWords(first_at=at(minute), last_at=at(300), count=2)
    told = communication_of(case, at(500))
    assert (told.grade, told.first_word_after_seconds, told.official_posts) == (grade, round(minute * 60), 2)


def test_an_operator_that_says_nothing_is_graded_after_four_hours() -> None:
    case = incident(dossier(found={"mentions": [at(0), at(1)]}))
    assert communication_of(case, at(239)).grade is None
    assert communication_of(case, at(240)).grade == "F"


def test_only_people_complain() -> None:
    witnesses = {"network": said(9), "care": said(3), "public": said(4)}
    assert communication_of(incident(dossier(witnesses=witnesses)), at(1)).complaints == 7

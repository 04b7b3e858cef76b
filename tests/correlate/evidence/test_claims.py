"""What a claim that help cannot be called adds to a dossier, sure or in doubt."""

from pipeline.correlate.evidence.claims import absorb_claims, believe_doubts, doubt_claim
from tests.correlate.made import BONN, CONFIG, KOELN, dossier
from tests.correlate.stories import at, claim


def test_a_claim_in_doubt_says_nothing_of_where_an_outage_is_until_it_is_believed() -> None:
    told = dossier(KOELN)
    doubt_claim(told, claim(1, 1, area=BONN, permille=300, doubtful=True), at(1), CONFIG)
    assert sorted(told.areas) == [KOELN]
    believe_doubts(told, at(2), CONFIG)
    assert sorted(told.areas) == sorted([KOELN, BONN])


def test_it_says_so_where_nothing_else_does() -> None:
    told = dossier(areas={})
    doubt_claim(told, claim(1, 1, area=BONN, permille=300, doubtful=True), at(1), CONFIG)
    assert sorted(told.areas) == [BONN]


def test_a_sure_claim_says_where_it_is() -> None:
    told = dossier(KOELN)
    absorb_claims(told, [claim(1, 1, area=BONN)], at(1), CONFIG)
    assert sorted(told.areas) == sorted([KOELN, BONN])


def test_a_claim_in_doubt_places_no_alarm_that_a_sure_one_makes() -> None:
    told, doubt = dossier(areas={}), claim(1, 1, area=BONN, operator="", permille=480, doubtful=True)
    absorb_claims(told, [doubt, claim(2, 2, "tickets", area="DE")], at(2), CONFIG)
    assert sorted(told.areas) == ["DE"]


def test_who_writes_is_remembered_and_a_ticket_counts_each_time() -> None:
    told = dossier(KOELN)
    said = [claim(1, 1), claim(2, 1), claim(3, 1, "tickets"), claim(4, 2, "tickets")]
    absorb_claims(told, said, at(5), CONFIG)
    known = told.emergency
    assert known is not None
    assert (known.claims, known.tickets, known.people) == (3, 2, [1])

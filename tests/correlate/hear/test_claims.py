"""The emergency rule: one ticket, or two people about one network or place within half an hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import CLAIMS_MAX
from pipeline.correlate.hear.claims import fellows, hear_claims, remember, suffice
from pipeline.correlate.state import MarketState
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import CONFIG, decided, pane
from tests.correlate.stories import REFERENCE, Story, at, claim, record_bytes, talk


@pytest.mark.parametrize(
    ("claims", "enough"),
    [
        pytest.param([claim(0, 1)], False, id="one_person_in_public"),
        pytest.param([claim(0, 1), claim(1, 1)], False, id="one_person_twice"),
        pytest.param([claim(0, 1), claim(1, 2)], True, id="two_people"),
        pytest.param([claim(0, 1, permille=818), claim(1, 2, permille=750)], False, id="two_people_barely_sure"),
        pytest.param([claim(n, n, permille=760) for n in (1, 2, 3)], True, id="three_people_barely_sure"),
        pytest.param([claim(0, 1, "tickets", permille=750)], True, id="one_ticket"),
        pytest.param([claim(n, n, permille=900, doubtful=True) for n in range(9)], False, id="nine_in_doubt"),
        pytest.param([claim(0, 1), claim(1, 2, permille=900, doubtful=True)], False, id="one_sure_and_too_little"),
        pytest.param(
            [claim(0, 1), *(claim(n, n, permille=900, doubtful=True) for n in (2, 3))],
            False,
            id="one_sure_and_still_too_little",
        ),
        pytest.param(
            [claim(0, 1), *(claim(n, n, permille=500, doubtful=True) for n in (2, 3, 4, 5))],
            True,
            id="one_sure_and_doubts_of_two_people",
        ),
        pytest.param(
            [claim(0, 1), *(claim(1, n, permille=490, doubtful=True) for n in range(2, 30))],
            False,
            id="one_sure_and_many_that_are_likelier_none",
        ),
        pytest.param([claim(0, 1, "tickets", permille=900, doubtful=True)], False, id="a_ticket_in_doubt"),
        pytest.param([], False, id="nobody"),
    ],
)
def test_how_many_claims_suffice(claims: list[EmergencyClaim], enough: bool) -> None:
    assert suffice(claims, CONFIG) == enough


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        pytest.param(claim(0, 2, area="DE/HH/hamburg"), True, id="the_same_network_anywhere"),
        pytest.param(claim(0, 2, operator="alpha"), False, id="another_network_at_the_same_place"),
        pytest.param(claim(0, 2, operator="", area="DE/NW/bonn"), True, id="no_network_nearby"),
        pytest.param(claim(0, 2, operator="", area="DE/HH/hamburg"), False, id="no_network_far_away"),
        pytest.param(claim(0, 2, operator="", area="DE/NW"), True, id="no_network_in_what_holds_the_place"),
        pytest.param(claim(2, 2), False, id="a_later_claim"),
    ],
)
def test_which_claims_are_about_the_same(other: EmergencyClaim, alike: bool) -> None:
    mine = claim(1, 1)
    market = MarketState(market="DE", claims=[other, mine])
    assert (other in fellows(mine, market, CONFIG, REFERENCE)) == alike


def test_a_claim_about_a_hosted_operator_is_about_its_host() -> None:
    market = MarketState(market="DE", claims=[claim(0, 1, operator="beta"), claim(1, 2, operator="alpha")])
    assert len(fellows(market.claims[1], market, CONFIG, REFERENCE)) == 2


@given(people=st.lists(st.integers(1, 4), max_size=20), minutes=st.integers(0, 60))
def test_claims_are_remembered_once_for_half_an_hour(people: list[int], minutes: int) -> None:
    market = MarketState(market="DE")
    told = [claim(0, person) for person in people]
    assert len(remember(market, told, at(0), CONFIG)) == len(set(people))
    assert remember(market, told, at(0), CONFIG) == []
    remember(market, [], at(minutes), CONFIG)
    assert len(market.claims) == (len(set(people)) if minutes < 30 else 0)


def test_the_memory_of_claims_is_bounded() -> None:
    market = MarketState(market="DE")
    remember(market, [claim(0, person) for person in range(CLAIMS_MAX + 9)], at(0), CONFIG)
    assert len(market.claims) == CLAIMS_MAX


def test_an_alarm_opens_and_confirms_at_once_and_later_claims_join_alone() -> None:
    work = pane(0)
    hear_claims([claim(0, 1, "tickets")], work)
    (alarmed,) = work.market.incidents
    assert alarmed.state == IncidentState.CONFIRMED
    assert decided(work) == [("opened", "emergency_rule"), ("changed", "emergency_rule")]
    hear_claims([claim(0.1, 2)], work)
    (alarmed,) = work.market.incidents
    assert alarmed.dossier.emergency is not None
    assert (alarmed.dossier.emergency.claims, alarmed.dossier.emergency.tickets) == (2, 1)


def test_of_one_post_that_came_twice_the_surer_reading_counts_whatever_the_order() -> None:
    both = claim(0, 1, permille=1_000), claim(0, 1, permille=600, doubtful=True)
    told = [Story().tell(0, talk(0), *claims) for claims in (both, both[::-1])]
    first, second = ([record_bytes(record) for record in story.decisions] for story in told)
    assert first == second
    assert told[0].only().emergency == told[1].only().emergency

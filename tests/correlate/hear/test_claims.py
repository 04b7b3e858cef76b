"""The emergency rule: one ticket, or two people about one network or place within half an hour."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import CLAIMS_MAX
from pipeline.correlate.hear.claims import fellows, hear_claims, remember, suffice
from pipeline.correlate.state import MarketState
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import CONFIG, decided, pane
from tests.correlate.stories import REFERENCE, Story, anomaly, at, claim, record_bytes, talk


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
    assert suffice(claims, claims, CONFIG) == enough


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


TEST_DAY = "Heute ist Warntag: Bitte deswegen nicht die 112 wählen, es ist nur eine Probe."


def doubts(count: int, minute: float = 0, **more: Any) -> list[EmergencyClaim]:
    """So many people who speak of emergencies, far from where claims are told, and likelier of something else."""
    told = {"operator": "", "area": "DE/BY/muenchen", "permille": 120, "doubtful": True, **more}
    return [claim(minute, 100 + person, **told) for person in range(count)]


@pytest.mark.parametrize(
    ("talk", "sure", "enough"),
    [
        pytest.param(doubts(9), 2, True, id="few_talk"),
        pytest.param(doubts(40), 2, False, id="many_talk_and_two_are_misread"),
        pytest.param(doubts(40), 6, True, id="more_than_so_much_talk_gives_by_misreading"),
        pytest.param(doubts(400), 12, False, id="a_dozen_on_a_day_of_warnings"),
        pytest.param(doubts(100), 300, True, id="hundreds_claim_it"),
        pytest.param(doubts(40, permille=600), 2, True, id="likelier_a_claim_than_none"),
        pytest.param(doubts(40, example=TEST_DAY), 2, True, id="one_text_that_goes_round"),
    ],
)
def test_two_people_are_an_alarm_only_where_few_talk_of_emergencies(
    talk: list[EmergencyClaim], sure: int, enough: bool
) -> None:
    claims = [claim(0, person, permille=900) for person in range(sure)]
    assert suffice(claims, [*talk, *claims], CONFIG) == enough
    assert suffice(claims[::-1], [*claims, *talk][::-1], CONFIG) == enough


def told_in_any_order(seed: int, *claims: EmergencyClaim) -> Story:
    """A story of claims that come shuffled within their pane."""
    Random(seed).shuffle(shuffled := list(claims))
    return Story().tell(0, *shuffled)


def test_where_many_talk_two_sure_people_are_asked_about_and_a_decision_says_why() -> None:
    claims = [claim(0.05 * person, person, permille=900) for person in (1, 2)]
    story = told_in_any_order(0, *doubts(40), *claims)
    assert not story.incidents
    assert sum(known.people for known in story.state.slots["DE"].questions) == 42
    (why,) = [row.text for row in story.decisions if "takes" in row.text]
    assert why == "an alarm takes 6 sure people: 40 speak of emergencies, and likelier of no call that fails"


def test_where_many_talk_one_ticket_is_an_alarm() -> None:
    assert told_in_any_order(0, *doubts(40), claim(0.1, 1, "tickets")).only().emergency is not None


def test_talk_of_a_network_whose_alarm_is_known_makes_no_claim_about_another_doubtful() -> None:
    told = Story().tell(0, anomaly(0, "DE/HH/hamburg", "telemetry", operator="alpha"))
    told.tell(1, claim(1, 50, "tickets", operator="alpha", area="DE/HH/hamburg"))
    told.tell(2, *doubts(40, 2, operator="alpha", area="DE/HH/hamburg"))
    told.tell(3, *(claim(3, person, permille=900) for person in (1, 2)))
    assert {part.operator for case in told.incidents.values() for part in case.operators} == {"alpha", "netcologne"}


def test_on_a_day_of_warnings_talk_of_any_network_makes_claims_doubtful() -> None:
    claims = [claim(0.05 * person, person, permille=900) for person in (1, 2)]
    assert not told_in_any_order(0, *doubts(40, operator="alpha"), *claims).incidents


def test_what_is_known_of_a_network_without_a_place_proves_nothing_of_a_place() -> None:
    story = alarmed_in_cologne().tell(4, *(claim(4, person, operator="alpha", area="DE") for person in (6, 7, 8)))
    story.tell(5, claim(5, 4, operator="", area=FAR))
    assert FAR not in {area.area for case in story.incidents.values() for area in case.areas}


FAR = "DE/HH/hamburg"


def alarmed_in_cologne() -> Story:
    """Calls of one network fail in Cologne, as its figures show: a story of half an hour."""
    story = Story().tell(0, anomaly(0, "DE/NW/koeln", "telemetry", operator="alpha"))
    return story.tell(1, *(claim(1, person, operator="alpha") for person in (1, 2, 3)))


def test_what_is_claimed_in_one_city_proves_nothing_of_another() -> None:
    story = alarmed_in_cologne().tell(5, claim(5, 4, operator="alpha", area=FAR))
    assert FAR not in {area.area for area in story.only().areas}, (
        "one person there is asked about, in the same incident"
    )
    assert "awaiting_approval" in story.why("changed")


def test_a_doubt_about_another_city_sounds_no_alarm_there_and_is_a_question_of_its_own() -> None:
    story = alarmed_in_cologne().tell(5, *doubts(1, 5, operator="alpha", area=FAR))
    assert FAR not in {area.area for area in story.only().areas}
    (question,) = story.state.slots["DE"].questions
    assert question.claims[0].area == FAR, "who dismisses it does not dismiss the incident that is known"


def test_what_may_be_no_claim_names_no_service_that_fails() -> None:
    sure = [claim(0, person, service="fixed_voice") for person in (1, 2)]
    story = Story().tell(0, *doubts(1, operator="netcologne", service="broadband"), *sure)
    assert story.only().services == ("emergency", "fixed_voice")


def test_a_network_whose_emergency_calls_fail_in_two_cities_has_one_outage() -> None:
    story = alarmed_in_cologne().tell(5, claim(5, 4, operator="alpha", area=FAR))
    story.tell(6, claim(6, 5, operator="alpha", area=FAR))
    assert FAR in {area.area for area in story.only().areas}


def test_a_network_and_its_guest_whose_emergency_calls_fail_have_one_outage() -> None:
    story = Story().tell(0, anomaly(0, "DE/NW/koeln", "telemetry", operator="beta"))
    story.tell(1, claim(1, 1, "tickets", operator="beta")).tell(3, claim(3, 2, "tickets", operator="alpha", area=FAR))
    assert FAR in {area.area for area in story.only().areas}


def test_a_doubt_elsewhere_opens_no_second_alarm_with_a_sure_claim_of_the_first() -> None:
    story = alarmed_in_cologne().tell(5, claim(5, 4, "tickets", operator="alpha", area="DE"))
    story.tell(6, claim(6, 5, "tickets", operator="alpha", area=FAR, permille=460, doubtful=True))
    assert FAR not in {area.area for area in story.only().areas}


def test_a_doubt_that_names_no_network_is_no_part_of_an_alarm_without_a_place() -> None:
    story = Story().tell(1, claim(0.5, 9, operator="", area=FAR, permille=480, doubtful=True))
    case = story.tell(2, claim(2, 1, "tickets", operator="alpha", area="DE")).only()
    assert case.emergency is not None
    assert case.emergency.claims == 1
    assert FAR not in {area.area for area in case.areas}


def test_when_talk_is_over_two_people_are_an_alarm_again() -> None:
    story = Story().tell(0, *doubts(40)).tell(31, claim(31, 1), claim(31, 2))
    assert story.only().emergency is not None


def test_talk_and_claims_of_one_pane_say_the_same_in_whatever_order_they_come() -> None:
    claims = [*doubts(30), *(claim(0.1, person, permille=900) for person in range(1, 9))]
    first, *others = [told_in_any_order(seed, *claims) for seed in range(4)]
    assert first.only().emergency is not None
    assert all(
        [record_bytes(row) for row in other.decisions] == [record_bytes(row) for row in first.decisions]
        for other in others
    )

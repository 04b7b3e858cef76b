"""Several people who say that it is back shorten the wait where only people tell, and nowhere else."""

from typing import Any

from msgspec.structs import replace

from pipeline.correlate.life.course import quiet_ms
from pipeline.correlate.life.recovery import is_said_back, mark_areas_back
from pipeline.correlate.life.returns import hear_returns, tell_of_returns, without_returns
from pipeline.correlate.parts import AreaSeen, EmergencyClaims
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.talk import BACK, POSTS, TalkSum
from pipeline.records.vocabulary import IncidentState
from tests.correlate.made import BONN, CONFIG, KOELN, dossier, incident, pane
from tests.correlate.stories import at, complained

LONG_MS = CONFIG.lifecycle.people_quiet_minutes * MINUTE_MS
SHORT_MS = CONFIG.lifecycle.people_back_minutes * MINUTE_MS


def told(*areas: str, measured: bool = False, **facts: Any) -> OpenIncident:
    """An incident of some places of which people told last in minute 20."""
    seen = {area: AreaSeen(since=at(0), last_at=at(20), measured=measured) for area in areas or (KOELN,)}
    case = incident(dossier(areas=seen, last_at=at(20), **facts), IncidentState.CONFIRMED)
    case.dossier.services = ["broadband"]
    return case


def back(minute: float, people: int = 3, area: str = KOELN, service: str = "", first: int = 0) -> TalkSum:
    subject = f"{BACK}{service}:{area}"
    counts, voices = {subject: people}, {subject: [f"{number:013x}" for number in range(first, first + people)]}
    return TalkSum(operator="netcologne", ended_at=Instant(at(minute)), posts=counts, people=counts, voices=voices)


def hear(case: OpenIncident, minute: float, *talk: TalkSum, complaint: float | None = None) -> OpenIncident:
    complaints = [complained(complaint, 7)] if complaint is not None else []
    work = pane(minute, case)
    hear_returns(talk, complaints, work)
    return work.market.incidents[0]


def test_three_people_who_say_that_it_is_back_shorten_the_wait() -> None:
    case = told()
    assert quiet_ms(case, CONFIG) == LONG_MS
    case = hear(case, 30, back(30, people=2))
    assert quiet_ms(case, CONFIG) == LONG_MS
    case = hear(case, 31, back(31, people=1, first=2))
    assert quiet_ms(case, CONFIG) == SHORT_MS


def test_one_hand_that_says_it_in_three_minutes_is_one_person() -> None:
    case = told()
    for minute in (30, 31, 32):
        case = hear(case, minute, back(minute, people=1))
    assert [voice for _, voice in case.recovery.back_by] == [f"{0:013x}"]
    assert quiet_ms(case, CONFIG) == LONG_MS


def test_a_text_that_goes_round_is_one_voice() -> None:
    row = back(30, people=3)
    case = hear(told(), 30, replace(row, posts=dict.fromkeys(row.posts, 1)))
    assert quiet_ms(case, CONFIG) == LONG_MS


def test_of_a_record_without_hashes_those_of_two_minutes_may_be_the_same() -> None:
    case = told()
    for minute in (30, 31):
        case = hear(case, minute, replace(back(minute, people=2), voices={}))
    assert quiet_ms(case, CONFIG) == LONG_MS
    assert quiet_ms(hear(case, 32, replace(back(32), voices={})), CONFIG) == SHORT_MS


def test_an_area_alone_is_not_back_by_what_people_of_it_say() -> None:
    case = hear(told(KOELN, BONN), 30, back(30, people=5))
    assert is_said_back(case, CONFIG)
    mark_areas_back(case, at(100), CONFIG)
    assert not case.dossier.areas[KOELN].back_at


def test_many_places_need_as_many_people() -> None:
    places = tuple(f"{KOELN}/{number}" for number in range(5))
    assert not is_said_back(hear(told(*places), 30, back(30, people=4, area=places[1])), CONFIG)
    assert is_said_back(hear(told(*places), 30, back(30, people=5, area=places[1])), CONFIG)


def test_people_of_other_places_services_and_operators_are_not_heard() -> None:
    assert not hear(told(), 30, back(30, area=BONN)).recovery.back_by
    assert not hear(told(), 30, back(30, area="DE")).recovery.back_by
    assert not hear(told(), 30, back(30, service="tv")).recovery.back_by
    assert hear(told(), 30, back(30, service="broadband", area=f"{KOELN}/muelheim")).recovery.back_by
    other = TalkSum(operator="telekom", ended_at=Instant(at(30)), people=back(30).people)
    assert not hear(told(), 30, other).recovery.back_by


def test_whoever_complains_after_them_or_stands_out_knows_better() -> None:
    case = hear(told(), 30, back(30))
    assert not hear(case, 40, complaint=39).recovery.back_by
    case = hear(told(), 30, back(30))
    case.dossier.last_at = at(35)
    assert quiet_ms(case, CONFIG) == LONG_MS


def test_a_figure_or_a_call_for_help_that_fails_is_never_talked_away() -> None:
    measured = hear(told(measured=True), 30, back(30, people=50))
    assert not is_said_back(measured, CONFIG)
    claims = EmergencyClaims(first_at=at(5), last_at=at(20), claims=2)
    alarming = hear(told(emergency=claims), 30, back(30, people=50))
    assert quiet_ms(alarming, CONFIG) == LONG_MS


def test_what_is_said_to_be_back_is_not_told_to_those_who_answer() -> None:
    row = back(30)
    mixed = TalkSum(operator="netcologne", ended_at=row.ended_at, posts={**row.posts, POSTS: 4}, people=row.people)
    assert tell_of_returns([row])
    assert without_returns([row]) == []
    assert [rest.posts for rest in without_returns([mixed])] == [{POSTS: 4}]

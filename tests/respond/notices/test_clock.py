"""The communication clock of a market: which profile holds, what follows it, and what settings put in its place."""

import dataclasses
from typing import Any

import pytest

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import Communication
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.reference.communication import CommunicationProfile, Pace
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.replies.rate import communication_of
from tests.respond.notices.telling import RULES, Telling, at, drafts, incident

GERMAN = CommunicationProfile(
    profile="de",
    source="made up",
    markets=("DE",),
    first_word=(Pace(minutes=30, audiences=("authorities",)), Pace(minutes=5)),
    cadence=(Pace(minutes=20, severities=(Severity.CRITICAL,)), Pace(minutes=90)),
    asked=(Pace(minutes=120, audiences=("customers",)),),
    end_after_minutes=40,
    apology_minutes=300,
    closing_minutes=25,
    grade_minutes=(5, 10, 20, 40),
)


def rules(**settings: Any) -> RespondRules:
    return dataclasses.replace(RULES, communication=(GERMAN,), config=RespondConfig(**settings))


def cadences(telling: Telling, audience: str = "customers") -> list[int]:
    found = {
        (int(text.drafted_at) - at(0)) // MINUTE_MS
        for text in drafts(telling.notices)
        if text.audience == audience and text.occasion == "cadence"
    }
    return sorted(found)


def test_two_markets_at_once_have_a_clock_each() -> None:
    telling = Telling(rules=rules())
    telling.change(3, severity=Severity.CRITICAL)
    telling.change(3, incident_id="1" * 20, market="FR", areas=("FR/IDF/paris",))
    telling.until(64)
    telling.until(64, "FR")
    said = {(text.market, (int(text.drafted_at) - at(0)) // MINUTE_MS) for text in drafts(telling.notices)}
    assert said == {("DE", 3), ("DE", 23), ("DE", 43), ("DE", 63), ("FR", 3), ("FR", 63)}


def test_a_first_word_and_an_all_clear_are_due_by_the_profile_and_audience() -> None:
    telling = Telling(rules=rules())
    first = drafts(telling.change(3, numbers=("112",)))
    assert {text.due_at for text in first if text.audience == "authorities"} == {at(33)}
    assert {text.due_at for text in first if text.audience == "customers"} == {at(8)}
    over = drafts(telling.change(60, state=IncidentState.RESOLVED))
    assert {text.due_at for text in over if text.occasion == "all_clear"} == {at(85)}


def test_what_was_promised_is_kept_though_it_is_less_grave_and_comes_sooner_if_it_is_graver() -> None:
    telling = Telling(rules=rules())
    telling.change(3, severity=Severity.CRITICAL)
    telling.change(10, severity=Severity.MINOR)
    telling.until(200)
    assert cadences(telling) == [23, 113]
    telling = Telling(rules=rules())
    telling.change(3, severity=Severity.MINOR)
    telling.change(30, severity=Severity.CRITICAL)
    telling.until(60)
    assert cadences(telling) == [50], "graver is told at once, and then by the quicker pace"


def test_an_end_and_an_apology_wait_as_long_as_the_profile_says() -> None:
    telling = Telling(rules=rules())
    telling.change(3)
    telling.change(30, end=(90, 120))
    assert not [text for text in telling.notices if text.estimated_end_at]
    assert [text.occasion for text in drafts(telling.until(43.5)) if text.estimated_end_at]
    telling.change(200, state=IncidentState.RESOLVED)
    assert "apology" not in {text.occasion for text in telling.notices}


def test_a_setting_stands_above_the_profile() -> None:
    telling = Telling(rules=rules(acknowledge_minutes=7, cadence_minutes={"customers": 15}, apology_minutes=30))
    first = drafts(telling.change(3, severity=Severity.CRITICAL, numbers=("112",)))
    assert {text.due_at for text in first} == {at(10)}
    telling.until(50)
    assert cadences(telling) == [18, 33, 48]
    assert cadences(telling, "care_agents") == [23, 43]
    telling.change(200, state=IncidentState.RESOLVED)
    assert "apology" in {text.occasion for text in telling.notices}


def test_a_setting_that_is_slower_than_a_rule_asks_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"customers hear every 180 min, and the rule asks for 120"):
        rules(cadence_minutes={"customers": 180})
    assert rules(cadence_minutes={"care_agents": 180}), "no rule asks anything for them"


def shown(telling: Telling, **facts: Any) -> Communication:
    now = incident(30, **facts)
    case = telling.state.case("DE", now.incident_id)
    assert case is not None
    told = communication_of(case, now)
    assert told is not None
    return told


def test_the_incident_says_which_profile_holds_and_when_the_next_word_is_due() -> None:
    telling = Telling(rules=rules())
    telling.change(3, severity=Severity.CRITICAL)
    told = shown(telling)
    assert told.profile == "de"
    assert told.next_due_at == at(23)


@pytest.mark.parametrize(("minutes", "grade"), [(4, "A"), (5, "B"), (12, "C"), (39, "D"), (40, "F")])
def test_the_first_word_is_graded_by_the_bounds_of_the_profile(minutes: int, grade: str) -> None:
    telling = Telling(rules=rules())
    telling.change(3)
    assert shown(telling, communication=Communication(first_word_after_seconds=minutes * 60)).grade == grade


def test_a_silence_is_graded_when_it_is_as_long_as_the_last_bound() -> None:
    telling = Telling(rules=rules())
    telling.change(3)
    case = telling.state.case("DE", incident(3).incident_id)
    assert case is not None

    def grade(record: Incident) -> Any:
        told = communication_of(case, record)
        return told.grade if told else "nothing"

    assert [grade(incident(minute)) for minute in (39, 40)] == [None, "F"]

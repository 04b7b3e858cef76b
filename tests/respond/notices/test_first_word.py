"""The first word: an acknowledgement when an incident is confirmed, or the reason why nobody is told."""

from collections import Counter
from typing import Any

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.incident_parts import Maintenance, Silence
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.config import RespondConfig
from tests.respond.notices.telling import Telling, at, drafts, occasions, text_in

WORK = Maintenance(maintenance_id="m1", starts_at=Instant(at(0)), until=Instant(at(60)), by="ina")


def test_a_confirmed_incident_is_acknowledged_in_the_languages_of_its_market() -> None:
    telling = Telling()
    notices = telling.change(3)
    languages = Counter((notice.audience, notice.language) for notice in notices)
    assert languages["customers", "de"] == languages["customers", "en"] == 9
    assert languages["care_agents", "de"] == 1
    assert {notice.language for notice in notices} == {"de", "en"}
    assert {(notice.state, notice.kind.value) for notice in notices} == {("draft", "acknowledgement")}
    assert len({notice.notice_id for notice in notices}) == len(notices)
    (decision,) = telling.decisions()
    assert (decision.kind.value, decision.reason.value) == ("sent", "corroborated")
    assert telling.state.cases("DE")[0].incident.confirmed_at == at(3)


def test_a_first_word_names_no_cause_and_no_end_but_says_when_the_next_comes() -> None:
    telling = Telling()
    notices = telling.change(3, end=(60, 300))
    web = text_in(notices, "web")
    assert "Störung bei NetCologne" in web
    assert "10:03" in web
    assert "schätzen" not in web
    assert all(notice.estimated_end_at is None for notice in notices)
    assert {notice.next_word_at for notice in notices if notice.audience == "customers"} == {at(63)}


def test_the_same_change_gives_the_same_bytes() -> None:
    assert Telling().change(3, numbers=("112",)) == Telling().change(3, numbers=("112",))


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(
            {"silence": Silence(until=Instant(at(60)), by="ina", reason="known")},
            "silenced",
            id="a_silence_has_an_owner",
        ),
        pytest.param({"operators": ()}, "no_target", id="no_operator_to_speak_for"),
        pytest.param({"summary": None}, "no_target", id="no_words"),
    ],
)
def test_what_is_held_back_has_a_reason_and_says_it_once(facts: dict[str, Any], reason: str) -> None:
    telling = Telling()
    assert telling.change(3, **facts) == []
    assert telling.change(4, **facts) == []
    assert [(told.kind.value, told.reason.value) for told in telling.decisions()] == [("suppressed", reason)]


def test_after_a_silence_people_hear_what_is_still_true() -> None:
    telling = Telling()
    telling.change(3, silence=Silence(until=Instant(at(60)), by="ina", reason="known"))
    assert telling.until(59) == []
    assert occasions(telling.until(61)) == [("confirmed", 60)]


@pytest.mark.parametrize("state", [state for state in IncidentState if state != IncidentState.CONFIRMED])
def test_only_confirmation_asks_for_a_first_word(state: IncidentState) -> None:
    telling = Telling()
    assert telling.change(3, state=state) == []
    assert telling.decisions() == []


def test_an_exercise_is_drafted_with_its_mark_and_never_goes_out() -> None:
    telling = Telling()
    notices = telling.change(3, exercise=True, numbers=("112",))
    assert notices
    assert all(notice.exercise for notice in notices)
    for notice in notices:
        mark = {"de": "ÜBUNG", "en": "EXERCISE"}[notice.language]
        assert notice.body.startswith(mark) or (notice.outlet == "cap" and "<status>Exercise<" in notice.body)
        assert notice.subject.startswith(mark)
        assert notice.outlet == "cap" or notice.body.count(mark) == 1, "said once, before everything"
    answer = telling.order(4, "approve", notices[0].notice_id)
    assert (answer.kind.value, answer.reason.value) == ("refused", "exercise")


def test_planned_work_is_told_as_such_and_so_is_its_overrun() -> None:
    telling = Telling()
    planned = telling.change(3, maintenance=WORK)
    assert {notice.kind.value for notice in planned} == {"planned_work"}
    assert "bis 10:00" in text_in(planned, "web")
    assert telling.change(20, maintenance=WORK, areas=("DE/NW/aachen",)) == [], "announced work needs no updates"
    overrun = drafts(telling.until(61))
    assert {notice.kind.value for notice in overrun} == {"overrun"}
    assert "um 10:00" in text_in(overrun, "web")


def test_emergency_numbers_are_told_even_inside_announced_work() -> None:
    notices = Telling().change(3, maintenance=WORK, numbers=("112",))
    assert {notice.kind.value for notice in notices} == {"acknowledgement"}
    assert text_in(notices, "web").startswith("Notrufe (112)")


def test_a_matter_of_content_goes_to_the_content_provider_and_not_to_customers() -> None:
    notices = Telling().change(3, nature="content")
    assert {notice.audience for notice in notices} == {"content_provider", "care_agents"}
    assert "Rechte und Sendeplan" in text_in(notices, "email", audience="content_provider")


def test_the_authorities_hear_of_emergencies_only() -> None:
    assert "authorities" not in {notice.audience for notice in Telling().change(3)}
    assert "authorities" in {notice.audience for notice in Telling().change(3, numbers=("112",))}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"approver": ""}, "approver", id="nobody_approves"),
        pytest.param({"acknowledge_minutes": 0}, "acknowledge_minutes = 0", id="no_time_for_a_first_word"),
        pytest.param({"cadence_minutes": {"customers": 1}}, "customers = 1", id="a_word_a_minute"),
        pytest.param({"sent_by_rule": (("*", "internal", ""),)}, "must name an owner", id="sent_and_nobody_answers"),
        pytest.param({"sent_by_rule": (("letter", "internal", "noc"),)}, "kind 'letter'", id="a_kind_that_is_none"),
        pytest.param({"rights": {"approve": ()}}, "approve", id="a_right_that_nobody_has"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        RespondConfig(**settings)

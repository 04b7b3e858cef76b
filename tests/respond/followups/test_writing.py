"""What follows an outage: written once after the hold, superseded when it comes back, done when a person says so."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from pipeline.records.clocks import DAY_MS, Instant
from pipeline.records.published.decisions import Decision
from pipeline.records.published.followups import Followup
from pipeline.records.published.incident_parts import (
    EmergencyImpact,
    EtaEstimate,
    Lead,
    Links,
    Maintenance,
    SilentFeed,
)
from pipeline.records.published.people import Communication
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.followups.analysis import hypotheses
from pipeline.respond.followups.review import review_of
from pipeline.respond.followups.writing import FOLLOWUPS
from pipeline.respond.telling import told
from tests.respond.followups.made import CONFIRMED, Outage, customers, minute, reasons_in

OVER: Final[dict[str, Any]] = {"state": IncidentState.RESOLVED, "ended_at": Instant(minute(480))}
KINDS: Final = {"cause_analysis", "corrective_action", "communication_review", "survey", "thanks"}


def followups_in(outputs: list[object], kind: str = "") -> list[Followup]:
    return [output for output in outputs if isinstance(output, Followup) and (not kind or output.kind == kind)]


def over(at_minute: float = 500, **facts: Any) -> tuple[Outage, list[object]]:
    """An outage of five cities from nine to five, and what follows when its hold is over."""
    given = {"customers_affected": customers(235_000, 470_000), "confirmed_at": Instant(minute(2)), **facts}
    outage = Outage(FOLLOWUPS, **given)
    assert outage.change(2) == []
    return outage, outage.change(at_minute, **OVER)


def test_all_kinds_are_asked_once_the_hold_is_over_each_with_owner_and_date() -> None:
    outage, outputs = over()
    followups = followups_in(outputs)
    assert {followup.kind for followup in followups} >= KINDS
    assert all(followup.owner and followup.due_at and followup.due_at > minute(500) for followup in followups)
    assert {followup.state for followup in followups} == {"open"}
    assert ("followups", "hold") in reasons_in(outputs)
    again = outage.change(520, severity_peak=None)
    assert again == [], "another revision of what is over asks for nothing"
    assert outage.change(560, state=IncidentState.CLOSED) == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param({"links": Links(merged_into="a")}, "same_outage", id="merged_into_another"),
        pytest.param({"operators": ()}, "no_target", id="nobody_to_ask"),
        pytest.param(
            {"maintenance": Maintenance(maintenance_id="m", starts_at=Instant(1), until=Instant(2), by="ina")},
            "maintenance",
            id="announced_work",
        ),
    ],
)
def test_what_is_not_asked_has_a_reason(facts: dict[str, Any], reason: str) -> None:
    _, outputs = over(**facts)
    assert followups_in(outputs) == []
    assert reasons_in(outputs) == [("followups", reason)]


def test_a_suspicion_that_was_never_confirmed_calls_for_nothing() -> None:
    _, outputs = over(confirmed_at=None)
    assert outputs == []


def test_after_five_minutes_nobody_is_asked_or_thanked() -> None:
    outage = Outage(FOLLOWUPS, confirmed_at=Instant(minute(2)))
    outage.change(2)
    outputs = outage.change(30, state=IncidentState.RESOLVED, ended_at=Instant(minute(5)))
    kinds = {followup.kind for followup in followups_in(outputs)}
    assert "cause_analysis" in kinds
    assert not kinds & {"survey", "thanks"}


def test_what_comes_back_supersedes_and_is_asked_anew_with_the_same_ids() -> None:
    outage, outputs = over()
    first = {followup.followup_id: followup for followup in followups_in(outputs)}
    outputs = outage.change(530, state=IncidentState.CONFIRMED, ended_at=None, reopened=1)
    assert {followup.state for followup in followups_in(outputs)} == {"superseded"}
    assert ("followups", "overtaken") in reasons_in(outputs)
    anew = followups_in(outage.change(700, state=IncidentState.RESOLVED, ended_at=Instant(minute(650))))
    assert {followup.followup_id for followup in anew} == set(first)
    assert {followup.revision for followup in anew} == {3}


def test_who_says_that_it_is_done_is_noted_and_it_stays_done_when_the_outage_comes_back() -> None:
    outage, outputs = over()
    (survey,) = followups_in(outputs, "survey")
    done, answer = outage.order(600, "approve", survey.followup_id)
    assert isinstance(done, Followup)
    assert (done.state, done.changed_by, done.revision) == ("done", "ina", 2)
    assert isinstance(answer, Decision)
    assert answer.reason.value == "command"
    (refused,) = outage.order(601, "approve", survey.followup_id)
    assert isinstance(refused, Decision)
    assert refused.reason.value == "already_done"
    outage.change(630, state=IncidentState.CONFIRMED, ended_at=None)
    anew = outage.change(800, state=IncidentState.RESOLVED, ended_at=Instant(minute(750)))
    assert followups_in(anew, "survey") == []
    assert followups_in(anew, "cause_analysis")


def test_what_nobody_did_by_its_date_is_said_to_be_overdue_once() -> None:
    outage, outputs = over()
    (analysis,) = followups_in(outputs, "cause_analysis")
    assert analysis.due_at == minute(500) + 5 * DAY_MS
    outage.order(600, "reject", analysis.followup_id)
    later = outage.passing(60 * 24 * 30)
    overdue = [output for output in later if isinstance(output, Decision)]
    assert {decision.reason.value for decision in overdue} == {"overdue"}
    assert len(overdue) == len(followups_in(outputs)) - 1
    assert outage.passing(60 * 24 * 40) == []


def test_a_survey_is_asked_the_next_day_in_daytime_of_a_sample_that_keeps_to_the_limit() -> None:
    _, outputs = over(at_minute=13 * 60)
    (followup,) = followups_in(outputs, "survey")
    survey = followup.survey
    assert survey is not None
    assert survey.ask_from == minute(48 * 60 + 60), "a day later it is ten in the evening: at ten in the morning after"
    assert survey.ask_until == int(survey.ask_from or 0) + 7 * DAY_MS
    assert (survey.people_max, survey.sample_ppm) == (1_000, 1_000 * 1_000_000 // 470_000)
    assert survey.questions[1].de == "Haben Sie früh genug von uns gehört?"
    assert "netcologne" in str(survey.who)
    _, small = over(customers_affected=customers(10, 900), areas=())
    (followup,) = followups_in(small, "survey")
    assert followup.survey is not None
    assert followup.survey.sample_ppm == 1_000_000


def test_the_analysis_tells_what_happened_what_was_seen_and_what_is_not_known() -> None:
    _, outputs = over(silent_feeds=(SilentFeed(source="telemetry", feed="probe-7"),))
    (followup,) = followups_in(outputs, "cause_analysis")
    analysis = followup.cause_analysis
    assert analysis is not None
    assert analysis.timeline[0] == "2025-02-12 09:00 it began, as estimated"
    assert "2025-02-12 17:00 it ended, as estimated" in analysis.timeline
    times = [line[:16] for line in analysis.timeline]
    assert times == sorted(times)
    assert any("first evidence" in line for line in analysis.evidence)
    assert "Nobody has stated the cause." in analysis.questions
    assert any("probe-7" in line for line in analysis.questions)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        pytest.param({"extent": "not_geographic", "services": ("mobile_data",)}, "signalling_failure", id="register"),
        pytest.param({"services": ("broadband", "fixed_voice", "tv")}, "configuration_error", id="what_they_share"),
        pytest.param(
            {"maintenance": Maintenance(maintenance_id="m", starts_at=Instant(1), until=Instant(2), by="ina")},
            "planned_work",
            id="planned_work",
        ),
    ],
)
def test_a_hypothesis_follows_from_the_shape_and_is_not_sure(facts: dict[str, Any], kind: str) -> None:
    found = {str(cause.kind): cause for cause in hypotheses(replace(CONFIRMED, **facts))}
    assert (found[kind].confidence_ppm or 0) <= 400_000
    assert found[kind].stated_by is None


LATE = Communication(
    official_posts=1, first_official_at=Instant(minute(360)), first_word_after_seconds=21_600, grade="F"
)
NO_112 = EmergencyImpact(affected=True, numbers=("112",))
LEADS = (
    Lead(source="mentions", first_evidence_at=Instant(minute(1))),
    Lead(source="telemetry", first_evidence_at=Instant(minute(9))),
)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        pytest.param({}, "Find the cause", id="the_cause"),
        pytest.param(
            {"emergency": EmergencyImpact(affected=True, numbers=("112",))}, "emergency calls (112)", id="112"
        ),
        pytest.param({"communication": LATE}, "the first word came after 360", id="late_word"),
        pytest.param({"communication": Communication()}, "no word of ours", id="no_word"),
        pytest.param({"leads": LEADS}, "people told us 8 min before", id="noticed_late"),
        pytest.param({"leads": LEADS[:1]}, "no figure of ours moved", id="not_measured"),
        pytest.param({"silent_feeds": (SilentFeed(source="tickets", feed="crm"),)}, "tickets crm", id="blind"),
    ],
)
def test_what_went_wrong_is_to_be_mended_and_told(facts: dict[str, Any], words: str) -> None:
    _, outputs = over(**facts)
    actions = [followup.corrective_action for followup in followups_in(outputs, "corrective_action")]
    told_of = [action for action in actions if action is not None and words in action.action]
    assert len(told_of) == 1, [action.action for action in actions if action]
    if words != "tickets crm":
        assert told_of[0].customer_text is not None
        assert told_of[0].text == told_of[0].customer_text.de


def test_a_good_outage_asks_only_for_its_cause() -> None:
    quick = Communication(official_posts=3, first_word_after_seconds=300, grade="A")
    leads = (Lead(source="telemetry", first_evidence_at=Instant(minute(1))),)
    _, outputs = over(communication=quick, leads=leads, silent_feeds=())
    assert len(followups_in(outputs, "corrective_action")) == 1


def test_the_review_holds_what_was_promised_against_the_end() -> None:
    promised = replace(LATE, promised_end_at=Instant(minute(240)))
    estimates = tuple(
        EtaEstimate(
            made_at=Instant(minute(5)), earliest=Instant(minute(early)), latest=Instant(minute(late)), basis="person"
        )
        for early, late in ((60, 120), (400, 600))
    )
    facts: dict[str, Any] = {
        "communication": promised,
        "estimated_end_history": estimates,
        "estimated_end": None,
        **OVER,
    }
    review = review_of(replace(CONFIRMED, started_at=Instant(minute(0)), **facts))
    assert (review.grade, review.promise_missed_seconds, review.honesty_ppm) == ("F", 4 * 3_600, 500_000)
    assert (review.estimates, review.estimates_held) == (2, 1)
    kept = replace(promised, promised_end_at=Instant(minute(500)))
    review = review_of(replace(CONFIRMED, started_at=Instant(minute(0)), **facts | {"communication": kept}))
    assert (review.promise_missed_seconds, review.honesty_ppm) == (-20 * 60, 1_000_000)
    assert "20 min sooner than promised" in str(review.text)
    silent = review_of(replace(CONFIRMED, communication=Communication(grade="F"), **OVER))
    assert silent.honesty_ppm is None, "who promised nothing was not dishonest"
    assert "said nothing" in str(silent.text)


def test_a_promise_that_was_missed_is_to_be_mended() -> None:
    promised = replace(LATE, promised_end_at=Instant(minute(240)))
    _, outputs = over(communication=promised)
    actions = [followup.corrective_action for followup in followups_in(outputs, "corrective_action")]
    assert any("240 min later than we said" in action.action for action in actions if action)


def test_the_incident_names_its_follow_ups_and_what_is_owed() -> None:
    outage, outputs = over(at_minute=24 * 60)
    incident = told(outage.case, outage.now)
    assert incident.references is not None
    assert set(incident.references.followup_ids) == {followup.followup_id for followup in followups_in(outputs)}
    assert incident.compensation is not None
    assert (incident.compensation.rule, incident.compensation.currency) == ("de_day_credit", "EUR")
    assert ("compensation", "not_due") in reasons_in(outputs), "and nothing by law"
    outage.change(24 * 60 + 30, state=IncidentState.CONFIRMED, ended_at=None)
    assert told(outage.case, outage.now).compensation is None, "superseded"


def test_follow_ups_of_an_exercise_are_marked() -> None:
    _, outputs = over(exercise=True)
    assert all(followup.exercise for followup in followups_in(outputs))


def test_an_outage_that_expired_while_it_lasted_is_followed_up_as_well() -> None:
    outage = Outage(FOLLOWUPS, confirmed_at=Instant(minute(2)))
    outage.change(2)
    outputs = outage.change(9_000, state=IncidentState.CLOSED)
    assert followups_in(outputs, "cause_analysis")

"""The acknowledgement: an incident has just been confirmed, and people must hear that we know.

What is held back is decided upon like what is drafted, with its reason.
"""

from typing import Final

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import (
    Audience,
    DecisionKind,
    DecisionReason,
    IncidentState,
    Language,
    NoticeKind,
    Outlet,
)
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.state import IncidentCase
from pipeline.wording.acknowledgement import body_of, subject_of


def acknowledge(_case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """What follows from one revision of an incident.

    Args:
        _case: Is not looked at: the change alone says what is new.
        heard: The revision before, if any, and the one after; a command asks for nothing here.
        around: To whom, where, who answers for it, in which words.

    Returns:
        Notices in the state `draft`, then the decision about them; None if the change asks for nothing.
    """
    if not isinstance(heard, Change) or not is_news(heard):
        return None
    rules = around.rules
    held = why_held_back(heard)
    if held is not None:
        reason, words = held
        return DutyAnswer((_decision(heard.after, heard.at, DecisionKind.SUPPRESSED, reason, words),))
    notices = tuple(
        _notice(heard, rules, audience, outlet, language)
        for audience, outlet in rules.config.places
        for language in rules.languages_of(heard.after.market)
    )
    reason = DecisionReason(heard.after.state_history[-1].reason)
    words = f"acknowledgement drafted: {len(notices)} texts wait for {rules.config.approver}"
    return DutyAnswer((*notices, _decision(heard.after, heard.at, DecisionKind.SENT, reason, words)))


def is_news(change: Change) -> bool:
    """Has the incident just been confirmed, for the first time or anew?

    One that recovers and relapses was acknowledged already and is not over: that is no news.
    """
    before, after = change.before, change.after
    if after.state != IncidentState.CONFIRMED:
        return False
    return before is None or before.state in (IncidentState.SUSPECTED, IncidentState.RESOLVED)


def why_held_back(change: Change) -> tuple[DecisionReason, str] | None:
    """Why nobody is told, or None; the first reason that holds, the one that a person gave before ours."""
    after = change.after
    last = after.state_history[-1].reason if after.state_history else ""
    again = after.reopened > 0 or last == DecisionReason.SAME_OUTAGE.value
    if after.links is not None and after.links.split_from is not None and change.before is None:
        again = True
    reasons = (
        (after.exercise, DecisionReason.EXERCISE, "part of a drill: nothing goes to the public"),
        (
            after.silence is not None,
            DecisionReason.SILENCED,
            "silenced: " + (after.silence.reason if after.silence else ""),
        ),
        (
            after.maintenance is not None and after.emergency is None,
            DecisionReason.MAINTENANCE,
            "inside a maintenance window that was announced",
        ),
        (after.nature == "content", DecisionReason.NO_TARGET, "of nature content: the content provider speaks, not we"),
        (again, DecisionReason.ALREADY_SENT, "acknowledged before: an update is due, not a first word"),
        (not after.operators, DecisionReason.NO_TARGET, "no operator is known in whose name to speak"),
        (after.summary is None, DecisionReason.NO_TARGET, "there is no summary to make words of"),
    )
    return next(((reason, words) for holds, reason, words in reasons if holds), None)


def _notice(change: Change, rules: RespondRules, audience: Audience, outlet: Outlet, language: Language) -> Notice:
    incident, config = change.after, rules.config
    kind = NoticeKind.ACKNOWLEDGEMENT
    occasion = int(incident.confirmed_at or change.at)
    return Notice(
        notice_id=content_id(incident.incident_id, kind.value, occasion, audience, outlet, language),
        incident_id=incident.incident_id,
        revision=incident.revision,
        market=incident.market,
        operator=incident.operators[0].operator,
        kind=kind,
        audience=audience,
        outlet=outlet,
        language=language,
        subject=subject_of(incident, language),
        body=body_of(incident, audience, outlet, language, rules.wording),
        drafted_at=change.at,
        tone="plain" if audience == "care_agents" else "sorry",
        due_at=Instant(occasion + config.acknowledge_minutes * MINUTE_MS),
        writer=config.writer,
        approver=config.approver,
        exercise=incident.exercise,
    )


def _decision(incident: Incident, at: Instant, kind: DecisionKind, reason: DecisionReason, words: str) -> Decision:
    return Decision(
        decision_id=content_id("respond", kind.value, incident.incident_id, reason.value, int(at), "acknowledgement"),
        stage="respond",
        kind=kind,
        subject=incident.incident_id,
        reason=reason,
        text=words[:200],
        at=at,
        market=incident.market,
        incident_id=incident.incident_id,
        revision=incident.revision,
        exercise=incident.exercise,
    )


ACKNOWLEDGEMENT: Final = Duty(name="acknowledgement", hear=acknowledge)
"""The row of RESPOND's duties."""

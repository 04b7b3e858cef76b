"""RESPOND's heart: a change of an incident in, drafts and decisions out.

One real kind so far: the acknowledgement of an incident that has just been
confirmed. What is held back is decided upon like what is drafted, with its reason.
"""

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
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
from pipeline.respond.config import LANGUAGES, RespondConfig
from pipeline.respond.wording import body_of, subject_of


def apply(change: Change, config: RespondConfig) -> tuple[object, ...]:
    """What follows from one revision of an incident.

    Args:
        change: The revision before, if any, and the one after.
        config: To whom, where, who answers for it.

    Returns:
        Notices in the state `draft`, then the decision about them; nothing if the change asks for nothing.
    """
    if not is_news(change):
        return ()
    held = why_held_back(change)
    if held is not None:
        reason, words = held
        return (_decision(change.after, change.at, DecisionKind.SUPPRESSED, reason, words),)
    notices = tuple(
        _notice(change, config, audience, outlet, language)
        for audience, outlet in config.places
        for language in LANGUAGES
    )
    reason = DecisionReason(change.after.state_history[-1].reason)
    words = f"acknowledgement drafted: {len(notices)} texts wait for {config.approver}"
    return (*notices, _decision(change.after, change.at, DecisionKind.SENT, reason, words))


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


def _notice(change: Change, config: RespondConfig, audience: Audience, outlet: Outlet, language: Language) -> Notice:
    incident = change.after
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
        body=body_of(incident, audience, outlet, language),
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

"""The question: somebody may have said that help cannot be called, and a person must say at once whether it is so.

A claim in doubt opens no alarm. It goes to the people who answer customers, in an internal notice with the masked
text and the two orders that answer it. They are asked again only when the claims of an incident have doubled: a
rumour must not bury them under questions.
"""

from typing import Final

from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState, Language, NoticeKind
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.state import IncidentCase

_OVER: Final = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.DISMISSED})

_NOBODY: Final = "unknown"
"""In whose name a notice speaks if no claim named an operator; nobody outside reads it."""


def ask(_case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """Ask whether help can be called, if a revision brings claims in doubt.

    Args:
        _case: Is not looked at: the change alone says what is new.
        heard: The revision before, if any, and the one after; a command asks for nothing here.
        around: Who answers for the words, and in which words.

    Returns:
        A notice in each language of the market and the decision about them; None if there is nothing to ask.
    """
    if not isinstance(heard, Change) or heard.after.state in _OVER:
        return None
    claims = doubts_of(heard.after)
    if not claims or claims.bit_length() <= (doubts_of(heard.before) if heard.before else 0).bit_length():
        return None
    rules = around.rules
    notices = tuple(_notice(heard, rules, language) for language in rules.languages_of(heard.after.market))
    return DutyAnswer((*notices, _decision(heard, claims)))


def doubts_of(incident: Incident) -> int:
    """How many claims of an incident wait for a person's word; 0 if help surely cannot be called, or nobody says so."""
    impact = incident.emergency
    return impact.claims or 0 if impact is not None and impact.affected is None else 0


def _notice(change: Change, rules: RespondRules, language: Language) -> Notice:
    incident, config, sentences = change.after, rules.config, rules.wording[language]
    assert incident.emergency is not None, "only claims ask"
    kind, occasion = NoticeKind.QUESTION, doubts_of(incident).bit_length()
    said = incident.emergency.verification_text or ""
    return Notice(
        notice_id=content_id(incident.incident_id, kind.value, occasion, "care_agents", "internal", language),
        incident_id=incident.incident_id,
        revision=incident.revision,
        market=incident.market,
        operator=incident.operators[0].operator if incident.operators else _NOBODY,
        kind=kind,
        audience="care_agents",
        outlet="internal",
        language=language,
        subject=clipped(sentences.say("question.subject", incident=incident.incident_id)),
        body=sentences.say("question.body", incident=incident.incident_id, claim=said),
        drafted_at=change.at,
        tone="plain",
        due_at=change.at,
        writer=config.writer,
        approver=config.approver,
        exercise=incident.exercise,
    )


def _decision(change: Change, claims: int) -> Decision:
    incident = change.after
    kind, reason = DecisionKind.SENT, DecisionReason.AWAITING_APPROVAL
    occasion = f"question {claims.bit_length()}"
    return Decision(
        decision_id=content_id("respond", kind.value, incident.incident_id, reason.value, int(change.at), occasion),
        stage="respond",
        kind=kind,
        subject=incident.incident_id,
        reason=reason,
        text=f"can nobody call for help? {claims} claims in doubt: confirm or dismiss {incident.incident_id}",
        at=change.at,
        market=incident.market,
        incident_id=incident.incident_id,
        revision=incident.revision,
        exercise=incident.exercise,
    )


QUESTION: Final = Duty(name="question", hear=ask)
"""The row of RESPOND's duties."""

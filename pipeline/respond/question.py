"""The question: somebody may have said that help cannot be called, and a person must say at once whether it is so.

A claim in doubt opens no alarm. It goes to the people who answer customers, in an internal notice with the masked
text and the two orders that answer it. They are asked again at 2, 4, 8 ... claims: a rumour must not bury
them under questions. Where no incident is open there is no case: CORRELATE keeps the question, and says when to
ask, and when nobody need answer any more: then the drafts are taken back, or they would wait for a person for ever.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pipeline.records.clocks import Instant
from pipeline.records.effects import Effects
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change, QuestionAsked, QuestionEnded
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.doubts import Doubt, counted, doubt_in
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState, Language, NoticeKind
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.notices.life import NoticeMove, moved
from pipeline.respond.remembered.questions import QuestionCase, question_slot_name
from pipeline.respond.state import IncidentCase, RespondState
from pipeline.wording.locales import manner_of
from pipeline.wording.sentences import Sentences

_OVER: Final = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.DISMISSED})

_NOBODY: Final = "unknown"
"""In whose name a notice speaks if no claim named an operator; nobody outside reads it."""

_REVISION_TO_COME: Final = 1
"""Revision that a question without an incident names: the first of the incident that `confirm` would open."""


class _Matter(NamedTuple):
    """What is asked about.

    Attributes:
        name: Id of the incident, or of the question that may become one.
        revision: The incident's revision; None if there is no incident.
        said: The likeliest claim, for people.
    """

    name: str
    at: Instant
    market: str
    operator: str
    claims: int
    said: Doubt
    revision: int | None = None
    exercise: bool = False


def ask(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """Ask whether help can be called, if a revision brings claims in doubt.

    Args:
        case: The incident; the drafts that wait are remembered in it. The change alone says what is new.
        heard: The revision before, if any, and the one after; a command asks for nothing here.
        around: Who answers for the words, and in which words.

    Returns:
        A notice in each language of the market and the decision about them; None if there is nothing to ask.
    """
    if not isinstance(heard, Change):
        return None
    incident, claims = heard.after, doubts_of(heard.after)
    if heard.after.state in _OVER or not claims:
        return _end(case, heard)
    if claims.bit_length() <= (doubts_of(heard.before) if heard.before else 0).bit_length():
        return None
    assert incident.emergency is not None, "only claims ask"
    matter = _Matter(
        name=incident.incident_id,
        at=heard.at,
        market=incident.market,
        operator=incident.operators[0].operator if incident.operators else _NOBODY,
        claims=claims,
        said=doubt_in(incident.emergency.verification_text or ""),
        revision=incident.revision,
        exercise=incident.exercise,
    )
    notices = _notices(matter, around.rules)
    before, case.asked = case.asked, [*notices]
    return DutyAnswer((*_asked_again(before, notices), *notices, _decision(matter)))


def _end(case: IncidentCase, heard: Change) -> DutyAnswer | None:
    """Nobody need answer any more: it is known by now, or the incident is over."""
    after = heard.after
    if not case.asked:
        return None
    why = "help surely cannot be called" if after.emergency is not None and after.emergency.affected else ""
    why = why or (f"the incident is {after.state}" if after.state in _OVER else "a person has answered it")
    ended = [moved(draft, NoticeMove.WITHDRAW, int(heard.at), None, why) for draft in case.asked]
    case.asked = []
    return DutyAnswer(tuple(ended))


def _asked_again(drafts: Iterable[Notice], fresh: Iterable[Notice]) -> Iterator[Notice]:
    """What becomes of an earlier asking when people are asked anew: each text is superseded.

    Args:
        drafts: Texts of the earlier asking.
        fresh: Texts of the new one.
    """
    ids = {notice.notice_id for notice in fresh}
    at = max((int(notice.drafted_at) for notice in fresh), default=0)
    for draft in drafts:
        if draft.notice_id not in ids:
            yield moved(draft, NoticeMove.SUPERSEDE, at, None, "more people say so: they are asked about anew")


def ask_without_incident(state: RespondState, asked: QuestionAsked, rules: RespondRules) -> Effects:
    """Ask whether help can be called, where no incident is open.

    Args:
        state: Remembers the drafts that wait.
        asked: The question, and its likeliest claim.
        rules: Who answers for the words, and in which words.

    Returns:
        A notice in each language of the market and the decision about them.
    """
    name = question_slot_name(asked.market, asked.question_id)
    known = state.slots.get(name)
    case = (
        known if isinstance(known, QuestionCase) else QuestionCase(market=asked.market, question_id=asked.question_id)
    )
    said = Doubt(asked.permille // 10, asked.example)
    operator = asked.operator or _NOBODY
    matter = _Matter(asked.question_id, asked.at, asked.market, operator, asked.claims, said)
    notices = _notices(matter, rules)
    before, case.drafts = case.drafts, [*notices]
    state.slots[name] = case
    return Effects((*_asked_again(before, notices), *notices, _decision(matter)), frozenset({name}))


def end_question(state: RespondState, ended: QuestionEnded) -> Effects:
    """Take back what nobody need answer any more, and forget it.

    Args:
        state: Changes in place.
        ended: The question, and why.
    """
    name = question_slot_name(ended.market, ended.question_id)
    case = state.slots.pop(name, None)
    if not isinstance(case, QuestionCase):
        return Effects()
    move = NoticeMove.EXPIRE if ended.expired else NoticeMove.WITHDRAW
    texts = (moved(draft, move, int(ended.at), ended.by or None, ended.why) for draft in case.drafts)
    return Effects(tuple(texts), frozenset({name}))


def doubts_of(incident: Incident) -> int:
    """How many claims of an incident wait for a person's word; 0 if help surely cannot be called, or nobody says so."""
    impact = incident.emergency
    return impact.claims or 0 if impact is not None and impact.affected is None else 0


def _notices(matter: _Matter, rules: RespondRules) -> tuple[Notice, ...]:
    return tuple(_notice(matter, rules, language) for language in rules.languages_of(matter.market))


def _notice(matter: _Matter, rules: RespondRules, language: Language) -> Notice:
    config, sentences = rules.config, rules.wording[language]
    kind, occasion = NoticeKind.QUESTION, matter.claims.bit_length()
    return Notice(
        notice_id=content_id(matter.name, kind.value, occasion, "care_agents", "internal", language),
        incident_id=matter.name,
        revision=matter.revision or _REVISION_TO_COME,
        market=matter.market,
        operator=matter.operator,
        kind=kind,
        audience="care_agents",
        outlet="internal",
        language=language,
        subject=clipped(sentences.say("question.subject", incident=matter.name)),
        body=_body(matter, language, sentences),
        drafted_at=matter.at,
        tone="plain",
        due_at=matter.at,
        writer=config.writer,
        approver=config.approver,
        exercise=matter.exercise,
    )


def _body(matter: _Matter, language: Language, sentences: Sentences) -> str:
    form = f"plural.claims_{manner_of(language, matter.market, 'UTC').form(matter.claims)}"
    return sentences.say(
        "question.body",
        incident=matter.name,
        claims=sentences.say(form if sentences.has(form) else "plural.claims_other", number=matter.claims),
        percent=matter.said.percent,
        claim=matter.said.example,
    )


def _decision(matter: _Matter) -> Decision:
    kind, reason = DecisionKind.SENT, DecisionReason.AWAITING_APPROVAL
    occasion = f"question {matter.claims.bit_length()}"
    return Decision(
        decision_id=content_id("respond", kind.value, matter.name, reason.value, int(matter.at), occasion),
        stage="respond",
        kind=kind,
        subject=matter.name,
        reason=reason,
        text=f"can nobody call for help? {counted(matter.claims)} in doubt: confirm or dismiss {matter.name}",
        at=matter.at,
        market=matter.market,
        incident_id=matter.name if matter.revision is not None else None,
        revision=matter.revision,
        exercise=matter.exercise,
    )


QUESTION: Final = Duty(name="question", hear=ask)
"""The row of RESPOND's duties."""

"""Open questions: a claim that help cannot be called which proves nothing alone waits for a person's word.

It opens no incident. It has the id that its incident would have: `confirm` opens that incident, and `dismiss` ends
the question, so that the same people and texts are not asked about again for a while. Further claims about the same
network or place join it, and a person is asked again at 2, 4, 8 ... of them. A question that nobody answers
ends by itself, and one that the emergency rule overtakes ends with its alarm.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import structs

from pipeline.correlate.border.outline import Outline
from pipeline.correlate.config import QUESTIONS_MAX, VOICES_MAX
from pipeline.correlate.evidence.claims import DOUBTS_MAX, absorb_claims
from pipeline.correlate.evidence.footprint import Footprint
from pipeline.correlate.evidence.voices import are_alike, is_told_before, names_of
from pipeline.correlate.hear.opening import borders_of, opened
from pipeline.correlate.life.course import make_move, settle_by_person
from pipeline.correlate.life.table import Move
from pipeline.correlate.state import DeniedClaims, OpenIncident, OpenQuestion
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import HOUR_MS, Instant
from pipeline.records.inner.changes import QuestionAsked, QuestionEnded
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.raw.commands import Command
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState

_WAITS: Final = (DecisionKind.CHANGED, DecisionReason.AWAITING_APPROVAL)


def footprint_of(claim: EmergencyClaim) -> Footprint:
    """What decides to which outage a claim belongs."""
    return Footprint(operator=claim.operator, area=claim.area)


def percent(claim: EmergencyClaim) -> str:
    """How likely it is such a claim, for people."""
    return f"{claim.permille // 10} %"


def leave_out(claim: EmergencyClaim, pane: PaneAtWork) -> None:
    """Write down that a claim changes nothing, since it says what was said."""
    words = f"a claim ({percent(claim)}) of what is an alarm already, or of somebody about whom a person was asked"
    about, extra = claim.operator or claim.area, str(claim.id_hash)
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=about, extra=extra)


def is_denied(claim: EmergencyClaim, pane: PaneAtWork) -> bool:
    """Has a person lately said no to the same writer or text? A decision says so."""
    standing = (known for known in pane.market.denied if known.until > pane.at)
    denied = next((known for known in standing if is_told_before(claim, known.voices)), None)
    if denied is None:
        return False
    words = f"a claim ({percent(claim)}) of a writer or text that a person dismissed as {denied.question_id}"
    about, extra = claim.operator or claim.area, str(claim.id_hash)
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.COMMAND, words, about=about, extra=extra)
    return True


def question(claim: EmergencyClaim, pane: PaneAtWork) -> None:
    """Let a claim that no incident fits join the question about the same, or open one.

    Args:
        claim: Proves nothing alone.
        pane: The pane at work.
    """
    known = _fitting([claim], pane)
    if not known:
        _open(claim, pane)
    elif is_told_before(claim, known[0].voices):
        leave_out(claim, pane)
    else:
        joined = structs.replace(
            known[0],
            claims=[*known[0].claims, claim][-DOUBTS_MAX:],
            voices=[*known[0].voices, *names_of(claim)][-VOICES_MAX:],
            people=known[0].people + 1,
        )
        pane.market.questions = [joined if other is known[0] else other for other in pane.market.questions]
        _say(joined, claim, pane)


def _fitting(claims: Sequence[EmergencyClaim], pane: PaneAtWork) -> list[OpenQuestion]:
    """Open questions about the same network or place, the oldest first."""
    return [
        known
        for known in pane.market.questions
        if any(are_alike(claim, other, pane.config, pane.reference) for claim in claims for other in known.claims)
    ]


def _open(claim: EmergencyClaim, pane: PaneAtWork) -> None:
    outline = borders_of(pane).open(footprint_of(claim), what=f"emergency|{claim.area}")
    fresh = OpenQuestion(
        question_id=outline.incident_id,
        anchor=outline.anchor,
        opened_at=pane.at,
        people=1,
        claims=[claim],
        voices=list(names_of(claim)),
    )
    pane.market.questions = [*pane.market.questions, fresh]
    _say(fresh, claim, pane)
    for oldest in pane.market.questions[:-QUESTIONS_MAX]:
        _end(oldest, DecisionReason.LIMIT_REACHED, f"{QUESTIONS_MAX} younger questions wait", pane)


def _say(known: OpenQuestion, claim: EmergencyClaim, pane: PaneAtWork) -> None:
    words = f"can nobody call for help ({percent(claim)})? confirm or dismiss {known.question_id}: {claim.example}"
    pane.decide(*_WAITS, words, about=known.question_id, extra=str(claim.id_hash))


def _end(known: OpenQuestion, reason: DecisionReason, why: str, pane: PaneAtWork) -> None:
    pane.market.questions = [other for other in pane.market.questions if other is not known]
    words = f"the question of {known.people} claims ends: {why}"
    pane.decide(DecisionKind.WITHDRAWN, reason, words, about=known.question_id)
    pane.outputs.append(_ended(known, why, pane, expired=reason == DecisionReason.EXPIRED))


def end_the_old(pane: PaneAtWork) -> None:
    """End the questions that nobody has answered in time; the first pane that is worked after it does."""
    hours = pane.config.emergency.question_hours
    for known in list(pane.market.questions):
        if pane.at >= known.opened_at + hours * HOUR_MS:
            _end(known, DecisionReason.EXPIRED, f"nobody has answered it in {hours} h", pane)


def end_overtaken(claims: Sequence[EmergencyClaim], pane: PaneAtWork) -> None:
    """End the questions that an alarm answers.

    Args:
        claims: Those of the alarm.
        pane: The pane at work.
    """
    for known in _fitting(claims, pane):
        _end(known, DecisionReason.OVERTAKEN, "the emergency rule has sounded the alarm", pane)


def ask_people(pane: PaneAtWork) -> None:
    """Hand RESPOND the questions that have come to 1, 2, 4, 8 ... people since they were asked, each once in a pane."""
    kept = []
    for known in pane.market.questions:
        if known.people.bit_length() > known.asked.bit_length():
            pane.outputs.append(_asked(known, pane))
            known = structs.replace(known, asked=known.people)
        kept.append(known)
    pane.market.questions = kept


def _asked(known: OpenQuestion, pane: PaneAtWork) -> QuestionAsked:
    likeliest = max(known.claims, key=lambda claim: (claim.permille, int(claim.at), claim.id_hash))
    return QuestionAsked(
        at=Instant(pane.at),
        market=pane.market.market,
        question_id=known.question_id,
        operator=known.anchor,
        claims=known.people,
        permille=likeliest.permille,
        example=likeliest.example,
    )


def _ended(known: OpenQuestion, why: str, pane: PaneAtWork, *, by: str = "", expired: bool = False) -> QuestionEnded:
    return QuestionEnded(
        at=Instant(pane.at),
        market=pane.market.market,
        question_id=known.question_id,
        expired=expired,
        by=clipped(by, 64),
        why=clipped(why),
    )


def deny(question_id: str, claims: Iterable[EmergencyClaim], pane: PaneAtWork, voices: Sequence[str] = ()) -> None:
    """Remember whose claims a person dismissed.

    Args:
        question_id: The question, or the incident, that was dismissed.
        claims: Its claims.
        pane: The pane at work.
        voices: Who was heard besides them.
    """
    named = list(dict.fromkeys([*voices, *(name for claim in claims for name in names_of(claim))]))
    if named:
        until = pane.at + pane.config.lifecycle.dismissed_hours * HOUR_MS
        denied = DeniedClaims(question_id=question_id, voices=named[-VOICES_MAX:], until=until)
        pane.market.denied = [*pane.market.denied, denied][-QUESTIONS_MAX:]


def answer(command: Command, pane: PaneAtWork) -> bool:
    """Obey an order about an open question; False if it is about none. Each order gets its decision."""
    known = next((known for known in pane.market.questions if known.question_id == command.target), None)
    if known is None or pane.incident(command.target) is not None:
        return False
    if command.exercise:
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.EXERCISE)
        words = f"{command.kind}: an order of an exercise, the question is real"
    elif command.kind == "confirm":
        verdict = (DecisionKind.CHANGED, DecisionReason.COMMAND)
        words = f"confirm: {known.people} claims that help cannot be called are believed"
    elif command.kind == "dismiss":
        verdict = (DecisionKind.DISMISSED, DecisionReason.COMMAND)
        words = f"dismiss: {known.people} claims are not believed: {command.reason}"
    else:
        verdict = (DecisionKind.REFUSED, DecisionReason.NOT_ALLOWED)
        words = f"{command.kind}: {known.question_id} is a question and no incident: answer it by confirm or dismiss"
    pane.decide(*verdict, words, about=known.question_id, by=command.by, extra=command.command_id)
    if verdict[1] == DecisionReason.COMMAND:
        pane.market.questions = [other for other in pane.market.questions if other is not known]
        pane.outputs.append(_ended(known, words, pane, by=command.by))
        if command.kind == "confirm":
            _believe(known, command, pane)
        else:
            deny(known.question_id, known.claims, pane, known.voices)
    return True


def _believe(known: OpenQuestion, command: Command, pane: PaneAtWork) -> None:
    """Take a question's claims for true, in the incident that they fit by now, or in one of the question's id."""
    borders = borders_of(pane)
    fits = (borders.best(footprint_of(claim)) for claim in known.claims)
    best = next((outline for outline in fits if outline is not None), None)
    incident = pane.incident(best.incident_id) if best is not None else None
    if incident is None:
        outline = Outline(
            incident_id=known.question_id,
            anchor=known.anchor,
            opened_at=pane.at,
            state=IncidentState.SUSPECTED,
            areas={claim.area for claim in known.claims},
        )
        incident = opened(outline, pane, DecisionReason.COMMAND)

    def rule(draft: OpenIncident) -> None:
        absorb_claims(draft.dossier, known.claims, pane.at, pane.config, believed=True)
        make_move(draft, Move.EMERGENCY, pane, DecisionReason.COMMAND, by=command.by)
        settle_by_person(draft)

    pane.guard(incident, rule)

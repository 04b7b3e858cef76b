"""Telling: an occasion that happens is drafted, or it is written down once why it is held back."""

from collections.abc import Iterator
from typing import Final

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import decided
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.drafting import NO_CLAIM, Claim, draft, fresh, remember
from pipeline.respond.notices.holding import why_held
from pipeline.respond.notices.occasions import Occasion
from pipeline.respond.notices.situation import Situation
from pipeline.respond.state import IncidentCase


def tell(
    case: IncidentCase, occasion: Occasion, at: int, rules: RespondRules, claim: Claim = NO_CLAIM
) -> Iterator[object]:
    """Draft an occasion, or write down once why not.

    Args:
        case: Its notices change in place.
        occasion: Row of the table, which happens.
        at: Now, ms.
        rules: To whom, where, in which words.
        claim: What is corrected; none for all other occasions.

    Yields:
        Notices, then the decision about them.
    """
    book, incident = case.notices, case.incident
    now = Situation(incident, book.told, at, rules.config, rules.clock_of(incident.market))
    key, extra = (f"{occasion.name}|{claim.rumour_id}", claim.rumour_id) if claim.rumour_id else (occasion.name,) * 2
    if (hold := why_held(now, occasion)) is not None:
        why = f"{hold.reason.value}|{hold.until(now)}"
        if book.held.get(key) != why:
            book.held[key] = why
            verdict = (DecisionKind.SUPPRESSED, hold.reason)
            yield decided(incident, Instant(at), verdict, f"{occasion.name}: {hold.words(now)}", extra=extra)
        return
    texts = draft(now, occasion, book, rules, claim)
    new = list(fresh(texts))
    book.held.pop(key, None)
    remember(now, occasion, new, claim)
    yield from texts
    if not new:
        words = f"{occasion.name}: it concerns no audience that respond.places names"
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.NO_TARGET)
        yield decided(incident, Instant(at), verdict, words, extra=extra)
        return
    words = f"{occasion.name}: {len(new)} texts wait for {rules.config.approver}"
    sent = sum(text.state == "sent" for text in new)
    words += f"; {sent} of them count as sent by respond.sent_by_rule" if sent else ""
    yield decided(incident, Instant(at), (DecisionKind.SENT, _reason_of(case, occasion)), words, extra=extra)


_REASONS: Final = {
    "reopened": DecisionReason.RELAPSE,
    "relapse": DecisionReason.RELAPSE,
    "emergency": DecisionReason.EMERGENCY_RULE,
    "planned_work": DecisionReason.MAINTENANCE,
    "overrun": DecisionReason.MAINTENANCE,
    "all_clear": DecisionReason.RECOVERY,
    "recovering": DecisionReason.RECOVERY,
    "apology": DecisionReason.RECOVERY,
    "wider": DecisionReason.EVIDENCE_CHANGED,
    "estimate": DecisionReason.ESTIMATE_CHANGED,
    "cadence": DecisionReason.CADENCE,
    "correction": DecisionReason.FEEDBACK,
}


def _reason_of(case: IncidentCase, occasion: Occasion) -> DecisionReason:
    """The reason of a decision to draft: that of the occasion; of a first word that of the confirmation."""
    history = case.incident.state_history
    if occasion.name in _REASONS or not history:
        return _REASONS.get(occasion.name, DecisionReason.CORROBORATED)
    return DecisionReason(history[-1].reason)

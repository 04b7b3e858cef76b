"""The duty of notices: at each change of an incident, and when a time comes, what is to be told is drafted.

All times are found anew from the case, so nothing is lost with a restart: the next word of each audience,
the end of a hold, the least distance to the last word, the end of drafts that nobody approves.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.notices import Notice
from pipeline.records.raw.commands import ON_DRAFTS
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState
from pipeline.respond.answers import decided
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.notices.drafting import draft, fresh, remember
from pipeline.respond.notices.holding import Hold, why_held
from pipeline.respond.notices.life import NoticeMove, moved
from pipeline.respond.notices.occasions import OCCASIONS, Occasion
from pipeline.respond.notices.orders import obey
from pipeline.respond.notices.situation import Situation
from pipeline.respond.state import IncidentCase


def hear(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """What follows from a change of the case, or from an order about its drafts.

    Args:
        case: Its notices change in place.
        heard: The change or the order.
        around: With the rules: to whom, where, in which words, and who may do what.

    Returns:
        Notices and the decisions about them; None for an order about something else.
    """
    if isinstance(heard, Change):
        return fall_due(case, heard.at, around)
    rules = around.rules
    if heard.command.kind not in ON_DRAFTS:
        return None
    outputs = obey(case, heard, rules)
    return DutyAnswer(outputs, next_due(situation_of(case, int(heard.at), rules), case)) if outputs else None


def situation_of(case: IncidentCase, at: int, rules: RespondRules) -> Situation:
    """The case at a moment.

    Args:
        case: A case.
        at: The moment, ms.
        rules: For its settings.
    """
    return Situation(case.incident, case.notices.told, at, rules.config)


def fall_due(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer:
    """Draft what is to be told now, after what no longer holds was taken back.

    Args:
        case: Its notices change in place.
        at: Now, ms.
        around: With the rules: to whom, where, in which words.
    """
    rules = around.rules
    outputs: list[object] = [*_taken_back(case, int(at))]
    asked: set[str] = set()
    while (occasion := _next_occasion(situation_of(case, int(at), rules), asked)) is not None:
        asked.add(occasion.name)
        outputs += _tell(case, occasion, int(at), rules)
    return DutyAnswer(tuple(outputs), next_due(situation_of(case, int(at), rules), case))


def _next_occasion(now: Situation, asked: set[str]) -> Occasion | None:
    """The first row that happens, was not asked yet at this moment, and need not wait."""
    happening = (occasion for occasion in OCCASIONS if occasion.name not in asked and occasion.happens(now))
    return next((occasion for occasion in happening if now.at >= _waits_until(now, occasion)), None)


def _waits_until(now: Situation, occasion: Occasion) -> int:
    """Until when an occasion keeps its distance to the last word, ms."""
    return now.told.last_at + now.config.update_minutes * MINUTE_MS if occasion.waits else 0


def _tell(case: IncidentCase, occasion: Occasion, at: int, rules: RespondRules) -> Iterator[object]:
    book, incident, now = case.notices, case.incident, situation_of(case, at, rules)
    if (hold := why_held(now, occasion)) is not None:
        yield from _held(case, occasion, hold, now)
        return
    texts = draft(now, occasion, book, rules)
    new = list(fresh(texts))
    book.held.pop(occasion.name, None)
    remember(now, occasion, new)
    yield from texts
    if not new:
        words = f"{occasion.name}: it concerns no audience that respond.places names"
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.NO_TARGET)
        yield decided(incident, Instant(at), verdict, words, extra=occasion.name)
        return
    reason = _reason_of(case, occasion)
    words = f"{occasion.name}: {len(new)} texts wait for {rules.config.approver}"
    sent = sum(text.state == "sent" for text in new)
    words += f"; {sent} of them count as sent by respond.sent_by_rule" if sent else ""
    yield decided(incident, Instant(at), (DecisionKind.SENT, reason), words, extra=occasion.name)


def _held(case: IncidentCase, occasion: Occasion, hold: Hold, now: Situation) -> Iterator[object]:
    """Write down once why an occasion is held back; what was told elsewhere counts as told."""
    why = f"{hold.reason.value}|{hold.until(now)}"
    if case.notices.held.get(occasion.name) != why:
        case.notices.held[occasion.name] = why
        words = f"{occasion.name}: {hold.words(now)}"
        verdict = (DecisionKind.SUPPRESSED, hold.reason)
        yield decided(case.incident, Instant(now.at), verdict, words, extra=occasion.name)
    if hold.reason == DecisionReason.ALREADY_SENT:
        remember(now, occasion, ())


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


def _taken_back(case: IncidentCase, at: int) -> Iterator[Notice]:
    """Withdraw the drafts of what is no outage any more, and let those expire that nobody approved in time."""
    book, incident = case.notices, case.incident
    merged = incident.links is not None and incident.links.merged_into is not None
    gone = incident.state == IncidentState.DISMISSED or (case.is_over and (merged or incident.resolved_at is None))
    for notice in [*book.live.values()]:
        if notice.state != "draft":
            continue
        if gone:
            ended = moved(notice, NoticeMove.WITHDRAW, at, None, f"the incident is {incident.state.value}")
        elif notice.expires_at is not None and int(notice.expires_at) <= at:
            ended = moved(notice, NoticeMove.EXPIRE, at, None, "nobody approved it in time")
        else:
            continue
        book.put(ended, lives=False)
        yield ended


def next_due(now: Situation, case: IncidentCase) -> int | None:
    """When the duty is to be asked again, ms: the first time at which something may be told or taken back.

    Args:
        now: The case at this moment.
        case: For its drafts.
    """
    dues = [*_dues(now), *_expiries(case)]
    return min((due for due in dues if due > now.at), default=None)


def _expiries(case: IncidentCase) -> Iterator[int]:
    for notice in case.notices.live.values():
        if notice.state == "draft" and notice.expires_at is not None:
            yield int(notice.expires_at)


def _dues(now: Situation) -> Iterator[int]:
    if now.incident.state in (IncidentState.RESOLVED, IncidentState.CLOSED):
        yield now.cleared_from
    if not now.is_on:
        return
    if now.was_told:
        yield from (now.next_word_at(audience) for audience in now.told.spoken)
        yield now.told.last_at + now.config.update_minutes * MINUTE_MS
        yield now.end_told_from
        yield from now.told.end[1:]
        yield now.told.planned_until
    if now.incident.silence is not None:
        yield int(now.incident.silence.until)
    if now.incident.maintenance is not None:
        yield int(now.incident.maintenance.until)


NOTICES: Final = Duty(name="notices", hear=hear, fall_due=fall_due)
"""The row of RESPOND's duties."""

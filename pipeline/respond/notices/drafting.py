"""Drafting: from an occasion to texts, one for each audience, outlet and language that it concerns.

What a draft replaces is superseded in the same step, so that nobody can approve what a newer
fact made wrong. What was approved before stays as it was; it has gone out, so it can no longer be called back.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from pipeline.records.clocks import HOUR_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import PPM, Audience, Language, Outlet
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.life import NoticeMove, moved
from pipeline.respond.notices.occasions import PEOPLE, RINGING, Occasion
from pipeline.respond.notices.situation import Situation
from pipeline.respond.remembered.notices import NoticeBook
from pipeline.wording.notices.facts import NoticeFacts
from pipeline.wording.notices.text import NoticeText, text_of
from pipeline.wording.notices.warning import WarningCourse, warning_of

CAUSE_FROM_PPM: Final = PPM * 8 // 10
"""A cause that a rule inferred is told from this confidence on; one that somebody stated always is."""

WARNINGS_MAX: Final = 8
"""References that a public warning carries, the latest ones: each takes a hundred characters."""

_CONTENT: Final = frozenset({"content_provider", "care_agents"})
_TECHNICAL: Final = frozenset({"content_provider"})


class Addressee(NamedTuple):
    """To whom, where, in which language."""

    audience: Audience
    outlet: Outlet
    language: Language


class Claim(NamedTuple):
    """A claim that is corrected.

    Attributes:
        rumour_id: Names it within the incident.
        kind: What is claimed: `attack`.
        blamed: Id of the operator that is blamed without fault; '' of any other claim.
    """

    rumour_id: str
    kind: str
    blamed: str = ""


NO_CLAIM: Final = Claim("", "")
"""What all occasions but a correction are about."""


def draft(
    now: Situation, occasion: Occasion, book: NoticeBook, rules: RespondRules, claim: Claim = NO_CLAIM
) -> tuple[Notice, ...]:
    """Draft the texts of an occasion; the book changes in place.

    Args:
        now: The case at this moment.
        occasion: Row of the table.
        book: The notices of the case.
        rules: To whom, where, in which words.
        claim: What is corrected; none for all other occasions.

    Returns:
        What is superseded, then the new texts; none if the occasion concerns nobody.
    """
    facts = _facts(now, occasion, rules, claim)
    outputs: list[Notice] = []
    for place in places_for(now, occasion, book, rules):
        replaced = _replace(book, place, occasion, now.at)
        outputs += replaced
        notice = _notice(now, occasion, place, rules, claim.rumour_id)
        text = _text(dataclasses.replace(facts, next_word_at=_moment(notice.next_word_at)), place, book, rules)
        notice = msgspec.structs.replace(
            notice,
            subject=text.subject,
            body=text.body,
            supersedes=replaced[-1].notice_id if replaced else None,
            rumour_id=claim.rumour_id or None,
        )
        notice = sent_by_rule(notice, rules)
        book.put(notice, lives=notice.state == "draft")
        outputs.append(notice)
    return tuple(outputs)


def places_for(now: Situation, occasion: Occasion, book: NoticeBook, rules: RespondRules) -> list[Addressee]:
    """Where an occasion is told: audiences that it concerns, outlets that it may disturb, languages that they speak.

    Args:
        now: The case at this moment.
        occasion: Row of the table.
        book: A draft that waits is replaced even where the occasion would not ring.
        rules: Which places there are.
    """
    waiting = {
        Addressee(notice.audience, notice.outlet, notice.language)
        for notice in book.live.values()
        if notice.state == "draft"
    }
    spoken = rules.languages_of(now.incident.market)
    return [
        place
        for audience, outlet in rules.config.places
        if _concerns(now, occasion, audience) and (not occasion.outlets or outlet in occasion.outlets)
        for place in (Addressee(audience, outlet, language) for language in _languages(audience, spoken))
        if occasion.rings or outlet not in RINGING or place in waiting
        if outlet != "cap" or _warns(now, occasion, book)
    ]


def _warns(now: Situation, occasion: Occasion, book: NoticeBook) -> bool:
    """Is a public warning drafted: emergency calls fail, or a warning is taken back?"""
    return occasion.warns and bool(now.failing_numbers or (occasion.name == "all_clear" and book.warnings))


def _languages(audience: Audience, spoken: Sequence[Language]) -> Sequence[Language]:
    """Customers are told in all their languages, who works with us in the first."""
    return spoken if audience in PEOPLE else spoken[:1]


def _concerns(now: Situation, occasion: Occasion, audience: str) -> bool:
    if audience not in occasion.audiences:
        return False
    if occasion.name == "cadence" and now.next_word_at(audience) > now.at:
        return False
    if audience in ("authorities", "regulator"):
        return bool(now.failing_numbers or now.told.numbers)
    return audience in _CONTENT if now.incident.nature == "content" else audience not in _TECHNICAL


def _facts(now: Situation, occasion: Occasion, rules: RespondRules, claim: Claim) -> NoticeFacts:
    incident = now.incident
    names = {row.area: row.name or row.area.rpartition("/")[2] for row in incident.areas}
    known = bool(now.told.first_at)
    over = occasion.name in ("all_clear", "apology")
    return NoticeFacts(
        incident=incident,
        occasion=occasion.name,
        says=occasion.says,
        at=now.at,
        operator=rules.operator_name(incident.operators[0].operator),
        numbers=() if over else now.failing_numbers,
        numbers_back=now.told.numbers if occasion.name == "all_clear" else (),
        services=now.new_services if known else (),
        places=[names[area] for area in now.new_areas] if known else (),
        back=[names[row.area] for row in incident.areas if row.back_at is not None] if now.is_down else (),
        is_graver=now.is_graver,
        end=now.end,
        end_moved=now.end_moved,
        planned_until=now.planned_until,
        cause=_cause(now),
        claim=claim.kind,
        claim_about=rules.operator_name(claim.blamed) if claim.blamed else "",
    )


def _cause(now: Situation) -> str:
    """Kind of the likeliest cause, if somebody stated it or it is all but sure."""
    for cause in (now.incident.causes or ())[:1]:
        if cause.kind != "unknown" and (cause.stated_by or (cause.confidence_ppm or 0) >= CAUSE_FROM_PPM):
            return str(cause.kind)
    return ""


def _text(facts: NoticeFacts, place: Addressee, book: NoticeBook, rules: RespondRules) -> NoticeText:
    """What a notice says; a public warning is a document, which remembers those before it."""
    if place.outlet != "cap":
        return text_of(facts, (place.audience, place.outlet), place.language, rules.wording)
    course = WarningCourse(
        sender=rules.config.warning_sender, references=book.warnings, is_over=facts.occasion == "all_clear"
    )
    languages = rules.languages_of(facts.incident.market)
    body, reference = warning_of(facts, course, languages, rules.wording, rules.ground)
    book.warnings = [] if course.is_over else [*book.warnings, reference][-WARNINGS_MAX:]
    return NoticeText(text_of(facts, (place.audience, "web"), place.language, rules.wording).subject, body)


def _moment(at: Instant | None) -> int | None:
    return None if at is None else int(at)


def _notice(now: Situation, occasion: Occasion, place: Addressee, rules: RespondRules, rumour_id: str) -> Notice:
    """A draft without its words; two claims that are corrected at one moment are two notices."""
    incident, config = now.incident, rules.config
    next_word_at = now.at + now.cadence_ms(place.audience) if now.is_on and "next_word" in occasion.says else None
    told_end = now.end
    end = told_end[1] if told_end is not None and "end" in occasion.says else None
    expires_at = min(now.at + config.draft_hours * HOUR_MS, end or now.at + config.draft_hours * HOUR_MS)
    when = "|".join(part for part in (occasion.name, str(now.at), rumour_id) if part)
    return Notice(
        notice_id=content_id(incident.incident_id, occasion.kind.value, when, *place),
        incident_id=incident.incident_id,
        revision=incident.revision,
        market=incident.market,
        operator=incident.operators[0].operator,
        kind=occasion.kind,
        audience=place.audience,
        outlet=place.outlet,
        language=place.language,
        subject="",
        body="",
        drafted_at=Instant(now.at),
        tone=occasion.tone if place.audience in PEOPLE else "plain",  # type: ignore[arg-type]  # a word of the table
        due_at=Instant(_due_at(now, occasion, place.audience)),
        estimated_end_at=None if end is None else Instant(end),
        writer=config.writer,
        approver=config.approver,
        exercise=incident.exercise,
        occasion=occasion.name,
        next_word_at=None if next_word_at is None else Instant(next_word_at),
        expires_at=Instant(expires_at),
    )


def _due_at(now: Situation, occasion: Occasion, audience: Audience) -> int:
    """Until when a text must be out, ms: a first word after the confirmation, all others after this moment."""
    if occasion.name == "all_clear":
        return now.at + now.clock.closing_ms
    began = int(now.incident.confirmed_at or now.at) if occasion.name == "confirmed" else now.at
    return max(now.at, began + now.clock.first_word_ms(audience, now.incident.severity))


def _replace(book: NoticeBook, place: Addressee, occasion: Occasion, at: int) -> list[Notice]:
    """Supersede the drafts that a new text at this place makes wrong, and let go of what was approved there."""
    outputs = []
    for notice in [*book.live.values()]:
        if notice.kind not in occasion.replaces or (notice.audience, notice.outlet, notice.language) != place:
            continue
        if notice.state == "draft":
            outputs.append(moved(notice, NoticeMove.SUPERSEDE, at, None, f"overtaken: {occasion.name}"))
        book.put(outputs[-1] if notice.state == "draft" else notice, lives=False)
    return outputs


def sent_by_rule(notice: Notice, rules: RespondRules) -> Notice:
    """A draft; as sent where a setting with an owner says so, and it is no exercise.

    Args:
        notice: A draft.
        rules: With the setting.
    """
    for kind, outlet, owner in rules.config.sent_by_rule:
        if outlet == notice.outlet and kind in ("*", notice.kind.value) and not notice.exercise:
            return msgspec.structs.replace(notice, state="sent", changed_by=owner, changed_why="respond.sent_by_rule")
    return notice


def remember(now: Situation, occasion: Occasion, texts: Sequence[Notice], claim: Claim = NO_CLAIM) -> None:
    """Note what people know by an occasion; what they were told changes in place.

    Args:
        now: The case at this moment, with what was told before.
        occasion: Row of the table.
        texts: The new texts of the occasion, without those that they replace.
        claim: What was corrected; none for all other occasions.
    """
    told, incident = now.told, now.incident
    told.texts += len(texts)
    if claim.rumour_id:
        told.rumours.append(claim.rumour_id)
    if occasion.name == "apology":
        told.apologised = True
    if occasion.kind.value in ("apology", "correction"):
        return
    if "end" in occasion.says:
        told.end = list(now.end or ())
    told.first_at = told.first_at or now.at
    told.last_at = now.at
    heard = sorted({text.audience for text in texts})
    told.spoken |= dict.fromkeys(heard, now.at)
    told.promised |= {audience: now.at + now.cadence_ms(audience) for audience in heard}
    told.next_word_at = min((now.next_word_at(audience) for audience in told.spoken), default=0) if now.is_on else 0
    told.state = "resolved" if occasion.name == "all_clear" else incident.state.value
    told.services = sorted({*told.services, *now.new_services})
    told.areas = sorted({*told.areas, *now.new_areas})
    told.severity = incident.severity.value if now.is_graver or not told.severity else told.severity
    told.numbers = list(dict.fromkeys([*told.numbers, *now.failing_numbers]))
    _remember_planned(now, occasion)
    if occasion.name == "all_clear":
        told.numbers, told.end = [], []


def _remember_planned(now: Situation, occasion: Occasion) -> None:
    if occasion.name == "planned_work" and now.incident.maintenance is not None:
        now.told.planned_until = int(now.incident.maintenance.until)
    elif occasion.name == "overrun":
        now.told.planned_until = 0


def fresh(texts: Sequence[Notice]) -> Iterator[Notice]:
    """The new ones among drafted texts and those that they replace."""
    return (text for text in texts if text.notice_revision == 1)

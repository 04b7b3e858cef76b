"""Drafts about planned work: to whom and where it is told, and each text."""

from typing import Final

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.published.notices import WORK_AHEAD, Notice
from pipeline.records.vocabulary import NoticeKind
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.drafting import Addressee, sent_by_rule
from pipeline.respond.notices.occasions import PEOPLE, STAFF
from pipeline.respond.remembered.works import WorkCase
from pipeline.wording.notices.works import WorkFacts, work_text

OUTLETS: Final = frozenset({"email", "web", "app", "status_page", "chat", "internal"})
"""Where work is announced: to the operator's own customers, and nobody's phone rings days before."""

_PART_OF_THE_TIME: Final = 4
"""A text must be out when this part of the time to the work has passed: a quarter, a judgement."""


def addressees(case: WorkCase, rules: RespondRules) -> list[Addressee]:
    """To whom work is told, where and in which language, in the order of the settings.

    Args:
        case: The work.
        rules: Which places there are, and which languages.
    """
    spoken = rules.languages_of(case.work.market)
    return [
        Addressee(audience, outlet, language)
        for audience, outlet in rules.config.places
        if audience in PEOPLE | STAFF and outlet in OUTLETS
        for language in (spoken if audience in PEOPLE else spoken[:1])
    ]


def draft_of(case: WorkCase, place: Addressee, at: int, rules: RespondRules, supersedes: str | None = None) -> Notice:
    """A draft that announces work, or says that it does not take place.

    Args:
        case: The work; as it was called off, or not.
        place: To whom, where, in which language.
        at: Now, ms; the work has not begun.
        rules: In which words, and who answers for them.
        supersedes: Id of the announcement that it takes back; None for an announcement.
    """
    work, config = case.work, rules.config
    occasion = "work_cancelled" if case.cancelled else WORK_AHEAD
    facts = WorkFacts(
        work_id=case.work_id,
        market=work.market,
        time_zone=work.time_zone,
        operator=rules.operator_name(work.operator),
        service=work.service,
        place=work.place,
        starts_at=case.starts_at,
        until=case.until,
        at=at,
        reason=work.reason,
        cancelled=case.cancelled,
        exercise=work.exercise,
    )
    text = work_text(facts, (place.audience, place.outlet), place.language, rules.wording)
    notice = Notice(
        notice_id=content_id(case.work_id, occasion, case.starts_at, *place),
        incident_id=case.work_id,
        revision=1,
        market=work.market,
        operator=work.operator,
        kind=NoticeKind.PLANNED_WORK,
        audience=place.audience,
        outlet=place.outlet,
        language=place.language,
        subject=text.subject,
        body=text.body,
        drafted_at=Instant(at),
        tone="plain",
        due_at=Instant(at if case.cancelled else at + (case.starts_at - at) // _PART_OF_THE_TIME),
        estimated_end_at=None if case.cancelled else Instant(case.until),
        supersedes=supersedes,
        writer=config.writer,
        approver=config.approver,
        exercise=work.exercise,
        occasion=occasion,
        expires_at=Instant(case.starts_at),
    )
    return sent_by_rule(notice, rules)

"""A notice: a message drafted for people. Tocsin drafts; a person approves; an adapter sends.

One record is one audience, one outlet and one language, so that each can be
approved, corrected and counted by itself. Each move of a notice - approved, edited,
superseded - is a record with the same id and a higher `notice_revision`.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import (
    Audience,
    Body,
    Id,
    Key,
    Language,
    Line,
    Market,
    NoticeKind,
    NoticeState,
    Outlet,
    Revision,
    Tone,
)

WORK_AHEAD: Final = "work_ahead"
"""Occasion of a text that announces planned work."""

WORK_SAID: Final = "work_said"
"""Occasion of the question whether work that only a post tells of is to be announced."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One drafted message.

    Attributes:
        notice_id: Hash of incident or work, kind, occasion, audience, outlet and language.
        incident_id: Id of the incident that it is about; of planned work that lies ahead (occasions `work_ahead` and
            `work_cancelled`) the id of that work, of a question the id of the question: no incident has it yet, and of
            planned work none ever will.
        revision: The incident's revision that it was drafted from.
        market: Country, ISO 3166-1 alpha-2.
        operator: Id of the operator in whose name it speaks.
        kind: What it is for.
        audience: People to whom it is addressed.
        outlet: Outlet that it goes to.
        language: ISO 639 code of a language that has a wording.
        subject: Headline; at most 200 characters.
        body: Text; for the outlet `cap` a CAP 1.2 document.
        drafted_at: Event time of the draft.
        state: `draft` until a person has approved it; `superseded` by a newer one, `withdrawn` by a person or with its
            incident, `expired` by time.
        tone: Tone in which it speaks.
        due_at: When the communication clock wants it out.
        estimated_end_at: The end that it promises, if it does.
        in_reply_to: Post or ticket that it answers (kind `reply`): `mentions|` or `tickets|`, and its keyed hash.
        rumour_id: Claim that it corrects (kind `correction`).
        supersedes: Notice that it replaces.
        writer: Who is responsible for the words.
        approver: Team or person that may approve it.
        approved_by: Who approved it; None before.
        approved_at: When it was approved; None before.
        exercise: True for a part of an exercise, which must never be sent to anybody.
        notice_revision: 1, 2, 3 ...: each move of a notice is a record of its own.
        occasion: Row of the table of occasions that set it off.
        changed_at: When this revision was made; None for the draft.
        changed_by: Person who made it, or owner of the rule that sent it.
        changed_why: Why, in words.
        original_subject: Headline as drafted, where a person has changed it.
        original_body: Text as drafted, where a person has changed it.
        next_word_at: When it promises the next word; None if it promises none.
        expires_at: A draft that nobody has approved by then expires.
        priority: Why a reply goes before others: `emergency`, `asked_again`, `business`, `angry` or `usual`.
    """

    notice_id: Id
    incident_id: Id
    revision: Revision
    market: Market
    operator: Key
    kind: NoticeKind
    audience: Audience
    outlet: Outlet
    language: Language
    subject: Line
    body: Body
    drafted_at: Instant
    state: NoticeState = "draft"
    tone: Tone | None = None
    due_at: Instant | None = None
    estimated_end_at: Instant | None = None
    in_reply_to: Id | None = None
    rumour_id: Id | None = None
    supersedes: Id | None = None
    writer: Key | None = None
    approver: Key | None = None
    approved_by: Key | None = None
    approved_at: Instant | None = None
    exercise: bool = False
    notice_revision: Revision = 1
    occasion: Key | None = None
    changed_at: Instant | None = None
    changed_by: Key | None = None
    changed_why: Line | None = None
    original_subject: Line | None = None
    original_body: Body | None = None
    next_word_at: Instant | None = None
    expires_at: Instant | None = None
    priority: Key | None = None


def latest_of(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Each notice once, as its highest revision says, in the order of the first revisions.

    Args:
        notices: Revisions in any order.
    """
    latest: dict[str, Notice] = {}
    for notice in notices:
        known = latest.get(notice.notice_id)
        if known is None or known.notice_revision < notice.notice_revision:
            latest[notice.notice_id] = notice
    return tuple(latest.values())

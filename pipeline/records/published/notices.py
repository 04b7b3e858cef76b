"""A notice: a message drafted for people. Tocsin drafts; a person approves; an adapter sends.

One record is one audience, one outlet and one language, so that each can be
approved, corrected and counted by itself.
"""

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


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One drafted message.

    Attributes:
        notice_id: Hash of incident, kind, occasion, audience, outlet and language.
        incident_id: Id of the incident that it is about.
        revision: The incident's revision that it was drafted from.
        market: Country, ISO 3166-1 alpha-2.
        operator: Id of the operator in whose name it speaks.
        kind: What it is for.
        audience: People to whom it is addressed.
        outlet: Outlet that it goes to.
        language: One of fr, en, de.
        subject: Headline; at most 200 characters.
        body: Text; for the outlet `cap` a CAP 1.2 document.
        drafted_at: Event time of the draft.
        state: `draft` until a person has approved it.
        tone: Tone in which it speaks.
        due_at: When the communication clock wants it out.
        estimated_end_at: The end that it promises, if it does.
        in_reply_to: Post or ticket that it answers (kind `reply`).
        rumour_id: Claim that it corrects (kind `correction`).
        supersedes: Notice that it replaces.
        writer: Who is responsible for the words.
        approver: Team or person that may approve it.
        approved_by: Who approved it; None before.
        approved_at: When it was approved; None before.
        exercise: True for a part of a drill, which must never be sent to anybody.
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

"""A follow-up: what must still happen after an outage is over.

One record type with one part per kind, and not four types: a reader of the
topic sees by `kind` which part is filled.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import Cause, Interval
from pipeline.records.published.people import Paragraph
from pipeline.records.vocabulary import (
    Count,
    Currency,
    FollowupKind,
    FollowupState,
    Id,
    Key,
    Line,
    Market,
    Outlet,
    Revision,
    Words,
)


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A satisfaction survey among those who had the outage."""

    questions: Annotated[tuple[Paragraph, ...], Meta(min_length=1, max_length=5)]
    outlet: Outlet
    people_max: Count | None = None


class CauseAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """A record for the cause analysis, filled in as far as evidence goes."""

    causes: Annotated[tuple[Cause, ...], Meta(max_length=8)] = ()
    timeline: Annotated[tuple[Line, ...], Meta(max_length=32)] = ()
    questions: Annotated[tuple[Line, ...], Meta(max_length=16)] = ()


class CompensationEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """Who is owed what; a person decides.

    Attributes:
        rule: Profile that says so.
        currency: ISO 4217.
        customers: How many.
        amount_minor_per_customer: In cents or pence.
        amount_minor: In all.
        text: How it was reckoned.
    """

    rule: Key
    currency: Currency
    customers: Interval
    amount_minor_per_customer: Interval
    amount_minor: Interval
    text: Words | None = None


class CorrectiveAction(msgspec.Struct, frozen=True, kw_only=True):
    """Something to mend, and what customers are told of it."""

    action: Line
    text: Words | None = None
    told_customers_at: Instant | None = None


class Followup(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do after the end.

    Attributes:
        followup_id: Hash of incident, kind and what.
        revision: 1, 2, 3 ... per followup_id.
        incident_id: Id of the incident that it follows.
        incident_revision: Its revision that asked for it.
        market: Country, ISO 3166-1 alpha-2.
        operator: Id of the operator whose customers are meant.
        kind: Which of the parts is filled.
        created_at: Event time.
        state: Whether it is done.
        owner: Team that must do it.
        due_at: Until when.
        exercise: Part of a drill.
    """

    followup_id: Id
    revision: Revision
    incident_id: Id
    incident_revision: Revision
    market: Market
    operator: Key
    kind: FollowupKind
    created_at: Instant
    state: FollowupState = "open"
    owner: Key | None = None
    due_at: Instant | None = None
    survey: Survey | None = None
    cause_analysis: CauseAnalysis | None = None
    compensation: CompensationEstimate | None = None
    corrective_action: CorrectiveAction | None = None
    exercise: bool = False

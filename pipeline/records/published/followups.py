"""A follow-up: what must still happen after an outage is over.

One record type with one part per kind, and not four types: a reader of the
topic sees by `kind` which part is filled.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import Cause, Interval
from pipeline.records.published.people import AftermathPoint, FeltBefore, Paragraph, SentimentAround
from pipeline.records.vocabulary import (
    CompensationKind,
    Count,
    Currency,
    FollowupKind,
    FollowupState,
    Grade,
    Id,
    Key,
    Line,
    Market,
    Outlet,
    Revision,
    Seconds,
    SharePpm,
    SignedCount,
    Words,
)


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A satisfaction survey among those who had the outage.

    Attributes:
        questions: What is asked, in the languages of the market.
        outlet: Where it is asked.
        people_max: At most so many are asked.
        who: Who is asked, in words.
        sample_ppm: Part of them that is asked: who has a keyed hash of the customer id, modulo a million, below it.
        ask_from: Not before.
        ask_until: Answers count until.
    """

    questions: Annotated[tuple[Paragraph, ...], Meta(min_length=1, max_length=5)]
    outlet: Outlet
    people_max: Count | None = None
    who: Line | None = None
    sample_ppm: SharePpm | None = None
    ask_from: Instant | None = None
    ask_until: Instant | None = None


class CauseAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """A record for the cause analysis, filled in as far as evidence goes.

    Attributes:
        causes: Hypotheses, the likeliest first.
        timeline: What happened when.
        questions: What is not known and must be found out.
        evidence: What each source saw, and how much earlier than the next.
    """

    causes: Annotated[tuple[Cause, ...], Meta(max_length=8)] = ()
    timeline: Annotated[tuple[Line, ...], Meta(max_length=32)] = ()
    questions: Annotated[tuple[Line, ...], Meta(max_length=16)] = ()
    evidence: Annotated[tuple[Line, ...], Meta(max_length=16)] = ()


class SegmentCompensation(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of customers is owed.

    Attributes:
        segment: Id of the segment, as the scheme calls it.
        customers: How many get something.
        amount_minor_per_customer: In cents or pence.
        amount_minor: In all.
    """

    segment: Key
    customers: Interval
    amount_minor_per_customer: Interval
    amount_minor: Interval


class CompensationEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """Who is owed what; a person decides.

    Attributes:
        rule: Profile that says so.
        currency: ISO 4217.
        customers: How many.
        amount_minor_per_customer: In cents or pence.
        amount_minor: In all.
        text: How it was reckoned.
        kind: Whether law or a code says so, or the operator's own will.
        segments: The same by kind of customers.
        not_covered: Who gets nothing by this rule.
    """

    rule: Key
    currency: Currency
    customers: Interval
    amount_minor_per_customer: Interval
    amount_minor: Interval
    text: Words | None = None
    kind: CompensationKind | None = None
    segments: Annotated[tuple[SegmentCompensation, ...], Meta(max_length=8)] = ()
    not_covered: Annotated[tuple[Line, ...], Meta(max_length=8)] = ()


class CorrectiveAction(msgspec.Struct, frozen=True, kw_only=True):
    """Something to mend, and what customers are told of it.

    Attributes:
        action: What is to be done.
        text: What customers are told, in the first language of the market.
        told_customers_at: When they were.
        customer_text: The same in all languages of the market; None if it is nothing for customers.
    """

    action: Line
    text: Words | None = None
    told_customers_at: Instant | None = None
    customer_text: Paragraph | None = None


class CommunicationReview(msgspec.Struct, frozen=True, kw_only=True):
    """How people were told: how soon, and whether what was promised came true; or how they took one message.

    Attributes:
        grade: StatusGator's grade of the first word.
        first_word_after_seconds: From the estimated start to the first word.
        official_posts: Words of the operator.
        promised_end_at: The end that was promised last.
        ended_at: The end, as estimated.
        promise_missed_seconds: How much later than promised it ended; negative if earlier.
        honesty_ppm: Promised length over real length, at most the whole: kept promises have all of it.
        estimates: Estimates of the end that we told.
        estimates_held: Those of them whose interval held the end.
        text: The same in words.
        around: The review is of this one message of the operator, and all else is empty: what people said before and
            after it. None in the review of the whole.
    """

    grade: Grade | None = None
    first_word_after_seconds: Seconds | None = None
    official_posts: Count = 0
    promised_end_at: Instant | None = None
    ended_at: Instant | None = None
    promise_missed_seconds: SignedCount | None = None
    honesty_ppm: SharePpm | None = None
    estimates: Count = 0
    estimates_held: Count = 0
    text: Words | None = None
    around: SentimentAround | None = None


class Thanks(msgspec.Struct, frozen=True, kw_only=True):
    """A word of thanks to those who had patience."""

    text: Paragraph
    outlet: Outlet


class AftermathMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """How people felt some time after the end.

    Attributes:
        after_hours: So long after the end.
        point: What was measured; what has no figures is None and told in its `not_known`.
        before: What its mood is held against.
    """

    after_hours: Count
    point: AftermathPoint
    before: FeltBefore | None = None


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
        changed_by: Who changed its state; None while nobody did.
        exercise: Part of an exercise.
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
    communication_review: CommunicationReview | None = None
    thanks: Thanks | None = None
    aftermath: AftermathMeasure | None = None
    changed_by: Key | None = None
    exercise: bool = False

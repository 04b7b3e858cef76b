"""A failover: the state that a backup should be in, until when, and what must hold first.

It is a desired state and not an order, so that repeating it changes nothing,
and it always expires: a backup that nobody remembers is a second outage.

A proposal is a record whose desired state is `standby`: who carries out desired states
and nothing else never switches before people have said yes.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import (
    Area,
    Count,
    FailoverKind,
    FailoverPhase,
    FailoverState,
    Health,
    HelpVerdict,
    Id,
    Key,
    Labels,
    Language,
    Lasting,
    Line,
    Market,
    QuestionTopic,
    Revision,
    Seconds,
    Service,
    SharePpm,
    Words,
)

ANSWERS_MAX = 64
"""Question and answer pairs of a record: eight in eight languages, some 40 KB at most."""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One person's yes.

    Attributes:
        by: Who said it.
        at: Time of the order.
    """

    by: Key
    at: Instant


class GuardRails(msgspec.Struct, frozen=True, kw_only=True):
    """What the one who carries it out must check.

    Attributes:
        approval_required: True if a person must approve it before it is carried out.
        approvals_required: How many different people must; two for lines that carry emergency calls.
        approvals: Who has approved so far.
        approved_by: Who approved it last, once all have; None before.
        approved_at: When it was approved; None before.
        confidence_ppm_min: Least confidence in the incident.
        active_seconds_max: Longest time that the backup may be active at a stretch.
        switches_per_day_max: Most changes of state in a day; more would be flapping.
        load_max: Most calls or viewers that the backup carries at a time.
        customers_max: Most customers whom the backup takes.
        backup_health: Health of the backup itself, as known: never fail over to what is down.
    """

    approval_required: bool
    approvals_required: Count = 1
    approvals: Annotated[tuple[Approval, ...], Meta(max_length=4)] = ()
    approved_by: Key | None = None
    approved_at: Instant | None = None
    confidence_ppm_min: SharePpm | None = None
    active_seconds_max: Lasting | None = None
    switches_per_day_max: Count | None = None
    load_max: Count | None = None
    customers_max: Count | None = None
    backup_health: Health | None = None


class Help(msgspec.Struct, frozen=True, kw_only=True):
    """Did it help? The operator's call centre before the switch and since; None where nothing was measured.

    Attributes:
        verdict: What the figures say, taken together.
        measured_to: End of what was measured.
        waiting_seconds_before: Average speed of answer in the half-hour before the switch.
        waiting_seconds_during: The same since five minutes after it.
        abandonment_ppm_before: Share of callers who gave up, before.
        abandonment_ppm_during: The same, since.
        satisfaction_milli_before: Thousandths of the satisfaction score as the feed has it, before.
        satisfaction_milli_during: The same, since.
    """

    verdict: HelpVerdict
    measured_to: Instant
    waiting_seconds_before: Seconds | None = None
    waiting_seconds_during: Seconds | None = None
    abandonment_ppm_before: SharePpm | None = None
    abandonment_ppm_during: SharePpm | None = None
    satisfaction_milli_before: Count | None = None
    satisfaction_milli_during: Count | None = None


class BotAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One question that callers ask, and what a phone bot says.

    Attributes:
        topic: What is asked for, the same in all languages.
        language: ISO 639 code of question and answer.
        question: As callers say it.
        answer: To be spoken: no brackets, no abbreviations.
    """

    topic: QuestionTopic
    language: Language
    question: Line
    answer: Words


class Failover(msgspec.Struct, frozen=True, kw_only=True):
    """Desired state of one backup.

    Attributes:
        failover_id: Hash of incident and target.
        target: What is switched: the key of the record.
        revision: 1, 2, 3 ... per failover_id; a consumer applies a higher one only.
        market: Country, ISO 3166-1 alpha-2.
        operator: Id of the operator whose backup it is.
        kind: Kind of the backup.
        desired: `active` or `standby`.
        phase: How it came to that: `proposed` waits for people.
        decided_at: Event time of the decision.
        expires_at: Time from which on the target is `standby`, whatever was said last.
        guard_rails: What must be checked.
        incident_id: Id of the incident that asks for it.
        incident_revision: The incident's revision that asked for it.
        active_since: When it was switched; None while it never was.
        areas: For whom; empty means all of the operator.
        customers: Most customers who are hit in these areas, if the backup says how many it takes.
        is_partial: Whether others are hit whom the backup cannot take: it is for these areas and nobody else.
        services: For which services.
        reason: Why, in words.
        text: What customers are told that they can use, in the words of the catalogue; empty for nothing.
        parameters: For the adapter, such as the numbers to forward to.
        helped: Whether it helped, once it was active.
        answers: What a phone bot may say, of a phone bot only; of this revision of the incident.
        exercise: Part of an exercise: nothing may be switched.
    """

    failover_id: Id
    target: Id
    revision: Revision
    market: Market
    operator: Key
    kind: FailoverKind
    desired: FailoverState
    phase: FailoverPhase = "active"
    decided_at: Instant
    expires_at: Instant
    guard_rails: GuardRails
    incident_id: Id
    incident_revision: Revision
    reason: Line
    text: Line = ""
    active_since: Instant | None = None
    areas: Annotated[tuple[Area, ...], Meta(max_length=64)] = ()
    areas_omitted: Count = 0
    customers: Count | None = None
    is_partial: bool = False
    services: Annotated[tuple[Service, ...], Meta(max_length=7)] = ()
    parameters: Labels = {}
    helped: Help | None = None
    answers: Annotated[tuple[BotAnswer, ...], Meta(max_length=ANSWERS_MAX)] = ()
    exercise: bool = False

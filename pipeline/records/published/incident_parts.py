"""The parts of an incident: what is down, who has it, since when, and why we think so.

`None` means that no rule has said anything yet; an empty tuple means that a
rule looked and found nothing. The two must not look alike, so the parts that
later rules fill start as `None`.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import (
    Area,
    CauseKind,
    Count,
    Decimal,
    DialledNumber,
    EtaBasis,
    Example,
    Id,
    IncidentState,
    ItemKind,
    ItemName,
    Key,
    Line,
    Role,
    Seconds,
    Severity,
    SharePpm,
    Short,
    SignedCount,
    Source,
    Url,
)


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """A number that is known from ... to; the unit stands in the name of the field that holds it.

    Attributes:
        low: Least value that fits the evidence.
        high: Greatest.
        likely: Best single guess, if there is one.
        basis: How it was estimated, in a few words.
    """

    low: Count
    high: Count
    likely: Count | None = None
    basis: Short | None = None


class TimeInterval(msgspec.Struct, frozen=True, kw_only=True):
    """A moment that is known from ... to."""

    earliest: Instant
    latest: Instant


class StateChange(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an incident.

    Attributes:
        at: Event time: the end of the pane, or the time of the command.
        reason: Word of the decision that made the step.
        by: Person or system that asked for it; `None` if a rule did.
    """

    state: IncidentState
    at: Instant
    reason: Key
    by: Key | None = None


class SeverityReason(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that asks for a severity; the greatest asked for wins.

    Attributes:
        rule: Name of the rule, such as `emergency_unreachable`.
        severity: What it asks for.
        text: Why, in words for people.
    """

    rule: Key
    severity: Severity
    text: Line


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What of a service is down, where it matters: a TV channel, a programme, a technology."""

    name: ItemName
    kind: ItemKind | None = None


class Symptom(msgspec.Struct, frozen=True, kw_only=True):
    """What people see: a word of the symptom lexicon, and how many reports say so."""

    symptom: Key
    reports: Count | None = None


class AreaShare(msgspec.Struct, frozen=True, kw_only=True):
    """One area of an incident.

    Attributes:
        area: Path in the place tree.
        name: For people, in the area's own language.
        share_ppm: Part of the operator's customers there that is affected.
        customers_affected: Absolute, as an interval.
        since: First evidence from there.
        back_at: When it was well again.
    """

    area: Area
    name: Short | None = None
    share_ppm: SharePpm | None = None
    customers_affected: Interval | None = None
    since: Instant | None = None
    back_at: Instant | None = None


class SuspectedElement(msgspec.Struct, frozen=True, kw_only=True):
    """A network element that would explain the evidence."""

    element: Key
    confidence_ppm: SharePpm | None = None
    text: Line | None = None


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A possible cause; several may stand side by side.

    Attributes:
        kind: Kind of the closed list.
        confidence_ppm: How sure, in parts per million.
        text: What exactly, for people.
        stated_by: The operator or person who said so; `None` if a rule inferred it.
    """

    kind: CauseKind
    confidence_ppm: SharePpm | None = None
    text: Line | None = None
    stated_by: Key | None = None


class EmergencyImpact(msgspec.Struct, frozen=True, kw_only=True):
    """Can people call for help? One ticket or two independent posts are enough to ask.

    Attributes:
        affected: True if claimed or measured, False if checked and well, None if not known.
        verification_text: What the claim rests on.
        numbers: Dialled numbers concerned: 110, 112, 999.
        first_claim_at: Time of the first ticket or post that says so.
        sufficed_at: Time of the one with which they were enough for an alarm; absent while they are not, or if a
            person believed them.
        claims: Tickets and independent posts that say so.
        calls_affected: Attempts that failed.
        authorities_told_at: When the emergency call centres were told.
    """

    affected: bool | None = None
    verification_text: Line | None = None
    numbers: Annotated[tuple[DialledNumber, ...], Meta(max_length=8)] = ()
    first_claim_at: Instant | None = None
    sufficed_at: Instant | None = None
    claims: Count | None = None
    calls_affected: Interval | None = None
    authorities_told_at: Instant | None = None


class SilentFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that stopped: neither an outage nor an all-clear."""

    source: Source
    feed: Key
    operator: Key | None = None
    since: Instant | None = None


class Blame(msgspec.Struct, frozen=True, kw_only=True):
    """Who is held responsible by people, apart from who is.

    Attributes:
        share_ppm: Part of the blaming posts that names this operator.
        posts: Blaming posts.
        denied_at: When the operator denied it.
        notice_id: Correction that was drafted, where it is blamed without fault.
    """

    share_ppm: SharePpm
    posts: Count | None = None
    denied_at: Instant | None = None
    notice_id: Id | None = None


class OperatorRole(msgspec.Struct, frozen=True, kw_only=True):
    """An operator in an incident.

    Attributes:
        operator: Operator id.
        role: `primary` (its own network) or `hosted` (it runs on another's); `None` if it is only blamed.
        host: Id of the operator on whose network a hosted operator runs.
        confidence_ppm: How sure the role is.
        blame: How far people blame the operator; one operator can be both hosted and blamed.
    """

    operator: Key
    role: Role | None = None
    host: Key | None = None
    confidence_ppm: SharePpm | None = None
    blame: Blame | None = None


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the lead-time ledger.

    Attributes:
        source: Raw topic.
        first_evidence_at: Event time of its first evidence.
        found_at: End of the pane in which DETECT saw it.
        lead_seconds: How much earlier than the next source; `None` for the last.
    """

    source: Source
    first_evidence_at: Instant
    found_at: Instant | None = None
    lead_seconds: Seconds | None = None


class EtaEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """When it will be over, as known at one moment.

    Attributes:
        made_at: When this was the estimate.
        earliest: Lower end of the interval.
        latest: Upper end.
        basis: What it rests on.
        likely: Best single guess.
        stated_by: Who promised it, if someone did.
    """

    made_at: Instant
    earliest: Instant
    latest: Instant
    basis: EtaBasis
    likely: Instant | None = None
    stated_by: Key | None = None


class ResolutionPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A point of the resolution curve: how much is back.

    Attributes:
        areas_back_ppm: Share of the areas that is well again.
        activity_ppm: Evidence per pane, relative to its peak.
        customers_back_ppm: Share of the customers, if known.
    """

    at: Instant
    areas_back_ppm: SharePpm
    activity_ppm: SharePpm | None = None
    customers_back_ppm: SharePpm | None = None


class EvidenceExample(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket or post that shows what was seen; never with its author.

    Attributes:
        id_hash: Keyed hash of its id: names it to us, and to nobody else.
        at: Event time.
        text: Shortened, handles and links masked.
        area: Where, as understood.
        language: As detected, a BCP 47 tag.
    """

    id_hash: Count
    at: Instant
    text: Example | None = None
    symptom: Key | None = None
    area: Area | None = None
    language: Annotated[str, Meta(max_length=16)] | None = None


class EvidenceItem(msgspec.Struct, frozen=True, kw_only=True):
    """What one series says for an incident.

    Attributes:
        source: Raw topic.
        measure: `complaints`, `activity`, or a telemetry metric.
        area: Where it was counted or measured.
        operator: Id of the operator.
        first_at: Start of the first pane that stood out.
        last_at: End of the last pane that stood out.
        panes: How many panes stood out.
        unit: Unit of `observed` and `expected`.
        observed: Value at its most surprising, exact.
        expected: What a normal day has then.
        surprise_milli: -log10 p at its most surprising, in thousandths.
        contribution_ppm: Share in the confidence.
        examples: The few best.
        examples_omitted: How many more there were.
    """

    source: Source
    measure: Key
    area: Area
    operator: Key
    first_at: Instant
    last_at: Instant
    panes: Count
    service: Key | None = None
    item: ItemName | None = None
    element: Key | None = None
    unit: Key | None = None
    observed: Decimal | None = None
    expected: Decimal | None = None
    surprise_milli: SignedCount | None = None
    contribution_ppm: SharePpm | None = None
    examples: Annotated[tuple[EvidenceExample, ...], Meta(max_length=3)] = ()
    examples_omitted: Count = 0


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of other incidents that this one belongs with."""

    merged_into: Id | None = None
    merged_from: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    merged_from_omitted: Count = 0
    split_from: Id | None = None
    split_into: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    split_into_omitted: Count = 0
    related: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    related_omitted: Count = 0


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """No notices for a while: every silence has an owner, a reason and an end."""

    until: Instant
    by: Key
    reason: Line


class Maintenance(msgspec.Struct, frozen=True, kw_only=True):
    """A planned window that covers the incident."""

    maintenance_id: Id
    starts_at: Instant
    until: Instant
    by: Key
    reason: Line | None = None


class ExternalReference(msgspec.Struct, frozen=True, kw_only=True):
    """The same thing in another system: a trouble ticket, an alarm."""

    system: Key
    reference: Id
    url: Url | None = None


class ReportingClock(msgspec.Struct, frozen=True, kw_only=True):
    """A duty to report, from a profile in settings.

    Attributes:
        profile: Such as `us_fcc`, `au_acma`, `de_tkg`.
        duty: What must be done.
        started_at: When its condition was met.
        due_at: Until when.
        done_at: When it was.
    """

    profile: Key
    duty: Line
    started_at: Instant
    due_at: Instant
    done_at: Instant | None = None

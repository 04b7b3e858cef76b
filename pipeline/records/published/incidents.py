"""An incident: one outage, everything known of it, at one revision.

Each record on `incidents` is the full current state, not a change: a consumer
that missed ten revisions to compaction needs the last one only. It applies a
record if its revision is higher than what it has.

All fields of the finished product are here from the start, so that consumers
need not change when a rule arrives: what no rule fills yet is `None`. Lists
are capped, to keep a record under 64 KiB; `..._omitted` counts the rest.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from pipeline.records.clocks import Instant
from pipeline.records.published.evidence_card import EvidenceCard
from pipeline.records.published.incident_parts import (
    AreaShare,
    Cause,
    EmergencyImpact,
    EtaEstimate,
    EvidenceItem,
    ExternalReference,
    Interval,
    Item,
    Lead,
    Links,
    Maintenance,
    OperatorRole,
    ReportingClock,
    ResolutionPoint,
    SeverityReason,
    Silence,
    SilentFeed,
    StateChange,
    SuspectedElement,
    Symptom,
    TimeInterval,
)
from pipeline.records.published.people import (
    Aftermath,
    Alternative,
    Care,
    Communication,
    Compensation,
    Posts,
    References,
    Rumour,
    SentimentAround,
    Summary,
    TopicShare,
)
from pipeline.records.vocabulary import (
    Count,
    DurationClass,
    Extent,
    Id,
    IncidentState,
    Key,
    Market,
    Nature,
    Revision,
    Service,
    Severity,
    SharePpm,
    TimeZone,
    Verification,
)

STATE_HISTORY_MAX: Final = 24
SEVERITY_REASONS_MAX: Final = 8
ITEMS_MAX: Final = 32
SYMPTOMS_MAX: Final = 14
AREAS_MAX: Final = 40
CAUSES_MAX: Final = 8
SILENT_FEEDS_MAX: Final = 12
OPERATORS_MAX: Final = 12
SEGMENTS_MAX: Final = 8
LEADS_MAX: Final = 4
ESTIMATES_MAX: Final = 16
CURVE_MAX: Final = 45
EVIDENCE_MAX: Final = 16
EXTERNAL_MAX: Final = 8
TOPICS_MAX: Final = 10
SENTIMENT_MAX: Final = 5
RUMOURS_MAX: Final = 4
ALTERNATIVES_MAX: Final = 8
REPORTING_MAX: Final = 8


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One outage at one revision; all times are event times.

    Attributes:
        incident_id: Hash of market, operator, what, and the pane that opened it; never changes.
        revision: 1, 2, 3 ...; a consumer needs not see every one.
        updated_at: End of the pane, or time of the command, that made this revision.
        market: Country, ISO 3166-1 alpha-2.
        time_zone: Time zone of the market, for texts to people.
        exercise: An exercise: nothing may mistake it for the real thing.

        state: Where it is in its life.
        state_history: Steps, the oldest first; if capped, the first and the latest are kept.
        severity: Severity at this revision; `cleared` once resolved.
        severity_peak: Greatest severity so far.
        severity_reasons: Rules that ask for it.
        verification: `confirmed` once two sources, an official word or a person say so.
        services: What is down, sorted.
        items: What of it: TV channels, programmes, technologies.
        symptoms: What people see.
        areas: Where, with the share affected, the most affected first.
        extent: `not_geographic`: one in three phones in every room.
        nature: `content` (rights, schedule) goes to another team than `technical`.
        suspected_element: What would explain it.
        causes: Possible ones, the likeliest first.
        emergency: Whether people can call for help.
        duration_class: Temporary or prolonged.
        silent_feeds: What we do not see.

        operators: Who has it, with role and blame; the primary one first.
        segments: Customer segments concerned.
        customers_affected: How many customers.
        customers_back_ppm: Share of the customers hit at the worst who are likely well again, as its areas come back.
        customer_minutes: Customers x minutes without service.

        opened_at: When we opened it.
        confirmed_at: When it was first confirmed.
        resolved_at: When it was last resolved.
        reopened: How often it came back.
        started_at: When it began, our best estimate.
        started_between: The same as an interval.
        ended_at: When it was over, our best estimate; null of what was merged into another, with which it goes on.
        ended_between: The same as an interval.
        leads: First evidence per source, the earliest first.
        estimated_end: As estimated now.
        estimated_end_history: What was estimated before, the oldest first.
        resolution_curve: How much was back, when.
        reporting_clocks: Duties to regulators that it set off.

        confidence_ppm: That it is a real outage.
        evidence_card: Why it is believed as much as it is; None where people alone decide.
        evidence: Series that speak for it, the strongest first.
        links: Merged, split, related incidents.

        team: Team that the incident belongs to: network, content, field.
        acknowledged_at: When a person took it on.
        acknowledged_by: Who.
        silence: No notices until.
        maintenance: The planned window that covers it.
        external_references: Trouble tickets and alarms elsewhere.

        posts: What is said, by how many.
        topics: About what.
        sentiment: Before and after each official message.
        rumours: Claims that spread.
        care: How the hotline copes.
        aftermath: One day and one week after.

        summary: For the status page and the phone bot.
        communication: What the operator said and what is due.
        alternatives: What works meanwhile, and what was offered.
        references: Notices, failovers and follow-ups.
        compensation: What is owed, estimated.
    """

    incident_id: Id
    revision: Revision
    updated_at: Instant
    market: Market
    state: IncidentState
    severity: Severity
    opened_at: Instant
    time_zone: TimeZone | None = None
    exercise: bool = False

    state_history: Annotated[tuple[StateChange, ...], Meta(max_length=STATE_HISTORY_MAX)] = ()
    state_history_omitted: Count = 0
    severity_peak: Severity | None = None
    severity_reasons: Annotated[tuple[SeverityReason, ...], Meta(max_length=SEVERITY_REASONS_MAX)] = ()
    severity_reasons_omitted: Count = 0
    verification: Verification | None = None
    services: Annotated[tuple[Service, ...], Meta(max_length=7)] = ()
    items: Annotated[tuple[Item, ...], Meta(max_length=ITEMS_MAX)] | None = None
    items_omitted: Count = 0
    symptoms: Annotated[tuple[Symptom, ...], Meta(max_length=SYMPTOMS_MAX)] | None = None
    symptoms_omitted: Count = 0
    areas: Annotated[tuple[AreaShare, ...], Meta(max_length=AREAS_MAX)] = ()
    areas_omitted: Count = 0
    extent: Extent | None = None
    nature: Nature | None = None
    suspected_element: SuspectedElement | None = None
    causes: Annotated[tuple[Cause, ...], Meta(max_length=CAUSES_MAX)] | None = None
    causes_omitted: Count = 0
    emergency: EmergencyImpact | None = None
    duration_class: DurationClass | None = None
    silent_feeds: Annotated[tuple[SilentFeed, ...], Meta(max_length=SILENT_FEEDS_MAX)] | None = None
    silent_feeds_omitted: Count = 0

    operators: Annotated[tuple[OperatorRole, ...], Meta(max_length=OPERATORS_MAX)] = ()
    operators_omitted: Count = 0
    segments: Annotated[tuple[Key, ...], Meta(max_length=SEGMENTS_MAX)] | None = None
    customers_affected: Interval | None = None
    customers_back_ppm: SharePpm | None = None
    customer_minutes: Interval | None = None

    confirmed_at: Instant | None = None
    resolved_at: Instant | None = None
    reopened: Count = 0
    started_at: Instant | None = None
    started_between: TimeInterval | None = None
    ended_at: Instant | None = None
    ended_between: TimeInterval | None = None
    leads: Annotated[tuple[Lead, ...], Meta(max_length=LEADS_MAX)] = ()
    estimated_end: EtaEstimate | None = None
    estimated_end_history: Annotated[tuple[EtaEstimate, ...], Meta(max_length=ESTIMATES_MAX)] | None = None
    estimated_end_history_omitted: Count = 0
    resolution_curve: Annotated[tuple[ResolutionPoint, ...], Meta(max_length=CURVE_MAX)] | None = None
    resolution_curve_omitted: Count = 0
    reporting_clocks: Annotated[tuple[ReportingClock, ...], Meta(max_length=REPORTING_MAX)] | None = None

    confidence_ppm: SharePpm | None = None
    evidence_card: EvidenceCard | None = None
    evidence: Annotated[tuple[EvidenceItem, ...], Meta(max_length=EVIDENCE_MAX)] = ()
    evidence_omitted: Count = 0
    links: Links | None = None

    team: Key | None = None
    acknowledged_at: Instant | None = None
    acknowledged_by: Key | None = None
    silence: Silence | None = None
    maintenance: Maintenance | None = None
    external_references: Annotated[tuple[ExternalReference, ...], Meta(max_length=EXTERNAL_MAX)] | None = None
    external_references_omitted: Count = 0

    posts: Posts | None = None
    topics: Annotated[tuple[TopicShare, ...], Meta(max_length=TOPICS_MAX)] | None = None
    sentiment: Annotated[tuple[SentimentAround, ...], Meta(max_length=SENTIMENT_MAX)] | None = None
    sentiment_omitted: Count = 0
    rumours: Annotated[tuple[Rumour, ...], Meta(max_length=RUMOURS_MAX)] | None = None
    rumours_omitted: Count = 0
    care: Care | None = None
    aftermath: Aftermath | None = None

    summary: Summary | None = None
    communication: Communication | None = None
    alternatives: Annotated[tuple[Alternative, ...], Meta(max_length=ALTERNATIVES_MAX)] | None = None
    alternatives_omitted: Count = 0
    references: References | None = None
    compensation: Compensation | None = None

    @property
    def is_merged(self) -> bool:
        """Is it part of another incident by now?"""
        return self.links is not None and self.links.merged_into is not None

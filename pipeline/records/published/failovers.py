"""A failover: the state that a backup should be in, until when, and what must hold first.

It is a desired state and not an order, so that repeating it changes nothing,
and it always expires: a backup that nobody remembers is a second outage.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import (
    Area,
    Count,
    FailoverKind,
    FailoverState,
    Health,
    Id,
    Key,
    Labels,
    Lasting,
    Line,
    Market,
    Revision,
    Service,
    SharePpm,
)


class GuardRails(msgspec.Struct, frozen=True, kw_only=True):
    """What the one who carries it out must check.

    Attributes:
        approval_required: True if a person must approve it before it is carried out.
        approved_by: Who approved it; None before.
        approved_at: When it was approved; None before.
        confidence_ppm_min: Least confidence in the incident.
        active_seconds_max: Longest time that the backup may be active at a stretch.
        switches_per_day_max: Most changes of state in a day; more would be flapping.
        load_max: Most calls or viewers that the backup carries at a time.
        backup_health: Health of the backup itself, as known: never fail over to what is down.
    """

    approval_required: bool
    approved_by: Key | None = None
    approved_at: Instant | None = None
    confidence_ppm_min: SharePpm | None = None
    active_seconds_max: Lasting | None = None
    switches_per_day_max: Count | None = None
    load_max: Count | None = None
    backup_health: Health | None = None


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
        decided_at: Event time of the decision.
        expires_at: Time from which on the target is `standby`, whatever was said last.
        guard_rails: What must be checked.
        incident_id: Id of the incident that asks for it.
        incident_revision: The incident's revision that asked for it.
        areas: For whom; empty means all of the operator.
        services: For which services.
        reason: In words.
        parameters: For the adapter, such as the numbers to forward to.
        exercise: Part of a drill: nothing may be switched.
    """

    failover_id: Id
    target: Id
    revision: Revision
    market: Market
    operator: Key
    kind: FailoverKind
    desired: FailoverState
    decided_at: Instant
    expires_at: Instant
    guard_rails: GuardRails
    incident_id: Id
    incident_revision: Revision
    reason: Line
    areas: Annotated[tuple[Area, ...], Meta(max_length=64)] = ()
    areas_omitted: Count = 0
    services: Annotated[tuple[Service, ...], Meta(max_length=7)] = ()
    parameters: Labels = {}
    exercise: bool = False

"""What really happened in a simulated world: the answer that a run is scored against.

The truth is written beside a recording, never into it. It holds what is known
of an outage afterwards, in the words of an incident, so that the two can be
laid side by side. Customers hit are given minute by minute rather than as one
number: a score must be able to ask whether a length or a share was right at
any moment. Times are exact; whatever a rule may find earlier than
`started_at` is a false alarm.
"""

from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.vocabulary import (
    Area,
    CauseKind,
    Count,
    DialledNumber,
    Extent,
    Id,
    Key,
    Line,
    Market,
    Nature,
    Role,
    Service,
    Severity,
    SharePpm,
    Short,
    TimeZone,
    Words,
)

STILL_DOWN: Final = 20
"""Nothing is back while more than one in so many of those who were hit there at the worst are without service."""


class Respite(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch in the middle of an outage in which an area was well: it came back, and went down again at its end."""

    begins_at: Instant
    ends_at: Instant


class TrueArea(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One area of an outage.

    Attributes:
        customers: Customers of the operator who live there.
        share_ppm: Share of them that was hit at the worst moment, in parts per million.
        lag_seconds: How much later than the outage as a whole it went down here.
        back_at: From when on at most one in twenty of those hit here at the worst were without service, for good;
            None in truths that are older than this field.
        respites: When that was so before, between going down and `back_at`; of a minute or more, the oldest first.
    """

    area: Area
    operator: Key
    customers: Count
    share_ppm: SharePpm
    lag_seconds: Count = 0
    back_at: Instant | None = None
    respites: tuple[Respite, ...] = ()


class TrueOperator(msgspec.Struct, frozen=True, kw_only=True):
    """An operator that was down, and whether by its own fault or its host's."""

    operator: Key
    role: Role


class TrueMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator itself said, and when."""

    post_id: Id
    operator: Key
    platform: Short
    posted_at: Instant
    kind: Short
    text: Words


class TrueOutage(msgspec.Struct, frozen=True, kw_only=True):
    """One outage as it really was.

    Attributes:
        kind: Family of outages: `core_failure`, `cell_fault`, `fibre_cut` ...
        severity: How grave it was, by the scenario; None if that is nobody's business.
        visible_at: First moment at which anybody could see it: by expectation one complaint was written, or two
            in a hundred customers of an area that is measured were hit, as far as figures show; None if it never did.
        blamed: Operators that were healthy and held responsible.
        full_at: When the greatest share was reached; the ramp is from `started_at` to here.
        first_back_at: When the first customers had service again.
        services: What was down for customers; emergency calls stand in `emergency_numbers`.
        customers: Customers hit at the worst moment, all areas together.
        hit_per_minute: Customers without service at the start of each minute, from the
            minute of `started_at` to the first that is whole again.
        emergency_numbers: Numbers that could not be reached from the areas hit.
    """

    outage_id: Id
    kind: Key = "outage"
    severity: Severity | None = None
    visible_at: Instant | None = None
    started_at: Instant
    full_at: Instant
    first_back_at: Instant
    ended_at: Instant
    operators: tuple[TrueOperator, ...]
    areas: tuple[TrueArea, ...]
    services: tuple[Service, ...]
    items: tuple[Short, ...] = ()
    element: Short | None = None
    cause: CauseKind
    nature: Nature
    extent: Extent
    emergency_numbers: tuple[DialledNumber, ...] = ()
    customers: Count
    hit_per_minute: tuple[Count, ...]
    messages: tuple[TrueMessage, ...] = ()
    blamed: tuple[Key, ...] = ()


class TrueTrap(msgspec.Struct, frozen=True, kw_only=True):
    """Something that looked like an outage and was none.

    Attributes:
        kind: Family of traps: `rumour`, `bot_campaign`, `dead_feed` ...
        operators: Ids of the operators of whom an incident then is false.
    """

    trap_id: Id
    kind: Key
    started_at: Instant
    ended_at: Instant
    operators: tuple[Key, ...]


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was true in one world; no outages means that all alarms are false.

    Attributes:
        started_at: Where the recording begins.
        ended_at: Where the world ends; a few late records may arrive after it.
        operators: All operators of the world, healthy ones too.
        shares_ppm: Which part of the real number of records is written, by source, in parts per million.
    """

    scenario: Key
    title: Line
    seed: int
    market: Market
    time_zone: TimeZone
    started_at: Instant
    ended_at: Instant
    shares_ppm: dict[str, SharePpm]
    operators: tuple[Key, ...] = ()
    outages: tuple[TrueOutage, ...]
    traps: tuple[TrueTrap, ...] = ()

"""What happens in a world: outages, and all that looks like one and is none.

An outage hits customers, and everything that is written of it follows from
whom it hits. A trap hits nobody: crowds talk, probes break, feeds stop, and
whoever calls it an outage is wrong. Times are local, without zone, as people
remember them; a scenario gives them as distances from moments that the seed
drew (see `template`).
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from pipeline.records.vocabulary import (
    Area,
    CauseKind,
    DialledNumber,
    Extent,
    Key,
    Line,
    Nature,
    Service,
    Severity,
    Short,
    Words,
)

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Rate = Annotated[float, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Whole = Annotated[int, msgspec.Meta(ge=0)]
Numbering = Annotated[int, msgspec.Meta(ge=1)]
FaultKind = Literal["broken", "stuck", "dead", "backlog", "ahead"]
MessageSource = Literal["mentions", "tickets"]


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the outage's reach is down at a time; straight lines between points."""

    at: datetime
    share: Share


class AreaHit(msgspec.Struct, frozen=True, kw_only=True):
    """An area of an outage; `lag_seconds` delays the whole curve there."""

    area: Area
    share: Share
    lag_seconds: Whole = 0


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A topic that takes a share of what is written between two times."""

    kind: Key
    starts_at: datetime
    ends_at: datetime
    share: Share


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A post that draws replies and reposts: how a rumour spreads.

    Attributes:
        kind: Its texts are those of `<kind>_root` and `<kind>_reply`.
        operator: Id of the operator whose customers write it; the primary operator's if empty.
        author: Writes the root: a name that many follow, and who answers lives anywhere; someone of the area if empty.
        likes: What the root gathers in the end.
    """

    kind: Key
    at: datetime
    platform: Key
    area: Area
    replies: Whole
    reposts: Whole
    minutes: Positive
    operator: Key | None = None
    author: Short | None = None
    likes: Whole = 0


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator itself posts; `likes` is what it gathers in the end."""

    at: datetime
    kind: Key
    operator: Key
    platform: Key
    text: Words
    likes: Whole = 0


class CommandIn(msgspec.Struct, frozen=True, kw_only=True):
    """A command that people gave; the fields are those of the topic."""

    at: datetime
    target: Line
    kind: Key
    by: Key
    operator: Key | None = None
    area: Area | None = None
    service: Service | None = None
    reason: Line | None = None
    starts_at: datetime | None = None
    until: datetime | None = None
    team: Key | None = None
    note: Words | None = None


class Planted(msgspec.Struct, frozen=True, kw_only=True):
    """An exact number of messages, evenly drawn over a stretch of time, beside what the reaction gives.

    For outages that few notice: their number is a fact of the scenario, not a rate; `share` does not thin it.

    Attributes:
        source: Posts or tickets.
        kind: What they say.
        areas: Where they are written; where the outage is, if empty.
        intake: Intake of the tickets; the first desk's if empty.
    """

    source: MessageSource
    kind: Key
    count: Numbering
    starts_at: datetime
    ends_at: datetime
    areas: tuple[Area, ...] = ()
    service: Service | None = None
    intake: Key | None = None


class Collateral(msgspec.Struct, frozen=True, kw_only=True):
    """A healthy operator whose customers complain as well: they cannot reach those who are down.

    Attributes:
        operator: The healthy one.
        share: Complaints about it, as a share of those about the operators that are down.
        kind: What they say.
    """

    operator: Key
    share: Share
    kind: Key = "collateral"


class OutageIn(msgspec.Struct, frozen=True, kw_only=True):
    """An outage. The curve begins and ends with a share of 0: start and end.

    Attributes:
        kind: Family of outages, for scores: `core_failure`, `cell_fault`, `fibre_cut` ...
        severity: How grave it truly was; None leaves it out of the scores of severity.
        operators: Operators whose customers are hit; those with the roles primary and hosted, if empty.
        areas: Where, one by one; or `where`: all areas at or below these ids, with `share` of the customers.
        creep_minutes: Each area of `where` goes down so much later than the one before.
        services: Down for those who are hit, weighted by how much they are talked about.
        elements: Network elements that fail with it.
        items: TV channels or technologies, if only these are down.
        reaction: Factor on how much people say: 0 for an outage of which only `planted` tells.
        measured: How much of it telemetry shows: 0 none, 1 all.
        speaks: What complaints say, by weight; `complaint` if empty.
        blamed: Operators that are healthy and held responsible.
    """

    id: Key
    kind: Key = "outage"
    severity: Severity | None = None
    curve: Annotated[tuple[CurvePoint, ...], msgspec.Meta(min_length=2)]
    operators: tuple[Key, ...] = ()
    areas: tuple[AreaHit, ...] = ()
    where: tuple[Area, ...] = ()
    share: Share = 1.0
    creep_minutes: Rate = 0.0
    services: dict[Service, Positive]
    elements: tuple[Key, ...] = ()
    items: tuple[Short, ...] = ()
    suspected_element: Short | None = None
    cause: CauseKind
    nature: Nature
    extent: Extent
    emergency_numbers: tuple[DialledNumber, ...] = ()
    reaction: Rate = 1.0
    measured: Share = 1.0
    speaks: dict[Key, Positive] = {}
    ticket_speaks: dict[Key, Positive] = {}
    planted: tuple[Planted, ...] = ()
    collateral: tuple[Collateral, ...] = ()
    blamed: tuple[Key, ...] = ()
    talk: tuple[Talk, ...] = ()
    ticket_talk: tuple[Talk, ...] = ()
    threads: tuple[Thread, ...] = ()
    statements: tuple[Statement, ...] = ()


class Surge(msgspec.Struct, frozen=True, kw_only=True):
    """A crowd that has something to say or to watch, and no outage.

    Rates are at the full height of the surge, of all areas of the operator together, before `share` thins them.

    Attributes:
        operator: Id of the operator whose customers write; the primary operator's if empty.
        where: Only in these areas and below; everywhere if empty.
        ramp_minutes: It rises and falls over this time, inside its start and end.
        posts: Posts an hour by kind.
        tickets: Tickets an hour by kind, over all desks.
        load: Factor on what people use: the part of a metric that swings with the rhythm.
        calls: Factor on usual calls to the call centre.
        writers: Accounts that write the posts, all new; the customers if 0.
        reposts: Share of the posts that are someone's repost of the one before.
        hashtag: Put at the end of every post of it.
    """

    id: Key
    operator: Key | None = None
    where: tuple[Area, ...] = ()
    starts_at: datetime
    ends_at: datetime
    ramp_minutes: Rate = 10.0
    posts: dict[Key, Rate] = {}
    tickets: dict[Key, Rate] = {}
    load: Positive = 1.0
    calls: Positive = 1.0
    writers: Whole = 0
    reposts: Share = 0.0
    hashtag: Short | None = None


class FeedFault(msgspec.Struct, frozen=True, kw_only=True):
    """The monitoring itself fails; customers do not notice.

    Attributes:
        kind: `broken` sends `value` with noise; `stuck` repeats the last value; `dead` sends nothing;
            `backlog` holds back and sends all at the end; `ahead` writes times `ahead_seconds` in the future.
        feed: The collector.
        metric: Only this one; all if empty.
        targets: Areas or elements; all that the feed measures, if empty.
        value: What a broken probe reports.
    """

    id: Key
    kind: FaultKind
    feed: Key
    metric: Key | None = None
    targets: tuple[Line, ...] = ()
    starts_at: datetime
    ends_at: datetime
    value: float = 0.0
    ahead_seconds: int = 86_400


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A deploy that moves a level for good: from `at` on a metric is so many times what it was."""

    at: datetime
    feed: Key
    metric: Key
    factor: Positive


class TrapIn(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time in which something looks like an outage and is none; for the truth.

    Attributes:
        kind: Family of traps, for scores: `rumour`, `bot_campaign`, `dead_feed` ...
        operators: Operators of whom an incident then would be false; the primary one if empty.
    """

    id: Key
    kind: Key
    starts_at: datetime
    ends_at: datetime
    operators: tuple[Key, ...] = ()

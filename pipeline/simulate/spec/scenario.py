"""What a world is made of: the types that a scenario file is read into.

Rates are those of the real world; `share` says which part of them is written,
so that a recording stays small while every ratio in it stays true. Times are
local, without zone, as people remember an outage.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.vocabulary import Area, Key, Line, Market, Role, Service, Short, TimeZone
from pipeline.simulate.spec.events import (
    CommandIn,
    FeedFault,
    Numbering,
    OutageIn,
    Positive,
    Rate,
    Share,
    Shift,
    Statement,
    Surge,
    Thread,
    TrapIn,
    Whole,
)

Intake = Literal["phone", "app", "button", "web", "chat", "bot", "shop", "email"]
Part = Literal["primary", "hosted", "roaming", "rival"]
HhMm = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Weights24(msgspec.Struct, frozen=True, kw_only=True):
    """A rhythm as weights: 24 hours and, from Monday, 7 weekdays."""

    hours: Annotated[tuple[Rate, ...], msgspec.Meta(min_length=24, max_length=24)]
    weekdays: Annotated[tuple[Rate, ...], msgspec.Meta(min_length=7, max_length=7)]


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """How long a record is on its way to Kafka: log-normal, cut at `max_ms`."""

    median_ms: Rate
    spread: Rate = 0.5
    max_ms: Whole = MINUTE_MS


class OperatorIn(msgspec.Struct, frozen=True, kw_only=True):
    """An operator and the ways people write its name, the commonest first.

    Attributes:
        role: What it is to this world: `primary` (exactly one), `hosted` on its network, a `roaming` partner whose
            customers are guests there, or a `rival` with a network of its own.
        reach: Share of the population that has each service from it, in every town of the world; empty
            if its areas are given one by one.
        host: Id of the operator on whose network this one runs.
    """

    id: Key
    role: Part
    spellings: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]
    reach: dict[Service, Share] = {}
    host: Key | None = None

    @property
    def true_role(self) -> Role:
        """What it is in an incident if it is down."""
        return "hosted" if self.role in {"hosted", "roaming"} else "primary"


class PlaceIn(msgspec.Struct, frozen=True, kw_only=True):
    """A town of a market: its people (GeoNames), and the ways they write its name, the commonest first."""

    id: Area
    population: Numbering
    spellings: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]
    hashtags: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]
    postcodes: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the guide: it runs at the same time on each of its weekdays (0 is Monday)."""

    title: Short
    starts: HhMm
    minutes: Numbering
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


class ChannelIn(msgspec.Struct, frozen=True, kw_only=True):
    """A TV channel, the ways people write it, and its guide."""

    name: Short
    spellings: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]
    guide: tuple[Programme, ...] = ()


class AreaIn(msgspec.Struct, frozen=True, kw_only=True):
    """An area: its customers by service, and the ways people write its name, the commonest first.

    A household has several services, so the area's customers are the largest of the numbers.
    """

    id: Area
    operator: Key
    customers: dict[Service, Whole]
    spellings: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]
    hashtags: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]
    postcodes: Annotated[tuple[Short, ...], msgspec.Meta(min_length=1)]

    @property
    def people(self) -> int:
        """Customers of any service."""
        return max(self.customers.values(), default=0)


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """A network element that is not in any one town; `area` is the region it serves."""

    id: Key
    operator: Key
    area: Area


class MetricIn(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a feed: its usual value, and its value where everything is down.

    Attributes:
        base: Usual mean; per customer of the service if `per_customer`.
        down: Mean where all customers are hit; partly hit areas lie between.
        swing: How far the rhythm moves it: 0 not at all, 1 in proportion.
        noise: Standard deviation from reading to reading, relative to the usual value.
        wander: Standard deviation of a slow drift over hours, relative to the usual value.
        digits: Decimals that the probe reports.
        attempts: Calls or sessions that one reading stands for, per customer; 0 leaves the field out.
        item: The TV channel or technology that it measures, if only that.
        counter: The probe reports a sum since its last reset, not the figure itself.
    """

    name: Key
    unit: Literal["count", "ratio", "ms", "s", "kbps", "dbm", "score"]
    service: Service | None = None
    base: float
    down: float
    swing: Share = 0.0
    noise: Rate = 0.0
    wander: Rate = 0.0
    digits: Whole = 3
    per_customer: bool = False
    attempts: Rate = 0.0
    item: Short | None = None
    counter: bool = False


class FeedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A collector: what it measures, how often and how reliably.

    Attributes:
        elements: The elements it measures; without any it measures every area.
        jitter_ms: Readings are taken up to this much after the full interval.
        loss: Share of collections that never arrive; `loss_down` where all is down.
        operators: Operators whose areas are measured; the primary operator's if empty.
        gaps_per_day: How often a day a target sends nothing for `gap_minutes`, on the mean.
        resets_per_day: How often a day the counters of a target begin anew, on the mean.
        clock_offset_seconds: Its clock is ahead by so much; behind, if negative.
    """

    name: Key
    interval_seconds: Numbering
    elements: tuple[Key, ...] = ()
    jitter_ms: Whole = 0
    loss: Share = 0.0
    loss_down: Share = 0.0
    operators: tuple[Key, ...] = ()
    gaps_per_day: Rate = 0.0
    gap_minutes: Positive = 5.0
    resets_per_day: Rate = 0.0
    clock_offset_seconds: int = 0
    delay: Delay
    rhythm: Key
    metrics: Annotated[tuple[MetricIn, ...], msgspec.Meta(min_length=1)]


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """How people who lose their service make themselves heard.

    Attributes:
        first_wave: Share of newly hit customers who write once, soon.
        minutes: Mean time until they do (gamma distributed, shape 2).
        per_hour: Later messages per hit customer and hour, at average busyness.
        fade_hours: After this time the later messages are down to 37 %.
        back: Share of customers who write when it works again.
    """

    first_wave: Share
    minutes: Positive
    per_hour: Rate
    fade_hours: Positive
    back: Share = 0.0


class Everyday(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of message of normal life; `per_hour` is the mean over a week, all areas together."""

    kind: Key
    per_hour: Rate


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """Where people post.

    Attributes:
        place_share: Share of the posts that name a place beside the text.
        kinds: Kinds of text that it takes; all, if empty. A crowd site takes reports of faults only.
    """

    name: Key
    weight: Positive
    place_share: Share
    kinds: tuple[Key, ...] = ()


class Mentions(msgspec.Struct, frozen=True, kw_only=True):
    """Public posts. `burst_k` is the size of the negative binomial: small is bursty.

    `late_share` of them come up to `late_minutes` later than they should.
    """

    share: Share
    rhythm: Key
    burst_k: Positive
    everyday: tuple[Everyday, ...]
    platforms: Annotated[tuple[Platform, ...], msgspec.Meta(min_length=1)]
    reaction: Reaction
    named_service: Share
    reposts: Share
    duplicates: Share
    late_share: Share = 0.0
    late_minutes: Rate = 0.0
    delay: Delay


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One way tickets come in. The phone's numbers follow the call centre instead of a reaction."""

    intake: Intake
    rhythm: Key
    everyday_per_hour: Rate
    reaction: Reaction | None = None
    per_answered_call: Share = 0.0


class Tickets(msgspec.Struct, frozen=True, kw_only=True):
    """Complaints to the operators named (the primary one and those on its network, if empty); lateness as of posts."""

    share: Share
    operators: tuple[Key, ...] = ()
    burst_k: Positive
    everyday_kinds: dict[Key, Positive]
    desks: Annotated[tuple[Desk, ...], msgspec.Meta(min_length=1)]
    named_service: Share
    duplicates: Share
    late_share: Share = 0.0
    late_minutes: Rate = 0.0
    delay: Delay


class CareIn(msgspec.Struct, frozen=True, kw_only=True):
    """A call centre, as a queue: calls in, calls answered, calls given up.

    Attributes:
        calls_per_hour: Usual calls, mean over a week.
        answers_per_hour: What the staff can answer, mean over a week.
        lines: Calls that can wait at once; more hear the busy tone and are lost.
        patience_minutes: Mean time after which a caller gives up.
        calls_per_hit_hour: Calls per hit customer and hour; fades as the reaction of posts does.
    """

    operator: Key
    area: Area
    queue: Short
    interval_seconds: Numbering
    rhythm: Key
    calls_per_hour: Rate
    answers_per_hour: Positive
    lines: Numbering
    patience_minutes: Positive
    calls_per_hit_hour: Rate
    fade_hours: Positive
    delay: Delay


class ScenarioFile(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as it stands in its file, with its bases under it and its draws made.

    Attributes:
        places: Towns that the market's file knows.
        towns: Those of them that this world has; every operator with a `reach` serves them all.
        areas: Areas given one by one, beside the towns.
        holidays: Calendar of public holidays (`pipeline.reference.calendars`): a holiday's rhythm is a Sunday's.
        growth_per_week: How much more of everything there is each week; 0.01 is one in a hundred.
    """

    name: Key
    title: Line
    facts: tuple[Line, ...] = ()
    market: Market
    time_zone: TimeZone
    language: Literal["de", "fr", "en"]
    texts: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    lanes: Numbering = 4
    starts_at: datetime
    ends_at: datetime
    holidays: Key | None = None
    growth_per_week: float = 0.0
    rhythms: dict[Key, Weights24]
    operators: Annotated[tuple[OperatorIn, ...], msgspec.Meta(min_length=1)]
    places: tuple[PlaceIn, ...] = ()
    towns: tuple[Area, ...] = ()
    areas: tuple[AreaIn, ...] = ()
    channels: tuple[ChannelIn, ...] = ()
    elements: tuple[Element, ...] = ()
    feeds: tuple[FeedIn, ...] = ()
    mentions: Mentions | None = None
    tickets: Tickets | None = None
    care: CareIn | None = None
    statements: tuple[Statement, ...] = ()
    commands: tuple[CommandIn, ...] = ()
    outages: tuple[OutageIn, ...] = ()
    traps: tuple[TrapIn, ...] = ()
    surges: tuple[Surge, ...] = ()
    threads: tuple[Thread, ...] = ()
    faults: tuple[FeedFault, ...] = ()
    shifts: tuple[Shift, ...] = ()

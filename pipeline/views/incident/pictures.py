"""Pictures of one incident: how many were without service, how the estimated end moved, the mood around messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import AROUND_MS, SentimentAround
from pipeline.records.vocabulary import PPM
from pipeline.views.drawing import Axis, Tick, envelope, line, ticks_of
from pipeline.views.run import surer
from pipeline.views.span import Span
from pipeline.views.words import Clock, counted

HEIGHT: Final = 160.0
_MARGIN: Final = 0.04
"""Part of the length that is drawn before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing, 1000 wide, with its axes.

    Attributes:
        title: What it shows, and what it says to who does not see it.
        spread: Area between least and greatest.
        likely: Line of the likely value; '' if there is none.
        top: What the upper edge means.
        bottom: What the lower edge means.
        ticks: Marks of the axis of time.
        marks: Moments: what, and where in percent.
    """

    title: str
    spread: str
    likely: str
    top: str
    bottom: str
    ticks: tuple[Tick, ...]
    marks: tuple[tuple[str, float], ...]


def pictures_of(
    revisions: Sequence[Incident], clock: Clock, messages: Sequence[SentimentAround] = ()
) -> tuple[Picture, ...]:
    """The pictures for which there is something to draw.

    Args:
        revisions: Revisions of one incident, rising.
        clock: Zone of the times.
        messages: What people said around each message of the operator, in the order of time.
    """
    now = revisions[-1]
    begin = int(now.started_at or now.opened_at)
    end = max(int(now.ended_at or begin), int(now.resolved_at or now.updated_at), begin + MINUTE_MS)
    margin = int((end - begin) * _MARGIN) + MINUTE_MS
    span = Span(begin - margin, end + margin)
    said = now.communication
    moments = (
        ("confirmed", now.confirmed_at),
        ("first word", None if said is None else said.first_official_at),
        ("ended", now.ended_at),
        ("all clear", now.resolved_at),
    )
    marks = tuple((name, span.percent(int(at))) for name, at in moments if at is not None and span.holds(int(at)))
    drawn = (_customers(revisions, span), _estimates(now, span, clock), _moods(messages, span))
    return tuple(
        Picture(
            title=title,
            spread=spread,
            likely=likely,
            top=top,
            bottom=bottom,
            ticks=tuple(ticks_of(span, clock)),
            marks=marks,
        )
        for title, spread, likely, top, bottom in (part for part in drawn if part is not None)
    )


_Drawn = tuple[str, str, str, str, str]


def _customers(revisions: Sequence[Incident], span: Span) -> _Drawn | None:
    told = [(int(row.updated_at), row.customers_affected) for row in surer(revisions)]
    known = [(at, numbers) for at, numbers in told if numbers is not None and span.holds(at)]
    top = max((numbers.high for _, numbers in known), default=0)
    if not top:
        return None
    axis = Axis(0.0, float(top) * 1.05, HEIGHT)
    low, high, likely = (
        _stairs([(at, float(value)) for at, value in row], span, axis)
        for row in (
            [(at, numbers.low) for at, numbers in known],
            [(at, numbers.high) for at, numbers in known],
            [(at, numbers.high if numbers.likely is None else numbers.likely) for at, numbers in known],
        )
    )
    title = f"Customers without service, least to greatest; at most {top:,}"
    return title, envelope(high, low), line(likely), f"{top:,}", "0"


def _estimates(now: Incident, span: Span, clock: Clock) -> _Drawn | None:
    """When it was estimated to end, as known at each moment."""
    rows = [*(now.estimated_end_history or ()), *([now.estimated_end] if now.estimated_end else [])]
    rows = [row for row in rows if span.holds(int(row.made_at))]
    if not rows:
        return None
    first, last = min(int(row.earliest) for row in rows), max(int(row.latest) for row in rows)
    axis = Axis(float(first), float(max(last, first + MINUTE_MS)), HEIGHT)
    low, high, likely = (
        _stairs([(int(row.made_at), float(value)) for row, value in values], span, axis)
        for values in (
            [(row, int(row.earliest)) for row in rows],
            [(row, int(row.latest)) for row in rows],
            [(row, int(row.likely or row.latest)) for row in rows],
        )
    )
    title = f"How the estimated end moved: {len(rows)} estimates"
    edges = [clock.moment(at // MINUTE_MS * MINUTE_MS, beside) for at, beside in ((last, first), (first, last))]
    return title, envelope(high, low), line(likely), edges[0], edges[1]


def _moods(messages: Sequence[SentimentAround], span: Span) -> _Drawn | None:
    """The balance of the half hours before and after each message, with its margin: a step at each of them."""
    axis = Axis(-1.0, 1.0, HEIGHT)
    low: list[tuple[float, float] | None] = []
    high, likely = [*low], [*low]
    drawn = 0
    for around in messages:
        at, sides = int(around.at), (around.before_ppm, around.after_ppm)
        if not span.holds(at) or sides == (None, None):
            continue
        drawn += 1
        margins = (around.before_margin_ppm or 0, around.after_margin_ppm or 0)
        for balance, margin, begin in zip(sides, margins, (at - AROUND_MS, at), strict=True):
            if balance is None:
                continue
            for moment in (begin, begin + AROUND_MS):
                likely.append((span.x(moment), axis.y(balance / PPM)))
                high.append((span.x(moment), axis.y((balance + margin) / PPM)))
                low.append((span.x(moment), axis.y((balance - margin) / PPM)))
        for row in (low, high, likely):
            row.append(None)
    if not drawn:
        return None
    title = f"Mood in the half hours before and after {counted(drawn, 'message')} of the operator, with its margin"
    return title, envelope(high, low), line(likely), "all in favour", "all hostile"


def _stairs(points: Sequence[tuple[int, float]], span: Span, axis: Axis) -> list[tuple[float, float] | None]:
    """A value holds until the next one is known, and the last one to the end."""
    found: list[tuple[float, float] | None] = []
    ends = [*(at for at, _ in points[1:]), span.end_ms]
    for (at, value), until in zip(points, ends, strict=True):
        found += [(span.x(at), axis.y(value)), (span.x(until), axis.y(value))]
    return found

"""Small multiples: the signals of each source against what was expected.

Only curves of the operators concerned are drawn, the most surprising of each
source first, and at most so many that a person still reads them; how many were
left out is said. "No verdict" is hatched: a detector that is still learning,
or that hears nothing, must not look like one that is content.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan
from statistics import median
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.views.drawing import Axis, Bucket, axis_for, buckets_of, envelope, line, short
from pipeline.views.run import Curve, CurveKey, Run
from pipeline.views.span import Span
from pipeline.views.words import Clock, measure_of, quantity

HEIGHT: Final = 56
"""Height of a panel, in pixels and in its own units."""

STANDS_OUT: Final = 4.0
"""-log10 p from which a step is marked: one in ten thousand normal steps."""

CARE: Final = frozenset(
    {
        "calls_offered",
        "calls_answered",
        "calls_abandoned",
        "calls_waiting",
        "longest_wait_seconds",
        "avg_speed_of_answer_seconds",
        "abandonment_ratio",
        "service_level_ratio",
        "csat_score",
    }
)
"""Metrics of a call centre: telemetry by topic, but care's own voice."""

GROUPS: Final = {
    "mentions": ("Mentions", "what people say in public", 5),
    "tickets": ("Tickets", "what customers tell the operator", 4),
    "telemetry": ("Telemetry", "what the network says", 12),
    "care": ("Call centre", "how the hotline copes", 6),
}
"""Title, what it is, and how many panels at most."""

_REGIONS_MAX: Final = 2
_STEPS_MISSING: Final = 6
EVENTS: Final = frozenset(
    {"complaints", "contacts", "activity", "reactions", "calls_offered", "calls_answered", "calls_abandoned"}
)
"""Counted per step, and drawn as heaps on zero; everything else is a level."""

_LINE: Final = HEIGHT - 6
"""The lowest 6 units are for marks of what stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The curves of one source that are drawn.

    Attributes:
        omitted: How many more there are of the operators concerned.
    """

    name: str
    title: str
    about: str
    curves: tuple[tuple[CurveKey, Curve], ...]
    omitted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One drawing, ready for the page; paths are in units of 1000 x `HEIGHT`.

    Attributes:
        unsure: Stretches without a verdict: left and width in per cent.
        points: For the pointer: place (0 to 1000), observed and expected as text.
    """

    title: str
    where: str
    unit: str
    area: str
    middle: str
    expected: str
    marks: str
    unsure: tuple[tuple[float, float], ...]
    high: str
    low: str
    peak: str
    points: tuple[tuple[int, str, str], ...]


def choose(run: Run, operators: Sequence[str]) -> list[Chosen]:
    """Which curves to draw, by source.

    Args:
        run: The run.
        operators: Those concerned, the primary one first; empty means all.
    """
    rank = {operator: number for number, operator in enumerate(operators)}
    groups: dict[str, list[tuple[CurveKey, Curve]]] = {name: [] for name in GROUPS}
    for key, curve in run.curves.items():
        name = _group_of(key)
        if name in groups and (not rank or key.operator in rank):
            groups[name].append((key, curve))
    chosen = []
    for name, (title, about, most) in GROUPS.items():
        found = _at_best_level(name, groups[name])
        found.sort(
            key=lambda pair: (
                rank.get(pair[0].operator, 0),
                pair[0].measure != "complaints",
                -pair[1].surprise_max,
                pair[0],
            )
        )
        chosen.append(
            Chosen(name=name, title=title, about=about, curves=tuple(found[:most]), omitted=max(len(found) - most, 0))
        )
    return [group for group in chosen if group.curves]


def _group_of(key: CurveKey) -> str:
    return "care" if key.source == "telemetry" and key.measure in CARE else key.source


def _at_best_level(name: str, curves: list[tuple[CurveKey, Curve]]) -> list[tuple[CurveKey, Curve]]:
    """Keeps the curves of regions for the network, of the nation for people and the call centre; else what there is."""
    same: dict[CurveKey, list[tuple[CurveKey, Curve]]] = {}
    for key, curve in curves:
        same.setdefault(key._replace(area=""), []).append((key, curve))
    kept = []
    for found in same.values():
        regions = [pair for pair in found if "/" in pair[0].area]
        nations = [pair for pair in found if "/" not in pair[0].area]
        regions.sort(key=lambda pair: (-pair[1].surprise_max, pair[0]))
        kept += (regions[:_REGIONS_MAX] or nations) if name == "telemetry" else (nations or regions[:1])
    return kept


def panel_of(run: Run, key: CurveKey, curve: Curve, span: Span, clock: Clock) -> Panel:
    """Draw one curve within a window.

    Args:
        run: The run, whose names of places and operators are used.
        key: Which curve.
        curve: What was judged, step by step.
        span: The window.
        clock: Writes times as they are read where the run was.
    """
    buckets = buckets_of(curve, span)
    axis = axis_for(buckets, key.unit, _LINE)
    size, gap = _bucket_ms(buckets), _gap_ms(curve, buckets)
    spots = [*_with_gaps(buckets, gap)]
    places = [None if b is None else span.x(b.start_ms + size / 2) for b in spots]

    def row(pick: str) -> list[tuple[float, float] | None]:
        values = [None if b is None else getattr(b, pick) for b in spots]
        return [None if x is None or v is None else (x, axis.y(v)) for x, v in zip(places, values, strict=True)]

    stands = key.measure in EVENTS and axis.low == 0
    tops = row("most")
    floor = [None if top is None else (top[0], axis.y(0.0)) for top in tops] if stands else row("least")
    return Panel(
        title=measure_of(key.measure, key.service, key.item) + _per_step(key, curve),
        where=_where(run, key),
        unit=key.unit,
        area=envelope(tops, floor),
        middle=line(tops if stands else row("middle")),
        expected=line(row("expected")),
        marks=_marks(buckets, span, (size, 2.2 * size)),
        unsure=_unsure(buckets, span, (size, gap)),
        high=_top(buckets, key.unit),
        low=quantity(axis.low, key.unit) if buckets else "",
        peak=_peak(curve, key.unit, span, clock),
        points=_points(buckets, key.unit, span, size),
    )


def _where(run: Run, key: CurveKey) -> str:
    operator = run.operator_names.get(key.operator, key.operator)
    return f"{operator} · {run.area_names.get(key.area, key.area)}"


def _bucket_ms(buckets: Sequence[Bucket]) -> float:
    gaps = [after.start_ms - before.start_ms for before, after in pairwise(buckets)]
    return median(gaps) if gaps else MINUTE_MS


def _step_ms(curve: Curve) -> float:
    ends = curve.ended_ms
    return median(after - before for before, after in pairwise(ends)) if len(ends) > 1 else MINUTE_MS


def _gap_ms(curve: Curve, buckets: Sequence[Bucket]) -> float:
    """From which distance between buckets on a line is broken: several steps are missing."""
    return max(_STEPS_MISSING * _step_ms(curve), 2.6 * _bucket_ms(buckets))


def _per_step(key: CurveKey, curve: Curve) -> str:
    if key.measure not in EVENTS:
        return ""
    ends = curve.ended_ms  # the shortest: a curve that was thinned out has gaps, its values are still of one pane
    minutes = round(min((after - before for before, after in pairwise(ends)), default=MINUTE_MS) / MINUTE_MS)
    return " a minute" if minutes <= 1 else f" in {minutes} minutes"


def _top(buckets: Sequence[Bucket], unit: str) -> str:
    return (
        quantity(max((v for b in buckets for v in (b.most, b.expected) if v is not None), default=0.0), unit)
        if buckets
        else ""
    )


def _with_gaps(buckets: Sequence[Bucket], gap_ms: float) -> Iterable[Bucket | None]:
    """The buckets, and None where too many steps are missing."""
    before: Bucket | None = None
    for bucket in buckets:
        if before is not None and bucket.start_ms - before.start_ms > gap_ms:
            yield None
        yield bucket
        before = bucket


def _marks(buckets: Sequence[Bucket], span: Span, sizes: tuple[float, float]) -> str:
    """A stroke at the foot for each stretch that stands out."""
    parts = []
    for left, right in _stretches([b for b in buckets if (b.surprise or 0.0) >= STANDS_OUT], sizes):
        parts.append(f"M{short(span.x(left))} {HEIGHT - 2}H{short(max(span.x(right), span.x(left) + 1.5))}")
    return "".join(parts)


def _unsure(buckets: Sequence[Bucket], span: Span, sizes: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    stretches = _stretches([b for b in buckets if b.expected is None], sizes)
    return tuple((span.percent(left), round(span.percent(right) - span.percent(left), 3)) for left, right in stretches)


def _stretches(buckets: Sequence[Bucket], sizes: tuple[float, float]) -> list[tuple[float, float]]:
    """Buckets of one kind, joined where they are nearer than a gap: their width, and the gap."""
    width, gap = sizes
    joined: list[tuple[float, float]] = []
    for bucket in buckets:
        start, end = bucket.start_ms, bucket.start_ms + width
        if joined and end - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _peak(curve: Curve, unit: str, span: Span, clock: Clock) -> str:
    """The step that lies farthest from its expectation, of those that stand out, in words; nothing if none does."""
    far = [
        (abs(seen - usual), -ended, seen, usual)
        for ended, seen, usual, surprise in zip(
            curve.ended_ms, curve.observed, curve.expected, curve.surprise, strict=True
        )
        if surprise >= STANDS_OUT and span.start_ms < ended <= span.end_ms and not isnan(seen - usual)
    ]
    if not far:
        return ""
    _, earliest, value, expected = max(far)
    when = clock.moment(-earliest, span.end_ms)
    return f"{quantity(value, unit)} at {when}, {quantity(round(expected, 4), unit)} expected"


def _points(buckets: Sequence[Bucket], unit: str, span: Span, size: float) -> tuple[tuple[int, str, str], ...]:
    points = []
    for bucket in buckets:
        if bucket.least is None or bucket.most is None:
            continue
        low, high = quantity(bucket.least, unit), quantity(bucket.most, unit)
        seen = low if low == high else f"{low} – {high}"
        expected = "" if bucket.expected is None else quantity(round(bucket.expected, 4), unit)
        points.append((round(span.x(bucket.start_ms + size / 2)), seen, expected))
    return tuple(points)


def estimate_axis(values: Iterable[float]) -> Axis:
    """A range for numbers of customers: from none to the most."""
    return Axis(0.0, max([*values, 1.0]) * 1.05, HEIGHT)


def steps(points: Sequence[tuple[int, float]], span: Span, axis: Axis, until_ms: int) -> list[tuple[float, float]]:
    """Find the corners of a line for a value that holds until the next is known.

    Args:
        points: Milliseconds and value, in order of time.
        span: The window.
        axis: The range of values.
        until_ms: When the last value ends to hold, in milliseconds.

    Returns:
        Places in the drawing; none if the value is not known in the window.
    """
    if not points or points[0][0] > span.end_ms or until_ms < span.start_ms:
        return []
    before = [point for point in points if point[0] <= span.start_ms][-1:]
    inside = [point for point in points if span.start_ms < point[0] <= span.end_ms]
    corners: list[tuple[float, float]] = []
    for at, value in [*before, *inside]:
        corners += [(span.x(at), corners[-1][1])] if corners else []
        corners.append((span.x(at), axis.y(value)))
    return [*corners, (span.x(until_ms), corners[-1][1])]

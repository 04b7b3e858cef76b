"""Curves as paths: a scale, buckets with least and most, and the letters of SVG.

A curve of a fortnight has twenty thousand steps and a page a thousand points,
so steps are put in buckets and each bucket keeps its least and its greatest
value: a spike of one minute is still seen. Every drawing is 1000 units wide
and is stretched to its place (strokes are not), so a page fits any width
without a script; text therefore never stands inside a drawing.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.views.run import Curve
from pipeline.views.span import Span
from pipeline.views.words import Clock

BUCKETS: Final = 400
"""Across a drawing; at usual widths 2 to 3 pixels each."""

_STEPS_MS: Final = tuple(
    n * unit
    for unit, ns in ((MINUTE_MS, (5, 10, 15, 30)), (HOUR_MS, (1, 2, 3, 6, 12)), (DAY_MS, (1, 2, 7)))
    for n in ns
)
_TICKS_MAX: Final = 13
_HEADROOM: Final = 1.06
_SPAN_RATIO_MIN: Final = 0.02
"""Least range of a ratio's axis: two points of per cent, so that noise does not look like a cliff."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Some steps of a curve together; None where nothing was measured, or no verdict given."""

    start_ms: float
    least: float | None = None
    most: float | None = None
    expected: float | None = None
    surprise: float | None = None

    @property
    def middle(self) -> float | None:
        """Between least and most."""
        return None if self.least is None or self.most is None else (self.least + self.most) / 2


def buckets_of(curve: Curve, span: Span, count: int = BUCKETS) -> list[Bucket]:
    """Put the steps of a window into buckets.

    Args:
        curve: What was judged, step by step.
        span: The window.
        count: Buckets in the window at most, 1 or more; none is shorter than a minute.

    Returns:
        One bucket for each part of the window that has steps, in order of time;
        a step longer than a bucket is one bucket, none is invented between.
    """
    size = max(span.length_ms / count, MINUTE_MS)
    groups: dict[int, list[int]] = {}
    for index, ended in enumerate(curve.ended_ms):
        if span.start_ms < ended <= span.end_ms:
            groups.setdefault(int((ended - span.start_ms - 1) / size), []).append(index)
    return [_bucket(curve, span.start_ms + number * size, indexes) for number, indexes in sorted(groups.items())]


def _bucket(curve: Curve, start_ms: float, indexes: list[int]) -> Bucket:
    seen = _known(curve.observed, indexes)
    expected = _known(curve.expected, indexes)
    surprise = _known(curve.surprise, indexes)
    return Bucket(
        start_ms=start_ms,
        least=min(seen, default=None),
        most=max(seen, default=None),
        expected=sum(expected) / len(expected) if expected else None,
        surprise=max(surprise, default=None),
    )


def _known(values: Sequence[float], indexes: Iterable[int]) -> list[float]:
    return [values[index] for index in indexes if not math.isnan(values[index])]


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values and where it lies on a drawing of some height."""

    low: float
    high: float
    height: float

    def y(self, value: float) -> float:
        """Vertical place, 0 at the top, cut at the edges."""
        part = (value - self.low) / (self.high - self.low)
        return self.height * (1 - min(max(part, 0.0), 1.0))


def axis_for(buckets: Sequence[Bucket], unit: str, height: float) -> Axis:
    """Choose a fitting range: counts stand on zero, ratios reach their top, levels keep air around them.

    Args:
        buckets: What is to be drawn.
        unit: Unit of the values, such as `count` or `ratio`.
        height: Height of the drawing, in its own units, above 0.
    """
    values = [v for b in buckets for v in (b.least, b.most, b.expected) if v is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if unit == "ratio":
        spread = max(high - low, _SPAN_RATIO_MIN)
        return Axis(max(high - spread * _HEADROOM, 0.0), high + spread * 0.04, height)
    if unit == "dbm":
        pad = max((high - low) * 0.1, 1.0)
        return Axis(low - pad, high + pad, height)
    return Axis(min(low, 0.0), max(high, 1.0 if unit == "count" else high or 1.0) * _HEADROOM, height)


def short(value: float) -> str:
    """A coordinate in as few letters as do."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def line(points: Sequence[tuple[float, float] | None]) -> str:
    """An SVG path through points; a gap where one is missing.

    >>> line([(0, 1), (2, 3.25), None, (5, 6)])
    'M0 1L2 3.2M5 6h.1'
    """
    parts: list[str] = []
    pen_down = False
    for index, point in enumerate(points):
        if point is None:
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{short(point[0])} {short(point[1])}")
        alone = not pen_down and (index + 1 == len(points) or points[index + 1] is None)
        if alone:
            parts.append("h.1")  # a dot: a lone move draws nothing
        pen_down = True
    return "".join(parts)


def envelope(tops: Sequence[tuple[float, float] | None], lows: Sequence[tuple[float, float] | None]) -> str:
    """Closed SVG areas between two rows of points, one for each stretch without a gap.

    >>> envelope([(0, 1), (2, 1)], [(0, 3), (2, 4)])
    'M0 1L2 1L2 4L0 3Z'
    """
    parts: list[str] = []
    run: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for pair in [*zip(tops, lows, strict=True), (None, None)]:
        if pair[0] is not None and pair[1] is not None:
            run.append((pair[0], pair[1]))
            continue
        if len(run) > 1:
            parts.append(line([top for top, _ in run]) + "".join(_to(low) for _, low in reversed(run)) + "Z")
        run = []
    return "".join(parts)


def _to(point: tuple[float, float]) -> str:
    return f"L{short(point[0])} {short(point[1])}"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the time axis; `major` ones (each second one) stay on a narrow screen."""

    percent: float
    label: str
    major: bool
    day: str = ""


def ticks_of(span: Span, clock: Clock) -> list[Tick]:
    """Round local times across a window, at most a dozen or so."""
    step = next((s for s in _STEPS_MS if span.length_ms / s <= _TICKS_MAX), _STEPS_MS[-1])
    times: list[int] = []
    midnight = clock.midnight(span.start_ms)
    while midnight <= span.end_ms and len(times) <= _TICKS_MAX * 4:
        after = clock.next_day(midnight)
        times += [t for t in range(midnight, after, min(step, DAY_MS)) if span.holds(t)]
        midnight = after
    if step > DAY_MS:
        times = times[:: step // DAY_MS]
    ticks, day = [], ""
    for index, time_ms in enumerate(times):
        date = clock.day(time_ms).removesuffix(f" {clock.at(time_ms).year}")
        label = date if step >= DAY_MS else clock.time(time_ms)
        ticks.append(Tick(span.percent(time_ms), label, index % 2 == 0, date if date != day and step < DAY_MS else ""))
        day = date
    return ticks

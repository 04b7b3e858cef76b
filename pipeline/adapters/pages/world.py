"""A picture of a world: how much each source writes, and what is true, on one axis of time.

It is drawn from the records themselves, not from the rates that were asked
for: a simulator that does other than it was told shows it here. Heights grow
as the square root of a rate, so that normal life is still seen beside an
outage that is a hundred times louder.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.adapters.pages.report import strict_environment
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.records.truth import Truth
from pipeline.views.drawing import Tick, envelope, short, ticks_of
from pipeline.views.span import WIDTH, Span
from pipeline.views.words import Clock, counted, lasting, plain

STEP_MS: Final = 10 * MINUTE_MS
STEPS_MAX: Final = 1_200
"""Beyond that a step is longer than ten minutes: more could not be told apart."""
KINDS_MAX: Final = 6
"""Most kinds of a source that are drawn apart; the rest is drawn as one."""
ROW_HEIGHT: Final = 110
LANE_HEIGHT: Final = 24
_ROWS: Final = {"telemetry": "readings", "tickets": "tickets", "mentions": "posts"}
_NAMED_WIDTH_MIN: Final = 7.0
"""Width of a letter of a lane's label: one that has no room on the right stands on the left."""


@dataclass(slots=True)
class Rates:
    """Records of a world by source, kind and step.

    Attributes:
        span: Span of the world.
        step_ms: A multiple of ten minutes.
        counts: Source and kind (collector, intake, platform) to the number of records in each step.
    """

    span: Span
    step_ms: int
    counts: dict[tuple[str, str], Counter[int]] = field(default_factory=dict)

    def add(self, topic: str, outcome: object, timestamp: int) -> None:
        """Count a record; orders and what cannot be read are not drawn.

        Args:
            topic: Topic that the record was sent to.
            outcome: The record as it was decoded, or why it cannot be.
            timestamp: Kafka timestamp of the record, in milliseconds.
        """
        if topic in _ROWS and (kind := _kind_of(outcome)) is not None:
            step = (timestamp - self.span.start_ms) // self.step_ms
            self.counts.setdefault((topic, kind), Counter())[step] += 1


def rates_for(truth: Truth) -> Rates:
    """Empty rates of a world, their steps as long as its length asks for."""
    span = Span(int(truth.started_at), int(truth.ended_at))
    return Rates(span=span, step_ms=STEP_MS * max(math.ceil(span.length_ms / STEP_MS / STEPS_MAX), 1))


def _kind_of(outcome: object) -> str | None:
    if isinstance(outcome, Reading):
        return outcome.vendor or outcome.queue or "other"
    if isinstance(outcome, Ticket):
        return outcome.intake
    return outcome.platform if isinstance(outcome, Mention) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One kind of a row, drawn on those before it."""

    kind: str
    records: int
    path: str
    shade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source; `grid` are heights with their rates."""

    name: str
    title: str
    layers: tuple[Layer, ...]
    grid: tuple[tuple[float, str], ...]
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch or a moment of the truth, in units of the drawing."""

    kind: str
    x: str
    width: str
    title: str
    label: str = ""
    label_x: str = "0"
    anchor: str = "start"


def draw_world(rates: Rates, truth: Truth, customers: int) -> str:
    """The picture as SVG.

    Args:
        rates: Rates of all records of the world.
        truth: Truth of the same world.
        customers: All of the world: what the share of those hit refers to.
    """
    clock, span = Clock(truth.time_zone), rates.span
    known = (_outages(truth, span, clock), _traps(truth, span, clock), _words(truth, span, clock))
    lanes = [("" if row else name, lane) for name, marks in known for row, lane in enumerate(_apart(marks))]
    top = 96 + LANE_HEIGHT * len(lanes)
    hit = _hit(truth, span, customers)
    first = top + 12 + (ROW_HEIGHT if hit else 0)
    rows = [
        _row(rates, topic, title, first + number * (ROW_HEIGHT + 26))
        for number, (topic, title) in enumerate(_ROWS.items())
    ]
    rows = [row for row in rows if row.layers]
    environment = strict_environment()
    ticks: list[Tick] = ticks_of(span, clock)
    height = first + len(rows) * (ROW_HEIGHT + 26) + 24
    return environment.get_template("world.svg.j2").render(
        truth=truth,
        when=" – ".join(f"{clock.day(at)} {clock.time(at)}" for at in (span.start_ms, span.end_ms)),
        zone=clock.zone,
        step=lasting(rates.step_ms),
        lanes=lanes,
        hit=hit,
        hit_y=top + 4,
        rows=rows,
        ticks=ticks,
        height=height,
        row_height=ROW_HEIGHT,
        lane_height=LANE_HEIGHT,
    )


def _row(rates: Rates, topic: str, title: str, y: int) -> Row:
    kinds = {kind: counts for (source, kind), counts in rates.counts.items() if source == topic}
    order = sorted(kinds, key=lambda kind: (-kinds[kind].total(), kind))
    groups = [(kind, kinds[kind]) for kind in order[:KINDS_MAX]]
    if len(order) > KINDS_MAX:
        groups.append(("others", sum((kinds[kind] for kind in order[KINDS_MAX:]), Counter())))
    steps = range(math.ceil(rates.span.length_ms / rates.step_ms))
    most = max((sum(counts[step] for _, counts in groups) for step in steps), default=0)
    below = dict.fromkeys(steps, 0)
    layers = []
    for shade, (kind, counts) in enumerate(groups):
        above = {step: below[step] + counts[step] for step in steps}
        tops, lows = (_outline(rates, heights, most) for heights in (above, below))
        layers.append(Layer(kind=kind, records=counts.total(), path=_between_lines(tops, lows), shade=shade))
        below = above
    return Row(name=topic, title=title, layers=tuple(layers), grid=_grid(most), y=y)


def _outline(rates: Rates, heights: Mapping[int, int], most: int) -> list[tuple[str, str]]:
    """Corners of a line of steps, level within each; a step as high as the one before has none."""
    corners: list[tuple[str, str]] = []
    for step, value in heights.items():
        y = short(_y(value, most))
        if not corners or corners[-1][1] != y:
            corners.append((short(rates.span.x(rates.span.start_ms + step * rates.step_ms)), y))
    return corners


def _between_lines(above: Sequence[tuple[str, str]], below: Sequence[tuple[str, str]]) -> str:
    """A closed path between two lines of steps, the upper one to the right and the lower one back.

    >>> _between_lines([("0", "5"), ("10", "2")], [("0", "9")])
    'M0 5H10V2H1000V9H0Z'
    """
    there = "".join(f"H{x}V{y}" for x, y in above[1:])
    back = "".join(f"V{y}H{x}" for x, y in reversed(below))
    return f"M{above[0][0]} {above[0][1]}{there}H{WIDTH}{back}Z"


def _y(value: float, most: int) -> float:
    return ROW_HEIGHT * (1 - math.sqrt(value / max(most, 1)))


def _grid(most: int) -> tuple[tuple[float, str], ...]:
    """Lines at 1, 10, 100 ... and at the most."""
    marks = [10**power for power in range(7) if most / 30 < 10**power < most * 0.7]
    return tuple((round(_y(value, most), 1), f"{value:,}") for value in (*marks[-2:], most) if value)


def _hit(truth: Truth, span: Span, customers: int) -> tuple[str, str, str] | None:
    """Customers without service as an area, and its greatest height in two lines."""
    minutes: Counter[int] = Counter()
    for outage in truth.outages:
        for index, hit in enumerate(outage.hit_per_minute):
            minutes[int(outage.started_at) + index * MINUTE_MS] += hit
    most = max(minutes.values(), default=0)
    if not most:
        return None
    height = ROW_HEIGHT - 20
    points: list[tuple[float, float] | None] = [
        (span.x(at), height * (1 - hit / most)) for at, hit in sorted(minutes.items())
    ]
    floor = [None if point is None else (point[0], float(height)) for point in points]
    return envelope(points, floor), f"up to {most:,}", f"{100 * most / max(customers, most):.3g} % of all"


def _mark(span: Span, ends: tuple[int, int], kind: str, words: tuple[str, str]) -> Mark:
    left, right = span.x(ends[0]), span.x(ends[1])
    width = max(right - left, 2.0)
    needed = _NAMED_WIDTH_MIN * len(words[0])
    at = left + width + 5 if left + width + needed < WIDTH else left - 5
    return Mark(
        kind=kind,
        x=short(left),
        width=short(width),
        label=words[0],
        label_x=short(at),
        anchor="start" if at > left else "end",
        title=words[1],
    )


def _apart(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Marks in as many lanes as it takes that none covers another's bar or label; moments may touch."""
    lanes: list[tuple[float, list[Mark]]] = []
    for mark in sorted(marks, key=lambda mark: float(mark.x)):
        wide = 0.0 if mark.kind == "word" else float(mark.width)
        label = _NAMED_WIDTH_MIN * len(mark.label)
        left = float(mark.x) - (label if mark.anchor == "end" else 0)
        right = float(mark.x) + wide + (label if mark.anchor == "start" else 0)
        free = next((n for n, (end, _) in enumerate(lanes) if end <= left or mark.kind == "word"), None)
        if free is None:
            lanes.append((right, [mark]))
        else:
            lanes[free] = (right, [*lanes[free][1], mark])
    return [lane for _, lane in lanes]


def _times(clock: Clock, ends: tuple[int, int]) -> str:
    return f"{clock.full(ends[0])} – {clock.moment(ends[1], ends[0])}"


def _outages(truth: Truth, span: Span, clock: Clock) -> tuple[str, list[Mark]]:
    marks = []
    for outage in truth.outages:
        ends = (int(outage.started_at), int(outage.ended_at))
        title = f"{plain(outage.kind)}, {_times(clock, ends)}, {counted(outage.customers, 'customer')}"
        marks.append(_mark(span, ends, "outage", (plain(outage.kind), title)))
    return "outages", marks


def _traps(truth: Truth, span: Span, clock: Clock) -> tuple[str, list[Mark]]:
    marks = []
    for trap in truth.traps:
        ends = (int(trap.started_at), int(trap.ended_at))
        marks.append(_mark(span, ends, "trap", (plain(trap.kind), f"{plain(trap.kind)}, {_times(clock, ends)}")))
    return "traps: no outage", marks


def _words(truth: Truth, span: Span, clock: Clock) -> tuple[str, list[Mark]]:
    marks = []
    for message in sorted(_messages(truth), key=lambda posting: posting[0]):
        at, text = message
        if span.holds(at):
            marks.append(Mark(kind="word", x=short(span.x(at)), width="0", title=f"{clock.full(at)} {text}"))
    return "operator’s own posts", marks


def _messages(truth: Truth) -> Iterable[tuple[int, str]]:
    for outage in truth.outages:
        for message in outage.messages:
            yield int(message.posted_at), f"{message.operator}: {plain(message.kind)}"

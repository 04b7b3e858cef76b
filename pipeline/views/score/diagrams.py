"""Two diagrams: does the confidence come true, and how long did it take.

The delays are a histogram with a last bar for what was never found. Without
it a rule that finds only the easy ones would look the quickest.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.evaluate.score import Score
from pipeline.views.drawing import short

SIZE: Final = 300
"""Side of the reliability diagram, in its own units."""
_DOT_MIN, _DOT_MAX = 4.0, 16.0

_EDGES: Final = (0, 60, 120, 300, 600, 1_200, 3_600)
_LABELS: Final = ("before", "< 1 min", "1–2", "2–5", "5–10", "10–20", "20–60", "> 60 min", "never")


class Dot(NamedTuple):
    """One bin of the reliability diagram."""

    x: str
    y: str
    radius: str
    title: str


class Bar(NamedTuple):
    """One step of the delays: how many were suspected and confirmed in it, and per cent of the tallest."""

    label: str
    suspected: int
    confirmed: int
    suspected_high: float
    confirmed_high: float


def dots_of(score: Score) -> tuple[Dot, ...]:
    """One dot for each bin that holds a forecast; its area says how many."""
    most = max((row.count for row in score.reliability), default=0)
    dots = []
    for row in score.reliability:
        if row.said is None or row.came_true is None:
            continue
        radius = _DOT_MIN + (_DOT_MAX - _DOT_MIN) * (row.count / most) ** 0.5
        title = f"said {row.said * 100:.0f} %, came true {row.came_true * 100:.0f} % ({row.count} incidents)"
        dots.append(Dot(short(row.said * SIZE), short((1 - row.came_true) * SIZE), short(radius), title))
    return tuple(dots)


def bars_of(score: Score) -> tuple[Bar, ...]:
    """How many outages were suspected and confirmed how long after their true start."""
    outages = [outage for world in score.worlds for outage in world.outages]
    suspected = _counts([outage.suspected_seconds for outage in outages])
    confirmed = _counts([outage.confirmed_seconds for outage in outages])
    most = max([1, *suspected, *confirmed])
    return tuple(
        Bar(label, height, other, round(100 * height / most, 1), round(100 * other / most, 1))
        for label, height, other in zip(_LABELS, suspected, confirmed, strict=True)
    )


def _counts(delays: Sequence[float | None]) -> list[int]:
    counts = [0] * len(_LABELS)
    for delay in delays:
        counts[-1 if delay is None else sum(delay >= edge for edge in _EDGES)] += 1
    return counts

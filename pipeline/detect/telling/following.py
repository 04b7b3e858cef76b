"""Following: what DETECT passes on of a few series without judging it.

A nation's scope follows the figures of its call centre, of backups, of all that people
say, of their mood and of their talk of leaving; a region's scope follows elements that stand
there, because on the way to its nation a figure loses its element. Sums gather for five
minutes of event time, and go out with the step that ends then. A step in which nothing came
adds nothing.

A scope follows a limited number of series. What comes beyond is left out, counted with the
figures, and said once a day.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from pipeline.detect.rollup import TOPS, Key, counts_people, key_fields
from pipeline.detect.state import FollowedSum, Following
from pipeline.records.clocks import Instant
from pipeline.records.fixed_point import SCALES, Exact
from pipeline.records.inner.figures import FIGURE_MS, FollowedFigure
from pipeline.records.inner.partials import Partial
from pipeline.records.inner.talk import LEAVING, MOODS, TALK
from pipeline.reference.metrics import Metrics

FOLLOWED: Final = frozenset(TOPS)
"""Measures of people that are followed, for all services of a nation; metrics of telemetry say it in their table."""

TALK_FOLLOWED: Final = frozenset({LEAVING, *MOODS})
"""What posts talk of that is followed: an outage is over in a day, and who is angry or leaves shows in a week."""

FOLLOWED_MAX: Final = 64
"""Series that a scope follows at a time: nine of the call centre, three to nine of people, and some 45 for backups."""


@lru_cache(maxsize=65_536)
def is_followed(key: str, scope_area: str, metrics: Metrics) -> bool:
    """Is a series followed in its scope?

    Args:
        key: Name of the series within the scope.
        scope_area: Path of the scope.
        metrics: What figures of telemetry mean.
    """
    fields = key_fields(key)
    if counts_people(fields):
        if fields.area != scope_area or "/" in scope_area or fields.service:
            return False
        return fields.item in TALK_FOLLOWED if fields.measure == TALK else _is_top(fields)
    if not metrics.of(fields.measure, fields.unit).follow:
        return False
    return bool(fields.element) or "/" not in scope_area


def _is_top(fields: Key) -> bool:
    return fields.measure in FOLLOWED and not fields.item


def follow(
    following: Following, sums: Mapping[str, Partial], end: int, scope: tuple[str, str], metrics: Metrics
) -> tuple[list[FollowedFigure], int]:
    """Add a step's sums to what is followed; give away what is complete.

    Args:
        following: What the scope has gathered; changes in place.
        sums: What came in the step, by name of the series, sorted.
        end: End of the step, ms.
        scope: Operator and area of the scope.
        metrics: What figures of telemetry mean.

    Returns:
        Figures, by name, and how many sums were left out of them.
    """
    slot_end = -(-end // FIGURE_MS) * FIGURE_MS
    figures, omitted = _given_away(following, scope) if following.ends_at < slot_end else ([], 0)
    for key in sums:
        if is_followed(key, scope[1], metrics) and sums[key].count:
            following.ends_at = slot_end
            _add(following, key, sums[key])
    if end == slot_end:
        last, left_out = _given_away(following, scope)
        return [*figures, *last], omitted + left_out
    return figures, omitted


def _add(following: Following, key: str, partial: Partial) -> None:
    count, total = _sum_of(key_fields(key), partial)
    known = following.sums.get(key)
    if known is not None:
        known.count, known.total = Exact(known.count + count), Exact(known.total + total)
    elif len(following.sums) < FOLLOWED_MAX:
        following.sums[key] = FollowedSum(Exact(count), Exact(total))
    else:
        following.omitted += 1


def _sum_of(key: Key, partial: Partial) -> tuple[int, int]:
    if counts_people(key):
        return 1, partial.distinct * SCALES["count"]
    if partial.weight:
        return int(partial.weight), int(partial.weighted)
    return partial.count, int(partial.total)


def _given_away(following: Following, scope: tuple[str, str]) -> tuple[list[FollowedFigure], int]:
    figures = [
        _figure(key_fields(key), sums, following.ends_at, scope[0]) for key, sums in sorted(following.sums.items())
    ]
    omitted = following.omitted
    following.sums, following.omitted, following.ends_at = {}, 0, 0
    return figures, omitted


def _figure(key: Key, sums: FollowedSum, ended_at: int, operator: str) -> FollowedFigure:
    return FollowedFigure(
        operator=operator, ended_at=Instant(ended_at), count=sums.count, total=sums.total, **key._asdict()
    )


def in_order(figures: Iterable[FollowedFigure]) -> list[FollowedFigure]:
    """Figures in an order that no arrival changes."""
    return sorted(figures, key=_order)


def _order(figure: FollowedFigure) -> tuple[str | int, ...]:
    place = (figure.operator, figure.area, figure.element)
    return (*place, figure.source, figure.measure, figure.service, figure.item, figure.unit, int(figure.ended_at))

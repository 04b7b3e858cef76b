"""Roll-up: what belongs to a town belongs to its region as well.

So six posts from one town and sixty from a nation are both found. Counts of what
people say add up over places, and over services and items too ("nobody said
which" is one of them). Telemetry adds up over elements and places, never over
metrics; counters come as rates (`counters`). In a nation's scope only the nation is judged: its regions are
judged in scopes of their own, and their sums are in the nation's already.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.records.fixed_point import SCALES
from pipeline.records.inner.partials import Partial, SeriesPartial, merged
from pipeline.records.inner.samples import Sample, add_all, cardinality
from pipeline.records.series import Series, parent_of

TOPS = ("complaints", "contacts", "activity")
"""Counts of people that are judged; `reactions` are running totals, which tell how loud, not how many."""


PLACES_MAX = 16
"""Places told of a nation's sum: a nation whose people name more is hit as a nation."""


class Key(NamedTuple):
    """A series within its scope."""

    area: str
    element: str
    service: str
    item: str
    source: str
    measure: str
    unit: str


def key_of(part: SeriesPartial) -> str:
    """Name of a series within its scope: its fields, joined by a character that no field holds."""
    fields = (part.area, part.element, part.service, part.item, part.source, part.measure, part.unit)
    return _SEPARATOR.join(fields)


@lru_cache(maxsize=65_536)
def key_fields(key: str) -> Key:
    """The fields of a name.

    >>> key_fields(top_key("DE", "mentions", "activity")).measure
    'activity'
    """
    return Key(*key.split(_SEPARATOR))


@lru_cache(maxsize=65_536)
def top_key(area: str, source: str, measure: str) -> str:
    """Name of the series that holds all of a scope's tickets or posts.

    Args:
        area: Path of the scope.
        source: Tickets or mentions.
        measure: One of `TOPS`.
    """
    return _SEPARATOR.join((area, "", "", "", source, measure, "count"))


def is_top(key: str, area: str) -> bool:
    """Is it the series that holds all of a scope's tickets or posts?"""
    fields = key_fields(key)
    return fields.measure in TOPS and key == top_key(area, fields.source, fields.measure)


@lru_cache(maxsize=65_536)
def named_key(area: str, service: str, source: str) -> str:
    """The series that holds all complaints of a place that name a service.

    Args:
        area: Path of the place tree.
        service: That they name.
        source: Tickets or mentions.
    """
    return _SEPARATOR.join((area, "", service, "", source, "complaints", "count"))


def attempts_of(key: str, partial: Partial, sums: Mapping[str, Partial], counted_by: str | None) -> int:
    """How many attempts a mean stands for: as its records say, else as the figure that counts them says.

    Args:
        key: Name of the series.
        partial: Its sums.
        sums: All sums of the step, by name.
        counted_by: Measure that counts the attempts of the same place, service and element; None for none.

    Returns:
        1 if nobody says.
    """
    attempts = int(partial.weight)
    if attempts > partial.count:
        return attempts
    fields = key_fields(key)
    counts = sums.get(_SEPARATOR.join(fields._replace(measure=counted_by, unit="count"))) if counted_by else None
    return max(1, counts.total // SCALES["count"]) if counts is not None else 1


@lru_cache(maxsize=65_536)
def series_of(key: str, operator: str, scope_area: str) -> Series:
    """The series that a name stands for.

    Args:
        key: Name of a series within its scope.
        operator: Of the scope.
        scope_area: Path of the scope.
    """
    return Series(operator, scope_area, *key_fields(key))


def counts_people(key: Key) -> bool:
    """Does it count what people say, each id once?"""
    return key.source != "telemetry"


@lru_cache(maxsize=65_536)
def raised(key: str, scope_area: str) -> tuple[str, ...]:
    """All series to which a leaf series adds, itself included where it is judged.

    >>> leaf = _SEPARATOR.join(("DE/NW/koeln", "", "tv", "", "tickets", "complaints", "count"))
    >>> [(key.area, key.service) for key in map(key_fields, raised(leaf, "DE/NW"))]
    [('DE/NW', ''), ('DE/NW', 'tv'), ('DE/NW/koeln', ''), ('DE/NW/koeln', 'tv')]
    """
    fields = key_fields(key)
    above = _areas(fields.area, scope_area)
    if counts_people(fields):
        kinds = {(fields.service, fields.item), (fields.service, ""), ("", "")}
        places = {(area, "") for area in above}
    else:
        kinds = {(fields.service, fields.item)}
        places = {(area, "") for area in above} | {(above[0], fields.element)}
    return tuple(
        sorted(
            _SEPARATOR.join((area, element, service, item, fields.source, fields.measure, fields.unit))
            for area, element in places
            for service, item in kinds
        )
    )


def roll_up(panes: Iterable[dict[str, Partial]], scope_area: str) -> dict[str, Partial]:
    """Sums of a step, at every level.

    Args:
        panes: Leaf series of the panes of one step; they stay as they are.
        scope_area: Path of the scope.

    Returns:
        Name of a series to its sums, sorted by name; a sum of one leaf is that leaf, so only to be read.
    """
    parts: dict[str, list[Partial]] = {}
    for pane in panes:
        for leaf, partial in pane.items():
            for key in raised(leaf, scope_area):
                known = parts.get(key)
                if known is None:
                    parts[key] = [partial]
                else:
                    known.append(partial)
    return {key: parts[key][0] if len(parts[key]) == 1 else merged(parts[key]) for key in sorted(parts)}


def places_named(leaves: Iterable[dict[str, Partial]], key: str, scope_area: str) -> dict[str, int]:
    """Where people say that it is, whose words a nation's sum adds up.

    Its regions are judged apart, but one that nobody had complained of before has no verdict for hours.

    Args:
        leaves: Leaf series of the panes of one step.
        key: Name of the sum.
        scope_area: Path of the scope.

    Returns:
        Place to how many people named it, the most named ones; empty in a region's scope.
    """
    people: dict[str, Sample] = {}
    for pane in leaves if "/" not in scope_area else ():
        for leaf, partial in pane.items():
            area = key_fields(leaf).area
            if area != scope_area and key in raised(leaf, scope_area):
                add_all(people.setdefault(area, {}), partial.people)
    counts = {area: cardinality(sample) for area, sample in people.items()}
    most = sorted(counts, key=lambda area: (-counts[area], area))[:PLACES_MAX]
    return {area: counts[area] for area in sorted(most)}


def _areas(area: str, scope_area: str) -> list[str]:
    """Levels to be judged, the lowest first."""
    if "/" not in scope_area:
        return [scope_area]
    levels = []
    while area and area != scope_area:
        levels.append(area)
        area = parent_of(area)
    return [*levels, scope_area]


_SEPARATOR = "\x1f"


def observed_in(partial: Partial | None, fields: Key) -> float:
    """A step's value for a chart: ids once, the sum of reactions, the mean of a meter.

    Args:
        partial: What came; None if nothing did.
        fields: Of the series.
    """
    if partial is None:
        return 0.0
    if fields.source == "telemetry":
        return round(partial.mean_in(fields.unit), 6)
    return partial.total / SCALES["count"] if fields.measure == "reactions" else float(partial.distinct)

"""Which incident of one run is which of the other?

An incident's id holds the pane that opened it, so a rule that sees an outage
a minute sooner gives it another id. Incidents with the same id are the same;
the others are compared by what they say: when, who, what and where. The pairs
are those with the greatest likeness in all, one to one: a best-first choice
would give a long outage to whichever fragment asks first. A pair needs a
common operator, time that meets, and a service or a place in common; so an
incident that merely happens nearby counts as another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from pipeline.evaluate.diff.records import Align
from pipeline.evaluate.judging.assignment import assign
from pipeline.records.published.incidents import Incident
from pipeline.records.series import is_within

NEAR_MS: Final = 600_000
"""Two incidents may lie so far apart and be the same: one run lost sight of it when the other began to see."""

_UNIT: Final = 1_000
_EXACT_MAX: Final = 5_000_000
"""Steps of the exact assignment; a larger tangle of alike incidents is paired best first."""


class _Lifetime(NamedTuple):
    begin_ms: int
    end_ms: int


def span_of(incident: Incident) -> tuple[int, int]:
    """From when to when an incident lasts, as far as it is known, in ms."""
    begin = min(incident.opened_at, incident.started_at or incident.opened_at)
    return begin, max(begin, incident.ended_at or incident.resolved_at or incident.updated_at)


def likeness(a: Incident, b: Incident) -> int:
    """How much two incidents say the same thing.

    Args:
        a: Last revision of one.
        b: Last revision of the other.

    Returns:
        0 if they cannot be the same; else 1 to 1,001: the share of time that they have in common, times the mean
        share of operators, services and places (Jaccard; a place within one of the other's counts as common),
        in thousandths. Time multiplies, so that twins are not parted to give two fragments a partner each.

    >>> round(_common({"tv", "sms"}, {"tv", "broadband"}), 2)
    0.33
    """
    return _likeness(a, _Lifetime(*span_of(a)), b, _Lifetime(*span_of(b)))


def pair_up(a: Sequence[Incident], b: Sequence[Incident], align_by: Align) -> list[tuple[int, int]]:
    """Pair the incidents of two runs.

    Args:
        a: Last revisions of the first run's incidents, each id once.
        b: Last revisions of the second run's incidents, each id once.
        align_by: `id` stops after the ids.

    Returns:
        Indices, rising by the first; the same pairs if the runs change sides.
    """
    numbers = {incident.incident_id: number for number, incident in enumerate(b)}
    pairs = [(n, numbers[incident.incident_id]) for n, incident in enumerate(a) if incident.incident_id in numbers]
    if align_by == "content":
        left = sorted(set(range(len(a))) - {n for n, _ in pairs}, key=lambda n: a[n].incident_id)
        right = sorted(set(range(len(b))) - {n for _, n in pairs}, key=lambda n: b[n].incident_id)
        pairs += _by_content(a, b, left, right)
    return sorted(pairs)


def _by_content(
    a: Sequence[Incident], b: Sequence[Incident], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int]]:
    """Ties are broken by which run is worked first, so that is settled by the ids, not by who was named first."""
    if left and right and b[right[0]].incident_id < a[left[0]].incident_id:
        return [(n, m) for m, n in _by_content(b, a, right, left)]
    spans_a, spans_b = [_Lifetime(*span_of(a[n])) for n in left], [_Lifetime(*span_of(b[m])) for m in right]
    weights = {}  # by rank of the ids, so that ties do not hang on the order in which a run was written
    for i, n in enumerate(left):
        for j, m in enumerate(right):
            if weight := _likeness(a[n], spans_a[i], b[m], spans_b[j]):
                weights[i, j] = weight
    return [(left[i], right[j]) for tangle in _tangles(weights) for i, j in _assigned(tangle)]


def _likeness(a: Incident, span_a: _Lifetime, b: Incident, span_b: _Lifetime) -> int:
    together = min(span_a.end_ms, span_b.end_ms) - max(span_a.begin_ms, span_b.begin_ms)
    if together < -NEAR_MS or (a.market, a.exercise) != (b.market, b.exercise):
        return 0
    operators = _common(
        {operator.operator for operator in a.operators}, {operator.operator for operator in b.operators}
    )
    services = _common(set(a.services), set(b.services))
    places = _common_places([area.area for area in a.areas], [area.area for area in b.areas])
    if not operators or not (services or places):
        return 0
    whole = max(span_a.end_ms, span_b.end_ms) - min(span_a.begin_ms, span_b.begin_ms)
    times = max(0, together) / whole if whole else 1.0
    return 1 + round(_UNIT * times * (operators + services + places) / 3)


def _common(a: AbstractSet[str], b: AbstractSet[str]) -> float:
    """Share of all that both have (Jaccard); 1 if neither says anything."""
    return len(a & b) / len(a | b) if a or b else 1.0


def _common_places(a: Sequence[str], b: Sequence[str]) -> float:
    """Share of the areas that lie in, or hold, one of the other's."""
    if not a or not b:
        return 1.0 if not a and not b else 0.0
    met = sum(any(_meet(area, other) for other in b) for area in a)
    met += sum(any(_meet(area, other) for other in a) for area in b)
    return met / (len(a) + len(b))


def _meet(area: str, other: str) -> bool:
    return is_within(area, other) or is_within(other, area)


def _tangles(weights: Mapping[tuple[int, int], int]) -> Iterable[dict[tuple[int, int], int]]:
    """Candidates that share no incident can be decided apart."""
    group_of: dict[tuple[str, int], int] = {}
    groups: dict[int, dict[tuple[int, int], int]] = {}
    for number, ((n, m), weight) in enumerate(weights.items()):
        met = sorted({group_of[end] for end in (("a", n), ("b", m)) if end in group_of})
        into = met[0] if met else number
        merged = {pair: value for group in met for pair, value in groups.pop(group).items()}
        merged[n, m] = weight
        groups[into] = merged
        for row, column in merged if len(met) > 1 else ((n, m),):
            group_of["a", row] = group_of["b", column] = into
    return groups.values()


def _assigned(weights: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    rows, columns = (sorted({pair[side] for pair in weights}) for side in (0, 1))
    if len(rows) * len(rows) * (len(rows) + len(columns)) > _EXACT_MAX:
        return _best_first(weights)
    table = [[weights.get((n, m)) for m in columns] for n in rows]
    return [(rows[n], columns[m]) for n, m in enumerate(assign(table)) if m is not None]


def _best_first(weights: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    taken_a, taken_b = set[int](), set[int]()
    for (n, m), _ in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if n not in taken_a and m not in taken_b:
            chosen.append((n, m))
            taken_a.add(n)
            taken_b.add(m)
    return chosen

"""Riding along: a nation's talk and its call centre, beside an incident, whether they stand out or not."""

from collections.abc import Mapping
from typing import Final

from pipeline.detect.rollup import TOPS, is_top, key_fields, observed_in
from pipeline.detect.state import ScopeState
from pipeline.records.inner.anomalies import Activity
from pipeline.records.inner.partials import Partial
from pipeline.records.raw.telemetry import CARE_METRICS

TALK: Final = frozenset({*TOPS, "reactions"})
"""Measures that ride along with an open incident, besides the call centre's."""


def activity_of(scope: ScopeState, sums: Mapping[str, Partial], expected: Mapping[str, float | None]) -> list[Activity]:
    """What rides along with a step.

    Args:
        scope: A nation's; is not changed.
        sums: What came in the step, by name of the series.
        expected: What is usual of each series that was judged; None if nobody knows.
    """
    found = []
    for key in sorted({*sums, *(key for key in expected if is_top(key, scope.area))}):
        fields, partial = key_fields(key), sums.get(key)
        if fields.area != scope.area or fields.item or fields.element:
            continue
        if fields.measure not in (CARE_METRICS if fields.source == "telemetry" else TALK):
            continue
        usual = expected.get(key)
        found.append(
            Activity(
                operator=scope.operator,
                source=fields.source,
                measure=fields.measure,
                service=fields.service,
                unit=fields.unit,
                observed=observed_in(partial, fields),
                expected=None if usual is None else round(usual, 6),
                people=partial.people_count if partial is not None else 0,
            )
        )
    return found

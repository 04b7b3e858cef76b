"""Figures that ride along: how much people say and how the call centre copes.

They neither open nor close an incident; an incident shows them beside its evidence.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.inner.anomalies import Activity
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.records.vocabulary import IncidentState

CARE_KEPT: Final = CARE_METRICS
"""Figures of the call centre that an incident shows."""


def note_activity(incident: OpenIncident, rows: Iterable[Activity], now: int) -> None:
    """Add an operator's activity of a step to an incident: how much is said, how care copes.

    Reactions come as running totals of posts, so the loudest step stands for them; rows of one service are
    parts of the row of all.
    """
    for row in sorted(rows, key=lambda one: (one.operator, one.source, one.measure, one.service, one.observed)):
        if row.operator not in incident.operators or row.service:
            continue
        milli = round(row.observed * 1_000)
        if row.measure in CARE_KEPT:
            incident.care[row.measure] = [milli, now]
        elif row.measure == "reactions":
            incident.reactions = max(incident.reactions, round(row.observed))
        elif row.source == "mentions" and row.expected is not None and row.measure == "activity":
            known = incident.activity.get("mentions|activity", [0, 0])
            incident.activity["mentions|activity"] = [known[0] + milli, known[1] + round(row.expected * 1_000)]


def ride_along(rows: Sequence[Activity], pane: Pane) -> None:
    """Activity and care figures go to the open incidents of their operator."""
    operators = {row.operator for row in rows}
    for incident in list(pane.market.incidents):
        if operators & set(incident.operators) and incident.state != IncidentState.RESOLVED:
            pane.guard(incident, lambda draft: note_activity(draft, rows, pane.at))

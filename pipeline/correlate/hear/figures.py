"""Figures that ride along: how much people say and how the call centre copes.

They neither open nor close an incident; an incident shows them beside its evidence.
"""

from collections.abc import Iterable, Sequence

from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.anomalies import Activity
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.records.vocabulary import IncidentState


def ride_along(rows: Sequence[Activity], pane: PaneAtWork) -> None:
    """Give activity and care figures to the open incidents of their operator."""
    operators = {row.operator for row in rows}
    for incident in pane.market.real_incidents:
        if operators & set(incident.dossier.operators) and incident.state != IncidentState.RESOLVED:
            pane.guard(incident, lambda draft: note_activity(draft, rows, pane.at))


def note_activity(incident: OpenIncident, rows: Iterable[Activity], now: int) -> None:
    """Add an operator's activity of a step to an incident: how much is said, how care copes.

    Reactions come as running totals of posts, so the loudest step stands for them; rows of one service are
    parts of the row of all.

    Args:
        incident: Its figures change in place.
        rows: Rows of any operator; those of others are left out.
        now: End of the pane, ms.
    """
    figures = incident.figures
    for row in sorted(rows, key=lambda row: (row.operator, row.source, row.measure, row.service, row.observed)):
        if row.operator not in incident.dossier.operators or row.service:
            continue
        milli = round(row.observed * 1_000)
        if row.measure in CARE_METRICS:
            figures.care[row.measure] = [milli, now]
        elif row.measure == "reactions":
            figures.reactions = max(figures.reactions, round(row.observed))
        elif row.source == "mentions" and row.expected is not None and row.measure == "activity":
            observed, expected = figures.activity.get("mentions|activity", [0, 0])
            figures.activity["mentions|activity"] = [observed + milli, expected + round(row.expected * 1_000)]

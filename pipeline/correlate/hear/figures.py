"""Figures that ride along: how much people say and how the call centre copes.

They neither open nor close an incident; an incident shows them beside its evidence. How many complain in public of each
operator of a market is remembered for some minutes: what is said of all at once is about none of them.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import structs

from pipeline.correlate.evidence.footprint import FAMILIES
from pipeline.correlate.rivals.shared import TALKED_OF_MS, shared_by
from pipeline.correlate.state import Loudness, OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.anomalies import Activity
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.records.vocabulary import IncidentState

KEPT_PER_MINUTE: Final = (19, 20)
"""Of those who complained so many count a minute later: half of them after a quarter of an hour."""

FADED_MINUTES: Final = 240
"""After so many minutes nothing is left of any number of people."""


def hear_loudness(rows: Iterable[Activity], pane: PaneAtWork) -> None:
    """Remember how many complain of each operator in posts, against usual, and of whom alike.

    Args:
        rows: Rows of any operator; those of its complaints in posts count.
        pane: The pane at work; the table of its market is replaced. Of whom nothing is heard for six hours nothing
            is remembered.
    """
    told = [row for row in rows if row.source == "mentions" and row.measure == "complaints"]
    said = [row for row in told if not row.service]
    if not said:
        return
    of_lines: dict[str, float] = {}
    for row in sorted(told, key=lambda row: (row.operator, row.service, row.observed)):
        if FAMILIES.get(row.service) == "fixed":
            of_lines[row.operator] = of_lines.get(row.operator, 0.0) + row.observed
    now = pane.at
    known = {operator: loud for operator, loud in pane.market.loudness.items() if now - loud.at < TALKED_OF_MS}
    for row in sorted(said, key=lambda row: (row.operator, row.observed)):
        if row.expected is None:
            continue
        before = known.get(row.operator, Loudness(complaints_milli=0, usual_milli=0, at=now))
        minutes = (now - before.at) // MINUTE_MS
        known[row.operator] = Loudness(
            complaints_milli=_faded(before.complaints_milli, minutes) + round(1_000 * row.observed),
            usual_milli=_faded(before.usual_milli, minutes) + round(1_000 * row.expected),
            lines_milli=_faded(before.lines_milli, minutes) + round(1_000 * of_lines.get(row.operator, 0.0)),
            at=before.at + minutes * MINUTE_MS,  # what is left of a minute fades with the next
            shared_at=before.shared_at,
        )
    shared = shared_by(known, now, pane.reference)
    known |= {operator: structs.replace(known[operator], shared_at=now) for operator in sorted(shared)}
    pane.market.loudness = dict(sorted(known.items()))


def _faded(milli: int, minutes: int) -> int:
    kept, of = KEPT_PER_MINUTE
    for _ in range(min(minutes, FADED_MINUTES)):
        milli = milli * kept // of
    return milli


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

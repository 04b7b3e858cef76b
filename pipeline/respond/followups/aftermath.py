"""How people felt one day and one week after the end, also of an incident that is closed by then.

CORRELATE forgets a closed incident and writes no revision of it any more. So once it is closed the next revision
is ours: the incident as it was, with what was measured. An outage that comes back takes the measures with it.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from pipeline.records.clocks import DAY_MS, HOUR_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.followups import AftermathMeasure, Followup
from pipeline.records.published.people import AftermathPoint
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.failovers.helped import backup_helped
from pipeline.respond.followups.figures_after import AfterOutage, felt_before, measured
from pipeline.respond.people.around import count_late
from pipeline.respond.people.reacting import write_late_reactions
from pipeline.respond.remembered.impact import began_at
from pipeline.respond.state import IncidentCase
from pipeline.respond.telling import told

MOMENTS: Final = (("one_day", DAY_MS), ("one_week", 7 * DAY_MS))
"""When it is measured, after the end."""

_ENDED: Final = frozenset({IncidentState.RESOLVED, IncidentState.CLOSED})


def hear(case: IncidentCase, heard: Change | PlacedCommand, _around: Surroundings) -> DutyAnswer | None:
    """Take in a change.

    Args:
        case: The incident; what it remembers of its aftermath changes in place.
        heard: A revision; an order says nothing of it.
        _around: Is not looked at.

    Returns:
        When it is to be measured; None if nothing changes in that.
    """
    if not isinstance(heard, Change):
        return None
    incident, points = heard.after, case.followups.aftermath
    over = incident.state in _ENDED and incident.confirmed_at is not None and not incident.is_merged
    if over and incident.operators:  # of an outage of which nobody said whose it is there are no figures
        return DutyAnswer(due_at=_next_due(case))
    points.clear()
    case.followups.felt_before = None
    return DutyAnswer()


def fall_due(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer:
    """Measure.

    Args:
        case: The incident; what was measured is remembered in it.
        at: The time, ms.
        around: With the figures of the market.
    """
    return DutyAnswer(tuple(_measure(case, int(at), around)), _next_due(case))


def _ended_at(case: IncidentCase) -> int:
    incident = case.incident
    return int(incident.ended_at or incident.resolved_at or incident.updated_at)


def _next_due(case: IncidentCase) -> int | None:
    waiting = (_ended_at(case) + after for name, after in MOMENTS if name not in case.followups.aftermath)
    return min(waiting, default=None)


def _measure(case: IncidentCase, at: int, around: Surroundings) -> Iterator[object]:
    """What is measured now: a follow-up, and a revision of the incident if nobody else writes one."""
    incident, points = case.incident, case.followups.aftermath
    count_late(case.people, incident.operators[0].operator, around.figures)
    yield from write_late_reactions(case, at)
    for name, after in MOMENTS:
        if name in points or at < _ended_at(case) + after:
            continue
        operator = incident.operators[0].operator
        after_it = AfterOutage(around.figures, operator, began_at(incident), _ended_at(case), at)
        case.followups.felt_before = case.followups.felt_before or felt_before(after_it)
        point = points[name] = measured(after_it, backup_helped(case))
        yield _followup(case, name, after // HOUR_MS, point)
    if case.is_over:
        case.incident = replace(incident, revision=incident.revision + 1, updated_at=Instant(at))
        yield told(case, case.incident)


def _followup(case: IncidentCase, name: str, after_hours: int, point: AftermathPoint) -> Followup:
    incident = case.incident
    key = f"aftermath|{name}"
    known = case.followups.written.get(key)
    followup = Followup(
        followup_id=content_id(incident.incident_id, "aftermath", name),
        revision=1 if known is None else known.revision + 1,
        incident_id=incident.incident_id,
        incident_revision=incident.revision,
        market=incident.market,
        operator=incident.operators[0].operator,
        kind="aftermath",
        created_at=point.measured_at,
        state="done",
        aftermath=AftermathMeasure(after_hours=after_hours, point=point, before=case.followups.felt_before),
        exercise=incident.exercise,
    )
    case.followups.written[key] = followup
    return followup


AFTERMATH: Final = Duty(name="aftermath", hear=hear, fall_due=fall_due)
"""The row of RESPOND's duties."""

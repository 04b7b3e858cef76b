"""What RESPOND adds to an incident's record: clocks that it set off, and what followed from it.

CORRELATE writes what is known of an outage and never hears of RESPOND. A reader of `incidents` must see both in one
record, so what follows is added to each revision on its way out.
"""

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.published.incident_parts import ReportingClock
from pipeline.records.published.incidents import REPORTING_MAX, Incident
from pipeline.respond.state import IncidentCase


def told(case: IncidentCase, incident: Incident) -> Incident:
    """A revision with what followed from the incident so far.

    Args:
        case: What RESPOND remembers of it.
        incident: The revision as CORRELATE wrote it.
    """
    clocks = _clocks_of(case)
    return replace(incident, reporting_clocks=clocks) if clocks else incident


def _clocks_of(case: IncidentCase) -> tuple[ReportingClock, ...]:
    """Duties to regulators that it set off, those first that are due first."""
    rows = [
        ReportingClock(
            profile=profile,
            duty=clock.duty,
            started_at=Instant(clock.started_at),
            due_at=Instant(clock.due_at),
            done_at=None if clock.done_at is None else Instant(clock.done_at),
        )
        for profile, clock in case.followups.reports.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.due_at, row.profile))[:REPORTING_MAX])

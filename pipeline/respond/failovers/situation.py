"""The situation in which a backup is looked at: which incident asks for it, when, how it is itself, and who has it."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.fixed_point import SCALES
from pipeline.records.inner.figures import FIGURE_MS, FigureName
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import GRAVITY, Health, IncidentState, Service
from pipeline.respond.duties import Surroundings
from pipeline.respond.failovers.whom import Whom, touches, whom_of
from pipeline.respond.failovers_config import Backup
from pipeline.respond.remembered.failovers import BackupMemory
from pipeline.respond.state import IncidentCase

LASTS = frozenset({IncidentState.CONFIRMED, IncidentState.RECOVERING})
"""States in which an outage is a fact and not over."""

EMERGENCY_GRAVITY = 10
"""What emergency calls that fail add to the gravity of an incident: more than any severity."""


@dataclass(frozen=True, kw_only=True)
class BackupSituation:
    """A backup, an incident, and a moment.

    Attributes:
        case: The incident that may need the backup.
        backup: A row of the catalogue.
        at: Now, ms.
        around: Settings, figures and the market's other cases.
    """

    case: IncidentCase
    backup: Backup
    at: int
    around: Surroundings

    @property
    def incident(self) -> Incident:
        """The incident's latest revision."""
        return self.case.incident

    @property
    def memory(self) -> BackupMemory | None:
        """What the case remembers of the backup."""
        return self.case.failovers.backups.get(self.backup.target)

    @property
    def health(self) -> Health:
        """How the backup is itself, from its figures."""
        backup = self.backup
        if not backup.health_metric:
            return "unknown"
        name = FigureName(backup.health_metric, element=backup.health_element)
        end = self.at // FIGURE_MS * FIGURE_MS
        mean = self.around.figures.mean(backup.operator, name, end - backup.health_minutes * MINUTE_MS, end)
        if mean is None:
            return "unknown"
        scale = SCALES[backup.health_unit]
        if mean >= backup.health_working_from * scale:
            return "working"
        return "down" if mean < backup.health_down_below * scale else "degraded"

    def concerns(self) -> bool:
        """Is the incident one of the backup's operator, services and areas?"""
        backup, incident = self.backup, self.incident
        hit = any(row.operator == backup.operator and row.role is not None for row in incident.operators)
        served = not backup.services or bool(set(backup.services) & set(incident.services))
        near = not backup.areas or any(touches(backup, row.area) for row in incident.areas)
        return hit and served and near

    @cached_property
    def whom(self) -> Whom | None:
        """For whom the backup can be used; None if it can take nobody."""
        known = self.memory
        served = known.failover.areas if known is not None and known.is_live and known.failover.is_partial else ()
        return whom_of(self.backup, self.incident, served)

    def holder(self) -> IncidentCase | None:
        """Another incident for which the backup is proposed or active."""
        others = (case for case in self.around.cases() if case.name != self.case.name)
        return next((case for case in others if case.failovers.has(self.backup.target)), None)

    def what_it_needs_is_down(self) -> tuple[Service, str] | None:
        """A service that the backup needs, and the incident that has it; None if all that it needs works."""
        for case in self.around.cases():
            incident = case.incident
            ours = any(row.operator == self.backup.operator and row.role is not None for row in incident.operators)
            if ours and incident.state in LASTS and not incident.exercise:
                for service in self.backup.needs:
                    if service in incident.services:
                        return service, incident.incident_id
        return None


def gravity_of(incident: Incident) -> int:
    """How grave an incident is, as backups are shared out: emergency first, then severity."""
    fails = incident.emergency is not None and incident.emergency.affected is True  # a doubt is asked about first
    return GRAVITY[incident.severity] + (EMERGENCY_GRAVITY if fails else 0)


def fails_emergency(incident: Incident) -> bool:
    """Do emergency calls fail, as far as is known?"""
    return gravity_of(incident) >= EMERGENCY_GRAVITY

"""What is new: an incident held against what people were told of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.series import is_within
from pipeline.records.vocabulary import GRAVITY, IncidentState
from pipeline.reference.communication import CommunicationClock
from pipeline.respond.config import RespondConfig
from pipeline.respond.remembered.notices import Told
from pipeline.wording.ends import end_for_people
from pipeline.wording.notices.facts import EndMoved

_FIRM: Final = frozenset({"maintenance_window", "operator_promise", "person"})
"""Bases of an estimated end that somebody answers for."""


@dataclass(frozen=True)
class Situation:
    """A case at one moment.

    Attributes:
        incident: Its latest revision.
        told: What people know from us.
        at: The moment, ms.
        config: Settings.
        clock: How soon and how often people of the market are told.
    """

    incident: Incident
    told: Told
    at: int
    config: RespondConfig
    clock: CommunicationClock

    @property
    def is_on(self) -> bool:
        """Does the outage go on, or come back step by step?"""
        return self.incident.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING)

    @property
    def is_down(self) -> bool:
        """Does the outage go on?"""
        return self.incident.state == IncidentState.CONFIRMED

    @property
    def was_told(self) -> bool:
        """Did people hear a first word?"""
        return self.told.first_at > 0

    @cached_property
    def failing_numbers(self) -> list[str]:
        """Emergency numbers that fail now."""
        impact = self.incident.emergency
        if impact is None or not impact.affected or not self.is_on:
            return []
        return list(impact.numbers) or ["112"]

    @cached_property
    def new_services(self) -> list[str]:
        """Services that nobody was told of."""
        return [service for service in self.incident.services if service not in (*self.told.services, "emergency")]

    @cached_property
    def new_areas(self) -> list[str]:
        """Areas that are down, and lie in none that people were told of; the most affected first."""
        rows = self.incident.areas
        down = [row.area for row in rows if row.back_at is None]
        smallest = [area for area in down if not any(area != other and is_within(other, area) for other in down)]
        return [area for area in smallest if not any(is_within(area, known) for known in self.told.areas)]

    @property
    def is_graver(self) -> bool:
        """Is it worse than people were told?"""
        told = self.told.severity
        return bool(told) and GRAVITY[self.incident.severity] > GRAVITY[told]

    @cached_property
    def end(self) -> tuple[int, int] | None:
        """The estimated end that may be told now, in quarters of an hour; None if none may, or it is past."""
        estimate = self.incident.estimated_end
        if estimate is None or not self.is_down or self.at < self.end_told_from:
            return None
        return end_for_people(estimate, self.at)

    @property
    def end_told_from(self) -> int:
        """From when an estimated end may be told, ms."""
        estimate = self.incident.estimated_end
        if estimate is not None and estimate.basis in _FIRM:
            return 0
        return int(self.incident.confirmed_at or self.at) + self.clock.end_after_ms

    @property
    def end_moved(self) -> EndMoved:
        """How the estimated end stands to the one that people were told."""
        told = self.told.end
        if not told:
            return "new" if self.end else ""
        if self.end is None:
            return "later" if self.is_down and self.at >= told[1] else ""
        moved = self.end[1] - told[1]
        if abs(moved) < self.config.moved_minutes * MINUTE_MS:
            return ""
        return "later" if moved > 0 else "sooner"

    @property
    def lasted_ms(self) -> int:
        """How long it has lasted, or did, ms."""
        began = int(self.incident.started_at or self.incident.opened_at)
        return max(0, int(self.incident.ended_at or self.at) - began)

    @property
    def cleared_from(self) -> int:
        """From when the all-clear may be drafted, ms."""
        return int(self.incident.resolved_at or self.at) + self.config.all_clear_minutes * MINUTE_MS

    @property
    def planned_until(self) -> int:
        """End of the planned window that covers it, ms; else of the one that people were told of; 0 without one."""
        window = self.incident.maintenance
        return int(window.until) if window is not None else self.told.planned_until

    def next_word_at(self, audience: str) -> int:
        """When an audience hears from us next at the latest, ms, if nothing is said before.

        What was promised is kept though it is less grave by now; if it is graver, they hear sooner.

        Args:
            audience: To whom.
        """
        due = self.told.spoken.get(audience, self.told.first_at) + self.cadence_ms(audience)
        return min(due, self.told.promised.get(audience, due))

    def cadence_ms(self, audience: str) -> int:
        """How often an audience hears from us, ms.

        Args:
            audience: To whom.
        """
        return self.clock.cadence_ms(audience, self.incident.severity)

"""The communication clock of a market: its profile, with what settings put in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.records.clocks import MINUTE_MS
from pipeline.reference.communication import DEFAULT_PROFILE, CommunicationProfile, pace_of, slower_than_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunicationClock:
    """How soon and how often people of a market are told.

    Attributes:
        profile: What holds in the market.
        cadence: By audience, minutes that a setting puts in place of the profile's.
        others: By name of a setting, minutes likewise.
    """

    profile: CommunicationProfile = DEFAULT_PROFILE
    cadence: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)

    def cadence_ms(self, audience: str, severity: str) -> int:
        """How often an audience hears from us, ms.

        Args:
            audience: To whom.
            severity: How grave the incident is.
        """
        minutes = self.cadence.get(audience) or pace_of(self.profile.cadence, audience, severity)
        return (minutes or 60) * MINUTE_MS

    def first_word_ms(self, audience: str, severity: str) -> int:
        """So long after confirmation a first word is due, ms.

        Args:
            audience: To whom.
            severity: How grave the incident is.
        """
        minutes = self.others.get("acknowledge_minutes") or pace_of(self.profile.first_word, audience, severity)
        return (minutes or 10) * MINUTE_MS

    @property
    def end_after_ms(self) -> int:
        """So long after confirmation an estimated end is told at the earliest, ms."""
        return self.others.get("end_after_minutes", self.profile.end_after_minutes) * MINUTE_MS

    @property
    def apology_ms(self) -> int:
        """An outage of this length is apologised for, ms."""
        return self.others.get("apology_minutes", self.profile.apology_minutes) * MINUTE_MS

    @property
    def closing_ms(self) -> int:
        """So long after it was drafted an all-clear is due, ms."""
        return self.others.get("closing_minutes", self.profile.closing_minutes) * MINUTE_MS

    def problems(self) -> list[str]:
        """Where a setting is slower than what a rule asks."""
        where = f"respond.cadence_minutes, profile {self.profile.profile!r}"
        return [f"{where}: {problem}" for problem in slower_than_asked(self.profile, dict(self.cadence))]

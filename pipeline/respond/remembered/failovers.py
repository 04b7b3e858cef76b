"""What a case remembers of its backups: their latest records, how often they were switched, and what was refused."""

from typing import Final

import msgspec

from pipeline.records.published.failovers import Failover

SWITCHES_MAX: Final = 1_000
"""Times of switches that are remembered of a backup: as many as a setting may allow in a day."""

LIVE: Final = frozenset({"proposed", "active"})
"""Phases in which a backup is the case's."""


class BackupMemory(msgspec.Struct, kw_only=True):
    """One backup that the incident has asked for.

    Attributes:
        failover: Its latest record.
        switches: Times at which its desired state changed, ms, the latest ones.
        settled_at: Gravity of the incident when a person said no, or nobody decided; it is asked for again only if the
            incident becomes graver. -1 if nothing stands against it.
        seen_to: End of the figures that `helped` rests on, ms; 0 before.
    """

    failover: Failover
    switches: list[int] = []
    settled_at: int = -1
    seen_to: int = 0

    @property
    def is_live(self) -> bool:
        """Is the backup proposed or active for this case?"""
        return self.failover.phase in LIVE


class FailoverMemory(msgspec.Struct, kw_only=True):
    """All that a case remembers of its backups.

    Attributes:
        backups: By target.
        refused: Target to the rule that stood against it last, so that a reason is written once.
    """

    backups: dict[str, BackupMemory] = {}
    refused: dict[str, str] = {}

    def knows(self, failover_id: str) -> bool:
        """Is a backup of this id one that the case has asked for?"""
        return any(known.failover.failover_id == failover_id for known in self.backups.values())

    def has(self, target: str) -> bool:
        """Is a backup proposed or active for this case?"""
        known = self.backups.get(target)
        return known is not None and known.is_live

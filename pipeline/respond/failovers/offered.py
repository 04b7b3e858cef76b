"""What an incident's record says of its backups: their ids, and what people can use meanwhile."""

from collections.abc import Mapping
from typing import Final

from pipeline.records.clocks import Instant
from pipeline.records.published.failovers import Failover
from pipeline.records.published.incidents import ALTERNATIVES_MAX
from pipeline.records.published.people import Alternative
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import AlternativeKind, FailoverKind
from pipeline.respond.state import IncidentCase

_OFFERS: Final[dict[FailoverKind, AlternativeKind]] = {
    "mobile_forwarding": "mobile_forwarding",
    "phone_bot": "phone_bot",
    "replay_offer": "replay",
    "video_on_demand_offer": "video_on_demand",
    "web_stream": "web_stream",
    "guest_roaming": "national_roaming",
}
"""Backups that customers notice as something else to use; a page and a text are places where we speak."""


def backup_ids_of(case: IncidentCase) -> tuple[str, ...]:
    """Ids of an incident's backups, the latest first."""
    records = [known.failover for known in case.failovers.backups.values()]
    latest = sorted(records, key=lambda record: (-record.decided_at, record.target))
    return tuple(record.failover_id for record in latest)


def alternatives_of(case: IncidentCase) -> tuple[Alternative, ...]:
    """What works meanwhile, by target: what is proposed was not offered yet."""
    live = [known.failover for _, known in sorted(case.failovers.backups.items()) if known.is_live]
    names = {row.area: row.name or row.area for row in case.incident.areas}
    rows = [_alternative(record, names) for record in live if record.text and record.kind in _OFFERS]
    return tuple(rows[:ALTERNATIVES_MAX])


def _alternative(record: Failover, names: Mapping[str, str]) -> Alternative:
    is_active = record.desired == "active"
    where = f" ({', '.join(names.get(area, area) for area in record.areas)})" if record.is_partial else ""
    return Alternative(
        kind=_OFFERS[record.kind],
        text=clipped(record.text + where),
        health=record.guard_rails.backup_health or "unknown",
        checked_at=Instant(record.decided_at),
        offered_at=record.active_since if is_active else None,
        failover_id=record.failover_id,
    )

"""Outlines: what an incident covers, as far as it decides what may join it.

An outline is made of an open incident at the start of a pane and grows while
the pane's anomalies are shared out, so that the second anomaly of a pane meets
what the first one has changed.
"""

from dataclasses import dataclass, field

from pipeline.correlate.evidence.footprint import FAMILIES, Footprint, is_beyond_tv
from pipeline.correlate.evidence.testimony import NETWORK, RESOURCE
from pipeline.correlate.state import OpenIncident
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.vocabulary import IncidentState


@dataclass(slots=True, kw_only=True)
class Border:
    """The outline of an incident while a pane's anomalies are shared out.

    Attributes:
        anchor: Operator of the id, for a new one.
        opened_at: Pane that opened it.
        beyond_tv: Its evidence speaks of more than channels, so it explains complaints about any channel.
        weight: Series that speak for it.
        published: False while it is only being made: merging it tells nobody anything.
        explained: Cache of the smallest areas that explain it.
        anomalies: What this pane adds.
    """

    incident_id: str
    anchor: str
    opened_at: int
    state: IncidentState
    operators: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    beyond_tv: bool = False
    weight: int = 0
    published: bool = True
    explained: list[str] | None = None
    anomalies: list[Anomaly] = field(default_factory=list)

    def take(self, footprint: Footprint) -> None:
        """Grow by a footprint."""
        self.operators.update({footprint.operator} - {""})
        self.families.update({footprint.family} - {""})
        self.channels.update({footprint.channel} - {""})
        self.beyond_tv |= footprint.beyond_tv
        self.areas.add(footprint.area)
        self.weight += 1
        self.explained = None

    def take_all(self, other: "Border") -> None:
        """Grow by another border."""
        self.operators |= other.operators
        self.families |= other.families
        self.channels |= other.channels
        self.beyond_tv |= other.beyond_tv
        self.areas |= other.areas
        self.weight += other.weight
        self.anomalies += other.anomalies
        self.explained = None


def border_of(incident: OpenIncident) -> Border:
    """The outline of an open incident."""
    border = Border(
        incident_id=incident.incident_id,
        anchor=incident.anchor,
        opened_at=incident.opened_at,
        state=incident.state,
        operators=set(incident.operators) - {""},
        areas=set(incident.areas),
        weight=len(incident.evidence),
    )
    for one in incident.evidence.values():
        network = one.kind == NETWORK
        border.beyond_tv |= one.kind != RESOURCE and is_beyond_tv(one, network=network)
        if network:
            border.families.update({FAMILIES.get(one.service, "")} - {""})
        border.channels.update({one.item if one.service == "tv" else ""} - {""})
    return border

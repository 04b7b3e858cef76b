"""Outlines: what an incident covers, as far as it decides what may join it.

An outline is made of an open incident at the start of a pane and grows while
the pane's testimonies are shared out, so that the second anomaly of a pane meets
what the first one has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from statistics import median_low

from pipeline.correlate.evidence.account import LEAF_FROM_MILLI
from pipeline.correlate.evidence.areas import SPARED_PPM, leaves_of
from pipeline.correlate.evidence.footprint import CENTRAL, FAMILIES, Footprint, is_beyond_tv
from pipeline.correlate.evidence.testimony import NETWORK, RESOURCE, Testimony
from pipeline.correlate.state import OpenIncident
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import PPM, IncidentState


@dataclass(slots=True, kw_only=True)
class Outline:
    """What an incident covers while a pane's testimonies are shared out.

    Attributes:
        incident_id: The incident, or the one that would be opened.
        anchor: Operator of the id, for a new one.
        opened_at: End of the pane that opened it, ms.
        state: Its state at the start of the pane.
        operators: Operators that its evidence names.
        areas: Areas of its evidence.
        families: `mobile`, `fixed` or both, by network readings.
        services: Services that network readings show to fail.
        named: Service to how many people named it, as far as they were counted.
        begun: Service to when it first fell in one of its places that are hot, ms; by figures of the network.
        whole: Services that fall in a nation as a whole, by the nation's own figures.
        channels: TV channels that its evidence names.
        beyond_tv: True if its evidence speaks of more than channels, so that it explains complaints about any.
        weight: How many series speak for it.
        published: False while it is only being made: merging it tells nobody anything.
        nationwide: The nation in which people tell of it all over; '' for none.
        explained: Cache of the smallest areas that explain it; None once it has grown.
        testimonies: What this pane adds.
    """

    incident_id: str
    anchor: str
    opened_at: int
    state: IncidentState
    operators: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    services: set[str] = field(default_factory=set)
    named: dict[str, int] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    beyond_tv: bool = False
    weight: int = 0
    published: bool = True
    nationwide: str = ""
    explained: list[str] | None = None
    testimonies: list[Testimony] = field(default_factory=list)

    def take(self, footprint: Footprint) -> None:
        """Grow by a footprint."""
        self.operators.update({footprint.operator} - {""})
        self.families.update({footprint.family} - {""})
        self.services.update({footprint.service} - {""})
        self.name(footprint.named, 1)
        self.channels.update({footprint.channel} - {""})
        self.beyond_tv |= footprint.beyond_tv
        self.areas.add(footprint.area)
        self.weight += 1
        self.explained = None

    def name(self, service: str, people: int) -> None:
        """Note that people name a service."""
        if service:
            self.named[service] = self.named.get(service, 0) + people

    @property
    def is_central(self) -> bool:
        """Do people alone tell of it, and at least half of those who name a service one that has no places?"""
        central = sum(people for service, people in self.named.items() if service in CENTRAL)
        return bool(central) and not self.services and 2 * central >= sum(self.named.values())

    def begin(self, service: str, since: int) -> None:
        """Note that a service has been falling in one of its places since then, ms."""
        self.begun[service] = min(since, self.begun.get(service, since))

    def take_all(self, other: "Outline") -> None:
        """Grow by another outline."""
        self.operators |= other.operators
        self.families |= other.families
        self.services |= other.services
        self.whole |= other.whole
        for service, people in other.named.items():
            self.name(service, people)
        for service, since in other.begun.items():
            self.begin(service, since)
        self.channels |= other.channels
        self.beyond_tv |= other.beyond_tv
        self.nationwide = self.nationwide or other.nationwide
        self.areas |= other.areas
        self.weight += other.weight
        self.testimonies += other.testimonies
        self.explained = None


def outline_of(incident: OpenIncident, weighings: Collection[Weighing] = ()) -> Outline:
    """The outline of an open incident.

    Args:
        incident: Open.
        weighings: What is believed of places that are hot, of its market.
    """
    dossier = incident.dossier
    outline = Outline(
        incident_id=incident.incident_id,
        anchor=incident.identity.anchor,
        opened_at=incident.identity.opened_at,
        state=incident.state,
        operators=set(dossier.operators) - {""},
        areas=set(dossier.areas),
        weight=len(dossier.series),
        nationwide=dossier.nationwide,
    )
    for series in dossier.series.values():
        network = series.kind == NETWORK
        outline.beyond_tv |= series.kind != RESOURCE and is_beyond_tv(series.service, series.item, network=network)
        if network:
            outline.families.update({FAMILIES.get(series.service, "")} - {""})
            outline.services.update({series.service} - {""})
        elif series.source != "telemetry":
            outline.name(series.service, series.records)
        outline.channels.update({series.item if series.service == "tv" else ""} - {""})
    _note_figures(outline, [known for known in weighings if known.operator in outline.operators and known.service])
    return outline


def _note_figures(outline: Outline, weighings: Sequence[Weighing]) -> None:
    """Note since when its services fall, and which of them fall in all of a nation."""
    leaves, shares = set(leaves_of(outline.areas)), defaultdict[str, list[int]](list)
    falling = [known for known in weighings if known.disturbed_milli >= LEAF_FROM_MILLI]
    for known in falling:
        if known.area in leaves:
            outline.begin(known.service, int(known.since))
            shares[known.service].append(known.share_ppm)
    outline.whole = {
        known.service
        for known in falling
        if "/" not in known.area
        and known.area in outline.areas
        and known.service in shares
        and known.share_ppm * PPM >= SPARED_PPM * median_low(shares[known.service])
    }

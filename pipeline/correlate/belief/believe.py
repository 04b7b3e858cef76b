"""Belief: all that a dossier is taken to mean, found at once from the same evidence.

Whether it suffices, how sure it is, what kind of outage it is, how far it reaches and
whom it hits: whoever decides or tells something of an incident reads it here, so no
two of them can disagree. The state of the incident, its severity and the estimate of
its end follow from a belief; they have a memory, a belief has none.

Questionable decision: each question still has a rule of its own. An account of evidence
that answers them together replaces the rules behind `believe`, and nothing else.
"""

from dataclasses import dataclass

from pipeline.correlate.belief.accepted import AS_SET, Accepted, accepted
from pipeline.correlate.belief.confidence import confidence_ppm
from pipeline.correlate.belief.confirm import verdict
from pipeline.correlate.belief.customers import customers_affected
from pipeline.correlate.belief.extent import extent_of
from pipeline.correlate.belief.nature import nature_shown
from pipeline.correlate.belief.roles import without_roaming
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.places import areas_hit
from pipeline.correlate.evidence.services import services_shown
from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.published.incident_parts import Interval
from pipeline.records.vocabulary import DecisionReason, Extent, Nature
from pipeline.reference.explained.kinds import NOON, CalendarHour


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What bears on a belief and is no evidence.

    Attributes:
        market: Market of the incident.
        planned: True if a maintenance window covers it.
        by_person: True if a person confirmed it.
        settled: True if it was confirmed, whoever or whatever did.
        night: True if it is night in the market.
        moment: When it began, as the market's clock tells it.
    """

    market: str
    planned: bool = False
    by_person: bool = False
    settled: bool = False
    night: bool = False
    moment: CalendarHour = NOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What the evidence of an incident is taken to mean at one pane end.

    Attributes:
        suffices: Why the evidence makes a suspicion a fact; None if it does not yet.
        confidence_ppm: How sure it is that this is a real outage, 0 to 1,000,000.
        nature: What kind of outage it is.
        areas: The smallest areas that explain the evidence, sorted.
        extent: How far it reaches.
        customers: How many customers it hits; None if nothing tells.
        accepts: How many false incidents are accepted of its services, which moves the bars.
    """

    suffices: DecisionReason | None
    confidence_ppm: int
    nature: Nature
    areas: list[str]
    extent: Extent
    customers: Interval | None
    accepts: Accepted = AS_SET


def believe(
    dossier: Dossier, circumstances: Circumstances, config: CorrelateConfig, reference: CorrelateReference
) -> Belief:
    """Find what the evidence means.

    Args:
        dossier: All evidence, that of this pane absorbed; unchanged.
        circumstances: What else bears on it.
        config: Settings.
        reference: Customers, hosts and places.

    Returns:
        The belief; the same evidence and circumstances always give the same.
    """
    areas = areas_hit(dossier, config.borders, [area for area, seen in dossier.areas.items() if seen.measured])
    shown = nature_shown(dossier, circumstances.moment, config, reference.kinds)
    extent = extent_of(dossier, circumstances.market, areas, config, reference, of_content=shown == "content")
    services = services_shown(dossier)
    accepts = accepted(services, config.confirm, reference.belief, night=circumstances.night)
    return Belief(
        suffices=verdict(dossier, config.confirm, accepts),
        confidence_ppm=confidence_ppm(dossier, by_person=circumstances.by_person, settled=circumstances.settled),
        nature="planned" if circumstances.planned else shown,
        areas=areas,
        extent=extent,
        customers=customers_affected(without_roaming(dossier, reference), reference, extent),
        accepts=accepts,
    )

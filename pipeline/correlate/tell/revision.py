"""When is a change worth a revision?

At once: state, severity, emergency, services, operators, nature, team, what
people ordered, the operator's own words, links. At most once a minute: areas, extent,
estimates, silent feeds, confidence when it passes a step, and evidence - records, people, series - only when it has
doubled, so that a storm of a million posts makes twenty revisions, not a million.
"""

from bisect import bisect_right
from typing import Final

from pipeline.correlate.belief.believe import Belief
from pipeline.correlate.belief.element import suspected_element
from pipeline.correlate.belief.estimate import duration_class, lengths_of, renew_estimate
from pipeline.correlate.belief.severity import settle_severity, severity_reasons
from pipeline.correlate.evidence.services import services_hit
from pipeline.correlate.parts import Dossier
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.tell.picture import picture
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.published.incident_parts import Interval, SeverityReason
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import PPM, DecisionKind, DecisionReason

MOVED_PPM: Final = 250_000
"""A number of customers is told anew when it has changed by more than so much of the greater one: a quarter changes
whom one tells, less does not."""

CONFIDENCE_STEPS_PPM: Final = (50_000, 100_000, 250_000, 500_000, 750_000, 900_000, 970_000)
"""Confidence is told anew when it passes one of these: who reads a suspicion must see that it fades."""


def settle_and_publish(incident: OpenIncident, belief: Belief, pane: PaneAtWork) -> None:
    """Settle severity and estimate, and publish a revision if it is worth one.

    Args:
        incident: With its state settled; changes in place.
        belief: What its evidence means at this pane.
        pane: The pane at work.
    """
    reasons = _settle_severity(incident, belief, pane)
    lengths = lengths_of(incident, belief.areas, pane.reference.durations)
    moved = renew_estimate(incident, pane.at, pane.config, lengths)
    told = incident.publication
    major, minor = _major(incident, belief), _minor(incident, belief, pane)
    if told.revision and major == told.major:
        if minor == told.minor:
            told.waiting = False
            return
        if pane.at - told.at < pane.config.publish_seconds * 1_000:
            told.waiting = True
            return
        reason = DecisionReason.ESTIMATE_CHANGED if moved else DecisionReason.EVIDENCE_CHANGED
        pane.decide(DecisionKind.CHANGED, reason, _what_is_new(incident), about=incident)
    record = picture(incident, belief, reasons, pane)
    pane.outputs.append(Change(at=Instant(pane.at), before=told.record, after=record))
    told.revision, told.record, told.at = record.revision, record, pane.at
    told.major, told.minor, told.waiting = major, _minor(incident, belief, pane), False


def _settle_severity(incident: OpenIncident, belief: Belief, pane: PaneAtWork) -> list[SeverityReason]:
    """Settle the severity; a change is decided upon."""
    reasons = severity_reasons(incident, belief, pane.config.severity, pane.at)
    before = settle_severity(incident, reasons, belief.nature)
    severity = incident.severity.now
    if severity != before and incident.publication.revision:
        words = f"{before.value} -> {severity.value}: " + ", ".join(reason.rule for reason in reasons)
        pane.decide(DecisionKind.CHANGED, DecisionReason.SEVERITY_CHANGED, words, about=incident)
    return reasons


def _major(incident: OpenIncident, belief: Belief) -> str:
    """Fingerprint of what is published at once."""
    emergency = incident.dossier.emergency
    return content_id(
        incident.state.value,
        incident.course.since,
        incident.severity.now.value,
        incident.course.settled,
        belief.nature,
        repr(emergency and emergency.numbers),
        repr([claim.id_hash for claim in incident.dossier.doubts]),
        repr(services_hit(incident.dossier)),
        repr(sorted(incident.dossier.operators)),
        incident.handling.team,
        incident.handling.acknowledged_at,
        repr(incident.cover),
        repr(incident.relations),
        incident.officials.count,
        repr(incident.identity.exercise),
    )


def _minor(incident: OpenIncident, belief: Belief, pane: PaneAtWork) -> str:
    """Fingerprint of what is published now and then."""
    dossier, latest, recovery = incident.dossier, incident.forecast.latest, incident.recovery
    told = incident.publication.record
    witnesses = [
        (kind, said.records.bit_length(), said.people.bit_length()) for kind, said in sorted(dossier.witnesses.items())
    ]
    return content_id(
        repr([(area, dossier.areas[area].back_at) for area in belief.areas]),
        belief.extent,
        _customers_told(told, belief.customers),
        bisect_right(CONFIDENCE_STEPS_PPM, belief.confidence_ppm),
        repr(witnesses),
        len(dossier.series).bit_length(),
        repr(latest and (latest.basis, int(latest.earliest), int(latest.latest))),
        repr(incident.sight.silent),
        dossier.emergency.claims.bit_length() if dossier.emergency else 0,
        len(recovery.curve) + recovery.curve_omitted,
        duration_class(incident, pane.at, pane.config.estimate),
        *_of_element(dossier),
    )


def _customers_told(told: Incident | None, customers: Interval | None) -> str:
    """How many customers, as they were told last if they are not far from that."""
    known = told.customers_affected if told else None
    if known is None or customers is None:
        return repr(customers is None)
    number, before = (hit.high if hit.likely is None else hit.likely for hit in (customers, known))
    moved = abs(number - before) * PPM > max(number, before) * MOVED_PPM
    return repr(number if moved or (customers.likely is None) != (known.likely is None) else before)


def _of_element(dossier: Dossier) -> list[str]:
    """The suspected element; nothing without one."""
    suspected = suspected_element(dossier)
    return [suspected.element] if suspected else []


def _what_is_new(incident: OpenIncident) -> str:
    dossier = incident.dossier
    said = ", ".join(f"{kind} {witness.records}" for kind, witness in sorted(dossier.witnesses.items()))
    counts = f"{len(dossier.areas)} areas, {len(dossier.series)} series, records: {said}"
    return f"areas, estimate or twice the evidence: {counts}"

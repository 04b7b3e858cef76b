"""When is a change worth a revision?

At once: state, severity, emergency, services, operators, nature, team, what
people ordered, the operator's own words, links. At most once a minute: areas, extent,
estimates, silent feeds, and evidence - records, people, series - only when it has
doubled, so that a storm of a million posts makes twenty revisions, not a million.
"""

from pipeline.correlate.belief.customers import customers_affected
from pipeline.correlate.belief.estimate import duration_class, renew_estimate
from pipeline.correlate.belief.extent import extent_of
from pipeline.correlate.belief.nature import nature_of
from pipeline.correlate.belief.severity import RANK, severity_now, severity_reasons
from pipeline.correlate.evidence.areas import explaining
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.tell.picture import picture
from pipeline.correlate.work import Pane
from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.changes import Change
from pipeline.records.published.incident_parts import SeverityReason
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def settle_and_publish(incident: OpenIncident, pane: Pane) -> None:
    """Settle severity and estimate, and publish a revision if it is worth one."""
    reasons = settle_severity(incident, pane)
    moved = renew_estimate(incident, pane.at, pane.config)
    major, minor = _major(incident, pane), _minor(incident, pane)
    if incident.revision and major == incident.major:
        if minor == incident.minor:
            incident.waiting = False
            return
        if pane.at - incident.published_at < pane.config.publish_seconds * 1_000:
            incident.waiting = True
            return
        reason = DecisionReason.ESTIMATE_CHANGED if moved else DecisionReason.EVIDENCE_CHANGED
        pane.decide(DecisionKind.CHANGED, reason, _what_is_new(incident), about=incident)
    record = picture(incident, pane.at, reasons, pane.config, pane.reference)
    pane.outputs.append(Change(at=Instant(pane.at), before=incident.published, after=record))
    incident.revision = record.revision
    incident.published, incident.published_at = record, pane.at
    incident.major, incident.minor, incident.waiting = major, minor, False


def settle_severity(incident: OpenIncident, pane: Pane) -> list[SeverityReason]:
    """Settle the severity; a change is decided upon."""
    nature = nature_of(incident, pane.config)
    extent = extent_of(incident, pane.config, pane.reference)
    customers = customers_affected(incident, pane.reference)
    reasons = severity_reasons(incident, extent, nature, customers, pane.config.severity)
    severity = severity_now(incident, reasons, nature)
    if severity != incident.severity and incident.revision:
        words = f"{incident.severity.value} -> {severity.value}: " + ", ".join(one.rule for one in reasons)
        pane.decide(DecisionKind.CHANGED, DecisionReason.SEVERITY_CHANGED, words, about=incident)
    incident.severity = severity
    incident.severity_peak = max((incident.severity_peak, severity), key=lambda one: RANK[one])
    return reasons


def _major(incident: OpenIncident, pane: Pane) -> str:
    impact = incident.emergency
    parts = (
        incident.state.value,
        incident.state_since,
        incident.severity.value,
        incident.settled,
        nature_of(incident, pane.config),
        repr(impact and impact.numbers),
        repr(incident.services),
        repr(sorted(incident.operators)),
        incident.team,
        incident.acknowledged_at,
        repr(incident.silence),
        repr(incident.maintenance),
        repr((incident.merged_into, incident.merged_from, incident.split_from, incident.split_into, incident.related)),
        incident.official_count,
        repr(incident.exercise),
    )
    return content_id(*parts)


def _minor(incident: OpenIncident, pane: Pane) -> str:
    areas = explaining(incident.areas, pane.config.borders)
    voices = [
        (kind, said.records.bit_length(), said.people.bit_length()) for kind, said in sorted(incident.voices.items())
    ]
    impact = incident.emergency
    parts = (
        repr([(area, incident.areas[area].back_at) for area in areas]),
        extent_of(incident, pane.config, pane.reference),
        repr(voices),
        len(incident.evidence).bit_length(),
        repr(incident.eta and (incident.eta.basis, int(incident.eta.earliest), int(incident.eta.latest))),
        repr(incident.silent),
        impact.claims.bit_length() if impact else 0,
        len(incident.curve) + incident.curve_omitted,
        duration_class(incident, pane.at, pane.config.estimate),
    )
    return content_id(*parts)


def _what_is_new(incident: OpenIncident) -> str:
    said = ", ".join(f"{kind} {one.records}" for kind, one in sorted(incident.voices.items()))
    counts = f"{len(incident.areas)} areas, {len(incident.evidence)} series, records: {said}"
    return f"areas, estimate or twice the evidence: {counts}"

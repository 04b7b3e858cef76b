"""What claims that "112 does not work" say for an incident: evidence, a voice, and the emergency impact.

A claim is evidence like an anomaly, but of a single person: it is counted by
person, and a person who repeats it adds nothing.
"""

from collections.abc import Sequence

from pipeline.correlate.config import PEOPLE_MAX, CorrelateConfig
from pipeline.correlate.evidence.dossier import add_area, add_voice, note_found
from pipeline.correlate.evidence.testimony import kind_of_people
from pipeline.correlate.state import EmergencyState, Evidence, OpenIncident, Voices
from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.inner.examples import Example
from pipeline.records.inner.signals import EmergencyClaim

MEASURE = "emergency_claims"
"""Name of the evidence that claims make."""


def claim_order(claim: EmergencyClaim) -> tuple[object, ...]:
    """The one order of a pane's claims."""
    return (int(claim.at), claim.source, claim.operator, claim.area, claim.id_hash, claim.person, claim.example)


def absorb_claims(incident: OpenIncident, claims: Sequence[EmergencyClaim], now: int, config: CorrelateConfig) -> None:
    """Take claims into an incident: emergency impact, service `emergency`, evidence."""
    for claim in sorted(claims, key=claim_order):
        key = "|".join((claim.source, claim.operator, claim.area, MEASURE))
        _impact(incident, claim)
        known = incident.evidence.get(key) or _new_evidence(claim, now)
        incident.evidence[key] = _told(known, claim)
        add_area(incident, claim.area, int(claim.at))
        said = Voices(records=1, people=1, first_at=pane_of(claim.at), last_at=int(claim.at))
        add_voice(incident, kind_of_people(claim.source), said)
        if claim.operator:
            incident.operators[claim.operator] = incident.operators.get(claim.operator, 0) + 1
        services = {*incident.services, "emergency", claim.service} - {""}
        incident.services = sorted(services)
        note_found(incident, claim.source, int(claim.at), now, config)
        incident.last_evidence_at = incident.quiet_from = now


def _impact(incident: OpenIncident, claim: EmergencyClaim) -> None:
    known = incident.emergency or EmergencyState(first_at=int(claim.at), last_at=int(claim.at))
    numbers = {*known.numbers, *(one for one in claim.numbers if one.isdecimal() and 2 <= len(one) <= 6)}
    incident.emergency = EmergencyState(
        first_at=min(known.first_at, int(claim.at)),
        last_at=max(known.last_at, int(claim.at)),
        claims=known.claims + (claim.person not in known.people or claim.source == "tickets"),
        people=sorted({*known.people, claim.person})[:PEOPLE_MAX],
        tickets=known.tickets + (claim.source == "tickets"),
        numbers=sorted(numbers)[:8],
    )


def _new_evidence(claim: EmergencyClaim, now: int) -> Evidence:
    pane = pane_of(claim.at)
    return Evidence(
        operator=claim.operator,
        area=claim.area,
        service="emergency",
        source=claim.source,
        measure=MEASURE,
        kind=kind_of_people(claim.source),
        started_at=int(claim.at),
        found_at=now,
        first_at=pane,
        last_at=pane + PANE_MS,
    )


def _told(known: Evidence, claim: EmergencyClaim) -> Evidence:
    shown = Example(0, claim.id_hash, Instant(claim.at), claim.example)
    return Evidence(
        operator=known.operator,
        area=known.area,
        service=known.service,
        source=known.source,
        measure=known.measure,
        kind=known.kind,
        started_at=min(known.started_at, int(claim.at)),
        found_at=known.found_at,
        first_at=min(known.first_at, pane_of(claim.at)),
        last_at=max(known.last_at, pane_of(claim.at) + PANE_MS),
        panes=known.panes + 1,
        observed=known.observed + 1_000_000,
        surprise_milli=known.surprise_milli,
        records=known.records + 1,
        people_peak=known.people_peak + 1,
        examples=sorted([*known.examples, shown])[:3],
    )

"""The emergency rule: "112 does not work" needs no anomaly.

On 18 September 2025 at least five customers told Optus and no one listened; it
was found 4 h 17 min after the first. So one ticket, or two independent people in public,
within half an hour, about one network or one place, make a confirmed critical incident at once.
"""

from collections.abc import Sequence

from pipeline.correlate.borders import Footprint
from pipeline.correlate.config import CLAIMS_MAX, MINUTE_MS, PEOPLE_MAX, CorrelateConfig
from pipeline.correlate.evidence import add_area, add_voice, kind_of_people, note_found
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import EmergencyState, Evidence, MarketState, OpenIncident, Voices
from pipeline.records.clocks import PANE_MS, Instant, pane_of
from pipeline.records.series import is_within
from pipeline.records.signals import EmergencyClaim, Example

MEASURE = "emergency_claims"
"""Name of the evidence that claims make."""


def order_of(claim: EmergencyClaim) -> tuple[object, ...]:
    """The one order of a pane's claims."""
    return (int(claim.at), claim.source, claim.operator, claim.area, claim.id_hash, claim.person, claim.example)


def remember(
    market: MarketState, claims: Sequence[EmergencyClaim], now: int, config: CorrelateConfig
) -> list[EmergencyClaim]:
    """Keep a pane's claims for the window; a repeat of one is dropped.

    Returns:
        Those that are new, in their order.
    """
    oldest = now - config.emergency.window_minutes * MINUTE_MS
    market.claims = [one for one in market.claims if one.at > oldest]
    known = {(one.id_hash, one.operator) for one in market.claims}
    fresh = []
    for claim in sorted(claims, key=order_of):
        if (claim.id_hash, claim.operator) not in known:
            known.add((claim.id_hash, claim.operator))
            fresh.append(claim)
    market.claims = [*market.claims, *fresh][-CLAIMS_MAX:]
    return fresh


def fellows(
    claim: EmergencyClaim, market: MarketState, config: CorrelateConfig, ref: CorrelateReference
) -> list[EmergencyClaim]:
    """Claims of the window that are about the same network, or, where one names none, about the same place."""
    return [one for one in market.claims if one.at <= claim.at and _alike(claim, one, config, ref)]


def suffice(claims: Sequence[EmergencyClaim], config: CorrelateConfig) -> bool:
    """One ticket, or as many independent people as the settings ask for."""
    if any(claim.source == "tickets" for claim in claims):
        return True
    return len({claim.person for claim in claims}) >= config.emergency.people_min


def footprint(claim: EmergencyClaim) -> Footprint:
    """What decides where a claim belongs."""
    return Footprint(operator=claim.operator, area=claim.area)


def absorb_claims(incident: OpenIncident, claims: Sequence[EmergencyClaim], now: int, config: CorrelateConfig) -> None:
    """Take claims into an incident: emergency impact, service `emergency`, evidence."""
    for claim in sorted(claims, key=order_of):
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


def _alike(one: EmergencyClaim, other: EmergencyClaim, config: CorrelateConfig, ref: CorrelateReference) -> bool:
    if one.operator and other.operator:
        hosts = {ref.host_of(one.operator), ref.host_of(other.operator)}
        return one.operator == other.operator or (bool(hosts & {one.operator, other.operator}) and len(hosts) == 1)
    if is_within(one.area, other.area) or is_within(other.area, one.area):
        return True
    km = ref.distance_km(one.area, other.area)
    return km is not None and km <= config.borders.radius_km


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

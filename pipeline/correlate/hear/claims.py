"""The emergency rule: "112 does not work" needs no anomaly.

On 18 September 2025 at least five customers told Optus and no one listened; it
was found 4 h 17 min after the first. So one ticket, or two independent people in public,
within half an hour, about one network or one place, make a confirmed critical incident at once.
"""

from collections.abc import Sequence

from pipeline.correlate.config import CLAIMS_MAX, CorrelateConfig
from pipeline.correlate.evidence.claims import absorb_claims, claim_order
from pipeline.correlate.evidence.footprint import Footprint
from pipeline.correlate.hear.opening import borders_of, opened
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def hear_claims(claims: Sequence[EmergencyClaim], pane: Pane) -> None:
    """The emergency rule: before and without any anomaly."""
    fresh = remember(pane.market, claims, pane.at, pane.config)
    borders = borders_of(pane) if fresh else None
    for claim in fresh:
        group = fellows(claim, pane.market, pane.config, pane.reference)
        known = borders.best(footprint(claim)) if borders else None
        incident = pane.incident(known.incident_id) if known else None
        alarmed = incident is not None and incident.emergency is not None
        if not alarmed and not suffice(group, pane.config):
            _wait_for_second(claim, pane)
        elif _sound_alarm(incident, claim, [claim] if alarmed else group, pane):
            borders = borders_of(pane)


def _wait_for_second(claim: EmergencyClaim, pane: Pane) -> None:
    words = f"one claim of one person: a ticket or {pane.config.emergency.people_min} people are needed"
    about, extra = claim.operator or claim.area, str(claim.id_hash)
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, words, about=about, extra=extra)


def _sound_alarm(incident: OpenIncident | None, claim: EmergencyClaim, told: list[EmergencyClaim], pane: Pane) -> bool:
    """Enter claims into an incident, which is made if there is none; True if that changed any border."""
    changes = incident is None or claim.area not in incident.areas or claim.operator not in incident.operators
    if incident is None:
        border = borders_of(pane).open(footprint(claim), what=f"emergency|{claim.area}")
        border.areas.add(claim.area)
        incident = opened(border, pane, DecisionReason.EMERGENCY_RULE)
        pane.market.incidents = [*pane.market.incidents, incident]

    def rule(draft: OpenIncident) -> None:
        absorb_claims(draft, told, pane.at, pane.config)
        make_move(draft, Move.EMERGENCY, pane, DecisionReason.EMERGENCY_RULE, text=f"{len(told)} claims")

    pane.guard(incident, rule)
    return changes


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
    for claim in sorted(claims, key=claim_order):
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


def _alike(one: EmergencyClaim, other: EmergencyClaim, config: CorrelateConfig, ref: CorrelateReference) -> bool:
    if one.operator and other.operator:
        hosts = {ref.host_of(one.operator), ref.host_of(other.operator)}
        return one.operator == other.operator or (bool(hosts & {one.operator, other.operator}) and len(hosts) == 1)
    if is_within(one.area, other.area) or is_within(other.area, one.area):
        return True
    km = ref.distance_km(one.area, other.area)
    return km is not None and km <= config.borders.radius_km

"""From an open incident to the record that the world sees.

Everything is derived anew from the evidence, and from the one belief in it, at each
revision, so that nothing published can disagree with what it rests on. What no rule
fills yet stays `None`.
"""

from typing import Final

from msgspec.structs import replace

from pipeline.correlate.belief.believe import Belief
from pipeline.correlate.belief.customers import customers_in_areas
from pipeline.correlate.belief.element import suspected_element
from pipeline.correlate.belief.estimate import duration_class, ended_at, started_at, started_between, told_end
from pipeline.correlate.belief.roles import principal, roles_of, without_roaming
from pipeline.correlate.evidence.services import services_hit
from pipeline.correlate.parts import Dossier, Relations
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.tell.card import card_of
from pipeline.correlate.tell.ledger import communication_of, leads_of
from pipeline.correlate.tell.people import care_of, posts_of
from pipeline.correlate.tell.series import evidence_of, items_of
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.published.doubts import Doubt, words_of
from pipeline.records.published.incident_parts import (
    AreaShare,
    EmergencyImpact,
    Interval,
    Links,
    SeverityReason,
    SilentFeed,
    Symptom,
    TimeInterval,
)
from pipeline.records.published.incidents import (
    AREAS_MAX,
    ITEMS_MAX,
    OPERATORS_MAX,
    SEVERITY_REASONS_MAX,
    SILENT_FEEDS_MAX,
    SYMPTOMS_MAX,
    Incident,
)
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import IncidentState
from pipeline.wording.ends import end_for_people
from pipeline.wording.places import places_down
from pipeline.wording.summary import Facts, summary_of

LINKS_SHOWN_MAX: Final = 16
"""Ids shown of a kind of link; the rest is counted."""


def picture(incident: OpenIncident, belief: Belief, reasons: list[SeverityReason], pane: PaneAtWork) -> Incident:
    """The incident's full current state, one revision on.

    Args:
        incident: With the pane's evidence, state, severity and estimate settled.
        belief: What its evidence means at this pane.
        reasons: Reasons of the severity, the gravest first.
        pane: The pane at work.

    Returns:
        A record within the limits of the schema; what is capped is counted.
    """
    dossier, handling, reference = incident.dossier, incident.handling, pane.reference
    areas, areas_omitted = _areas(dossier, belief.areas, reference)
    evidence, evidence_omitted = evidence_of(dossier)
    told = replace(
        _when(_what(incident, belief, pane), incident, pane.at),
        severity_reasons=tuple(reasons[:SEVERITY_REASONS_MAX]),
        severity_reasons_omitted=max(0, len(reasons) - SEVERITY_REASONS_MAX),
        areas=areas,
        areas_omitted=areas_omitted,
        confidence_ppm=belief.confidence_ppm,
        evidence_card=card_of(incident, pane),
        evidence=evidence,
        evidence_omitted=evidence_omitted,
        links=_links(incident.relations),
        team=handling.team or reference.team_for(principal(dossier, reference), belief.nature),
        acknowledged_at=_moment(handling.acknowledged_at),
        acknowledged_by=handling.acknowledged_by or None,
        silence=incident.cover.silence,
        maintenance=incident.cover.maintenance,
        posts=posts_of(dossier, incident.figures),
        care=care_of(incident.figures),
        summary=summary_of(_facts(incident, (areas, areas_omitted), pane.at, reference), reference.wording),
        communication=communication_of(incident, pane.at),
    )
    return _as_exercise(told) if incident.identity.exercise else told


def _as_exercise(told: Incident) -> Incident:
    """The same with numbers of customers that say where they come from."""

    def ordered(number: Interval | None) -> Interval | None:
        return number and replace(number, basis="all who live there, as an exercise orders")

    areas = tuple(replace(row, customers_affected=ordered(row.customers_affected)) for row in told.areas)
    return replace(told, areas=areas, customers_affected=ordered(told.customers_affected))


def _what(incident: OpenIncident, belief: Belief, pane: PaneAtWork) -> Incident:
    """What it is, how bad, and who has it."""
    identity, dossier, reference = incident.identity, incident.dossier, pane.reference
    market = reference.market(identity.market)
    symptoms = sorted(dossier.symptoms.items(), key=lambda named: (-named[1], named[0]))
    items = items_of(dossier)
    return Incident(
        incident_id=identity.incident_id,
        revision=incident.publication.revision + 1,
        updated_at=Instant(pane.at),
        market=identity.market,
        time_zone=market.time_zone if market else None,
        exercise=identity.exercise,
        opened_at=Instant(identity.opened_at),
        state=incident.state,
        state_history=tuple(incident.course.history),
        state_history_omitted=incident.course.history_omitted,
        severity=incident.severity.now,
        severity_peak=incident.severity.peak,
        verification="confirmed" if incident.course.settled else "estimated",
        services=tuple(services_hit(dossier)),  # type: ignore[arg-type]  # DETECT writes known services only
        items=tuple(items[:ITEMS_MAX]),
        items_omitted=max(0, len(items) - ITEMS_MAX),
        suspected_element=suspected_element(dossier),
        symptoms=tuple(Symptom(symptom=word[:64], reports=number) for word, number in symptoms[:SYMPTOMS_MAX]),
        symptoms_omitted=max(0, len(symptoms) - SYMPTOMS_MAX),
        extent=belief.extent,
        nature=belief.nature,
        emergency=_emergency(incident, reference),
        duration_class=duration_class(incident, pane.at, pane.config.estimate),
        silent_feeds=tuple(_silent(feed) for feed in incident.sight.silent[:SILENT_FEEDS_MAX]),
        silent_feeds_omitted=max(0, len(incident.sight.silent) - SILENT_FEEDS_MAX),
        operators=roles_of(dossier, reference),
        operators_omitted=max(0, len(dossier.operators) - OPERATORS_MAX),
        customers_affected=belief.customers,
        customers_back_ppm=None if incident.recovery.back_ppm < 0 else incident.recovery.back_ppm,
    )


def _when(what: Incident, incident: OpenIncident, now: int) -> Incident:
    """The same with its times: since when, until when, who said so first."""
    course, forecast, recovery = incident.course, incident.forecast, incident.recovery
    end = None if incident.relations.merged_into else ended_at(incident)
    return replace(
        what,
        confirmed_at=_moment(course.confirmed_at),
        resolved_at=_moment(course.resolved_at),
        reopened=course.reopened,
        started_at=Instant(started_at(incident)),
        started_between=started_between(incident),
        ended_at=None if end is None else Instant(end),
        ended_between=None if end is None else _ended_between(incident.dossier, end),
        leads=leads_of(incident),
        estimated_end=told_end(forecast.latest, now),
        estimated_end_history=tuple(forecast.earlier),
        estimated_end_history_omitted=forecast.earlier_omitted,
        resolution_curve=tuple(recovery.curve),
        resolution_curve_omitted=recovery.curve_omitted,
    )


def _areas(dossier: Dossier, shown: list[str], reference: CorrelateReference) -> tuple[tuple[AreaShare, ...], int]:
    rows, customers = [], customers_in_areas(without_roaming(dossier, reference), shown, reference)
    for area in shown:
        seen = dossier.areas[area]
        rows.append(
            AreaShare(
                area=area,
                name=clipped(reference.name_of(area), 80),
                share_ppm=seen.share_ppm or None,
                customers_affected=customers[area],
                since=Instant(seen.since),
                back_at=_moment(seen.back_at),
            )
        )
    rows.sort(key=_most_affected)
    return tuple(rows[:AREAS_MAX]), max(0, len(rows) - AREAS_MAX) + dossier.areas_dropped


def _most_affected(row: AreaShare) -> tuple[int, int, str]:
    customers = row.customers_affected
    number = 0 if customers is None else customers.high if customers.likely is None else customers.likely
    return (-number, -(row.share_ppm or 0), row.area)


def _emergency(incident: OpenIncident, reference: CorrelateReference) -> EmergencyImpact | None:
    claims = incident.dossier.emergency
    if claims is None:
        return _doubt(incident.dossier.doubts)
    market = reference.market(incident.identity.market)
    numbers = claims.numbers or (list(market.emergency_numbers) if market else [])
    people = max(0, claims.claims - claims.tickets)
    tickets = "1 ticket" if claims.tickets == 1 else f"{claims.tickets} tickets"
    words = f"claimed by {tickets} and {people} independent {'person' if people == 1 else 'people'}"
    return EmergencyImpact(
        affected=True,
        verification_text="ordered for an exercise: nobody claims it" if incident.identity.exercise else words,
        numbers=tuple(numbers[:8]),
        first_claim_at=Instant(claims.first_at),
        sufficed_at=Instant(claims.sufficed_at) if claims.sufficed_at else None,
        claims=claims.claims,
    )


def _doubt(doubts: list[EmergencyClaim]) -> EmergencyImpact | None:
    """Claims about which a person is asked: nobody knows yet whether help can be called."""
    if not doubts:
        return None
    likeliest = max(doubts, key=lambda claim: (claim.permille, int(claim.at), claim.id_hash))
    words = words_of(len(doubts), Doubt(likeliest.permille // 10, likeliest.example))
    first = min(int(claim.at) for claim in doubts)
    return EmergencyImpact(verification_text=words, first_claim_at=Instant(first), claims=len(doubts))


def _silent(feed: str) -> SilentFeed:
    source, name, operator, since = feed.split("|")
    return SilentFeed(
        source=source,  # type: ignore[arg-type]  # DETECT writes raw topics only
        feed=name[:64] or source,
        operator=operator or None,
        since=Instant(int(since)),
    )


def _ended_between(dossier: Dossier, end: int) -> TimeInterval:
    return TimeInterval(earliest=Instant(end - dossier.step_ms_max), latest=Instant(end + PANE_MS))


def _moment(at: int) -> Instant | None:
    return Instant(at) if at else None


def _links(links: Relations) -> Links | None:
    if links == Relations():
        return None
    return Links(
        merged_into=links.merged_into or None,
        merged_from=tuple(links.merged_from[:LINKS_SHOWN_MAX]),
        merged_from_omitted=max(0, len(links.merged_from) - LINKS_SHOWN_MAX),
        split_from=links.split_from or None,
        split_into=tuple(links.split_into[:LINKS_SHOWN_MAX]),
        split_into_omitted=max(0, len(links.split_into) - LINKS_SHOWN_MAX),
        related=tuple(links.related[:LINKS_SHOWN_MAX]),
        related_omitted=max(0, len(links.related) - LINKS_SHOWN_MAX),
    )


def _facts(
    incident: OpenIncident, shown: tuple[tuple[AreaShare, ...], int], now: int, reference: CorrelateReference
) -> Facts:
    areas, areas_omitted = shown
    dossier, latest = incident.dossier, incident.forecast.latest
    first = principal(dossier, reference)
    market = reference.market(incident.identity.market)
    emergency = _emergency(incident, reference)
    over = incident.state not in (IncidentState.SUSPECTED, IncidentState.CONFIRMED)
    calls = None if over and incident.state != IncidentState.RECOVERING else emergency
    return Facts(
        state=incident.state.value,
        operator=reference.operator_name(first) if first else "",
        services=[service for service in services_hit(dossier) if service != "emergency"] or dossier.services,
        places=[row.name or row.area for row in places_down(areas)],
        places_more=areas_omitted,
        started_at=started_at(incident),
        end=None if over else end_for_people(latest, now),
        numbers=calls.numbers if calls else (),
        time_zone=market.time_zone if market else "UTC",
        market=incident.identity.market,
        now=now,
        exercise=incident.identity.exercise,
        languages=market.languages if market else (),
        ended_at=ended_at(incident),
        back_ppm=None if incident.recovery.back_ppm < 0 else incident.recovery.back_ppm,
        is_merged=bool(incident.relations.merged_into),
    )

"""From an open incident to the record that the world sees.

Everything is derived anew from the evidence at each revision, so that nothing
published can disagree with what it rests on. What no rule fills yet stays `None`.
"""

from typing import Final

from msgspec.structs import replace

from pipeline.correlate.belief.confidence import confidence_ppm
from pipeline.correlate.belief.customers import customers_affected, customers_in_area
from pipeline.correlate.belief.estimate import customer_minutes, duration_class, ended_at, started_at, started_between
from pipeline.correlate.belief.extent import extent_of
from pipeline.correlate.belief.nature import nature_of
from pipeline.correlate.belief.roles import principal, roles_of
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import explaining, leaves_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import Evidence, OpenIncident
from pipeline.correlate.tell.ledger import communication_of, leads_of
from pipeline.correlate.tell.people import care_of, posts_of
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.published.incident_parts import (
    AreaShare,
    EmergencyImpact,
    EvidenceExample,
    EvidenceItem,
    Item,
    Links,
    SeverityReason,
    SilentFeed,
    Symptom,
    TimeInterval,
)
from pipeline.records.published.incidents import (
    AREAS_MAX,
    EVIDENCE_MAX,
    ITEMS_MAX,
    OPERATORS_MAX,
    SEVERITY_REASONS_MAX,
    SILENT_FEEDS_MAX,
    SYMPTOMS_MAX,
    Incident,
)
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import IncidentState, ItemKind
from pipeline.wording.summary import Facts, summary_of

_PPM: Final = 1_000_000


_TECHNOLOGIES: Final = frozenset(
    {"2g", "3g", "4g", "5g", "lte", "dsl", "fttb", "ftth", "fibre", "cable", "gsm", "umts"}
)


EXAMPLES_OF: Final = 6
"""So many series show examples: all sixteen would not fit in 64 KiB."""


def picture(
    incident: OpenIncident,
    now: int,
    reasons: list[SeverityReason],
    config: CorrelateConfig,
    reference: CorrelateReference,
) -> Incident:
    """The incident's full current state, one revision on.

    Args:
        incident: With the pane's evidence, state, severity and estimate settled.
        now: End of the pane, ms.
        reasons: Of the severity, the gravest first.
        config: Settings.
        reference: Names and numbers.

    Returns:
        A record within the limits of the schema; what is capped is counted.
    """
    areas, areas_omitted = _areas(incident, config, reference)
    what = _what(incident, now, config, reference)
    evidence, evidence_omitted = _evidence(incident)
    return replace(
        _when(what, incident),
        severity_reasons=tuple(reasons[:SEVERITY_REASONS_MAX]),
        severity_reasons_omitted=max(0, len(reasons) - SEVERITY_REASONS_MAX),
        areas=areas,
        areas_omitted=areas_omitted,
        confidence_ppm=confidence_ppm(incident),
        evidence=evidence,
        evidence_omitted=evidence_omitted,
        links=_links(incident),
        team=incident.team or reference.team_for(principal(incident, reference), nature_of(incident, config)),
        acknowledged_at=_moment(incident.acknowledged_at),
        acknowledged_by=incident.acknowledged_by or None,
        silence=incident.silence,
        maintenance=incident.maintenance,
        posts=posts_of(incident),
        care=care_of(incident),
        summary=summary_of(_facts(incident, areas, areas_omitted, reference)),
        communication=communication_of(incident, now),
    )


def _what(incident: OpenIncident, now: int, config: CorrelateConfig, reference: CorrelateReference) -> Incident:
    """What it is, how bad, and who has it."""
    customers = customers_affected(incident, reference)
    market = reference.market(incident.market)
    symptoms = sorted(incident.symptoms.items(), key=lambda one: (-one[1], one[0]))
    items = _items(incident)
    return Incident(
        incident_id=incident.incident_id,
        revision=incident.revision + 1,
        updated_at=Instant(now),
        market=incident.market,
        time_zone=market.time_zone if market else None,
        exercise=incident.exercise,
        opened_at=Instant(incident.opened_at),
        state=incident.state,
        state_history=tuple(incident.history),
        state_history_omitted=incident.history_omitted,
        severity=incident.severity,
        severity_peak=incident.severity_peak,
        verification="confirmed" if incident.settled else "estimated",
        services=tuple(incident.services),  # type: ignore[arg-type]  # DETECT writes known services only
        items=tuple(items[:ITEMS_MAX]),
        items_omitted=max(0, len(items) - ITEMS_MAX),
        symptoms=tuple(Symptom(symptom=word[:64], reports=number) for word, number in symptoms[:SYMPTOMS_MAX]),
        symptoms_omitted=max(0, len(symptoms) - SYMPTOMS_MAX),
        extent=extent_of(incident, config, reference),
        nature=nature_of(incident, config),
        emergency=_emergency(incident, reference),
        duration_class=duration_class(incident, now, config.estimate),
        silent_feeds=tuple(_silent(feed) for feed in incident.silent[:SILENT_FEEDS_MAX]),
        silent_feeds_omitted=max(0, len(incident.silent) - SILENT_FEEDS_MAX),
        operators=roles_of(incident, reference),
        operators_omitted=max(0, len(incident.operators) - OPERATORS_MAX),
        customers_affected=customers,
        customer_minutes=customer_minutes(incident, customers, now),
    )


def _when(what: Incident, incident: OpenIncident) -> Incident:
    """The same with its times: since when, until when, who said so first."""
    end = ended_at(incident)
    return replace(
        what,
        confirmed_at=_moment(incident.confirmed_at),
        resolved_at=_moment(incident.resolved_at),
        reopened=incident.reopened,
        started_at=Instant(started_at(incident)),
        started_between=started_between(incident),
        ended_at=None if end is None else Instant(end),
        ended_between=None if end is None else _ended_between(incident, end),
        leads=leads_of(incident),
        estimated_end=incident.eta,
        estimated_end_history=tuple(incident.eta_history),
        estimated_end_history_omitted=incident.eta_omitted,
        resolution_curve=tuple(incident.curve),
        resolution_curve_omitted=incident.curve_omitted,
    )


def _areas(
    incident: OpenIncident, config: CorrelateConfig, reference: CorrelateReference
) -> tuple[tuple[AreaShare, ...], int]:
    shown = explaining(incident.areas, config.borders)
    rows = []
    for area in shown:
        seen = incident.areas[area]
        rows.append(
            AreaShare(
                area=area,
                name=clipped(reference.name_of(area), 80),
                share_ppm=seen.share_ppm or None,
                customers_affected=customers_in_area(incident, area, reference),
                since=Instant(seen.since),
                back_at=_moment(seen.back_at),
            )
        )
    rows.sort(key=_most_affected)
    return tuple(rows[:AREAS_MAX]), max(0, len(rows) - AREAS_MAX) + incident.areas_dropped


def _most_affected(row: AreaShare) -> tuple[int, int, str]:
    customers = row.customers_affected
    number = 0 if customers is None else customers.high if customers.likely is None else customers.likely
    return (-number, -(row.share_ppm or 0), row.area)


def _evidence(incident: OpenIncident) -> tuple[tuple[EvidenceItem, ...], int]:
    rows = sorted(incident.evidence.items(), key=lambda one: (-one[1].surprise_milli, -one[1].records, one[0]))
    total = sum(max(one.surprise_milli, 1) for _, one in rows)
    shown = tuple(
        _item(one, max(one.surprise_milli, 1) * _PPM // total, examples_max=3 if number < EXAMPLES_OF else 0)
        for number, (_, one) in enumerate(rows[:EVIDENCE_MAX])
    )
    return shown, max(0, len(rows) - EVIDENCE_MAX) + incident.evidence_dropped


def _item(one: Evidence, contribution_ppm: int, *, examples_max: int) -> EvidenceItem:
    return EvidenceItem(
        source=one.source,  # type: ignore[arg-type]  # DETECT writes raw topics only
        measure=one.measure,
        area=one.area,
        operator=one.operator or "unknown",
        first_at=Instant(one.first_at),
        last_at=Instant(one.last_at),
        panes=one.panes,
        service=one.service or None,
        item=one.item[:100] or None,
        element=one.element or None,
        unit=one.unit,
        observed=decimal(one.observed),
        expected=decimal(one.expected),
        surprise_milli=max(0, one.surprise_milli),
        contribution_ppm=contribution_ppm,
        examples=tuple(
            EvidenceExample(
                id_hash=shown.id_hash,
                at=Instant(shown.at),
                text=clipped(shown.text, 240),
                symptom=shown.symptom[:64] or None,
                area=one.area,
                language=shown.lang[:16] or None,
            )
            for shown in one.examples[:examples_max]
        ),
        examples_omitted=max(0, one.records - min(examples_max, len(one.examples))) if one.examples else 0,
    )


def decimal(millionths: int) -> str:
    """An exact decimal number as text.

    >>> decimal(1_500_000), decimal(-250_000), decimal(0)
    ('1.5', '-0.25', '0')
    """
    whole, part = divmod(abs(millionths), _PPM)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if millionths < 0 else text


def _items(incident: OpenIncident) -> list[Item]:
    found = {(one.item, one.service) for one in incident.evidence.values() if one.item}
    rows = {name: _item_kind(name, service) for name, service in sorted(found)}
    return [Item(name=name[:100], kind=kind) for name, kind in rows.items()]


def _item_kind(name: str, service: str) -> ItemKind:
    if service == "tv":
        return "tv_channel"
    return "technology" if name.casefold() in _TECHNOLOGIES else "other"


def _emergency(incident: OpenIncident, reference: CorrelateReference) -> EmergencyImpact | None:
    impact = incident.emergency
    if impact is None:
        return None
    market = reference.market(incident.market)
    numbers = impact.numbers or (list(market.emergency_numbers) if market else [])
    people = max(0, impact.claims - impact.tickets)
    return EmergencyImpact(
        affected=True,
        verification_text=f"claimed by {impact.tickets} tickets and {people} independent people",
        numbers=tuple(numbers[:8]),
        first_claim_at=Instant(impact.first_at),
        claims=impact.claims,
    )


def _silent(feed: str) -> SilentFeed:
    source, name, operator, since = feed.split("|")
    return SilentFeed(
        source=source,  # type: ignore[arg-type]  # DETECT writes raw topics only
        feed=name[:64] or source,
        operator=operator or None,
        since=Instant(int(since)),
    )


def _ended_between(incident: OpenIncident, end: int) -> TimeInterval:
    return TimeInterval(earliest=Instant(end - incident.step_ms_max), latest=Instant(end + PANE_MS))


def _moment(at: int) -> Instant | None:
    return Instant(at) if at else None


def _links(incident: OpenIncident) -> Links | None:
    if not (
        incident.merged_into or incident.merged_from or incident.split_from or incident.split_into or incident.related
    ):
        return None
    return Links(
        merged_into=incident.merged_into or None,
        merged_from=tuple(incident.merged_from[:16]),
        merged_from_omitted=max(0, len(incident.merged_from) - 16),
        split_from=incident.split_from or None,
        split_into=tuple(incident.split_into[:16]),
        split_into_omitted=max(0, len(incident.split_into) - 16),
        related=tuple(incident.related[:16]),
        related_omitted=max(0, len(incident.related) - 16),
    )


def _facts(
    incident: OpenIncident, areas: tuple[AreaShare, ...], areas_omitted: int, reference: CorrelateReference
) -> Facts:
    first = principal(incident, reference)
    market = reference.market(incident.market)
    impact = _emergency(incident, reference)
    leaves = leaves_of(incident.areas)
    over = incident.state not in (IncidentState.SUSPECTED, IncidentState.CONFIRMED)
    eta = incident.eta
    return Facts(
        state=incident.state.value,
        operator=reference.operator_name(first) if first else "",
        services=[one for one in incident.services if one != "emergency"] or incident.services,
        places=[row.name or row.area for row in areas if row.area in leaves],
        places_more=areas_omitted,
        started_at=started_at(incident),
        end=None if eta is None or over else (int(eta.earliest), int(eta.latest)),
        numbers=impact.numbers if impact and not over else (),
        time_zone=market.time_zone if market else "UTC",
        exercise=incident.exercise,
    )

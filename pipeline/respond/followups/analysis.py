"""A record for the analysis of the cause: what happened when, what each source saw, hypotheses, what is not known.

It is filled in as far as evidence goes and no further. A hypothesis that a rule infers has a low confidence and
nobody who stated it; what an operator or a person said stands above it.
"""

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from pipeline.records.clocks import DAY_MS
from pipeline.records.published.followups import CauseAnalysis
from pipeline.records.published.incident_parts import Cause
from pipeline.records.published.incidents import CAUSES_MAX, Incident
from pipeline.records.texts import clipped
from pipeline.respond.followups.asked import AskedFollowup, OverOutage
from pipeline.respond.remembered.impact import began_at, customer_minutes
from pipeline.wording.report import dated

TIMELINE_MAX: Final = 32
QUESTIONS_MAX: Final = 16
EVIDENCE_MAX: Final = 16
SERIES_TOLD: Final = 8
"""Series of the evidence that are named, the strongest first."""

_GUESSED_PPM: Final = 200_000
"""Confidence of what a rule infers from the shape of an outage: better than none; a judgement."""

_MOBILE: Final = frozenset({"mobile_data", "mobile_voice", "sms"})


def analyse_cause(over: OverOutage) -> Iterator[AskedFollowup]:
    """The record, for the team that the incident belongs to."""
    config, incident = over.rules.config.followups, over.incident
    part = CauseAnalysis(
        causes=hypotheses(incident)[:CAUSES_MAX],
        timeline=tuple(clipped(line) for line in _timeline(incident, over.zone))[:TIMELINE_MAX],
        evidence=tuple(clipped(line) for line in _evidence(incident, over.zone))[:EVIDENCE_MAX],
        questions=tuple(clipped(line) for line in _not_known(over))[:QUESTIONS_MAX],
    )
    due_at = over.at + config.analysis_days * DAY_MS
    yield AskedFollowup("cause_analysis", "", part, incident.team or config.care_owner, due_at)


def hypotheses(incident: Incident) -> tuple[Cause, ...]:
    """Possible causes: those on the record, then what its shape suggests."""
    stated = [cause for cause in incident.causes or () if cause.kind != "unknown"]
    kinds = {cause.kind for cause in stated}
    return (*stated, *(cause for cause in _inferred(incident) if cause.kind not in kinds))


def _inferred(incident: Incident) -> Iterator[Cause]:
    if incident.maintenance is not None:
        text = f"planned work of {incident.maintenance.by} went on meanwhile"
        yield Cause(kind="planned_work", confidence_ppm=_GUESSED_PPM * 2, text=clipped(text))
    if incident.operators and all(operator.role == "hosted" for operator in incident.operators):
        yield Cause(kind="third_party", confidence_ppm=_GUESSED_PPM * 2, text="the network that it runs on")
    if incident.suspected_element is not None:
        text = f"network element {incident.suspected_element.element}"
        yield Cause(kind="hardware_failure", confidence_ppm=incident.suspected_element.confidence_ppm, text=text)
    if incident.extent == "not_geographic" and _MOBILE & set(incident.services):
        text = "some phones everywhere and not all of one place: a register or signalling rather than masts"
        yield Cause(kind="signalling_failure", confidence_ppm=_GUESSED_PPM, text=text)
    if len(incident.services) >= 3:
        text = "several services at once: what they share, such as the core network or its configuration"
        yield Cause(kind="configuration_error", confidence_ppm=_GUESSED_PPM, text=text)
    if incident.extent == "localised" and incident.leads and incident.leads[0].source == "telemetry":
        yield Cause(kind="cable_cut", confidence_ppm=_GUESSED_PPM, text="one place only: a line or a site there")


def _timeline(incident: Incident, zone: str) -> list[str]:
    rows = [(began_at(incident), "it began, as estimated")]
    rows += [(int(lead.first_evidence_at), f"first evidence in {lead.source}") for lead in incident.leads]
    rows += [
        (int(step.at), f"{step.state} ({step.reason})" + (f", by {step.by}" if step.by else ""))
        for step in incident.state_history
    ]
    if incident.emergency is not None and incident.emergency.first_claim_at is not None:
        rows.append((int(incident.emergency.first_claim_at), "first claim that emergency calls fail"))
    said = incident.communication
    if said is not None and said.first_official_at is not None:
        rows.append((int(said.first_official_at), "first word of the operator"))
    if incident.acknowledged_at is not None:
        rows.append((int(incident.acknowledged_at), f"{incident.acknowledged_by} took it on"))
    rows += [(int(area.back_at), f"{area.name or area.area} is back") for area in incident.areas if area.back_at]
    if incident.ended_at is not None:
        rows.append((int(incident.ended_at), "it ended, as estimated"))
    return [f"{dated(moment, zone)} {words}" for moment, words in sorted(rows, key=itemgetter(0))]


def _evidence(incident: Incident, zone: str) -> Iterator[str]:
    for lead in incident.leads:
        ahead = "" if lead.lead_seconds is None else f", {lead.lead_seconds // 60} min before the next source"
        found = "" if lead.found_at is None else f", found {dated(int(lead.found_at), zone)}"
        yield f"{lead.source}: first evidence {dated(int(lead.first_evidence_at), zone)}{found}{ahead}"
    for row in incident.evidence[:SERIES_TOLD]:
        seen = "" if row.observed is None else f": {row.observed} where {row.expected or '?'} is usual"
        yield f"{row.source} {row.measure} of {row.operator} in {row.area}{seen}, {row.panes} panes"


def _not_known(over: OverOutage) -> Iterator[str]:
    incident = over.incident
    if not any(cause.stated_by for cause in incident.causes or ()):
        yield "Nobody has stated the cause."
    if incident.suspected_element is None:
        yield "Which network element failed is not known."
    for feed in incident.silent_feeds or ():
        yield f"{feed.source} {feed.feed} was silent: what did it not tell?"
    if all(lead.source != "telemetry" for lead in incident.leads):
        yield "No figure of telemetry moved: is what failed measured at all?"
    yield from _not_counted(over)
    if incident.reopened:
        yield f"Why did it come back ({incident.reopened} times)?"


def _not_counted(over: OverOutage) -> Iterator[str]:
    incident = over.incident
    spent = customer_minutes(over.memory.impact, incident, over.at)
    if spent is None:
        yield "How many customers were hit is not known."
    elif spent.low * 2 < spent.high:
        yield f"Customer minutes are known from {spent.low:,} to {spent.high:,} only: how many were hit?"
    emergency = incident.emergency
    if emergency is not None and emergency.affected and emergency.calls_affected is None:
        yield "How many emergency calls failed is not known."

"""Feeds that are silent, and figures that ride along: neither opens nor closes anything.

A silent source is no all-clear: as long as a feed that spoke for an incident is
silent, quiet means nothing, and the incident waits for it.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.correlate.config import SILENT_MAX
from pipeline.correlate.extent import explaining
from pipeline.correlate.state import MarketState, OpenIncident, SilentSince, Window
from pipeline.correlate.why import Pane
from pipeline.records.anomalies import Activity, Silence
from pipeline.records.clocks import Instant
from pipeline.records.incident_parts import Maintenance
from pipeline.records.incident_parts import Silence as NoNotices
from pipeline.records.series import is_within
from pipeline.records.telemetry import CARE_METRICS
from pipeline.records.vocabulary import DecisionKind, DecisionReason

CARE_KEPT: Final = CARE_METRICS
"""Figures of the call centre that an incident shows."""


def note_silences(market: MarketState, silences: Iterable[Silence]) -> bool:
    """Keep which feeds are silent.

    Returns:
        True if that changed.
    """
    feeds = {(one.operator, one.area, one.source, one.measure): one for one in market.silent}
    before = list(market.silent)
    for one in sorted(silences, key=lambda s: (s.operator, s.area, s.source, s.measure, int(s.since), s.ended)):
        key = (one.operator, one.area, one.source, one.measure)
        feeds.pop(key, None)
        if not one.ended:
            feeds[key] = SilentSince(
                operator=one.operator, area=one.area, source=one.source, measure=one.measure, since=int(one.since)
            )
    market.silent = [feeds[key] for key in sorted(feeds)][:SILENT_MAX]
    return market.silent != before


def look_at_feeds(incident: OpenIncident, pane: Pane) -> None:
    """Find which silent feeds concern an incident, and whether it still sees."""
    areas = explaining(incident.areas, pane.config.borders)
    concerned = [one for one in pane.market.silent if _concerns(one, incident, areas)]
    incident.silent = ["|".join((one.source, _feed(one), one.operator, str(one.since))) for one in concerned]
    needed = [one for one in concerned if _spoke(one, incident)]
    if needed and not incident.blind_from:
        incident.blind_from = pane.at
        names = ", ".join(sorted({one.source for one in needed}))
        words = f"{names} silent: quiet is no all-clear until it speaks again"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.SOURCE_SILENT, words, about=incident)
    elif not needed and incident.blind_from:
        incident.blind_from = 0
        incident.quiet_from = pane.at


def _feed(one: SilentSince) -> str:
    return "/".join(part for part in (one.measure, one.area) if part).replace("|", "/")[:64]


def _concerns(one: SilentSince, incident: OpenIncident, areas: list[str]) -> bool:
    if one.operator not in incident.operators:
        return False
    return any(is_within(area, one.area) or is_within(one.area, area) for area in areas)


def _spoke(one: SilentSince, incident: OpenIncident) -> bool:
    return any(
        seen.source == one.source and seen.operator == one.operator and one.measure in ("", seen.measure)
        for seen in incident.evidence.values()
    )


def note_activity(incident: OpenIncident, rows: Iterable[Activity], now: int) -> None:
    """Add an operator's activity of a step to an incident: how much is said, how care copes.

    Reactions come as running totals of posts, so the loudest step stands for them; rows of one service are
    parts of the row of all.
    """
    for row in sorted(rows, key=lambda one: (one.operator, one.source, one.measure, one.service, one.observed)):
        if row.operator not in incident.operators or row.service:
            continue
        milli = round(row.observed * 1_000)
        if row.measure in CARE_KEPT:
            incident.care[row.measure] = [milli, now]
        elif row.measure == "reactions":
            incident.reactions = max(incident.reactions, round(row.observed))
        elif row.source == "mentions" and row.expected is not None and row.measure == "activity":
            known = incident.activity.get("mentions|activity", [0, 0])
            incident.activity["mentions|activity"] = [known[0] + milli, known[1] + round(row.expected * 1_000)]


def look_at_windows(incident: OpenIncident, pane: Pane) -> None:
    """Find the silence and the maintenance window that cover an incident now."""
    covering = [
        one for one in pane.market.windows if one.starts_at <= pane.at < one.until and _covers(one, incident, pane)
    ]
    covering.sort(key=lambda one: (-one.until, one.window_id))
    silences = [one for one in covering if one.kind == "silence"]
    works = [one for one in covering if one.kind == "maintenance"]
    incident.silence = (
        NoNotices(until=Instant(silences[0].until), by=silences[0].by[:64], reason=silences[0].reason[:200])
        if silences
        else None
    )
    incident.maintenance = _maintenance(works[0]) if works else None


def _maintenance(window: Window) -> Maintenance:
    return Maintenance(
        maintenance_id=window.window_id,
        starts_at=Instant(window.starts_at),
        until=Instant(window.until),
        by=window.by[:64],
        reason=window.reason[:200] or None,
    )


def _covers(window: Window, incident: OpenIncident, pane: Pane) -> bool:
    if window.incident_id:
        return window.incident_id == incident.incident_id
    if window.operator not in incident.operators:
        return False
    if window.service and incident.services and window.service not in incident.services:
        return False
    areas = explaining(incident.areas, pane.config.borders)
    return not window.area or all(is_within(area, window.area) for area in areas)

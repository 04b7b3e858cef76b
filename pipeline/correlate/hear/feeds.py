"""Feeds that are silent: they neither open nor close an incident.

A silent source is no all-clear: as long as a feed that spoke for an incident is
silent, quiet means nothing, and the incident waits for it.
"""

from collections.abc import Iterable

from pipeline.correlate.config import SILENT_MAX
from pipeline.correlate.evidence.areas import explaining
from pipeline.correlate.state import MarketState, OpenIncident, SilentSince
from pipeline.correlate.work import Pane
from pipeline.records.inner.anomalies import FeedSilence
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def note_silences(market: MarketState, silences: Iterable[FeedSilence]) -> bool:
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

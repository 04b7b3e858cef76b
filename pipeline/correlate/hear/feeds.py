"""Feeds that are silent: they neither open nor close an incident.

A silent source is no all-clear: as long as a feed that spoke for an incident is
silent, quiet means nothing, and the incident waits for it. A figure that proves nothing
hides nothing when it stops: nobody calls at night, so nobody says how satisfied he is.
"""

from collections.abc import Iterable, Mapping

from pipeline.correlate.config import SILENT_MAX
from pipeline.correlate.evidence.places import areas_hit
from pipeline.correlate.parts import Dossier
from pipeline.correlate.state import OpenIncident, SilentSince
from pipeline.correlate.work import PaneAtWork
from pipeline.records.inner.anomalies import FeedSilence
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.reference.metrics import Role

_Feed = tuple[str, str, str, str]
"""Operator, area, source and measure of a feed."""


def note_silences(silences: Iterable[FeedSilence], pane: PaneAtWork) -> bool:
    """Keep which feeds of a market are silent.

    Returns:
        True if that changed.
    """
    market = pane.market
    feeds = {(feed.operator, feed.area, feed.source, feed.measure): feed for feed in market.silent}
    before = list(market.silent)
    for silence in sorted(silences, key=_order):
        key = (silence.operator, silence.area, silence.source, silence.measure)
        feeds.pop(key, None)
        if not silence.ended:
            feeds[key] = SilentSince(
                operator=silence.operator,
                area=silence.area,
                source=silence.source,
                measure=silence.measure,
                since=int(silence.since),
            )
    if len(feeds) > SILENT_MAX:
        feeds = _kept(feeds, pane)
    market.silent = [feeds[key] for key in sorted(feeds)]
    return market.silent != before


def _kept(feeds: Mapping[_Feed, SilentSince], pane: PaneAtWork) -> dict[_Feed, SilentSince]:
    """Those of too many that matter most: of operators with an open incident first, then the latest that stopped."""
    concerned = {operator for incident in pane.market.incidents for operator in incident.dossier.operators}
    ranked = sorted(feeds, key=lambda key: (feeds[key].operator not in concerned, -feeds[key].since, key))
    words = f"{len(feeds)} feeds are silent: {SILENT_MAX} are remembered, of open incidents' operators first"
    pane.decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, words, about=pane.market.market)
    return {key: feeds[key] for key in ranked[:SILENT_MAX]}


def _order(silence: FeedSilence) -> tuple[object, ...]:
    return (silence.operator, silence.area, silence.source, silence.measure, int(silence.since), silence.ended)


def look_at_feeds(incident: OpenIncident, pane: PaneAtWork) -> None:
    """Find which silent feeds concern an incident, and whether it still sees."""
    dossier, sight = incident.dossier, incident.sight
    areas = areas_hit(dossier, pane.config.borders)
    concerned = [
        feed for feed in pane.market.silent if _concerns(feed, dossier, areas) and not _proves_nothing(feed, pane)
    ]
    sight.silent = ["|".join((feed.source, _name(feed), feed.operator, str(feed.since))) for feed in concerned]
    needed = [feed for feed in concerned if _spoke(feed, dossier)]
    if needed and not sight.blind_from:
        sight.blind_from = pane.at
        names = ", ".join(sorted({feed.source for feed in needed}))
        words = f"{names} silent: quiet is no all-clear until it speaks again"
        pane.decide(DecisionKind.SUPPRESSED, DecisionReason.SOURCE_SILENT, words, about=incident)
    elif not needed and sight.blind_from:
        sight.blind_from = 0
        sight.sees_since = pane.at


def _name(feed: SilentSince) -> str:
    return "/".join(part for part in (feed.measure, feed.area) if part).replace("|", "/")[:64]


def _concerns(feed: SilentSince, dossier: Dossier, areas: list[str]) -> bool:
    if feed.operator not in dossier.operators:
        return False
    return any(is_within(area, feed.area) or is_within(feed.area, area) for area in areas)


def _proves_nothing(feed: SilentSince, pane: PaneAtWork) -> bool:
    return bool(feed.measure) and pane.reference.metrics.of(feed.measure, "").role is Role.AFTERMATH


def _spoke(feed: SilentSince, dossier: Dossier) -> bool:
    """Did the feed give evidence, so that its silence hides something?"""
    return any(
        series.source == feed.source and series.operator == feed.operator and feed.measure in ("", series.measure)
        for series in dossier.series.values()
    )

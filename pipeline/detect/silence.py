"""Silence: a feed that stopped tells nothing, neither an outage nor an all-clear.

Telemetry has a rhythm: a measure is silent after three of its usual gaps. Tickets
and mentions come by chance: they are silent when so long a pause is too
improbable for what is usual at this time of day. Only event time counts, so a
backlog is never taken for silence: while clocks stand, no pane is sealed.

"Usual" is the longest gap lately seen, slowly forgotten: a feed that comes in
threes is not silent between them.
"""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pipeline.detect.config import DetectConfig
from pipeline.detect.rollup import counts_people, key_fields
from pipeline.detect.state import Feed, ScopeState
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import FeedSilence

GAPS_MIN: Final = 5
"""Gaps to see before a rhythm is known."""

FORGET: Final = 0.02
"""How much of a longer gap is forgotten with each shorter one."""

CLUSTER: Final = 8.0
"""Size of the negative binomial for the count of a pause: half an hour wanders by a third."""


@lru_cache(maxsize=65_536)
def feed_of(key: str) -> str:
    """Name of the feed that a series belongs to: its source; of telemetry, its measure."""
    fields = key_fields(key)
    return fields.source if counts_people(fields) else f"{fields.source}|{fields.measure}"


def hear(scope: ScopeState, panes: Iterable[int], feeds_max: int) -> list[FeedSilence]:
    """Note which feeds spoke in some panes.

    Args:
        scope: Its feeds change in place.
        panes: Starts of open panes, in order.
        feeds_max: A scope remembers so many feeds, 1 or more; of a further one nobody asks whether it is silent.

    Returns:
        Silences that ended, by feed.
    """
    ended = []
    for pane in panes:
        for name in sorted({feed_of(key) for key in scope.panes[pane]}):
            feed = scope.feeds.get(name)
            if feed is None:
                if len(scope.feeds) >= feeds_max and is_of_telemetry(name):
                    continue
                feed = scope.feeds[name] = Feed(spoke_at=pane + PANE_MS)
            if feed.silent:
                feed.silent = False
                ended.append(_silence(scope, name, feed, ended=True))
            else:
                _learn_gap(feed, pane + PANE_MS - feed.spoke_at)
            feed.spoke_at, feed.missed = pane + PANE_MS, 0.0
    return ended


def is_of_telemetry(name: str) -> bool:
    """Is a feed one of telemetry, by its name? Of people there are a few sources, of telemetry as many as measures."""
    return "|" in name


def forget_feeds(scope: ScopeState, before: int) -> list[FeedSilence]:
    """Forget feeds of telemetry that said nothing for days: nobody waits for them any more.

    Args:
        scope: Its feeds change in place.
        before: A feed that spoke last before this is forgotten, ms.

    Returns:
        Silences that end by it, by feed.
    """
    idle = [(name, feed) for name, feed in sorted(scope.feeds.items()) if feed.spoke_at < before]
    ended = []
    for name, feed in idle:
        if is_of_telemetry(name):
            del scope.feeds[name]
            if feed.silent:
                ended.append(_silence(scope, name, feed, ended=True))
    return ended


def miss(scope: ScopeState, now: int, config: DetectConfig) -> list[FeedSilence]:
    """Which feeds have become silent?

    Args:
        scope: Its feeds change in place; `missed` is up to date.
        now: End of a step, ms.
        config: How long is too long.

    Returns:
        New silences, by feed.
    """
    begun = []
    for name, feed in sorted(scope.feeds.items()):
        if not feed.silent and is_overdue(name, feed, now, config):
            feed.silent = True
            begun.append(_silence(scope, name, feed, ended=False))
    return begun


def is_overdue(name: str, feed: Feed, now: int, config: DetectConfig) -> bool:
    """Is a feed quiet for too long?

    Args:
        name: Of the feed, as `feed_of` says.
        feed: What is known of its rhythm.
        now: End of a step, ms.
        config: How long is too long.
    """
    if is_of_telemetry(name):
        deadline = deadline_of(name, feed, config)
        return deadline is not None and now >= deadline
    return is_pause_too_long(feed.spoke_at, feed.missed, now, config)


def is_pause_too_long(spoke_at: int, missed: float, now: int, config: DetectConfig) -> bool:
    """Is a pause of people too improbable?

    Args:
        spoke_at: When it began, ms.
        missed: Tickets or posts expected since, 0 or more.
        now: End of a step, ms.
        config: How long is too long.
    """
    return (
        now - spoke_at >= config.people_silence_ms_min and surprise_of_pause(missed) >= config.people_silence_surprise
    )


def surprise_of_pause(missed: float) -> float:
    """How improbable it is that nothing comes where so much is expected, -log10 p.

    >>> round(surprise_of_pause(37.0), 2)
    6.0
    """
    return CLUSTER * math.log1p(missed / CLUSTER) / math.log(10.0)


def deadline_of(name: str, feed: Feed, config: DetectConfig) -> int | None:
    """When a feed of telemetry will be silent if it says nothing more, ms; None if that is not known.

    Args:
        name: Of the feed; one of people's words has no deadline.
        feed: What is known of its rhythm.
        config: How long is too long.
    """
    if not is_of_telemetry(name) or feed.silent or feed.gaps < GAPS_MIN:
        return None
    return feed.spoke_at + max(config.telemetry_silence_ms_min, math.ceil(config.telemetry_gaps * feed.gap_ms))


def is_silent(scope: ScopeState, name: str) -> bool:
    """Was the feed called silent, and did not speak since?"""
    feed = scope.feeds.get(name)
    return feed is not None and feed.silent


def _learn_gap(feed: Feed, gap_ms: int) -> None:
    if gap_ms <= 0:
        return
    feed.gaps = min(feed.gaps + 1, 1_000)
    feed.gap_ms = float(gap_ms) if gap_ms > feed.gap_ms else feed.gap_ms + FORGET * (gap_ms - feed.gap_ms)


def _silence(scope: ScopeState, name: str, feed: Feed, *, ended: bool) -> FeedSilence:
    source, _, measure = name.partition("|")
    return FeedSilence(
        operator=scope.operator,
        area=scope.area,
        source=source,
        measure=measure,
        since=Instant(feed.spoke_at),
        ended=ended,
    )

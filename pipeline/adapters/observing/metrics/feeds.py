"""Counts what becomes of the records of each feed, as INGEST adds them up.

A feed that is wholly refused must be as loud as one that is dead, so what is used and what is refused is
counted by feed, and heartbeats are counted apart. It is counted when a batch is closed, a moment before it is
committed: a batch that cannot be committed ends the process, so the two differ by at most that one.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.logs import GuessLog
from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.stages.contracts import Accumulator, IngestStage
from pipeline.records.raw.feeds import FeedCount, FeedName
from pipeline.records.raw.record import RawRecord, is_heartbeat

FEEDS_MAX: Final = 100
"""Feeds that have labels of their own; more operators than that are no single deployment."""

_MILLISECONDS: Final = 1_000


class FeedGauges:
    """Hears what INGEST reads and what became of it.

    Args:
        families: Families of metrics that the counts are added to.
        operators: Ids of the operators of the reference: others have no label.
        now: Wall clock in seconds.
    """

    def __init__(self, families: Families, operators: Collection[str], now: Callable[[], float] = time.time) -> None:
        self._operators, self._now = operators, now
        self._consumed, self._used = families.counter(d.CONSUMED), families.counter(d.USED)
        self._on_time, self._last_event = families.counter(d.ON_TIME), families.gauge(d.LAST_EVENT)
        self._heartbeats = families.counter(d.HEARTBEATS_READ)
        self._events = families.counter(d.FEED_EVENTS)
        self._last_used, self._last_heard = families.gauge(d.FEED_USED), families.gauge(d.FEED_HEARD)
        self._named: set[tuple[str, str]] = set()

    def read(self, source: str, records: Sequence[RawRecord]) -> None:
        """Count what was read of a source, heartbeats apart.

        Args:
            source: Noun of the raw topic.
            records: What was taken, in order of offset; may be empty.
        """
        real = [record.timestamp for record in records if record.value or not is_heartbeat(record)]
        if heartbeats := len(records) - len(real):
            self._heartbeats.labels(source).inc(heartbeats)
        if real:
            self._last_event.labels(source).set(real[-1] / _MILLISECONDS)
            oldest = (self._now() - d.ON_TIME_SECONDS) * _MILLISECONDS
            punctual = len(real) if real[0] >= oldest else sum(timestamp >= oldest for timestamp in real)
            self._on_time.labels(source).inc(punctual)

    def closed(self, feeds: Mapping[FeedName, FeedCount]) -> None:
        """Count what became of the records of a batch.

        Args:
            feeds: Used and refused records by feed.
        """
        now = self._now()
        by_labels = sorted(
            (*self._labels(feed), count.used, sum(count.refused.values())) for feed, count in feeds.items()
        )
        for (source, operator), rows in groupby(by_labels, key=lambda row: row[:2]):
            counts = list(rows)
            used, refused = sum(row[2] for row in counts), sum(row[3] for row in counts)
            self._consumed.labels(source).inc(used + refused)
            self._used.labels(source).inc(used)
            self._events.labels(source, operator, "used").inc(used)
            self._events.labels(source, operator, "refused").inc(refused)
            self._last_heard.labels(source, operator).set(now)
            if used:
                self._last_used.labels(source, operator).set(now)

    def _labels(self, feed: FeedName) -> tuple[str, str]:
        operator = feed.operator if feed.operator in self._operators else "unknown" if feed.operator else "none"
        labels = (feed.source, operator)
        if labels not in self._named:
            if len(self._named) >= FEEDS_MAX:
                return feed.source, "other"
            self._named.add(labels)
        return labels


class WatchedLane:
    """A lane as it is, and what it reads counted; fits `Accumulator`.

    Args:
        lane: The lane.
        gauges: Hear what it reads.
        guesses: Hears of metrics that nobody described.
    """

    def __init__(self, lane: Accumulator, gauges: FeedGauges, guesses: GuessLog) -> None:
        self._lane, self._gauges, self._guesses = lane, gauges, guesses

    @property
    def count(self) -> int:
        """Records taken since the last close."""
        return self._lane.count

    @property
    def clocks(self) -> dict[str, int]:
        """Source to clock, in ms."""
        return self._lane.clocks

    @property
    def habits(self) -> Mapping[str, str]:
        """Source to what else a lane remembers of it."""
        return self._lane.habits

    def take(self, source: str, records: Sequence[RawRecord], horizon_ms: int | None) -> int:
        """Take records in order.

        Args:
            source: The raw topic that they are of.
            records: Records of one lane, in order of offset.
            horizon_ms: Event time past which nothing is taken yet, in milliseconds; None is no limit.

        Returns:
            How many were taken.
        """
        taken = self._lane.take(source, records, horizon_ms)
        self._gauges.read(source, records[:taken])
        return taken

    def close(self) -> Any:
        """What was added up; its feeds are counted."""
        batch = self._lane.close()
        self._gauges.closed(batch.feeds)
        self._guesses.hear(batch.feeds)
        return batch


class WatchedIngest:
    """INGEST as it is, and its lanes watched; fits `IngestStage`.

    Args:
        stage: INGEST.
        gauges: Hear what its lanes read.
        guesses: Hears of metrics that nobody described; one for all lanes of a process.
    """

    def __init__(self, stage: IngestStage, gauges: FeedGauges, guesses: GuessLog) -> None:
        self._stage, self._gauges, self._guesses = stage, gauges, guesses

    def new_lane(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> Accumulator:
        """A lane that begins where another one, or nothing, has left off.

        Args:
            number: Partition number, 0 or more.
            clocks: Source to clock, in ms since 1970.
            habits: Source to what its forerunner knew of late feeds.
        """
        return WatchedLane(self._stage.new_lane(number, clocks, habits), self._gauges, self._guesses)

    def messages(self, batch: Any) -> list[Message]:
        """What a closed batch says."""
        return self._stage.messages(batch)

    def clocks(self, record: RawRecord) -> tuple[int, Mapping[str, int]]:
        """Lane and clocks that a record of `signals` carries."""
        return self._stage.clocks(record)

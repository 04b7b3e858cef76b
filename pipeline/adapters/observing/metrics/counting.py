"""Counts what the Kafka shells report.

What happened to incidents is read from the records that were committed, not
from the rules: a transaction that was aborted must not count.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.observer import Observer
from pipeline.records.clocks import Instant, parse_instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.published.quarantine import read_errors
from pipeline.records.raw.feeds import feed_of_value


class _Step(msgspec.Struct):
    state: str
    at: Instant


class _Incident(msgspec.Struct):
    market: str
    severity: str
    revision: int
    state: str
    updated_at: Instant
    opened_at: Instant
    severity_peak: str | None = None
    started_at: Instant | None = None
    state_history: list[_Step] = []


class _Anomaly(msgspec.Struct):
    source: str
    detector: str


class _Pane(msgspec.Struct):
    anomalies: list[_Anomaly] = []


class _Sealed(msgspec.Struct):
    panes: list[_Pane] = []


METRICS_MAX: Final = 100
"""Metrics of refused readings that have a label of their own: senders choose these names."""

_INCIDENTS: Final = decoder(_Incident)
_SEALED: Final = decoder(_Sealed)
_LATE: Final = frozenset({Reason.LATE, Reason.LATE_PARTIAL})
_OVER: Final = frozenset({"resolved", "closed"})


class Metrics(Observer):
    """Counts into families.

    Args:
        families: Families of metrics that the counts are added to.
        now: Wall clock in seconds.
    """

    def __init__(self, families: Families, now: Callable[[], float] = time.time) -> None:
        self._families, self._now = families, now
        self._metrics: set[str] = set()
        self._clocks: dict[str, dict[int, int]] = {}

    def consumed(self, stage: str, topic: str, records: int) -> None:
        """Count records read."""
        del stage
        self._families.consumed.labels(topic).inc(records)

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """Count what was published."""
        self._families.commit_seconds.labels(stage).observe(seconds)
        for topic, count in Counter(message.topic for message in messages).items():
            self._families.committed.labels(topic).inc(count)
        times = [told for message in messages if (told := _event_time(message)) is not None]
        if times:
            self._families.latency_seconds.labels(stage).observe(max(0.0, self._now() - max(times) / 1_000))
        for message in messages:
            if message.topic == "quarantine":
                self._refused(message)
            elif message.value and message.topic in ("incidents", "anomalies"):
                self._read(message.topic, message.value)

    def clock(self, source: str, lane: int, time_ms: int) -> None:
        """Remember how far a raw partition is."""
        clocks = self._clocks.setdefault(source, {})
        clocks[lane] = time_ms
        self._families.watermark.labels(source).set(min(clocks.values()) / 1_000)
        self._families.last_event.labels(source).set(max(clocks.values()) / 1_000)

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """Say how much waits."""
        self._families.lag.labels(topic, str(partition)).set(messages)

    def heartbeat_sent(self, source: str) -> None:
        """Count a heartbeat."""
        self._families.heartbeats_sent.labels(source).inc()

    def paused(self, partitions: int) -> None:
        """Say how many raw partitions wait."""
        self._families.paused.set(partitions)

    def taking_over(self, stage: str, partitions: int) -> None:
        """Say that nothing is owned until the states are loaded."""
        del partitions
        self._families.assigned.labels(stage).set(0)

    def assigned(self, stage: str, partitions: int) -> None:
        """Say what this process owns; what it no longer owns has no clock and no lag here."""
        self._families.rebalances.labels(stage).inc()
        self._families.assigned.labels(stage).set(partitions)
        self._families.lag.clear()
        self._clocks.clear()

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """Say how long a state took."""
        self._families.state_entries.labels(stage).set(slots)
        self._families.recovery_seconds.labels(stage).observe(seconds)

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """Say how large a state is."""
        self._families.state_entries.labels(stage).set(slots)
        self._families.state_bytes.labels(stage).set(size_bytes)

    def alive(self, stage: str) -> None:
        """Say that the loop came round."""
        self._families.heartbeat.labels(stage).set(self._now())

    def _refused(self, message: Message) -> None:
        words = read_errors(message.headers)
        source, reason = words.get("topic", "unknown"), words.get("reason", "unknown")
        self._families.quarantined.labels(source, reason).inc()
        if source == "telemetry":
            self._families.refused.labels(self._metric_of(message), reason).inc()
        if reason in _LATE:
            self._families.late.labels(source).inc()
        elif reason == Reason.FUTURE_TIMESTAMP:
            self._families.skew_rejected.labels(source).inc()

    def _metric_of(self, message: Message) -> str:
        """The metric of a refused reading, as a label: `unknown` if it names none, `other` beyond the first hundred."""
        name = feed_of_value("telemetry", message.value).kind or "unknown"
        if name not in self._metrics and len(self._metrics) >= METRICS_MAX:
            return "other"
        self._metrics.add(name)
        return name

    def _read(self, topic: str, value: bytes) -> None:
        try:
            if topic == "anomalies":
                found = [
                    (anomaly.source, anomaly.detector)
                    for pane in _SEALED.decode(value).panes
                    for anomaly in pane.anomalies
                ]
                for labels, count in Counter(found).items():
                    self._families.anomalies.labels(*labels).inc(count)
            else:
                self._count(_INCIDENTS.decode(value))
        except msgspec.MsgspecError:  # a toy stage of a test: an observer must not raise
            return

    def _count(self, incident: _Incident) -> None:
        families = self._families
        labels = (incident.market, incident.severity_peak or incident.severity)
        if incident.revision == 1:
            families.opened.labels(*labels).inc()
            if incident.started_at is not None:
                families.delay_seconds.observe(max(0, incident.opened_at - incident.started_at) / 1_000)
        *before, latest = [step.state for step in incident.state_history] or [""]
        moved = bool(incident.state_history) and incident.state_history[-1].at == incident.updated_at
        if not moved or not before:
            return
        if latest == "resolved":
            families.resolved.labels(*labels).inc()
        elif before[-1] in _OVER and latest not in (*_OVER, "dismissed"):
            families.reopened.labels(*labels).inc()


def _event_time(message: Message) -> int | None:
    if message.topic == "quarantine":
        return None
    for name, value in message.headers:
        if name == "ce_time":
            try:
                return parse_instant(value.decode("ascii", "replace"))
            except RecordError:
                return None
    return None

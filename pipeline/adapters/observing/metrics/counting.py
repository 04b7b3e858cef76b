"""Counts what the Kafka shells report.

What happened to incidents is read from the records that were committed, not
from the rules: a transaction that was aborted must not count.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.metrics.published import OutcomeCounts
from pipeline.adapters.observing.observer import Observer
from pipeline.records.clocks import parse_instant
from pipeline.records.errors import RecordError
from pipeline.records.published.quarantine import read_errors
from pipeline.records.raw.feeds import feed_of_value


class _Anomaly(msgspec.Struct):
    source: str
    detector: str


class _Pane(msgspec.Struct):
    anomalies: list[_Anomaly] = []


class _Sealed(msgspec.Struct):
    panes: list[_Pane] = []


METRICS_MAX: Final = 100
"""Metrics of refused readings that have a label of their own: senders choose these names."""

_SEALED: Final = decoder(_Sealed)
_RESULTS: Final = frozenset({"signals", "anomalies", "incidents"})
"""Topics whose times say how far a stage is; a notice or a report may speak of an earlier time."""


class Metrics(Observer):
    """Counts into families.

    Args:
        families: Families of metrics that the counts are added to.
        now: Wall clock in seconds.
        nouns: Whole name of a topic to its noun, for records in quarantine.
    """

    def __init__(
        self, families: Families, now: Callable[[], float] = time.time, nouns: Mapping[str, str] | None = None
    ) -> None:
        self._families, self._now, self._nouns = families, now, nouns or {}
        self._outcomes = OutcomeCounts(families, now)
        self._metrics: set[str] = set()
        self._clocks: dict[str, dict[int, int]] = {}
        self._open: dict[str, dict[str, float]] = {}

    def consumed(self, stage: str, topic: str, records: int) -> None:
        """Count records read."""
        self._families.counter(d.READ).labels(stage, topic).inc(records)

    def transaction(self, stage: str, producer: str, state: str) -> None:
        """Remember which transactions are open, and since when."""
        begins = self._open.setdefault(stage, {})
        if state == "begun":
            begins[producer] = self._now()
        else:
            begins.pop(producer, None)
        if state == "aborted":
            self._families.counter(d.ABORTED).labels(stage).inc()
        self._families.gauge(d.BEGUN).labels(stage).set(min(begins.values(), default=0.0))

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """Count what was published."""
        families = self._families
        families.histogram(d.COMMIT_SECONDS).labels(stage).observe(seconds)
        families.gauge(d.LAST_COMMIT).labels(stage).set(self._now())
        for topic, count in Counter(message.topic for message in messages).items():
            families.counter(d.COMMITTED).labels(stage, topic).inc(count)
        times = [told for message in messages if (told := _event_time(message)) is not None]
        if times:
            families.histogram(d.LATENCY).labels(stage).observe(max(0.0, self._now() - min(times) / 1_000))
            families.gauge(d.LAST_RESULT).labels(stage).set(max(times) / 1_000)
        for message in messages:
            if message.topic == "quarantine":
                self._refused(stage, message)
            elif message.value:
                self._read(message.topic, message.value)

    def clock(self, source: str, lane: int, time_ms: int) -> None:
        """Remember how far a raw partition is."""
        clocks = self._clocks.setdefault(source, {})
        clocks[lane] = time_ms
        self._families.gauge(d.WATERMARK).labels(source).set(min(clocks.values()) / 1_000)

    def lag(self, topic: str, partition: int, messages: int) -> None:
        """Say how much waits."""
        self._families.gauge(d.LAG).labels(topic, str(partition)).set(messages)

    def heartbeat_sent(self, source: str) -> None:
        """Count a heartbeat."""
        self._families.counter(d.HEARTBEATS_SENT).labels(source).inc()

    def paused(self, partitions: int) -> None:
        """Say how many raw partitions wait."""
        self._families.gauge(d.PAUSED).set(partitions)

    def taking_over(self, stage: str, partitions: int) -> None:
        """Say that nothing is owned until the states are loaded."""
        del partitions
        self._families.gauge(d.ASSIGNED).labels(stage).set(0)
        self._families.gauge(d.STATE_ENTRIES).labels(stage).set(0)

    def assigned(self, stage: str, partitions: int) -> None:
        """Say what this process owns; what it no longer owns has no clock and no lag here."""
        self._families.counter(d.REBALANCES).labels(stage).inc()
        self._families.gauge(d.ASSIGNED).labels(stage).set(partitions)
        self._families.gauge(d.LAG).clear()
        self._families.gauge(d.WATERMARK).clear()
        self._families.gauge(d.LAST_RESULT).clear()
        self._clocks.clear()

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """Say how large a state is, and how long it took to load."""
        self._families.gauge(d.STATE_ENTRIES).labels(stage).inc(slots)
        self._families.histogram(d.RECOVERY_SECONDS).labels(stage).observe(seconds)

    def snapshot(self, stage: str, slots: int, size_bytes: int) -> None:
        """Say how much state was written."""
        del slots
        self._families.gauge(d.SNAPSHOT_BYTES).labels(stage).set(size_bytes)
        self._families.counter(d.STATE_WRITTEN).labels(stage).inc(size_bytes)

    def alive(self, stage: str) -> None:
        """Say that the loop came round."""
        self._families.gauge(d.HEARTBEAT).labels(stage).set(self._now())

    def know(self, incident_id: str, peak: str) -> None:
        """Take note of an incident that an earlier process has counted.

        Args:
            incident_id: Id of the incident.
            peak: Its worst severity so far.
        """
        self._outcomes.know(incident_id, peak)

    def _refused(self, stage: str, message: Message) -> None:
        words = read_errors(message.headers)
        topic, reason = words.get("topic", "unknown"), words.get("reason", "unknown")
        source = self._nouns.get(topic, topic)
        self._families.counter(d.QUARANTINED).labels(stage, source, reason).inc()
        if source == "telemetry":
            self._families.counter(d.READINGS_QUARANTINED).labels(self._metric_of(message), reason).inc()

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
                    self._families.counter(d.ANOMALIES).labels(*labels).inc(count)
            else:
                self._outcomes.read(topic, value)
        except msgspec.MsgspecError:  # a toy stage of a test: an observer must not raise
            return


def _event_time(message: Message) -> int | None:
    if message.topic not in _RESULTS:
        return None
    for name, value in message.headers:
        if name == "ce_time":
            try:
                return parse_instant(value.decode("ascii", "replace"))
            except RecordError:
                return None
    return None

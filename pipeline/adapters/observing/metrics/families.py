"""Every metric, with its unit, its labels and what it says; nothing is counted that is not listed here.

Own registry: neither the process's default metrics nor Faust's sensor (whose
names break Prometheus' rules) get in. Labels are from closed lists: never an
area, an operator, an incident, a person. One label is not: the metrics of refused
readings, of which the first hundred have their names and all others are `other`. Times are exported as they are;
`time() - x` in the query makes an age of them.
"""

import platform
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SECONDS_SHORT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
SECONDS_LONG: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3_600.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # halves the series; nobody draws them


class Families:
    """All metrics of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        build = self._gauge("build_info", "Always 1; which program this is.", "version", "python")
        build.labels(version("tocsin"), platform.python_version()).set(1)
        self._of_records()
        self._of_kafka()
        self._of_results()

    def _of_records(self) -> None:
        self.consumed = self._counter("events_consumed", "Records that were read.", "source")
        self.quarantined = self._counter("events_quarantined", "Records that could not be used.", "source", "reason")
        self.refused = self._counter("readings_quarantined", "Readings that could not be used.", "metric", "reason")
        self.late = self._counter("events_late", "Records that came after their pane was sealed.", "source")
        self.skew_rejected = self._counter("clock_skew_rejected", "Records stamped in the future.", "source")
        self.watermark = self._gauge("watermark_timestamp_seconds", "Least clock of a source here.", "source")
        self.last_event = self._gauge("last_event_timestamp_seconds", "Greatest clock of a source here.", "source")
        self.heartbeats_sent = self._counter("heartbeats_sent", "Heartbeats for quiet raw partitions.", "source")

    def _of_kafka(self) -> None:
        self.committed = self._counter("messages_committed", "Records that were published.", "topic")
        self.commit_seconds = self._histogram("transaction_seconds", "Length of a transaction.", SECONDS_SHORT, "stage")
        self.heartbeat = self._gauge("heartbeat_timestamp_seconds", "When a stage's loop last came round.", "stage")
        self.lag = self._gauge("consumer_lag_messages", "Messages that wait to be read.", "topic", "partition")
        self.assigned = self._gauge("consumer_assigned_partitions", "Lanes or input partitions owned.", "stage")
        self.paused = self._gauge("consumer_paused_partitions", "Raw partitions that wait for the least clock.")
        self.rebalances = self._counter("rebalances", "Rebalances that ended.", "stage")
        self.state_entries = self._gauge("state_entries", "Slots of state, loaded or saved last.", "stage")
        self.state_bytes = self._gauge("state_snapshot_bytes", "Size of the snapshot written last.", "stage")
        self.recovery_seconds = self._histogram(
            "state_recovery_seconds", "Time to read a partition's state.", SECONDS_LONG, "stage"
        )

    def _of_results(self) -> None:
        self.latency_seconds = self._histogram(
            "event_e2e_latency_seconds",
            "Wall time of a commit, less the event time of its results.",
            SECONDS_LONG,
            "stage",
        )
        self.anomalies = self._counter("anomalies", "Steps of series that stood out.", "source", "detector")
        self.opened = self._counter("incidents_opened", "Incidents opened.", "market", "severity")
        self.incidents_open = self._gauge("incidents_open", "Incidents that are not over.", "severity")
        self.resolved = self._counter("incidents_resolved", "Incidents resolved.", "market", "severity")
        self.reopened = self._counter("incidents_reopened", "Incidents that came back.", "market", "severity")
        self.delay_seconds = self._histogram(
            "incident_detection_delay_seconds", "Opening of an incident, less its estimated start.", SECONDS_LONG
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"tocsin_{name}_total", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"tocsin_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"tocsin_{name}", what, labels, buckets=buckets, registry=self.registry)

    def page(self) -> bytes:
        """What a scrape gets, of `CONTENT_TYPE`."""
        return generate_latest(self.registry)

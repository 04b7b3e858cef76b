"""The metrics of one process, in a registry of its own, made from the table of definitions.

Neither the default registry of the library nor Faust's sensor (whose names break Prometheus'
rules) get in; of the library's own collectors only that of the process does: memory, CPU time, start, descriptors.
"""

import platform
from importlib.metadata import version
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from pipeline.adapters.observing.metrics.definitions import BUILD_INFO, DEFINITIONS, Definition, MetricKind

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

disable_created_metrics()  # type: ignore[no-untyped-call]  # halves the series; nobody draws them


class Families:
    """All metrics of one process.

    Args:
        stage: Name of the stage that the process runs.
    """

    def __init__(self, stage: str = "") -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        for definition in DEFINITIONS:
            self._make(definition)
        self.gauge(BUILD_INFO).labels(stage, version("tocsin"), platform.python_version()).set(1)

    def _make(self, definition: Definition) -> None:
        name, says, labels = definition.name, definition.says, definition.labels
        if definition.kind is MetricKind.COUNTER:
            self._counters[name] = Counter(name, says, labels, registry=self.registry)
        elif definition.kind is MetricKind.GAUGE:
            self._gauges[name] = Gauge(name, says, labels, registry=self.registry)
        else:
            buckets = definition.buckets
            self._histograms[name] = Histogram(name, says, labels, buckets=buckets, registry=self.registry)

    def counter(self, definition: Definition) -> Counter:
        """The counter of a definition."""
        return self._counters[definition.name]

    def gauge(self, definition: Definition) -> Gauge:
        """The gauge of a definition."""
        return self._gauges[definition.name]

    def histogram(self, definition: Definition) -> Histogram:
        """The histogram of a definition."""
        return self._histograms[definition.name]

    def page(self) -> bytes:
        """What a scrape gets, of `CONTENT_TYPE`."""
        return generate_latest(self.registry)

"""Counts turns in the lives of incidents and notices, from the records that were committed."""

import time
from collections.abc import Callable
from typing import Final

import msgspec

from pipeline.adapters.codecs.wire import decoder
from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.families import Families
from pipeline.records.clocks import Instant

PEAKS_MAX: Final = 1_000
"""Incidents whose worst severity is remembered, the latest ones: each is forgotten when it has been over for long."""

_OVER: Final = frozenset({"resolved", "closed"})
_SEVERITIES: Final = ("cleared", "warning", "minor", "major", "critical")
"""From the least to the gravest."""


class _Step(msgspec.Struct):
    state: str
    at: Instant


class _Incident(msgspec.Struct):
    incident_id: str
    market: str
    severity: str
    revision: int
    state: str
    updated_at: Instant
    opened_at: Instant
    severity_peak: str | None = None
    started_at: Instant | None = None
    state_history: list[_Step] = []


class _Notice(msgspec.Struct):
    kind: str
    state: str = "draft"


_INCIDENTS: Final = decoder(_Incident)
_NOTICES: Final = decoder(_Notice)


class OutcomeCounts:
    """Counts incidents and notices.

    Args:
        families: Families of metrics that the counts are added to.
        now: Wall clock in seconds.
    """

    def __init__(self, families: Families, now: Callable[[], float] = time.time) -> None:
        self._families, self._now = families, now
        self._peaks: dict[str, str] = {}

    def read(self, topic: str, value: bytes) -> None:
        """Count a committed record; those of other topics count for nothing here.

        Args:
            topic: Noun of its topic.
            value: Its content.

        Raises:
            msgspec.MsgspecError: If it is no record of that topic.
        """
        if topic == "incidents":
            self._count(_INCIDENTS.decode(value))
        elif topic == "notices":
            notice = _NOTICES.decode(value)
            self._families.counter(d.NOTICE_MOVES).labels(notice.kind, notice.state).inc()

    def _count(self, incident: _Incident) -> None:
        families = self._families
        families.histogram(d.EMIT_DELAY).observe(max(0.0, self._now() - incident.updated_at / 1_000))
        self._count_peak(incident)
        if incident.revision == 1 and incident.started_at is not None:
            families.histogram(d.DETECTION_DELAY).observe(max(0, incident.opened_at - incident.started_at) / 1_000)
        before = ""
        for step in incident.state_history:
            if step.at == incident.updated_at or incident.revision == 1:
                families.counter(d.INCIDENT_MOVES).labels(incident.market, step.state).inc()
                if before in _OVER and step.state not in (*_OVER, "dismissed"):
                    families.counter(d.REOPENED).labels(incident.market).inc()
            before = step.state

    def _count_peak(self, incident: _Incident) -> None:
        """Count a rise of the worst severity; of an incident that is new to this process, only its first revision."""
        peak = incident.severity_peak or incident.severity
        known = self._peaks.pop(incident.incident_id, None)
        was = "" if incident.revision == 1 else known or peak
        if _gravity(peak) > _gravity(was):
            self._families.counter(d.PEAKS).labels(incident.market, peak).inc()
        self._peaks[incident.incident_id] = peak
        while len(self._peaks) > PEAKS_MAX:
            del self._peaks[next(iter(self._peaks))]

    def know(self, incident_id: str, peak: str) -> None:
        """Take note of an incident that an earlier process has counted.

        Args:
            incident_id: Id of the incident.
            peak: Its worst severity so far.
        """
        self._peaks.setdefault(incident_id, peak)


def _gravity(severity: str) -> int:
    """How grave it is; below the least for what is no severity."""
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else -1

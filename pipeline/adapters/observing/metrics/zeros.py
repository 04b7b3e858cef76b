"""Counters that stand at zero from the start, where their labels are known.

A counter that is born with its first event has no rise that Prometheus could see: `increase()` of the
first refused part, the first critical incident or the first end with a word would be 0, and its alert silent.
"""

from collections.abc import Iterable
from itertools import product
from typing import Final

from pipeline.adapters.observing.metrics import definitions as d
from pipeline.adapters.observing.metrics.families import Families
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.flow import FLOW
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import Reason
from pipeline.records.vocabulary import IncidentState, NoticeKind, Severity

_UNREADABLE: Final = (Reason.MALFORMED_JSON, Reason.SCHEMA_MISMATCH, Reason.OUT_OF_RANGE, Reason.LATE_PARTIAL)
"""Why a stage behind INGEST refuses a record of our own topics."""


def begin_at_zero(families: Families, stage: str, markets: Iterable[str]) -> None:
    """Give a stage's counters their series.

    Args:
        families: Families of metrics.
        stage: Name of the stage.
        markets: Countries that are worked on.
    """
    row = next(row for row in FLOW if row.name == stage)
    for definition in (d.REBALANCES, d.ABORTED, d.STATE_WRITTEN):
        families.counter(definition).labels(stage)
    for topic in row.to:
        families.counter(d.COMMITTED).labels(stage, topic.noun)
    for topic in row.reads:
        families.counter(d.READ).labels(stage, topic.noun)
    if stage == "ingest":
        _of_sources(families)
        return
    for topic, reason in product(row.reads, _UNREADABLE):
        families.counter(d.QUARANTINED).labels(stage, topic.noun, reason)
    if stage == "detect":
        for source, detector in product(("telemetry", "tickets", "mentions"), DETECTORS):
            families.counter(d.ANOMALIES).labels(source, detector.name)
    else:
        _of_outcomes(families, tuple(markets))


def _of_sources(families: Families) -> None:
    for source in SOURCES:
        for definition in (d.CONSUMED, d.USED, d.ON_TIME, d.HEARTBEATS_READ, d.HEARTBEATS_SENT):
            families.counter(definition).labels(source)
        for reason in Reason:
            families.counter(d.QUARANTINED).labels("ingest", source, reason)


def _of_outcomes(families: Families, markets: tuple[str, ...]) -> None:
    for market in markets:
        families.counter(d.REOPENED).labels(market)
        for state in IncidentState:
            families.counter(d.INCIDENT_MOVES).labels(market, state)
        for severity in Severity:
            if severity is not Severity.CLEARED:
                families.counter(d.PEAKS).labels(market, severity)
    for kind in NoticeKind:
        families.counter(d.NOTICE_MOVES).labels(kind, "draft")

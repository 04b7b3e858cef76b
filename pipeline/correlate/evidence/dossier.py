"""The dossier of an incident: its evidence, kept apart by series, by kind of witness and by area.

Sums that hold each other are counted once: DETECT added a city's posts to its
region's already, so adding both would double the people who complained.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from msgspec import structs

from pipeline.correlate.config import AREAS_KEPT_MAX, EVIDENCE_MAX, CorrelateConfig
from pipeline.correlate.evidence.testimony import (
    carries,
    kind_of,
    order_of,
    series_key,
    share_affected_ppm,
    testifies,
)
from pipeline.correlate.state import AreaSeen, Evidence, OpenIncident, Voices
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.series import is_within
from pipeline.reference.metrics import Metrics

_PPM: Final = 1_000_000


def absorb(
    incident: OpenIncident, anomalies: Iterable[Anomaly], now: int, config: CorrelateConfig, metrics: Metrics
) -> None:
    """Take a pane's anomalies into an incident.

    Args:
        incident: Changes in place.
        anomalies: Those that were found to belong to it.
        now: End of the pane, ms.
        config: Settings.
        metrics: What figures mean.
    """
    ordered = sorted(anomalies, key=order_of)
    fresh = [one for one in ordered if _is_new(incident, one)]
    _add_voices(incident, [one for one in fresh if testifies(one, metrics)], metrics)
    for anomaly in fresh:
        _add_series(incident, anomaly, now, kind_of(anomaly, metrics))
        if carries(anomaly, metrics):
            _add_facts(incident, anomaly, now, config)
    _prune(incident)


def _is_new(incident: OpenIncident, anomaly: Anomaly) -> bool:
    """Steps of one series must not overlap, else its records would count twice."""
    known = incident.evidence.get(series_key(anomaly))
    return known is None or anomaly.ended_at - anomaly.step_ms >= known.last_at


def _add_series(incident: OpenIncident, anomaly: Anomaly, now: int, kind: str) -> None:
    key = series_key(anomaly)
    known = incident.evidence.get(key)
    milli = round(anomaly.surprise * 1_000)
    if known is None:
        known = Evidence(
            operator=anomaly.operator,
            area=anomaly.area,
            element=anomaly.element,
            service=anomaly.service,
            item=anomaly.item,
            source=anomaly.source,
            measure=anomaly.measure,
            unit=anomaly.unit,
            kind=kind,
            started_at=int(anomaly.started_at),
            found_at=now,
            first_at=int(anomaly.ended_at) - anomaly.step_ms,
            last_at=int(anomaly.ended_at),
            surprise_milli=-1,
        )
    if milli > known.surprise_milli:
        best = {"observed": round(anomaly.observed * _PPM), "expected": round(anomaly.expected * _PPM)}
        known = structs.replace(known, surprise_milli=milli, **best)
    incident.evidence[key] = structs.replace(
        known,
        last_at=int(anomaly.ended_at),
        panes=known.panes + 1,
        records=known.records + anomaly.records,
        people_peak=max(known.people_peak, anomaly.people),
        learnt_hours=max(known.learnt_hours, anomaly.learnt_hours),
        examples=sorted({example.id_hash: example for example in [*known.examples, *anomaly.examples]}.values())[:3],
    )


def _add_facts(incident: OpenIncident, anomaly: Anomaly, now: int, config: CorrelateConfig) -> None:
    add_area(incident, anomaly.area, int(anomaly.ended_at), share_affected_ppm(anomaly))
    incident.operators[anomaly.operator] = incident.operators.get(anomaly.operator, 0) + 1
    if anomaly.service and anomaly.service not in incident.services:
        incident.services = sorted([*incident.services, anomaly.service])
    for symptom in sorted(anomaly.symptoms):
        if symptom:
            incident.symptoms[symptom] = incident.symptoms.get(symptom, 0) + anomaly.symptoms[symptom]
    note_found(incident, anomaly.source, int(anomaly.started_at), now, config)
    incident.step_ms_max = max(incident.step_ms_max, anomaly.step_ms)
    incident.last_evidence_at = incident.quiet_from = now


def note_found(incident: OpenIncident, source: str, started_at: int, now: int, config: CorrelateConfig) -> None:
    """Enter first evidence of a raw source in the lead-time ledger; a guess far back is cut.

    What stands out later tells of itself: its slow beginnings must not win a lead after the fact.
    """
    began = max(min(started_at, now), now - config.estimate.start_minutes_max * MINUTE_MS)
    known = incident.found.get(source, [began, now])
    if known[1] == now:
        incident.found[source] = [min(known[0], began), now]


def add_area(incident: OpenIncident, area: str, at: int, share_ppm: int = 0) -> None:
    """Note evidence from an area; one that was back is down again."""
    known = incident.areas.get(area)
    if known is None and len(incident.areas) >= AREAS_KEPT_MAX:
        incident.areas_dropped += 1
        return
    since, share = (known.since, max(known.share_ppm, share_ppm)) if known else (at, share_ppm)
    incident.areas[area] = AreaSeen(since=since, last_at=max(at, known.last_at if known else at), share_ppm=share)


def add_voice(incident: OpenIncident, kind: str, said: Voices) -> None:
    """Add what a kind of witness said."""
    known = incident.voices.get(kind)
    if known is not None:
        said = Voices(
            records=known.records + said.records,
            people=known.people + said.people,
            first_at=min(known.first_at, said.first_at),
            last_at=max(known.last_at, said.last_at),
            surprise_milli=max(known.surprise_milli, said.surprise_milli),
        )
    incident.voices[kind] = said


def _add_voices(incident: OpenIncident, anomalies: list[Anomaly], metrics: Metrics) -> None:
    """Add up a pane's steps; of sums that hold each other the widest counts, since DETECT added them up already."""

    def alike(anomaly: Anomaly) -> tuple[str, ...]:
        return (anomaly.source, anomaly.measure, anomaly.operator)

    for _, group in groupby(sorted(anomalies, key=lambda one: (alike(one), order_of(one))), key=alike):
        steps = list(group)
        tops = [one for one in steps if not any(_holds(other, one) for other in steps)]
        counted = tops[0].measure == "complaints"
        add_voice(
            incident,
            kind_of(tops[0], metrics),
            Voices(
                records=sum(one.records for one in tops) if counted else 0,
                people=sum(one.people for one in tops) if counted else 0,
                first_at=min(int(one.ended_at) - one.step_ms for one in steps),
                last_at=max(int(one.ended_at) for one in steps),
                surprise_milli=max(round(one.surprise * 1_000) for one in steps),
            ),
        )


def _holds(whole: Anomaly, part: Anomaly) -> bool:
    """Are a part's records among the whole's? `''` as service or item is all of them."""
    if whole.service not in ("", part.service) or whole.item not in ("", part.item) or whole.element:
        return False
    mine, theirs = (whole.area, whole.service, whole.item), (part.area, part.service, part.item)
    return mine != theirs and is_within(part.area, whole.area)


def _prune(incident: OpenIncident) -> None:
    """Keep the strongest series; which go depends on content alone."""
    over = len(incident.evidence) - EVIDENCE_MAX
    if over > 0:
        weakest = sorted(incident.evidence, key=lambda key: (incident.evidence[key].surprise_milli, key))[:over]
        for key in weakest:
            del incident.evidence[key]
        incident.evidence_dropped += over
    while len(incident.symptoms) > 32:
        del incident.symptoms[min(incident.symptoms, key=lambda one: (incident.symptoms[one], one))]

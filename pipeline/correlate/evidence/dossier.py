"""The dossier of an incident takes evidence in: by series, by kind of witness and by area."""

from collections.abc import Iterable
from typing import Final

from msgspec import structs

from pipeline.correlate.config import AREAS_KEPT_MAX, ELEMENTS_MAX, EVIDENCE_MAX, CorrelateConfig
from pipeline.correlate.evidence.places import hear_places, place_named
from pipeline.correlate.evidence.testimony import NETWORK, RESOURCE, Testimony
from pipeline.correlate.evidence.witnesses import hear_witnesses, tops_of
from pipeline.correlate.parts import AreaSeen, Dossier, SeriesEvidence
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.series import is_within
from pipeline.records.vocabulary import PPM

SYMPTOMS_KEPT_MAX: Final = 32
"""Symptoms kept of an incident: the lexicon has some twenty, so only unheard-of ones go, the rarest first."""

EXAMPLES_KEPT: Final = 3
"""Texts kept of a series: enough to see what people mean."""


def absorb(
    dossier: Dossier, testimonies: Iterable[Testimony], now: int, config: CorrelateConfig, *, hot: bool = True
) -> None:
    """Take a pane's testimonies into a dossier.

    Args:
        dossier: Changes in place.
        testimonies: Those that were found to belong to it.
        now: End of the pane, ms.
        config: Settings.
        hot: True if an outage is not ruled out; else nothing stays alive by them.
    """
    ordered = sorted(testimonies, key=lambda testimony: testimony.order)
    fresh = [testimony for testimony in ordered if _is_new(dossier, testimony)]
    hear_witnesses(dossier, [testimony for testimony in fresh if testimony.testifies])
    hear_places(dossier, tops_of(testimony for testimony in fresh if testimony.testifies))
    for testimony in fresh:
        _add_series(dossier, testimony, now)
        if testimony.carries:
            _add_facts(dossier, testimony, now, config, hot=hot)
    if any(testimony.anomaly.places for testimony in fresh):
        _locate(dossier, now, config)
    prune(dossier)


def _is_new(dossier: Dossier, testimony: Testimony) -> bool:
    """Steps of one series must not overlap, else its records would count twice."""
    known = dossier.series.get(testimony.key)
    return known is None or testimony.anomaly.ended_at - testimony.anomaly.step_ms >= known.last_at


def _add_series(dossier: Dossier, testimony: Testimony, now: int) -> None:
    anomaly = testimony.anomaly
    known = dossier.series.get(testimony.key)
    milli = round(anomaly.surprise * 1_000)
    if known is None:
        known = SeriesEvidence(
            operator=anomaly.operator,
            area=anomaly.area,
            element=anomaly.element,
            service=anomaly.service,
            item=anomaly.item,
            source=anomaly.source,
            measure=anomaly.measure,
            unit=anomaly.unit,
            kind=testimony.kind,
            started_at=int(anomaly.started_at),
            found_at=now,
            first_at=int(anomaly.ended_at) - anomaly.step_ms,
            last_at=int(anomaly.ended_at),
            surprise_milli=-1,
        )
    if milli > known.surprise_milli:
        best = {"observed": round(anomaly.observed * PPM), "expected": round(anomaly.expected * PPM)}
        known = structs.replace(known, surprise_milli=milli, **best)
    texts = {example.id_hash: example for example in [*known.examples, *anomaly.examples]}
    dossier.series[testimony.key] = structs.replace(
        known,
        last_at=int(anomaly.ended_at),
        panes=known.panes + 1,
        records=known.records + anomaly.records,
        people_peak=max(known.people_peak, anomaly.people),
        examples=sorted(texts.values())[:EXAMPLES_KEPT],
    )


def _add_facts(dossier: Dossier, testimony: Testimony, now: int, config: CorrelateConfig, *, hot: bool) -> None:
    anomaly = testimony.anomaly
    if hot:
        add_area(dossier, anomaly.area, int(anomaly.ended_at), testimony.share_ppm)
    dossier.operators[anomaly.operator] = dossier.operators.get(anomaly.operator, 0) + 1
    if anomaly.service and anomaly.service not in dossier.services:
        dossier.services = sorted([*dossier.services, anomaly.service])
    for symptom in sorted(anomaly.symptoms):
        if symptom:
            dossier.symptoms[symptom] = dossier.symptoms.get(symptom, 0) + anomaly.symptoms[symptom]
    note_found(dossier, anomaly.source, int(anomaly.started_at), now, config)
    dossier.step_ms_max = max(dossier.step_ms_max, anomaly.step_ms)
    if hot:
        dossier.last_at = now


def _locate(dossier: Dossier, now: int, config: CorrelateConfig) -> None:
    """Add the place that nearly all people name, unless other places were found already."""
    place = place_named(dossier.named, config.borders)
    if place is not None and all("/" not in area or is_within(place, area) for area in dossier.areas):
        add_area(dossier, place, now)


def note_found(dossier: Dossier, source: str, started_at: int, now: int, config: CorrelateConfig) -> None:
    """Enter first evidence of a raw source in the lead-time ledger.

    A guess far back is cut, and what stands out later tells of itself: its slow
    beginnings must not win a lead after the fact.

    Args:
        dossier: Changes in place.
        source: Raw topic: telemetry, tickets or mentions.
        started_at: When the deviation began, as estimated, ms.
        now: End of the pane, ms.
        config: Settings.
    """
    began = max(min(started_at, now), now - config.estimate.start_minutes_max * MINUTE_MS)
    known = dossier.found.get(source, [began, now])
    if known[1] == now:
        dossier.found[source] = [min(known[0], began), now]


def add_area(dossier: Dossier, area: str, at: int, share_ppm: int = 0) -> None:
    """Note evidence from an area; one that was back is down again.

    Args:
        dossier: Changes in place.
        area: Path of the place tree.
        at: End of the evidence, ms.
        share_ppm: Share of users hit that the evidence shows, in millionths; 0 if it shows none.
    """
    known = dossier.areas.get(area)
    if known is None and len(dossier.areas) >= AREAS_KEPT_MAX:
        dossier.areas_dropped += 1
        return
    if known is None:
        dossier.areas[area] = AreaSeen(since=at, last_at=at, share_ppm=share_ppm)
        return
    share, last_at = max(known.share_ppm, share_ppm), max(at, known.last_at)
    dossier.areas[area] = structs.replace(known, last_at=last_at, share_ppm=share, back_at=0)


def mark_back(dossier: Dossier, area: str) -> None:
    """Note that an area is well again, since its latest evidence."""
    seen = dossier.areas[area]
    dossier.areas[area] = structs.replace(seen, back_at=max(seen.last_at, seen.since))


def prune(dossier: Dossier) -> None:
    """Keep within bounds; what goes depends on content alone, and series and areas that go are counted.

    The strongest series stay, the symptoms named most, and the areas that are down, measured and heard of last: who
    looks at a storm asks where it is, not where it was. Series of single elements are weaker than those of a nation
    that fails with them, so of those that stand out most one series each stays.

    Args:
        dossier: Changes in place.
    """
    over = len(dossier.series) - EVIDENCE_MAX
    if over > 0:
        said, named = dossier.series, _of_elements(dossier)
        weakest = sorted(said, key=lambda key: (key in named, said[key].surprise_milli, key))[:over]
        for key in weakest:
            del dossier.series[key]
        dossier.series_dropped += over
    over = len(dossier.areas) - AREAS_KEPT_MAX
    if over > 0:
        kept = set(sorted(dossier.areas, key=lambda area: _rank(area, dossier.areas[area]))[:AREAS_KEPT_MAX])
        dossier.areas = {area: seen for area, seen in dossier.areas.items() if area in kept}
        dossier.areas_dropped += over
    while len(dossier.symptoms) > SYMPTOMS_KEPT_MAX:
        del dossier.symptoms[min(dossier.symptoms, key=lambda symptom: (dossier.symptoms[symptom], symptom))]


def _of_elements(dossier: Dossier) -> set[str]:
    """Keys of the strongest series of each element that stands out most: of one more than few, so many stay many."""
    strongest: dict[str, tuple[int, str]] = {}
    for key, series in dossier.series.items():
        if series.element and series.kind in (NETWORK, RESOURCE):
            rank = (-series.surprise_milli, key)
            strongest[series.element] = min(strongest.get(series.element, rank), rank)
    return {key for _, key in sorted(strongest.values())[: ELEMENTS_MAX + 1]}


def _rank(area: str, seen: AreaSeen) -> tuple[object, ...]:
    return (bool(seen.back_at), not seen.measured, -seen.last_at, area)

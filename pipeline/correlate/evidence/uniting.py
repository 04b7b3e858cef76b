"""Two dossiers become one, and one becomes two."""

from msgspec import structs

from pipeline.correlate.evidence.claims import DOUBTS_MAX, claim_order, united_claims
from pipeline.correlate.evidence.dossier import EXAMPLES_KEPT
from pipeline.correlate.evidence.witnesses import add_witness
from pipeline.correlate.parts import Dossier, SeriesEvidence
from pipeline.records.series import is_within


def unite(mine: Dossier, theirs: Dossier) -> None:
    """Take all that another dossier holds into mine; the other stays as it was."""
    for key in sorted(theirs.series):
        known = mine.series.get(key)
        mine.series[key] = theirs.series[key] if known is None else _both(known, theirs.series[key])
    _take_areas(mine, theirs)
    for kind in sorted(theirs.witnesses):
        add_witness(mine, kind, theirs.witnesses[kind])
    mine.operators = _sums(mine.operators, theirs.operators)
    mine.named = _sums(mine.named, theirs.named)
    mine.symptoms = _sums(mine.symptoms, theirs.symptoms)
    for source in sorted(theirs.found):
        began, found = theirs.found[source]
        mine_began, mine_found = mine.found.get(source, (began, found))
        mine.found[source] = [min(mine_began, began), min(mine_found, found)]
    mine.services = sorted({*mine.services, *theirs.services})
    mine.step_ms_max = max(mine.step_ms_max, theirs.step_ms_max)
    mine.last_at = max(mine.last_at, theirs.last_at)
    mine.emergency = united_claims(mine.emergency, theirs.emergency)
    mine.doubts = sorted([*mine.doubts, *theirs.doubts], key=claim_order)[-DOUBTS_MAX:]
    mine.account = max((mine.account, theirs.account), key=lambda held: held.odds_milli if held else -(10**9))


def take_out(dossier: Dossier, area: str) -> Dossier | None:
    """Take the series of an area out of a dossier, into one of their own.

    People and posts cannot be told apart any more, so both dossiers keep what the witnesses said; the emergency
    stays with the first.

    Returns:
        The dossier of the area, or None if it or the rest would be empty; then nothing changes.
    """
    moved = {key: series for key, series in sorted(dossier.series.items()) if is_within(series.area, area)}
    if not moved or len(moved) == len(dossier.series):
        return None
    taken = dossier.copy()
    taken.series = moved
    taken.areas = {name: seen for name, seen in dossier.areas.items() if is_within(name, area)}
    taken.services = sorted({series.service for series in moved.values() if series.service}) or dossier.services
    taken.emergency = None
    taken.doubts = []
    dossier.series = {key: series for key, series in dossier.series.items() if key not in moved}
    dossier.areas = {name: seen for name, seen in dossier.areas.items() if name not in taken.areas}
    return taken


def _take_areas(mine: Dossier, theirs: Dossier) -> None:
    for area in sorted(theirs.areas):
        seen, known = theirs.areas[area], mine.areas.get(area)
        if known is not None:
            seen = structs.replace(
                seen,
                since=min(known.since, seen.since),
                last_at=max(known.last_at, seen.last_at),
                share_ppm=max(known.share_ppm, seen.share_ppm),
            )
        mine.areas[area] = seen


def _sums(mine: dict[str, int], theirs: dict[str, int]) -> dict[str, int]:
    return {name: mine.get(name, 0) + theirs.get(name, 0) for name in sorted({*mine, *theirs})}


def _both(mine: SeriesEvidence, theirs: SeriesEvidence) -> SeriesEvidence:
    best = mine if mine.surprise_milli >= theirs.surprise_milli else theirs
    texts = {example.id_hash: example for example in [*mine.examples, *theirs.examples]}
    return structs.replace(
        best,
        started_at=min(mine.started_at, theirs.started_at),
        found_at=min(mine.found_at, theirs.found_at),
        first_at=min(mine.first_at, theirs.first_at),
        last_at=max(mine.last_at, theirs.last_at),
        panes=mine.panes + theirs.panes,
        records=mine.records + theirs.records,
        people_peak=max(mine.people_peak, theirs.people_peak),
        examples=sorted(texts.values())[:EXAMPLES_KEPT],
    )

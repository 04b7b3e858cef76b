"""Two dossiers become one, and one becomes two."""

from collections import Counter

from msgspec import structs

from pipeline.correlate.evidence.claims import DOUBTS_MAX, MEASURE, united_claims
from pipeline.correlate.evidence.dossier import EXAMPLES_KEPT, prune
from pipeline.correlate.evidence.places import most_named
from pipeline.correlate.evidence.witnesses import add_witness
from pipeline.correlate.held import AccountHeld
from pipeline.correlate.parts import AreaSeen, Dossier, SeriesEvidence
from pipeline.records.series import is_within


def unite(mine: Dossier, theirs: Dossier) -> None:
    """Take all that another dossier holds into mine, within the bounds of one; the other stays as it was."""
    for key in sorted(theirs.series):
        known = mine.series.get(key)
        mine.series[key] = theirs.series[key] if known is None else _both(known, theirs.series[key])
    for area in sorted(theirs.areas):
        seen, there = mine.areas.get(area), theirs.areas[area]
        mine.areas[area] = there if seen is None else _one_area(seen, there)
    mine.series_dropped += theirs.series_dropped
    mine.areas_dropped += theirs.areas_dropped
    for kind in sorted(theirs.witnesses):
        add_witness(mine, kind, theirs.witnesses[kind])
    mine.operators = _sums(mine.operators, theirs.operators)
    mine.named = most_named(_sums(mine.named, theirs.named))
    mine.symptoms = _sums(mine.symptoms, theirs.symptoms)
    for source in sorted(theirs.found):
        began, found = theirs.found[source]
        mine_began, mine_found = mine.found.get(source, (began, found))
        mine.found[source] = [min(mine_began, began), min(mine_found, found)]
    mine.services = sorted({*mine.services, *theirs.services})
    mine.step_ms_max = max(mine.step_ms_max, theirs.step_ms_max)
    mine.last_at = max(mine.last_at, theirs.last_at)
    mine.emergency = united_claims(mine.emergency, theirs.emergency)
    mine.doubts = sorted([*mine.doubts, *theirs.doubts], key=lambda claim: claim.order)[-DOUBTS_MAX:]
    mine.account = _one_account(mine.account, theirs.account)
    prune(mine)


def take_out(dossier: Dossier, area: str) -> Dossier | None:
    """Take the series of an area out of a dossier, into one of their own.

    People and posts cannot be told apart any more, so both dossiers keep what the witnesses said; the emergency and
    the claims in doubt stay with the first.

    Returns:
        The dossier of the area, or None if it or the rest would be empty; then nothing changes.
    """
    moved = {key: series for key, series in sorted(dossier.series.items()) if is_within(series.area, area)}
    if not moved or len(moved) == len(dossier.series):
        return None
    taken = dossier.copy()
    taken.series = moved
    taken.areas = {name: seen for name, seen in dossier.areas.items() if is_within(name, area)}
    taken.emergency = None
    taken.doubts = []
    dossier.series = {key: series for key, series in dossier.series.items() if key not in moved}
    dossier.areas = {name: seen for name, seen in dossier.areas.items() if name not in taken.areas}
    _part_services(dossier, taken)
    _part_operators(dossier, taken)
    return taken


def _part_services(rest: Dossier, taken: Dossier) -> None:
    """Leave to each part the services that its series name; what no series names stays with the first.

    A part whose series name none has none: nobody has said what fails there.
    """
    known, moved = rest.services, {series.service for series in taken.series.values()}
    stays = {series.service for series in rest.series.values()} | {doubt.service for doubt in rest.doubts}
    if rest.emergency is not None or rest.doubts:
        stays.add("emergency")
    taken.services = [service for service in known if service in moved]
    rest.services = [service for service in known if service in stays or service not in moved]


def _part_operators(rest: Dossier, taken: Dossier) -> None:
    """Leave to each part the operators that its series name, as often as they do.

    What no series names stays with the first, and whom the emergency is about. A part whose series name none is any
    operator's of the whole, as before: without an operator it would be at home everywhere.
    """
    known = rest.operators
    steps: Counter[str] = Counter()
    for series in taken.series.values():
        steps[series.operator] += series.panes
    stays = {series.operator for series in rest.series.values()} | {doubt.operator for doubt in rest.doubts}
    if rest.emergency is not None:
        stays |= {series.operator for series in taken.series.values() if series.measure == MEASURE}
    moved = {name: min(max(1, steps[name]), known[name]) for name in known if name in steps}
    left = {name: max(1, known[name] - moved.get(name, 0)) for name in known if name in stays or name not in steps}
    taken.operators = moved or dict(known)
    rest.operators = left or dict(known)


def _one_area(mine: AreaSeen, theirs: AreaSeen) -> AreaSeen:
    """What two know of one area, whichever of them is the older: it is back only if it is so in both.

    The share hit is that of the one in which it is down, else of the one heard of last: customers are counted by it.
    """
    weighed = max(mine, theirs, key=lambda seen: (bool(seen.hit_ppm), not seen.back_at, seen.last_at, seen.hit_ppm))
    return AreaSeen(
        since=min(mine.since, theirs.since),
        last_at=max(mine.last_at, theirs.last_at),
        back_at=max(mine.back_at, theirs.back_at) if mine.back_at and theirs.back_at else 0,
        share_ppm=max(mine.share_ppm, theirs.share_ppm),
        hit_ppm=weighed.hit_ppm,
        measured=mine.measured or theirs.measured,
        down_at=max(mine.down_at, theirs.down_at),
    )


def _one_account(mine: AccountHeld | None, theirs: AccountHeld | None) -> AccountHeld | None:
    """What two accounts say of one outage until it is weighed anew: odds and rival of the surer one, peak of both.

    A fact is as sure as its peak, so a merge makes none less sure. What a group added is told where it added most.
    """
    if mine is None or theirs is None:
        return mine or theirs
    surer = max(mine, theirs, key=_surety)
    groups = sorted({*mine.added_milli, *theirs.added_milli})
    louder = max(mine, theirs, key=lambda held: (held.added_milli.get("care", 0), sorted(held.alone_milli.items())))
    return structs.replace(
        surer,
        peak_milli=max(mine.peak_milli, theirs.peak_milli),
        disturbed_milli=max(mine.disturbed_milli, theirs.disturbed_milli),
        added_milli={
            group: max(held.added_milli[group] for held in (mine, theirs) if group in held.added_milli)
            for group in groups
        },
        alone_milli=louder.alone_milli,
        hot_at=max(mine.hot_at, theirs.hot_at),
    )


def _surety(held: AccountHeld) -> tuple[object, ...]:
    step = held.step_at, held.before_milli, held.is_alone
    rest = held.places_milli, held.table_milli, sorted(held.rivals_ppm.items()), step
    return held.odds_milli, held.disturbed_milli, held.rival, *rest


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

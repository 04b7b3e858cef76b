"""Merge and split: two that turn out one, and one that a person says is two.

The older goes on under its id; the other is closed and says where it went, so
that whoever follows it finds the way. Splits are plain: by area, on order.
"""

from msgspec import structs

from pipeline.correlate.config import PEOPLE_MAX
from pipeline.correlate.evidence.dossier import add_voice
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.state import EmergencyState, Evidence, OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.ids import content_id
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState

LINKS_MAX = 64
"""Ids remembered per kind of link; the record shows sixteen and counts the rest."""


def merge_into(older: OpenIncident, younger: OpenIncident, pane: Pane, reason: DecisionReason, by: str = "") -> None:
    """Take all that another incident knows; the other stays as it was."""
    for key in sorted(younger.evidence):
        mine = older.evidence.get(key)
        older.evidence[key] = younger.evidence[key] if mine is None else _both(mine, younger.evidence[key])
    _take_areas(older, younger)
    for kind in sorted(younger.voices):
        add_voice(older, kind, younger.voices[kind])
    older.operators = _sums(older.operators, younger.operators)
    older.symptoms = _sums(older.symptoms, younger.symptoms)
    for source in sorted(younger.found):
        began, found = younger.found[source]
        mine_began, mine_found = older.found.get(source, (began, found))
        older.found[source] = [min(mine_began, began), min(mine_found, found)]
    older.services = sorted({*older.services, *younger.services})
    older.step_ms_max = max(older.step_ms_max, younger.step_ms_max)
    older.last_evidence_at = max(older.last_evidence_at, younger.last_evidence_at)
    older.quiet_from = max(older.quiet_from, younger.quiet_from)
    older.emergency = _emergency_of(older.emergency, younger.emergency)
    older.care = {**older.care, **younger.care}
    older.merged_from = sorted({*older.merged_from, *younger.merged_from, younger.incident_id})[:LINKS_MAX]
    older.acknowledged_at = older.acknowledged_at or younger.acknowledged_at
    older.acknowledged_by = older.acknowledged_by or younger.acknowledged_by
    if younger.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING):
        make_move(older, Move.CORROBORATED, pane, DecisionReason.SAME_OUTAGE, by=by)
    words = f"{younger.incident_id} is the same outage: same network, place and time"
    pane.decide(DecisionKind.MERGED, reason, words, about=older, by=by, extra=younger.incident_id)


def _take_areas(older: OpenIncident, younger: OpenIncident) -> None:
    for area in sorted(younger.areas):
        seen, known = younger.areas[area], older.areas.get(area)
        if known is not None:
            seen = structs.replace(
                seen,
                since=min(known.since, seen.since),
                last_at=max(known.last_at, seen.last_at),
                share_ppm=max(known.share_ppm, seen.share_ppm),
            )
        older.areas[area] = seen


def _sums(mine: dict[str, int], theirs: dict[str, int]) -> dict[str, int]:
    return {name: mine.get(name, 0) + theirs.get(name, 0) for name in sorted({*mine, *theirs})}


def go_into(younger: OpenIncident, older_id: str, pane: Pane, reason: DecisionReason, by: str = "") -> None:
    """Close an incident that was merged into another."""
    younger.merged_into = older_id
    make_move(younger, Move.ABSORBED, pane, reason, text=f"merged into {older_id}", by=by)


def split_off(incident: OpenIncident, area: str, pane: Pane, command_id: str, by: str) -> OpenIncident | None:
    """Take the evidence of an area out of an incident, into one of its own.

    Plain: counts of people and posts stay with the first one, since they cannot be told apart any more.

    Returns:
        The new incident, or None if one of the two would be empty.
    """
    moved = {key: one for key, one in sorted(incident.evidence.items()) if is_within(one.area, area)}
    if not moved or len(moved) == len(incident.evidence):
        return None
    fresh = incident.copy()
    fresh.incident_id = content_id(incident.incident_id, "split", area, command_id)
    fresh.opened_at = incident.opened_at
    fresh.revision, fresh.published, fresh.major, fresh.minor, fresh.waiting = 0, None, "", "", False
    fresh.evidence = moved
    fresh.areas = {name: seen for name, seen in incident.areas.items() if is_within(name, area)}
    fresh.services = sorted({one.service for one in moved.values() if one.service}) or incident.services
    fresh.split_from, fresh.split_into, fresh.merged_from = incident.incident_id, [], []
    fresh.voices, fresh.emergency, fresh.reactions, fresh.activity = dict(incident.voices), None, 0, {}
    incident.evidence = {key: one for key, one in incident.evidence.items() if key not in moved}
    incident.areas = {name: seen for name, seen in incident.areas.items() if name not in fresh.areas}
    incident.split_into = sorted({*incident.split_into, fresh.incident_id})[:LINKS_MAX]
    words = f"{len(moved)} series of {area} go on as {fresh.incident_id}"
    pane.decide(DecisionKind.SPLIT, DecisionReason.COMMAND, words, about=incident, by=by, extra=command_id)
    return fresh


def _both(mine: Evidence, theirs: Evidence) -> Evidence:
    best = mine if mine.surprise_milli >= theirs.surprise_milli else theirs
    return structs.replace(
        best,
        started_at=min(mine.started_at, theirs.started_at),
        found_at=min(mine.found_at, theirs.found_at),
        first_at=min(mine.first_at, theirs.first_at),
        last_at=max(mine.last_at, theirs.last_at),
        panes=mine.panes + theirs.panes,
        records=mine.records + theirs.records,
        people_peak=max(mine.people_peak, theirs.people_peak),
        examples=sorted({one.id_hash: one for one in [*mine.examples, *theirs.examples]}.values())[:3],
    )


def _emergency_of(mine: EmergencyState | None, theirs: EmergencyState | None) -> EmergencyState | None:
    if mine is None or theirs is None:
        return mine or theirs
    return EmergencyState(
        first_at=min(mine.first_at, theirs.first_at),
        last_at=max(mine.last_at, theirs.last_at),
        claims=mine.claims + theirs.claims,
        people=sorted({*mine.people, *theirs.people})[:PEOPLE_MAX],
        tickets=mine.tickets + theirs.tickets,
        numbers=sorted({*mine.numbers, *theirs.numbers})[:8],
    )


def merge_two(older: OpenIncident, younger: OpenIncident, pane: Pane, reason: DecisionReason, by: str = "") -> None:
    """Merge two open incidents, both or none."""
    if pane.guard(older, lambda draft: merge_into(draft, younger, pane, reason, by)):
        pane.guard(younger, lambda draft: go_into(draft, older.incident_id, pane, reason, by))

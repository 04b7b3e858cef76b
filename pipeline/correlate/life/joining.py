"""Merge and split: two that turn out one, and one that a person says is two.

The older goes on under its id, or the one that a person says; the other is closed and says where it went, so
that whoever follows it finds the way. A split goes by area, on order.
"""

from typing import Final

from msgspec import structs

from pipeline.correlate.evidence.uniting import take_out, unite
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.table import Move
from pipeline.correlate.parts import Figures, Publication, Relations
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.ids import content_id
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState

LINKS_KEPT_MAX: Final = 64
"""Ids remembered of a kind of link; the record shows sixteen and counts the rest."""

RELATED_MAX: Final = 16
"""Other open incidents of the same operator: somebody may find that they are one."""


def merge_two(kept: OpenIncident, gone: OpenIncident, pane: PaneAtWork, reason: DecisionReason, by: str = "") -> None:
    """Merge two open incidents, both or none: if a rule fails, the one has taken nothing and the other goes on.

    Args:
        kept: The one that goes on: the older, or the one that a person says.
        gone: The one that is closed.
        pane: The pane at work.
        reason: Why, of the closed list.
        by: Who ordered it, or ''.
    """

    def rule(first: OpenIncident, second: OpenIncident) -> None:
        _merge_into(first, second, pane, reason, by)
        _go_into(second, first.incident_id, pane, reason, by)

    pane.guard_all((kept, gone), rule)


def relate(incident: OpenIncident, others: list[OpenIncident]) -> None:
    """Note other incidents that were open when an incident opened."""
    incident.relations.related = sorted(other.incident_id for other in others)[:RELATED_MAX]


def _merge_into(kept: OpenIncident, gone: OpenIncident, pane: PaneAtWork, reason: DecisionReason, by: str) -> None:
    """Take over all that another incident knows; the other stays as it was."""
    unite(kept.dossier, gone.dossier)
    kept.sight.sees_since = max(kept.sight.sees_since, gone.sight.sees_since)
    kept.figures.care = {**kept.figures.care, **gone.figures.care}
    taken_in = {*kept.relations.merged_from, *gone.relations.merged_from, gone.incident_id}
    kept.relations.merged_from = sorted(taken_in)[:LINKS_KEPT_MAX]
    kept.handling.acknowledged_at = kept.handling.acknowledged_at or gone.handling.acknowledged_at
    kept.handling.acknowledged_by = kept.handling.acknowledged_by or gone.handling.acknowledged_by
    if _corroborates(gone, kept):
        make_move(kept, Move.CORROBORATED, pane, DecisionReason.SAME_OUTAGE, by=by)
    words = f"{gone.incident_id} is the same outage: same network, place and time"
    pane.decide(DecisionKind.MERGED, reason, words, about=kept, by=by, extra=gone.incident_id)


def _corroborates(gone: OpenIncident, kept: OpenIncident) -> bool:
    """Does the one make the other a fact, or say that it goes on? One that recovers is a fact, and no relapse."""
    if gone.state == IncidentState.RECOVERING:
        return kept.state == IncidentState.SUSPECTED
    return gone.state == IncidentState.CONFIRMED


def _go_into(gone: OpenIncident, kept_id: str, pane: PaneAtWork, reason: DecisionReason, by: str) -> None:
    """Close an incident that was merged into another."""
    gone.relations.merged_into = kept_id
    make_move(gone, Move.ABSORBED, pane, reason, text=f"merged into {kept_id}", by=by)


def split_off(incident: OpenIncident, area: str, pane: PaneAtWork, command_id: str, by: str) -> OpenIncident | None:
    """Take the evidence of an area out of an incident, into one of its own.

    Counts of people and posts stay with both, since they cannot be told apart any more; services and operators go
    with the series that name them.

    Args:
        incident: Changes in place.
        area: Path of the place tree.
        pane: The pane at work.
        command_id: Id of the order; part of the new id.
        by: Who ordered it.

    Returns:
        The new incident, or None if one of the two would be empty.
    """
    fresh = incident.copy()
    taken = take_out(incident.dossier, area)
    if taken is None:
        return None
    fresh_id = content_id(incident.incident_id, "split", area, command_id)
    fresh.identity = structs.replace(incident.identity, incident_id=fresh_id)
    fresh.dossier = taken
    fresh.publication = Publication(at=incident.publication.at)
    fresh.relations = Relations(
        merged_into=incident.relations.merged_into,
        split_from=incident.incident_id,
        related=list(incident.relations.related),
    )
    fresh.figures = Figures(care=dict(incident.figures.care))
    incident.relations.split_into = sorted({*incident.relations.split_into, fresh_id})[:LINKS_KEPT_MAX]
    words = f"{len(taken.series)} series of {area} go on as {fresh_id}"
    pane.decide(DecisionKind.SPLIT, DecisionReason.COMMAND, words, about=incident, by=by, extra=command_id)
    return fresh

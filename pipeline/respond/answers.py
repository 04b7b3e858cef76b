"""The decisions of RESPOND: what was drafted, done, held back or refused, each with its reason."""

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def decided(
    incident: Incident, at: Instant, verdict: tuple[DecisionKind, DecisionReason], words: str, *, extra: str = ""
) -> Decision:
    """A decision about an incident.

    Args:
        incident: Its latest revision.
        at: When it was decided, ms.
        verdict: What was done, and why.
        words: Why, for people; cut at 200 characters.
        extra: Tells two decisions of one moment and reason apart.
    """
    kind, reason = verdict
    return Decision(
        decision_id=content_id("respond", kind.value, incident.incident_id, reason.value, int(at), extra),
        stage="respond",
        kind=kind,
        subject=incident.incident_id,
        reason=reason,
        text=clipped(words),
        at=at,
        market=incident.market,
        incident_id=incident.incident_id,
        revision=incident.revision,
        exercise=incident.exercise,
    )


def answered(
    placed: PlacedCommand, verdict: tuple[DecisionKind, DecisionReason], words: str, incident: Incident | None = None
) -> Decision:
    """The answer to an order; its subject is the target as the order wrote it.

    Args:
        placed: The order.
        verdict: What became of it, and why.
        words: Why, for people; cut at 200 characters.
        incident: The incident that it is about; None if there is none.
    """
    kind, reason = verdict
    command = placed.command
    return Decision(
        decision_id=content_id("respond", kind.value, command.target, reason.value, int(placed.at), command.command_id),
        stage="respond",
        kind=kind,
        subject=command.target,
        reason=reason,
        text=clipped(f"{command.kind}: {words}"),
        at=placed.at,
        market=command.market,
        incident_id=incident.incident_id if incident else None,
        revision=incident.revision if incident else None,
        by=clipped(command.by, 64),
        exercise=command.exercise or (incident.exercise if incident else False),
    )

"""What people order about replies: approve, edit, reject. Each order is answered, with what was done or why not."""

from collections.abc import Iterator
from typing import Final

from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import answered, decided
from pipeline.respond.config import RespondRules
from pipeline.respond.replies.drafts import end, notice_of
from pipeline.respond.state import IncidentCase

_ENDED: Final = {
    "superseded": (DecisionReason.OVERTAKEN, "the facts have changed, or it was answered: look at the newer text"),
    "expired": (DecisionReason.EXPIRED, "its incident is over"),
    "withdrawn": (DecisionReason.ALREADY_DONE, "it was rejected before"),
    "approved": (DecisionReason.ALREADY_DONE, "it was approved before"),
}
"""Why an order about a reply that has ended is refused, by its state."""


def obey(case: IncidentCase, placed: PlacedCommand, rules: RespondRules) -> tuple[object, ...]:
    """Obey an order about replies, or refuse it.

    Args:
        case: The case that the order means; its replies change in place.
        placed: An order.
        rules: Who may do what.

    Returns:
        New revisions of replies, then the answer; nothing if the order is about none of them.
    """
    command, memory = placed.command, case.replies
    of_incident = command.target == case.incident.incident_id
    names = _drafted(case) if of_incident else [memory.complaint_of(command.target)]
    meant = [name for name in names if name is not None]
    if not meant and command.target not in memory.ended:
        return ()
    refusal = _why_not(case, placed, rules, of_incident=of_incident)
    if refusal is not None:
        verdict = (DecisionKind.REFUSED, refusal[0])
        if of_incident:
            return (decided(case.incident, placed.at, verdict, refusal[1], extra=f"replies{command.command_id}"),)
        return (answered(placed, verdict, refusal[1], case.incident),)
    outputs = [notice for name in meant for notice in _done(case, name, placed, rules)]
    kind = DecisionKind.WITHDRAWN if command.kind == "reject" else DecisionKind.CHANGED
    words = f"{command.kind}: {len(meant)} replies, by {command.by}; {command.reason or 'no reason was given'}"
    extra = f"replies{command.command_id}"
    if of_incident:
        return (*outputs, decided(case.incident, placed.at, (kind, DecisionReason.COMMAND), words, extra=extra))
    return (*outputs, answered(placed, (kind, DecisionReason.COMMAND), words, case.incident))


def _drafted(case: IncidentCase) -> list[str | None]:
    return [name for name, row in sorted(case.replies.waiting.items()) if row.draft is not None]


def _done(case: IncidentCase, name: str, placed: PlacedCommand, rules: RespondRules) -> Iterator[object]:
    command, memory, at = placed.command, case.replies, int(placed.at)
    by = (clipped(command.by, 64), clipped(command.reason))
    if command.kind == "approve":
        memory.answered += 1
        yield from end(case, name, at, "approved", by, rules)
    elif command.kind == "reject":
        memory.handed_over += 1
        memory.asked -= 1
        yield from end(case, name, at, "withdrawn", by, rules)
    else:
        row = memory.waiting[name]
        draft = row.draft
        assert draft is not None, "only what is drafted is meant"
        draft.subject, draft.body = command.subject or draft.subject, command.body or draft.body
        draft.notice_revision += 1
        draft.changed_at, draft.changed_by, draft.changed_why = at, *by
        yield notice_of(case, name, row, "draft", rules)


def _why_not(
    case: IncidentCase, placed: PlacedCommand, rules: RespondRules, *, of_incident: bool
) -> tuple[DecisionReason, str] | None:
    command = placed.command
    if not rules.config.may(command.by, command.kind):
        return DecisionReason.NOT_ALLOWED, f"{command.by} has none of the roles that may {command.kind}"
    if not of_incident and command.target in case.replies.ended:
        return _ENDED[case.replies.ended[command.target]]
    if command.kind == "approve" and case.incident.exercise:
        return DecisionReason.EXERCISE, "a reply of an exercise never goes out"
    if command.kind == "edit" and of_incident:
        return DecisionReason.NO_TARGET, "names an incident; say which reply by its id"
    if command.kind == "edit" and not (command.subject or command.body):
        return DecisionReason.NO_TARGET, "names neither `subject` nor `body`"
    return None

"""What people order about drafts: approve, edit, reject. Each order is answered, with what was done or why not.

The target is a notice, or an incident: then all its drafts are meant. What a newer fact
overtook cannot be approved any more, nor what expired, nor anything of an exercise.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.raw.commands import Command
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.answers import answered
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.life import NoticeMove, can, moved
from pipeline.respond.remembered.notices import NoticeBook
from pipeline.respond.state import IncidentCase
from pipeline.wording.notices.outlets import OUTLET_FORMS

_ENDED: Final = {
    "superseded": (DecisionReason.OVERTAKEN, "a newer text took its place: approve that one"),
    "expired": (DecisionReason.EXPIRED, "it expired: what it says may be wrong by now"),
    "withdrawn": (DecisionReason.ALREADY_DONE, "it was withdrawn before"),
    "sent": (DecisionReason.ALREADY_SENT, "it was sent before"),
    "approved": (DecisionReason.ALREADY_DONE, "it was approved before, and a newer text followed"),
}
"""Why an order about a notice that has ended is refused, by its state."""


class Refusal(NamedTuple):
    """Why an order is not obeyed."""

    reason: DecisionReason
    words: str


class DraftDesk(NamedTuple):
    """Whose drafts an order is about.

    Attributes:
        book: The notices; changes in place.
        name: Id of the incident, or of the planned work.
        exercise: Part of an exercise.
        incident: The incident; None of planned work.
    """

    book: NoticeBook
    name: str
    exercise: bool
    incident: Incident | None = None


def desk_of(case: IncidentCase) -> DraftDesk:
    """The desk of an incident."""
    return DraftDesk(case.notices, case.incident.incident_id, case.incident.exercise, case.incident)


def obey(desk: DraftDesk, placed: PlacedCommand, rules: RespondRules) -> tuple[object, ...]:
    """Obey an order about drafts, or refuse it.

    Args:
        desk: What the order means; its notices change in place.
        placed: An order to approve, edit or reject.
        rules: Who may do what.

    Returns:
        New revisions of notices, then the answer; nothing if the target is none of the desk's notices.
    """
    command, book = placed.command, desk.book
    of_incident = command.target == desk.name
    if not of_incident and not book.knows(command.target):
        return ()
    move = NoticeMove(command.kind)
    if of_incident:
        meant = [notice for notice in book.live.values() if notice.state == "draft"]
        refusal = _why_not_all(desk, placed, rules, meant)
    else:
        meant = [book.live[command.target]] if command.target in book.live else []
        refusal = _why_not(desk, placed, rules)
    if of_incident and not meant and refusal is None:
        return ()
    if refusal is not None:
        return (answered(placed, (DecisionKind.REFUSED, refusal.reason), refusal.words, desk.incident),)
    changed = tuple(_changed(notice, move, placed) for notice in meant)
    for notice in changed:
        book.put(notice, lives=notice.state in ("draft", "approved"))
    kind = DecisionKind.WITHDRAWN if move == NoticeMove.REJECT else DecisionKind.CHANGED
    words = f"{len(changed)} texts; {command.reason or 'no reason was given'}"
    return (*changed, answered(placed, (kind, DecisionReason.COMMAND), words, desk.incident))


def _changed(notice: Notice, move: NoticeMove, placed: PlacedCommand) -> Notice:
    command = placed.command
    fresh = moved(notice, move, int(placed.at), command.by[:64], command.reason)
    if move != NoticeMove.EDIT:
        return fresh
    return msgspec.structs.replace(
        fresh,
        subject=command.subject or notice.subject,
        body=command.body or notice.body,
        original_subject=notice.original_subject or notice.subject,
        original_body=notice.original_body or notice.body,
    )


def _why_not_all(desk: DraftDesk, placed: PlacedCommand, rules: RespondRules, meant: list[Notice]) -> Refusal | None:
    """Why an order about all drafts of an incident is not obeyed."""
    if placed.command.kind == "edit":
        return Refusal(DecisionReason.NO_TARGET, "names an incident; say which text by its id")
    return _why_nobody(desk, placed, rules) or next(
        (refusal for notice in meant if (refusal := _why_not_this(notice, placed.command)) is not None), None
    )


def _why_not(desk: DraftDesk, placed: PlacedCommand, rules: RespondRules) -> Refusal | None:
    """Why an order about one notice is not obeyed."""
    notice = desk.book.live.get(placed.command.target)
    if (refusal := _why_nobody(desk, placed, rules)) is not None:
        return refusal
    if notice is None:
        return Refusal(*_ENDED[desk.book.ended[placed.command.target]])
    return _why_not_this(notice, placed.command)


def _why_nobody(desk: DraftDesk, placed: PlacedCommand, rules: RespondRules) -> Refusal | None:
    command = placed.command
    if not rules.config.may(command.by, command.kind):
        roles = ", ".join(rules.config.rights.get(command.kind, ()))
        return Refusal(DecisionReason.NOT_ALLOWED, f"{command.by} has none of the roles that may: {roles}")
    if command.exercise and not desk.exercise:
        return Refusal(DecisionReason.EXERCISE, "an order of an exercise, the incident is real")
    return None


_Check = Callable[[Notice, Command], Refusal | None]


def _checked_state(notice: Notice, command: Command) -> Refusal | None:
    if can(notice.state, NoticeMove(command.kind)):
        return None
    return Refusal(
        DecisionReason.ALREADY_DONE, f"it is {notice.state} already, by {notice.changed_by}; reject it first"
    )


def _checked_exercise(notice: Notice, command: Command) -> Refusal | None:
    if command.kind == "approve" and notice.exercise:
        return Refusal(DecisionReason.EXERCISE, "a text of an exercise never goes out")
    return None


def _checked_edit(notice: Notice, command: Command) -> Refusal | None:
    if command.kind != "edit":
        return None
    if not command.subject and not command.body:
        return Refusal(DecisionReason.NO_TARGET, "names neither `subject` nor `body`")
    if notice.outlet == "cap":
        return Refusal(DecisionReason.GUARD_RAIL, "a public warning is a document: reject it, and write one by hand")
    excess = OUTLET_FORMS[notice.outlet].excess(command.body)
    if excess > 0:
        return Refusal(DecisionReason.LIMIT_REACHED, f"{excess} characters too long for {notice.outlet}")
    return None


_CHECKS: Final[tuple[_Check, ...]] = (_checked_state, _checked_exercise, _checked_edit)


def _why_not_this(notice: Notice, command: Command) -> Refusal | None:
    return next((refusal for check in _CHECKS if (refusal := check(notice, command)) is not None), None)

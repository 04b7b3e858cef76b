"""Orders of people: each is obeyed once, in its place in time, and each gets a decision.

An order that cannot be obeyed is answered, never dropped: unknown target, a
silence without an end, a time that is none. An order of a drill touches no real incident.
"""

from collections.abc import Callable, Sequence
from typing import Final

from pipeline.correlate.config import COMMANDS_MAX, WINDOWS_MAX
from pipeline.correlate.life.course import make_move
from pipeline.correlate.life.joining import merge_two, split_off
from pipeline.correlate.life.table import Move
from pipeline.correlate.state import Ghost, OpenIncident, Window
from pipeline.correlate.work import Pane
from pipeline.records.clocks import HOUR_MS, parse_instant
from pipeline.records.errors import RecordError
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.raw.commands import Command
from pipeline.records.vocabulary import DecisionKind, DecisionReason

Order = Callable[[OpenIncident, Command, Pane], None]


def obey_all(placed: Sequence[PlacedCommand], pane: Pane) -> None:
    """Obey a pane's commands in order of time, then id; each id once."""
    for one in sorted(placed, key=lambda it: (int(it.at), it.command.command_id, it.command.kind, it.command.target)):
        if one.command.command_id in pane.market.commands:
            continue
        pane.market.commands[one.command.command_id] = int(one.at)
        _obey(one.command, int(one.at), pane)
    while len(pane.market.commands) > COMMANDS_MAX:
        del pane.market.commands[next(iter(pane.market.commands))]


def _obey(command: Command, at: int, pane: Pane) -> None:
    if command.kind in ("silence", "maintenance"):
        _open_window(command, at, pane)
        return
    incident = pane.incident(command.target)
    if incident is None:
        words = f"{command.kind}: no open incident {command.target!r} in {pane.market.market}; it may be closed"
        _suppress(command, pane, DecisionReason.UNKNOWN_TARGET, words)
        return
    if command.exercise and not incident.exercise:
        _suppress(command, pane, DecisionReason.EXERCISE, f"{command.kind}: an order of a drill, the incident is real")
        return
    if command.kind == "merge":
        _merge(incident, command, pane)
    elif command.kind == "split":
        _split(incident, command, pane)
    else:
        order = _ORDERS[command.kind]
        pane.guard(incident, lambda draft: order(draft, command, pane))


def _suppress(command: Command, pane: Pane, reason: DecisionReason, words: str) -> None:
    pane.decide(DecisionKind.SUPPRESSED, reason, words, about=command.target, by=command.by, extra=command.command_id)


def _refuse(command: Command, pane: Pane, reason: DecisionReason, words: str) -> None:
    pane.decide(DecisionKind.REFUSED, reason, words, about=command.target, by=command.by, extra=command.command_id)


def _did(incident: OpenIncident, command: Command, pane: Pane, words: str) -> None:
    reason = DecisionReason.FEEDBACK if command.kind == "feedback" else DecisionReason.COMMAND
    pane.decide(DecisionKind.CHANGED, reason, words, about=incident, by=command.by, extra=command.command_id)


def _acknowledge(incident: OpenIncident, command: Command, pane: Pane) -> None:
    incident.acknowledged_at = incident.acknowledged_at or pane.at
    incident.acknowledged_by = incident.acknowledged_by or command.by[:64]
    _did(incident, command, pane, "acknowledged")


def _assign(incident: OpenIncident, command: Command, pane: Pane) -> None:
    if not command.team:
        _refuse(command, pane, DecisionReason.NO_TARGET, "assign: names no team; say which in `team`")
        return
    incident.team = command.team
    _did(incident, command, pane, f"assigned to {command.team}")


def _confirm(incident: OpenIncident, command: Command, pane: Pane) -> None:
    if not make_move(incident, Move.CONFIRM, pane, DecisionReason.COMMAND, by=command.by):
        _did(incident, command, pane, f"confirm: it is {incident.state.value} already")
    incident.settled = DecisionReason.COMMAND.value


def _dismiss(incident: OpenIncident, command: Command, pane: Pane) -> None:
    make_move(incident, Move.DISMISS, pane, DecisionReason.COMMAND, text=command.reason, by=command.by)
    incident.by_person = True
    ghost = Ghost(
        incident_id=incident.incident_id,
        operators=sorted(incident.operators),
        services=incident.services,
        areas=sorted(incident.areas),
        until=pane.at + pane.config.lifecycle.dismissed_hours * HOUR_MS,
    )
    pane.market.ghosts = [*pane.market.ghosts, ghost][-WINDOWS_MAX:]


def _note(incident: OpenIncident, command: Command, pane: Pane) -> None:
    _did(incident, command, pane, f"{command.kind}: {command.note or command.reason or 'noted'}")


_ORDERS: Final[dict[str, Order]] = {
    "acknowledge": _acknowledge,
    "assign": _assign,
    "confirm": _confirm,
    "dismiss": _dismiss,
    "approve": _note,
    "feedback": _note,
}


def _merge(incident: OpenIncident, command: Command, pane: Pane) -> None:
    for other_id in sorted(set(command.incidents) - {incident.incident_id}):
        older, other = pane.incident(incident.incident_id), pane.incident(other_id)
        if older is None or other is None:
            words = f"merge: no open incident {other_id!r} in {pane.market.market}"
            pane.decide(
                DecisionKind.SUPPRESSED,
                DecisionReason.UNKNOWN_TARGET,
                words,
                about=other_id,
                by=command.by,
                extra=command.command_id,
            )
            continue
        merge_two(older, other, pane, DecisionReason.COMMAND, command.by)
    if not command.incidents:
        _refuse(command, pane, DecisionReason.NO_TARGET, "merge: names no other incident; list them in `incidents`")


def _split(incident: OpenIncident, command: Command, pane: Pane) -> None:
    made: list[OpenIncident | None] = []

    def rule(draft: OpenIncident) -> None:
        made.append(
            split_off(draft, command.area or "", pane, command.command_id, command.by) if command.area else None
        )

    if not pane.guard(incident, rule):
        return
    if made[0] is None:
        _refuse(command, pane, DecisionReason.NO_TARGET, "split: name in `area` a part of the incident, not all of it")
        return
    pane.market.incidents = [*pane.market.incidents, made[0]]
    pane.touched.add(made[0].incident_id)


def _open_window(command: Command, at: int, pane: Pane) -> None:
    """A silence or a maintenance window: of an incident, or of `operator` or `operator@area`."""
    if command.until is None or (command.kind == "silence" and not command.reason):
        _refuse(command, pane, DecisionReason.COMMAND, f"{command.kind}: needs an end (`until`) and a reason")
        return
    try:
        until = parse_instant(command.until)
        starts_at = parse_instant(command.starts_at) if command.starts_at else at
    except RecordError as error:
        _refuse(command, pane, DecisionReason.COMMAND, f"{command.kind}: {error.message}")
        return
    window = _window(command, starts_at, until, pane)
    if window is None:
        _suppress(
            command,
            pane,
            DecisionReason.UNKNOWN_TARGET,
            f"{command.kind}: {command.target!r} is no open incident or operator",
        )
        return
    live = [one for one in pane.market.windows if one.until > pane.at]
    if until <= pane.at or until <= starts_at:
        _refuse(
            command, pane, DecisionReason.EXPIRED, f"{command.kind}: ends at {command.until}, before it begins or now"
        )
        return
    if len(live) >= WINDOWS_MAX:
        _refuse(command, pane, DecisionReason.LIMIT_REACHED, f"{command.kind}: {WINDOWS_MAX} windows are open already")
        return
    pane.market.windows = [*live, window]
    reason = DecisionReason.SILENCED if command.kind == "silence" else DecisionReason.MAINTENANCE
    words = f"{command.kind} until {command.until}: {command.reason}"
    pane.decide(DecisionKind.CHANGED, reason, words, about=command.target, by=command.by, extra=command.command_id)


def _window(command: Command, starts_at: int, until: int, pane: Pane) -> Window | None:
    incident = pane.incident(command.target)
    operator, _, area = command.target.partition("@")
    if incident is not None:
        operator, area = "", ""
    elif command.operator:
        operator, area = command.operator, command.area or ""
    elif pane.reference.operators.get(operator) is None:
        return None
    return Window(
        kind=command.kind,
        window_id=command.command_id,
        incident_id=incident.incident_id if incident else "",
        operator=operator,
        area=area or command.area or "",
        service=command.service or "",
        starts_at=starts_at,
        until=until,
        by=command.by,
        reason=command.reason,
        exercise=command.exercise,
    )

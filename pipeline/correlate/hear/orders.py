"""Orders of people: each is obeyed once, in its place in time, and each gets a decision.

An order that cannot be obeyed is answered, never dropped: unknown target, a
silence without an end, a time that is none. An order of an exercise touches no real incident.

A change of state is a decision already; any other order gives an `_Outcome`, which is
written down in one place. What is ordered about drafts is RESPOND's to answer.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pipeline.correlate.config import INCIDENTS_MAX, WINDOWS_MAX
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.claims import believe_doubts
from pipeline.correlate.hear.exercises import EXERCISE, can_be_rehearsed, exercise_id
from pipeline.correlate.hear.questions import answer as answer_question
from pipeline.correlate.hear.questions import deny
from pipeline.correlate.hear.works import announced, called_off
from pipeline.correlate.life.course import make_move, settle_by_person
from pipeline.correlate.life.joining import merge_two, split_off
from pipeline.correlate.life.table import Move
from pipeline.correlate.life.windows import at_time, times_of, window_ordered
from pipeline.correlate.state import Dismissal, OpenIncident, OrderedWindow
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import HOUR_MS, format_instant, parse_instant
from pipeline.records.errors import RecordError
from pipeline.records.inner.changes import COMMANDS_MAX, LEVEL_WORKS_MAX, work_id_of
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import answering
from pipeline.records.raw.commands import ANSWERED_BY_RESPOND, OF_A_WHILE, Command
from pipeline.records.series import is_within
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState


class _Outcome(NamedTuple):
    """What becomes of an order, besides a change of state.

    Attributes:
        kind: `changed` if it was obeyed, `refused` if it cannot be, `suppressed` if it touches nothing.
        reason: Reason of the closed list.
        words: Why, for people.
        about: The incident that it is about; None = the target as the order wrote it.
    """

    kind: DecisionKind
    reason: DecisionReason
    words: str
    about: OpenIncident | None = None


_GOES_ON: Final = frozenset({IncidentState.SUSPECTED, IncidentState.CONFIRMED, IncidentState.RECOVERING})
_IDS_TOLD: Final = 4
"""Ids that an answer repeats; a decision's words end after 200 characters."""

_Order = Callable[[OpenIncident, Command, PaneAtWork], _Outcome | None]


def obey_all(placed: Sequence[PlacedCommand], pane: PaneAtWork) -> None:
    """Obey a pane's commands in their order; each id once."""
    obeyed = pane.market.commands
    for order in sorted(placed, key=lambda order: order.order):
        if order.command.command_id in obeyed:
            continue
        obeyed[order.command.command_id] = int(order.at)
        pane.outputs.append(order)  # RESPOND hears it as well
        if order.command.kind in ANSWERED_BY_RESPOND:
            continue
        written = len(pane.outputs)
        rule = _take_as_usual if order.command.usual and order.command.kind == "dismiss" else _obey
        answer = None if answer_question(order.command, pane) else rule(order.command, int(order.at), pane)
        if answer is not None:
            _write_down(answer, order.command, pane)
        pane.outputs[written:] = answering(pane.outputs[written:], order.command)
    while len(obeyed) > COMMANDS_MAX:
        del obeyed[next(iter(obeyed))]


def _write_down(answer: _Outcome, command: Command, pane: PaneAtWork) -> None:
    about = answer.about or command.target
    exercise = command.exercise or command.kind == EXERCISE
    verdict = (answer.kind, answer.reason, answer.words)
    pane.decide(*verdict, about=about, by=command.by, extra=command.command_id, exercise=exercise)


def _obey(command: Command, at: int, pane: PaneAtWork) -> _Outcome | None:
    if command.kind in OF_A_WHILE:
        return _open_window(command, at, pane)
    meant = _meant(command, pane)
    if not meant:
        ended = _end_window(command, pane) if command.kind == "dismiss" else None
        words = (
            f"{command.kind}: no open incident or question {command.target!r} in {pane.market.market}; it may be closed"
        )
        return ended or _suppressed(DecisionReason.UNKNOWN_TARGET, words)
    if len(meant) > 1:
        ids = ", ".join(incident.incident_id for incident in meant[:_IDS_TOLD])
        words = f"{command.kind}: {command.target!r} has {len(meant)} open incidents: say which by its id: {ids}"
        return _refused(DecisionReason.NO_TARGET, words)
    incident = meant[0]
    if (stranger := _of_an_exercise(command, incident)) is not None:
        return stranger
    if command.kind == "merge":
        return _merge(incident, command, pane)
    return _on_a_copy(_ORDERS[command.kind], incident, command, pane)


def _of_an_exercise(command: Command, incident: OpenIncident) -> _Outcome | None:
    """The answer to an order of an exercise about what is real; None if both are of one world."""
    if not command.exercise or incident.identity.exercise:
        return None
    return _suppressed(DecisionReason.EXERCISE, f"{command.kind}: an order of an exercise, the incident is real")


def _meant(command: Command, pane: PaneAtWork) -> list[OpenIncident]:
    """The incidents that a target may mean: the one of that id, else those of `operator` or `operator@area` that go on.

    A person in the heat names whom it hit; as long as that is one incident, its id need not be looked up. Who names an
    operator means what is real, and in an exercise the exercise.
    """
    if (named := pane.incident(command.target)) is not None:
        return [named]
    operator, area = command.operator_and_area
    return [
        incident
        for incident in pane.market.incidents
        if incident.state in _GOES_ON and operator in incident.dossier.operators
        if incident.identity.exercise == command.exercise
        if not area or any(is_within(hit, area) for hit in incident.dossier.areas)
    ]


def _on_a_copy(order: _Order, incident: OpenIncident, command: Command, pane: PaneAtWork) -> _Outcome | None:
    answers: list[_Outcome | None] = []
    pane.guard(incident, lambda draft: answers.append(order(draft, command, pane)))
    return answers[0] if answers else None


def _suppressed(reason: DecisionReason, words: str) -> _Outcome:
    return _Outcome(DecisionKind.SUPPRESSED, reason, words)


def _refused(reason: DecisionReason, words: str) -> _Outcome:
    return _Outcome(DecisionKind.REFUSED, reason, words)


def _done(incident: OpenIncident, words: str, reason: DecisionReason = DecisionReason.COMMAND) -> _Outcome:
    return _Outcome(DecisionKind.CHANGED, reason, words, incident)


def _acknowledge(incident: OpenIncident, command: Command, pane: PaneAtWork) -> _Outcome:
    handling = incident.handling
    handling.acknowledged_at = handling.acknowledged_at or pane.at
    handling.acknowledged_by = handling.acknowledged_by or command.by[:64]
    return _done(incident, "acknowledged")


def _assign(incident: OpenIncident, command: Command, _pane: PaneAtWork) -> _Outcome:
    if not command.team:
        return _refused(DecisionReason.NO_TARGET, "assign: names no team; say which in `team`")
    incident.handling.team = command.team
    return _done(incident, f"assigned to {command.team}")


def _confirm(incident: OpenIncident, command: Command, pane: PaneAtWork) -> _Outcome | None:
    moved = make_move(incident, Move.CONFIRM, pane, DecisionReason.COMMAND, by=command.by)
    settle_by_person(incident)
    believed = believe_doubts(incident.dossier, pane.at, pane.config)
    if believed:
        return _done(incident, f"confirm: {believed} claims that help cannot be called are believed")
    return None if moved else _done(incident, f"confirm: it is {incident.state.value} already")


def _dismiss(incident: OpenIncident, command: Command, pane: PaneAtWork) -> None:
    make_move(incident, Move.DISMISS, pane, DecisionReason.COMMAND, text=command.reason, by=command.by)
    if incident.identity.exercise:
        return
    dismissal = Dismissal(
        incident_id=incident.incident_id,
        operators=sorted(incident.dossier.operators),
        services=incident.dossier.services,
        areas=sorted(incident.dossier.areas),
        until=pane.at + pane.config.lifecycle.dismissed_hours * HOUR_MS,
    )
    pane.market.dismissals = [*pane.market.dismissals, dismissal][-WINDOWS_MAX:]
    deny(incident.incident_id, incident.dossier.doubts, pane)


def _take_as_usual(command: Command, _at: int, pane: PaneAtWork) -> _Outcome:
    """What DETECT takes for usual from now on is no outage: what is open there, and nowhere else, is dismissed."""
    operator, service = command.operator_and_area[0], command.service
    meant = _meant(command, pane)
    ended = [incident for incident in meant if _is_all_of(command, incident)]
    for incident in ended:
        _on_a_copy(_dismiss, incident, command, pane)
    left = f", {len(meant) - len(ended)} that reach further go on" if len(meant) > len(ended) else ""
    words = f"usual from now on for {operator}, {service or 'all services'}, {len(ended)} incidents dismissed{left}"
    return _Outcome(DecisionKind.CHANGED, DecisionReason.NEW_LEVEL, f"{words}: {command.reason}")


def _is_all_of(command: Command, incident: OpenIncident) -> bool:
    """Does all of an incident lie where an order says: its operators, places and services, and no emergency?"""
    (operator, area), dossier = command.operator_and_area, incident.dossier
    of_operator = {*dossier.operators} == {operator} and dossier.emergency is None
    of_service = not command.service or {*dossier.services} <= {command.service}
    return of_operator and of_service and all(not area or is_within(hit, area) for hit in leaves_of(dossier.areas))


def _split(incident: OpenIncident, command: Command, pane: PaneAtWork) -> _Outcome | None:
    if len(pane.market.incidents) >= INCIDENTS_MAX:
        words = f"split: {INCIDENTS_MAX} incidents are open: no room for another; close or merge some"
        return _refused(DecisionReason.LIMIT_REACHED, words)
    fresh = split_off(incident, command.area, pane, command.command_id, command.by) if command.area else None
    if fresh is None:
        return _refused(DecisionReason.NO_TARGET, "split: name in `area` a part of the incident, not all of it")
    pane.market.incidents = [*pane.market.incidents, fresh]
    pane.touched.add(fresh.incident_id)
    return None


def _note(incident: OpenIncident, command: Command, _pane: PaneAtWork) -> _Outcome:
    return _done(incident, f"feedback: {command.note or command.reason or 'noted'}", DecisionReason.FEEDBACK)


_ORDERS: Final[dict[str, _Order]] = {
    "acknowledge": _acknowledge,
    "assign": _assign,
    "confirm": _confirm,
    "dismiss": _dismiss,
    "split": _split,
    "feedback": _note,
}
"""What is done on a copy of one incident; a merge needs two, a window may need none."""


def _merge(incident: OpenIncident, command: Command, pane: PaneAtWork) -> _Outcome | None:
    others = sorted(set(command.incidents) - {incident.incident_id})
    for other_id in others:
        kept, gone = pane.incident(incident.incident_id), pane.incident(other_id)
        if kept is not None and gone is not None and kept.identity.exercise == gone.identity.exercise:
            merge_two(kept, gone, pane, DecisionReason.COMMAND, command.by)
            continue
        words = f"merge: no open incident {other_id!r} in {pane.market.market}, or one of the two is an exercise"
        kind, reason = DecisionKind.SUPPRESSED, DecisionReason.UNKNOWN_TARGET
        pane.decide(kind, reason, words, about=other_id, by=command.by, extra=command.command_id)
    if others:
        return None
    return _refused(DecisionReason.NO_TARGET, "merge: names no other incident; list them in `incidents`")


def _open_window(command: Command, at: int, pane: PaneAtWork) -> _Outcome:
    incident = pane.incident(command.target)
    window = (_of_an_exercise(command, incident) if incident else None) or _ordered(command, at, pane)
    if isinstance(window, _Outcome):
        return window
    standing = [known for known in pane.market.windows if known.until > pane.at]
    room = LEVEL_WORKS_MAX if window.usual else WINDOWS_MAX
    if sum(known.usual == window.usual for known in standing) >= room:
        usual = " after which levels are usual, so nothing is taken for usual after it" if window.usual else ""
        words = f"{command.kind}: {room} windows are open already{usual}"
        return _refused(DecisionReason.LIMIT_REACHED, words)
    pane.market.windows = [*standing, window]
    pane.outputs += announced(window, pane)
    begins = f" from {command.starts_at}" if command.starts_at and command.kind != EXERCISE else ""
    words = f"{command.kind}{begins} until {command.until}: {command.reason}"
    if command.kind == EXERCISE:
        name = exercise_id(pane.market.market, command.command_id)
        words = f"exercise {name} from {format_instant(window.starts_at)}, {words}"
    if window.recurrence:
        times = times_of(window)
        words = f"{words[:120]}; {len(times)} times in all, the last from {format_instant(times[-1])}"
    return _Outcome(DecisionKind.CHANGED, _OPENED[command.kind], words)


_OPENED: Final = {
    "silence": DecisionReason.SILENCED,
    "maintenance": DecisionReason.MAINTENANCE,
    EXERCISE: DecisionReason.EXERCISE,
}
"""Why there is a window of a kind."""


def _ordered(command: Command, at: int, pane: PaneAtWork) -> OrderedWindow | _Outcome:
    """The window that a command orders, at its present or next time; else why there is none."""
    if command.until is None or (command.kind != "maintenance" and not command.reason):
        return _refused(DecisionReason.COMMAND, f"{command.kind}: needs an end (`until`) and a reason")
    try:
        until = parse_instant(command.until)
        starts_at = parse_instant(command.starts_at) if command.starts_at else at
    except RecordError as error:
        return _refused(DecisionReason.COMMAND, f"{command.kind}: {error.message}")
    window = window_ordered(command, starts_at, until, pane.incident(command.target), pane.reference)
    if window is None:
        words = f"{command.kind}: {command.target!r} is no open incident or operator"
        return _suppressed(DecisionReason.UNKNOWN_TARGET, words)
    if problem := _why_it_cannot_be(window, pane):
        return _refused(DecisionReason.COMMAND, f"{command.kind}: {problem}")
    window = at_time(window, pane.at)
    if window.until <= pane.at or until <= starts_at:
        words = f"{command.kind}: ends at {command.until}, before it begins or now"
        return _refused(DecisionReason.EXPIRED, words)
    return window


def _why_it_cannot_be(window: OrderedWindow, pane: PaneAtWork) -> str:
    """What is wrong with what an exercise names, or with the rule by which a window comes again; '' if nothing is."""
    if window.kind == EXERCISE and not can_be_rehearsed(window, pane):
        return "must name an operator, or operator@area of the market, and one time"
    if window.recurrence and window.incident_id:
        return f"incident {window.incident_id} does not come again: name an operator or operator@area"
    try:
        times_of(window)
    except ValueError as error:
        return str(error)
    return ""


def _end_window(command: Command, pane: PaneAtWork) -> _Outcome | None:
    """End a window that goes on or would come again; None if no window has that id, nor its work."""
    market, named = pane.market.market, command.target
    ended = [known for known in pane.market.windows if named in (known.window_id, work_id_of(market, known.window_id))]
    if not ended:
        return None
    if command.exercise and not all(known.exercise or known.kind == EXERCISE for known in ended):
        return _suppressed(DecisionReason.EXERCISE, f"{command.kind}: an order of an exercise, the work is real")
    pane.market.windows = [known for known in pane.market.windows if known not in ended]
    for window in ended:
        pane.outputs += called_off(window, command, pane)
    return _Outcome(
        DecisionKind.CHANGED, DecisionReason.COMMAND, f"window {ended[0].window_id} ended: {command.reason}"
    )

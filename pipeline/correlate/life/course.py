"""How an incident goes on at the end of a pane: moves, timers, what is back.

A timer is a time, not a task: `due_at` says when an incident needs work
although nothing happens, so empty stretches cost nothing and still end on time.
"""

from pipeline.correlate.belief.confirm import verdict
from pipeline.correlate.belief.estimate import estimate_due
from pipeline.correlate.config import RELAPSES_MAX, CorrelateConfig
from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.life.recovery import mark_areas_back
from pipeline.correlate.life.table import FINAL, Move, next_state
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import Pane
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, PANE_MS, Instant
from pipeline.records.published.incident_parts import StateChange
from pipeline.records.published.incidents import STATE_HISTORY_MAX
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState

_WORDS = {
    IncidentState.SUSPECTED: DecisionKind.CHANGED,
    IncidentState.CONFIRMED: DecisionKind.CHANGED,
    IncidentState.RECOVERING: DecisionKind.CHANGED,
    IncidentState.RESOLVED: DecisionKind.RESOLVED,
    IncidentState.CLOSED: DecisionKind.CLOSED,
    IncidentState.DISMISSED: DecisionKind.DISMISSED,
}


def make_move(
    incident: OpenIncident, move: Move, pane: Pane, reason: DecisionReason, *, text: str = "", by: str = ""
) -> bool:
    """Make a move by the table; a change of state is remembered and decided upon.

    Returns:
        True if the state changed.
    """
    before, after = incident.state, next_state(incident.state, move)
    if after == before:
        return False
    incident.state, incident.state_since = after, pane.at
    enter_history(incident, pane.at, reason.value, by)
    kind = _WORDS[after]
    if after == IncidentState.CONFIRMED:
        incident.confirmed_at = incident.confirmed_at or pane.at
        incident.settled = incident.settled or reason.value
    if before in (IncidentState.RECOVERING, IncidentState.RESOLVED) and after == IncidentState.CONFIRMED:
        incident.relapses = min(RELAPSES_MAX, incident.relapses + 1)
    if before == IncidentState.RESOLVED and after == IncidentState.CONFIRMED:
        incident.reopened += 1
        incident.resolved_at = 0
        kind = DecisionKind.REOPENED
    if after == IncidentState.RESOLVED:
        incident.resolved_at = pane.at
    words = f"{before.value} -> {after.value} by {move.value}" + (f": {text}" if text else "")
    pane.decide(kind, reason, words, about=incident, by=by)
    return True


def enter_history(incident: OpenIncident, at: int, reason: str, by: str = "") -> None:
    """Remember a state; the first and the latest ones stay."""
    incident.history = [
        *incident.history,
        StateChange(state=incident.state, at=Instant(at), reason=reason, by=by[:64] or None),
    ]
    if len(incident.history) > STATE_HISTORY_MAX:
        del incident.history[1]
        incident.history_omitted += 1


def quiet_ms(incident: OpenIncident, config: CorrelateConfig) -> int:
    """How long without evidence is quiet: never less than two steps of its slowest detector."""
    life = config.lifecycle
    if incident.emergency is not None:
        minutes = life.emergency_quiet_minutes
    elif incident.state == IncidentState.SUSPECTED:
        minutes = life.suspected_quiet_minutes
    else:
        minutes = life.quiet_minutes
    return max(minutes * MINUTE_MS * (1 + incident.relapses), 2 * incident.step_ms_max)


def _sees_again_at(incident: OpenIncident, config: CorrelateConfig) -> int:
    """Until when a silent feed holds the all-clear back; 0 if none is silent."""
    return incident.blind_from + config.lifecycle.blind_hours * HOUR_MS if incident.blind_from else 0


def _quiet_due(incident: OpenIncident, config: CorrelateConfig) -> int | None:
    if incident.state in (IncidentState.SUSPECTED, IncidentState.CONFIRMED):
        due = incident.quiet_from + quiet_ms(incident, config)
    elif incident.state == IncidentState.RECOVERING:
        due = max(incident.state_since, incident.quiet_from) + config.lifecycle.hold_minutes * MINUTE_MS
    else:
        return None
    return max(due, _sees_again_at(incident, config))


def _areas_due(incident: OpenIncident, config: CorrelateConfig) -> list[int]:
    if incident.state != IncidentState.CONFIRMED or incident.blind_from:
        return []
    open_areas = [
        seen for area, seen in incident.areas.items() if not seen.back_at and area in leaves_of(incident.areas)
    ]
    return [seen.last_at + config.area_back_minutes * MINUTE_MS for seen in open_areas] if len(open_areas) > 1 else []


def due_at(incident: OpenIncident, config: CorrelateConfig) -> int:
    """When the incident needs work although nothing happens, ms."""
    dues = [incident.opened_at + config.lifecycle.age_days * 24 * HOUR_MS, *_areas_due(incident, config)]
    dues += [due for due in (_quiet_due(incident, config), estimate_due(incident)) if due is not None]
    if incident.state == IncidentState.RESOLVED:
        dues.append(incident.state_since + config.lifecycle.reopen_minutes * MINUTE_MS)
    if incident.waiting:
        dues.append(incident.published_at + config.publish_seconds * 1_000)
    dues += [int(part.until) for part in (incident.silence, incident.maintenance) if part is not None]
    return max(min(dues), incident.retry_at)


def pane_end_at(due: int, now: int) -> int:
    """The first pane end at or after a time, and after now.

    >>> pane_end_at(10_001, 0), pane_end_at(5, 20_000)
    (20000, 30000)
    """
    return max(-(-due // PANE_MS) * PANE_MS, now + PANE_MS)


def go_on(incident: OpenIncident, pane: Pane) -> None:
    """Make the moves that evidence and time ask for at this pane end."""
    config = pane.config
    if incident.state == IncidentState.SUSPECTED and (reason := verdict(incident, config.confirm)) is not None:
        make_move(incident, Move.CORROBORATED, pane, reason, text=_witnesses(incident))
    if pane.at >= incident.opened_at + config.lifecycle.age_days * 24 * HOUR_MS:
        make_move(
            incident,
            Move.EXPIRED,
            pane,
            DecisionReason.LIMIT_REACHED,
            text=f"older than {config.lifecycle.age_days} days",
        )
    _pass_time(incident, pane)
    mark_areas_back(incident, pane)


def _pass_time(incident: OpenIncident, pane: Pane) -> None:
    config = pane.config
    due = _quiet_due(incident, config)
    if due is not None and pane.at >= due:
        minutes = (pane.at - incident.quiet_from) // MINUTE_MS
        if incident.state == IncidentState.RECOVERING:
            make_move(
                incident, Move.HELD, pane, DecisionReason.RECOVERY, text=f"no relapse, {minutes} min without evidence"
            )
        else:
            make_move(incident, Move.QUIET, pane, DecisionReason.QUIET, text=f"no evidence for {minutes} min")
    window_ms = config.lifecycle.reopen_minutes * MINUTE_MS
    if incident.state == IncidentState.RESOLVED and pane.at >= incident.state_since + window_ms:
        make_move(incident, Move.WINDOW_OVER, pane, DecisionReason.REOPEN_WINDOW_OVER)


def _witnesses(incident: OpenIncident) -> str:
    said = sorted(incident.voices.items())
    return ", ".join(f"{kind} ({one.records} records, {one.people} people)" for kind, one in said)


def is_final(incident: OpenIncident) -> bool:
    """Is nothing more to come?"""
    return incident.state in FINAL

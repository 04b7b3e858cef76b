"""How an incident goes on at the end of a pane: moves and timers.

A timer is a time, not a task: `due_at` says when an incident needs work
although nothing happens, so empty stretches cost nothing and still end on time.
"""

from typing import Final

from pipeline.correlate.belief.accepted import AS_SET, Accepted
from pipeline.correlate.belief.confirm import confirms_from
from pipeline.correlate.belief.estimate import estimate_due
from pipeline.correlate.config import RELAPSES_MAX, ConfirmConfig, CorrelateConfig
from pipeline.correlate.evidence.account import probability_of
from pipeline.correlate.evidence.areas import are_measured
from pipeline.correlate.life.recovery import (
    areas_due,
    is_said_back,
    is_told_by_people_alone,
    mark_areas_back,
    people_back,
    people_quiet_minutes,
)
from pipeline.correlate.life.table import Move, next_state
from pipeline.correlate.parts import Course
from pipeline.correlate.state import OpenIncident
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, PANE_MS, Instant
from pipeline.records.published.incident_parts import StateChange
from pipeline.records.published.incidents import STATE_HISTORY_MAX
from pipeline.records.vocabulary import FINAL, DecisionKind, DecisionReason, IncidentState

_DECIDED: Final = {
    IncidentState.SUSPECTED: DecisionKind.CHANGED,
    IncidentState.CONFIRMED: DecisionKind.CHANGED,
    IncidentState.RECOVERING: DecisionKind.CHANGED,
    IncidentState.RESOLVED: DecisionKind.RESOLVED,
    IncidentState.CLOSED: DecisionKind.CLOSED,
    IncidentState.DISMISSED: DecisionKind.DISMISSED,
}
"""Kind of the decision that enters a state."""


def make_move(
    incident: OpenIncident, move: Move, pane: PaneAtWork, reason: DecisionReason, *, text: str = "", by: str = ""
) -> bool:
    """Make a move by the table; a change of state is remembered and decided upon.

    Args:
        incident: Its course changes in place.
        move: What happened to it.
        pane: The pane at work.
        reason: Reason of the closed list.
        text: Why, in words, for the decision.
        by: Who ordered it, or ''.

    Returns:
        True if the state changed.
    """
    course = incident.course
    before, after = course.state, next_state(course.state, move)
    if after == before:
        return False
    course.state, course.since = after, pane.at
    enter_history(course, pane.at, reason.value, by)
    kind = _DECIDED[after]
    if after == IncidentState.CONFIRMED:
        course.confirmed_at = course.confirmed_at or pane.at
        course.settled = course.settled or reason.value
    if before in (IncidentState.RECOVERING, IncidentState.RESOLVED) and after == IncidentState.CONFIRMED:
        course.relapses = min(RELAPSES_MAX, course.relapses + 1)
    if before == IncidentState.RESOLVED and after == IncidentState.CONFIRMED:
        course.reopened += 1
        course.resolved_at = 0
        kind = DecisionKind.REOPENED
    if after == IncidentState.RESOLVED:
        course.resolved_at = pane.at
    words = f"{before.value} -> {after.value} by {move.value}" + (f": {text}" if text else "")
    pane.decide(kind, reason, words, about=incident, by=by)
    return True


def enter_history(course: Course, at: int, reason: str, by: str = "") -> None:
    """Remember the present state; the first and the latest ones are kept.

    Args:
        course: Changes in place.
        at: When the state was entered, ms.
        reason: Why, of the closed list.
        by: Who ordered it, or ''.
    """
    change = StateChange(state=course.state, at=Instant(at), reason=reason, by=by[:64] or None)
    course.history = [*course.history, change]
    if len(course.history) > STATE_HISTORY_MAX:
        del course.history[1]
        course.history_omitted += 1


def settle_by_person(incident: OpenIncident) -> None:
    """Note that a person has confirmed it, whatever confirmed it before."""
    incident.course.settled = DecisionReason.COMMAND.value


def is_settled_by_person(incident: OpenIncident) -> bool:
    """Has a person confirmed it?"""
    return incident.course.settled == DecisionReason.COMMAND.value


def is_final(incident: OpenIncident) -> bool:
    """Is nothing more to come?"""
    return incident.state in FINAL


def quiet_from(incident: OpenIncident) -> int:
    """Since when it is quiet, ms: its latest evidence, or the end of a blindness after it."""
    return max(incident.dossier.last_at, incident.sight.sees_since)


def quiet_ms(incident: OpenIncident, config: CorrelateConfig) -> int:
    """How long without evidence is quiet, ms: never less than two steps of its slowest detector."""
    life, relapses = config.lifecycle, incident.course.relapses
    if incident.dossier.emergency is not None:
        minutes = _emergency_quiet_minutes(incident, config)
    elif incident.state == IncidentState.SUSPECTED:
        minutes = life.suspected_quiet_minutes
    elif is_told_by_people_alone(incident):
        minutes, relapses = people_quiet_minutes(incident, config), 0
    else:
        minutes = life.quiet_minutes
    return max(minutes * MINUTE_MS * (1 + relapses), 2 * incident.dossier.step_ms_max)


def _emergency_quiet_minutes(incident: OpenIncident, config: CorrelateConfig) -> int:
    """How long an incident with emergency claims must be quiet, minutes.

    It is as short as for any other once figures showed the outage, and its operator has said that all of it is over,
    and nobody has claimed anything since.
    """
    life, claims = config.lifecycle, incident.dossier.emergency
    if not are_measured(incident.dossier.areas):
        return life.people_quiet_minutes
    cleared_at = incident.officials.cleared_at
    answered = claims is not None and cleared_at > 0 and claims.last_at < cleared_at
    return life.quiet_minutes if answered else life.emergency_quiet_minutes


def _sees_again_at(incident: OpenIncident, config: CorrelateConfig) -> int:
    """Until when a silent feed holds the all-clear back, ms; 0 if none is silent."""
    blind_from = incident.sight.blind_from
    return blind_from + config.lifecycle.blind_hours * HOUR_MS if blind_from else 0


def _said_to_go_on_until(incident: OpenIncident, config: CorrelateConfig) -> int:
    """Until when the operator's own word holds the all-clear back where no figure tells how it stands, ms; 0 for none.

    People tire of complaining, and the operator knows more than their silence says.
    """
    words = incident.officials
    if words.goes_on_at <= words.over_at or are_measured(incident.dossier.areas):
        return 0
    return words.goes_on_at + config.lifecycle.official_minutes * MINUTE_MS


def _quiet_due(incident: OpenIncident, config: CorrelateConfig) -> int | None:
    if incident.state in (IncidentState.SUSPECTED, IncidentState.CONFIRMED):
        due = quiet_from(incident) + quiet_ms(incident, config)
    elif incident.state == IncidentState.RECOVERING:
        due = max(incident.course.since, quiet_from(incident)) + config.lifecycle.hold_minutes * MINUTE_MS
    else:
        return None
    return max(due, _sees_again_at(incident, config), _said_to_go_on_until(incident, config))


def _too_old_at(incident: OpenIncident, config: CorrelateConfig) -> int:
    """When it is closed for its age, ms; a suspicion ages sooner."""
    life = config.lifecycle
    hours = life.suspected_hours if incident.state == IncidentState.SUSPECTED else life.age_days * 24
    return incident.identity.opened_at + hours * HOUR_MS


def due_at(incident: OpenIncident, config: CorrelateConfig, worked_to: int) -> int:
    """When the incident needs work although nothing happens, ms.

    Args:
        incident: As it was left.
        config: Lengths of its timers.
        worked_to: The last pane end that its market has worked, ms: windows that ended by then ring no more.
    """
    dues = [_too_old_at(incident, config), *areas_due(incident, config)]
    dues += [due for due in (_quiet_due(incident, config), estimate_due(incident)) if due is not None]
    if incident.state == IncidentState.RESOLVED:
        dues.append(incident.course.since + config.lifecycle.reopen_minutes * MINUTE_MS)
    if incident.publication.waiting:
        dues.append(incident.publication.at + config.publish_seconds * 1_000)
    covers = (incident.cover.silence, incident.cover.maintenance)
    dues += [int(window.until) for window in covers if window is not None and window.until > worked_to]
    return max(min(dues), incident.retry_at)


def pane_end_at(due: int, now: int) -> int:
    """The first pane end at or after a time, and after now; all in ms.

    >>> pane_end_at(10_001, 0), pane_end_at(5, 20_000)
    (20000, 30000)
    """
    return max(-(-due // PANE_MS) * PANE_MS, now + PANE_MS)


def go_on(
    incident: OpenIncident, suffices: DecisionReason | None, pane: PaneAtWork, accepts: Accepted = AS_SET
) -> None:
    """Make the moves that belief and time ask for at this pane end.

    Args:
        incident: Changes in place.
        suffices: Why its evidence makes a suspicion a fact; None if it does not.
        pane: The pane at work.
        accepts: How many false incidents are accepted of its services.
    """
    if incident.state == IncidentState.SUSPECTED and suffices is not None:
        words = _account(incident, pane.config.confirm, accepts)
        make_move(incident, Move.CORROBORATED, pane, suffices, text=words)
    if pane.at >= _too_old_at(incident, pane.config):
        _expire(incident, pane)
    _pass_time(incident, pane)
    mark_areas_back(incident, pane.at, pane.config)


def _expire(incident: OpenIncident, pane: PaneAtWork) -> None:
    life = pane.config.lifecycle
    if incident.state == IncidentState.SUSPECTED:
        words = f"nothing has confirmed it within {life.suspected_hours} h"
        make_move(incident, Move.EXPIRED, pane, DecisionReason.WEAK_EVIDENCE, text=words)
    else:
        words = f"older than {life.age_days} days"
        make_move(incident, Move.EXPIRED, pane, DecisionReason.LIMIT_REACHED, text=words)


def _pass_time(incident: OpenIncident, pane: PaneAtWork) -> None:
    due = _quiet_due(incident, pane.config)
    if due is not None and pane.at >= due:
        minutes = (pane.at - quiet_from(incident)) // MINUTE_MS
        if incident.state == IncidentState.RECOVERING:
            words = f"no relapse, {minutes} min without evidence"
            make_move(incident, Move.HELD, pane, DecisionReason.RECOVERY, text=words)
        elif incident.state == IncidentState.CONFIRMED and is_said_back(incident, pane.config):
            words = f"{people_back(incident)} people say that it is back, no evidence for {minutes} min"
            make_move(incident, Move.QUIET, pane, DecisionReason.SAID_BACK, text=words)
        else:
            make_move(incident, Move.QUIET, pane, DecisionReason.QUIET, text=f"no evidence for {minutes} min")
    window_ms = pane.config.lifecycle.reopen_minutes * MINUTE_MS
    if incident.state == IncidentState.RESOLVED and pane.at >= incident.course.since + window_ms:
        make_move(incident, Move.WINDOW_OVER, pane, DecisionReason.REOPEN_WINDOW_OVER)


def _account(incident: OpenIncident, config: ConfirmConfig, accepts: Accepted) -> str:
    """What the account says, in words: how sure it is, by whose word, what else it could be, and who moved the bar."""
    account = incident.dossier.account
    if account is None:
        return ""
    added = ", ".join(f"{group} {milli / 1_000:+.1f}" for group, milli in sorted(account.added_milli.items()))
    moved = f"; from {confirms_from(account, config, accepts):.3f} on, {accepts.why}" if accepts.why else ""
    return f"probability {probability_of(account.odds_milli):.3f}{moved} ({added} nats); rival: {account.rival}"

"""Exercises: an outage that a person orders, so that words, backups and clocks are rehearsed before they are needed.

An order of the kind `exercise` names an operator, a part of the country, perhaps a service, and an end. At its start an
incident opens, confirmed by who ordered it: all who live there count as hit, and emergency calls fail if it names them.
At its end it goes the way of an outage whose last evidence is from then: it recovers, is held, resolved, closed.

It is a world of its own. No evidence, post, figure, silent feed or order about what is real touches it, and it touches
nothing real: no evidence goes into it, nothing merges with it, and who dismisses it has dismissed no outage.
"""

from typing import Final

from pipeline.correlate.config import INCIDENTS_MAX
from pipeline.correlate.life.course import enter_history, make_move, settle_by_person
from pipeline.correlate.life.table import Move
from pipeline.correlate.parts import AreaSeen, Course, Dossier, EmergencyClaims, Identity
from pipeline.correlate.state import OpenIncident, OrderedWindow
from pipeline.correlate.work import PaneAtWork
from pipeline.records.ids import content_id
from pipeline.records.series import is_within
from pipeline.records.vocabulary import PPM, DecisionKind, DecisionReason

EXERCISE: Final = "exercise"
"""Kind of the order, and of the window that waits for its start."""

EXERCISES_MAX: Final = 4
"""Exercises of a market at a time: they take places of incidents, and so many people do not rehearse at once."""

EMERGENCY: Final = "emergency"


def exercise_id(market: str, command_id: str) -> str:
    """Id of the incident that an order will open, known before it does."""
    return content_id(market, EXERCISE, command_id)


def can_be_rehearsed(window: OrderedWindow, pane: PaneAtWork) -> bool:
    """Is what an order names an operator, in a part of the market, at one time?"""
    area = window.area or pane.market.market
    return bool(window.operator) and not window.recurrence and is_within(area, pane.market.market)


def begin_exercises(pane: PaneAtWork) -> None:
    """Open the exercises whose time has come, in the order of start and id."""
    due = [window for window in pane.market.windows if window.kind == EXERCISE and window.starts_at <= pane.at]
    pane.market.windows = [window for window in pane.market.windows if window not in due]
    for window in sorted(due, key=lambda window: (window.starts_at, window.window_id)):
        _begin(window, pane)


def _begin(window: OrderedWindow, pane: PaneAtWork) -> None:
    exercises = sum(incident.identity.exercise for incident in pane.market.incidents)
    if exercises >= EXERCISES_MAX or len(pane.market.incidents) >= INCIDENTS_MAX:
        words = f"{exercises} exercises of at most {EXERCISES_MAX} and {len(pane.market.incidents)} incidents are open"
        verdict = (DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED)
        pane.decide(*verdict, words, about=window.window_id, by=window.by, exercise=True)
        return
    market = pane.market.market
    identity = Identity(
        incident_id=exercise_id(market, window.window_id),
        market=market,
        anchor=window.operator,
        opened_at=pane.at,
        exercise=True,
    )
    incident = OpenIncident(identity=identity, dossier=_dossier(window, pane), course=Course(since=pane.at))
    enter_history(incident.course, pane.at, DecisionReason.EXERCISE.value, window.by)
    pane.decide(
        DecisionKind.OPENED, DecisionReason.EXERCISE, f"an exercise: {window.reason}", about=incident, by=window.by
    )
    pane.market.incidents = [*pane.market.incidents, incident]

    def rule(draft: OpenIncident) -> None:
        make_move(draft, Move.CONFIRM, pane, DecisionReason.EXERCISE, text="by its order", by=window.by)
        settle_by_person(draft)

    pane.guard(incident, rule)


def _dossier(window: OrderedWindow, pane: PaneAtWork) -> Dossier:
    """What an outage of that kind would show in full, its last evidence at the end of the exercise."""
    known = pane.reference.operators.get(window.operator)
    sold = {str(service) for service in known.services} if known is not None else set()
    services = {window.service} if window.service not in ("", EMERGENCY) else sold
    everybody = AreaSeen(since=pane.at, last_at=window.until, down_at=window.until, hit_ppm=(PPM, PPM, PPM))
    fails = window.service == EMERGENCY
    return Dossier(
        areas={window.area or pane.market.market: everybody},
        operators={window.operator: 1},
        services=sorted({*services, EMERGENCY} if fails else services - {EMERGENCY}),
        emergency=EmergencyClaims(first_at=pane.at, last_at=pane.at) if fails else None,
        last_at=window.until,
    )

"""The life of an incident is a table, and nothing else decides a state.

Opening and closing have conditions of their own: evidence opens, quiet leads
to `recovering`, only a hold without relapse to `resolved`, and for a while a
relapse reopens the same incident. `closed` and `dismissed` are final: what
comes later is another incident.
"""

from enum import StrEnum
from typing import Final

from pipeline.records.vocabulary import FINAL, IncidentState


class Move(StrEnum):
    """What can happen to an incident.

    `evidence`: an anomaly joined. `corroborated`: the evidence suffices. `emergency`: people cannot call for help.
    `quiet`: no evidence for a while, and no feed of it silent. `held`: quiet ever since. `window_over`: a relapse
    would be another outage. `confirm`, `dismiss`: a person says so. `absorbed`: merged into another.
    `expired`: too old, or no room.
    """

    EVIDENCE = "evidence"
    CORROBORATED = "corroborated"
    EMERGENCY = "emergency"
    QUIET = "quiet"
    HELD = "held"
    WINDOW_OVER = "window_over"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ABSORBED = "absorbed"
    EXPIRED = "expired"


_SUSPECTED, _CONFIRMED, _RECOVERING, _RESOLVED, _CLOSED, _DISMISSED = IncidentState


TRANSITIONS: Final[dict[IncidentState, dict[Move, IncidentState]]] = {
    _SUSPECTED: {
        Move.EVIDENCE: _SUSPECTED,
        Move.CORROBORATED: _CONFIRMED,
        Move.EMERGENCY: _CONFIRMED,
        Move.QUIET: _DISMISSED,
        Move.HELD: _SUSPECTED,
        Move.WINDOW_OVER: _SUSPECTED,
        Move.CONFIRM: _CONFIRMED,
        Move.DISMISS: _DISMISSED,
        Move.ABSORBED: _CLOSED,
        Move.EXPIRED: _DISMISSED,
    },
    _CONFIRMED: {
        Move.EVIDENCE: _CONFIRMED,
        Move.CORROBORATED: _CONFIRMED,
        Move.EMERGENCY: _CONFIRMED,
        Move.QUIET: _RECOVERING,
        Move.HELD: _CONFIRMED,
        Move.WINDOW_OVER: _CONFIRMED,
        Move.CONFIRM: _CONFIRMED,
        Move.DISMISS: _DISMISSED,
        Move.ABSORBED: _CLOSED,
        Move.EXPIRED: _CLOSED,
    },
    _RECOVERING: {
        Move.EVIDENCE: _CONFIRMED,
        Move.CORROBORATED: _CONFIRMED,
        Move.EMERGENCY: _CONFIRMED,
        Move.QUIET: _RECOVERING,
        Move.HELD: _RESOLVED,
        Move.WINDOW_OVER: _RECOVERING,
        Move.CONFIRM: _RECOVERING,
        Move.DISMISS: _DISMISSED,
        Move.ABSORBED: _CLOSED,
        Move.EXPIRED: _CLOSED,
    },
    _RESOLVED: {
        Move.EVIDENCE: _CONFIRMED,
        Move.CORROBORATED: _CONFIRMED,
        Move.EMERGENCY: _CONFIRMED,
        Move.QUIET: _RESOLVED,
        Move.HELD: _RESOLVED,
        Move.WINDOW_OVER: _CLOSED,
        Move.CONFIRM: _RESOLVED,
        Move.DISMISS: _DISMISSED,
        Move.ABSORBED: _CLOSED,
        Move.EXPIRED: _CLOSED,
    },
    _CLOSED: {},
    _DISMISSED: {},
}


def next_state(state: IncidentState, move: Move) -> IncidentState:
    """Where a move leads; a final state stays as it is.

    >>> next_state(IncidentState.RECOVERING, Move.EVIDENCE).value
    'confirmed'
    """
    return TRANSITIONS[state].get(move, state)


def mermaid() -> str:
    """The table as a Mermaid state diagram: only what changes a state is drawn.

    >>> mermaid().splitlines()[:3]
    ['stateDiagram-v2', '    [*] --> suspected', '    suspected --> confirmed: corroborated, emergency, confirm']
    """
    lines = ["stateDiagram-v2", "    [*] --> suspected"]
    for state, moves in TRANSITIONS.items():
        ways: dict[IncidentState, list[str]] = {}
        for move, to in moves.items():
            if to != state:
                ways.setdefault(to, []).append(move.value)
        lines += [f"    {state.value} --> {to.value}: {', '.join(names)}" for to, names in ways.items()]
    lines += [f"    {state.value} --> [*]" for state in TRANSITIONS if state in FINAL]
    return "\n".join(lines) + "\n"

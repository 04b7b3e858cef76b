"""A figure that has changed for good: it stands at a new level, and its customers are well.

New software counts another way, a vendor is swapped, a unit changes: a figure falls in one step and stays there. By
itself that is an outage of a few that never ends. Time alone frees nothing here, as outages last a day. What frees it
are signs of health: another figure of the same place and service moves as ever and is as usual, no outage is likely
there by what people say, and the figure stands still. Until then the series learns nothing, so that it is either what
it was or what it has become, and never half of both.

What a reader may question: an outage that one of two figures of a service does not see, at an hour at which nobody
complains, is taken for a change after `CHANGED_MS` if it neither grows nor shrinks. What metrics.toml says is never
normal is never taken for it.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from pipeline.detect.detectors.remembered import LevelState, SeriesState
from pipeline.records.clocks import HOUR_MS

CHANGED_MS: Final = 3 * HOUR_MS
"""A figure that stood at its new level for so long has changed."""

GIVEN_UP_MS: Final = 24 * HOUR_MS
"""After so long without an answer the series learns as any other does."""

FAR: Final = 3.0
"""So many times its usual spread off, a figure stands apart."""

STILL: Final = 0.4
"""It stands still while its last quarter of an hour is within that part of the change of the mean of it all."""

LATELY: Final = 1.0 / 15.0
SETTLES_MS: Final = 6 * HOUR_MS
"""So long after it began to stand apart it has come to its new level, or it declines."""

SLOPES: Final = 0.15
"""In all that time it has moved by less than that part of the change: what declines for hours moves by more."""

STEPS_MIN: Final = 15
"""Before so many steps nobody knows whether it stands still."""

MOVES_MIN: Final = 10
"""So often a witness must have moved: one that sends its last value for ever says nothing."""


class Changing(msgspec.Struct):
    """What is known of a figure that stands apart.

    Attributes:
        began: Start of its standing apart, ms.
        since: Start of the time in which it stood still beside signs of health, ms.
        steps: Steps since then; 0 while it does not stand apart.
        mean: Mean of how far it is off, bad or good, in its unit.
        first: The same of the first quarter of an hour.
        lately: The same of the last quarter of an hour.
        witness: Latest value of another figure of the same place and service.
        moves: How often that changed since then.
        accepted_at: When a change was last taken for usual, ms; 0 for never.
    """

    began: int = 0
    since: int = 0
    steps: int = 0
    mean: float = 0.0
    first: float = 0.0
    lately: float = 0.0
    witness: float = 0.0
    moves: int = 0
    accepted_at: int = 0


class Step(NamedTuple):
    """What a step shows of a figure and of what stands beside it.

    Attributes:
        end: End of the step, ms.
        off: How far it is from usual, in its unit, with its sign.
        is_far: Is it far off, to the bad side?
        witness: Another figure of the same place and service that is as usual; None if none came.
        is_quiet: Is no outage likely where it is, and no other figure of the place and service apart from usual?
        may_be: May what it shows ever be normal?
    """

    end: int
    off: float
    is_far: bool
    witness: float | None
    is_quiet: bool
    may_be: bool


def follow_change(known: Changing, step: Step) -> bool:
    """Take a step of a figure in that stands apart, or begins to.

    Args:
        known: Changes in place.
        step: What it shows.

    Returns:
        True if it has changed for good, by `known.mean`; it begins anew then.
    """
    if not known.steps and not known.began:
        if step.is_far:
            known.began = step.end
            _begin(known, step)
        return False
    if not step.is_quiet or not step.may_be:
        _begin(known, step)
        return False
    _take(known, step)
    if known.steps >= STEPS_MIN and abs(known.lately - known.mean) > STILL * abs(known.mean):
        (_begin if step.is_far else _leave)(known, step)
        return False
    if abs(known.lately - known.first) > SLOPES * abs(known.mean) or known.since - known.began > SETTLES_MS:
        return False
    if step.end - known.since < CHANGED_MS or known.moves < MOVES_MIN:
        return False
    known.accepted_at = step.end
    _leave(known, step)
    return True


def waits(known: Changing, now: int) -> bool:
    """Must its series not learn, since it may be changing for good?

    Args:
        known: What is known of it.
        now: End of the step, ms.
    """
    return bool(known.began and known.witness) and now - known.began < GIVEN_UP_MS


def take_for_usual(baselines: Iterable[dict[str, SeriesState]], key: str, change: float) -> None:
    """Take a change for what is usual: the series stands at its new level, and nothing speaks against it.

    Args:
        baselines: What each detector remembers of each series; changes in place. One without levels starts afresh.
        key: Name of the series.
        change: By how much it has changed, in its unit.
    """
    for states in baselines:
        state = states.get(key)
        if isinstance(state, LevelState):
            state.base += change
            state.odds, state.climbs = [0.0] * len(state.odds), [0.0] * len(state.climbs)
            state.hot_steps, state.hot_sum, state.recent = 0, 0.0, 0.0
        elif state is not None:
            del states[key]


def _begin(known: Changing, step: Step) -> None:
    """Begin to count anew: what went before says nothing of what it has become."""
    known.since, known.steps, known.moves = step.end, 1, 0
    known.mean = known.lately = step.off
    if step.witness is not None:
        known.witness = step.witness


def _take(known: Changing, step: Step) -> None:
    """Take in how far it is off, and what its witness says."""
    if step.witness is not None:
        known.moves += step.witness != known.witness
        known.witness = step.witness
    known.steps += 1
    known.mean += (step.off - known.mean) / known.steps
    known.lately += max(LATELY, 1.0 / known.steps) * (step.off - known.lately)
    if known.steps == STEPS_MIN:
        known.first = known.lately


def _leave(known: Changing, _step: Step) -> None:
    known.began = known.since = known.steps = known.moves = 0
    known.witness = 0.0

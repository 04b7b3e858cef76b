"""Which incident is about which outage: the rule that every figure stands on.

1. A pair is *possible* if the incident was opened, first confirmed or reopened
   from a little before the outage to a little after it (`Tolerance`); if it says that
   an operator is down which was; and if place or service agree: one of its
   areas is, holds or lies in one that was down, or a service is the same.
2. Each outage gets at most one incident, and each incident at most one
   outage: most pairs first, then confirmed before suspected, then what agrees
   best in place, services, operators and time (`weight_of`). The incident is `found`.
3. Possible incidents that are left over are *splits* of the outage they agree
   with best. An incident that is found, and is still seen during another
   outage that has none of its own, *merges* it: the other is not missed
   unseen, but it is not found either.
   One that is about an outage and names a trap's healthy operator as well has
   fallen for that trap, too.
4. What is about no outage is laid to a trap of its time and operators; else
   to an outage for which a healthy operator was blamed (`collateral`); else to
   planned work that it names or named when it was decided (`maintenance`); else it
   is simply `false`.

Apart from all this stand exercises, incidents that were absorbed by another
one, and those of operators that a log does not speak of (`other`).

Questionable, and on purpose: an incident that was already confirmed before
an outage began never finds it. Else one incident that is always open would
find everything. And of the operators that an incident names only those count
against a log of which it speaks: a log of one operator does not say how the
brand was that this operator hosts.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from pipeline.evaluate.judging.assignment import assign
from pipeline.evaluate.sides.lives import Life
from pipeline.evaluate.sides.place import place_agreement, related
from pipeline.evaluate.sides.worlds import KnownOutage, KnownWorld

Verdict = Literal["found", "split", "trap", "collateral", "false", "maintenance", "exercise", "absorbed", "other"]

FALSE: Final[tuple[Verdict, ...]] = ("trap", "collateral", "false")
"""Incidents about nothing real."""

_PAIR: Final = 1_000_000_000
"""Weight of a pair as such: more than all that follows together, so most pairs come first."""
_CONFIRMED: Final = 10_000_000
_UNIT: Final = 1_000_000
_NEAR_SECONDS: Final = 3_600
"""At this distance from the start closeness counts half."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """What one incident is about.

    Attributes:
        outage: Index in the world's outages, of what was found or split.
        merged: Indexes of outages that it covers beside its own, and that have no incident.
        trap: Index in the world's traps; of what was found or split too, if it names a healthy operator of a trap.
    """

    verdict: Verdict
    outage: int | None = None
    merged: tuple[int, ...] = ()
    trap: int | None = None


def match(world: KnownWorld, lives: Sequence[Life]) -> list[Match]:
    """Say of each incident what it is about.

    Args:
        world: What was true.
        lives: Incidents in a fixed order (by opening and id): ties go to the earlier.

    Returns:
        One match for each, in the same order.
    """
    ids = {life.incident_id for life in lives}
    apart = [_apart(life, world, ids) for life in lives]
    weights = [
        [None if apart[n] else weight_of(outage, life, world) for n, life in enumerate(lives)]
        for outage in world.outages
    ]
    taken = assign(weights) if lives else [None] * len(world.outages)
    own = {incident: outage for outage, incident in enumerate(taken) if incident is not None}
    bare = [number for number, incident in enumerate(taken) if incident is None]
    matches = []
    for number, life in enumerate(lives):
        verdict = apart[number]
        if verdict:
            matches.append(Match(verdict=verdict))
        elif number in own:
            merged = tuple(other for other in bare if _covers(life, world.outages[other]))
            trap = _trap_of(life, world, world.outages[own[number]].roles)
            matches.append(Match(verdict="found", outage=own[number], merged=merged, trap=trap))
        else:
            matches.append(_left_over(life, [row[number] for row in weights], world))
    return matches


def weight_of(outage: KnownOutage, life: Life, world: KnownWorld) -> int | None:
    """How well an incident agrees with an outage.

    Args:
        outage: What was true.
        life: What the incident said.
        world: Says how far their times may lie apart.

    Returns:
        None if the pair is not possible; else 10^9, and 10^7 if it was confirmed, and in millionths: twice how well
        the places agree (`place_agreement`); the services in common by all named (Jaccard); the operators likewise,
        against a log those that it is of; how near its beginning is, a half at one hour; and the time in common by
        the time of both.
    """
    start, end = outage.started_at, outage.ended_at
    begun = life.begun_at(start - world.tolerance.early_seconds * 1_000, end + world.tolerance.late_seconds * 1_000)
    if begun is None or not agrees(outage, life):
        return None
    away = abs(begun - start) // 1_000
    return (
        _PAIR
        + (_CONFIRMED if life.confirmed_at is not None else 0)
        + 2 * place_agreement(life.areas, outage.areas)
        + _jaccard(outage.services or (), life.services)
        + _jaccard(outage.roles, _judged(life, world))
        + _UNIT * _NEAR_SECONDS // (_NEAR_SECONDS + away)
        + _time_in_common(outage, life)
    )


def agrees(outage: KnownOutage, life: Life) -> bool:
    """Does it name an operator that was down, and a place or a service?"""
    if not life.roles.keys() & outage.roles.keys():
        return False
    places = any(related(area, other) for area in outage.areas for other in life.areas)
    return places or bool(set(outage.services or ()) & set(life.services))


def _apart(life: Life, world: KnownWorld, ids: set[str]) -> Verdict | None:
    if life.now.exercise:
        return "exercise"
    links = life.now.links
    if links is not None and links.merged_into in ids:
        return "absorbed"
    if world.known == "log" and life.roles and not life.roles.keys() & set(world.operators):
        return "other"
    return None


def _left_over(life: Life, weights: Sequence[int | None], world: KnownWorld) -> Match:
    possible = [(weight, -number) for number, weight in enumerate(weights) if weight is not None]
    if possible:
        best = -max(possible)[1]
        return Match(verdict="split", outage=best, trap=_trap_of(life, world, world.outages[best].roles))
    if (fallen := _trap_of(life, world)) is not None:
        return Match(verdict="trap", trap=fallen)
    early, late = world.tolerance.early_seconds * 1_000, world.tolerance.late_seconds * 1_000
    for number, outage in enumerate(world.outages):
        blamed = life.begins_in(outage.started_at - early, outage.ended_at + late)
        if blamed and life.roles.keys() & set(outage.blamed):
            return Match(verdict="collateral", outage=number)
    return Match(verdict="maintenance" if life.announced else "false")


def _trap_of(life: Life, world: KnownWorld, down: Iterable[str] = ()) -> int | None:
    """The first trap that it fell for, by naming an operator of it that was not down."""
    early, late = world.tolerance.early_seconds * 1_000, world.tolerance.late_seconds * 1_000
    named = life.roles.keys() - set(down)
    for number, trap in enumerate(world.traps):
        falls = bool(named & set(trap.operators)) if trap.operators else not down
        if falls and life.begins_in(trap.started_at - early, trap.ended_at + late):
            return number
    return None


def _covers(life: Life, outage: KnownOutage) -> bool:
    return life.seen_in(outage.started_at, outage.ended_at) and agrees(outage, life)


def _judged(life: Life, world: KnownWorld) -> set[str]:
    return set(life.roles) if world.known == "truth" else life.roles.keys() & set(world.operators)


def _time_in_common(outage: KnownOutage, life: Life) -> int:
    """The time in which both were seen by the time from the first to the last of either, in millionths."""
    start = min(outage.started_at, *(since for since, _ in life.seen), life.opened_at)
    both = sum(max(0, min(end, outage.ended_at) - max(since, outage.started_at)) for since, end in life.seen)
    return _UNIT * both // max(1, max(outage.ended_at, life.over_at) - start)


def _jaccard(ours: Iterable[str], theirs: Iterable[str]) -> int:
    """Common by all, in millionths; 0 if there are none."""
    mine, others = set(ours), set(theirs)
    return _UNIT * len(mine & others) // len(mine | others) if mine | others else 0

"""The account of an incident: what DETECT believes of its places and services, made one number.

DETECT weighs each place and service alone, under the prior that outages begin there once a year. An
incident is one outage of many places, so its places share that prior: each further place, and each further service of
a place, adds what its figures know beyond it. People do not add up so: whoever speaks in a town was counted in the
nation as well. Whether a figure falls because customers lost service or because the probe lies is asked of all of
them together (`rivals/lies.py`).

What a reader may question: further places count half of what they know, and together at most `MORE_MAX`, as they
hang on the same lines, the same collectors and the same news; and no more than the first place knows, so that one
bad minute of all collectors proves as little as one of a single one.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import structs

from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.explanations import NORMAL, alone_of, rivals_of
from pipeline.correlate.held import NEVER_MILLI, AccountHeld
from pipeline.correlate.parts import AreaSeen, Dossier
from pipeline.correlate.rivals.lies import LOG_ODDS_MAX, agreed, chance_of, creep, fell_at_once, log_honest
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.weighings import Weighing
from pipeline.records.series import ancestors, is_within
from pipeline.records.vocabulary import PPM
from pipeline.reference.belief import AS_SAID, BeliefTable

PRIOR_LOG_ODDS: Final = -7.0
"""Where a place stands of which nothing is known, natural log."""

PLACE_COUNTS: Final = 0.5
PLACE_MAX: Final = 2.08
MORE_MAX: Final = 6.2
"""Three further places that are sure."""

UNSURE_MILLI: Final = 1_100
"""Log-odds of three to one. Places of which each is at most one in four by itself are at most three in four together:
all collectors may have one bad minute, and that is a suspicion and no fact."""

AGREES_FROM_MILLI: Final = -2_000
LEAF_FROM_MILLI: Final = -3_000
"""Log-odds of a disturbance from which on a place agrees, and from which on it explains what holds it or speaks for
itself."""

BEGINS_FROM_MILLI: Final = -4_600
"""And from which on it speaks for itself where no outage of the operator is known: one in a hundred, where DETECT
begins to tell of a place. In its first minute each place of an outage is this unsure, and all together are not."""

HOT_MILLI: Final = -1_100
"""Log-odds from which on an outage is not ruled out: one in four."""

TALK_SUFFICES_MILLI: Final = 2_197
"""Log-odds of nine to one, at which what people say would confirm an outage."""

LATELY_MS: Final = 15 * MINUTE_MS
"""Figures that spoke for an outage so lately may do so again: as long as a confirmed incident must be quiet."""

COLD_MILLI: Final = -7_000
"""Log-odds of a place of which nothing is told: what is believed of any place."""


class Joint(NamedTuple):
    """What the weighings of an incident say together.

    Attributes:
        odds_milli: Log-odds of an outage against all else, as the account has them, thousandths of a natural log.
        told_milli: The same as they are told: by these it is suspected, confirmed and called likely.
        disturbed_milli: Log-odds that something falls, an outage or a lying probe, likewise.
        added_milli: Group of witnesses to what it added where it added most, likewise.
        likeliest: The place and service where an outage is likeliest.
        rivals_ppm: Probability of each other explanation, in millionths, the likeliest first; empty if none was told.
        is_alone: Do figures show a fall of one place and service, and of no other whose fall makes a lie less likely?
            False where no figure falls, as where only people tell.
    """

    odds_milli: int
    told_milli: int
    disturbed_milli: int
    added_milli: dict[str, int]
    likeliest: Weighing
    rivals_ppm: dict[str, int]
    is_alone: bool = False

    @property
    def rival(self) -> str:
        """The likeliest other explanation."""
        return next(iter(self.rivals_ppm), self.likeliest.rival)


def probability_of(odds_milli: int) -> float:
    """Probability of log-odds in thousandths, 0 to 1.

    >>> probability_of(0), round(probability_of(2_197), 3)
    (0.5, 0.9)
    """
    return chance_of(odds_milli / 1_000)


def is_hot(said: Joint | Weighing) -> bool:
    """Is an outage not ruled out, or something that falls?"""
    return max(said.odds_milli, said.disturbed_milli) >= HOT_MILLI


def goes_on(said: Joint | None, weighings: Iterable[Weighing], now: int, *, cleared: bool) -> bool:
    """Is what is believed evidence that an outage goes on?

    Belief fades slowly, and people talk on for an hour. So once the operator has said that all is over, it takes
    figures that spoke for an outage lately, or as much talk as would confirm one.

    Args:
        said: What all weighings of the incident say together.
        weighings: These weighings.
        now: End of the pane, ms.
        cleared: Has the operator said that all of it is over?
    """
    if said is None or not is_hot(said) or not cleared:
        return said is not None and is_hot(said)
    lately = any(_has_figures(known) and now - int(known.down_at) <= LATELY_MS for known in weighings)
    return lately or said.odds_milli >= TALK_SUFFICES_MILLI


def speak_of(weighings: Collection[Weighing], area: str, least_milli: int = LEAF_FROM_MILLI) -> bool:
    """Does any place of an operator that is hot speak of an area?

    Args:
        weighings: All of one operator in a market.
        area: Path of the place tree. What lies in it speaks of it; what holds it does, unless it is hot
            because of another place in it: two towns make a nation loud, and no third one.
        least_milli: Log-odds of a disturbance from which on a place speaks.
    """
    likely = [known for known in weighings if known.disturbed_milli >= LEAF_FROM_MILLI]
    speaking = [known for known in weighings if known.disturbed_milli >= least_milli]
    return any(
        is_within(known.area, area)
        or (is_within(area, known.area) and not any(_is_why(other, known, area) for other in likely))
        for known in speaking
    )


def _is_why(other: Weighing, known: Weighing, area: str) -> bool:
    """Is a place the reason why what holds it is hot, and an area that it also holds has no part in it?"""
    apart = not is_within(other.area, area) and not is_within(area, other.area)
    same = other.service == known.service or not _has_figures(known)
    return apart and same and is_within(other.area, known.area)


def of_incident(weighings: Iterable[Weighing], dossier: Dossier) -> list[Weighing]:
    """The weighings that concern an incident.

    Args:
        weighings: Weighings of its market.
        dossier: Its smallest areas count, and what lies in them; what holds an area counts only where the area has no
            figures of its own, as it may be hot for another outage.
    """
    leaves = leaves_of(dossier.areas)
    unmeasured = [area for area in leaves if not dossier.areas[area].measured]
    return [
        known
        for known in weighings
        if known.operator in dossier.operators
        and (_has_figures(known) or not _is_measured(known.area, dossier))
        and (
            any(is_within(known.area, area) for area in leaves)
            or any(is_within(area, known.area) for area in unmeasured)
        )
    ]


def of_operators(weighings: Iterable[Weighing], dossier: Dossier) -> list[Weighing]:
    """All weighings of an incident's operators, wherever they are."""
    return [known for known in weighings if known.operator in dossier.operators]


def _is_measured(area: str, dossier: Dossier) -> bool:
    """Did figures of the area itself show the outage? Then they say when it is over, not people who complain on."""
    return area in dossier.areas and dossier.areas[area].measured


def joint(weighings: Sequence[Weighing], beside: Iterable[Weighing] = (), table: BeliefTable = AS_SAID) -> Joint | None:
    """What weighings of one outage say together; None without any.

    Args:
        weighings: Weighings of its places and services; their order does not matter.
        beside: All others of its operators, which add nothing but that figures do not lie if theirs fell at once.
        table: How often what the account says came true: here, and nowhere else, its number goes through it.
    """
    if not weighings:
        return None
    ordered = sorted(weighings, key=_order)
    best = max(ordered, key=lambda known: known.odds_milli)
    leaves = _leaves(ordered)
    first, further = leaves[0], [known for known in leaves[1:] if _shown(known) > 0.0]
    more = sum(min(PLACE_MAX, PLACE_COUNTS * _shown(known)) for known in further)
    disturbed = first.disturbed_milli / 1_000 + min(MORE_MAX, _beyond(first), more)
    if first.disturbed_milli < -UNSURE_MILLI:
        disturbed = min(disturbed, UNSURE_MILLI / 1_000)
    falling = [first, *_falling(further)]  # no others may lie
    leaves = _leaves(sorted({**named(beside), **named(weighings)}.values(), key=_order))
    at_once = [known for known in _falling(leaves) if fell_at_once(known, first)]
    lie_alone = creep(falling, at_once)
    told = [known for known in ordered if not lie_alone or _shown(known) <= 0.0]
    falls, honest = chance_of(disturbed), chance_of(log_honest(falling, at_once))
    alone = max((chance_of(known.odds_milli / 1_000) for known in told), default=0.0)
    probability = max(falls * honest, alone)
    odds_milli = _log_odds_milli(probability)
    told_milli = table.told_milli(odds_milli)
    lie = falls * (1.0 - honest) / (1.0 - probability) if probability > alone else None
    return Joint(
        odds_milli=odds_milli,
        told_milli=told_milli,
        disturbed_milli=round(1_000 * max(-LOG_ODDS_MAX, min(LOG_ODDS_MAX, disturbed))),
        added_milli=_added(ordered),
        likeliest=best,
        rivals_ppm=rivals_of(best, probability_of(told_milli), lie),
        is_alone=_shown(first) > 0.0 and agreed(falling, at_once) <= 0.0,
    )


def _order(known: Weighing) -> tuple[object, ...]:
    return -known.disturbed_milli, known.operator, known.area, known.service


def _leaves(ordered: Sequence[Weighing]) -> list[Weighing]:
    """Those that no smaller place explains, and of a place with figures only the services that have some."""
    served = {(known.operator, known.area) for known in ordered if known.service}
    nodes = [known for known in ordered if known.service or (known.operator, known.area) not in served]
    explained = {
        (known.operator, known.service, above)
        for known in nodes
        if known.disturbed_milli >= LEAF_FROM_MILLI
        for above in ancestors(known.area)
    }
    return [known for known in nodes if (known.operator, known.service, known.area) not in explained] or nodes


def _has_figures(known: Weighing) -> bool:
    """Did figures speak there? Those of a place as a whole have no service."""
    return bool(known.service) or bool(known.added_milli.get("network"))


def _beyond(known: Weighing) -> float:
    """What a place knows of a disturbance beyond the prior, natural log, 0 or more."""
    return max(0.0, known.disturbed_milli / 1_000 - PRIOR_LOG_ODDS)


def _shown(known: Weighing) -> float:
    """What the figures of a place know of a disturbance beyond the prior, natural log; 0 if they are well.

    Whatever people say there: who speaks in a town was counted in the nation as well.
    """
    return min(_beyond(known), max(0.0, known.added_milli.get("network", 0) / 1_000))


def _falling(weighings: Iterable[Weighing]) -> list[Weighing]:
    """Those whose figures fall."""
    return [known for known in weighings if _shown(known) > 0.0 and known.disturbed_milli > AGREES_FROM_MILLI]


def _added(weighings: Iterable[Weighing]) -> dict[str, int]:
    added: dict[str, int] = {}
    for known in weighings:
        for group, milli in known.added_milli.items():
            added[group] = max(added.get(group, milli), milli)
    return dict(sorted(added.items()))


def _log_odds_milli(probability: float) -> int:
    odds = max(1e-7, probability) / max(1e-7, 1.0 - probability)
    return round(1_000 * math.log(odds))


def take_weighings(
    dossier: Dossier,
    weighings: Sequence[Weighing],
    now: int,
    *,
    cleared: bool = False,
    table: BeliefTable = AS_SAID,
) -> None:
    """Take what is believed now into a dossier: its account, and what each of its areas shows.

    Args:
        dossier: Changes in place; its areas stay alive as long as they are hot, and no longer.
        weighings: All that are hot in its market.
        now: End of the pane, ms.
        cleared: Has the operator said that all of it is over?
        table: How often what the account says came true.
    """
    mine = of_incident(weighings, dossier)
    known, said = dossier.account, joint(mine, of_operators(weighings, dossier), table)
    if said is None:
        if known is not None:
            dossier.account = structs.replace(
                known,
                odds_milli=COLD_MILLI,
                disturbed_milli=COLD_MILLI,
                places_milli=0,
                table_milli=0,
                rival=NORMAL,
                rivals_ppm={NORMAL: PPM - round(PPM * probability_of(COLD_MILLI))},
            )
        return
    hot, alive = is_hot(said), goes_on(said, mine, now, cleared=cleared)
    step_at = max([known.step_at if known else 0, *(int(weighing.ended_at) for weighing in mine)])
    dossier.account = AccountHeld(
        odds_milli=said.told_milli,
        peak_milli=max(said.told_milli, known.peak_milli if known else said.told_milli),
        disturbed_milli=said.disturbed_milli,
        added_milli=said.added_milli,
        alone_milli=alone_of(mine),
        places_milli=said.odds_milli - said.likeliest.odds_milli,
        table_milli=said.told_milli - said.odds_milli,
        rival=said.rival,
        rivals_ppm=said.rivals_ppm,
        hot_at=now if hot else known.hot_at if known else 0,
        is_alone=said.is_alone,
        step_at=step_at,
        before_milli=_before(known, step_at),
    )
    if alive:
        dossier.last_at = now
    for area in sorted(dossier.areas):
        dossier.areas[area] = _area_now(area, dossier, weighings, now)


def _before(known: AccountHeld | None, step_at: int) -> int:
    """The odds after the step before the one that is weighed; an incident is asked more than once a step."""
    if known is None:
        return NEVER_MILLI
    return known.odds_milli if step_at > known.step_at else known.before_milli


def _area_now(area: str, dossier: Dossier, weighings: Sequence[Weighing], now: int) -> AreaSeen:
    """What is known of an area after a pane: by its own weighings, or those of its parts; else by what holds it."""
    seen = dossier.areas[area]
    mine = [known for known in weighings if known.operator in dossier.operators and is_within(known.area, area)]
    own = [known for known in mine if known.area == area]
    measured = seen.measured or any(_has_figures(known) and known.down_at for known in own)
    down_at = max([seen.down_at, *(int(known.down_at) for known in mine if _has_figures(known) == measured)])
    if not measured:  # few who speak there fall silent before they are back: it is down as long as what holds it
        mine += [known for known in weighings if known.operator in dossier.operators and is_within(area, known.area)]
    hot = any(is_hot(known) for known in mine)
    best = max(own, key=lambda known: (bool(known.service), known.odds_milli, known.service), default=None)
    hit = seen.hit_ppm
    first = not hit and best is not None and best.down_at > 0 and _has_figures(best)
    if best is not None and (is_hot(best) or (first and best.odds_milli >= BEGINS_FROM_MILLI)):
        hit = (best.share_low_ppm, best.share_ppm, best.share_high_ppm)
    if not hot:
        return structs.replace(seen, hit_ppm=hit, measured=measured, down_at=down_at)
    last_at = max(now, seen.last_at)
    return structs.replace(seen, hit_ppm=hit, measured=measured, down_at=down_at, last_at=last_at, back_at=0)


def named(weighings: Iterable[Weighing]) -> Mapping[str, Weighing]:
    """Weighings by operator, area and service."""
    return {"|".join((known.operator, known.area, known.service)): known for known in weighings}

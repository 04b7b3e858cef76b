"""Evidence that adds up: the Shiryaev-Roberts statistic, kept once for all detectors.

A detector asks at each step how much likelier the value is under some alternative
("2.5 times as many") than when all is well. The statistic of an alternative takes that
likelihood ratio in: odds = (1 + odds) * ratio. While all is well its average
stays at the number of steps, so that it takes on average e^threshold steps to pass
e^threshold by chance: the promised rate of false alarms *is* the threshold, and nothing
is fitted. Several alternatives are read together: the greatest of their odds, over
their number.

What a reader may question: odds are capped, and they sink while nothing unusual goes on.
Both keep a long outage from counting for hours after its end; neither can raise the rate of
false alarms, as both only lower the odds.

Every function is written as the detectors need it at each step, with lists that change in
place; the order of the floating-point operations is part of what is published.

Source:
    M. Pollak, Annals of Statistics 13 (1985), 206-227; A. Tartakovsky, I. Nikiforov,
    M. Basseville, "Sequential Analysis" (2014), section 8.
"""

import math
from collections.abc import Iterable
from typing import Final

from pipeline.records.clocks import DAY_MS

GATE: Final = 5.0
"""Evidence from which a series is hot, natural log; by chance one step in 150 is."""

SLOW: Final = 0.02
"""Share of a hot step that a detector learns from: an outage must not become the usual state at once."""

ROOM: Final = 8.0
"""Evidence is capped so far above the threshold: enough to tell one in 10^6 steps (a surprise of 6) from one in
10^8, little enough to fall soon after the end."""

RESTING: Final = 30.0
"""Odds sink to this while nothing unusual goes on: what is over must not count for the next time, and
one post in a village must not make it hot."""

CLIMB_MAX: Final = 1e6
"""A CUSUM is cut here, so that an outage of days stays a number of ordinary size."""

YOUNG_MS: Final = 3 * DAY_MS
YOUNG_MORE: Final = 4.0
"""Until a series was listened to for three days, it takes up to so much more evidence (natural log) to alarm."""

SURPRISE_MAX: Final = 300.0
"""-log10 p is capped here: smaller p are 0 as floats."""

_LN10: Final = math.log(10.0)


def cap_of(threshold: float, alternatives: int) -> float:
    """Greatest odds that an alternative may reach.

    Args:
        threshold: Evidence from which a step stands out, natural log.
        alternatives: How many are read together, 1 or more.
    """
    return math.exp(threshold + math.log(alternatives) + ROOM)


def add_up(odds: list[float], first: int, ratios: Iterable[float], cap: float) -> float:
    """Take the likelihood ratios of a step into the odds of some alternatives.

    Conditions stand for `min` and `max`, for speed: this is paid at each step of each series.

    Args:
        odds: Shiryaev-Roberts statistics, 0 or more; changes in place.
        first: Place of the first alternative in `odds`.
        ratios: Likelihood ratios of these alternatives, above 0, in their order.
        cap: Greatest odds that one may reach.

    Returns:
        The greatest of the new odds, as it would be without the cap.

    >>> odds = [0.0, 3.0]
    >>> add_up(odds, 0, (2.0, 0.5), cap=100.0), odds
    (2.0, [2.0, 2.0])
    """
    best = 0.0
    for number, ratio in enumerate(ratios, start=first):
        grown = (1.0 + odds[number]) * ratio
        if grown > best:
            best = grown
        odds[number] = grown if grown < cap else cap
    return best


def evidence_of(best: float, log_alternatives: float) -> float:
    """Evidence of alternatives that are read together, natural log.

    Args:
        best: The greatest of their odds, 0 or more.
        log_alternatives: Natural log of their number.
    """
    return math.log(best + 1e-9) - log_alternatives


def sink(odds: list[float], alternatives: range, share: float) -> None:
    """Let the odds of some alternatives sink, at most down to `RESTING`.

    Args:
        odds: Shiryaev-Roberts statistics; changes in place.
        alternatives: Their places in `odds`.
        share: What is left of them, 0 to 1.
    """
    for number in alternatives:
        if odds[number] > RESTING:
            odds[number] = max(RESTING, share * odds[number])


def climb(climbs: list[float], starts: list[int], side: int, reached: float, begin: int) -> None:
    """Move a CUSUM: a change began where the CUSUM of its direction last left zero.

    Args:
        climbs: CUSUM of each direction, 0 or more; changes in place.
        starts: Where each of them last left zero, ms; changes in place.
        side: Which direction.
        reached: Where this step takes the CUSUM; below 0 it stands at 0.
        begin: Start of this step, ms.
    """
    if climbs[side] <= 0.0:
        starts[side] = begin
    climbs[side] = 0.0 if reached < 0.0 else min(CLIMB_MAX, reached)


def run_of_equals(odds: float, ratio: float, steps: int, cap: float) -> float:
    """A Shiryaev-Roberts statistic after a run of equal likelihood ratios, in closed form.

    Args:
        odds: Before the run, 0 or more.
        ratio: Likelihood ratio of each step, above 0.
        steps: Length of the run, 1 or more.
        cap: Greatest odds that may be reached.

    >>> odds = 3.0
    >>> for _ in range(5):
    ...     odds = (1.0 + odds) * 0.5
    >>> run_of_equals(3.0, 0.5, 5, 1e9) == odds
    True
    """
    power = math.exp(min(700.0, steps * math.log(ratio)))
    grown = float(steps) if abs(ratio - 1.0) < 1e-9 else ratio * (power - 1.0) / (ratio - 1.0)
    return min(cap, odds * power + grown)


def more_for_young(age_ms: int) -> float:
    """How much more evidence a young series needs, natural log.

    Args:
        age_ms: How long its detector has listened to it, 0 or more.

    >>> more_for_young(0), more_for_young(36 * 3_600_000), more_for_young(30 * 86_400_000)
    (4.0, 2.0, 0.0)
    """
    return YOUNG_MORE * (1.0 - age_ms / YOUNG_MS) if age_ms < YOUNG_MS else 0.0


def surprise_of(log_p: float, evidence: float) -> float:
    """-log10 p of a step, or of the evidence so far if that is more.

    The chance that a Shiryaev-Roberts statistic stands at e^evidence or more in a
    given step is about e^-evidence, so both are on one scale.

    Args:
        log_p: Natural log of the step's tail probability, at most 0.
        evidence: Natural log, may be negative.

    Returns:
        0 to 300.

    >>> round(surprise_of(math.log(0.001), 2.0), 3)
    3.0
    """
    return min(SURPRISE_MAX, max(0.0, -log_p, evidence) / _LN10)

"""How often, and how high, does a series rise by itself? Evidence in proportion to that.

People post in bursts: at a goal, at six in the evening, about nothing. A statistic that takes steps to be independent
promises one false alarm a month of such a series and gives fifty. So each series remembers the peaks of its evidence
that passed the gate and were nobody's incident: how often they come, and how far above the gate they go. The chance
that it comes to stand so high by itself is then known, and its negative logarithm is the evidence that counts, if it
is less. A series that was never bursty stays nearly what it was.

Peaks over a threshold are exponential where steps are independent, and have a heavy tail where they burst: that of
Lomax fits both, of which one number is learnt (the mean of `log1p(excess / SCALE)`).

Source:
    A. Siffer, P.-A. Fouque, A. Termier, C. Largouet, KDD 2017, 1067-1075 (peaks over a threshold, on line);
    K. S. Lomax, Journal of the American Statistical Association 49 (1954), 847-852.
"""

import math
from typing import Final

from pipeline.detect.detectors.evidence import GATE
from pipeline.detect.detectors.remembered import CountState
from pipeline.records.clocks import MINUTE_MS

SCALE: Final = 2.0
"""Excess from which the tail is heavy, natural log: with 1 bursts of tweets are overrated, with 5 those of few posts
are underrated."""

PRIOR_BURSTS: Final = 2.0
PRIOR_MS: Final = 2_000 * MINUTE_MS
PRIOR_LOG: Final = 0.35
"""Before any was seen: two in 2,000 minutes, as counts without bursts have them, and the mean of their excess, which
is exponential: the mean of `log1p(x / 2)` where x has the mean 1."""

PRUDENT: Final = 1.5
"""Bursts are taken to be so many times as frequent: they come in bunches, and a rate is known from a few dozen."""

ASKED_FROM: Final = 3.0
"""Evidence below it is what it is: nobody looks at it."""

KNOWN: Final = -1.0
"""In place of a peak: somebody knows of it, so it is no burst."""


def in_proportion(evidence: float, state: CountState, lived: float, step_ms: int) -> float:
    """Evidence that a series rises as it does not by itself.

    Args:
        evidence: Of steps that were independent, natural log.
        state: With the bursts that were seen.
        lived: Steps in which they were, older days discounted, 0 or more.
        step_ms: Length of a step.

    Returns:
        At most the evidence; may be negative where bursts are frequent.

    >>> state, month = CountState(), 28.0 * 1_440.0
    >>> round(in_proportion(12.0, state, month, 60_000), 1)  # without a burst
    12.0
    >>> state.bursts, state.burst_logs = 14.0, 21.0  # one in two days, and often high
    >>> round(in_proportion(12.0, state, month, 60_000), 1), round(in_proportion(100.0, state, month, 60_000), 1)
    (8.6, 10.3)
    """
    if evidence < ASKED_FROM:
        return evidence
    seen = PRIOR_BURSTS + state.bursts
    rate = PRUDENT * seen / (PRIOR_MS / step_ms + lived)
    mean = (PRIOR_BURSTS * PRIOR_LOG + state.burst_logs) / seen
    above = math.log1p((evidence - GATE) / SCALE) if evidence > GATE else 0.0
    return min(evidence, above / mean - math.log(rate))


def follow(state: CountState, evidence: float, *, goes_on: bool, known: bool) -> None:
    """Follow the peak of a surge; what is over counts as a burst, unless somebody knew of it.

    Args:
        state: Changes in place.
        evidence: Of a surge, as in `in_proportion`.
        goes_on: Is the series still higher than usual?
        known: Is an incident open that explains it?
    """
    if evidence > GATE:
        if known:
            state.peak = KNOWN
        elif goes_on and state.peak >= 0.0 and evidence > state.peak:
            state.peak = evidence
    elif state.peak:
        if state.peak > 0.0:
            state.bursts += 1.0
            state.burst_logs += math.log1p((state.peak - GATE) / SCALE)
        state.peak = 0.0


def forget(state: CountState, keep: float) -> None:
    """Let older days count less.

    Args:
        state: Changes in place.
        keep: What is left of them, 0 to 1.
    """
    state.bursts *= keep
    state.burst_logs *= keep

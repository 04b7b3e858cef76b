"""What every detector answers, and the face that all of them share.

River's detectors answer 0 while they still learn. Ours answer None: "don't
know" is a value of its own, never "normal".
"""

import math
from abc import abstractmethod
from collections.abc import Hashable
from typing import Any, Final, Literal, NamedTuple

from river.base import AnomalyDetector

Direction = Literal["surge", "drop"]

SURPRISE_MAX: Final = 300.0
"""-log10 p is capped here: smaller p are 0 as floats."""


class Verdict(NamedTuple):
    """What a detector thinks of one step.

    Attributes:
        expected: In the unit of the value.
        surprise: -log10 p, of the step alone or of the accumulated evidence, whichever is larger; 0 to 300.
        evidence: Accumulated evidence of the direction, natural log; 0 or more.
        started_at: Since when the series deviates, as far as the evidence tells, ms.
        alarm: Does it stand out, by the promised rate of false alarms?
    """

    observed: float
    expected: float
    surprise: float
    evidence: float
    direction: Direction
    started_at: int
    alarm: bool


class Detector(AnomalyDetector):
    """River's anomaly detector with `None` for "no verdict".

    A step is a dict: `value`, `at` (end of the step, ms since 1970) and, for
    ratios, `weight` (attempts). Steps come in order of time. Nothing in it is changed.

    `learn_one` takes a step into the state, `judge_one` and `score_one` only look at it.
    The order that counts is judge first, then learn; `step` does both for the price of one.
    """

    @abstractmethod
    def judge_one(self, x: dict[Hashable, Any]) -> Verdict | None:
        """Judge a step, or None while there is no verdict. The state stays as it is."""

    @abstractmethod
    def step(self, x: dict[Hashable, Any]) -> Verdict | None:
        """Judge a step, then learn from it."""

    def learn_one(self, x: dict[Hashable, Any]) -> None:
        """Learn from a step."""
        self.step(x)

    def score_one(self, x: dict[Hashable, Any]) -> float | None:  # type: ignore[override]  # River has no "don't know"
        """Surprise of a step, -log10 p, or None while there is no verdict."""
        verdict = self.judge_one(x)
        return None if verdict is None else verdict.surprise


def surprise_of(log_p: float, evidence: float) -> float:
    """-log10 p of a step, or of the evidence so far if that is more.

    The chance that a Shiryaev-Roberts statistic stands at e^evidence or more in a
    given step is about e^-evidence, so both are on one scale.

    Args:
        log_p: Natural log of the step's tail probability.
        evidence: Natural log, may be negative.

    >>> round(surprise_of(math.log(0.001), 2.0), 3)
    3.0
    """
    return min(SURPRISE_MAX, max(0.0, -log_p, evidence) / _LN10)


_LN10: Final = math.log(10.0)

"""River's interface, at the edge: one of its estimators as a detector of ours, and a detector of ours as one of its.

The steps of DETECT are typed and paid for each series of each minute; River takes a dict of
features and answers 0 while it learns. Both meet here and nowhere else.

An estimator of River answers a score, without a promise of how often it is wrong. So a row
says what the score means as a tail probability p, and p becomes evidence as any other:
under "all is well" 1 / (2 sqrt(p)) is 1 on average, which is all that the Shiryaev-Roberts
statistic asks of a likelihood ratio. The promised rate of false alarms then holds as far as p is honest.

A snapshot holds the plain values inside the estimator, by attribute; their places come from a
fresh one. An estimator that grows objects of its own, or draws lots while it learns, cannot be
held so: the first is refused, the second fails the law that state survives a snapshot.

Source:
    V. Vovk, R. Wang, "E-values: Calibration, combination and applications", Annals of Statistics 49 (2021),
    1736-1754 (from p to evidence); J. Shin, A. Ramdas, A. Rinaldo, "E-detectors", NEJSDS 2 (2024), 229-260.
"""

import math
from collections.abc import Callable, Hashable
from typing import Any, Final

import msgspec
from river.base import AnomalyDetector, SupervisedAnomalyDetector

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import (
    Detector,
    Direction,
    Family,
    Make,
    SeriesKind,
    Verdict,
    family,
)
from pipeline.detect.detectors.evidence import (
    add_up,
    cap_of,
    climb,
    evidence_of,
    more_for_young,
    sink,
    surprise_of,
)
from pipeline.detect.detectors.remembered import Floats, SeriesState

Estimator = AnomalyDetector | SupervisedAnomalyDetector
"""What River has: scores of features, or of a value."""

P_MIN: Final = 1e-300
"""The least tail probability: smaller ones are 0 as floats."""

CLIP: Final = math.exp(6.5)
"""One step multiplies the odds by at most so much: a single outlier never alarms."""

USUAL: Final = 0.1
"""A step with a larger tail probability is part of no change."""

FALL: Final = 0.2
"""What is left of odds with each such step."""

CLIMB: Final = 1.0
"""What a step must tell, natural log, to move the CUSUM of its direction up."""

SAME: Final = 1e-9
"""Relative difference below which a value is the expected one: a flat line has no spread to be measured by."""


class RiverState(SeriesState):
    """What is remembered of one series that an estimator of River judges.

    Attributes:
        began: Start of the first step, ms.
        steps: How many were learnt.
        mean: Of their values.
        odds: Shiryaev-Roberts statistics, of a rise and of a fall.
        climbs: CUSUM for the start of a rise and of a fall.
        starts: Where they last left zero, ms.
        memory: Plain values inside the estimator; empty before the first step.
    """

    began: int = 0
    steps: int = 0
    mean: float = 0.0
    odds: list[float] = msgspec.field(default_factory=lambda: [0.0, 0.0])
    climbs: list[float] = msgspec.field(default_factory=lambda: [0.0, 0.0])
    starts: list[int] = msgspec.field(default_factory=lambda: [0, 0])
    memory: dict[str, Any] = msgspec.field(default_factory=dict)


class RiverSeries(Detector):
    """An estimator of River that judges one series.

    Args:
        config: Settings.
        state: What is remembered of the series; changes in place.
        estimator: Fresh, of the same kind each time.
        tail: From a score to the probability of one as high while all is well, 0 to 1.
    """

    def __init__(
        self, config: DetectConfig, state: RiverState, estimator: Estimator, tail: Callable[[float], float]
    ) -> None:
        self._config, self._state = config, state
        self._estimator, self._tail = estimator, tail
        put_back(estimator, state.memory)

    @property
    def began(self) -> int:
        """Start of the first step, ms; 0 before it."""
        return self._state.began

    @property
    def wants_zeros(self) -> bool:
        """An estimator of River knows no run of zeros in closed form, so it is asked each time."""
        return True

    def usual(self, at: int) -> float | None:  # noqa: ARG002  River's estimators know no time of day
        """The mean of all that came; None before the first step."""
        return self._state.mean if self._state.steps else None

    def step(self, value: float, at: int, weight: int = 1) -> Verdict | None:  # noqa: ARG002  nor attempts
        """Judge a step, then learn from it.

        Args:
            value: In the unit of the series.
            at: End of the step, ms.
            weight: Not looked at.

        Returns:
            None before the series is old enough.
        """
        state, begin = self._state, at - self._config.step_ms
        if not state.steps:
            state.began = begin
        self.expected = expected = state.mean if state.steps else None
        verdict = None
        if expected is not None:
            verdict = self._weigh(float(value), expected, at, begin)
        _learn(self._estimator, float(value))
        state.steps += 1
        state.mean += (value - state.mean) / state.steps
        state.memory = take_out(self._estimator)
        return verdict

    def _weigh(self, value: float, expected: float, at: int, begin: int) -> Verdict | None:
        state, config = self._state, self._config
        age = at - state.began
        if age < config.warm_up_ms:
            return None
        same = abs(value - expected) <= SAME * max(1.0, abs(expected))
        p = 1.0 if same else min(1.0, max(P_MIN, self._tail(_score(self._estimator, value))))
        towards, cap = int(value < expected), cap_of(config.threshold, 1)
        tails = [0.5 * p, 1.0 - 0.5 * p] if towards == 0 else [1.0 - 0.5 * p, 0.5 * p]
        for side, tail in enumerate(tails):
            ratio = min(CLIP, 0.5 / math.sqrt(tail))
            add_up(state.odds, side, (ratio,), cap)
            climb(state.climbs, state.starts, side, state.climbs[side] + math.log(ratio) - CLIMB, begin)
            if tail > USUAL:
                sink(state.odds, range(side, side + 1), FALL)
        side = 0 if state.odds[0] >= state.odds[1] else 1
        evidence = evidence_of(state.odds[side], 0.0)
        alarm = tails[side] <= USUAL and evidence >= config.threshold + more_for_young(age)
        direction: Direction = "drop" if side else "surge"
        surprise = surprise_of(math.log(tails[side]), evidence)
        return Verdict(value, expected, surprise, max(0.0, evidence), direction, state.starts[side], alarm)


def river_family(
    *,
    name: str,
    judges: tuple[SeriesKind, ...],
    build: Callable[[], Estimator],
    tail: Callable[[float], float],
) -> Family:
    """Make a row of the registry from an estimator of River.

    Args:
        name: Stands in `Anomaly.detector`.
        judges: Kinds of series that it judges.
        build: Makes a fresh estimator; it must not draw lots.
        tail: From a score to the probability of one as high while all is well, 0 to 1.

    Raises:
        TypeError: If a snapshot cannot hold what is inside the estimator.
    """
    take_out(build())

    def prepare(config: DetectConfig) -> Make[RiverState]:
        return lambda state, _unit, _exposure: RiverSeries(config, state, build(), tail)

    return family(name=name, judges=judges, state=RiverState, prepare=prepare)


class RiverFace(AnomalyDetector):
    """A detector of ours under River's interface, with None for "no verdict"; for tools that speak River.

    A step is a dict: `value`, `at` (end of the step, ms since 1970) and, for ratios, `weight`
    (attempts). Steps come in order of time. Judge first, then learn.

    Args:
        row: Of the registry.
        config: Settings.
        unit: Of the values.
    """

    def __init__(self, row: Family, config: DetectConfig, unit: str = "") -> None:
        self.row, self.config, self.unit = row, config, unit
        self._make, self._state = row.prepare(config), row.state()

    def learn_one(self, x: dict[Hashable, Any]) -> None:
        """Learn from a step."""
        self._make(self._state, self.unit, None).step(float(x["value"]), int(x["at"]), int(x.get("weight", 1)))

    def judge_one(self, x: dict[Hashable, Any]) -> Verdict | None:
        """Judge a step, or None while there is no verdict. The state stays as it is."""
        written = msgspec.msgpack.encode(self._state, enc_hook=Floats.packed)
        state = msgspec.msgpack.decode(written, type=self.row.state, dec_hook=lambda _, data: Floats.unpacked(data))
        detector = self._make(state, self.unit, None)
        return detector.step(float(x["value"]), int(x["at"]), int(x.get("weight", 1)))

    def score_one(self, x: dict[Hashable, Any]) -> float | None:  # type: ignore[override]  # River has no "don't know"
        """Surprise of a step, -log10 p, or None while there is no verdict."""
        verdict = self.judge_one(x)
        return None if verdict is None else verdict.surprise


def take_out(thing: object) -> dict[str, Any]:
    """The plain values inside an object, by attribute.

    Generators of random numbers are left out: an estimator that draws lots has no place in a replay.

    Raises:
        TypeError: If there is something that is neither plain nor made of plain values.
    """
    found: dict[str, Any] = {}
    for name, value in vars(thing).items():
        if isinstance(value, _PLAIN):
            found[name] = value
        elif isinstance(value, list) and all(isinstance(item, _PLAIN) for item in value):
            found[name] = list(value)
        elif type(value).__module__.startswith("river.") and hasattr(value, "__dict__"):
            found[name] = take_out(value)
        elif type(value).__module__ != "random":
            words = f"{type(thing).__name__}.{name} is a {type(value).__name__}: must be plain values, for a snapshot"
            raise TypeError(words)
    return found


def put_back(thing: object, memory: dict[str, Any]) -> None:
    """Put plain values back into a fresh object, as `take_out` found them.

    Args:
        thing: Changes in place.
        memory: Attribute to value; of an attribute that is an object, to its own values.
    """
    for name, value in memory.items():
        if isinstance(value, dict):
            put_back(getattr(thing, name), value)
        else:
            setattr(thing, name, list(value) if isinstance(value, list) else value)


def _score(estimator: Estimator, value: float) -> float:
    if isinstance(estimator, SupervisedAnomalyDetector):
        return float(estimator.score_one({}, value))
    return float(estimator.score_one({"value": value}))


def _learn(estimator: Estimator, value: float) -> None:
    if isinstance(estimator, SupervisedAnomalyDetector):
        estimator.learn_one({}, value)
    else:
        estimator.learn_one({"value": value})


_PLAIN: Final = (int, float, str, type(None))

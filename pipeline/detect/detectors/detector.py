"""What every detector is: made around the state of one series, it answers each step with a verdict or with None.

None is "no verdict", a value of its own, and never "normal": a detector that still
learns does not know. A detector keeps nothing but its state, a plain struct, so that
a snapshot holds it to the bit; it is made anew around that state for each step.

A `Family` is a row of the registry (`pipeline.detect.detectors.registry`): it names a
detector, says which kinds of series it judges, and makes it.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar, cast

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.remembered import Exposure, SeriesState
from pipeline.reference.opening.days import WEEKENDS, DaysOff

Direction = Literal["surge", "drop"]

SeriesKind = Literal["people", "metered", "measured"]
"""What a series counts or measures: what people say, each id once; counts that meters report, which are telemetry
of unit `count`; measured values, which are all other telemetry."""


class Verdict(NamedTuple):
    """What a detector thinks of one step.

    Attributes:
        observed: In the unit of the series.
        expected: Likewise.
        surprise: -log10 p, of the step alone or of the accumulated evidence, whichever is larger; 0 to 300.
        evidence: Accumulated evidence of the direction, natural log; 0 or more.
        direction: More than expected, or less.
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


class Detector(ABC):
    """Judges the steps of one series.

    Attributes:
        expected: What the last step was compared with, verdict or not; None if there was nothing to compare it with.
        spread: Of that step: 1/r of a count, the scale of a measured value in its unit.
        usual_value: What the step was compared with, before there is a verdict as well; None before the first step.
        is_young: True while the detector has seen too little for a verdict.
        frozen: Set by who asks: True lets a step teach it nothing.
        accept: Set by who asks: True takes a level that stands apart at this step for usual from now on.
        moved: Did the step take a level that stands apart for usual, by `accept` or as it has lasted long enough?
        healthy: Set by who asks: least and greatest value that is normal at any time; None = nobody knows.
        bad: Set by who asks: 1 if rising is worse for customers, -1 if falling is; 0 = nobody knows.
        days: Set by who makes it: which days are days of a weekend where the series is.
    """

    expected: float | None = None
    spread: float = 0.0
    usual_value: float | None = None
    is_young: bool = False
    frozen: bool = False
    accept: bool = False
    moved: bool = False
    healthy: tuple[float, float] | None = None
    bad: int = 0
    days: DaysOff = WEEKENDS

    def spread_now(self) -> float:
        """Spread of a step that was not judged."""
        return self.spread

    @property
    @abstractmethod
    def began(self) -> int:
        """Start of the first step that the detector listened to, ms."""

    @property
    def wants_zeros(self) -> bool:
        """Must the next step of a count be judged even if nothing comes? Else a run of zeros is passed over."""
        return False

    @abstractmethod
    def step(self, value: float, at: int, weight: int = 1) -> Verdict | None:
        """Judge a step, then learn from it. Steps come in order of time.

        Args:
            value: In the unit of the series; a count is 0 or more.
            at: End of the step, ms.
            weight: Attempts that a ratio stands for; 1 is "not known".

        Returns:
            None while there is no verdict.
        """

    def usual(self, at: int) -> float | None:  # noqa: ARG002  detectors that can tell override it
        """What is expected of a step that was not judged; None if the detector cannot tell.

        Args:
            at: End of the step, ms.
        """
        return None

    def usual_of(self, ends: range) -> list[float] | None:  # noqa: ARG002  detectors that can tell override it
        """What is expected of some steps in a row that were not judged; None asks to be asked of each, by `usual`.

        Args:
            ends: Of the steps, ms; their middles lie in one half-hour, and a shared exposure counts the first already.
        """
        return None


S = TypeVar("S", bound=SeriesState)

Make = Callable[[S, str, Exposure | None], Detector]
"""Makes a detector around a state, for a unit; counts of people get the exposure that their source shares."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """A row of the registry; `family` makes one with its types checked.

    Attributes:
        name: Stands in `Anomaly.detector` and in labels of metrics.
        judges: Kinds of series that it judges.
        state: What it remembers of one series.
        prepare: Works out from the settings what is the same for all series, and answers what makes a detector.
    """

    name: str
    judges: tuple[SeriesKind, ...]
    state: type[SeriesState]
    prepare: Callable[[DetectConfig], Make[SeriesState]]


def family(
    *, name: str, judges: tuple[SeriesKind, ...], state: type[S], prepare: Callable[[DetectConfig], Make[S]]
) -> Family:
    """Make a row of the registry; the checker sees that the detector is made around its own state.

    Args:
        name: Of the detector.
        judges: Kinds of series that it judges.
        state: What it remembers of one series.
        prepare: Makes the detector, for some settings.
    """
    return Family(
        name=name, judges=judges, state=state, prepare=cast("Callable[[DetectConfig], Make[SeriesState]]", prepare)
    )

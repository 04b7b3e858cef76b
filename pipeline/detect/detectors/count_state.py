"""What a detector of counts remembers, and the numbers that follow from the settings."""

import math
from typing import Final

import msgspec

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import SeriesState
from pipeline.detect.detectors.evidence import cap_of
from pipeline.detect.detectors.seasons import Exposure
from pipeline.records.clocks import HOUR_MS

SURGES: Final = (1.5, 2.5, 5.0, 12.0)
"""How many times as many."""

RATES_PER_HOUR: Final = (0.0, 0.0, 12.0, 60.0)
"""At least so many, for each of the surges: what matters in a village."""

DROPS: Final = (0.6, 0.3, 0.05)

LEVEL_SD: Final = 0.15
LEVEL_TAU_MS: Final = 6 * HOUR_MS
"""The level wanders by 15 % within 6 hours, and returns: as real call and post counts do (12 %)."""

PRIOR_SPREAD: Final = 0.07
PRIOR_SQUARES: Final = 20.0
"""1/r before any data, and how much mean squared it takes to change it."""

SPREAD_MIN, SPREAD_MAX = 0.005, 4.0
MEAN_MIN: Final = 1e-7
CLIP: Final = 15.0
"""One step counts at most so much evidence: six posts from a silent town must be enough."""

FALL: Final = 0.05
"""What is left of odds with each step in which nothing unusual goes on any more, after an alarm."""

FADE: Final = 0.8
"""And before one: a small change hides in the noise of single steps, and must be allowed to add up."""

RECENT: Final = 0.7
"""What a step counts for in the next one, when the question is whether it still goes on."""

RECENT_MIN: Final = 0.5
"""Below it a surge is over: the last post of a village lies two steps back."""

EARLY_TIMES: Final = 5.0
"""Before the first day is over, so many times what was seen is usual: a night knows no morning."""

DENSE: Final = 0.2
"""Counts expected per step from which zeros tell something by themselves."""


class CountState(SeriesState):
    """What is remembered of one series of counts.

    Attributes:
        sums: Counts per cell of the profile, older days discounted; cells without any are missing.
        total: Their sum.
        day: Up to which day both are discounted.
        seen: Steps of the exposure taken in.
        slot: Of the profile, for which `left` and `right` hold.
        level: Log of how much more than the profile says.
        variance: Of the level.
        excess: Sum of squared deviations beyond Poisson's.
        squares: Sum of squared means.
        odds: Shiryaev-Roberts statistics, surges first.
        climbs: CUSUM for the start of a surge and of a drop.
        starts: Where they last left zero, ms.
        hot_steps: How long evidence is above the gate.
        hot_seen: Observed since.
        hot_mean: Expected since.
        recent: Observed lately.
        recent_mean: Expected lately.
        own: Steps lived through, of a series that does not share its exposure; None before the first.
    """

    sums: dict[int, float] = msgspec.field(default_factory=dict)
    total: float = 0.0
    day: int = 0
    seen: int = 0
    slot: int = -1
    left: float = 0.0
    right: float = 0.0
    level: float = 0.0
    variance: float = LEVEL_SD * LEVEL_SD
    excess: float = PRIOR_SPREAD * PRIOR_SQUARES
    squares: float = PRIOR_SQUARES
    odds: list[float] = msgspec.field(default_factory=lambda: [0.0] * (len(SURGES) + len(DROPS)))
    climbs: list[float] = msgspec.field(default_factory=lambda: [0.0, 0.0])
    starts: list[int] = msgspec.field(default_factory=lambda: [0, 0])
    hot_steps: int = 0
    hot_seen: float = 0.0
    hot_mean: float = 0.0
    recent: float = 0.0
    recent_mean: float = 0.0
    own: Exposure | None = None


class CountRules:
    """Numbers that follow from the settings, worked out once."""

    def __init__(self, config: DetectConfig) -> None:
        step = config.step_ms
        self.half_step_ms = step // 2
        self.threshold = config.threshold
        self.cap = cap_of(config.threshold, len(SURGES))
        floors = [rate * step / HOUR_MS for rate in RATES_PER_HOUR]
        self.surges = tuple((times, floor, math.log(times)) for times, floor in zip(SURGES, floors, strict=True))
        self.drops = tuple((times, 0.0, math.log(times)) for times in DROPS)
        self.keep_per_day = 0.5 ** (1.0 / config.half_life_days)
        self.phi = math.exp(-step / LEVEL_TAU_MS)
        self.drive = LEVEL_SD**2 * (1.0 - self.phi**2)
        self.hot_steps_max = config.hot_ms_max // step
        self.warm_up_ms, self.early_ms = config.warm_up_ms, config.early_ms
        self.early_surprise_min = config.early_surprise_min
        self.step_ms = step

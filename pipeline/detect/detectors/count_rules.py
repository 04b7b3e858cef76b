"""The numbers by which counts are judged: constants, and what follows from the settings."""

import math
from typing import Final

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.evidence import cap_of
from pipeline.records.clocks import HOUR_MS

SURGES: Final[tuple[float, ...]] = (1.5, 2.5, 5.0, 12.0)
"""How many times as many."""

RATES_PER_HOUR: Final[tuple[float, ...]] = (0.0, 0.0, 12.0, 60.0)
"""At least so many, for each of the surges: what matters in a village."""

DROPS: Final[tuple[float, ...]] = (0.6, 0.3, 0.05)

LEVEL_SD: Final = 0.15
LEVEL_TAU_MS: Final = 6 * HOUR_MS
"""The level wanders by 15 % within 6 hours, and returns: as real call and post counts do (12 %)."""

STRANGE_WORTH: Final = 2.0
STRANGE_TAU_MS: Final = 3 * HOUR_MS
"""On a first weekend the level is what the last hours said, beside two counts' worth of what weekdays say. A judgement:
a desk that is shut hears a tenth, a match twice as much."""

STRANGE_SD: Final = 0.4
"""And its day has another shape: within four tenths. A judgement."""

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
        self.keep_strange = math.exp(-step / STRANGE_TAU_MS)
        self.hot_steps_max = config.hot_ms_max // step
        self.warm_up_ms, self.early_ms = config.warm_up_ms, config.early_ms
        self.early_surprise_min = config.early_surprise_min
        self.step_ms = step

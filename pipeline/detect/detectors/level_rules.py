"""The numbers by which measured values are judged: constants, and what follows from the settings."""

import math
from typing import Final

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.evidence import cap_of

SHIFTS: Final[tuple[float, ...]] = (1.5, 3.0, 6.0, 15.0)
"""Sizes of change that are looked for, in scales, up and down."""

FALL: Final = 0.2
"""What is left of odds with each step in which nothing unusual goes on."""

RECENT: Final = 0.7
RECENT_MIN: Final = 0.7
"""Mean deviation lately, in scales, below which nothing goes on."""
LOG_CLIP: Final = 6.5
CLIP: Final = math.exp(LOG_CLIP)
"""One step multiplies the odds by at most so much: a single outlier never alarms."""

RATIO_SCALE_MIN: Final = 0.002
"""Below it a ratio's change is of no consequence, and rounding of the sender shows."""

RELATIVE_SCALE_MIN: Final = 0.01
"""Least scale of any value, relative to its usual size: meters are good to a percent."""

READINGS_MIN: Final = 60
"""Readings before a verdict, besides age: an hourly feed has no scale after a day."""

UNFAMILIAR: Final = 2.0
"""How much wider the scale is on the first days of a kind."""

GAINS: Final[tuple[float, ...]] = (0.01, 0.05, 0.15, 0.4)
"""How fast the level may follow what the profile does not know, per reading. The one that forecasts best counts:
what it leaves is nearly white, and only then the promised rate of false alarms holds."""

LEAK: Final = 1.0 / 720.0
"""Share of the level that is given back per reading, to the profile."""

WARY: Final = 0.02
"""What is not healthy, of a series that is healthy else at this hour, is followed so much more slowly: a decline of
half an hour must not be expected as it goes. Time of day and scale are learnt as ever, so what lasts is usual in some
days."""

STRAYS_FROM: Final = 5.0
STRAYS_LEARNS: Final = 0.1
"""A value that lies so many times as far from its time of day, to the bad side, as values lately do on average, strays:
a decline of hours, against last week. It is followed as slowly as what is not healthy is, and its time of day and base
learn a tenth. Of ramps of four hours the last of twelve is found after 41 minutes for 94; with 4 in place of 5 levels
that wander by a tenth raise half as many false alarms again."""

Z_MAX: Final = SHIFTS[-1]
"""What lies beyond the largest shift looked for counts as that shift."""


class LevelRules:
    """Numbers that follow from the settings, worked out once."""

    def __init__(self, config: DetectConfig) -> None:
        self.step_ms = config.step_ms
        self.threshold = config.threshold
        self.cap = cap_of(config.threshold, len(SHIFTS))
        self.hot_steps_max = config.hot_ms_max // config.step_ms
        self.warm_up_ms = config.warm_up_ms

"""What detectors remember: structs of plain values, so that a snapshot holds them to the bit.

They stand apart from the rules, which are compiled: what encodes them needs Python's own classes.
"""

import sys
from array import array
from typing import TYPE_CHECKING, Final, Self

import msgspec

from pipeline.detect.detectors.count_rules import DROPS, LEVEL_SD, PRIOR_SPREAD, PRIOR_SQUARES, SURGES
from pipeline.detect.detectors.level_rules import GAINS, SHIFTS
from pipeline.detect.detectors.seasons import BIN_MS, BINS, CELLS, cell_of, note_first, plus_ones
from pipeline.records.clocks import DAY_MS
from pipeline.reference.opening.days import WEEKENDS, DaysOff

if TYPE_CHECKING:
    _Array = array[float]
else:
    _Array = array  # Python 3.11 has no array[float]

_IS_BIG: Final = sys.byteorder == "big"


class Floats(_Array):
    """A float for each cell of a profile, side by side in memory as in a snapshot: no object for each, nor work.

    >>> numbers = Floats.zeros()
    >>> numbers[1] = 0.5
    >>> list(numbers[:3]), Floats.unpacked(numbers.packed()) == numbers
    ([0.0, 0.5, 0.0], True)
    """

    __slots__ = ()

    @classmethod
    def zeros(cls) -> Self:
        """Nothing in any cell."""
        return cls("d", bytes(8 * CELLS))

    @classmethod
    def unpacked(cls, data: bytes | list[float]) -> Self:
        """What was packed; or a list, as snapshots held it before.

        Args:
            data: Eight bytes for each, the least significant first.

        Raises:
            ValueError: If there is not one for each cell: the rules would read another cell, or none.
        """
        numbers = cls("d", data)
        if len(numbers) != CELLS:
            raise ValueError(f"profile of {len(numbers)} numbers: must be {CELLS}")
        if _IS_BIG and isinstance(data, bytes):
            numbers.byteswap()
        return numbers

    def packed(self) -> bytes:
        """Eight bytes for each, the least significant first, whatever the machine."""
        if not _IS_BIG:
            return self.tobytes()
        turned = Floats("d", self)
        turned.byteswap()
        return turned.tobytes()


class SeriesState(msgspec.Struct):
    """What a detector remembers of one series: plain values, made without arguments, bounded in size."""


class Exposure(msgspec.Struct):
    """How many steps were lived through.

    Attributes:
        began: Start of the first step, ms.
        steps: All of them, for ever.
        day: Up to which day `cells` and `total` are discounted.
        cells: Steps per cell, older days discounted.
        total: Sum of `cells`.
        first_days: First weekday and first Saturday or Sunday that were seen, -1 before.
    """

    began: int
    steps: int = 0
    day: int = 0
    cells: list[float] = msgspec.field(default_factory=lambda: [0.0] * CELLS)
    total: float = 0.0
    first_days: list[int] = msgspec.field(default_factory=lambda: [-1, -1])

    def discount(self, day: int, keep_per_day: float) -> None:
        """Let older days count less."""
        if day > self.day:
            if self.steps:
                keep = keep_per_day ** (day - self.day)
                self.cells = [steps * keep for steps in self.cells]
                self.total *= keep
            self.day = day

    def advance(self, middle_ms: int, days: DaysOff = WEEKENDS) -> None:
        """Count one step."""
        cell = cell_of(middle_ms, days)
        if self.first_days[cell >= BINS] < 0:
            note_first(self.first_days, middle_ms // DAY_MS, days)
        self.cells[cell] += 1.0
        self.total += 1.0
        self.steps += 1

    def advance_all(self, middles: range, days: DaysOff = WEEKENDS) -> None:
        """Count some steps of one day, to the bit as `advance` counts them one after the other.

        Args:
            middles: Of the steps, ms; the kind of day is known already.
            days: Which days are days of a weekend.
        """
        while middles:
            first = middles[0]
            here = middles[: len(range(first, first - first % BIN_MS + BIN_MS, middles.step))]
            cell = cell_of(first, days)
            self.cells[cell] = plus_ones(self.cells[cell], len(here))
            self.total = plus_ones(self.total, len(here))
            self.steps += len(here)
            middles = middles[len(here) :]


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
        strange: Observed in the last hours of a first weekend.
        strange_mean: Expected of them by the profile alone.
        beyond: How far the evidence of a surge lies above its cap, natural log.
        peak: Its greatest while it is above the gate; 0 below, -1 if an incident explains it.
        bursts: How often it was above the gate by itself, older days discounted.
        burst_logs: How far, summed (`bursts`).
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
    strange: float = 0.0
    strange_mean: float = 0.0
    beyond: float = 0.0
    peak: float = 0.0
    bursts: float = 0.0
    burst_logs: float = 0.0
    own: Exposure | None = None


class LevelState(SeriesState):
    """What is remembered of one measured series.

    Attributes:
        began: Start of the first step, ms.
        readings: Steps with a reading.
        base: Overall location.
        offsets: Per half-hour of weekdays and of weekends, from the base.
        visits: Readings per half-hour; what strays counts as the tenth that it teaches.
        levels: Present deviation from base and offset, followed at each of `GAINS`.
        errors: Mean squared error of each, as a forecast.
        up: Scale of what lies above.
        down: Scale of what lies below.
        excess: Of ratios whose attempts are known: variance beyond the binomial's.
        size: Usual absolute size.
        odds: Shiryaev-Roberts statistics, upwards first.
        climbs: CUSUM for the start of a rise and of a fall.
        starts: Where they last left zero, ms.
        hot_steps: How long evidence is above the gate.
        hot_sum: Sum of deviations since.
        recent: Deviations lately, in scales.
        first_days: First weekday and first Saturday or Sunday that were seen, -1 before.
        wander: Mean distance from base and offset lately, of what did not stray.
    """

    began: int = 0
    readings: int = 0
    base: float = 0.0
    offsets: Floats = msgspec.field(default_factory=Floats.zeros)
    visits: Floats = msgspec.field(default_factory=Floats.zeros)
    levels: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(GAINS))
    errors: list[float] = msgspec.field(default_factory=lambda: [0.0] * len(GAINS))
    up: float = 0.0
    down: float = 0.0
    excess: float = 0.0
    size: float = 0.0
    odds: list[float] = msgspec.field(default_factory=lambda: [0.0] * (2 * len(SHIFTS)))
    climbs: list[float] = msgspec.field(default_factory=lambda: [0.0, 0.0])
    starts: list[int] = msgspec.field(default_factory=lambda: [0, 0])
    hot_steps: int = 0
    hot_sum: float = 0.0
    recent: float = 0.0
    first_days: list[int] = msgspec.field(default_factory=lambda: [-1, -1])
    wander: float = 0.0

"""Measured values: ratios, waiting times, levels - against their time of day.

Location is a slow base, a daily profile of offsets and a quick level; scale is
learnt apart for what lies above and below, since waiting times are skewed.
Where a ratio stands for few attempts, these decide: outcomes are binomial.
Residuals are taken for Student's t with 4 degrees of freedom, so one outlier is
only an outlier: a single step counts at most e^6.5, and it takes two to alarm.
Weekends have offsets of their own, which begin as the weekdays' (and the other way round); on the
first weekend the scale is twice as wide. Evidence is a Shiryaev-Roberts statistic
over a few sizes of change, as in `counts`.

Questionable decision: everything is relative to the learnt scale, never to an
absolute size, so that milliseconds and seconds give the same verdicts; only
ratios, which have no unit, know a least scale of 0.002.

Source:
    K. Lange, R. Little, J. Taylor, JASA 84 (1989), 881-896 (t residuals for robustness);
    M. Pollak, Annals of Statistics 13 (1985), 206-227.
"""

import math
from typing import Final

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Detector, Direction, Family, Make, Verdict, family
from pipeline.detect.detectors.evidence import (
    GATE,
    SLOW,
    add_up,
    climb,
    evidence_of,
    more_for_young,
    sink,
    surprise_of,
)
from pipeline.detect.detectors.level_rules import (
    CLIP,
    FALL,
    GAINS,
    LEAK,
    LOG_CLIP,
    RATIO_SCALE_MIN,
    READINGS_MIN,
    RECENT,
    RECENT_MIN,
    RELATIVE_SCALE_MIN,
    SHIFTS,
    STRAYS_FROM,
    STRAYS_LEARNS,
    UNFAMILIAR,
    WARY,
    Z_MAX,
    LevelRules,
)
from pipeline.detect.detectors.remembered import LevelState
from pipeline.detect.detectors.seasons import BINS, CELLS, cells_beside, is_unfamiliar, note_first, slot_of
from pipeline.detect.detectors.tails import log_tail_t4
from pipeline.records.clocks import DAY_MS


class SeasonalLevels(Detector):
    """Shifts of a measured value, against its time of day.

    About 120 floats of state.

    Args:
        rules: From the settings.
        state: What is remembered of the series; changes in place.
        unit: Of the values; `ratio` adds the binomial's spread where attempts are known.
    """

    def __init__(self, rules: LevelRules, state: LevelState, unit: str) -> None:
        self._rules, self._state = rules, state
        self._is_ratio = unit == "ratio"

    @property
    def began(self) -> int:
        """Start of the first step with a reading, ms; 0 before the first."""
        return self._state.began

    def step(self, value: float, at: int, weight: int = 1) -> Verdict | None:
        """Judge a step, then learn from it.

        Args:
            value: In the series' unit.
            at: End of the step, ms.
            weight: Attempts that a ratio stands for; below 2 is "not known".

        Returns:
            None before the series is a day old and has 60 readings.
        """
        value = float(value)
        rules, state = self._rules, self._state
        slot, part = slot_of(at - rules.step_ms // 2)
        left, right = cells_beside(slot, self.days)
        if not state.readings:
            state.began, state.base = at - rules.step_ms, value
        usual = state.base + self._offset(left) * (1.0 - part) + self._offset(right) * part
        best = state.errors.index(min(state.errors))
        level = state.levels[best]
        expected = usual + level
        deviation = value - expected
        apart = abs(deviation) > ACCEPTED_FROM * max(state.up, state.down)
        self.moved = self.accept and apart and state.hot_steps >= ACCEPTED_STEPS
        if self.moved:
            self._move(deviation)
            usual, expected, deviation = usual + deviation, value, 0.0
        attempts, noise = float(weight), 0.0
        if self._is_ratio and attempts >= 2.0:
            likely = min(max(expected, RATIO_SCALE_MIN), 1.0 - RATIO_SCALE_MIN)
            noise = likely * (1.0 - likely) / attempts
        width = self._width((at - rules.step_ms // 2) // DAY_MS)
        own = self._own_scale(deviation, noise) * width
        scale = math.sqrt(own * own + noise)
        self.usual_value, self.spread, self.is_young = expected, scale, state.readings < READINGS_MIN
        z = deviation / scale if scale else (0.0 if deviation == 0.0 else math.copysign(Z_MAX, deviation))
        verdict = None
        if state.readings >= READINGS_MIN:
            z = max(-Z_MAX, min(Z_MAX, z))
            if noise > own * own:
                share = noise / (noise + own * own)
                rises = tries(attempts, value, likely, share)
                falls = tries(attempts, 1.0 - value, 1.0 - likely, share)
            else:
                rises, falls = shifts(z), shifts(-z)
            verdict = self._weigh(value, expected, z, (rises, falls), at)
        self.expected = verdict.expected if verdict is not None else None
        if self.frozen:
            return verdict
        strays = width == 1.0 and self._strays(value - usual, at)
        wary = WARY if strays or (self._is_unhealthy(value) and not self._is_unhealthy(usual)) else 1.0
        learns = STRAYS_LEARNS if strays else 1.0
        self._learn(value, level, (deviation, noise, scale), left if part < 0.5 else right, (wary, learns))
        if state.hot_steps:
            self._endure(deviation)
        return verdict

    def _offset(self, cell: int) -> float:
        """Offset of a cell; of the other kind of day, while this one is not known."""
        state = self._state
        return state.offsets[cell if state.visits[cell] else (cell + BINS) % CELLS]

    def _width(self, day: int) -> float:
        first_days = self._state.first_days
        note_first(first_days, day, self.days)
        return UNFAMILIAR if is_unfamiliar(first_days, day, self.days) else 1.0

    def _own_scale(self, deviation: float, noise: float) -> float:
        """The series' own scale, on the side of the deviation; without what few attempts add by chance."""
        state = self._state
        if noise:
            return max(RATIO_SCALE_MIN, math.sqrt(max(0.0, state.excess)))
        scale = max(state.up if deviation > 0.0 else state.down, 0.5 * max(state.up, state.down))
        return max(scale, RATIO_SCALE_MIN if self._is_ratio else RELATIVE_SCALE_MIN * state.size)

    def _weigh(
        self, value: float, expected: float, z: float, ratios: tuple[list[float], list[float]], at: int
    ) -> Verdict | None:
        """Add the step to the evidence."""
        rules, state = self._rules, self._state
        climbs, cap = state.climbs, rules.cap
        rise = evidence_of(min(cap, add_up(state.odds, 0, ratios[0], cap)), _LOG_SHIFTS)
        fall = evidence_of(min(cap, add_up(state.odds, len(SHIFTS), ratios[1], cap)), _LOG_SHIFTS)
        for side, towards in enumerate((z, -z)):
            climb(climbs, state.starts, side, climbs[side] + min(6.0, towards) - 1.0, at - rules.step_ms)
        state.recent = RECENT * state.recent + (1.0 - RECENT) * max(-6.0, min(6.0, z))
        state.hot_steps = state.hot_steps + 1 if rise > GATE or fall > GATE else 0
        side = 0 if rise >= fall else 1
        evidence, towards = (rise, z) if side == 0 else (fall, -z)
        lasts = (state.recent if side == 0 else -state.recent) > RECENT_MIN
        if not lasts:
            sink(state.odds, _ALTERNATIVES[side], FALL)
        if at - state.began < rules.warm_up_ms:
            return None
        surprise = surprise_of(log_tail_t4(towards), evidence)
        direction: Direction = "drop" if side else "surge"
        alarm = lasts and towards > 1.0 and evidence >= rules.threshold + more_for_young(at - state.began)
        return Verdict(value, expected, surprise, max(0.0, evidence), direction, state.starts[side], alarm)

    def _is_unhealthy(self, value: float) -> bool:
        return self.healthy is not None and not self.healthy[0] <= value <= self.healthy[1]

    def _strays(self, beyond: float, at: int) -> bool:
        """Has a value left the range in which it wandered lately, to the bad side, whatever the last hour was like?

        Asked of days of a kind that was lived through: on a first weekend nobody knows the range.
        """
        state = self._state
        is_known = state.readings >= READINGS_MIN and at - state.began >= self._rules.warm_up_ms
        return is_known and self.bad * beyond > STRAYS_FROM * max(state.wander, RELATIVE_SCALE_MIN * state.size)

    def _learn(
        self, value: float, level: float, off: tuple[float, float, float], cell: int, paces: tuple[float, float]
    ) -> None:
        """Learn slowly while hot, and outliers as if they lay at 3 scales.

        Quick levels and the profile learn at paces of their own, as parts of the usual one.
        """
        state = self._state
        deviation, noise, scale = off
        wary, learns = paces
        state.readings += 1
        count = state.readings
        young = count <= READINGS_MIN
        share = 1.0 if young or not state.hot_steps else SLOW
        reach = 3.0 * max(state.up, state.down, scale) + RELATIVE_SCALE_MIN * state.size
        clipped = deviation
        if not young and reach:
            clipped = max(-reach, min(reach, deviation))
        beyond = clipped + level
        state.base += share * learns * max(1.0 / count, 0.0005) * beyond
        state.offsets[cell] = self._offset(cell)
        visits = state.visits[cell] + learns
        state.visits[cell] = visits
        if not young:
            state.offsets[cell] += share * learns * max(1.0 / (visits + 5.0), 0.005) * beyond
        quick = share if young else share * wary
        slow = max(1.0 / count, 0.002)
        pace, quick_pace = share * slow, quick * slow
        for number, gain in enumerate(GAINS):
            error = beyond - state.levels[number]
            state.errors[number] += quick_pace * (error * error - state.errors[number])
            state.levels[number] += quick * (gain * error - LEAK * state.levels[number])
        if learns == 1.0:
            state.wander += pace * (abs(beyond) - state.wander)
        if noise:
            state.excess += pace * (clipped * clipped - noise - state.excess)
        size = 1.2533 * abs(clipped)
        if clipped >= 0.0:
            state.up += 2.0 * pace * (size - state.up) if count > 2 else size
        if clipped <= 0.0:
            state.down += 2.0 * pace * (size - state.down) if count > 2 else size
        state.size += share * max(1.0 / count, 0.0005) * (abs(value) - state.size)

    def _endure(self, deviation: float) -> None:
        """What lasts longer than an outage is the new normal: move there, and start afresh."""
        state = self._state
        state.hot_sum = deviation if state.hot_steps == 1 else state.hot_sum + deviation
        if state.hot_steps > self._rules.hot_steps_max:
            self._move(state.hot_sum / state.hot_steps)
            state.levels = [0.0] * len(GAINS)
            self.moved = True

    def _move(self, deviation: float) -> None:
        """Take a level for usual: move there, and start afresh."""
        state = self._state
        state.base += deviation
        state.hot_steps, state.recent = 0, 0.0 if self.accept else state.recent
        state.odds, state.climbs = [0.0] * len(state.odds), [0.0, 0.0]


def shifts(z: float) -> list[float]:
    """Likelihood ratios of shifts upwards, at most `CLIP`, residuals being Student's t with 4 degrees of freedom.

    Args:
        z: Deviation in scales.

    >>> [round(ratio, 1) for ratio in shifts(3.0)]
    [6.2, 19.0, 1.0, 0.0]
    """
    usual = 4.0 + z * z
    ratios = []
    for shift in SHIFTS:
        ratio = usual / (4.0 + (z - shift) * (z - shift))
        power = ratio * ratio * math.sqrt(ratio)  # to the power 2.5
        ratios.append(power if power < CLIP else CLIP)
    return ratios


def tries(attempts: float, share: float, likely: float, trust: float) -> list[float]:
    """Likelihood ratios of greater odds, outcomes being binomial.

    Args:
        attempts: 2 or more.
        share: Of them that came out so, 0 to 1.
        likely: Share to be expected, above 0 and below 1.
        trust: How much of the spread is the binomial's, 0 to 1: tempers the evidence.

    >>> [round(ratio, 2) for ratio in tries(3, 1 / 3, 0.03, 1.0)]
    [1.43, 2.52, 4.52, 4.91]
    """
    hits = attempts * share
    return [
        math.exp(min(LOG_CLIP, trust * (hits * log_times - attempts * math.log1p(likely * (times - 1.0)))))
        for times, log_times in _ODDS
    ]


def prepare(config: DetectConfig) -> Make[LevelState]:
    """Work out the numbers that all measured values share."""
    rules = LevelRules(config)
    return lambda state, unit, _exposure: SeasonalLevels(rules, state, unit)


FAMILY: Final[Family] = family(name="seasonal_levels", judges=("measured",), state=LevelState, prepare=prepare)
"""The row of the registry."""

ACCEPTED_FROM: Final = 2.0
ACCEPTED_STEPS: Final = 3
"""A level stands apart from so many scales on, for who takes it as usual, and has for so many steps: one reading of a
healthy series does so now and then."""

_ALTERNATIVES: Final = (range(len(SHIFTS)), range(len(SHIFTS), 2 * len(SHIFTS)))
"""Places in `LevelState.odds`: of the rises, of the falls."""

_ODDS: Final = tuple((times, math.log(times)) for times in (1.5, 3.0, 8.0, 25.0))
"""How many times the odds, where few attempts decide."""

_LOG_SHIFTS: Final = math.log(len(SHIFTS))

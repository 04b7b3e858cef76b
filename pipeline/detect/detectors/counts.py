"""Counts: a seasonal negative-binomial Shiryaev-Roberts detector.

Expected is a daily profile times a slow level; the spread is negative binomial,
since complaints come in clusters; evidence is a Shiryaev-Roberts statistic for
each of a few alternatives ("2.5 times as many", "hardly any"), which needs on
average e^threshold steps to pass the threshold by chance. So the promised rate
of false alarms *is* the threshold, and nothing is fitted.

Questionable decisions:

* Besides factors there are alternatives of a fixed rate (12 and 60 an hour): for
  a village with one complaint a year "12 times as many" is still nothing.
* Until the daily cycle is known, the spread is as wide as the mean, and only what is out of all proportion gets a
  verdict. On a first weekday after weekends the spread is as wide again, and the level does not pass between kinds of
  days before both are known: a shop that is closed on Sunday would make a surge of every Monday.
* On a first weekend weekdays tell the shape of the day, and the last hours the level, however far it is from theirs.
* People burst: a surge counts in proportion to how the series rises by itself (`bursts`).
* A run of steps without content is taken in at once when the series speaks
  again, in closed form with its mean rate: `skip`.

Source:
    M. Pollak, Annals of Statistics 13 (1985), 206-227; A. Tartakovsky, I. Nikiforov,
    M. Basseville, "Sequential Analysis" (2014), section 8.
"""

import math
from functools import lru_cache
from typing import Final

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.bursts import follow, forget, in_proportion
from pipeline.detect.detectors.count_rules import (
    DENSE,
    DROPS,
    EARLY_TIMES,
    FADE,
    FALL,
    LEVEL_SD,
    MEAN_MIN,
    RECENT,
    RECENT_MIN,
    SPREAD_MAX,
    SPREAD_MIN,
    STRANGE_SD,
    STRANGE_WORTH,
    SURGES,
    CountRules,
)
from pipeline.detect.detectors.detector import Detector, Direction, Family, Make, Verdict, family
from pipeline.detect.detectors.evidence import (
    GATE,
    RESTING,
    SLOW,
    add_up,
    climb,
    evidence_of,
    more_for_young,
    run_of_equals,
    sink,
    surprise_of,
)
from pipeline.detect.detectors.remembered import CountState, Exposure
from pipeline.detect.detectors.seasons import (
    BIN_MS,
    BINS,
    cell_of,
    cells_beside,
    is_unfamiliar,
    slot_of,
)
from pipeline.detect.detectors.tails import likelihood_ratios, log_tail
from pipeline.records.clocks import DAY_MS


class SeasonalCounts(Detector):
    """Surges and drops of a count, against its time of day.

    About 100 floats at most, a few when the series is sparse.

    Args:
        rules: From the settings.
        state: What is remembered of the series; changes in place.
        exposure: Steps lived through, if many series share them: their owner advances it. None: the series has an
            exposure of its own in its state, and a step that does not come was not lived through (a feed of
            counts that reports every 5 minutes).
    """

    def __init__(self, rules: CountRules, state: CountState, exposure: Exposure | None = None) -> None:
        self._rules, self._state = rules, state
        self._shared = exposure is not None
        self._exposure = exposure if exposure is not None else state.own

    @property
    def began(self) -> int:
        """Start of the first step of the exposure, ms; 0 before the first."""
        return self._exposure.began if self._exposure is not None else 0

    @property
    def wants_zeros(self) -> bool:
        """Is there evidence enough to look at every step, or so much expected that zeros count one by one?"""
        return self.is_hot or self.is_dense

    @property
    def is_hot(self) -> bool:
        """Is there evidence enough to look at every step?"""
        return self._state.hot_steps > 0

    @property
    def is_dense(self) -> bool:
        """Is so much expected that zeros count one by one?"""
        exposure = self._exposure
        return exposure is not None and self._state.total >= DENSE * exposure.total

    def spread_now(self) -> float:
        """Spread of a step that was not judged."""
        exposure = self._exposure
        return self._spread(exposure.steps * self._rules.step_ms if exposure is not None else 0)

    def usual(self, at: int) -> float:
        """What is expected of a step that ends at `at`, without judging it."""
        exposure = self._exposure
        return self._mean(at - self._rules.half_step_ms, exposure)[1] if exposure is not None else 0.0

    def usual_of(self, ends: range) -> list[float] | None:
        """What is expected of some steps in a row, as `usual` says it of each.

        Args:
            ends: Of steps whose middles lie in one slot of the profile, ms; the exposure counts the first one already.
        """
        first = ends[0] - self._rules.half_step_ms
        if self._exposure is None:
            return [0.0] * len(ends)
        self._mean(first, self._exposure)
        state = self._state
        left, rise, times = state.left, state.right - state.left, math.exp(state.level)
        parts = _parts((first - BIN_MS // 2) % BIN_MS, len(ends), ends.step)
        if min(left + rise * parts[0], left + rise * parts[-1]) < MEAN_MIN:
            return [max(MEAN_MIN, left + rise * part) * times for part in parts]
        return [(left + rise * part) * times for part in parts]

    def step(self, value: float, at: int, weight: int = 1) -> Verdict | None:  # noqa: ARG002  a count has no attempts
        """Judge a step, then learn from it.

        Args:
            value: How many, 0 or more.
            at: End of the step, ms.
            weight: Not looked at.

        Returns:
            None before the source is old enough.
        """
        value = max(0.0, float(value))
        rules, state = self._rules, self._state
        middle = at - rules.half_step_ms
        exposure = self._exposure
        if exposure is None:
            exposure = self._exposure = state.own = Exposure(began=at - rules.step_ms, day=middle // DAY_MS)
        day = middle // DAY_MS
        exposure.discount(day, rules.keep_per_day)
        unfamiliar = is_unfamiliar(exposure.first_days, day, self.days)
        age = at - exposure.began
        warm = age >= rules.warm_up_ms
        strange = warm and unfamiliar and self.days.is_off(day) and exposure.first_days[0] >= 0
        if state.day != day:
            self._discount(day, exposure, unfamiliar=unfamiliar, strange=strange)
        if state.seen < exposure.steps:
            self._skip(exposure.steps - state.seen, exposure, strange=strange)
        self.moved = False
        if self.accept and state.hot_steps:
            self._scale(math.exp(state.level) * (state.recent + 0.5) / (state.recent_mean + 0.5))
            state.recent_mean = state.recent
        base, mean = self._mean(middle, exposure)
        spread = self._spread(age, unfamiliar=unfamiliar and not strange)
        self.expected = self.usual_value = mean
        self.spread, self.is_young = spread, not warm
        slowly = warm and state.hot_steps > 0
        verdict = self._weigh(value, mean, spread, at, age)
        self._learn(value, (base, mean, spread), middle, slowly=slowly, warm=warm)
        if strange:
            surges = slowly and self._shared and value > mean
            share = 0.0 if self.frozen else SLOW if surges else 1.0
            self._take_strange_level(share * value + (1.0 - share) * mean, base, 1)
        if warm and state.hot_steps and not self.frozen:
            self._endure(value, mean)
        state.seen = exposure.steps + 1
        if not self._shared:
            exposure.advance(middle, self.days)
        return verdict

    def _discount(self, day: int, exposure: Exposure, *, unfamiliar: bool, strange: bool) -> None:
        state, keep = self._state, self._rules.keep_per_day
        other_kind = self.days.is_off(day) != self.days.is_off(state.day)
        if other_kind and (unfamiliar or is_unfamiliar(exposure.first_days, state.day, self.days)):
            state.level, state.variance = 0.0, 1.0 / STRANGE_WORTH if strange else LEVEL_SD**2
            state.strange = state.strange_mean = 0.0
        if state.day and day > state.day:
            keep **= day - state.day
            state.sums = {cell: count * keep for cell, count in state.sums.items() if count * keep > 1e-9}
            state.total *= keep
            state.excess *= keep
            state.squares *= keep
            forget(state, keep)
        state.day = day

    def _skip(self, steps: int, exposure: Exposure, *, strange: bool) -> None:
        """Take in a run of steps without content, at the series' mean rate."""
        rules, state = self._rules, self._state
        mean = max(MEAN_MIN, (state.total + 0.5) / (exposure.total + 1.0) * math.exp(state.level))
        r = 1.0 / self._spread(exposure.steps * rules.step_ms)
        base = r + mean
        for number, (times, floor, _) in enumerate(rules.surges + rules.drops):
            ratio = math.exp(r * math.log(base / (r + max(floor, times * mean))))
            state.odds[number] = run_of_equals(state.odds[number], ratio, steps, rules.cap)
        state.recent *= RECENT ** min(steps, 1_000)
        state.recent_mean = mean / (1.0 - RECENT)
        if state.recent <= RECENT_MIN:
            state.climbs[0] = 0.0
            state.odds = [min(odds, RESTING) for odds in state.odds]
        state.climbs[1] = 0.0
        state.hot_steps, state.beyond = 0, 0.0
        follow(state, 0.0, goes_on=False, known=self.frozen)
        state.excess += steps * (mean * mean - mean)
        state.squares += steps * mean * mean
        if strange:
            self._take_strange_level(0.0, (state.total + 0.5) / (exposure.total + 1.0), steps)
            return
        whole = steps * mean
        gain = state.variance / (state.variance + 1.0 / whole + 1.0 / r)
        keep = rules.phi**steps
        state.level = max(-3.0, state.level * keep - gain)
        state.variance = min(LEVEL_SD**2, state.variance * keep**2 + LEVEL_SD**2 * (1.0 - keep**2))

    def _mean(self, middle: int, exposure: Exposure) -> tuple[float, float]:
        """What the profile says, and what the level makes of it."""
        state = self._state
        slot, part = slot_of(middle)
        if slot != state.slot or exposure.steps < 100:
            rate = (state.total + 0.5) / (exposure.total + 1.0)
            left, right = cells_beside(slot, self.days)
            state.slot = slot
            state.left = self._cell_mean(left, rate, exposure)
            state.right = self._cell_mean(right, rate, exposure)
        base = max(MEAN_MIN, state.left + (state.right - state.left) * part)
        return base, base * math.exp(state.level)

    def _cell_mean(self, cell: int, rate: float, exposure: Exposure) -> float:
        """Mean of a cell, leaning on the other kind of day, and that on the overall mean: 4 and 10 counts' worth."""
        sums, lived = self._state.sums, exposure.cells
        other = cell + BINS if cell < BINS else cell - BINS
        mine, mine_lived = sums.get(cell, 0.0), lived[cell]
        weak = max(10.0, 4.0 / rate)
        both = (mine + sums.get(other, 0.0) + weak * rate) / (mine_lived + lived[other] + weak)
        strong = max(15.0, 10.0 / rate)
        return (mine + strong * both) / (mine_lived + strong)

    def _spread(self, age: int, *, unfamiliar: bool = False) -> float:
        """1/r: own clustering, what is not known of the level, and what is not known of the rate."""
        state = self._state
        spread = max(SPREAD_MIN, state.excess / state.squares) + state.variance + 1.0 / (state.total + 0.5)
        if unfamiliar or age < self._rules.warm_up_ms:
            spread = max(1.0, spread)
        return min(SPREAD_MAX, spread)

    def _weigh(self, value: float, mean: float, spread: float, at: int, age: int) -> Verdict | None:
        """Add the step to the evidence."""
        rules, state = self._rules, self._state
        if age < rules.early_ms:
            return None
        r = 1.0 / spread
        most = EARLY_TIMES * mean if age < rules.warm_up_ms else mean
        climbs, starts, begin = state.climbs, state.starts, at - rules.step_ms
        ratios, gain = likelihood_ratios(rules.surges, value, most, r)
        climb(climbs, starts, 0, climbs[0] + gain, begin)
        best = add_up(state.odds, 0, ratios, rules.cap)
        if best > rules.cap or state.beyond:
            state.beyond = max(0.0, state.beyond + math.log(best / rules.cap))
        surge = evidence_of(min(rules.cap, best), _LOG_SURGES)
        ratios, gain = likelihood_ratios(rules.drops, value, mean, r)
        climb(climbs, starts, 1, climbs[1] + gain, begin)
        drop = evidence_of(min(rules.cap, add_up(state.odds, len(SURGES), ratios, rules.cap)), _LOG_DROPS)
        state.recent = RECENT * state.recent + value
        state.recent_mean = RECENT * state.recent_mean + mean
        state.hot_steps = state.hot_steps + 1 if surge > GATE or drop > GATE else 0
        return self._verdict(value, mean, r, (surge, drop), age)

    def _verdict(self, value: float, mean: float, r: float, both: tuple[float, float], age: int) -> Verdict | None:
        rules, state = self._rules, self._state
        side = 0 if both[0] >= both[1] else 1
        noise = math.sqrt(state.recent_mean * (1.0 + state.recent_mean * (1.0 - RECENT) / r))
        apart = state.recent - state.recent_mean if side == 0 else state.recent_mean - state.recent
        goes_on = apart > noise and (side == 1 or state.recent > RECENT_MIN)
        # where single steps tell something, one that is as usual is not part of the outage
        back = mean >= 1.0 and (value <= mean if side == 0 else value >= mean)
        evidence, enough = both[side], rules.threshold + (0.0 if self._shared else more_for_young(age))
        proven = evidence >= enough
        if side == 0:
            follow(state, evidence + state.beyond, goes_on=goes_on, known=self.frozen)
            if age >= rules.warm_up_ms:
                evidence = in_proportion(evidence + state.beyond, state, self._lived(), rules.step_ms)
        alarm = evidence >= enough and goes_on and not back
        if not goes_on:
            state.climbs[side] = 0.0
        if not goes_on or (proven and back):
            sink(state.odds, _ALTERNATIVES[side], FALL if proven else FADE)
            state.beyond = 0.0
        surprise = surprise_of(log_tail(value, mean, r, above=side == 0), evidence)
        if age < rules.warm_up_ms and not (alarm and side == 0 and surprise >= rules.early_surprise_min):
            return None
        direction: Direction = "drop" if side else "surge"
        return Verdict(value, mean, surprise, max(0.0, evidence), direction, state.starts[side], alarm)

    def _take_strange_level(self, observed: float, base: float, steps: int) -> None:
        """On a first weekend the level is what was observed in the last hours of what the profile alone expected."""
        state, keep_one = self._state, self._rules.keep_strange
        keep = keep_one**steps
        state.strange = keep * state.strange + observed
        state.strange_mean = keep * state.strange_mean + base * (1.0 - keep) / (1.0 - keep_one)
        worth = state.strange + STRANGE_WORTH
        state.level = max(-3.0, min(3.0, math.log(worth / (state.strange_mean + STRANGE_WORTH))))
        state.variance = 1.0 / worth + STRANGE_SD**2

    def _lived(self) -> float:
        """Steps lived through, older days discounted."""
        return self._exposure.total if self._exposure is not None else 0.0

    def _learn(
        self, value: float, expected: tuple[float, float, float], middle: int, *, slowly: bool, warm: bool
    ) -> None:
        """Learn slowly while hot, and never more than 4 standard deviations (or 2 counts) at once.

        A source that warms up has seen no morning yet: it learns all as it comes.
        What a hot step does not add, its expectation does: the exposure counts the step whole.
        """
        rules, state = self._rules, self._state
        base, mean, spread = expected
        share = 0.0 if self.frozen else SLOW if slowly else 1.0
        if warm:
            value = min(value, max(2.0, mean + 4.0 * math.sqrt(mean + spread * mean * mean)))
        if warm or not state.hot_steps:
            off = value - mean
            state.excess = max(0.0, state.excess + share * (off * off - mean - state.variance * mean * mean))
            state.squares += share * mean * mean
        phi, variance = rules.phi, state.variance
        gain = share * variance / (variance + 1.0 / mean + spread)
        state.level = max(-3.0, min(3.0, phi * state.level + gain * (value - mean) / mean))
        state.variance = phi * phi * (1.0 - gain) * variance + rules.drive
        amount = share * value + (1.0 - share) * base
        if amount:
            cell = cell_of(middle, self.days)
            state.sums[cell] = state.sums.get(cell, 0.0) + amount
            state.total += amount

    def _endure(self, value: float, mean: float) -> None:
        """What lasts longer than an outage is the new normal: scale the profile to it, and start afresh."""
        state = self._state
        if state.hot_steps == 1:
            state.hot_seen = state.hot_mean = 0.0
        state.hot_seen += value
        state.hot_mean += mean
        if state.hot_steps <= self._rules.hot_steps_max:
            return
        self._scale((state.hot_seen + 0.5) / (state.hot_mean + 0.5))

    def _scale(self, times: float) -> None:
        """Take so many times the profile for usual, and start afresh."""
        state, self.moved = self._state, True
        state.sums = {cell: count * times for cell, count in state.sums.items()}
        state.total *= times
        state.level, state.slot, state.hot_steps = 0.0, -1, 0
        state.odds = [0.0] * len(state.odds)
        state.climbs = [0.0, 0.0]


@lru_cache(maxsize=4_096)
def _parts(rest: int, steps: int, step_ms: int) -> tuple[float, ...]:
    """How far into its slot each of some steps lies, 0 to 1; the first one so many ms."""
    return tuple(at / BIN_MS for at in range(rest, rest + steps * step_ms, step_ms))


def prepare(config: DetectConfig) -> Make[CountState]:
    """Work out the numbers that all counts share."""
    rules = CountRules(config)
    return lambda state, _unit, exposure: SeasonalCounts(rules, state, exposure)


FAMILY: Final[Family] = family(name="seasonal_counts", judges=("people", "metered"), state=CountState, prepare=prepare)
"""The row of the registry."""

_ALTERNATIVES: Final = (range(len(SURGES)), range(len(SURGES), len(SURGES) + len(DROPS)))
"""Places in `CountState.odds`: of the surges, of the drops."""

_LOG_SURGES: Final = math.log(len(SURGES))
_LOG_DROPS: Final = math.log(len(DROPS))

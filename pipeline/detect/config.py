"""Settings of DETECT, each with its unit, its limit and where the default comes from."""

import math
from dataclasses import dataclass
from typing import Final

from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, PANE_MS
from pipeline.records.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectConfig:
    """When does a step of a series stand out?

    Attributes:
        markets: These countries are worked on, sorted, each once; CORRELATE hears of each whenever time moves.
        step_ms: So many milliseconds are judged at once: whole panes that divide an hour. A minute is the finest
            step at which a nation's complaints are more than noise.
        promise_days: One series may raise one false alarm in so many days, 0.1 to 3650. A month is bearable, since
            CORRELATE wants a second source or many series for anything that wakes people.
        warm_up_ms: The verdicts of a source count from this age of it in a scope on, and those of a measured series
            from its own, in milliseconds up to 60 days. One day, since the daily cycle is the largest regular
            change.
        early_ms: Counts may speak from this age on, in milliseconds up to `warm_up_ms`, if what they say is out of
            all proportion.
        early_people_min: Before `warm_up_ms` a surge takes so many people, 1 to 10000.
        early_surprise_min: Before `warm_up_ms` a surge takes this surprise (-log10 p), 1 to 300, under a spread as
            wide as the mean.
        people_min: A surge of complaints or activity takes so many people, each counted once, 1 to 64. "Four to six
            posts of one place" is where the AT&T study of 2010 put the limit.
        people_gap_ms: After a pause of so many milliseconds people are counted anew, one pane to a day. Half an
            hour is two reports of a slow village.
        half_life_days: After so many days a day counts half in the daily profile, 1 to 365.
        hot_ms_max: An alarm slows learning down for at most so many milliseconds, a minute to 7 days; afterwards the
            new level is the normal one. One day: O2 UK's outage of July 2012 lasted up to 24 hours, and a baseline
            must not learn it.
        freeze_above: Where an outage is likelier than this, nothing is learnt: a probability, 0.01 to 1. One in five is
            a judgement. 1 takes the rule away, to measure what it is worth.
        telemetry_silence_ms_min: A feed of telemetry is not silent before so many milliseconds, one pane to a day.
        telemetry_gaps: A feed of telemetry is silent after so many of its usual gaps, 1 to 100.
        people_silence_ms_min: Tickets and mentions are not silent before so many milliseconds, a minute to 7 days.
        people_silence_surprise: Tickets and mentions are silent if so long a pause has this surprise (-log10 p), 1
            to 300.
        activity_ms: A nation's talk and care figures ride along for so many milliseconds after an anomaly, up to 7
            days.
        series_max: A scope holds so many series, 1 to 100000; what comes beyond is suppressed, and said to be.
        idle_ms: A count without content for so many milliseconds is forgotten, a day to 90 days; it returns as if
            it had been zero.
        items_max: One record of `anomalies` holds so many anomalies and claims, 1 to 100000; more are split. A
            hundred are about 200 KB.
    """

    markets: tuple[str, ...] = ("DE", "FR", "GB", "US")
    step_ms: int = MINUTE_MS
    promise_days: float = 30.0
    warm_up_ms: int = DAY_MS
    early_ms: int = 2 * HOUR_MS
    early_people_min: int = 6
    early_surprise_min: float = 6.0
    people_min: int = 4
    people_gap_ms: int = 30 * MINUTE_MS
    half_life_days: float = 21.0
    hot_ms_max: int = DAY_MS
    freeze_above: float = 0.2
    telemetry_silence_ms_min: int = 2 * MINUTE_MS
    telemetry_gaps: float = 3.0
    people_silence_ms_min: int = 30 * MINUTE_MS
    people_silence_surprise: float = 6.0
    activity_ms: int = 2 * HOUR_MS
    series_max: int = 1_000
    idle_ms: int = 7 * DAY_MS
    items_max: int = 200

    def __post_init__(self) -> None:
        wrong = []
        if not self.markets or list(self.markets) != sorted(set(self.markets)):
            wrong.append(f"detect.markets = {self.markets!r}: must be at least one market, sorted, each once")
        if self.step_ms % PANE_MS or not PANE_MS <= self.step_ms <= HOUR_MS or HOUR_MS % self.step_ms:
            wrong.append(
                f"detect.step_ms = {self.step_ms}: must be whole panes of {PANE_MS} ms that divide an hour; 60000"
            )
        if not self.early_ms <= self.warm_up_ms:
            wrong.append(f"detect.early_ms = {self.early_ms}: must be at most warm_up_ms = {self.warm_up_ms}")
        wrong += [
            f"detect.{name} = {getattr(self, name)!r}: must be {low:g} to {high:g}; the default is {default:g}"
            for name, low, high, default in _LIMITS
            if not low <= getattr(self, name) <= high  # also refuses nan
        ]
        if wrong:
            raise ConfigError("\n".join(wrong))

    @property
    def threshold(self) -> float:
        """Evidence from which a step stands out, natural log.

        A Shiryaev-Roberts statistic needs on average e^threshold steps to pass it by chance.

        >>> round(DetectConfig(promise_days=7.0).threshold, 2)
        9.22
        """
        return math.log(self.promise_days * DAY_MS / self.step_ms)


_LIMITS: Final = (
    ("promise_days", 0.1, 3_650, 30),
    ("warm_up_ms", 0, 60 * DAY_MS, DAY_MS),
    ("early_ms", 0, 60 * DAY_MS, 2 * HOUR_MS),
    ("early_people_min", 1, 10_000, 6),
    ("early_surprise_min", 1, 300, 6),
    ("people_min", 1, 64, 4),
    ("people_gap_ms", PANE_MS, DAY_MS, 30 * MINUTE_MS),
    ("half_life_days", 1, 365, 21),
    ("hot_ms_max", MINUTE_MS, 7 * DAY_MS, DAY_MS),
    ("freeze_above", 0.01, 1, 0.2),
    ("telemetry_silence_ms_min", PANE_MS, DAY_MS, 2 * MINUTE_MS),
    ("telemetry_gaps", 1, 100, 3),
    ("people_silence_ms_min", MINUTE_MS, 7 * DAY_MS, 30 * MINUTE_MS),
    ("people_silence_surprise", 1, 300, 6),
    ("activity_ms", 0, 7 * DAY_MS, 2 * HOUR_MS),
    ("series_max", 1, 100_000, 1_000),
    ("idle_ms", DAY_MS, 90 * DAY_MS, 7 * DAY_MS),
    ("items_max", 1, 100_000, 200),
)

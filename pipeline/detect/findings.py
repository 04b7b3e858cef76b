"""What a step of a scope gives, and by which rules it is judged.

What was judged is told only to who asks: reports do, a live run does not. A week of one operator has a million
judgements, and writing them out cost a tenth of DETECT. So a step keeps what it takes to make them, and
makes them when read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, overload

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Detector, Family, Verdict
from pipeline.detect.detectors.registry import Jury, Ready, jury_of
from pipeline.detect.detectors.remembered import Exposure, SeriesState
from pipeline.detect.rollup import series_of
from pipeline.records.clocks import Instant
from pipeline.records.inner.anomalies import Activity, Anomaly, FeedSilence, MeasuredPlace
from pipeline.records.inner.figures import FollowedFigure
from pipeline.records.inner.judgements import Judgement
from pipeline.records.inner.talk import TalkSum, WholeComplaint
from pipeline.records.inner.weighings import Weighing
from pipeline.records.published.decisions import Decision
from pipeline.reference.metrics import Metrics
from pipeline.reference.opening.days import WEEKENDS, DaysOff
from pipeline.reference.opening.hours import OperatorHours


class Note(NamedTuple):
    """One series, one step, as the judge left it."""

    key: str
    operator: str
    scope_area: str
    end: int
    observed: float
    verdict: Verdict | None

    def told(self) -> Judgement:
        """As a record."""
        verdict = self.verdict
        return Judgement(
            series=series_of(self.key, self.operator, self.scope_area),
            ended_at=Instant(self.end),
            observed=self.observed,
            expected=round(verdict.expected, 6) if verdict is not None else None,
            surprise=round(verdict.surprise, 6) if verdict is not None else None,
        )


class Judged(Sequence[Judgement]):
    """Judgements that are made when they are read.

    Args:
        notes: In their order; not copied.
    """

    def __init__(self, notes: list[Note]) -> None:
        self._notes = notes

    def __len__(self) -> int:
        return len(self._notes)

    @overload
    def __getitem__(self, index: int) -> Judgement: ...

    @overload
    def __getitem__(self, index: slice) -> "Judged": ...

    def __getitem__(self, index: int | slice) -> "Judgement | Judged":
        if isinstance(index, slice):
            return Judged(self._notes[index])
        return self._notes[index].told()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Judged) and self._notes == other._notes

    __hash__ = None  # type: ignore[assignment]  # like a list


@dataclass(slots=True)
class Found:
    """What a step of a scope gave; filled as it is judged."""

    end: int
    anomalies: list[Anomaly] = field(default_factory=list)
    silences: list[FeedSilence] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    judged: list[Note] = field(default_factory=list)
    weighings: list[Weighing] = field(default_factory=list)
    figures: list[FollowedFigure] = field(default_factory=list)
    complaints: list[WholeComplaint] = field(default_factory=list)
    talk: list[TalkSum] = field(default_factory=list)
    figures_omitted: int = 0
    measured: tuple[MeasuredPlace, ...] = ()


class Opinion(NamedTuple):
    """What one detector thinks of a step of a series.

    Attributes:
        detector: Its name.
        verdict: None if it has none.
        began: Since when it listens to the series, ms.
    """

    detector: str
    verdict: Verdict | None
    began: int

    def hushed(self) -> "Opinion":
        """The same without an alarm: talk of a town stands out for any reason, and the account says which."""
        return self if self.verdict is None else self._replace(verdict=self.verdict._replace(alarm=False))


class JudgeRules(NamedTuple):
    """What judges the steps of all scopes, worked out once for some settings.

    Attributes:
        config: The settings.
        jury: Who judges which kind of series.
        keep_per_day: What is left of a day in the profiles with each day that passes, 0 to 1.
        metrics: What figures of telemetry mean.
        days: Which days are days of a weekend in the scope.
        hours: When sources of its operator are open; None = nobody wrote any.
    """

    config: DetectConfig
    jury: Jury
    keep_per_day: float
    metrics: Metrics
    days: DaysOff = WEEKENDS
    hours: OperatorHours | None = None

    def made(self, ready: Ready, state: SeriesState, unit: str, exposure: Exposure | None) -> Detector:
        """A detector around what it remembers, which knows the scope's holidays.

        Args:
            ready: Which one.
            state: What it remembers of the series.
            unit: Of the series.
            exposure: Of its source, if its series share one.
        """
        detector = ready.make(state, unit, exposure)
        detector.days = self.days
        return detector

    def is_closed(self, feed: str, end: int) -> bool:
        """Is a feed out of its written hours in a step, by the step's middle?

        Args:
            feed: As `silence.feed_of` says.
            end: End of the step, ms.
        """
        return self.hours is not None and self.hours.is_closed(feed, end - self.config.step_ms // 2)


@lru_cache(maxsize=8)
def rules_of(config: DetectConfig, detectors: tuple[Family, ...], metrics: Metrics) -> JudgeRules:
    """Work out what judges, for some settings and some rows of the registry, where nobody knows of days and hours.

    Args:
        config: The settings.
        detectors: Rows of the registry.
        metrics: What figures of telemetry mean.
    """
    return JudgeRules(config, jury_of(detectors, config), 0.5 ** (1.0 / config.half_life_days), metrics)

"""Judging: one step of one scope, every series against what is to be expected of it.

Zeros are content too, but most series are villages. A count is judged when
something came, when enough is expected for a zero to tell something, or when it is hot;
the others take in their run of zeros at once when they speak again (`SeasonalCounts`). So a quiet
minute costs a scope microseconds.

A drop of complaints or talk is never an anomaly: it is good news, or a dead
feed, which is `silence`'s to say. A detector that raises costs its series:
forgotten, written down, and the stream goes on.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.count_state import CountRules, CountState
from pipeline.detect.detectors.counts import SeasonalCounts
from pipeline.detect.detectors.levels import LevelRules, LevelState, SeasonalLevels
from pipeline.detect.detectors.seasons import Exposure
from pipeline.detect.detectors.verdicts import Verdict
from pipeline.detect.judged import Note
from pipeline.detect.rollup import TOPS, counts_people, key_fields, roll_up, top_key
from pipeline.detect.silence import hear, is_silent, miss
from pipeline.detect.state import Metered, ScopeState
from pipeline.records.clocks import DAY_MS, HOUR_MS, Instant
from pipeline.records.fixed_point import SCALES
from pipeline.records.ids import content_id
from pipeline.records.inner.anomalies import Activity, Anomaly, FeedSilence
from pipeline.records.inner.partials import Partial
from pipeline.records.published.decisions import Decision
from pipeline.records.raw.telemetry import CARE_METRICS
from pipeline.records.vocabulary import DecisionKind, DecisionReason

TALK: Final = frozenset({*TOPS, "reactions"})
"""Measures that ride along with an open incident, besides the call centre's."""


class Found(NamedTuple):
    """What a step of a scope gave."""

    end: int
    anomalies: list[Anomaly]
    silences: list[FeedSilence]
    activity: list[Activity]
    decisions: list[Decision]
    judged: list[Note]


class Rules(NamedTuple):
    """Numbers of the detectors, worked out once per settings."""

    counts: CountRules
    levels: LevelRules


@lru_cache(maxsize=8)
def rules_of(config: DetectConfig) -> Rules:
    """Numbers of the detectors for some settings."""
    return Rules(CountRules(config), LevelRules(config))


class StepJudge:
    """Judges one step of one scope.

    Args:
        scope: Changes in place.
        end: End of the step, ms.
        config: Settings.
        market: Of the scope's operator.
    """

    def __init__(self, scope: ScopeState, end: int, config: DetectConfig, market: str) -> None:
        self._scope, self._end, self._config, self._market = scope, end, config, market
        self._rules = rules_of(config)
        self._found = Found(end, [], [], [], [], [])
        self._awake: list[str] = []
        self._expected: dict[str, float | None] = {}

    def run(self) -> Found:
        """Judge every series that has something to tell, in the order of their names."""
        scope, found, end = self._scope, self._found, self._end
        self._sweep()
        panes = sorted(pane for pane in scope.panes if pane < end)
        found.silences.extend(hear(scope, panes))
        sums = roll_up((scope.panes.pop(pane) for pane in panes), scope.area)
        found.silences.extend(miss(scope, end, self._config))
        live = self._live(sums)
        waiting = [key for key in scope.awake if key not in sums and key_fields(key).source in live]
        for key in sorted([*sums, *waiting]):
            self._judge_guarded(key, sums.get(key))
        middle = end - self._config.step_ms // 2
        for source in live:
            scope.exposures[source].advance(middle)
        self._note_missed(live)
        scope.awake, scope.judged_to = self._awake, end
        if found.anomalies:
            scope.anomaly_at = end
        if "/" not in scope.area and scope.anomaly_at >= 0 and end - scope.anomaly_at <= self._config.activity_ms:
            self._ride_along(sums)
        return found

    def _live(self, sums: dict[str, Partial]) -> list[str]:
        """Sources of people's words that speak in this scope; a new one begins its exposure."""
        scope, day = self._scope, (self._end - self._config.step_ms // 2) // DAY_MS
        for key in sums:
            source = key_fields(key).source
            if source != "telemetry" and source not in scope.exposures:
                scope.exposures[source] = Exposure(began=self._end - self._config.step_ms, day=day)
        live = [source for source in sorted(scope.exposures) if not is_silent(scope, source)]
        for source in live:
            scope.exposures[source].discount(day, self._rules.counts.keep_per_day)
        return live

    def _note_missed(self, live: list[str]) -> None:
        """What a source that said nothing would have said."""
        scope = self._scope
        for source in live:
            feed, exposure = scope.feeds[source], scope.exposures[source]
            if (
                feed.spoke_at <= self._end - self._config.step_ms
                and self._end - exposure.began >= self._config.warm_up_ms
            ):
                tops = (self._usual(top_key(scope.area, source, measure), exposure) for measure in TOPS)
                feed.missed += max(tops)

    def _usual(self, key: str, exposure: Exposure) -> float:
        """What is expected of a sum, though it was not judged."""
        expected = self._expected.get(key)
        state = self._scope.counts.get(key)
        if expected is None and state is not None:
            detector = SeasonalCounts(self._rules.counts, state, exposure, shared=True)
            expected = self._expected[key] = detector.usual(self._end)
        return expected or 0.0

    def _judge_guarded(self, key: str, partial: Partial | None) -> None:
        if not self._has_room(key):
            return
        try:
            if counts_people(key_fields(key)):
                self._judge_count(key, partial)
            elif partial is not None:
                self._judge_value(key, partial)
        except Exception as error:  # noqa: BLE001  a rule that raises costs its series, whatever it raises
            for baselines in (self._scope.counts, self._scope.metered, self._scope.levels):
                baselines.pop(key, None)
            words = f"detector raised {type(error).__name__}: {error}; the series starts anew"
            self._decide(DecisionKind.RESET, DecisionReason.RULE_FAILED, key, words)

    def _has_room(self, key: str) -> bool:
        scope = self._scope
        if key in scope.levels or key in scope.counts or key in scope.metered or self._is_top(key):
            return True
        if len(scope.counts) + len(scope.metered) + len(scope.levels) < self._config.series_max:
            return True
        day = self._end // DAY_MS
        if scope.limit_day < day:
            scope.limit_day = day
            words = f"scope has {self._config.series_max} series, the most it may: new ones are not judged today"
            self._decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, key, words)
        return False

    def _judge_count(self, key: str, partial: Partial | None) -> None:
        scope, fields = self._scope, key_fields(key)
        if fields.measure not in TOPS:
            return
        state = scope.counts.setdefault(key, CountState())
        detector = SeasonalCounts(self._rules.counts, state, scope.exposures[fields.source], shared=True)
        if partial is not None:
            self._remember_people(state, partial)
        observed = partial.distinct if partial is not None else 0
        verdict = detector.step({"value": observed, "at": self._end})
        if detector.is_hot or detector.is_dense:
            self._awake.append(key)
        self._note(key, float(observed), verdict)
        self._expected[key] = detector.expected
        if verdict is None or not verdict.alarm or verdict.direction == "drop":
            return
        warm = self._end - scope.exposures[fields.source].began >= self._config.warm_up_ms
        if len(state.people) >= (self._config.people_min if warm else self._config.early_people_min):
            self._found.anomalies.append(self._anomaly(key, verdict, partial, "seasonal_counts"))

    def _remember_people(self, state: CountState, partial: Partial) -> None:
        """Who spoke since the last pause: as many as it takes; an unknown author is a person of their own."""
        if self._end - state.spoke_at > self._config.people_gap_ms:
            state.people = []
        state.spoke_at = self._end
        enough = max(self._config.people_min, self._config.early_people_min)
        for person in sorted(partial.people or partial.ids):
            if len(state.people) >= enough:
                return
            if person not in state.people:
                state.people.append(person)

    def _judge_value(self, key: str, partial: Partial) -> None:
        scope, unit = self._scope, key_fields(key).unit
        weight = partial.weight or partial.count
        value = (partial.weighted if partial.weight else partial.total) / (weight * SCALES[unit])
        x: dict[Hashable, Any] = {
            "value": value,
            "at": self._end,
            "weight": int(weight) if weight > partial.count else 1,
        }
        if unit == "count":
            metered = scope.metered.setdefault(key, Metered(series=CountState()))
            detector = SeasonalCounts(self._rules.counts, metered.series, metered.exposure)
            verdict = detector.step(x)
            metered.exposure, metered.series.spoke_at, name = detector.exposure, self._end, "seasonal_counts"
        else:
            level = scope.levels.setdefault(key, LevelState())
            verdict, name = SeasonalLevels(self._rules.levels, level, unit).step(x), "seasonal_levels"
            level.spoke_at = self._end
        self._note(key, value, verdict)
        self._expected[key] = verdict.expected if verdict is not None else None
        if verdict is not None and verdict.alarm:
            self._found.anomalies.append(self._anomaly(key, verdict, partial, name))

    def _note(self, key: str, observed: float, verdict: Verdict | None) -> None:
        scope = self._scope
        self._found.judged.append(Note(key, scope.operator, scope.area, self._end, observed, verdict))

    def _anomaly(self, key: str, verdict: Verdict, partial: Partial | None, detector: str) -> Anomaly:
        fields, said = key_fields(key), partial if partial is not None else Partial()
        people = counts_people(fields)
        return Anomaly(
            operator=self._scope.operator,
            scope_area=self._scope.area,
            **fields._asdict(),
            ended_at=Instant(self._end),
            step_ms=self._config.step_ms,
            started_at=Instant(verdict.started_at),
            direction=verdict.direction,
            observed=round(verdict.observed, 6),
            expected=round(verdict.expected, 6),
            surprise=round(verdict.surprise, 6),
            evidence=round(verdict.evidence, 6),
            detector=detector,
            records=said.distinct if people else said.count,
            people=said.people_count if people else 0,
            symptoms={tag: count for tag, count in said.tags().items() if tag},
            examples=list(said.examples),
            learnt_hours=max(0, self._end - self._began(key)) // HOUR_MS,
        )

    def _began(self, key: str) -> int:
        """Since when the detector listens to a series, ms."""
        scope, fields = self._scope, key_fields(key)
        if counts_people(fields):
            return scope.exposures[fields.source].began
        metered = scope.metered.get(key)
        if metered is not None and metered.exposure is not None:
            return metered.exposure.began
        return scope.levels[key].began

    def _ride_along(self, sums: dict[str, Partial]) -> None:
        """The nation's talk and care figures, whether they stand out or not."""
        scope = self._scope
        for key in sorted({*sums, *(key for key in self._expected if self._is_top(key))}):
            fields, partial = key_fields(key), sums.get(key)
            if fields.area != scope.area or fields.item or fields.element:
                continue
            if fields.measure not in (CARE_METRICS if fields.source == "telemetry" else TALK):
                continue
            expected = self._expected.get(key)
            self._found.activity.append(
                Activity(
                    operator=scope.operator,
                    source=fields.source,
                    measure=fields.measure,
                    service=fields.service,
                    unit=fields.unit,
                    observed=_observed(fields.source, fields.measure, fields.unit, partial),
                    expected=None if expected is None else round(expected, 6),
                    people=partial.people_count if partial is not None else 0,
                )
            )

    def _is_top(self, key: str) -> bool:
        fields = key_fields(key)
        return fields.measure in TOPS and key == top_key(self._scope.area, fields.source, fields.measure)

    def _sweep(self) -> None:
        """Forget counts that were idle for days, once a day of event time."""
        scope, day = self._scope, self._end // DAY_MS
        if day <= scope.swept_day:
            return
        scope.swept_day = day
        before = self._end - self._config.idle_ms
        for key in [key for key, state in scope.counts.items() if state.spoke_at < before and not self._is_top(key)]:
            del scope.counts[key]
        for key in [key for key, metered in scope.metered.items() if metered.series.spoke_at < before]:
            del scope.metered[key]
        for key in [key for key, level in scope.levels.items() if level.spoke_at < before]:
            del scope.levels[key]
        scope.awake = [key for key in scope.awake if key in scope.counts]

    def _decide(self, kind: DecisionKind, reason: DecisionReason, key: str, words: str) -> None:
        fields = key_fields(key)
        named = (fields.area, fields.element, fields.service, fields.item, fields.source, fields.measure)
        subject = "/".join((self._scope.operator, *filter(None, named)))[:200]
        self._found.decisions.append(
            Decision(
                decision_id=content_id("detect", kind, subject, key, self._scope.area, reason, self._end),
                stage="detect",
                kind=kind,
                subject=subject,
                reason=reason,
                text=words[:200],
                at=Instant(self._end),
                market=self._market,
            )
        )


def _observed(source: str, measure: str, unit: str, partial: Partial | None) -> float:
    """A step's value for a chart: ids once, the sum of reactions, the mean of a meter."""
    if partial is None:
        return 0.0
    if source == "telemetry":
        weight = partial.weight or partial.count
        value = (partial.weighted if partial.weight else partial.total) / (weight * SCALES[unit])
        return round(value, 6)
    return partial.total / SCALES["count"] if measure == "reactions" else float(partial.distinct)

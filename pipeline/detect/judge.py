"""Judging: one step of one scope, every series against what is to be expected of it.

Zeros are content too, but most series are villages. A count is judged when
something came, when enough is expected for a zero to tell something, or when it is hot;
the others take in their run of zeros at once when they speak again (`SeasonalCounts`). So a quiet
minute costs a scope microseconds.

A drop of complaints or talk is never an anomaly: it is good news, or a dead
feed, which is `silence`'s to say. A detector that raises costs its series:
forgotten, written down, and the stream goes on.

Which detectors judge is the registry's business (`detectors.registry`): this file knows
kinds of series, and asks whoever judges them.
"""

from collections.abc import Sequence

from pipeline.detect.counters import forget_idle, told_as_rates
from pipeline.detect.detectors.detector import Detector, Direction, SeriesKind, Verdict
from pipeline.detect.detectors.remembered import Exposure
from pipeline.detect.findings import Found, JudgeRules, Note, Opinion
from pipeline.detect.known.closed import note_closed, wait_for_opening
from pipeline.detect.rollup import (
    TOPS,
    attempts_of,
    counts_people,
    is_top,
    key_fields,
    places_named,
    roll_up,
    top_key,
)
from pipeline.detect.silence import feed_of, forget_feeds, hear, is_silent, miss
from pipeline.detect.standing import Count, Speaking, leading_of
from pipeline.detect.state import HeardSeries, ScopeState
from pipeline.detect.telling.answering import pass_on
from pipeline.detect.telling.following import FOLLOWED_MAX, follow
from pipeline.detect.telling.holding import begins_burst, words_of
from pipeline.detect.telling.lasting import Lasting
from pipeline.detect.telling.measuring import tell_measured
from pipeline.detect.telling.riding import activity_of
from pipeline.detect.watching import Watch
from pipeline.records.clocks import DAY_MS, HOUR_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.inner.partials import Partial
from pipeline.records.published.decisions import Decision
from pipeline.records.vocabulary import DecisionKind, DecisionReason


class StepJudge:
    """Judges one step of one scope.

    Args:
        scope: Changes in place.
        end: End of the step, ms.
        rules: Who judges, and by which settings.
        market: Of the scope's operator.
    """

    def __init__(self, scope: ScopeState, end: int, rules: JudgeRules, market: str) -> None:
        self._scope, self._end, self._market, self._rules, self._config = scope, end, market, rules, rules.config
        self._found = Found(end)
        self._awake: list[str] = []
        self._leaves: list[dict[str, Partial]] = []
        self._sums: dict[str, Partial] = {}
        self._expected: dict[str, float | None] = {}
        self._watch, self._lasting = Watch(scope, end, rules), Lasting(scope, end, rules)
        self._leaning: list[tuple[str, Verdict, Partial | None, Opinion]] = []
        self._alarmed: set[str] = set()
        self._held: dict[str, tuple[HeardSeries, str]] = {}

    def run(self) -> Found:
        """Judge every series that has something to tell, in the order of their names."""
        scope, found, end = self._scope, self._found, self._end
        self._sweep()
        panes = sorted(pane for pane in scope.panes if pane < end)
        found.silences.extend(hear(scope, panes, self._config.series_max))
        spoken = [scope.panes.pop(pane) for pane in panes]
        self._leaves = self._watch.hear(told_as_rates(spoken, scope.counters, self._config.series_max))
        sums = self._sums = roll_up(self._leaves, scope.area)
        wait_for_opening(scope, end, self._rules)
        found.silences.extend(miss(scope, end, self._config))
        figures, omitted = follow(scope.following, sums, end, (scope.operator, scope.area), self._rules.metrics)
        found.figures.extend(figures)
        if omitted:
            self._tell_omitted(omitted)
        live = self._live(sums)
        waiting = [key for key in scope.awake if key not in sums and key_fields(key).source in live]
        for key in sorted([*sums, *waiting]):
            partial = sums.get(key)
            if partial is not None and self._rules.is_closed(feed_of(key), end):
                found.judged.append(note_closed(scope, key, end, partial))
            else:
                self._judge_guarded(key, partial)
        middle = end - self._config.step_ms // 2
        for source in live:
            scope.exposures[source].advance(middle, self._rules.days)
        self._note_missed(live)
        found.weighings.extend(self._watch.close(live))
        self._tell_leaning()
        self._tell_held()
        scope.awake, scope.judged_to = self._awake, end
        if found.anomalies:
            scope.anomaly_at = end
        if "/" not in scope.area and scope.anomaly_at >= 0 and end - scope.anomaly_at <= self._config.activity_ms:
            found.activity.extend(activity_of(scope, sums, self._expected))
        pass_on(found, scope, self._leaves, self._config.activity_ms)
        found.figures_omitted, found.measured = omitted, tell_measured(scope, end)
        return found

    def run_zeros(self, hot: Sequence[Count], speaking: Sequence[Speaking]) -> Found:
        """Judge a step of a region in which nothing came, and nothing but zeros is to be judged, as `run` would.

        Args:
            hot: Counts to be judged, by name.
            speaking: The sources that speak.
        """
        scope, end = self._scope, self._end
        for count in hot:
            try:
                self._weigh_people(count, None)
            except Exception as error:  # noqa: BLE001  as in `_judge_guarded`
                self._start_anew(count.key, error)
        middle = end - self._config.step_ms // 2
        for source in speaking:
            source.exposure.advance(middle, self._rules.days)
        if self._found.decisions:  # a series was forgotten, and nothing is expected of it any more
            self._note_missed([source.name for source in speaking])
        else:
            for source in speaking:
                source.feed.missed += max((self._usual_by(top, key) for key, top in source.tops), default=0.0)
        scope.awake, scope.judged_to = self._awake, end
        if self._found.anomalies:
            scope.anomaly_at = end
        return self._found

    def _tell_omitted(self, omitted: int) -> None:
        """Say once a day that more series should be followed than a scope follows."""
        following, day = self._scope.following, self._end // DAY_MS
        if following.told_day < day:
            following.told_day = day
            words = f"scope follows {FOLLOWED_MAX} series, the most it may: {omitted} sums were left out; follow fewer"
            key = top_key(self._scope.area, "telemetry", "followed")
            self._decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, key, words)

    def _live(self, sums: dict[str, Partial]) -> list[str]:
        """Sources of people's words that speak in this scope; a new one begins its exposure."""
        scope, day = self._scope, (self._end - self._config.step_ms // 2) // DAY_MS
        for key in sums:
            source = key_fields(key).source
            if source != "telemetry" and source not in scope.exposures and not self._rules.is_closed(source, self._end):
                scope.exposures[source] = Exposure(began=self._end - self._config.step_ms, day=day)
        speaking = [source for source in sorted(scope.exposures) if not is_silent(scope, source)]
        live = [source for source in speaking if not self._rules.is_closed(source, self._end)]
        for source in live:
            scope.exposures[source].discount(day, self._rules.keep_per_day)
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
        """What the leading detector expects of a sum, though it was not judged."""
        if self._expected.get(key) is None:
            detector = leading_of(self._scope, key, exposure, self._rules)
            return self._usual_by(detector, key) if detector is not None else 0.0
        return self._expected[key] or 0.0

    def _usual_by(self, detector: Detector, key: str) -> float:
        expected = self._expected.get(key)
        if expected is None:
            expected = self._expected[key] = detector.usual(self._end)
        return expected or 0.0

    def _judge_guarded(self, key: str, partial: Partial | None) -> None:
        if not self._has_room(key):
            return
        try:
            if counts_people(key_fields(key)):
                self._judge_people(key, partial)
            elif partial is not None:
                self._judge_telemetry(key, partial)
        except Exception as error:  # noqa: BLE001  a rule that raises costs its series, whatever it raises
            self._start_anew(key, error)

    def _start_anew(self, key: str, error: Exception) -> None:
        self._scope.forget(key)
        words = f"detector raised {type(error).__name__}: {error}; the series starts anew"
        self._decide(DecisionKind.RESET, DecisionReason.RULE_FAILED, key, words)

    def _has_room(self, key: str) -> bool:
        scope = self._scope
        if key in scope.heard or is_top(key, self._scope.area) or len(scope.heard) < self._config.series_max:
            return True
        day = self._end // DAY_MS
        if scope.limit_day < day:
            scope.limit_day = day
            words = f"scope has {self._config.series_max} series, the most it may: new ones are not judged today"
            self._decide(DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED, key, words)
        return False

    def _detectors(
        self, key: str, kind: SeriesKind, unit: str, exposure: Exposure | None = None
    ) -> list[tuple[str, Detector]]:
        """The detectors that judge a series, by name, the leading one first."""
        detectors, baselines = [], self._scope.baselines
        for ready in self._rules.jury[kind]:
            states = baselines.get(ready.name)
            if states is None:
                states = baselines[ready.name] = {}
            state = states.get(key)
            if state is None:
                state = states[key] = ready.state()
            detectors.append((ready.name, self._rules.made(ready, state, unit, exposure)))
        return detectors

    def _judge_people(self, key: str, partial: Partial | None) -> None:
        scope, fields = self._scope, key_fields(key)
        if fields.measure not in TOPS:
            return
        heard = self._scope.hearing(key)
        if partial is not None:
            self._remember_people(heard, partial)
        exposure = scope.exposures[fields.source]
        self._weigh_people(Count(key, heard, exposure, self._detectors(key, "people", fields.unit, exposure)), partial)

    def _weigh_people(self, count: Count, partial: Partial | None) -> None:
        """Ask the detectors of a count what they think of this step."""
        key, wants_zeros = count.key, False
        observed = float(partial.distinct) if partial is not None else 0.0
        frozen, accept = self._watch.is_frozen(key), self._lasting.covers(key, observed)
        opinions: list[Opinion] = []
        for name, detector in count.detectors:
            detector.frozen, detector.accept = frozen, accept
            verdict = detector.step(observed, self._end)
            wants_zeros = wants_zeros or detector.wants_zeros
            if not opinions:
                self._expected[key] = detector.expected
                self._watch.count(key, observed, partial, detector)
                self._tell_moved(key, detector)
            opinions.append(Opinion(name, verdict, detector.began))
        if wants_zeros:
            self._awake.append(key)
        warm = self._end - count.exposure.began >= self._config.warm_up_ms
        least = self._config.people_min if warm else self._config.early_people_min
        enough, loudest = len(count.heard.people) >= least, opinions[0].verdict if opinions else None
        hushed = key_fields(key).measure == "activity" and (
            "/" in self._scope.area or not is_top(key, self._scope.area)
        )
        if hushed:
            opinions = [opinion.hushed() for opinion in opinions]
        rises = partial is not None and loudest is not None and loudest.alarm and loudest.direction == "surge"
        if rises and loudest is not None and (hushed or not enough):
            self._held[key] = (count.heard, words_of(loudest, len(count.heard.people), least))
        self._tell(key, observed, partial, opinions, among=("surge",) if enough else ())

    def _remember_people(self, heard: HeardSeries, partial: Partial) -> None:
        """Who spoke since the last pause: as many as it takes; an unknown author is a person of their own."""
        if self._end - heard.spoke_at > self._config.people_gap_ms:
            heard.people = []
        heard.spoke_at = self._end
        enough, people = max(self._config.people_min, self._config.early_people_min), heard.people
        if len(people) < enough:
            fresh = [person for person in sorted(partial.people or partial.ids) if person not in people]
            people += fresh[: enough - len(people)]

    def _judge_telemetry(self, key: str, partial: Partial) -> None:
        fields = key_fields(key)
        unit, counted_by = fields.unit, self._rules.metrics.of(fields.measure, fields.unit).exposure
        value, attempts = partial.mean_in(unit), attempts_of(key, partial, self._sums, counted_by)
        opinions: list[Opinion] = []
        frozen, healthy, bad = self._watch.is_frozen(key), self._watch.healthy(key), self._watch.bad(key)
        for name, detector in self._detectors(key, "metered" if unit == "count" else "measured", unit):
            detector.frozen, detector.healthy, detector.bad = frozen, healthy, bad
            detector.accept = self._lasting.covers(key, value)
            verdict = detector.step(value, self._end, attempts)
            if not opinions:
                self._expected[key] = verdict.expected if verdict is not None else None
                self._watch.measure(key, value, detector)
                self._tell_moved(key, detector)
            opinions.append(Opinion(name, verdict, detector.began))
        self._scope.hearing(key).spoke_at = self._end
        self._tell(key, value, partial, opinions, among=("surge", "drop"))

    def _tell_moved(self, key: str, detector: Detector) -> None:
        if detector.moved:
            words = self._lasting.moved(key, detector.usual_value or 0.0)
            self._decide(DecisionKind.CHANGED, DecisionReason.NEW_LEVEL, key, words)

    def _tell(
        self,
        key: str,
        observed: float,
        partial: Partial | None,
        opinions: list[Opinion],
        *,
        among: tuple[Direction, ...],
    ) -> None:
        """Note what the leading detector thinks, and find the anomalies.

        Args:
            key: Name of the series.
            observed: In its unit.
            partial: What came; None if nothing did.
            opinions: Of its detectors, the leading one first.
            among: Directions in which the series may stand out.
        """
        scope = self._scope
        for number, opinion in enumerate(opinions):
            verdict = opinion.verdict
            if not number:
                if (leaning := self._watch.leaning(key, observed, verdict, among)) is not None:
                    self._leaning.append((key, leaning, partial, opinion))
                self._found.judged.append(Note(key, scope.operator, scope.area, self._end, observed, verdict))
            if verdict is not None and verdict.alarm and verdict.direction in among:
                self._alarmed.add(key)
                if words := self._lasting.not_taken(key):
                    self._decide(DecisionKind.REFUSED, DecisionReason.NEW_LEVEL, key, words)
                self._found.anomalies.append(self._anomaly(key, verdict, partial, opinion))

    def _tell_leaning(self) -> None:
        """Tell of what leans the same way where an outage is likely, though it would not stand out alone."""
        for key, verdict, partial, opinion in self._leaning:
            if key not in self._alarmed and self._watch.is_believed(key):
                self._found.anomalies.append(self._anomaly(key, verdict, partial, opinion))

    def _tell_held(self) -> None:
        """Tell once a burst of what stands out and is held back, unless CORRELATE hears of it as an anomaly."""
        for key, (heard, words) in sorted(self._held.items()):
            if begins_burst(heard, self._end) and not self._watch.is_believed(key):
                self._decide(DecisionKind.SUPPRESSED, DecisionReason.WEAK_EVIDENCE, key, words)

    def _anomaly(self, key: str, verdict: Verdict, partial: Partial | None, opinion: Opinion) -> Anomaly:
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
            detector=opinion.detector,
            records=said.distinct if people else said.count,
            people=said.people_count if people else 0,
            symptoms={tag: count for tag, count in said.tags().items() if tag} if fields.measure != "activity" else {},
            examples=list(said.examples),
            learnt_hours=max(0, self._end - opinion.began) // HOUR_MS,
            places=places_named(self._leaves, key, self._scope.area) if people else {},
        )

    def _sweep(self) -> None:
        """Forget series and feeds that were idle for days, once a day of event time."""
        scope, day = self._scope, self._end // DAY_MS
        if day <= scope.swept_day:
            return
        scope.swept_day = day
        before = self._end - self._config.idle_ms
        for key in [key for key, heard in scope.heard.items() if heard.spoke_at < before and not self._is_kept(key)]:
            scope.forget(key)
        scope.awake = [key for key in scope.awake if key in scope.heard]
        self._found.silences.extend(forget_feeds(scope, before))
        forget_idle(scope.counters, before)

    def _is_kept(self, key: str) -> bool:
        """Is a series never forgotten? The sums of all that people say are not, however long they are idle."""
        return counts_people(key_fields(key)) and is_top(key, self._scope.area)

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

"""Watching: what a step of a scope shows the account, picked from what the detectors saw anyway.

A detector knows what is usual and how much that wanders; this file turns its answer into a
figure or a count that hypotheses can be held against. What the trade knows of a metric goes first: an
expectation is never worse than what is healthy, so the first minute of the first day can be a fault.

What a reader may question: on the first day, and on a first weekday after a weekend, three times
as many people as usual are usual, since nobody has seen such a morning yet.
"""

import math
from collections.abc import Sequence
from typing import Final

from pipeline.detect.account.explained import has_weight
from pipeline.detect.account.keeping import LIKELY_ABOVE, REMARKABLE, Keeper, Seen, likely_areas
from pipeline.detect.account.likelihood import (
    UNFAMILIAR_SPREAD,
    FigureSeen,
    Posted,
    Voices,
    log_ratios_of_loudness,
    log_ratios_of_named,
    log_ratios_of_posts,
)
from pipeline.detect.account.speakers import AGAIN_MS, heard_again, remembered
from pipeline.detect.account.spoken import Naming, Spoken, Witnesses
from pipeline.detect.account.states import added_up
from pipeline.detect.account.threads import strengths_in
from pipeline.detect.detectors.detector import Detector, Direction, Verdict
from pipeline.detect.findings import JudgeRules
from pipeline.detect.rollup import Key, key_fields, named_key, top_key
from pipeline.detect.standing import leading_of
from pipeline.detect.state import ScopeState
from pipeline.detect.telling.answers import answers_joined
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.records.inner.partials import Partial
from pipeline.records.inner.strengths import STRENGTHS
from pipeline.records.inner.weighings import Weighing
from pipeline.reference.metrics import Metric, Role

YOUNG_RATIO: Final = (0.97, 0.03)
"""What a ratio is taken for before it is known, where the table does not say: success, and failure."""

YOUNG_UNLIKE: Final = 0.1
BEGINS_MS: Final = 10 * MINUTE_MS
"""A ratio of which so much more fails from its first minutes on counts something else than success: of calls that are
answered three in ten never are. What is usual of it is learnt before it says anything."""

YOUNG_SCALE: Final = 0.02
RATIO_SCALE_MIN: Final = 0.006
"""Least spread of a ratio before it is known, and after."""

YOUNG_RELATIVE_SCALE: Final = 0.5
"""Spread of any other figure before it is known, relative to what is healthy: of one that is never normal only."""

SUCCESS_DRIFTS: Final = 0.004
"""A success ratio so far below what is usual is usual: it drifts by that much for hours, and nobody is without
service. What lies beyond counts by the ratio's own noise, so that the first minutes of a slow decline tell."""

RELATIVE_SCALE_MIN: Final = 0.01
"""Least spread of any other figure, relative to what is usual."""

USUAL_MIN: Final = 1e-5
"""A place where nobody ever spoke is taken for so many a step."""

UNFAMILIAR_TIMES: Final = 3.0
"""On the first day of a kind so many times the usual is usual."""

CALLS_SPREAD_MIN: Final = 0.02

STATE_SCALE_MIN: Final = 0.5
STATE_RELATIVE_SCALE: Final = 0.02
"""Spread of how many of a few things are up: half of one, and of many two in a hundred, which are always at work. They
are no crowd: that twelve of sixteen are up is no chance."""

HELD_FROM: Final = 0.5
QUIET_MS: Final = 15 * MINUTE_MS
PEOPLE_QUIET_MS: Final = 180 * MINUTE_MS
"""Where an outage was so likely an incident may be open, and be held open by others when the belief has sunk here:
nothing is learnt until it has been quiet for as long as CORRELATE waits (`quiet_minutes`, `people_quiet_minutes`)."""

NAMED: Final = {
    "broadband": "internet",
    "fixed_voice": "phone",
    "mobile_data": "internet",
    "mobile_voice": "phone",
    "sms": "sms",
    "tv": "tv",
}
"""Services of which people complain by name, with what they call them; emergency calls have claims of their own."""

NAMED_SPREAD_MIN: Final = 0.3
"""Who names one service is few, and more on one day than on another."""

LEANS_FROM: Final = 1.3
"""Surprise from which on a series leans: one step in twenty."""


class Watch:
    """What one step of one scope shows.

    Args:
        scope: Its accounts change in place when the step is closed.
        end: End of the step, ms.
        rules: Of DETECT.
    """

    def __init__(self, scope: ScopeState, end: int, rules: JudgeRules) -> None:
        self._scope, self._end, self._rules = scope, end, rules
        self._step_minutes = rules.config.step_ms / MINUTE_MS
        self._counts: dict[str, Voices] = {}
        self._strengths: dict[str, dict[str, int]] = {}
        self._raised: dict[str, str] = {}
        self._again: dict[str, int] = {}
        self._people: list[str] = []
        self._hands: float | None = None
        self._seen = Seen()
        held = frozenset(area for area, until in scope.held.items() if end <= until)
        self._frozen = likely_areas(scope.accounts, rules.config.freeze_above) | held
        self._believed: frozenset[str] = frozenset()
        self._leans: dict[str, tuple[float, Direction]] = {}

    def hear(self, leaves: list[dict[str, Partial]]) -> list[dict[str, Partial]]:
        """Note which replies answer a post that reports a fault, and add those that name no operator.

        Args:
            leaves: Leaf series of the panes of the step; they stay as they are.
        """
        leaves, self._raised = answers_joined(leaves, self._scope, self._end)
        return leaves

    def is_frozen(self, key: str) -> bool:
        """Must a series not learn, since an outage is likely where it is?"""
        return bool(self._frozen) and key_fields(key).area in self._frozen

    def healthy(self, key: str) -> tuple[float, float] | None:
        """Within which bounds a success ratio, or one of failures, is normal at any time; None of anything else."""
        fields = key_fields(key)
        metric = self._rules.metrics.of(fields.measure, fields.unit)
        return metric.healthy if fields.unit == "ratio" and metric.role is Role.SERVICE else None

    def bad(self, key: str) -> int:
        """Which direction of a measured value is worse for customers: 1 up, -1 down; 0 of what they do not feel."""
        fields = key_fields(key)
        metric = self._rules.metrics.of(fields.measure, fields.unit)
        return {"up": 1, "down": -1, "both": 0}[metric.bad] if metric.role is Role.SERVICE else 0

    def count(self, key: str, observed: float, partial: Partial | None, detector: Detector) -> None:
        """See how many people spoke in a step of a series.

        Args:
            key: Name of the series.
            observed: Each person once.
            partial: What came; None if nothing did.
            detector: The leading one, after the step.
        """
        fields = key_fields(key)
        if fields.item and fields.measure == "complaints" and fields.source == "mentions" and observed:
            self._count_item(key, _voices(observed, detector.expected or 0.0, detector.spread))
        if fields.measure == "complaints" and not fields.item and observed:
            self._seen.add_complaints(fields.area, fields.service, observed)
        if fields.service or fields.item:
            self._count_named(key, observed, detector)
            return
        voices = self._counts[key] = _voices(observed, detector.expected or 0.0, detector.spread)
        if fields.measure == "activity" and partial is not None:
            self._strengths[fields.area] = strengths_in(partial.ids, self._raised)
            self._again[fields.area] = heard_again(partial.people, self._scope.speakers, self._end)
            if fields.area == self._scope.area:
                self._people = sorted(partial.people)
            heard, logs = self._seen.murmuring, log_ratios_of_posts(self._posts(fields.area), self._step_minutes)
        elif fields.measure == "complaints" and observed > voices.usual:
            heard, logs = self._seen.loud, log_ratios_of_loudness([voices], self._step_minutes)
        else:
            return
        if max(logs) >= REMARKABLE:
            heard.add(fields.area)
            self._leans[key] = (voices.usual, "surge")

    def _count_item(self, key: str, voices: Voices) -> None:
        """See who complains of one channel or technology; what a channel shows is the nation's alone."""
        fields = key_fields(key)
        if fields.service == "tv" and "/" in fields.area:
            return
        logs = self._seen.add_item(fields.area, fields.service, voices, self._step_minutes)
        if max(logs) >= REMARKABLE:
            self._leans[key] = (voices.usual, "surge")

    def _count_named(self, key: str, observed: float, detector: Detector) -> None:
        """See who complains by name of a service that nobody measures here, though others are; any other only leans."""
        fields, scope = key_fields(key), self._scope
        if fields.measure != "complaints" or fields.item:
            return
        is_missing, complaints = self._is_missing(fields.area, fields.service), self._seen.complaints
        if not is_missing:
            if has_weight(observed, complaints.get(fields.area, {})):
                self._leans[key] = (detector.expected or 0.0, "surge")
            return
        voices = self._counts[key] = _few(_voices(observed, detector.expected or 0.0, detector.spread))
        if observed and max(log_ratios_of_named(voices, self._step_minutes)) >= REMARKABLE:
            self._seen.missed.add((scope.area, fields.service))
            self._leans[key] = (voices.usual, "surge")

    def _is_missing(self, area: str, service: str) -> bool:
        """Is a service of a nation one that nobody measures, though others are measured there?

        Who says "internet" or "phone" may mean that of the line and that in the hand.
        """
        measured = self._scope.figures.get(area, ())
        here = area == self._scope.area and "/" not in area and bool(measured) and service in NAMED
        return here and not any(NAMED[name] == NAMED[service] for name in measured if name in NAMED)

    def measure(self, key: str, value: float, detector: Detector) -> None:
        """See a figure of telemetry.

        Args:
            key: Name of the series.
            value: In its unit.
            detector: The leading one, after the step.
        """
        fields = key_fields(key)
        if fields.element:
            return
        metric = self._rules.metrics.of(fields.measure, fields.unit)
        if metric.role is Role.DEMAND and fields.unit == "count":
            self._counts[key] = _voices(value, detector.expected or 0.0, max(CALLS_SPREAD_MIN, detector.spread))
            return
        figure = _figure(metric, fields, value, detector)
        if figure is None or (metric.healthy is None and detector.is_young and self._is_unlike(key, figure, detector)):
            return
        if max(self._seen.add_figure(fields.area, fields.service, figure)) >= REMARKABLE:
            self._leans[key] = (figure.usual, "drop" if figure.bad == "down" else "surge")
        services = self._scope.figures.setdefault(fields.area, [])
        if fields.service not in services:
            services.append(fields.service)
            services.sort()

    def _is_unlike(self, key: str, figure: FigureSeen, detector: Detector) -> bool:
        """Was a ratio that nobody knows unlike any success from its first minutes on?"""
        heard = self._scope.hearing(key)
        if self._end - detector.began <= BEGINS_MS:
            fails = YOUNG_RATIO[0] - figure.value if figure.bad == "down" else figure.value - YOUNG_RATIO[1]
            heard.is_unlike = heard.is_unlike or fails > YOUNG_UNLIKE
        return heard.is_unlike

    def leaning(self, key: str, observed: float, verdict: Verdict | None, among: Sequence[Direction]) -> Verdict | None:
        """What a series says that leans to the bad side, whether it stands out or not; None if it does not lean.

        Args:
            key: Name of the series.
            observed: In its unit.
            verdict: Of its leading detector; None before it is warm.
            among: Directions in which the series may stand out.
        """
        if verdict is not None:
            return verdict if verdict.direction in among and verdict.surprise >= LEANS_FROM else None
        seen = self._leans.get(key)
        if seen is None or seen[1] not in among:
            return None
        usual, direction = seen
        return Verdict(observed, usual, LEANS_FROM, 0.0, direction, self._end - self._rules.config.step_ms, alarm=False)

    def is_believed(self, key: str) -> bool:
        """Is an outage likely where a series is, after this step? Asked once the step is closed."""
        return bool(self._believed) and key_fields(key).area in self._believed

    def close(self, live: Sequence[str]) -> list[Weighing]:
        """Carry the accounts of all hot places through this step.

        Args:
            live: Sources of people's words that speak in this scope.

        Returns:
            What CORRELATE is told, by place and service.
        """
        scope, step_ms = self._scope, self._rules.config.step_ms
        if self._people:
            scope.speakers = remembered(self._people, scope.speakers, self._end)
        keeper = Keeper(scope.operator, scope.area, scope.accounts, step_ms, scope.ended, scope.well)
        asked = Witnesses(lambda area: self._spoken(area, live), self._services_of, self._naming(live))
        told = keeper.step(self._seen, self._end, asked)
        self._believed = likely_areas(scope.accounts, LIKELY_ABOVE)
        self._hold()
        return told

    def _hold(self) -> None:
        """Note until when nothing is learnt where an incident may be open."""
        likely = likely_areas(self._scope.accounts, max(HELD_FROM, self._rules.config.freeze_above))
        if likely:  # what is over is forgotten then as well: quiet steps must change nothing
            held = {area: until for area, until in self._scope.held.items() if until > self._end}
            held |= {area: max(held.get(area, 0), self._end + self._quiet_ms(area)) for area in sorted(likely)}
            self._scope.held = held

    def _quiet_ms(self, area: str) -> int:
        """How long CORRELATE waits at a place; on a first day less, as what is usual must be learnt."""
        began = min((exposure.began for exposure in self._scope.exposures.values()), default=self._end)
        by_people = not self._services_of(area) and self._end - began >= self._rules.config.warm_up_ms
        return PEOPLE_QUIET_MS if by_people else QUIET_MS

    def _services_of(self, area: str) -> Sequence[str]:
        return self._scope.figures.get(area, ())

    def _naming(self, live: Sequence[str]) -> Naming:
        """Asks how many complained of a service by name, in all that people say of this scope."""

        def ask(area: str, service: str) -> Voices | None:
            heard = [self._voices_at(named_key(area, service, source), source) for source in live]
            if not heard or not self._is_missing(area, service):
                return None
            number, usual = (
                added_up(column) for column in zip(*((said.number, said.usual) for said in heard), strict=True)
            )
            return _few(Voices(number, usual, max(said.spread for said in heard)))

        return ask

    def _spoken(self, area: str, live: Sequence[str]) -> Spoken:
        care = [self._voices(area, "tickets", "complaints")] if "tickets" in live else []
        calls = [
            voices
            for key, voices in sorted(self._counts.items())
            if key_fields(key).source == "telemetry" and key_fields(key).area == area and voices.usual > USUAL_MIN
        ]
        return Spoken([*care, *calls], self._posts(area) if "mentions" in live else None, len(calls))

    def _posts(self, area: str) -> Posted:
        said, complaints = (self._voices(area, "mentions", measure) for measure in ("activity", "complaints"))
        tags = self._strengths.get(area, {})
        again = min(said.number, float(self._again.get(area, 0)))
        new = said.number - again
        part = new / said.number if new else 0.0
        strengths = [part * tags.get(name, 0) for name in STRENGTHS]
        return Posted(said._replace(number=new), complaints.usual, strengths, again, self._hands_beyond_usual())

    def _hands_beyond_usual(self) -> float:
        """How many hands have written within the hour in this scope, beyond what is usual of an hour."""
        if self._hands is None:
            said = self._voices(self._scope.area, "mentions", "activity")
            per_hour = said.usual / _times(said.spread) * HOUR_MS / MINUTE_MS / self._step_minutes
            known = sum(1 for at in self._scope.speakers.values() if self._end - at < AGAIN_MS)
            self._hands = max(0.0, known - per_hour)
        return self._hands

    def _voices(self, area: str, source: str, measure: str) -> Voices:
        """How many spoke in this step, against usual, whether anybody did or not."""
        return self._voices_at(top_key(area, source, measure), source)

    def _voices_at(self, key: str, source: str) -> Voices:
        if key in self._counts:
            return self._counts[key]
        exposure = self._scope.exposures[source]
        detector = leading_of(self._scope, key, exposure, self._rules)
        if detector is None:
            return _voices(0.0, 0.5 / (exposure.steps + 1.0), UNFAMILIAR_SPREAD)
        return _voices(0.0, detector.usual(self._end) or 0.0, detector.spread_now())


def _voices(count: float, usual: float, spread: float) -> Voices:
    return Voices(count, max(USUAL_MIN, _times(spread) * usual), spread)


def _few(voices: Voices) -> Voices:
    """Those who name one service are few, and more of them on one day than on another."""
    return voices._replace(spread=max(NAMED_SPREAD_MIN, voices.spread))


def _times(spread: float) -> float:
    """How many times the usual is usual: more on the first day of a kind, which a spread tells."""
    return UNFAMILIAR_TIMES if spread >= UNFAMILIAR_SPREAD else 1.0


def _figure(metric: Metric, fields: Key, value: float, detector: Detector) -> FigureSeen | None:
    """A figure that bears on customers, against what is usual and healthy; None if it tells nothing of a share."""
    bad, usual, ratio = metric.bad, detector.usual_value, fields.unit == "ratio"
    if metric.role is not Role.SERVICE or bad == "both" or metric.kind == "counter" or usual is None:
        return None
    if fields.unit in ("dbm", "db") or (fields.unit == "count" and bad == "up"):
        return None
    if detector.is_young and not ratio and not metric.is_never_normal(value):
        return None
    scale, healthy = _scale_of(metric, fields, usual, detector.spread), metric.healthy
    if detector.is_young and healthy is None and ratio:
        healthy = (YOUNG_RATIO[0], 1.0) if bad == "down" else (0.0, YOUNG_RATIO[1])
    if healthy is not None:
        usual = max(usual, healthy[0]) if bad == "down" else min(usual, healthy[1])
    least = (YOUNG_SCALE if detector.is_young else RATIO_SCALE_MIN) if ratio else 0.0
    if not ratio:
        least = (YOUNG_RELATIVE_SCALE if detector.is_young else RELATIVE_SCALE_MIN) * abs(usual)
    drifts = SUCCESS_DRIFTS if ratio and bad == "down" else 0.0
    return FigureSeen(value, usual, max(scale, least, 1e-9), bad, fields.unit, drifts)


def _scale_of(metric: Metric, fields: Key, usual: float, spread: float) -> float:
    """Spread of a figure's noise in its unit, as far as its detector or its kind tells."""
    if metric.kind == "state":
        return max(STATE_SCALE_MIN, STATE_RELATIVE_SCALE * usual)
    return math.sqrt(usual + spread * usual * usual) if fields.unit == "count" else spread

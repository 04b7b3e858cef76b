"""DETECT's one rule: an envelope in, what it completes out.

Clocks move, panes are sealed, steps are judged, scope after scope; what was found
goes to the market of its operator, and every market learns how far time is
sealed. Judging depends on event time alone, so it does not matter how the
envelopes were cut or in which order the lanes came.

A scope with nothing to tell is jumped over up to its next content or deadline, and one in which nothing is told
takes in its quiet steps at once (`quiet`); steps of nothing but zeros take a shorter way.
"""

from collections.abc import Iterator, Mapping

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Family
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.detect.findings import Found, Judged, JudgeRules, rules_of
from pipeline.detect.judge import StepJudge
from pipeline.detect.known.closed import is_waiting, last_of_phase
from pipeline.detect.known.reference import DetectReference
from pipeline.detect.panes import Intake, check, watermark
from pipeline.detect.quiet import pass_hot, pass_quiet
from pipeline.detect.silence import deadline_of, is_silent
from pipeline.detect.slots.replies import told_cuts
from pipeline.detect.slots.times import TIME
from pipeline.detect.state import DetectState, ScopeState, UsualLevels
from pipeline.detect.telling.answers import deliver, take_complete
from pipeline.detect.telling.lasting import hear_usual, told_forgotten
from pipeline.detect.telling.sealing import Sealing
from pipeline.records.clocks import pane_of
from pipeline.records.effects import Effects
from pipeline.records.inner.signals import Envelope

NOTHING = DetectReference()


def apply(
    state: DetectState,
    envelope: Envelope,
    config: DetectConfig,
    market_of: Mapping[str, str],
    detectors: tuple[Family, ...] = DETECTORS,
    known: DetectReference = NOTHING,
) -> Effects:
    """Take one envelope in; judge every step that its clocks complete.

    Args:
        state: Of the envelope's partition; changes in place.
        envelope: Stays as it is.
        config: Settings.
        market_of: Operator to market.
        detectors: Rows of the registry: who judges.
        known: What figures of telemetry mean, calendars, opening hours.

    Returns:
        Outputs: refusals, decisions in order of time and scope, then for each market one
        `Sealed` (more if it is large) if time moved. The names of the slots that
        changed, and all judgements.

    Raises:
        StateError: If the envelope is of another epoch, partition or number of lanes.
    """
    check(state, envelope)
    intake = Intake(state, config, market_of)
    intake.take(envelope)
    time, changed = state.time, {TIME, *intake.changed}
    known_to = watermark(time)
    sealed_to = -1 if known_to is None else pane_of(known_to)
    if sealed_to <= time.sealed_to:
        return Effects(tuple(intake.refused), frozenset(changed))
    forgotten: list[tuple[ScopeState, UsualLevels, int]] = []
    changed |= hear_usual(state, sealed_to, forgotten)
    sealing = Sealing(state, sealed_to, config, intake.market)
    found: list[Found] = []
    rules = rules_of(config, detectors, known.metrics)
    replies, cut = (
        take_complete(time, sealed_to, config.step_ms),
        told_cuts(time, state.partition, sealed_to, config.markets),
    )
    for name, scope in state.scopes():
        market, judged_to = intake.market(scope.operator, scope.area), scope.judged_to
        deliver(replies, scope, sealed_to, config.step_ms)
        for step in steps_of(scope, sealed_to, known.rules_in(scope, market, rules), market):
            sealing.add(step, market)
            found.append(step)
        if scope.judged_to != judged_to:
            changed.add(name)
    found.sort(key=lambda step: step.end)  # stable: scopes stay in order within a step
    decisions = [*cut, *(told_forgotten(*order) for order in forgotten)]
    decisions += [decision for step in found for decision in step.decisions]
    judged = Judged([note for step in found for note in step.judged])
    outputs = (*intake.refused, *decisions, *sealing.close())
    return Effects(outputs, frozenset(changed), judged)


def steps_of(scope: ScopeState, sealed_to: int, rules: JudgeRules, market: str) -> Iterator[Found]:
    """Judge the steps of a scope that end at or before a time, one after the other; quiet ones give nothing.

    Args:
        scope: Changes in place.
        sealed_to: End of the last step that may be judged, ms.
        rules: Who judges, and by which settings.
        market: Of the scope's operator.
    """
    while True:
        pass_quiet(scope, sealed_to, rules)
        if (yield from pass_hot(scope, sealed_to, rules, market)):
            continue
        end = next_end(scope, rules)
        if end is None or end > sealed_to:
            return
        yield StepJudge(scope, end, rules, market).run()


def next_end(scope: ScopeState, rules: JudgeRules) -> int | None:
    """End of the next step at which there is anything to judge.

    Args:
        scope: Is not changed.
        rules: How long a step is, and which sources are open.
    """
    config, step, nexts = rules.config, rules.config.step_ms, []
    if scope.awake or _somebody_speaks(scope, rules):
        nexts.append(scope.judged_to + step)
    if is_waiting(scope, rules) and (whole := last_of_phase(scope, rules)) is not None:
        nexts.append(whole)
    if scope.panes:
        nexts.append((min(scope.panes) // step + 1) * step)
    if (figures_at := scope.following.due_at) is not None:
        nexts.append(-(-figures_at // step) * step)
    for name, feed in scope.feeds.items():
        deadline = deadline_of(name, feed, config)
        if deadline is not None:
            nexts.append(-(-deadline // step) * step)
    return min(nexts) if nexts else None


def _somebody_speaks(scope: ScopeState, rules: JudgeRules) -> bool:
    """Does a source of people's words speak that is open, or that is closed while what was heard is still looked at?"""
    first = scope.judged_to + rules.config.step_ms
    heeds = bool(scope.accounts) or (
        "/" not in scope.area and scope.anomaly_at >= 0 and first - scope.anomaly_at <= rules.config.activity_ms
    )
    return any(
        not is_silent(scope, source) and (heeds or not rules.is_closed(source, first)) for source in scope.exposures
    )

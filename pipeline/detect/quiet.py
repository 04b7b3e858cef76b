"""Quiet steps: nobody said anything in a scope, and nobody is to be judged.

`StepJudge` would find nothing in such a step, and change three things: the
exposures of the sources that still speak, what each of them would have said by
now (`Feed.missed`), and how far the scope is judged. A region is quiet for hours, and
a quarter of a year has 130,000 minutes. So a run of quiet steps is taken in at once,
a half-hour at a time, to the bit as `StepJudge` would have done it: the same floating-point
operations in the same order, only without looking at the scope's series again and again.

A run ends before any step in which more might happen: something was said, a
feed becomes silent, a day begins, warm-up ends, a nation's talk rides along, figures go out. `StepJudge`
then decides. The first hundred steps of an exposure are left to it as well, as a profile
changes with each of them.

Steps are hot in which nothing came in a region, but some of its counts are still looked at: after one post a
village is judged for some minutes, and every zero is evidence that it is over. What else `StepJudge.run` does in
a step finds nothing in them. So a run of them is gone through with what was looked up once, and each gives
what `run` would have given, its judgements included (`pass_hot`). It ends where a quiet run would, when no count is hot
any more, and after a step in which more was found than zeros. A nation is left to `StepJudge`, as its
talk rides along with what is found.
"""

from collections.abc import Generator
from itertools import accumulate, repeat
from typing import Final

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Detector
from pipeline.detect.detectors.seasons import BIN_MS
from pipeline.detect.findings import Found, JudgeRules
from pipeline.detect.judge import StepJudge
from pipeline.detect.known.closed import last_of_phase
from pipeline.detect.silence import deadline_of, is_overdue, is_pause_too_long, surprise_of_pause
from pipeline.detect.standing import Speaking, hot_in, speaking_in
from pipeline.detect.state import ScopeState
from pipeline.records.clocks import DAY_MS

YOUNG_STEPS: Final = 100
"""So many steps of an exposure are judged one by one: a detector of counts refits its profile so often at first."""


def pass_quiet(scope: ScopeState, sealed_to: int, rules: JudgeRules) -> bool:
    """Take in the quiet steps that come next in a scope.

    Args:
        scope: Changes in place.
        sealed_to: End of the last step that may be judged, ms.
        rules: Who judges, and by which settings.

    Returns:
        True if there was at least one.
    """
    config = rules.config
    step, began = config.step_ms, scope.judged_to
    if scope.awake or scope.accounts or began + step > sealed_to:
        return False
    sources = speaking_in(scope, rules)
    if not sources or any(source.exposure.steps < YOUNG_STEPS for source in sources):
        return False
    until = _last_quiet(scope, sources, sealed_to, rules)
    while scope.judged_to < until:
        middle = scope.judged_to + step - step // 2
        rest = (middle - BIN_MS // 2) % BIN_MS
        steps = min((until - scope.judged_to) // step, -(-(BIN_MS - rest) // step))
        if not _pass_slot(scope, sources, steps, rules):
            break
    return scope.judged_to > began


def pass_hot(scope: ScopeState, sealed_to: int, rules: JudgeRules, market: str) -> Generator[Found, None, bool]:
    """Judge the hot steps that come next in a scope.

    Args:
        scope: Changes in place.
        sealed_to: End of the last step that may be judged, ms.
        rules: Who judges, and by which settings.
        market: Of the scope's operator.

    Yields:
        What each step gave.

    Returns:
        True if there was at least one.
    """
    config, began = rules.config, scope.judged_to
    first = began + config.step_ms
    if (
        not scope.awake
        or scope.accounts
        or "/" not in scope.area
        or first > sealed_to
        or (scope.panes and min(scope.panes) < first)
    ):
        return False
    hot, speaking = hot_in(scope, rules), speaking_in(scope, rules)
    until = _last_quiet(scope, speaking, sealed_to, rules)
    while hot and scope.judged_to < until:
        end = scope.judged_to + config.step_ms
        if any(is_overdue(source.name, source.feed, end, config) for source in speaking):
            break
        found = StepJudge(scope, end, rules, market).run_zeros(hot, speaking)
        yield found
        if found.anomalies or found.decisions:
            break
        if len(scope.awake) < len(hot):
            awake = set(scope.awake)
            hot = [count for count in hot if count.key in awake]
    return scope.judged_to > began


def _last_quiet(scope: ScopeState, sources: list[Speaking], sealed_to: int, rules: JudgeRules) -> int:
    """End of the last step, ms, before which nothing is known to happen; a people's source may be overdue earlier.

    Args:
        scope: Is not changed.
        sources: All that speak in it.
        sealed_to: End of the last step that may be judged, ms.
        rules: Length of a step, and what else ends a run.
    """
    config, step = rules.config, rules.config.step_ms
    first = scope.judged_to + step
    if "/" not in scope.area and scope.anomaly_at >= 0 and first - scope.anomaly_at <= config.activity_ms:
        return scope.judged_to
    busy = [sealed_to + 1, (scope.swept_day + 1) * DAY_MS]
    if scope.panes:
        busy.append((min(scope.panes) // step + 1) * step)
    if (figures_at := scope.following.due_at) is not None:
        busy.append(figures_at)
    if (whole := last_of_phase(scope, rules)) is not None:
        busy.append(whole)
    deadlines = [deadline_of(name, feed, config) for name, feed in scope.feeds.items()]
    busy += [deadline for deadline in deadlines if deadline is not None]
    for source in sources:
        busy.append((source.exposure.day + 1) * DAY_MS + step // 2)
        warm_at = source.exposure.began + config.warm_up_ms
        if first < warm_at:
            busy.append(warm_at)
    return scope.judged_to + max(0, (min(busy) - 1 - scope.judged_to) // step) * step


def _pass_slot(scope: ScopeState, sources: list[Speaking], steps: int, rules: JudgeRules) -> bool:
    """Take in steps of one slot of the profiles, up to the first that is not quiet; True if all were."""
    config, step = rules.config, rules.config.step_ms
    ends = range(scope.judged_to + step, scope.judged_to + (steps + 1) * step, step)
    if any(is_overdue(source.name, source.feed, ends[0], config) for source in sources):
        return False
    middle = ends[0] - step // 2
    for source in sources:
        source.exposure.advance(
            middle, rules.days
        )  # a profile is fitted anew in a slot's first step, after that was lived through
    missed = [_missed(source, ends) for source in sources]
    passed = min(_quiet_steps(source, sums, ends, config) for source, sums in zip(sources, missed, strict=True))
    for source, sums in zip(sources, missed, strict=True):
        source.exposure.advance_all(range(middle + step, middle + passed * step, step), rules.days)
        source.feed.missed = sums[passed]
    scope.judged_to = ends[passed - 1]
    return passed == steps


def _missed(source: Speaking, ends: range) -> list[float]:
    """What a source would have said since it last spoke: before the first step, and after each."""
    told = [_usual_of(top, ends) for _, top in source.tops]
    most = told[0] if len(told) == 1 else map(max, *told) if told else repeat(0.0, len(ends))
    return list(accumulate(most, initial=source.feed.missed))


def _usual_of(top: Detector, ends: range) -> list[float]:
    usual = top.usual_of(ends)
    return usual if usual is not None else [top.usual(end) or 0.0 for end in ends]


def _quiet_steps(source: Speaking, missed: list[float], ends: range, config: DetectConfig) -> int:
    """How many steps pass before a source is silent, 1 or more.

    Args:
        source: Not silent in the first of the steps.
        missed: What it would have said before each step, and after the last.
        ends: Of the steps, ms.
        config: How long is too long.
    """
    spoke_at, enough = source.feed.spoke_at, config.people_silence_surprise
    if ends[-1] - spoke_at < config.people_silence_ms_min or surprise_of_pause(missed[-2]) < enough - _NEAR:
        return len(ends)
    for number, end in enumerate(ends):
        if number and is_pause_too_long(spoke_at, missed[number], end, config):
            return number
    return len(ends)


_NEAR: Final = 1e-6
"""A surprise grows with what is missed, but for rounding: so near, each step is asked."""

"""Who stands ready in a scope: the sources that speak, and the counts that are hot, with their detectors.

From one step to the next these rarely change, and to look them up costs more than to judge
a village's zero. So `quiet` looks once, and goes through a run of steps with what it found.
A detector stays around its state for such a run: it keeps nothing else.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.detect.detectors.detector import Detector
from pipeline.detect.detectors.remembered import Exposure
from pipeline.detect.findings import JudgeRules
from pipeline.detect.rollup import TOPS, key_fields, top_key
from pipeline.detect.silence import is_silent
from pipeline.detect.state import Feed, HeardSeries, ScopeState


class Speaking(NamedTuple):
    """A source of people's words that was not called silent.

    Attributes:
        name: Of the source.
        feed: When it spoke, and what it would have said since.
        exposure: Steps that it lived through.
        tops: The sums of all that it says, by name, with their leading detectors; none before the source is warm.
    """

    name: str
    feed: Feed
    exposure: Exposure
    tops: list[tuple[str, Detector]]


class Count(NamedTuple):
    """A count of people, and who judges it.

    Attributes:
        key: Name of the series.
        heard: Who spoke lately.
        exposure: Of its source.
        detectors: With their names, the leading one first.
    """

    key: str
    heard: HeardSeries
    exposure: Exposure
    detectors: Iterable[tuple[str, Detector]]


def leading_of(scope: ScopeState, key: str, exposure: Exposure, rules: JudgeRules) -> Detector | None:
    """The leading detector of a count of people, around what it remembers; None if it was never asked.

    Args:
        scope: Is not changed.
        key: Name of the series.
        exposure: Of its source.
        rules: Who judges.
    """
    for ready in rules.jury["people"][:1]:
        state = scope.baselines.get(ready.name, {}).get(key)
        return rules.made(ready, state, key_fields(key).unit, exposure) if state is not None else None
    return None


def speaking_in(scope: ScopeState, rules: JudgeRules) -> list[Speaking]:
    """The sources that speak in a scope, by name, as they are before its next step.

    Args:
        scope: Is not changed.
        rules: Who judges, when a source is warm, and when it is open.
    """
    config, speaking = rules.config, []
    first = scope.judged_to + config.step_ms
    for name in sorted(scope.exposures):
        if is_silent(scope, name) or rules.is_closed(name, first):
            continue
        exposure = scope.exposures[name]
        tops: list[tuple[str, Detector]] = []
        if first - exposure.began >= config.warm_up_ms:
            for measure in TOPS:
                key = top_key(scope.area, name, measure)
                detector = leading_of(scope, key, exposure, rules)
                if detector is not None:
                    tops.append((key, detector))
        speaking.append(Speaking(name, scope.feeds[name], exposure, tops))
    return speaking


def hot_in(scope: ScopeState, rules: JudgeRules) -> list[Count]:
    """The counts that are to be judged though nothing came, by name.

    Args:
        scope: Is not changed.
        rules: Who judges, and when a source is open.

    Returns:
        None of them if one was never judged before, or its source is silent or closed.
    """
    counts, first = [], scope.judged_to + rules.config.step_ms
    for key in sorted(scope.awake):
        fields, heard = key_fields(key), scope.heard.get(key)
        if heard is None or is_silent(scope, fields.source) or rules.is_closed(fields.source, first):
            return []
        exposure, detectors = scope.exposures[fields.source], []
        for ready in rules.jury["people"]:
            state = scope.baselines.get(ready.name, {}).get(key)
            if state is None:
                return []
            detectors.append((ready.name, rules.made(ready, state, fields.unit, exposure)))
        counts.append(Count(key, heard, exposure, detectors))
    return counts

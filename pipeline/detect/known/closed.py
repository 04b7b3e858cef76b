"""A source that is out of its written hours: nobody waits for it, and what it says is drawn and not judged."""

from pipeline.detect.findings import JudgeRules, Note
from pipeline.detect.rollup import counts_people, key_fields
from pipeline.detect.state import ScopeState
from pipeline.records.inner.partials import Partial


def wait_for_opening(scope: ScopeState, end: int, rules: JudgeRules) -> None:
    """Wait for no feed that is out of its hours: it is as if it had just spoken.

    Args:
        scope: Its feeds change in place.
        end: End of the step, ms.
        rules: When a source is open.
    """
    if rules.hours is None:
        return
    for name, feed in scope.feeds.items():
        if not feed.silent and rules.is_closed(name, end):
            feed.spoke_at, feed.missed = max(feed.spoke_at, end), 0.0


def last_of_phase(scope: ScopeState, rules: JudgeRules) -> int | None:
    """End of the last step before any source opens or closes, ms; None if nobody wrote hours.

    That step is judged whole, so that feeds are waited for from the opening on, however the night was gone through.

    Args:
        scope: Is not changed.
        rules: When sources are open.
    """
    if rules.hours is None:
        return None
    step = rules.config.step_ms
    half = step // 2  # a step belongs to the hour of its middle
    return (rules.hours.next_change(scope.judged_to + step - half) + half - 1) // step * step


def is_waiting(scope: ScopeState, rules: JudgeRules) -> bool:
    """Is a feed that somebody waits for out of its hours in the next step?

    Args:
        scope: Is not changed.
        rules: When sources are open.
    """
    end = scope.judged_to + rules.config.step_ms
    return any(not feed.silent and rules.is_closed(name, end) for name, feed in scope.feeds.items())


def note_closed(scope: ScopeState, key: str, end: int, partial: Partial) -> Note:
    """What comes out of hours, for who draws it: nothing is expected.

    Args:
        scope: Is not changed.
        key: Name of the series.
        end: End of the step, ms.
        partial: What came.
    """
    fields = key_fields(key)
    observed = float(partial.distinct) if counts_people(fields) else partial.mean_in(fields.unit)
    return Note(key, scope.operator, scope.area, end, observed, None)

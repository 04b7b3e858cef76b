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

"""An incident of a run told anew: its revisions through the rules of notices, with the sentences of now."""

from collections.abc import Sequence

from pipeline.records.clocks import DAY_MS, PANE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneEnd
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondRules
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.state import RespondState


def retold(history: Sequence[Incident], rules: RespondRules) -> list[Notice]:
    """What would be drafted of an incident, up to a day after its last revision.

    Args:
        history: Its revisions, the oldest first.
        rules: Settings and sentences.

    Returns:
        First revisions of notices, in the order in which they are drafted.
    """
    state, outputs = RespondState(0), list[object]()
    before: Incident | None = None
    for revision in history:
        until = PaneEnd(market=revision.market, at=Instant(int(revision.updated_at) - PANE_MS))
        outputs += apply(state, until, rules, (NOTICES,)).outputs
        change = Change(at=revision.updated_at, before=before, after=revision)
        outputs += apply(state, change, rules, (NOTICES,)).outputs
        before = revision
    if before is not None:
        end = PaneEnd(market=before.market, at=Instant(int(before.updated_at) + DAY_MS))
        outputs += apply(state, end, rules, (NOTICES,)).outputs
    return [output for output in outputs if isinstance(output, Notice) and output.notice_revision == 1]

"""The decisions about planned work: what was announced, asked, held back or called off, each with its reason."""

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.published.decisions import Decision
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.remembered.works import WorkCase


def decided_on_work(
    case: WorkCase, verdict: tuple[DecisionKind, DecisionReason], at: int, words: str, extra: str = "", by: str = ""
) -> Decision:
    """A decision about planned work.

    Args:
        case: The work.
        verdict: What was done, and why.
        at: When it was decided, ms.
        words: Why, for people; cut at 200 characters.
        extra: Tells two decisions of one moment and reason apart.
        by: Whose order it was; '' for nobody's.
    """
    kind, reason = verdict
    return Decision(
        decision_id=content_id("respond", kind.value, case.work_id, reason.value, at, extra),
        stage="respond",
        kind=kind,
        subject=case.work_id,
        reason=reason,
        text=clipped(words),
        at=Instant(at),
        market=case.work.market,
        by=clipped(by, 64) or None,
        exercise=case.work.exercise,
    )

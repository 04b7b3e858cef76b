"""Questions that had no incident: somebody may have said that help cannot be called, and a person was asked."""

from dataclasses import dataclass

from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import DecisionKind, DecisionReason, NoticeKind
from pipeline.views.run import Run

QUESTIONS_SHOWN_MAX = 200
"""Questions that a page shows, the first; more are counted."""

_NO_ANSWER = frozenset({DecisionKind.REFUSED, DecisionKind.SUPPRESSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One question.

    Attributes:
        asked_ms: When a person was asked first.
        name: Its id, which `confirm` and `dismiss` take.
        operator: Whose network the claims name.
        text: What was asked last.
        answer: What became of it; '' while it waits.
    """

    asked_ms: int
    name: str
    operator: str
    text: str
    answer: str


def questions_of(run: Run) -> tuple[QuestionRow, ...]:
    """Questions of a run in the order in which they were asked; what became an incident is told as one.

    Args:
        run: All that a run's folder holds.
    """
    incidents = {history[0].incident_id for history in run.histories}
    asked = [notice for notice in run.notices if notice.kind == NoticeKind.QUESTION]
    asked = [notice for notice in asked if notice.incident_id not in incidents]
    asked.sort(key=lambda notice: (int(notice.drafted_at), notice.incident_id, notice.language))
    answers = {
        decision.subject: decision.text
        for decision in run.decisions
        if decision.reason != DecisionReason.AWAITING_APPROVAL and decision.kind not in _NO_ANSWER
    }
    first: dict[str, Notice] = {}
    latest: dict[str, Notice] = {}
    for notice in asked:
        first.setdefault(notice.incident_id, notice)
        known = latest.setdefault(notice.incident_id, notice)
        if known.drafted_at < notice.drafted_at:
            latest[notice.incident_id] = notice
    return tuple(
        QuestionRow(
            asked_ms=int(notice.drafted_at),
            name=name,
            operator=notice.operator,
            text=latest[name].body,
            answer=answers.get(name, ""),
        )
        for name, notice in first.items()
    )

"""The life of a notice, as a table: each state has the moves that it answers, and one without any is final.

A notice begins as a draft, or as sent where a rule of `respond.sent_by_rule` says so; no move sends one.
Approved is not the end: until a newer word takes its place a person may still call it back. What is sent is out.
"""

from enum import StrEnum
from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.errors import StateError
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import NoticeState


class NoticeMove(StrEnum):
    """What can happen to a notice."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


TRANSITIONS: Final[dict[NoticeState, dict[NoticeMove, NoticeState]]] = {
    "draft": {
        NoticeMove.APPROVE: "approved",
        NoticeMove.EDIT: "draft",
        NoticeMove.REJECT: "withdrawn",
        NoticeMove.SUPERSEDE: "superseded",
        NoticeMove.WITHDRAW: "withdrawn",
        NoticeMove.EXPIRE: "expired",
    },
    "approved": {NoticeMove.REJECT: "withdrawn"},
    "sent": {},
    "superseded": {},
    "withdrawn": {},
    "expired": {},
}
"""State to move to state; a move that is not there is refused."""


def can(state: str, move: NoticeMove) -> bool:
    """Does a state answer a move?

    >>> can("draft", NoticeMove.EXPIRE), can("sent", NoticeMove.REJECT)
    (True, False)
    """
    return move in next((moves for known, moves in TRANSITIONS.items() if known == state), {})


def moved(notice: Notice, move: NoticeMove, at: int, by: str | None, why: str) -> Notice:
    """The next revision of a notice.

    Args:
        notice: As it is; its state answers the move.
        move: What happens to it.
        at: When, ms.
        by: Who did it; None for a rule.
        why: Why, in words.

    Raises:
        StateError: If its state does not answer the move.
    """
    if not can(notice.state, move):
        answers = ", ".join(TRANSITIONS[notice.state]) or "none: it is final"
        raise StateError(
            f"notice {notice.notice_id}: {notice.state} got {move}, and answers {answers}; ask `can` first"
        )
    fields: dict[str, object] = {"approved_by": by, "approved_at": Instant(at)} if move == NoticeMove.APPROVE else {}
    return msgspec.structs.replace(
        notice,
        state=TRANSITIONS[notice.state][move],
        notice_revision=notice.notice_revision + 1,
        changed_at=Instant(at),
        changed_by=by,
        changed_why=why[:200] or None,
        **fields,
    )

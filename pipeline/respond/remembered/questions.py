"""What RESPOND remembers of an open question: its drafts, until CORRELATE says that nobody need answer them."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from pipeline.records.published.notices import Notice
from pipeline.respond.notices.life import NoticeMove, moved

QUESTION_PREFIX: Final = "question|"


class QuestionCase(msgspec.Struct, kw_only=True):
    """A question without an incident; as many as CORRELATE keeps open.

    Attributes:
        market: Id of the market.
        question_id: Names the question.
        drafts: What waits for a person: the latest asking, in each language.
    """

    market: str
    question_id: str
    drafts: list[Notice] = []

    @property
    def name(self) -> str:
        """Name of its slot."""
        return question_slot_name(self.market, self.question_id)


def question_slot_name(market: str, question_id: str) -> str:
    """Name of the slot of a question.

    >>> question_slot_name("DE", "0a1b")
    'question|DE|0a1b'
    """
    return f"{QUESTION_PREFIX}{market}|{question_id}"


def asked_again(drafts: Iterable[Notice], fresh: Iterable[Notice]) -> Iterator[Notice]:
    """What becomes of an earlier asking when people are asked anew: each text is superseded.

    Args:
        drafts: Of the earlier asking.
        fresh: Of the new one.
    """
    ids = {notice.notice_id for notice in fresh}
    at = max((int(notice.drafted_at) for notice in fresh), default=0)
    for draft in drafts:
        if draft.notice_id not in ids:
            yield moved(draft, NoticeMove.SUPERSEDE, at, None, "more people say so: they are asked about anew")

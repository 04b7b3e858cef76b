"""What RESPOND remembers of an open question: its drafts, until CORRELATE says that nobody need answer them."""

from typing import Final

import msgspec

from pipeline.records.published.notices import Notice

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

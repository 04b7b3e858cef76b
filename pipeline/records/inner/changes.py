"""What CORRELATE hands to RESPOND, in the same step: a change of an incident, and a question that has none."""

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.published.incidents import Incident


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of an incident.

    Attributes:
        at: End of the pane in which it changed.
        before: The revision before, or None when it was opened.
        after: The new revision, the record that `incidents` gets.
    """

    at: Instant
    before: Incident | None
    after: Incident


class QuestionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody may have said that help cannot be called, no incident is open for it, and a person must be asked.

    Attributes:
        at: End of the pane in which it is asked.
        market: Id of the market.
        question_id: Names the question, and the incident that `confirm` opens.
        operator: Operator that the claims name; '' if they name none.
        claims: How many people have said so, each counted once.
        permille: Probability of the likeliest claim.
        example: Its text, masked.
    """

    at: Instant
    market: str
    question_id: str
    operator: str = ""
    claims: int
    permille: int
    example: str

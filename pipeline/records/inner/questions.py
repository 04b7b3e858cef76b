"""A question: somebody may have said that help cannot be called, and no incident is open for it."""

import msgspec

from pipeline.records.clocks import Instant


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What CORRELATE hands to RESPOND when a person must be asked, in the same step.

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

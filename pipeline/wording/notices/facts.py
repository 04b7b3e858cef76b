"""What a notice is made of: plain facts, gathered by RESPOND, so that every outlet and language tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.records.published.incidents import Incident

EndMoved = Literal["", "new", "later", "sooner"]
"""How the estimated end stands to the one told before; '' = as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What one occasion has to say.

    Attributes:
        incident: The revision that it speaks of; with a summary.
        occasion: Row of the table of occasions.
        says: Parts of the text, in their order.
        at: When it is drafted, ms.
        operator: Name of the operator, as the brand writes it.
        numbers: Emergency numbers that fail now; empty if none does.
        numbers_back: Emergency numbers that were said to fail and work again.
        services: Services that are new since the last word.
        places: Names of places that are new since the last word.
        back: Names of places that are well again while others are not.
        is_graver: Whether it is worse than was said.
        end: Earliest and latest estimated end, ms, the latest in the future; None if none is told.
        end_moved: How that stands to what was said before.
        next_word_at: When the next word is promised, ms; None if none is.
        planned_until: End of the planned work, ms; 0 if there is none.
        cause: Kind of the cause, if it is known; '' if not.
        claim: Kind of the claim that is corrected; '' without one.
        claim_about: Name of the operator that the claim blames; '' if it blames none.
    """

    incident: Incident
    occasion: str
    says: Sequence[str]
    at: int
    operator: str
    numbers: Sequence[str] = ()
    numbers_back: Sequence[str] = ()
    services: Sequence[str] = ()
    places: Sequence[str] = ()
    back: Sequence[str] = ()
    is_graver: bool = False
    end: tuple[int, int] | None = None
    end_moved: EndMoved = ""
    next_word_at: int | None = None
    planned_until: int = 0
    cause: str = ""
    claim: str = ""
    claim_about: str = ""

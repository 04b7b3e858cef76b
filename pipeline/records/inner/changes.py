"""What CORRELATE hands to RESPOND, in the same step: a change of an incident, and what has none.

That is a question, and work that is announced: nobody feels it yet, and perhaps nobody ever will.
"""

from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
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


class QuestionEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A question needs no answer any more: a person gave it, an alarm did, or nobody did in time.

    Attributes:
        at: End of the pane in which it ended.
        market: Id of the market.
        question_id: Names the question.
        expired: Nobody answered it in time.
        by: Who answered it; '' for nobody.
        why: Why it ended, in words.
    """

    at: Instant
    market: str
    question_id: str
    expired: bool = False
    by: str = ""
    why: str


class WorkOrdered(msgspec.Struct, frozen=True, kw_only=True):
    """Planned work lies ahead: a window of maintenance was ordered, for an operator, and is obeyed.

    Attributes:
        at: End of the pane in which it was ordered.
        market: Id of the market.
        window_id: Id of the command that ordered it.
        operator: Whose network is worked on.
        area: Where; '' = everywhere.
        place: Name of that area, for people; '' of everywhere.
        service: What may fail; '' = any.
        starts: When it begins, ms, each time that lies ahead, ascending.
        lasts_ms: How long it takes.
        by: Who ordered it.
        reason: Why, in the words of who ordered it.
        time_zone: IANA name; times for people are in it.
        exercise: Part of an exercise.
    """

    at: Instant
    market: str
    window_id: str
    operator: str
    area: str = ""
    place: str = ""
    service: str = ""
    starts: tuple[int, ...]
    lasts_ms: int
    by: str
    reason: str = ""
    time_zone: str
    exercise: bool = False


class WorkCancelled(msgspec.Struct, frozen=True, kw_only=True):
    """A window of maintenance was ended by a person, perhaps before it began.

    Attributes:
        at: End of the pane in which it was ended.
        market: Id of the market.
        window_id: Id of the command that had ordered it.
        by: Who ended it.
        reason: Why, in the words of who ended it.
    """

    at: Instant
    market: str
    window_id: str
    by: str
    reason: str = ""


COMMANDS_MAX: Final = 4_096
"""Command ids of a market that are remembered, the latest: an id is obeyed once, whatever became of it, and a repeat
changes nothing. CORRELATE and DETECT, which hear the same orders in the same order, remember the same."""

LEVEL_WORKS_MAX: Final = 256
"""Windows of planned work of a market that may stand and are to change what is usual. CORRELATE answers further orders
"refused", and DETECT, which hears the same orders in the same order, counts as it does and forgets them."""


def work_id_of(market: str, window_id: str) -> str:
    """Id of planned work, which its notices have in place of an incident's.

    Args:
        market: Id of the market.
        window_id: Id of the command that ordered it.
    """
    return content_id(market, "planned_work", window_id)

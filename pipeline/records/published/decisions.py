"""A decision: what was opened, changed, sent - and what was held back - with the reason.

"Why was I not told?" is asked as often as "why was I told?", so what is
suppressed is written down like what is done.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.raw.commands import Command
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import (
    DecisionKind,
    DecisionReason,
    Id,
    Key,
    Labels,
    Line,
    Market,
    Revision,
    Stage,
    Subject,
)

ORDER: Final = "order"
"""What `details` calls the order that a decision answers: its `command_id`, so that nobody takes it for another's."""

BY_CHARS_MAX: Final = 64
"""A decision repeats so many characters of who gave the order."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One thing done or left undone.

    Attributes:
        decision_id: Hash of stage, kind, subject, reason and time.
        stage: Which stage decided.
        kind: What was done.
        subject: Incident id, or a series, operator or target: the key of the record.
        reason: Reason of the closed list.
        text: Why, in words, with the numbers.
        at: Event time.
        market: Country, where there is one.
        incident_id: Which incident, if one is concerned.
        revision: Revision of that incident.
        by: Person or system that asked for it.
        details: A few more words by name; `order` is the `command_id` of the order that it answers.
        exercise: Part of an exercise.
    """

    decision_id: Id
    stage: Stage
    kind: DecisionKind
    subject: Subject
    reason: DecisionReason
    text: Line
    at: Instant
    market: Market | None = None
    incident_id: Id | None = None
    revision: Revision | None = None
    by: Key | None = None
    details: Labels = {}
    exercise: bool = False


def answering(outputs: Iterable[object], command: Command) -> list[object]:
    """What an order brought, each decision of its giver with the order's id.

    Args:
        outputs: All that was written while it was obeyed.
        command: The order.
    """
    by = clipped(command.by, BY_CHARS_MAX)
    return [
        msgspec.structs.replace(output, details={**output.details, ORDER: command.command_id})
        if isinstance(output, Decision) and output.by == by
        else output
        for output in outputs
    ]

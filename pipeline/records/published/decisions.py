"""A decision: what was opened, changed, sent - and what was held back - with the reason.

"Why was I not told?" is asked as often as "why was I told?", so what is
suppressed is written down like what is done.
"""

import msgspec

from pipeline.records.clocks import Instant
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
        details: A few more words by name.
        exercise: Part of a drill.
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

"""Commands: what a person or a system tells Tocsin, in the same log as the data.

A command's time is its Kafka timestamp; it is never late and applies before the
pane that ends after it.
"""

import re
from typing import Annotated, Final, Literal

import msgspec

from pipeline.records.limits import Area, Key, Name, Note, Text, Time
from pipeline.records.vocabulary import Line, Service

CommandKind = Literal[
    "acknowledge",
    "assign",
    "silence",
    "maintenance",
    "exercise",
    "confirm",
    "dismiss",
    "merge",
    "split",
    "approve",
    "edit",
    "reject",
    "withdraw",
    "feedback",
]

ON_DRAFTS: Final = frozenset({"approve", "edit", "reject"})
"""Kinds that RESPOND answers: their target is what waits for a person, by its own id or by that of its incident."""


ANSWERED_BY_RESPOND: Final = ON_DRAFTS | {"withdraw"}
"""The same, and backups that are taken back to standby."""

OF_A_WHILE: Final = frozenset({"silence", "maintenance", "exercise"})
"""Kinds that open a window: they need an end, and cover an operator, a place or an incident until then."""

_DAY: Final = r"(-1|[1-5])?(MO|TU|WE|TH|FR|SA|SU)"
_MONTH_DAY: Final = r"(-1|[1-9]|[12][0-9]|3[01])"
_PART: Final = (
    r"INTERVAL=[1-9][0-9]?|COUNT=[1-9][0-9]{0,2}|UNTIL=[12][0-9]{3}[01][0-9][0-3][0-9](T[0-2][0-9][0-5][0-9][0-5][0-9]Z)?"
    rf"|BYDAY={_DAY}(,{_DAY}){{0,6}}|BYMONTHDAY={_MONTH_DAY}(,{_MONTH_DAY}){{0,30}}"
)
_RECURRENCE: Final = rf"^FREQ=(DAILY|WEEKLY|MONTHLY)(;({_PART})){{0,4}}\Z"
_RECURS: Final = re.compile(_RECURRENCE)
Recurrence = Annotated[str, msgspec.Meta(pattern=_RECURRENCE, max_length=200)]
"""How a window comes again: a part of the rules of RFC 5545, such as `FREQ=MONTHLY;BYDAY=1TU;COUNT=12`."""


def is_recurrence(rule: str) -> bool:
    """Can a window come again by this rule, and does the rule end?

    >>> [is_recurrence(rule) for rule in ("FREQ=MONTHLY;BYDAY=1TU;COUNT=12", "FREQ=YEARLY;COUNT=2", "FREQ=DAILY")]
    [True, False, False]
    """
    return bool(_RECURS.match(rule)) and any(part.startswith(("COUNT=", "UNTIL=")) for part in rule.split(";"))


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One order.

    Attributes:
        command_id: Names it for ever; a repeat changes nothing.
        market: Country whose incidents it is about.
        target: Incident id, or `operator` or `operator@area`: for silences and maintenance all of them, for an
            exercise whose outage is rehearsed and where, for the rest the one incident there that goes on. Of
            `approve`, `edit` and `reject` the id of what waits for a person, such as a notice; an incident's id, or an
            operator with one open incident, means all that waits there. Of `withdraw` the id of a backup's failover,
            or of an incident, likewise, for all of its backups.
        by: Who gave it; every silence has an owner.
        service: Service that it is about; of an exercise the one that fails, `emergency` that all fail and help
            cannot be called.
        starts_at: Beginning of a maintenance window, silence or exercise; else at once.
        until: Its end; a silence or exercise without one is refused.
        recurrence: The silence or maintenance window comes again by this rule of RFC 5545; `starts_at` and `until` are
            its first time. It must end, by COUNT or UNTIL.
        time_zone: Zone of the clock by which it comes again, by its IANA name; else that of the market.
        incidents: The others of a merge.
        exercise: Part of an exercise.
        usual: What is measured and said now at the operator or operator@area of a `dismiss` is usual from now on; of a
            `maintenance` what is once its work is over.
        subject: Headline that an `edit` puts in place of the drafted one; '' leaves it.
        body: Text that an `edit` puts in place of the drafted one; '' leaves it.
    """

    command_id: Key
    market: Annotated[str, msgspec.Meta(min_length=2, max_length=2)]
    target: Key
    kind: CommandKind
    by: Key
    operator: Name | None = None
    area: Area | None = None
    service: Service | None = None
    reason: Note = ""
    starts_at: Time | None = None
    until: Time | None = None
    recurrence: Recurrence | None = None
    time_zone: Name | None = None
    team: Name | None = None
    incidents: Annotated[list[Key], msgspec.Meta(max_length=32)] = []
    note: Note = ""
    exercise: bool = False
    usual: bool = False
    subject: Line = ""
    body: Text = ""

    @property
    def operator_and_area(self) -> tuple[str, str]:
        """What the target names if it is no id: an operator, and an area or ''."""
        operator, _, area = self.target.partition("@")
        return operator, area

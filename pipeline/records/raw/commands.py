"""Commands: what a person or a system tells Tocsin, in the same log as the data.

A command's time is its Kafka timestamp; it is never late and applies before the
pane that ends after it.
"""

from typing import Annotated, Final, Literal

import msgspec

from pipeline.records.limits import Area, Key, Name, Note, Text, Time
from pipeline.records.vocabulary import Line, Service

CommandKind = Literal[
    "acknowledge",
    "assign",
    "silence",
    "maintenance",
    "confirm",
    "dismiss",
    "merge",
    "split",
    "approve",
    "edit",
    "reject",
    "feedback",
]

ON_DRAFTS: Final = frozenset({"approve", "edit", "reject"})
"""Kinds that RESPOND answers: their target is what waits for a person, by its own id or by that of its incident."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One order.

    Attributes:
        command_id: Names it for ever; a repeat changes nothing.
        market: Country whose incidents it is about.
        target: Incident id, or `operator` or `operator@area`: for silences and maintenance all of them, for the rest
            the one incident there that goes on. Of `approve`, `edit` and `reject` the id of what waits for a person,
            such as a notice; an incident's id means all that waits there.
        by: Who gave it; every silence has an owner.
        starts_at: Beginning of a maintenance window or silence; else at once.
        until: Its end; a silence without one is refused.
        incidents: The others of a merge.
        exercise: Part of a drill.
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
    team: Name | None = None
    incidents: Annotated[list[Key], msgspec.Meta(max_length=32)] = []
    note: Note = ""
    exercise: bool = False
    subject: Line = ""
    body: Text = ""

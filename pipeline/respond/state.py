"""What RESPOND remembers: a case per incident with what is due in it, planned works ahead, figures per operator.

A case is a slot of its own, so that a change of one incident writes one slot. A case that
is over stays, since an aftermath comes a day later; how many stay is limited. Figures are
no case's business alone, so they lie in slots of their own.
"""

from collections.abc import Mapping
from typing import Final, Self

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.errors import StateError
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.raw.commands import Command, CommandKind
from pipeline.records.series import is_within
from pipeline.records.vocabulary import FINAL
from pipeline.respond.figures import PREFIX as FIGURES_PREFIX
from pipeline.respond.figures import OperatorFigures, figures_name
from pipeline.respond.remembered.failovers import FailoverMemory
from pipeline.respond.remembered.followups import FollowupMemory
from pipeline.respond.remembered.notices import NoticeBook
from pipeline.respond.remembered.people import PeopleMemory
from pipeline.respond.remembered.questions import QUESTION_PREFIX, QuestionCase
from pipeline.respond.remembered.replies import ReplyMemory
from pipeline.respond.remembered.works import WORK_PREFIX, WorkCase, work_slot_name

OVER_MAX: Final = 64
"""Cases of a market that are kept after their end, the latest ones. Most are some KiB; one with thousands of
complaints, which must know whom it has answered, is 200 KiB, compressed when saved. A market with more ends than this
in the week of an aftermath has a person who counts them."""

ORDERS_MAX: Final = 64
"""Commands that a case remembers, the latest ones: so many people do not work at one incident."""

_PREFIX: Final = "case|"


class CaseOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person ordered about a case.

    Attributes:
        command_id: Names the command for ever.
        kind: What was ordered.
        by: Who ordered it.
        at: Time of the order, ms.
    """

    command_id: str
    kind: CommandKind
    by: str
    at: Instant


class IncidentCase(msgspec.Struct, kw_only=True):
    """An incident as RESPOND sees it.

    Attributes:
        incident: Its latest revision.
        heard_at: End of the pane in which the case changed last, ms: nothing of it falls due before.
        dues: Name of a duty to when it falls due, ms.
        orders: What people ordered about it, the oldest first.
        notices: What was drafted for people, and what they were told.
        failovers: What its backups remember.
        followups: What its follow-ups remember.
        replies: Who waits for an answer.
        people: What people talk of.
        asked: Questions about its claims in doubt that wait for a person, the latest asking.
    """

    incident: Incident
    heard_at: int
    dues: dict[str, int] = {}
    orders: list[CaseOrder] = []
    notices: NoticeBook = msgspec.field(default_factory=NoticeBook)
    failovers: FailoverMemory = msgspec.field(default_factory=FailoverMemory)
    followups: FollowupMemory = msgspec.field(default_factory=FollowupMemory)
    replies: ReplyMemory = msgspec.field(default_factory=ReplyMemory)
    people: PeopleMemory = msgspec.field(default_factory=PeopleMemory)
    asked: list[Notice] = []

    @property
    def name(self) -> str:
        """Name of its slot."""
        return slot_name(self.incident.market, self.incident.incident_id)

    @property
    def due_at(self) -> int | None:
        """When the first of its duties falls due, ms; None if nothing does."""
        return min(self.dues.values(), default=None)

    @property
    def is_over(self) -> bool:
        """Is its incident at an end, so that only an aftermath can follow?"""
        return self.incident.state in FINAL

    def holds(self, target: str) -> bool:
        """Is a thing of this id, which waits or waited for a person, one of the case?"""
        memories = (self.notices, self.failovers, self.followups, self.replies)
        return any(memory.knows(target) for memory in memories)

    def note(self, placed: PlacedCommand) -> bool:
        """Remember a command; False if it is remembered already."""
        command = placed.command
        if any(order.command_id == command.command_id for order in self.orders):
            return False
        self.orders.append(CaseOrder(command_id=command.command_id, kind=command.kind, by=command.by, at=placed.at))
        del self.orders[:-ORDERS_MAX]
        return True


RespondSlot = IncidentCase | OperatorFigures | WorkCase | QuestionCase


class RespondState:
    """State of RESPOND for one partition of `anomalies`: the cases and figures of its markets.

    Args:
        partition: Partition of `anomalies`.
        slots: From a snapshot; empty for a beginning.
    """

    def __init__(self, partition: int, slots: dict[str, RespondSlot] | None = None) -> None:
        self.partition = partition
        self.slots: dict[str, RespondSlot] = slots if slots is not None else {}

    @classmethod
    def restored(cls, partition: int, slots: Mapping[str, msgspec.Struct]) -> Self:
        """The state of a partition from its saved slots.

        Raises:
            StateError: If a slot is none of RESPOND's.
        """
        kept: dict[str, RespondSlot] = {}
        for name, slot in slots.items():
            kind = slot_type(name)
            if kind is None or not isinstance(slot, kind):
                raise StateError(f"partition {partition}: slot {name} holds {type(slot).__name__}: rebuild the state")
            kept[name] = slot
        return cls(partition, kept)

    def case(self, market: str, incident_id: str) -> IncidentCase | None:
        """A case by its incident; None if RESPOND has not heard of it, or no longer knows it."""
        slot = self.slots.get(slot_name(market, incident_id))
        return slot if isinstance(slot, IncidentCase) else None

    def case_of(self, market: str, target: str) -> IncidentCase | None:
        """A case by its incident, or by the id of a thing in it that waits for a person; None if there is none."""
        named = self.case(market, target)
        return named or next((case for case in self.cases(market) if case.holds(target)), None)

    def cases_named(self, command: Command) -> list[IncidentCase]:
        """Cases that go on of the `operator` or `operator@area` that an order names; of an exercise only in one."""
        operator, area = command.operator_and_area
        return [
            case
            for case in self.cases(command.market)
            if not case.is_over and case.incident.exercise == command.exercise
            if any(row.operator == operator for row in case.incident.operators)
            if not area or any(is_within(row.area, area) for row in case.incident.areas)
        ]

    def cases(self, market: str) -> list[IncidentCase]:
        """All cases of a market, by id of the incident."""
        begin = slot_name(market, "")
        slots = (slot for name, slot in sorted(self.slots.items()) if name.startswith(begin))
        return [slot for slot in slots if isinstance(slot, IncidentCase)]

    def works(self, market: str) -> list[WorkCase]:
        """All planned works of a market that are not over, by id."""
        begin = work_slot_name(market, "")
        slots = (slot for name, slot in sorted(self.slots.items()) if name.startswith(begin))
        return [slot for slot in slots if isinstance(slot, WorkCase)]

    def work_of(self, market: str, target: str) -> WorkCase | None:
        """Planned work by its id, or by that of one of its notices; None if there is none."""
        return next((work for work in self.works(market) if work.holds(target)), None)

    def figures(self, market: str, operator: str) -> OperatorFigures:
        """Figures of an operator; made when missing."""
        name = figures_name(market, operator)
        slot = self.slots.get(name)
        if not isinstance(slot, OperatorFigures):
            slot = self.slots[name] = OperatorFigures(market=market, operator=operator)
        return slot

    def forget_the_oldest(self, market: str) -> list[str]:
        """Forget what has been over longest, where more is over than is kept; its dues are forgotten with it.

        Returns:
            Names of the slots that are gone.
        """
        over = [case for case in self.cases(market) if case.is_over]
        over.sort(key=lambda case: (case.heard_at, case.incident.incident_id))
        gone = [case.name for case in over[: max(0, len(over) - OVER_MAX)]]
        for name in gone:
            del self.slots[name]
        return gone


def slot_name(market: str, incident_id: str) -> str:
    """Name of a case's slot.

    >>> slot_name("DE", "0a1b")
    'case|DE|0a1b'
    """
    return f"{_PREFIX}{market}|{incident_id}"


def slot_type(name: str) -> type[RespondSlot] | None:
    """What a slot of this name holds; None if it is no slot of RESPOND.

    >>> slot_type("case|DE|0a1b").__name__, slot_type("figures|DE|o2").__name__, slot_type("DE")
    ('IncidentCase', 'OperatorFigures', None)
    """
    kinds: dict[str, type[RespondSlot]] = {
        _PREFIX: IncidentCase,
        FIGURES_PREFIX: OperatorFigures,
        WORK_PREFIX: WorkCase,
        QUESTION_PREFIX: QuestionCase,
    }
    return next((kind for prefix, kind in kinds.items() if name.startswith(prefix)), None)

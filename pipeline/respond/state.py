"""What RESPOND remembers: a case per incident, what is due in it, and what people ordered.

A case is a slot of its own, so that a change of one incident writes one slot. A case that
is over stays, since an aftermath comes a day later; how many stay is limited.
"""

from collections.abc import Mapping
from typing import Final, Self

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.errors import StateError
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.incidents import Incident
from pipeline.records.raw.commands import CommandKind
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.notices.book import NoticeBook
from pipeline.respond.remembered.followups import FollowupMemory

OVER_MAX: Final = 64
"""Cases of a market that are kept after their end, the latest ones; each is at most 64 KiB, and compressed when saved.
A market with more ends than this in the week of an aftermath has a person who counts them."""

ORDERS_MAX: Final = 64
"""Commands that a case remembers, the latest ones: so many people do not work at one incident."""

OVER: Final = frozenset({IncidentState.CLOSED, IncidentState.DISMISSED})
"""States that nothing follows but an aftermath."""

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
        followups: What its follow-ups remember.
    """

    incident: Incident
    heard_at: int
    dues: dict[str, int] = {}
    orders: list[CaseOrder] = []
    notices: NoticeBook = msgspec.field(default_factory=NoticeBook)
    followups: FollowupMemory = msgspec.field(default_factory=FollowupMemory)

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
        return self.incident.state in OVER

    def holds(self, target: str) -> bool:
        """Is a thing of this id, which waits or waited for a person, one of the case?"""
        return self.notices.knows(target) or self.followups.knows(target)

    def note(self, placed: PlacedCommand) -> bool:
        """Remember a command; False if it is remembered already."""
        command = placed.command
        if any(order.command_id == command.command_id for order in self.orders):
            return False
        self.orders.append(CaseOrder(command_id=command.command_id, kind=command.kind, by=command.by, at=placed.at))
        del self.orders[:-ORDERS_MAX]
        return True


class RespondState:
    """State of RESPOND for one partition of `anomalies`: the cases of its markets.

    Args:
        partition: Partition of `anomalies`.
        slots: From a snapshot; empty for a beginning.
    """

    def __init__(self, partition: int, slots: dict[str, IncidentCase] | None = None) -> None:
        self.partition = partition
        self.slots: dict[str, IncidentCase] = slots if slots is not None else {}

    @classmethod
    def restored(cls, partition: int, slots: Mapping[str, msgspec.Struct]) -> Self:
        """The state of a partition from its saved slots.

        Raises:
            StateError: If a slot is none of RESPOND's.
        """
        kept: dict[str, IncidentCase] = {}
        for name, slot in slots.items():
            if not isinstance(slot, IncidentCase):
                raise StateError(f"partition {partition}: slot {name} holds {type(slot).__name__}: rebuild the state")
            kept[name] = slot
        return cls(partition, kept)

    def case(self, market: str, incident_id: str) -> IncidentCase | None:
        """A case by its incident; None if RESPOND has not heard of it, or no longer knows it."""
        return self.slots.get(slot_name(market, incident_id))

    def case_of(self, market: str, target: str) -> IncidentCase | None:
        """A case by its incident, or by the id of a thing in it that waits for a person; None if there is none."""
        named = self.case(market, target)
        return named or next((case for case in self.cases(market) if case.holds(target)), None)

    def cases(self, market: str) -> list[IncidentCase]:
        """All cases of a market, by id of the incident."""
        begin = slot_name(market, "")
        return [case for name, case in sorted(self.slots.items()) if name.startswith(begin)]

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


def is_case(name: str) -> bool:
    """Does a slot of this name hold a case?

    >>> is_case("case|DE|0a1b"), is_case("DE")
    (True, False)
    """
    return name.startswith(_PREFIX)

"""How far time is known in a partition, and what waits for it."""

from typing import Final

import msgspec

from pipeline.detect.slots.orders import LevelWork
from pipeline.records.inner.signals import EmergencyClaim, LooseReply, OfficialPost, PlacedCommand

TIME: Final = "~time"
"""Name of the slot that holds clocks; no operator's id begins so."""


class CutPanes(msgspec.Struct, array_like=True):
    """Panes in a row of which no replies without an operator are kept, since too many waited.

    Attributes:
        first: Start of the first, ms.
        last: Start of the last of which a reply came, ms; grows until time reaches the first.
    """

    first: int
    last: int


class TimeSlot(msgspec.Struct):
    """How far time is known, and what rides along whole.

    Attributes:
        epoch: Epoch of `signals`; 0 until the first envelope.
        layout: Number of the layout of lanes, as the last envelope says.
        lanes: Their number, as the last envelope says; fixed for a layout.
        partitions: As the first envelope says; fixed for an epoch.
        clocks: `lane/source` to ms; a missing one is at minus infinity.
        sealed_to: All panes that end at or before it are complete, ms; -1 until all clocks are known.
        officials: Posts of operators in open panes, in the order of arrival.
        claims: Claims about emergency numbers in open panes, in the order of arrival.
        commands: Orders of open panes, in the order of arrival.
        works: Work that is to change levels, of a state kept before there were slots of orders; none is added.
        replies: Without an operator, of steps that are not complete; bounded, in order of time.
        cuts: What was left out of them and has not passed, in order of time: two at most, as the second begins once
            time has reached the first.
    """

    epoch: int = 0
    lanes: int = 0
    partitions: int = 0
    layout: int = 1
    clocks: dict[str, int] = {}
    sealed_to: int = -1
    officials: list[OfficialPost] = []
    claims: list[EmergencyClaim] = []
    commands: list[PlacedCommand] = []
    works: list[LevelWork] = []
    replies: list[LooseReply] = []
    cuts: list[CutPanes] = []

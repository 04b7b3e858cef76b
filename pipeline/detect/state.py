"""What DETECT remembers of a partition: time, and one slot per scope.

Every slot is a plain struct, so that a snapshot holds it to the bit. Detectors
are made afresh around their state for each step; nothing is remembered elsewhere.

A scope keeps the states of all detectors by name. Their types come from the registry, so
the type that a snapshot of a scope is read as is made from its rows (`scope_type`).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Self, TypedDict

import msgspec

from pipeline.detect.account.believed import Account
from pipeline.detect.account.threads import OpenThread
from pipeline.detect.detectors.detector import Family
from pipeline.detect.detectors.registry import DETECTORS
from pipeline.detect.detectors.remembered import Exposure, SeriesState
from pipeline.detect.slots.orders import ORDERS, AllOrders, OrdersSlot, orders_name, orders_of_before
from pipeline.detect.slots.times import TIME, TimeSlot
from pipeline.records.errors import StateError
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.partials import CounterReading, Partial
from pipeline.records.inner.talk import WholeComplaint
from pipeline.records.series import Scope


class Feed(msgspec.Struct):
    """Does a source still speak? Kept per scope and source; of telemetry, per measure.

    Attributes:
        spoke_at: End of the last pane with content, ms.
        gap_ms: Usual gap between panes with content; 0 until one is known.
        gaps: How many were seen.
        missed: Tickets or posts expected since it last spoke.
        silent: Has it been called silent?
    """

    spoke_at: int
    gap_ms: float = 0.0
    gaps: int = 0
    missed: float = 0.0
    silent: bool = False


class HeardSeries(msgspec.Struct):
    """A series that is judged, whoever judges it.

    Attributes:
        spoke_at: End of the last step with content, ms.
        people: A few of those who spoke since its last pause, each once.
        is_unlike: A ratio that nobody knows, which in its first minutes was unlike any success.
        held_at: End of the last step in which it stood out and was held back, ms.
    """

    spoke_at: int = 0
    people: list[str] = []
    is_unlike: bool = False
    held_at: int = 0


class FollowedSum(msgspec.Struct, array_like=True):
    """Sum of a followed series since the last figure.

    Attributes:
        count: Attempts, readings or steps.
        total: Sum in steps of the unit.
    """

    count: Exact
    total: Exact


class Following(msgspec.Struct):
    """What a scope has gathered of followed series since its last figures.

    Attributes:
        ends_at: End of the five minutes in which it gathers, ms; 0 while there is nothing.
        sums: Name of a series within the scope to its sum.
        omitted: Sums that were left out in these five minutes, because too many series are followed.
        told_day: Day on which that was last said.
    """

    ends_at: int = 0
    sums: dict[str, FollowedSum] = {}
    omitted: int = 0
    told_day: int = -1

    @property
    def due_at(self) -> int | None:
        """When its figures must go out, ms; None while there are none."""
        return self.ends_at if self.sums else None


class UsualLevels(msgspec.Struct, omit_defaults=True):
    """A person's word that what is measured and said now is usual from now on.

    Attributes:
        order: Id of the command.
        by: Who gave it.
        at: From when on it holds, ms: the end of its pane; of work once that is over.
        area: Where; '' = everywhere.
        service: Of which service; '' = of all, and of what names none.
        market: Of the command, since another market's commands may have the same ids.
        planned: Was it given before the work, so that nobody has looked at what came of it?
        done: Series that were moved by it, or of which it was said why not.
    """

    order: str
    by: str
    at: int
    area: str = ""
    service: str = ""
    market: str = ""
    planned: bool = False
    done: list[str] = []


class ScopeState(msgspec.Struct, forbid_unknown_fields=True):
    """Open panes and baselines of one operator in one region or nation.

    Series are keyed by their fields, joined (`rollup.key_of`). A snapshot with other fields than these is
    refused and not half read: its baselines would be gone without a word.

    Attributes:
        panes: Start of an open pane to its leaf series.
        judged_to: End of the last step that was judged, ms; -1 before the first.
        feeds: Source, or `telemetry|measure`, to what is known of its rhythm.
        exposures: Source to the steps lived through.
        heard: The series that are judged.
        baselines: Name of a detector to what it remembers of each series.
        counters: Last reading of each counter, by the name of its leaf series.
        awake: Counts to be judged even if nothing came.
        anomaly_at: End of the last step with an anomaly, ms; -1 for never.
        swept_day: Day on which idle series were last forgotten.
        limit_day: Day on which it was last said that there are too many series.
        accounts: `area|service` to what is believed of an outage there; what is calm is forgotten.
        ended: Areas to when their figures last showed an outage, ms, for as long as people talk of it.
        well: `area|service` to when its figures last said that it is well, ms.
        held: Areas to until when nothing is learnt there, ms, as an incident may be open.
        speakers: Who posted within the hour, by keyed hash, to the end of the last step in which they did, ms.
        threads: Posts that complained within the hour, by keyed hash, and who answered them; the latest.
        following: Sums of followed series that wait for their five minutes to end.
        figures: Areas to the services of which figures are measured there, sorted.
        measured_told: Day on which that was last told, and how many services they were; day -1 for never.
        usual: The latest orders to take levels for usual, the oldest first; bounded.
        unanswered: Latest complaints of a scope that is not hot, which go out if it becomes so soon.
    """

    operator: str
    area: str
    panes: dict[int, dict[str, Partial]] = {}
    judged_to: int = -1
    feeds: dict[str, Feed] = {}
    exposures: dict[str, Exposure] = {}
    heard: dict[str, HeardSeries] = {}
    baselines: dict[str, dict[str, SeriesState]] = {}
    counters: dict[str, CounterReading] = {}
    awake: list[str] = []
    anomaly_at: int = -1
    swept_day: int = -1
    limit_day: int = -1
    accounts: dict[str, Account] = {}
    ended: dict[str, int] = {}
    well: dict[str, int] = {}
    held: dict[str, int] = {}
    speakers: dict[str, int] = {}
    threads: dict[str, OpenThread] = {}
    figures: dict[str, list[str]] = {}
    measured_told: tuple[int, int] = (-1, 0)
    following: Following = msgspec.field(default_factory=Following)
    usual: list[UsualLevels] = []
    unanswered: list[WholeComplaint] = []

    def hearing(self, key: str) -> HeardSeries:
        """What is known of who speaks in a series; made when missing."""
        heard = self.heard.get(key)
        if heard is None:
            heard = self.heard[key] = HeardSeries()
        return heard

    def forget(self, key: str) -> None:
        """Forget a series, whoever judges it."""
        self.heard.pop(key, None)
        for states in self.baselines.values():
            states.pop(key, None)


Slot = TimeSlot | OrdersSlot | AllOrders | ScopeState


class DetectState:
    """State of one partition of `signals`.

    Args:
        partition: Its number.
        slots: From a snapshot; empty for a beginning.
    """

    def __init__(self, partition: int, slots: dict[str, Slot] | None = None) -> None:
        self.partition = partition
        self.slots: dict[str, Slot] = slots if slots is not None else {}

    @classmethod
    def restored(cls, partition: int, slots: Mapping[str, msgspec.Struct]) -> Self:
        """The state of a partition from its saved slots.

        Raises:
            StateError: If a slot is none of this stage's.
        """
        kept: dict[str, Slot] = {}
        for name, slot in slots.items():
            if not isinstance(slot, Slot):
                raise StateError(f"partition {partition}: slot {name} holds {type(slot).__name__}: rebuild the state")
            kept[name] = slot
        return cls(partition, kept)

    @property
    def time(self) -> TimeSlot:
        """The slot that holds clocks; made when missing."""
        slot = self.slots.get(TIME)
        if slot is None:
            slot = self.slots[TIME] = TimeSlot()
        if not isinstance(slot, TimeSlot):
            raise StateError(f"partition {self.partition}: slot {TIME} holds {type(slot).__name__}: rebuild the state")
        return slot

    def orders(self, market: str) -> OrdersSlot:
        """The slot that holds what was ordered of a market; made when missing, of where that was kept before."""
        name = orders_name(market)
        slot = self.slots.get(name)
        if slot is None:
            kept = self.slots.get(ORDERS)
            before = kept if isinstance(kept, AllOrders) else AllOrders({}, self.time.works)
            slot = self.slots[name] = orders_of_before(market, before)
        if not isinstance(slot, OrdersSlot):
            raise StateError(f"partition {self.partition}: slot {name} holds {type(slot).__name__}: rebuild the state")
        return slot

    def scope(self, scope: Scope) -> ScopeState:
        """The slot of a scope; made when missing."""
        name = slot_name(scope)
        slot = self.slots.get(name)
        if slot is None:
            slot = self.slots[name] = ScopeState(operator=scope.operator, area=scope.area)
        if not isinstance(slot, ScopeState):
            raise StateError(f"partition {self.partition}: slot {name} holds {type(slot).__name__}: rebuild the state")
        return slot

    def scopes(self) -> list[tuple[str, ScopeState]]:
        """All scopes with the names of their slots, sorted."""
        return [(name, slot) for name, slot in sorted(self.slots.items()) if isinstance(slot, ScopeState)]


def slot_name(scope: Scope) -> str:
    """Name of a scope's slot.

    >>> slot_name(Scope("netcologne", "DE/NW"))
    'netcologne|DE/NW'
    """
    return f"{scope.operator}|{scope.area}"


@lru_cache(maxsize=8)
def scope_type(detectors: tuple[Family, ...]) -> type[ScopeState]:
    """Type of a scope's slot, with the types of what these detectors remember.

    What a detector remembered that has no row any more is not read: it is forgotten.

    >>> scope_type(DETECTORS) is scope_type(DETECTORS), issubclass(scope_type(DETECTORS), ScopeState)
    (True, True)
    """
    states = {row.name: dict[str, row.state] for row in detectors}  # type: ignore[name-defined]  # types are values here
    baselines = TypedDict("baselines", states, total=False)  # type: ignore[misc]
    made = msgspec.defstruct(
        "ScopeState", [("baselines", baselines, msgspec.field(default_factory=dict[str, object]))], bases=(ScopeState,)
    )
    assert issubclass(made, ScopeState)
    return made


def slot_type(name: str, detectors: tuple[Family, ...] = DETECTORS) -> type[Slot]:
    """Type of a slot, for the codec.

    Args:
        name: Of the slot.
        detectors: Rows of the registry.

    >>> slot_type("~time").__name__, slot_type("~orders|DE").__name__, slot_type("o2|DE").__name__
    ('TimeSlot', 'OrdersSlot', 'ScopeState')
    """
    if name == TIME:
        return TimeSlot
    if name == ORDERS:
        return AllOrders
    return OrdersSlot if name.startswith(ORDERS) else scope_type(detectors)

"""What a topic is and what a stage is: the kinds of rows that the map (`pipeline.flow`) is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

from pipeline.records.effects import Effects
from pipeline.records.errors import StateError

R = TypeVar("R", bound=msgspec.Struct)
"""A record type."""
S = TypeVar("S", bound="State")
"""A stage's state."""
C = TypeVar("C")
"""What a stage knows beforehand: its settings and its part of the reference."""
L = TypeVar("L")
"""What adds up the raw records of a lane."""


class Use(StrEnum):
    """Who writes a topic, and who reads it."""

    INPUT = "input"
    """Others write it, INGEST reads it."""
    INTERNAL = "internal"
    """One stage writes it, the next one reads it."""
    OUTPUT = "output"
    """A stage writes it, others read it."""


class Order(StrEnum):
    """What of the order of a topic's records belongs to the result of a run."""

    HISTORY = "history"
    """The order of the records of one key: each replaces or follows the one before it."""
    SET = "set"
    """None: the records stand for themselves."""


class Named(msgspec.Struct, frozen=True):
    """What Kafka and CloudEvents must know of one record.

    Attributes:
        key: Key of the Kafka record; it decides the partition.
        id: Names the event for ever; None is "a hash of its content".
        time_ms: When it happened, in ms since 1970.
        headers: Headers beside those of CloudEvents.
    """

    key: str
    id: str | None
    time_ms: int
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic.

    Attributes:
        noun: Its name, without the prefix of a deployment; its schema is `<noun>.v1.json`.
        use: Who writes and who reads it.
        record: Type of its records.
        holds: What a record is, in a sentence.
        partitions: Which of the settings `partitions.*` counts its partitions.
        key: What its key is, in words.
        order: What of its order is part of a result.
        named: Tells key, id and time of a record; None where the bytes are somebody else's.
        retention_days: Kafka deletes records that are older; None keeps them.
        is_compacted: Kafka keeps the last record of each key.
        bytes_max: Largest record that Kafka takes; None is the broker's own limit.
    """

    noun: str
    use: Use
    record: type[msgspec.Struct]
    holds: str
    partitions: Literal["lanes", "signals", "anomalies", "incidents", "others"]
    key: str
    order: Order = Order.SET
    named: Callable[[object], Named] | None = None
    retention_days: int | None = None
    is_compacted: bool = False
    bytes_max: int | None = None

    @property
    def event_type(self) -> str:
        """Type of its records as CloudEvents."""
        return f"tocsin.{self.noun}.v1"

    @property
    def schema(self) -> str:
        """File name of its JSON Schema."""
        return f"{self.noun}.v1.json"


def naming(
    record: type[R],
    *,
    key: Callable[[R], str],
    time_ms: Callable[[R], int],
    id: Callable[[R], str] | None = None,
    headers: Callable[[R], tuple[tuple[str, bytes], ...]] = lambda _record: (),
) -> Callable[[object], Named]:
    """Say how records of one type are named.

    Args:
        record: The type.
        key: Key of the Kafka record.
        time_ms: When it happened, in ms since 1970.
        id: Names the event for ever; None is "a hash of its content".
        headers: Headers beside those of CloudEvents.

    Returns:
        What names a record; it raises StateError for a record of another type.
    """

    def named(value: object) -> Named:
        if not isinstance(value, record):
            raise StateError(f"a {type(value).__name__} is no {record.__name__}: the map names another type")
        return Named(key(value), None if id is None else id(value), int(time_ms(value)), headers(value))

    return named


class State(Protocol):
    """A stage's state: named slots, each saved by itself."""

    @property
    def slots(self) -> Mapping[str, msgspec.Struct]:
        """The slots by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What all stages have.

    Attributes:
        name: Name of the stage, in commands, metrics and the `source` of its events.
        does: What it does, in a sentence.
        reads: Topics that it reads.
        to: Topics that it may write.
    """

    name: Literal["ingest", "detect", "correlate"]
    does: str
    reads: tuple[Topic, ...]
    to: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched(Stage, Generic[L]):
    """A stage that adds raw records up, a batch of a lane at a time, and remembers clocks and feeds' habits.

    Attributes:
        lane: Makes what takes the records of a lane in and closes its batches.
    """

    lane: Callable[..., L]


def state_noun_of(stage: str) -> str:
    """Noun of the topic that holds the snapshots of a stage, by the stage's name.

    >>> state_noun_of("detect")
    'detect-state'
    """
    return f"{stage}-state"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyKeyed(Stage):
    """What all stages have that take one record at a time and keep state; each partition is worked in order.

    Attributes:
        holds_back: True: snapshots are written now and then, and outputs that are out already are thrown away
            when records are read again. False: what changed is committed with every output.
    """

    holds_back: bool

    @property
    def source(self) -> Topic:
        """The one topic that it reads."""
        return self.reads[0]

    @property
    def state_noun(self) -> str:
        """Noun of the topic that holds its snapshots, which has as many partitions as its source."""
        return state_noun_of(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed(AnyKeyed, Generic[S, R, C]):
    """A stage that keeps state, with its rules.

    Attributes:
        record: Type of what it reads.
        beginning: Makes the state of a partition that has seen nothing.
        restored: Makes the state of a partition from its slots; raises StateError for slots that cannot be.
        slot: Type of the slot with this name.
        apply: The rules: changes the state in place and answers what follows.
    """

    record: type[R]
    beginning: Callable[[int], S]
    restored: Callable[[int, Mapping[str, msgspec.Struct]], S]
    slot: Callable[[str], type[msgspec.Struct]]
    apply: Callable[[S, R, C], Effects]

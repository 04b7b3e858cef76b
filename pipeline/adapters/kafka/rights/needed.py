"""The rights that a stage needs in Kafka, as they follow from the map: what it reads, what it writes, its names.

They are the least with which everything runs. READ and WRITE imply DESCRIBE.
A transactional producer needs no right on the cluster: whoever may write to a
topic may have a producer id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.adapters.kafka.options import AgentOptions, IngestOptions
from pipeline.flow import INGEST, KEYED
from pipeline.kinds import AnyKeyed, Stage

RIGHTS_FIX = "`tocsin topics acl` prints all that each stage needs"


class Resource(StrEnum):
    """What a right is about, in Kafka's words."""

    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional-id"
    CLUSTER = "cluster"


class Operation(StrEnum):
    """What may be done with it, in Kafka's words."""

    READ = "Read"
    WRITE = "Write"
    CREATE = "Create"
    DESCRIBE = "Describe"


@dataclass(frozen=True, slots=True)
class Right:
    """One right.

    Attributes:
        operation: What may be done.
        resource: The kind of what it may be done with.
        name: Which one, with the deployment's prefix.
        is_prefix: The right is about all whose names begin so.
    """

    operation: Operation
    resource: Resource
    name: str
    is_prefix: bool = False

    def __str__(self) -> str:
        """In words, for a message.

        >>> str(Right(Operation.WRITE, Resource.TRANSACTIONAL_ID, "tocsin-ingest-1-", is_prefix=True))
        'WRITE on transactional-id tocsin-ingest-1-*'
        """
        return f"{self.operation.upper()} on {self.resource} {self.name}{'*' if self.is_prefix else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the rights of a stage are named after.

    Attributes:
        prefix: Of the deployment; before the noun of each topic.
        group: Consumer group of the stage.
        epoch: Of the raw topics.
        raw: Source to the whole names of its topics, where they are not the prefix and the source's noun.
    """

    prefix: str
    group: str
    epoch: int
    raw: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def transactional_ids(self) -> str:
        """How the transactional ids of the stage begin; the number of the lane or partition follows."""
        return f"{self.group}-{self.epoch}-"


def rights_of(stage: Stage, names: Names, *, sends_heartbeats: bool = True) -> tuple[Right, ...]:
    """All rights of a stage, each once.

    Args:
        stage: Its row of the map.
        names: Of this deployment.
        sends_heartbeats: Whether INGEST writes to its raw topics when they are quiet; not while a recording is
            played.
    """
    return tuple(dict.fromkeys(_rights(stage, names, sends_heartbeats=sends_heartbeats)))


def ingest_rights(options: IngestOptions) -> tuple[Right, ...]:
    """All rights of a process of INGEST."""
    connection = options.connection
    names = Names(prefix=connection.prefix, group=options.group, epoch=options.epoch, raw=connection.raw)
    return rights_of(INGEST, names, sends_heartbeats=options.heartbeat_seconds is not None)


def agent_rights(options: AgentOptions, stage: str) -> tuple[Right, ...]:
    """All rights of a process of a stage that keeps state, by the stage's name."""
    names = Names(prefix=options.connection.prefix, group=options.group, epoch=options.epoch)
    return rights_of(next(row for row in KEYED if row.name == stage), names)


def _rights(stage: Stage, names: Names, *, sends_heartbeats: bool) -> Iterator[Right]:
    def topic(operation: Operation, noun: str) -> Right:
        return Right(operation, Resource.TOPIC, names.prefix + noun)

    for read in stage.reads:
        for name in names.raw.get(read.noun) or (names.prefix + read.noun,):
            yield Right(Operation.READ, Resource.TOPIC, name)
            if stage is INGEST and sends_heartbeats:
                yield Right(Operation.WRITE, Resource.TOPIC, name)
    if stage is INGEST:
        yield topic(Operation.READ, INGEST.to[0].noun)  # it follows the clocks of the other processes
    for written in stage.to:
        yield topic(Operation.WRITE, written.noun)
    if isinstance(stage, AnyKeyed):
        yield topic(Operation.READ, stage.state_noun)
        yield topic(Operation.WRITE, stage.state_noun)
    yield Right(Operation.READ, Resource.GROUP, names.group)
    yield Right(Operation.WRITE, Resource.TRANSACTIONAL_ID, names.transactional_ids, is_prefix=True)

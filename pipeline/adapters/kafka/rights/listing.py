"""The rights that each user needs, and the commands of Kafka that give them.

What is printed here is what a process tries at its start; both come from the
map, so neither can know of a topic that the other does not.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping

from pipeline.adapters.kafka.options import group_of
from pipeline.adapters.kafka.rights.needed import Names, Operation, Resource, Right, rights_of
from pipeline.flow import COMMANDS, DECISIONS, FLOW, INCIDENTS, KEYED, NOTICES, QUARANTINE
from pipeline.flow import TOPICS as ALL_TOPICS

FOLLOW, ORDERS, OFFSETS, TOPICS = "follow", "orders", "offsets", "topics"
"""Beside the stages: who watches incidents with `tocsin follow`, who gives orders with `tocsin ack` and its like, who
moves offsets with `tocsin offsets`, and who makes topics with `tocsin topics create`."""


def all_rights(
    prefix: str, epoch: int, *, sends_heartbeats: bool, raw: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, tuple[Right, ...]]:
    """The rights of everybody who runs a part of Tocsin.

    Args:
        prefix: Of the deployment, before the noun of each topic and the name of each group.
        epoch: Of the raw topics, 1 or more.
        sends_heartbeats: Whether INGEST writes to quiet raw topics.
        raw: Source to the whole names of its topics, where they are not the prefix and the source's noun.

    Returns:
        The rights of each stage, by its name, then those of `follow`, `orders`, `offsets` and `topics`.
    """
    found: dict[str, tuple[Right, ...]] = {
        stage.name: rights_of(stage, names_of(stage.name, prefix, epoch, raw), sends_heartbeats=sends_heartbeats)
        for stage in FLOW
    }
    of_stages = [right for rights in found.values() for right in rights]
    made = [prefix + noun for noun in (*(topic.noun for topic in ALL_TOPICS), *(stage.state_noun for stage in KEYED))]
    found[FOLLOW] = tuple(
        Right(Operation.READ, Resource.TOPIC, prefix + heard.noun) for heard in (INCIDENTS, NOTICES, QUARANTINE)
    )
    found[ORDERS] = (
        *(
            Right(Operation.READ, Resource.TOPIC, prefix + heard.noun)
            for heard in (INCIDENTS, NOTICES, DECISIONS, QUARANTINE)
        ),
        *(
            Right(operation, Resource.TOPIC, name)
            for name in (raw or {}).get(COMMANDS.noun) or (prefix + COMMANDS.noun,)
            for operation in (Operation.READ, Operation.WRITE)
        ),
    )
    gaps = Right(Operation.WRITE, Resource.TOPIC, prefix + DECISIONS.noun)
    found[OFFSETS] = tuple(dict.fromkeys([*of_stages, gaps]))
    found[TOPICS] = tuple(
        Right(operation, Resource.TOPIC, name) for name in made for operation in (Operation.CREATE, Operation.DESCRIBE)
    )
    return found


def names_of(stage: str, prefix: str, epoch: int, raw: Mapping[str, tuple[str, ...]] | None = None) -> Names:
    """What the rights of a stage are named after.

    Args:
        stage: Its name.
        prefix: Of the deployment.
        epoch: Of the raw topics, 1 or more.
        raw: Source to the whole names of its topics, where they are not the prefix and the source's noun.
    """
    return Names(prefix=prefix, group=group_of(stage, prefix), epoch=epoch, raw=raw or {})


def by_user(rights: Mapping[str, tuple[Right, ...]], pattern: str | None, prefix: str) -> dict[str, list[Right]]:
    """The rights of each Kafka user; who shares a user shares its rights.

    Args:
        rights: By who needs them.
        pattern: Name of the user, `{stage}` standing for who it is; None names users as the stages' groups are.
        prefix: Of the deployment.
    """
    found: dict[str, dict[Right, None]] = {}
    for who, needed in rights.items():
        user = group_of(who, prefix) if pattern is None else pattern.replace("{stage}", who)
        found.setdefault(user, {}).update(dict.fromkeys(needed))
    return {user: list(needed) for user, needed in found.items()}


def kafka_acls(rights: Mapping[str, Iterable[Right]], bootstrap: str) -> Iterator[str]:
    """Commands of `kafka-acls`, which give the rights and take none.

    Args:
        rights: By the user that is to have them.
        bootstrap: Of the brokers.

    Yields:
        Lines for a shell.
    """
    for user, needed in rights.items():
        yield f"# {user}"
        for operations, resource, names, is_prefix in together(needed):
            words = ["kafka-acls.sh", "--bootstrap-server", bootstrap, "--command-config", "admin.properties"]
            words += ["--add", "--allow-principal", f"User:{user}"]
            words += [word for operation in operations for word in ("--operation", operation)]
            words += [word for name in names for word in (f"--{resource}", name)]
            words += ["--resource-pattern-type", "prefixed"] if is_prefix else []
            yield shlex.join(words)


def together(rights: Iterable[Right]) -> Iterator[tuple[tuple[Operation, ...], Resource, list[str], bool]]:
    """Rights that one command can give: the same operations on several resources of a kind."""
    operations: dict[tuple[Resource, str, bool], list[Operation]] = {}
    for right in rights:
        operations.setdefault((right.resource, right.name, right.is_prefix), []).append(right.operation)
    names: dict[tuple[tuple[Operation, ...], Resource, bool], list[str]] = {}
    for (resource, name, is_prefix), allowed in operations.items():
        names.setdefault((tuple(sorted(allowed)), resource, is_prefix), []).append(name)
    for (allowed_all, resource, is_prefix), named in names.items():
        yield allowed_all, resource, named, is_prefix

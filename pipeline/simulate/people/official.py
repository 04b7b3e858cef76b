"""What is written as planned: the operator's own posts, their reactions, and commands.

Here nothing is drawn but the reactions: the times are facts of a scenario, so
that a ledger of who spoke first can be checked against them.
"""

import math
from collections.abc import Iterator
from random import Random
from typing import Any

from pipeline.records.clocks import MINUTE_MS, Instant, format_instant
from pipeline.records.ids import content_id
from pipeline.records.truth import TrueMessage
from pipeline.simulate.seeds import generator_for, poisson
from pipeline.simulate.spec.events import CommandIn, Statement
from pipeline.simulate.world.world import Moment, Sent, World

COUNTED_AFTER_MINUTES = (5, 15, 30, 60, 120, 240)
"""When a connector looks again how often a post was liked."""
LIKES_FADE_MINUTES = 45.0
WAY_MS = 2_000
COUNTED_FIELDS = ("author", "market", "official", "operator", "platform", "post_id")


def statement_streams(world: World) -> Iterator[tuple[str, Iterator[Moment]]]:
    """Each of the operator's own posts with its later counts: a name, and the moments of its stream."""
    for number, statement in enumerate(all_statements(world)):
        yield f"mentions official {number}", _statement(world, statement)


def all_statements(world: World) -> tuple[Statement, ...]:
    """What the operators say in normal life and in outages."""
    return (*world.file.statements, *(s for outage in world.outages for s in outage.spec.statements))


def true_messages(world: World, statements: tuple[Statement, ...]) -> tuple[TrueMessage, ...]:
    """The operator's own words, as the truth holds them."""
    return tuple(
        TrueMessage(
            post_id=post_id_of(world, statement),
            operator=statement.operator,
            platform=statement.platform,
            posted_at=Instant(world.clock.instant_of(statement.at)),
            kind=statement.kind,
            text=statement.text,
        )
        for statement in statements
    )


def post_id_of(world: World, statement: Statement) -> str:
    """The post that carries a statement; the same for every seed, since it is planned."""
    return content_id(world.file.name, statement.operator, statement.at.isoformat(), statement.platform)[:12]


def _statement(world: World, statement: Statement) -> Iterator[Moment]:
    at, post_id = world.clock.instant_of(statement.at), post_id_of(world, statement)
    if not world.started_at <= at < world.ended_at:
        return
    chance = generator_for(world.seed, "mentions", "official", post_id)
    body: dict[str, Any] = {
        "author": statement.operator,
        "lang": world.file.language,
        "market": world.file.market,
        "official": True,
        "operator": statement.operator,
        "platform": statement.platform,
        "post_id": post_id,
        "posted_at": format_instant(at),
        "text": statement.text,
    }
    yield Moment(at, [Sent(at + WAY_MS, "mentions", post_id, body), *later_counts(chance, at, body, statement.likes)])


def later_counts(chance: Random, at: int, post: dict[str, Any], likes_in_the_end: int) -> list[Sent]:
    """How often a post was liked, each time that a connector looks again.

    Args:
        chance: The stream's generator.
        at: When it was posted, in milliseconds.
        post: The post.
        likes_in_the_end: What it gathers; of 0 nobody writes.
    """
    counts, likes = [], 0
    for minutes in COUNTED_AFTER_MINUTES if likes_in_the_end else ():
        then = at + minutes * MINUTE_MS
        likes = max(likes, poisson(chance, likes_in_the_end * (1 - math.exp(-minutes / LIKES_FADE_MINUTES))))
        count = {name: post[name] for name in COUNTED_FIELDS if name in post}
        count |= {"engagement": {"likes": likes, "replies": likes // 3, "reposts": likes // 5}}
        count |= {"kind": "engagement", "posted_at": format_instant(then)}
        if likes:
            counts.append(Sent(then + WAY_MS, "mentions", post["post_id"], count))
    return counts


def command_stream(world: World) -> Iterator[Moment]:
    """The commands of a scenario, in order of time."""
    for number, command in enumerate(sorted(world.file.commands, key=lambda command: command.at)):
        at = world.clock.instant_of(command.at)
        if world.started_at <= at < world.ended_at:
            yield Moment(at, [Sent(at, "commands", command.target, _command(world, command, number))])


def _command(world: World, command: CommandIn, number: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "by": command.by,
        "command_id": content_id(world.file.name, "command", number)[:12],
        "kind": command.kind,
        "market": world.file.market,
        "target": command.target,
    }
    for name in ("operator", "area", "service", "reason", "team", "note"):
        if (value := getattr(command, name)) is not None:
            body[name] = value
    for name in ("starts_at", "until"):
        if (moment := getattr(command, name)) is not None:
            body[name] = format_instant(world.clock.instant_of(moment))
    return body

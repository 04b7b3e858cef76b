"""Threads: a post that draws replies and reposts, in an outage or for no reason at all."""

from collections.abc import Iterator

from pipeline.records.clocks import MINUTE_MS
from pipeline.simulate.people.official import later_counts
from pipeline.simulate.people.posts import Poster
from pipeline.simulate.spec.events import Thread
from pipeline.simulate.spec.scenario import AreaIn, Mentions
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.world import Moment, World

FIRST_ANSWER_MS = 20_000


def thread_streams(world: World, mentions: Mentions) -> Iterator[tuple[str, Iterator[Moment]]]:
    """All threads of a world, and how often their roots were liked: a name, and the moments of its stream."""
    threads: list[tuple[str, Thread, Outage | None]] = [
        (f"{outage.spec.id} {number}", thread, outage)
        for outage in world.outages
        for number, thread in enumerate(outage.spec.threads)
    ]
    threads += [(str(number), thread, None) for number, thread in enumerate(world.file.threads)]
    for name, thread, outage in threads:
        area = _footprint(world, thread)
        if area is not None and world.started_at <= world.clock.instant_of(thread.at) < world.ended_at:
            yield (
                f"mentions thread {name}",
                _spread(Poster(world, mentions, "thread", name), world, thread, area, outage),
            )


def _footprint(world: World, thread: Thread) -> AreaIn | None:
    """Where it is written: by a customer of the operator named, or else of anyone there."""
    here = [area for area in world.file.areas if area.id == thread.area]
    named = [area for area in here if area.operator == (thread.operator or world.primary)]
    return next(iter(named or here), None)


def _crowd(world: World, thread: Thread, area: AreaIn) -> tuple[list[AreaIn], list[int]]:
    """Who answers: people of the place; if someone wrote whom many follow, the operator's customers everywhere."""
    if thread.author is None:
        return [area], [area.people]
    return world.customers_of(area.operator)


def _spread(poster: Poster, world: World, thread: Thread, area: AreaIn, outage: Outage | None) -> Iterator[Moment]:
    chance, start = poster.chance, world.clock.instant_of(thread.at)
    root = poster.write(area, start, f"{thread.kind}_root", outage=outage)
    root = poster.found(area, root | {"platform": thread.platform})
    if thread.author is not None:
        root["author"] = thread.author
    yield Moment(start, poster.sent(start, root) + later_counts(chance, start, root, thread.likes))
    steps = ["reply"] * thread.replies + ["repost"] * thread.reposts
    chance.shuffle(steps)
    times = sorted(start + FIRST_ANSWER_MS + round(chance.expovariate(1 / thread.minutes) * MINUTE_MS) for _ in steps)
    areas, people = _crowd(world, thread, area)
    for at, step in zip(times, steps, strict=True):
        where = chance.choices(areas, people)[0]
        if step == "repost":
            body = poster.repost(where, at, root)
        else:
            body = poster.write(where, at, f"{thread.kind}_reply", outage=outage)
            body = poster.found(where, body | {"platform": thread.platform, "in_reply_to": root["post_id"]})
        yield Moment(at, poster.sent(at, body))

"""Mentions: public posts, in normal life and when something breaks.

Normal life, an outage, a healthy operator that is blamed, and a crowd that
has something to say: each writes a stream of its own, so that taking one out
of a world leaves all others as they were, to the byte.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.ids import content_id
from pipeline.simulate.people.crowd import Crowd
from pipeline.simulate.people.everyday import everyday_times
from pipeline.simulate.people.posts import Poster
from pipeline.simulate.people.talk import Topics
from pipeline.simulate.people.threads import thread_streams
from pipeline.simulate.seeds import pick, poisson
from pipeline.simulate.spec.events import Collateral, Planted
from pipeline.simulate.spec.scenario import AreaIn, Mentions
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.surges import SurgeInTime
from pipeline.simulate.world.world import Moment, Sent, World

REPOST_MINUTES = 8.0
Streams = Iterator[tuple[str, Iterator[Moment]]]


def mention_streams(world: World, mentions: Mentions) -> Streams:
    """All posts of a world: a name, and the moments of its stream."""
    for area in world.file.areas:
        yield f"mentions {area.operator} {area.id}", _everyday(world, mentions, area)
    for outage in world.outages:
        yield from _outage_streams(world, mentions, outage)
    for surge in world.surges:
        if surge.spec.posts:
            yield f"mentions surge {surge.spec.id}", _surge(world, mentions, surge)
    yield from thread_streams(world, mentions)


def _outage_streams(world: World, mentions: Mentions, outage: Outage) -> Streams:
    name = f"mentions outage {outage.spec.id}"
    for area in world.hit_by(outage):
        yield f"{name} {area.operator} {area.id}", _reaction(world, mentions, outage, area)
    for collateral in outage.spec.collateral:
        yield f"{name} collateral {collateral.operator}", _collateral(world, mentions, outage, collateral)
    for number, planted in enumerate(outage.spec.planted):
        if planted.source == "mentions":
            yield f"{name} planted {number}", _planted(world, mentions, outage, planted, number)


def _everyday(world: World, mentions: Mentions, area: AreaIn) -> Iterator[Moment]:
    poster = Poster(world, mentions, "everyday", area.operator, area.id)
    kinds = tuple((kind.kind, kind.per_hour) for kind in mentions.everyday)
    services = tuple((name, float(count)) for name, count in area.customers.items())
    per_hour = sum(rate for _, rate in kinds) * mentions.share * area.people / world.people
    for hour, times in everyday_times(world, poster.chance, mentions.rhythm, per_hour, mentions.burst_k):
        records: list[Sent] = []
        for at in times:
            kind = pick(poster.chance, kinds)
            body = poster.write(area, at, kind, poster.service(services))
            records += poster.with_reposts(area, at, body, REPOST_MINUTES)
        yield Moment(hour, records)


def _reaction(world: World, mentions: Mentions, outage: Outage, area: AreaIn) -> Iterator[Moment]:
    """What those who are hit write of an outage."""
    spec = outage.spec
    poster = Poster(world, mentions, "outage", spec.id, area.operator, area.id)
    chance, services = poster.chance, tuple(spec.services.items())
    topics, crowd = Topics(world.clock, spec.talk, spec.speaks), Crowd(outage, area, mentions.reaction)
    for minute in world.within(crowd.minutes()):
        voices = crowd.voices(minute, world.busy(mentions.rhythm, minute))
        expected = voices.complaints + voices.recoveries
        records: list[Sent] = []
        for _ in range(poisson(chance, expected * mentions.share)):
            at = minute + chance.randrange(MINUTE_MS)
            back = chance.random() * expected < voices.recoveries
            kind = "recovery" if back else topics.draw(chance, at)
            body = poster.write(area, at, kind, poster.service(services), outage, spec.blamed)
            records += poster.with_reposts(area, at, body, REPOST_MINUTES)
        if records:
            yield Moment(minute, records)


def _collateral(world: World, mentions: Mentions, outage: Outage, collateral: Collateral) -> Iterator[Moment]:
    """Customers of a healthy operator who complain of it: as many as a share of those who are down."""
    poster = Poster(world, mentions, "outage", outage.spec.id, "collateral", collateral.operator)
    chance = poster.chance
    healthy, people = world.customers_of(collateral.operator)
    down = tuple(sorted({operator for operator, _ in outage.footprints}))
    crowds = [Crowd(outage, area, mentions.reaction) for area in world.hit_by(outage)]
    for minute in world.within(crowds[0].minutes()) if crowds and healthy else ():
        busy = world.busy(mentions.rhythm, minute)
        complaints = sum(crowd.voices(minute, busy).complaints for crowd in crowds)
        records: list[Sent] = []
        for _ in range(poisson(chance, complaints * collateral.share * mentions.share)):
            at, area = minute + chance.randrange(MINUTE_MS), chance.choices(healthy, people)[0]
            body = poster.write(area, at, collateral.kind, outage=outage, others=down)
            records += poster.with_reposts(area, at, body, REPOST_MINUTES)
        if records:
            yield Moment(minute, records)


def _planted(world: World, mentions: Mentions, outage: Outage, planted: Planted, number: int) -> Iterator[Moment]:
    poster = Poster(world, mentions, "outage", outage.spec.id, "planted", str(number))
    for at, area in world.planted(poster.chance, outage, planted):
        body = poster.write(area, at, planted.kind, planted.service or "", outage, outage.spec.blamed)
        yield Moment(at, poster.sent(at, body))


def _surge(world: World, mentions: Mentions, surge: SurgeInTime) -> Iterator[Moment]:
    """What a crowd writes, or a few accounts that nobody has seen before."""
    spec = surge.spec
    poster = Poster(world, mentions, "surge", spec.id)
    chance, kinds = poster.chance, tuple(spec.posts.items())
    areas, people = world.customers_of(surge.operator, spec.where)
    others = world.speakers.others(surge.operator)
    about = (chance.choice(others),) if others else ()
    latest: dict[str, Any] | None = None
    for minute in world.within(surge.minutes()) if areas else ():
        records: list[Sent] = []
        expected = sum(spec.posts.values()) / 60 * surge.level(minute + MINUTE_MS // 2) * mentions.share
        for at in sorted(minute + chance.randrange(MINUTE_MS) for _ in range(poisson(chance, expected))):
            area = chance.choices(areas, people)[0]
            if latest is not None and chance.random() < spec.reposts:
                body = poster.repost(area, at, latest)
            else:
                body = poster.write(area, at, pick(chance, kinds), others=about)
                if spec.hashtag is not None:
                    tagged = f"{body['text']} #{spec.hashtag.removeprefix('#')}"
                    body = poster.found(area, body | {"text": tagged})
                latest = body
            if spec.writers:
                body["author"] = content_id(world.seed, "account", spec.id, chance.randrange(spec.writers))[:12]
            records += poster.sent(at, body)
        if records:
            yield Moment(minute, records)

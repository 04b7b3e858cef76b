"""Mentions: public posts of an area, in normal life and when something breaks.

Normal life is negative binomial, with a factor drawn each hour: quiet weeks
have bursts of their own. In an outage people complain first and talk about
other things later; a rumour spreads as a thread of replies and reposts.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from pipeline.records.clocks import format_instant
from pipeline.records.ids import content_id
from pipeline.simulate.crowd import Crowd, Voices
from pipeline.simulate.events import Thread
from pipeline.simulate.outage import MINUTE_MS
from pipeline.simulate.scenario import AreaIn, Mentions
from pipeline.simulate.seeds import burst_factor, delay_ms, generator_for, pick, poisson
from pipeline.simulate.talk import topic_of
from pipeline.simulate.world import Moment, Sent, World, slug_of

WRITERS_SHARE = 0.04
"""Share of the customers who ever post; some of them often."""
REPOST_MINUTES = 8.0
STRANGERS = frozenset({"rival", "other_company", "offtopic"})
"""Kinds that the operator's own search does not find: a search by place does."""


class Poster:
    """Writes the posts of one stream: ids, authors, and the way to Kafka."""

    def __init__(self, world: World, mentions: Mentions, area: AreaIn, stream: str) -> None:
        self._world, self._mentions, self.area = world, mentions, area
        self.chance = generator_for(world.seed, "mentions", stream, area.id)
        self._place_shares = {platform.name: platform.place_share for platform in mentions.platforms}
        self._weights: dict[str, tuple[tuple[str, float], ...]] = {}
        self._stream = stream
        self._number = 0

    def author(self) -> str:
        """Someone of the area; a few write much."""
        writers = max(1, round(self.area.people * WRITERS_SHARE))
        return f"{slug_of(self.area.id)}{int(writers * self.chance.random() ** 2)}"

    def platform(self, kind: str) -> str:
        """Where a text of this kind is posted."""
        weights = self._weights.get(kind)
        if weights is None:
            taken = [each for each in self._mentions.platforms if not each.kinds or kind in each.kinds]
            weights = self._weights[kind] = tuple((each.name, each.weight) for each in taken)
        return pick(self.chance, weights)

    def write(self, at: int, kind: str, service: str = "", words: str = "") -> dict[str, Any]:
        """A post of a person of the area; `words` is the pool of its text, if it is not that of its kind."""
        speaker = self._world.speaker(self.chance, self.area, at)
        text = self._world.wording.say(self.chance, "mentions", words or kind, speaker, service)
        body = self.post(at, kind, text, self.platform(kind))
        if self.chance.random() < self._place_shares.get(body["platform"], 0.0):
            body["place"] = self.chance.choice(speaker.spellings)
        return body

    def post(self, at: int, kind: str, text: str, platform: str) -> dict[str, Any]:
        """A post as a connector hands it over."""
        self._number += 1
        body: dict[str, Any] = {
            "author": self.author(),
            "lang": self._world.file.language,
            "market": self._world.file.market,
        }
        if kind not in STRANGERS:
            body["operator"] = self.area.operator
        body["platform"] = platform
        body["post_id"] = content_id(self._world.seed, self._stream, self.area.id, self._number)[:12]
        body["posted_at"] = format_instant(at)
        body["text"] = text
        return body

    def sent(self, at: int, body: dict[str, Any]) -> list[Sent]:
        """The post on its way, and at times the same again."""
        delays, chance = self._mentions.delay, self.chance
        arrival = at + delay_ms(chance, delays.median_ms, delays.spread, delays.max_ms)
        records = [Sent(arrival, "mentions", body["post_id"], body)]
        if chance.random() < self._mentions.duplicates:
            again = arrival + delay_ms(chance, delays.median_ms, delays.spread, delays.max_ms)
            records.append(Sent(again, "mentions", body["post_id"], body))
        return records

    def repost(self, at: int, original: dict[str, Any]) -> dict[str, Any]:
        """Someone else's words once more."""
        body = self.post(at, "", original["text"], original["platform"])
        return body | {"repost_of": original["post_id"]}


def mention_streams(world: World, mentions: Mentions) -> Iterator[tuple[str, Iterator[Moment]]]:
    """All posts of a world: a name, and the moments of its stream."""
    for area in world.file.areas:
        yield f"mentions {area.id}", _talk(world, mentions, area)
    areas = {area.id: area for area in world.file.areas}
    for outage in world.outages:
        for number, thread in enumerate(outage.spec.threads):
            name = f"thread {outage.spec.id} {number}"
            yield f"mentions {name}", _spread(world, thread, Poster(world, mentions, areas[thread.area], name))


def _talk(world: World, mentions: Mentions, area: AreaIn) -> Iterator[Moment]:
    poster = Poster(world, mentions, area, "posts")
    chance, rhythm = poster.chance, world.rhythms[mentions.rhythm]
    crowd = Crowd(world, area, mentions.reaction)
    kinds = tuple((each.kind, each.per_hour) for each in mentions.everyday)
    usual_mean = sum(each.per_hour for each in mentions.everyday) / 60 * area.people / world.people
    bursts = 1.0
    for minute in world.minutes():
        if minute % 3_600_000 == 0:
            bursts = burst_factor(chance, mentions.burst_k)
        busy = rhythm.at(minute)
        usual = usual_mean * busy * bursts
        voices = crowd.voices(minute, busy)
        count = poisson(chance, (usual + voices.complaints + voices.recoveries) * mentions.share)
        records: list[Sent] = []
        for _ in range(count):
            at = minute + chance.randrange(MINUTE_MS)
            kind = _kind(world, chance, kinds, usual, voices, at)
            body = poster.write(at, kind, _service(world, mentions, area, chance, at))
            records += poster.sent(at, body)
            if chance.random() < mentions.reposts:
                again = at + 1_000 + round(chance.expovariate(1 / REPOST_MINUTES) * MINUTE_MS)
                records += poster.sent(again, poster.repost(again, body))
        if records:
            yield Moment(minute, records)


def _kind(
    world: World, chance: Random, kinds: tuple[tuple[str, float], ...], usual: float, voices: Voices, at: int
) -> str:
    part = chance.random() * (usual + voices.complaints + voices.recoveries)
    if part < usual:
        return pick(chance, kinds)
    if part < usual + voices.recoveries:
        return "recovery"
    return topic_of(world, chance, [outage.spec.talk for outage in world.outages], at, "complaint")


def _service(world: World, mentions: Mentions, area: AreaIn, chance: Random, at: int) -> str:
    """The service that a post names, or none."""
    if chance.random() >= mentions.named_service:
        return ""
    for outage in world.outages:
        if outage.hit(area.operator, area.id, at) > 0:
            return pick(chance, tuple(outage.spec.services.items()))
    return pick(chance, tuple((name, float(count)) for name, count in area.customers.items()))


def _spread(world: World, thread: Thread, poster: Poster) -> Iterator[Moment]:
    """A post with its replies and reposts, and reposts of the replies."""
    chance, start = poster.chance, world.clock.instant_of(thread.at)
    if not world.started_at <= start < world.ended_at:
        return
    root = poster.write(start, thread.kind, words=f"{thread.kind}_root") | {"platform": thread.platform}
    yield Moment(start, poster.sent(start, root))
    steps = ["reply"] * thread.replies + ["repost"] * thread.reposts
    chance.shuffle(steps)
    times = sorted(start + 20_000 + round(chance.expovariate(1 / thread.minutes) * MINUTE_MS) for _ in steps)
    for at, step in zip(times, steps, strict=True):
        if step == "repost":
            body = poster.repost(at, root)
        else:
            body = poster.write(at, thread.kind, words=f"{thread.kind}_reply")
            body |= {"platform": thread.platform, "in_reply_to": root["post_id"]}
        yield Moment(at, poster.sent(at, body))
